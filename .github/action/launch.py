"""Starts vwmp-release for the action: an environment of its own, then the inputs as a command line.

Standard library only. Every input arrives as an environment variable `VWMP_INPUT_*`, never as text in a script.
"""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, NoReturn

_COMMANDS = ("run", "plan", "check", "version", "graph")
_NAMED = (
    "command", "workflow", "bump", "version", "summary", "parameters", "config", "working-directory", "dry-run",
    "strict", "token", "git-user-name", "git-user-email", "push", "python",
)  # fmt: skip
_RELEASING = frozenset({"run", "plan"})
_TAKES = {
    "workflow": _RELEASING | {"graph"},
    "bump": _RELEASING | {"version"},
    "version": _RELEASING,
    "summary": _RELEASING,
    "parameters": _RELEASING,
    "strict": _RELEASING,
    "push": _RELEASING,
    "dry-run": _RELEASING,
}
"""The commands that an input has a meaning for; the others fit all of them."""
_BOT = ("github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com")
_FALLBACK_TOKEN = "VWMP_JOB_TOKEN"  # noqa: S105 - the variable's name
Inputs = Mapping[str, str]
GitConfig = Callable[..., str]


class Call(NamedTuple):
    """What to start: arguments after the program's name, its environment and its folder."""

    args: list[str]
    env: dict[str, str]
    folder: Path


class InputError(Exception):
    """An input cannot be used; the message names it and says what would be right."""


