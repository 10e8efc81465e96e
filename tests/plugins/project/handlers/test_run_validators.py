from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from vwmp_release.plugins.project.handlers.run_validators import ValidatorExecutionHandler

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import Annotation, StepResult, StepStatus

Run = Callable[..., StepResult]


@pytest.fixture
def run(make_context: Any, tmp_path: Path) -> Run:
    def execute(
        validators: list[Any], *, root: Path | None = None, context: dict[str, Any] | None = None, **config: Any
    ) -> StepResult:
        made = make_context({"validators": validators, **config}, root=root, **(context or {}))
        return ValidatorExecutionHandler().execute(made)

    return execute


@pytest.fixture
def script(tmp_path: Path) -> Callable[..., str]:
    def write(name: str, text: str, folder: Path | None = None) -> str:
        path = (folder or tmp_path) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return name

    return write


def test_nothing_configured(run: Run) -> None:
    """Without validators the step is skipped with the reason."""
    result = run([])
    assert (result.status, result.error) == (StepStatus.SKIPPED, "no validators are configured")


def test_scripts_commands_and_mappings_run(run: Run, script: Any, tmp_path: Path) -> None:
    """All three forms run in the workspace with the interpreter that runs us; only scripts get --strict."""
    note = "import sys, os; open('seen', 'a').write(repr((sys.argv[1:], os.getcwd(), sys.executable)) + chr(10))"
    script("checks/a b.py", note)
    result = run(
        ["checks/a b.py", [sys.executable, "-c", note], {"name": "Lint", "script": "checks/a b.py", "timeout": 60}]
    )
    assert result.status is StepStatus.SUCCESS
    assert result.output is not None
    names = result.output["validators_run"]
    assert names[0] == "checks/a b.py" and names[2] == "Lint" and result.output["passed"] == names
    assert result.output["failed"] == []
    here = os.path.realpath(tmp_path)
    lines = (tmp_path / "seen").read_text().splitlines()
    assert lines == [repr((argv, here, sys.executable)) for argv in (["--strict"], [], ["--strict"])]


def test_lenient_scripts_get_no_flag(run: Run, script: Any, tmp_path: Path) -> None:
    """With strict_mode off scripts are called without --strict."""
    script("a.py", "import sys; assert sys.argv[1:] == []")
    assert run(["a.py"], strict_mode=False).status is StepStatus.SUCCESS


