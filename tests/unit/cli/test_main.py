"""The entry, the table of commands and the shared options."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from vwmp_release import __version__
from vwmp_release.cli.main import COMMANDS, _program

LOADED = """
import sys
from vwmp_release.__main__ import main
status = main({!r})
print(sorted(sys.modules))
sys.exit(status)
"""


def loaded(child: Callable[..., Any], arguments: list[str]) -> tuple[Any, set[str]]:
    """Return a finished call and the modules that it loaded beyond those of a bare interpreter."""
    bare = set(child(code="import sys; print(sorted(sys.modules))").out.strip("[]\n").replace("'", "").split(", "))
    done = child(code=LOADED.format(arguments))
    *_, last = done.out.strip().splitlines()
    return done, set(last.strip("[]").replace("'", "").split(", ")) - bare


def test_version_loads_nothing(child: Callable[..., Any]) -> None:
    """`--version` imports the package and its entry, nothing else."""
    done, modules = loaded(child, ["--version"])
    assert done.out.splitlines()[0] == f"vwmp-release {__version__}"
    assert modules == {"vwmp_release", "vwmp_release.__main__"}


def test_lint_message_loads_neither_click_nor_yaml(child: Callable[..., Any], tmp_path: Path) -> None:
    """The hook's way imports no third-party package and no engine, also with findings."""
    (tmp_path / "good").write_text("feat: add x\n")
    (tmp_path / "bad").write_text("add x\n")
    for name, status in (("good", 0), ("bad", 1)):
        done, modules = loaded(child, ["lint-message", name])
        assert done.status == status
        roots = {module.partition(".")[0] for module in modules}
        assert not roots & {"click", "yaml", "rich", "git", "jsonschema", "semver"}
        assert not {module for module in modules if module.startswith(("vwmp_release.core.", "vwmp_release.app"))}


def test_help_loads_no_engine(child: Callable[..., Any]) -> None:
    """`--help` knows its commands without importing them."""
    done, modules = loaded(child, ["--help"])
    assert done.status == 0
    assert not modules & {"vwmp_release.app", "vwmp_release.cli.run", "yaml", "rich", "git", "jsonschema", "json"}
    for name in COMMANDS:
        assert f"  {name} " in done.out


@pytest.mark.parametrize("arguments", [["--version"], ["-q", "--version"], ["--no-color", "--version"]])
def test_version_option(call: Callable[..., Any], arguments: list[str]) -> None:
    """`--version` prints name and version, among other options too."""
    done = call(*arguments)
    assert (done.status, done.out) == (0, f"vwmp-release {__version__}\n")


def all_commands() -> list[list[str]]:
    """Return the words of every command and sub-command."""
    program = _program()
    assert isinstance(program, click.Group)
    found: list[list[str]] = [[]]
    for name in COMMANDS:
        command = program.get_command(click.Context(program), name)
        found.append([name])
        if isinstance(command, click.Group):
            found += [[name, child] for child in command.commands]
    return found


@pytest.mark.parametrize("words", all_commands(), ids=" ".join)
def test_every_help_has_examples_and_shared_options(call: Callable[..., Any], words: list[str]) -> None:
    """Each command explains itself, with examples, outside any repository."""
    done = call(*words, "--help")
    assert done.status == 0
    assert "Examples:" in done.out
    for option in ("--config FILE", "-C DIR", "--json", "--quiet", "--verbose", "--no-color"):
        assert option in done.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rum"], "did you mean 'run'?"),
        (["graph", "--bumb"], "No such option"),
        (["-C"], "requires an argument"),
        (["config", "shwo"], "No such command"),
        ([], "Usage: vwmp-release"),
    ],
)
def test_usage_errors(call: Callable[..., Any], arguments: list[str], said: str) -> None:
    """A wrong command line ends with 2, words on standard error and nothing on standard output."""
    done = call(*arguments)
    assert (done.status, done.out) == (2, "")
    assert said in done.err


def test_usage_error_as_json(call: Callable[..., Any]) -> None:
    """With --json a usage error is one document too."""
    done = call("rum", "--json")
    assert done.status == 2
    assert (done.json["kind"], done.json["code"], done.json["exit_status"]) == ("error", "usage", 2)


@pytest.mark.parametrize(
    "arguments",
    [
        ["-C", "sub", "--config", "c.yaml", "--json", "graph"],
        ["graph", "-C", "sub", "--config", "c.yaml", "--json"],
        ["-C", "other", "--json", "graph", "-C", "sub", "--config", "c.yaml"],
    ],
)
def test_shared_options_before_and_after(call: Callable[..., Any], engine: Any, arguments: list[str]) -> None:
    """Shared options count before and after the command's name; the later one wins."""
    done = call(*arguments)
    assert done.status == 0
    assert done.json["kind"] == "graph"
    assert engine.requests[0].directory == Path("sub")
    assert engine.requests[0].config_file == Path("c.yaml")


def test_entry_without_arguments(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The console script takes the process's own arguments."""
    from vwmp_release.__main__ import main

    monkeypatch.setattr("sys.argv", ["vwmp-release", "--version"])
    assert main() == 0
    assert capsys.readouterr().out == f"vwmp-release {__version__}\n"


def test_shell_completion(child: Callable[..., Any]) -> None:
    """click's completion names commands by their beginning."""
    env = {"_VWMP_RELEASE_COMPLETE": "bash_complete", "COMP_WORDS": "vwmp-release pl", "COMP_CWORD": "1"}
    assert child(env=env).out.split() == ["plain,plan", "plain,plugins"]