def read_inputs(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the named inputs that were given, without surrounding white space.

    Args:
        environ: The step's environment.
    """
    found = {name: environ.get(_variable(name), "").strip() for name in _NAMED}
    return {name: value for name, value in found.items() if value}


def arguments(inputs: Inputs) -> list[str]:
    """Return the command line that the inputs ask for.

    Args:
        inputs: The given inputs, by name.

    Raises:
        InputError: A value is unknown, or has no meaning for the command.
    """
    command = inputs.get("command", "run")
    if command not in _COMMANDS:
        raise InputError(f"the input 'command' must be one of {', '.join(_COMMANDS)}, got '{command}'")
    for name, takers in _TAKES.items():
        if name in inputs and command not in takers and inputs[name].lower() != _QUIET.get(name):
            raise InputError(f"the input '{name}' has no meaning for the command '{command}'")
    args = ["plan" if _flag(inputs, "dry-run", default=False) and command == "run" else command]
    args += [f"--{name}={inputs[name]}" for name in ("config", "bump", "version", "summary") if name in inputs]
    for name, value in _parameters(inputs.get("parameters", "")):
        args += ["-p", f"{name}={value}"]
    if _flag(inputs, "strict", default=False):
        args.append("--strict")
    if not _flag(inputs, "push", default=True):
        args.append("--no-push")
    if "workflow" in inputs:
        args.append(_positional(inputs["workflow"]))
    return args


_QUIET = {"dry-run": "false", "strict": "false", "push": "true"}
"""The values that switch nothing on, so that any command may be given them."""


def environment(environ: Mapping[str, str], inputs: Inputs, git_config: GitConfig) -> dict[str, str]:
    """Return the environment of the program: without the named inputs, with identity and token.

    Args:
        environ: The step's environment.
        inputs: The given inputs, by name.
        git_config: Asks `git config` in the working directory and returns its answer, empty for none.
    """
    handled = {_variable(name) for name in _NAMED} | {_FALLBACK_TOKEN}
    env = {key: value for key, value in environ.items() if key not in handled}
    for what, name, standard in zip(("name", "email"), ("git-user-name", "git-user-email"), _BOT, strict=True):
        value = inputs.get(name, "")
        if not value and not git_config(f"user.{what}"):
            value = standard
        for role in ("AUTHOR", "COMMITTER"):
            variable = f"GIT_{role}_{what.upper()}"
            if value and (name in inputs or variable not in env):
                env[variable] = value
    _authenticate(env, inputs.get("token", ""), environ.get(_FALLBACK_TOKEN, ""), git_config)
    return env


def _authenticate(env: dict[str, str], given: str, fallback: str, git_config: GitConfig) -> None:
    """Give the token to the program and to its git calls.

    The job's own token is given to git only where the checkout left no credentials: a checkout with a personal or
    app token, whose pushes start other workflows, keeps it.
    """
    token = given or fallback
    if not token:
        return
    env["GITHUB_TOKEN"] = token
    server = env.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/") + "/"
    if not given and git_config("--get-urlmatch", "http.extraheader", server):
        return
    secret = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    print(f"::add-mask::{secret}", flush=True)
    count = int(env.get("GIT_CONFIG_COUNT") or 0)
    # The empty value drops the header of the checkout: two of them are refused by the server.
    for value in ("", f"AUTHORIZATION: basic {secret}"):
        env[f"GIT_CONFIG_KEY_{count}"] = f"http.{server}.extraheader"
        env[f"GIT_CONFIG_VALUE_{count}"] = value
        count += 1
    env["GIT_CONFIG_COUNT"] = str(count)


def plan_call(environ: Mapping[str, str], git_config: Callable[[Path], GitConfig]) -> Call:
    """Translate the step's environment into a call of the program.

    Args:
        environ: The step's environment.
        git_config: Makes the function that asks `git config` in a folder.

    Raises:
        InputError: An input cannot be used.
    """
    inputs = read_inputs(environ)
    folder = Path(environ.get("GITHUB_WORKSPACE", ".")) / inputs.get("working-directory", ".")
    if not folder.is_dir():
        raise InputError(f"the input 'working-directory' names no folder: '{inputs.get('working-directory', folder)}'")
    return Call(arguments(inputs), environment(environ, inputs, git_config(folder)), folder)


def install(environ: Mapping[str, str]) -> Path:
    """Install the program from the action's own folder and return the interpreter that has it.

    A second step of the same job finds it installed.

    Args:
        environ: The step's environment.
    """
    source = environ["GITHUB_ACTION_PATH"]
    folder = Path(environ["RUNNER_TEMP"]) / "vwmp-release"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp, mark = folder / "installed-from", f"{source}\n{sys.version}\n"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == mark:
        return python
    print("::group::Install vwmp-release", flush=True)
    venv.create(folder, clear=True, with_pip=True, symlinks=os.name != "nt")
    options = ["--quiet", "--disable-pip-version-check", "--no-input"]
    subprocess.run([python, "-I", "-m", "pip", "install", *options, source], check=True)
    print("::endgroup::", flush=True)
    stamp.write_text(mark, encoding="utf-8")
    return python


def main() -> NoReturn:
    """Install the program and become it; a wrong input ends with status 2."""
    try:
        call = plan_call(os.environ, _asker)
        python = install(os.environ)
    except InputError as error:
        print(f"::error title=vwmp-release::{escape(str(error))}")
        sys.exit(2)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"::error title=vwmp-release::{escape(f'cannot be installed: {error}')}")
        sys.exit(1)
    sys.stdout.flush()
    # Isolated: nothing in the user's repository can stand in for a module of the program.
    argv = [str(python), "-I", "-m", "vwmp_release", *call.args]
    os.chdir(call.folder)
    if os.name == "nt":  # there, a replaced process would end the step at once
        sys.exit(subprocess.run(argv, env=call.env, check=False).returncode)
    os.execve(python, argv, call.env)  # a cancelled job's signal reaches the program itself  # noqa: S606


def escape(text: str) -> str:
    """Return text as the data of a workflow command, so that it stays one line and no command of its own.

    Args:
        text: Any text.
    """
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A").replace("##[", "## [")


def _variable(name: str) -> str:
    return "VWMP_INPUT_" + name.upper().replace("-", "_")


def _flag(inputs: Inputs, name: str, *, default: bool) -> bool:
    value = inputs.get(name, str(default)).lower()
    if value not in {"true", "false"}:
        raise InputError(f"the input '{name}' must be true or false, got '{inputs[name]}'")
    return value == "true"


def _parameters(text: str) -> list[tuple[str, str]]:
    pairs = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        name, equals, value = line.strip().partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z_][\w.-]*", name.strip(), re.ASCII):
            raise InputError(f"line {number} of the input 'parameters' is not NAME=VALUE: '{line.strip()}'")
        pairs.append((name.strip(), value.strip()))
    return pairs


def _positional(workflow: str) -> str:
    if workflow.startswith("-"):
        raise InputError(f"the input 'workflow' must be a workflow's name, got '{workflow}'")
    return workflow


def _asker(folder: Path) -> GitConfig:
    def ask(*args: str) -> str:
        done = subprocess.run(["git", "config", *args], cwd=folder, capture_output=True, check=False)  # noqa: S607
        return done.stdout.decode("utf-8", "replace").strip()

    return ask


if __name__ == "__main__":
    main()