def test_environment(run: Run, script: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Validators see the versions and our own environment, but no variable that points git elsewhere."""
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    monkeypatch.setenv("MINE", "yes")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.delenv("LANGUAGE", raising=False)
    script(
        "env.py",
        "import os; e = os.environ; assert 'GIT_DIR' not in e and 'GIT_INDEX_FILE' not in e and 'LANGUAGE' not in e\n"
        "assert (e['MINE'], e['LC_ALL']) == ('yes', 'C')\n"
        "assert (e['VWMP_VERSION'], e['VWMP_PREVIOUS_VERSION'], e['VWMP_TAG']) == ('1.3.0', '1.2.0', 'v1.3.0')\n",
    )
    outputs = {"new_version": "1.3.0", "old_version": "1.2.0", "tag_name": "v1.3.0"}
    result = run(["env.py"], context={"outputs": outputs})
    assert result.status is StepStatus.SUCCESS, result.logs


def test_stops_after_the_first_failure(run: Run, script: Any) -> None:
    """The first failure ends the step, its last lines are shown, the rest is listed as not run."""
    script("bad.py", "import sys; print('the reason'); sys.exit(3)")
    script("good.py", "")
    result = run(["good.py", "bad.py", "good.py"])
    assert (result.status, result.error) == (StepStatus.FAILED, "1 of 3 validators failed: bad.py")
    assert result.permanent
    assert result.output == {
        "validators_run": ["good.py", "bad.py"],
        "passed": ["good.py"],
        "failed": ["bad.py"],
        "skipped": [],
        "not_run": ["good.py (2)"],
    }
    assert result.logs == ["good.py: passed", "bad.py: failed: exit status 3", "  the reason", "good.py (2): not run"]
    assert not ValidatorExecutionHandler().can_retry(result.error or "")


def test_continue_on_error(run: Run, script: Any) -> None:
    """With continue_on_error all run, and all failures are named."""
    script("bad.py", "raise SystemExit(1)")
    script("good.py", "")
    result = run(["bad.py", "good.py", {"name": "worse", "run": [sys.executable, "bad.py"]}], continue_on_error=True)
    assert result.error == "2 of 3 validators failed: bad.py, worse"
    assert result.output is not None and result.output["passed"] == ["good.py"]


@pytest.mark.parametrize(
    ("line", "status", "strict", "failed"),
    [
        ("a.py:1: error: broken", 0, False, "it reports 1 error"),
        ("a.py:1: warning: odd", 0, True, "it reports 1 warning, which fails in strict mode"),
        ("a.py:1: warning: odd", 0, False, ""),
        ("a.py:1: note: fine", 0, True, ""),
        ("a.py:1: note: fine", 2, False, "exit status 2"),
    ],
)
def test_findings_decide_too(run: Run, script: Any, line: str, status: int, strict: bool, failed: str) -> None:
    """An error finding fails a validator, a warning only in strict mode, a note never."""
    script("check.py", f"print({line!r}); raise SystemExit({status})")
    result = run(["check.py"], strict_mode=strict)
    assert result.status is (StepStatus.FAILED if failed else StepStatus.SUCCESS)
    assert not failed or result.logs[0] == f"check.py: failed: {failed}"
    assert [annotation.file for annotation in result.annotations] == ["a.py"]


def test_error_output_is_read_too(run: Run, script: Any) -> None:
    """Findings on the error stream become annotations with the level that the exit status gives."""
    script("check.py", "import sys; print('a.py:3:4: E501 line too long', file=sys.stderr); sys.exit(1)")
    assert run(["check.py"]).annotations == [Annotation("E501 line too long", "error", "a.py", 3, 4)]


def test_time_limit_kills_the_whole_group(run: Run, script: Any, tmp_path: Path) -> None:
    """A validator that runs on is killed with its children, and the step says so."""
    script(
        "slow.py",
        "import subprocess, sys, time; print('started', flush=True)\n"
        "subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])\n",
    )
    result = run([{"script": "slow.py", "timeout": 1}])
    assert result.logs == ["slow.py: failed: did not end within 1 s", "  started"]


def test_output_is_bounded(run: Run, script: Any) -> None:
    """Only the last 200 lines and 64 KiB are kept, and what was cut is said."""
    script("loud.py", "for n in range(1000): print(n)\nraise SystemExit(1)")
    script("wide.py", "for n in range(100): print(str(n) * 1000)\nraise SystemExit(1)")
    result = run(["loud.py", "wide.py"], continue_on_error=True)
    loud = [line for line in result.logs if line.strip().isdecimal() and len(line) < 100]
    assert loud == [f"  {n}" for n in range(800, 1000)]
    assert "  (800 earlier lines cut)" in result.logs
    wide = [line for line in result.logs if len(line) > 100]
    assert 60_000 < sum(map(len, wide)) <= 64 * 1024
    assert result.logs[-1] == "  " + "99" * 1000


def test_findings_are_bounded(run: Run, script: Any) -> None:
    """At most 500 findings of a validator are kept, the others counted."""
    script("many.py", "for n in range(1, 601): print(f'a.py:{n}: error: x')")
    result = run(["many.py"])
    assert len(result.annotations) == 500
    assert result.logs[-1] == "  (100 more findings)"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals")
def test_signal_and_missing_program(run: Run) -> None:
    """A killed program and one that is not there are failures with their reason."""
    kill = [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]
    result = run([kill, ["no-such-program-here"], [sys.executable, "\ud800"]], continue_on_error=True)
    reasons = [line.split(": failed: ")[1] for line in result.logs if ": failed: " in line]
    assert reasons[0] == "ended by signal 9"
    assert reasons[1].startswith("cannot start no-such-program-here")
    assert len(reasons) == 3


def test_in_place_runs_in_the_users_tree(run: Run, script: Any, tmp_path: Path) -> None:
    """A mapping with `workspace: in_place` runs in the real tree, and its findings are relative to it."""
    shadow, tree = tmp_path / "shadow", tmp_path / "tree"
    shadow.mkdir()
    script("check.py", "import os; print(os.path.abspath('a.py') + ':1: note: here')", tree)
    result = run([{"script": "check.py", "workspace": "in_place"}], root=shadow, context={"repository_root": tree})
    assert result.annotations == [Annotation("here", "notice", "a.py", 1)]


def test_all_problems_at_once_before_anything_runs(run: Run, script: Any, tmp_path: Path) -> None:
    """Every item that cannot be run is reported in one error, and no validator runs."""
    script("ran.py", "open('ran', 'w')")
    (tmp_path / "tool.sh").write_text("exit 0")
    (tmp_path.parent / "outside.py").write_text("")
    items: list[Any] = [
        "ran.py",
        "missing.py",
        "../outside.py",
        "ruff check .",
        "tool.sh",
        7,
        [],
        ["a", True],
        ["a\0"],
        {"run": "ruff check"},
        {"script": "missing.py"},
        {"script": ["ran.py"]},
        {"run": ["a"], "script": "ran.py"},
        {"run": ["a"], "timeout": 0},
        {"run": ["a"], "timeout": True},
        {"run": ["a"], "workspace": "here"},
        {"run": ["a"], "name": 3},
        {"run": ["a"], "tiemout": 3},
    ]
    with pytest.raises(PermanentError) as caught:
        run(items)
    problems = str(caught.value).split("; validators[")
    assert len(problems) == len(items) - 1
    words = (
        "'missing.py' is neither a file nor the name", "outside the repository", "list of arguments; nothing",
        "is no Python script", "7 is no script path", "[] is no list", "is no list", "NUL", "must be a list",
        "neither a file", "no path of a script", "either run", "above 0", "above 0", "shadow or in_place",
        "must be text", "did you mean 'timeout'?",
    )  # fmt: skip
    for problem, word in zip(problems, words, strict=True):
        assert word in problem
    assert not (tmp_path / "ran").exists()


class Checks:
    """Stands for the engine's `call`: the results of checks by name, and what they were given."""

    def __init__(self, **results: StepResult | Exception) -> None:
        self.results = results
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, name: str, config: dict[str, Any]) -> StepResult | None:
        self.calls.append((name, config))
        result = self.results.get(name.removeprefix("check."))
        if isinstance(result, Exception):
            raise result
        return result


