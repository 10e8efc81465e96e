"""`run` and `plan`: what they ask the engine, what they print, and how they end."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from vwmp_release.core.execution.events import (
    Event,
    RunFinished,
    RunStarted,
    StepFinished,
    StepLine,
    StepReport,
)
from vwmp_release.errors import Blocked, ConfigError, Place, Problem, RemoteRefused
from vwmp_release.interfaces import Seal, TagRef
from vwmp_release.report import choose

Call = Callable[..., Any]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], {"workflow": None, "parameters": {}, "push": True, "strict": False}),
        (["docs", "--strict", "--no-push"], {"workflow": "docs", "push": False, "strict": True}),
        (["--bump", "minor", "--version", "2.0", "--summary", "ten letters", "--pre", "beta"],
         {"parameters": {"increment_type": "minor", "version": "2.0", "summary": "ten letters", "prerelease": "beta"}}),
        (["--graduate", "-p", "a=b=c", "-p", "task="], {"parameters": {"graduate": "true", "a": "b=c", "task": ""}}),
        (["--bump", "minor", "-p", "increment_type=minor"], {"parameters": {"increment_type": "minor"}}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", ["run", "plan"])
def test_what_is_asked(call: Call, engine: Any, command: str, arguments: list[str], expected: dict[str, Any]) -> None:
    """Flags become parameters and fields of the request, the same for `run` and `plan`."""
    assert call(command, *arguments).status == 0
    request = engine.requests[0]
    assert {name: getattr(request, name) for name in expected} == expected
    assert request.confirm is None


@pytest.mark.parametrize(
    "arguments",
    [["-p", "novalue"], ["-p", "=x"], ["-p", "a=1", "-p", "a=2"], ["--bump", "minor", "-p", "increment_type=major"],
     ["--report", "html"], ["--json", "--report", "json-lines"], ["-o", "gone/plan.json"]],
)  # fmt: skip
def test_what_cannot_be_asked(call: Call, engine: Any, arguments: list[str]) -> None:
    """Contradictions and nonsense end with 2."""
    done = call("run", *arguments)
    assert done.status == 2
    assert "error: " in done.err


@pytest.mark.parametrize(
    ("finished", "status"),
    [
        (RunFinished("released", 0), 0), (RunFinished("nothing", 3, "none"), 3), (RunFinished("failed", 1, "x"), 1),
        (RunFinished("failed", 5, "x"), 5), (RunFinished("in-doubt", 6), 6), (RunFinished("failed", 130, "x"), 130),
    ],
)  # fmt: skip
def test_exit_status_is_the_engine_s(call: Call, engine: Any, finished: RunFinished, status: int) -> None:
    """The exit status is that of the last event, and the run is kept."""
    engine.finished = finished
    assert call("run").status == status
    assert engine.records[0]["exit_status"] == status
    assert call("run", "--dry-run").status == status
    assert len(engine.records) == 1


def test_lines_on_standard_output(call: Call, engine: Any) -> None:
    """Without a terminal, plain lines go to standard output; nothing asks."""
    done = call("run")
    assert done.out.splitlines()[0] == "workflow release: 2 steps"
    assert "✓ Released 1.2.0  (was 1.1.0)" in done.out
    assert done.err == ""


def test_json_is_one_document(call: Call, engine: Any) -> None:
    """With --json standard output is one document, the lines go to standard error; -q silences those."""
    done = call("run", "--json")
    assert (done.json["kind"], done.json["status"], done.json["version"]) == ("run", "released", "1.2.0")
    assert done.json == engine.records[0]
    assert "workflow release" in done.err
    assert "workflow release" not in call("run", "--json", "-q").err
    assert call("plan", "--json").json["kind"] == "plan"


def test_json_lines(call: Call, engine: Any) -> None:
    """`--report json-lines` writes an object an event."""
    lines = call("run", "--report", "json-lines").out.splitlines()
    assert [json.loads(line)["event"] for line in lines] == [
        "run-started", "workspace-opened", "step-started", "step-finished", "run-finished",
    ]  # fmt: skip


def test_output_file(call: Call, engine: Any, tmp_path: Path) -> None:
    """`plan -o FILE` writes the document beside the lines."""
    done = call("plan", "-o", str(tmp_path / "plan.json"))
    assert json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["kind"] == "plan"
    assert "workflow release" in done.out


def test_a_report_that_cannot_be_kept(call: Call, engine: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What fails after the run is said, and does not change how the run ended."""
    monkeypatch.setattr("vwmp_release.app.record", lambda request, report: (_ for _ in ()).throw(OSError("read-only")))
    done = call("run", "-o", str(tmp_path))
    assert done.status == 2
    done = call("run")
    assert (done.status, "could not be kept: read-only" in done.err) == (0, True)
    assert "✓ Released" in done.out


