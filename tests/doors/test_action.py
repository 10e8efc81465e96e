"""The action: its definition, its workflows, and the launcher that turns inputs into a command line."""

from __future__ import annotations

import base64
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from vwmp_release.report.github_outputs import outputs
from vwmp_release.report.summary import Report

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
INPUTS = [
    "command", "workflow", "bump", "version", "summary", "parameters", "config", "working-directory", "dry-run",
    "strict", "token", "git-user-name", "git-user-email", "push", "python",
]  # fmt: skip
OUTPUTS = [
    "status", "released", "version", "previous-version", "tag", "bump", "commit-sha", "notes", "notes-file",
    "plan-file", "report-file", "json", "release_created", "tag_name", "major", "minor", "patch",
    "new_release_published", "new_release_version", "new_release_git_tag",
]  # fmt: skip


def _environ(**inputs: str) -> dict[str, str]:
    return {f"VWMP_INPUT_{name.upper()}": value for name, value in inputs.items()}


def _configured(*args: str) -> str:
    """Stand in for `git config` of a repository with an identity and without credentials."""
    return "set" if args[0].startswith("user.") else ""


class TestDefinition:
    """The files that GitHub reads."""

    def test_action_fits_schema(self, lint: Callable[..., Any]) -> None:
        """GitHub's schema for actions accepts action.yml."""
        done = lint("check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml")
        assert done.code == 0, str(done)

    @pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
    def test_workflow_fits_schema(self, lint: Callable[..., Any], path: Path) -> None:
        """GitHub's schema for workflows accepts the workflow."""
        done = lint("check-jsonschema", "--builtin-schema", "vendor.github-workflows", str(path))
        assert done.code == 0, str(done)

    def test_workflows_lint(self, lint: Callable[..., Any]) -> None:
        """The linter for workflows, which knows the inputs and outputs of `uses: ./`, finds nothing."""
        done = lint("actionlint", *map(str, WORKFLOWS))
        assert done.code == 0, str(done)

    def test_composite_steps_lint(self, lint: Callable[..., Any], action: Any) -> None:
        """The same linter finds nothing in the steps of the action, read as the one job of a called workflow."""
        assert _lint_steps(lint, action).code == 0

    def test_composite_lint_sees_mistakes(self, lint: Callable[..., Any], action: Any) -> None:
        """An input that does not exist and an unquoted variable in a script are found, so the check above is one."""
        step = action["runs"]["steps"][0]
        wrong = {**step, "env": {"X": "${{ inputs.versoin }}"}, "run": "rm $X\n"}
        done = _lint_steps(lint, {**action, "runs": {"steps": [wrong]}})
        assert done.code != 0
        assert "versoin" in done.out
        assert "SC2086" in done.out

    def test_no_security_findings(self, lint: Callable[..., Any]) -> None:
        """The auditor of actions finds nothing in its pedantic mode."""
        done = lint("zizmor", "--offline", "--no-progress", "--persona", "pedantic", ".")
        assert done.code == 0, str(done)

    def test_inputs_and_outputs(self, action: Any) -> None:
        """The action has exactly the promised inputs, and at least the promised outputs."""
        assert list(action["inputs"]) == INPUTS
        assert set(OUTPUTS) <= set(action["outputs"])

    def test_every_output_is_passed_on(self, action: Any) -> None:
        """The action has every output that the program writes, and reads none that it does not write."""
        written = set(outputs(Report()))
        values = {name: output["value"] for name, output in action["outputs"].items()}
        read = {name for value in values.values() for name in re.findall(r"steps\.vwmp\.outputs\.([\w-]+)", value)}
        assert read <= written
        assert {name for name in written if f"steps.vwmp.outputs.{name}" not in values.get(name, "")} == set()

    def test_every_input_reaches_the_launcher(self, action: Any, launch: ModuleType) -> None:
        """Every input is handed on through the environment, under the name that the launcher reads."""
        env = action["runs"]["steps"][0]["env"]
        assert list(launch._NAMED) == INPUTS
        for name in INPUTS:
            assert env[f"VWMP_INPUT_{name.upper().replace('-', '_')}"] == f"${{{{ inputs.{name} }}}}"

    @pytest.mark.parametrize("path", [ROOT / "action.yml", *WORKFLOWS], ids=lambda path: path.name)
    def test_no_expression_in_a_script(self, path: Path) -> None:
        """No script of the action or a workflow has text pasted into it."""
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        jobs = document.get("jobs") or {"action": document.get("runs")}
        scripts = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
        assert scripts or path.name == "release.yml"
        assert [script for script in scripts if "${{" in script] == []

    @pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
    def test_least_privilege(self, path: Path) -> None:
        """Other people's actions are pinned by commit, checkouts keep no credentials, a workflow has no permissions."""
        text = path.read_text(encoding="utf-8")
        document = yaml.safe_load(text)
        used = re.findall(r"uses: (\S+)(.*)", text)
        assert [name for name, note in used if not re.fullmatch(r"\./|[\w-]+/[\w-]+@[0-9a-f]{40}", name)] == []
        assert [name for name, note in used if "@" in name and not re.fullmatch(r" # v\d+\.\d+\.\d+", note)] == []
        steps = [step for job in document["jobs"].values() for step in job["steps"]]
        checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
        assert all(step["with"]["persist-credentials"] is False for step in checkouts)
        assert document["permissions"] == {}
        assert all("permissions" in job for job in document["jobs"].values())