def test_built_in_checks(run: Run) -> None:
    """Checks are called by name with the keys meant for them, and their results count like a validator's."""
    call = Checks(
        branch_context=StepResult(
            "s", StepStatus.FAILED, error="wrong branch", annotations=[Annotation("wrong branch")]
        ),
        clean_tree=StepResult("s", StepStatus.SKIPPED, error="no tree"),
        changelog_format=StepResult("s", StepStatus.SUCCESS, annotations=[Annotation("odd", "warning", "C.md", 1)]),
        conventional_commits=StepResult("s", StepStatus.SUCCESS),
        version_consistency=PermanentError("no version file"),
    )
    names = ["branch_context", "clean_tree", "changelog_format", "conventional_commits", "version_consistency"]
    result = run(names, context={"call": call}, continue_on_error=True, branch_pattern="^e(?P<epic>1)")
    assert call.calls == [(f"check.{n}", {"branch_pattern": "^e(?P<epic>1)"} if n == names[0] else {}) for n in names]
    assert result.output is not None
    assert result.output["failed"] == ["branch_context", "changelog_format", "version_consistency"]
    assert (result.output["skipped"], result.output["passed"]) == (["clean_tree"], ["conventional_commits"])
    assert "clean_tree: skipped: no tree" in result.logs
    assert "version_consistency: failed: no version file" in result.logs
    assert len(result.annotations) == 2


def test_unknown_check(run: Run) -> None:
    """A name that nothing has registered is an error with the nearest known name."""
    with pytest.raises(PermanentError, match="neither a file nor the name of a check") as caught:
        run(["branch_contxt"])
    assert caught.value.hint == "did you mean 'branch_context'?"


def test_own_check_of_a_plugin(run: Run) -> None:
    """A check that another plugin registers runs by its name."""
    call = Checks(licences=StepResult("s", StepStatus.SUCCESS))
    assert run(["licences"], context={"call": call}).status is StepStatus.SUCCESS


def test_describes_itself() -> None:
    """The handler has a description and the schema of the manifest."""
    handler = ValidatorExecutionHandler()
    assert handler.get_step_info()["name"] == "Run validators"
    assert "strict_mode" in handler.get_config_schema()["properties"]