def test_secrets_are_masked_everywhere(
    call: Call, engine: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No secret of the environment reaches lines, documents, files or the record."""
    monkeypatch.setenv("DEPLOY_TOKEN", "opensesame")
    engine.finished = RunFinished("failed", 1, "push to https://u:opensesame@host failed", details=("opensesame",))
    done = call("run", "--json", "-o", str(tmp_path / "r.json"))
    texts = [done.out, done.err, (tmp_path / "r.json").read_text(encoding="utf-8"), json.dumps(engine.records)]
    assert not any("opensesame" in text for text in texts)
    assert "https://***@host" in done.out


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (Blocked("the lock is held", hint="wait"), 4, "error: the lock is held"),
        (RemoteRefused("protected"), 5, "error: protected"),
        (ConfigError([Problem("not 1", "a", Place("c.yaml", 2, 3)), Problem("odd")]), 2, "c.yaml:2:3: a: not 1\nodd"),
        (KeyboardInterrupt(), 130, "error: interrupted, undone"),
        (RuntimeError("boom"), 70, "RuntimeError: boom"),
    ],
)  # fmt: skip
def test_errors_before_the_first_event(call: Call, engine: Any, error: BaseException, status: int, said: str) -> None:
    """What is wrong beforehand is said once on standard error, with its status; nothing is kept."""
    engine.error = error
    done = call("run")
    assert (done.status, done.out) == (status, "")
    assert said in done.err
    assert "Traceback" not in done.err
    assert engine.records == []
    assert call("run", "--json").json["exit_status"] == status


def test_a_runner_hears_of_every_ending(
    call: Call, engine: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Under GitHub Actions outputs and summary are written for releases and for errors beforehand alike."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "out"))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    monkeypatch.setenv("RUNNER_TEMP", str(tmp_path))
    assert call("run").status == 0
    written = (tmp_path / "out").read_text(encoding="utf-8")
    assert "\nreleased\n" in written
    assert str(tmp_path / "vwmp-release-report.json") in written
    assert json.loads((tmp_path / "vwmp-release-report.json").read_text(encoding="utf-8"))["version"] == "1.2.0"
    engine.error = ConfigError([Problem("must be 1", "a", Place("c.yaml", 2, 3))])
    done = call("run")
    assert "::error file=c.yaml,line=2,col=3,title=a::must be 1" in (done.out + done.err)
    assert (done.out + done.err).count("::error") == 1
    assert "must be 1" in (tmp_path / "summary").read_text(encoding="utf-8")
    assert "\nfailed\n" in (tmp_path / "out").read_text(encoding="utf-8")
    monkeypatch.delenv("RUNNER_TEMP")
    engine.error = None
    assert call("plan").status == 0


class Interrupting:
    """A reporter that is interrupted at one event."""

    def __init__(self, at: type) -> None:
        self.at, self.ended = at, 0

    def add(self, event: Event) -> None:
        """Be interrupted."""
        if isinstance(event, self.at):
            raise KeyboardInterrupt

    def pause(self) -> None:
        """Do nothing."""

    def end(self, report: Any) -> None:
        """Count."""
        self.ended += 1


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> Callable[[type], Interrupting]:
    """Interrupts the program while it reports an event of some kind."""

    def at(kind: type) -> Interrupting:
        reporter = Interrupting(kind)
        monkeypatch.setattr(choose, "reporter", lambda *args, **more: reporter)
        return reporter

    return at


def test_the_engine_says_what_an_interruption_undid(call: Call, engine: Any, interrupted: Any) -> None:
    """An interruption while an event is shown is handed to the engine, whose last event decides."""
    seen: list[str] = []

    def events(request: Any, command: str) -> Iterator[Event]:
        plain = list(type(engine)().answer(request, command))
        try:
            yield from plain[:-1]
        except KeyboardInterrupt:
            seen.append("told")
            yield RunFinished("released", 0, "interrupted, after the release was published")

    engine.events = events
    interrupted(StepFinished)
    assert call("run").status == 0
    assert seen == ["told"]


@pytest.mark.parametrize(
    ("workspace", "pushed", "status", "said"),
    [("shadow", False, 130, "interrupted, undone"), ("in_place", False, 130, "nothing was undone"),
     ("shadow", True, 6, "the remote may have the release")],
)  # fmt: skip
def test_an_interruption_that_the_engine_does_not_take(
    call: Call, engine: Any, interrupted: Any, workspace: Any, pushed: bool, status: int, said: str
) -> None:
    """The engine's generator is closed, so that it cleans up, and the words fit how far the run was."""
    closed: list[bool] = []

    def events(request: Any, command: str) -> Iterator[Event]:
        try:
            for event in type(engine)().answer(request, command):
                if isinstance(event, RunStarted):
                    started = replace(event, workspace=workspace)
                    yield started
                    if pushed:
                        yield StepFinished(StepReport(started.steps[1], "success", "success", attempts=1))
                    yield StepLine("push", "x")
        finally:
            closed.append(True)

    engine.events = events
    reporter = interrupted(StepLine)
    done = call("run")
    assert done.status == status
    assert said in done.err
    assert closed == [True]
    assert reporter.ended == 1


def test_an_engine_that_ends_too_early(call: Call, engine: Any) -> None:
    """A run without a last event is never taken for a success."""
    engine.events = lambda request, command: list(type(engine)().answer(request, command))[:2]
    done = call("run")
    assert done.status == 70
    assert "without its last event" in done.err


def test_an_engine_that_ends_when_interrupted(call: Call, engine: Any, interrupted: Any) -> None:
    """An engine that answers an interruption by ending was interrupted all the same."""

    def events(request: Any, command: str) -> Iterator[Event]:
        try:
            yield from type(engine)().answer(request, command)
        except KeyboardInterrupt:
            return

    engine.events = events
    interrupted(StepFinished)
    assert call("run").status == 130


class Terminal(io.StringIO):
    """A terminal with someone at it."""

    def isatty(self) -> bool:
        """Whether a person reads it."""
        return True


SEAL = Seal("a" * 40, "main", "c" * 40, tags=(TagRef("v1.2.0", "d" * 40, "c" * 40),))


@pytest.mark.parametrize(
    ("answer", "agreed"), [("y\n", True), ("YES\n", True), ("\n", False), ("n\n", False), ("", False)]
)
def test_the_question(call: Call, engine: Any, monkeypatch: pytest.MonkeyPatch, answer: str, agreed: bool) -> None:
    """On a terminal it asks once, with version, tag and target; only yes means yes."""
    out, asked = Terminal(), []

    def events(request: Any, command: str) -> Iterator[Event]:
        *before, finished = type(engine)().answer(request, command)
        yield from before
        asked.append(request.confirm(SEAL))
        yield finished

    engine.events = events
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    monkeypatch.setenv("TERM", "dumb")
    assert call("run").status == 0
    assert asked == [agreed]
    assert "  version 1.2.0  v1.2.0  →  origin main https://example.invalid/x.git\n  Go on? [y/N] " in out.getvalue()


@pytest.mark.parametrize("arguments", [["run", "--yes"], ["run", "--dry-run"], ["plan"]])
def test_no_question(call: Call, engine: Any, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    """`--yes`, plans, and a standard input that is no terminal are never asked."""
    monkeypatch.setattr("sys.stdout", Terminal())
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    monkeypatch.setenv("TERM", "dumb")
    call(*arguments)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    call("run")
    assert [request.confirm for request in engine.requests] == [None, None]


def test_the_question_of_a_workflow_in_place(call: Call, engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a seal and a remote the question names the workflow and the steps beyond the machine."""
    out = Terminal()

    def events(request: Any, command: str) -> Iterator[Event]:
        started = next(type(engine)().answer(request, command))
        yield started
        request.confirm(None)
        yield RunFinished("done", 0)

    engine.events = events
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    monkeypatch.setenv("TERM", "dumb")
    assert call("run", "docs").status == 0
    assert "  workflow release  →  push\n" in out.getvalue()