def _lint_steps(lint: Callable[..., Any], action: Any) -> Any:
    """Lint composite steps, which actionlint does not read: the same steps as a reusable workflow's only job."""
    outputs = {name: {"value": f"${{{{ jobs.steps.outputs.{name} }}}}"} for name in action["outputs"]}
    inputs = {name: {"type": "string"} for name in action["inputs"]}
    job = {
        "runs-on": "ubuntu-latest",
        "outputs": {name: output["value"] for name, output in action["outputs"].items()},
        "steps": action["runs"]["steps"],
    }
    workflow = {"on": {"workflow_call": {"inputs": inputs, "outputs": outputs}}, "jobs": {"steps": job}}
    return lint("actionlint", "-", stdin=yaml.safe_dump(workflow, sort_keys=False))


class TestArguments:
    """Inputs become a list of arguments."""

    @pytest.mark.parametrize(
        ("inputs", "expected"),
        [
            ({}, ["run"]),
            ({"command": "plan", "workflow": "docs"}, ["plan", "docs"]),
            ({"dry-run": "true"}, ["plan"]),
            ({"dry-run": "TRUE", "command": "plan"}, ["plan"]),
            ({"dry-run": "false", "strict": "false", "push": "true", "command": "check"}, ["check"]),
            ({"bump": "minor", "strict": "true", "push": "false"}, ["run", "--bump=minor", "--strict", "--no-push"]),
            ({"command": "version", "bump": "major"}, ["version", "--bump=major"]),
            ({"version": "-1", "summary": "--yes $(id)"}, ["run", "--version=-1", "--summary=--yes $(id)"]),
            ({"config": "a b/c.yaml"}, ["run", "--config=a b/c.yaml"]),
            (
                {"parameters": "change_type = fix\r\n\n  note=a=b c\n_x.y-z="},
                ["run", "-p", "change_type=fix", "-p", "note=a=b c", "-p", "_x.y-z="],
            ),
        ],
    )
    def test_command_line(self, launch: ModuleType, inputs: dict[str, str], expected: list[str]) -> None:
        """Each input becomes its option; text with blanks, dashes or shell signs stays one argument."""
        assert launch.arguments(inputs) == expected

    @pytest.mark.parametrize(
        ("inputs", "message"),
        [
            ({"command": "publish"}, "'command' must be one of run, plan"),
            ({"command": "--help"}, "'command' must be one of"),
            ({"push": "no"}, "'push' must be true or false, got 'no'"),
            ({"dry-run": "1"}, "'dry-run' must be true or false, got '1'"),
            ({"command": "check", "bump": "minor"}, "'bump' has no meaning for the command 'check'"),
            ({"command": "version", "dry-run": "true"}, "'dry-run' has no meaning"),
            ({"workflow": "--yes"}, "'workflow' must be a workflow's name"),
            ({"parameters": "a=1\nnonsense"}, "line 2 of the input 'parameters' is not NAME=VALUE: 'nonsense'"),
            ({"parameters": "--yes=1"}, "line 1 of the input 'parameters'"),
        ],
    )
    def test_wrong_input(self, launch: ModuleType, inputs: dict[str, str], message: str) -> None:
        """What cannot be used is named, with what would be right."""
        with pytest.raises(launch.InputError, match=re.escape(message)):
            launch.arguments(inputs)

    def test_blank_inputs_are_not_given(self, launch: ModuleType) -> None:
        """An empty or blank input counts as not given; others lose their surrounding white space."""
        assert launch.read_inputs(_environ(WORKFLOW="", SUMMARY=" \n", GIT_USER_NAME=" A \n")) == {"git-user-name": "A"}


class TestEnvironment:
    """What the program is started with."""

    def test_inputs_are_taken_out(self, launch: ModuleType) -> None:
        """The named inputs go; inputs for plain configuration keys and everything else stay."""
        environ = {**_environ(COMMAND="run", TOKEN="", TAG_TEMPLATE="r{version}"), "PATH": "p", "VWMP_JOB_TOKEN": ""}
        env = launch.environment(environ, {}, _configured)
        assert env == {"VWMP_INPUT_TAG_TEMPLATE": "r{version}", "PATH": "p"}

    def test_identity_of_the_repository_stays(self, launch: ModuleType) -> None:
        """Nothing is set where git knows who commits."""
        assert launch.environment({}, {}, _configured) == {}

    def test_identity_falls_back_to_the_bot(self, launch: ModuleType) -> None:
        """Where git knows nobody, author and committer are the actions bot."""
        env = launch.environment({}, {}, lambda *args: "")
        assert set(env) == {f"GIT_{role}_{what}" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        assert env["GIT_COMMITTER_NAME"] == "github-actions[bot]"
        assert env["GIT_AUTHOR_EMAIL"].endswith("+github-actions[bot]@users.noreply.github.com")

    def test_identity_of_the_inputs_wins(self, launch: ModuleType) -> None:
        """Given names stand over the repository's and the environment's."""
        inputs = {"git-user-name": "R. Bot", "git-user-email": "r@example.org"}
        env = launch.environment({"GIT_AUTHOR_NAME": "x"}, inputs, _configured)
        assert (env["GIT_AUTHOR_NAME"], env["GIT_COMMITTER_EMAIL"]) == ("R. Bot", "r@example.org")

    def test_token_becomes_a_header(self, launch: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
        """A given token reaches the forge client, and git as a header that replaces the checkout's; it is masked."""
        env = launch.environment({"GIT_CONFIG_COUNT": "1"}, {"token": "t0p"}, lambda *args: "AUTHORIZATION: basic x")
        secret = base64.b64encode(b"x-access-token:t0p").decode()
        key = "http.https://github.com/.extraheader"
        assert env["GITHUB_TOKEN"] == "t0p"
        assert env["GIT_CONFIG_COUNT"] == "3"
        assert (env["GIT_CONFIG_KEY_1"], env["GIT_CONFIG_VALUE_1"]) == (key, "")
        assert (env["GIT_CONFIG_KEY_2"], env["GIT_CONFIG_VALUE_2"]) == (key, f"AUTHORIZATION: basic {secret}")
        assert capsys.readouterr().out == f"::add-mask::{secret}\n"

    def test_job_token_leaves_the_checkout_alone(self, launch: ModuleType) -> None:
        """The job's own token does not replace credentials that the checkout left, and is git's where it left none."""
        environ = {"VWMP_JOB_TOKEN": "job"}
        kept = launch.environment(environ, {}, lambda *args: "AUTHORIZATION: basic x")
        assert kept == {"GITHUB_TOKEN": "job"}
        assert launch.environment(environ, {}, _configured)["GIT_CONFIG_COUNT"] == "2"


class TestLaunch:
    """The launcher as the action starts it."""

    def test_git_sends_one_header(self, launch: ModuleType, repo: Any) -> None:
        """With the environment of a given token, git sees exactly one header, whatever the checkout stored."""
        repo.git("config", "http.https://github.com/.extraheader", "AUTHORIZATION: basic old")
        env = launch.environment({}, {"token": "new"}, _configured)
        values = repo.git("config", "--get-all", "http.https://github.com/.extraheader", env=env).split("\n")
        assert values[:2] == ["AUTHORIZATION: basic old", ""]
        assert len(values) == 3

    def test_reads_the_repository(self, launch: ModuleType, repo: Any, tmp_path: Path) -> None:
        """The working directory is taken below the workspace, and its repository is asked for the identity."""
        environ = {"GITHUB_WORKSPACE": str(tmp_path), **_environ(WORKING_DIRECTORY="repo", COMMAND="check")}
        assert launch.plan_call(environ, launch._asker)[::2] == (["check"], repo.path)
        assert launch.plan_call(environ, launch._asker).env == {"GITHUB_WORKSPACE": str(tmp_path)}

    def test_wrong_input_is_an_annotation(self, call: Callable[..., Any], tmp_path: Path) -> None:
        """A wrong input ends with status 2 and one annotation, in which the input's text forges no command."""
        env = {"GITHUB_WORKSPACE": str(tmp_path), **_environ(COMMAND="x\n::set-output name=a::b%\r##[error]no")}
        done = call([sys.executable, str(ROOT / ".github" / "action" / "launch.py")], tmp_path, env=env)
        assert done.code == 2
        assert done.out.startswith("::error title=vwmp-release::the input 'command' must be one of ")
        assert done.out.count("\n") == 1
        assert "%0A::set-output name=a::b%25%0D## [error]no" in done.out

    def test_missing_folder_is_an_annotation(self, call: Callable[..., Any], tmp_path: Path) -> None:
        """A working directory that does not exist is named."""
        env = {"GITHUB_WORKSPACE": str(tmp_path), **_environ(WORKING_DIRECTORY="gone")}
        done = call([sys.executable, str(ROOT / ".github" / "action" / "launch.py")], tmp_path, env=env)
        assert done.code == 2
        assert done.out == "::error title=vwmp-release::the input 'working-directory' names no folder: 'gone'\n"

    @pytest.mark.skipif(os.name == "nt", reason="the stand-in interpreter is a shell script")
    def test_starts_the_installed_program(self, call: Callable[..., Any], tmp_path: Path, action: Any) -> None:
        """The action's own script finds Python and starts the program, isolated, in the working directory."""
        python = tmp_path / "temp" / "vwmp-release" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text('#!/bin/sh\nprintf "%s|" "$PWD" "$GIT_AUTHOR_NAME" "${VWMP_INPUT_BUMP-gone}" "$@"\n')
        python.chmod(0o755)
        (tmp_path / "a b").mkdir()
        source = f"{ROOT}"
        (python.parents[1] / "installed-from").write_text(f"{source}\n{sys.version}\n", encoding="utf-8")
        env = {
            "GITHUB_WORKSPACE": str(tmp_path), "GITHUB_ACTION_PATH": source, "RUNNER_TEMP": str(tmp_path / "temp"),
            **_environ(BUMP="minor", WORKING_DIRECTORY="a b", GIT_USER_NAME="R. Bot", PYTHON=sys.executable),
        }  # fmt: skip
        script = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", action["runs"]["steps"][0]["run"]]
        done = call(script, tmp_path, env=env)
        assert done.code == 0, str(done)
        assert done.out == f"{tmp_path / 'a b'}|R. Bot|gone|-I|-m|vwmp_release|run|--bump=minor|"

    @pytest.mark.skipif(os.name == "nt", reason="needs a shell")
    def test_wrong_python_is_an_annotation(self, call: Callable[..., Any], tmp_path: Path, action: Any) -> None:
        """A `python` input that is no Python is refused; another one is not used in its place."""
        done = call(["bash", "-e", "-c", action["runs"]["steps"][0]["run"]], tmp_path, env=_environ(PYTHON="no-such"))
        assert done.code == 2
        assert done.out.startswith("::error title=vwmp-release::Python 3.11 or newer is needed")
