"""Folding events into a report, and the report's JSON document."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vwmp_release.core.execution.events import Event, RunFinished, StepFinished, StepReport, StepStarted, StepView
from vwmp_release.errors import Blocked, ConfigError, InDoubt, Place, Problem, StepError
from vwmp_release.report import document, jsonl
from vwmp_release.report.model import Report, Why
from vwmp_release.report.summary import Folder, fold, of_error


def test_a_release(released: list[Event]) -> None:
    """Values come from step outputs, the seal, the publication and the last event."""
    report = fold(released)
    assert (report.command, report.status, report.exit_status, report.undone) == ("run", "released", 0, False)
    assert (report.previous_version, report.version, report.bump, report.tag) == ("1.1.0", "1.2.0", "minor", "v1.2.0")
    assert (report.previous_tag, report.summary, report.commit_sha) == ("v1.1.0", "add exports", "c" * 40)
    assert (report.run_id, report.clock) == ("vwmp-1", "2026-01-31T12:00:00Z")
    assert (report.branch, report.base, report.author) == ("main", "a" * 40, "Ann <ann@example.invalid>")
    assert report.why[0] == Why("1111111", "feat: add exports", "feat", "minor", "feat is minor", "counted")
    assert report.packages == ({"name": "demo", "old_version": "1.1.0", "new_version": "1.2.0"},)
    push = report.push
    assert (push.remote, push.branch, push.verdict, push.tags) == ("origin", "main", "published", ("v1.2.0",))
    assert [step.outcome for step in report.steps] == ["success", "skipped", "success", "success"]
    assert [view.id for view in report.beyond] == ["push"]
    assert report.warnings[0].hint == "look at it"


def test_a_plan_keeps_steps_that_did_not_run(planned: list[Event]) -> None:
    """Steps without an end are in the report as not run, in plan order."""
    report = fold(planned)
    assert [(step.view.id, step.outcome) for step in report.steps][-1] == ("push", "not-run")
    assert not report.push.asked
    assert report.push.wanted


def test_a_failed_step_gives_no_values(
    make_events: Callable[..., list[Event]], make_view: Callable[..., StepView]
) -> None:
    """What a failed step leaves behind is not taken for a result; a disabled step is called so."""
    step = StepReport(make_view("version_bump"), "failed", "failed", output={"new_version": "9.9.9"})
    report = fold(make_events(StepFinished(step), finished=RunFinished("failed", 1)))
    assert report.version == ""
    assert [found.view.id for found in report.failed] == ["version_bump"]


@pytest.mark.parametrize(
    ("status", "exit_status", "expected"),
    [("failed", 1, "failed"), ("failed", 5, "refused"), ("failed", 130, "interrupted"), ("nothing", 3, "nothing")],
)
def test_the_word_follows_the_exit_status(
    make_events: Callable[..., list[Event]], status: str, exit_status: int, expected: str
) -> None:
    """A failure with a status of its own gets its own word."""
    finished = RunFinished(status, exit_status)  # type: ignore[arg-type]
    assert fold(make_events(finished=finished)).status == expected


def test_outputs_of_odd_shape(make_events: Callable[..., list[Event]], make_view: Callable[..., StepView]) -> None:
    """Plugins may give packages as names and commits by other keys; other things are left alone."""
    step = StepReport(
        make_view("version_bump"), "success", "success", attempts=1,
        output={"packages": ["core"], "commits": [{"sha": "abcdefabcdef", "description": "x"}, "text"], "notes": None},
    )  # fmt: skip
    report = fold(make_events(StepFinished(step), StepStarted(step.view), finished=RunFinished("released", 0)))
    assert report.packages == ({"name": "core"},)
    assert report.why == (Why("abcdefabc", "x"),)
    assert report.notes == ""


def test_errors_become_reports() -> None:
    """An error before the first event changed nothing; a configuration error keeps all its problems."""
    problems = [Problem("must be 1", "steps[0]", Place("a.yaml", 2, 3)), Problem("unknown")]
    report = of_error(ConfigError(problems), Folder().report())
    assert (report.status, report.exit_status, report.undone, len(report.problems)) == ("failed", 2, True, 2)
    began = Report(run_id="vwmp-1")
    assert of_error(Blocked("dirty", hint="commit it"), began).undone
    assert of_error(StepError("no", why="because"), began).problems[0].what == "no: because"
    assert of_error(InDoubt("who knows"), began).status == "in-doubt"


def test_document_of_plan_and_run_have_the_same_keys(released: list[Event], planned: list[Event]) -> None:
    """The documents differ in values only, in the same order, and survive JSON."""
    run, plan = (document.to_dict(fold(events)) for events in (released, planned))
    assert list(run) == list(plan)
    assert list(run)[:3] == ["schema", "kind", "status"]
    assert (run["kind"], plan["kind"]) == ("run", "plan")
    assert json.loads(document.dump(run)) == run
    assert run["files"] == plan["files"]
    assert run["tags"][0]["message"].startswith("Release v1.2.0")
    assert list(run["steps"][0]) == [
        "id", "name", "handler", "effect", "required", "dependencies", "outcome", "conclusion", "reason", "attempts",
        "seconds", "annotations", "logs",
    ]  # fmt: skip


def test_document_of_an_error() -> None:
    """An error document names status, code and every problem with its place."""
    error = ConfigError([Problem("must be 1", "x", Place("a.yaml", 2, 3), "write 1"), Problem("odd")])
    found = document.error_dict(error)
    assert (found["kind"], found["status"], found["code"], found["exit_status"]) == (
        "error",
        "failed",
        "configuration",
        2,
    )
    assert found["problems"][0] == {
        "what": "must be 1", "where": "x", "file": "a.yaml", "line": 2, "column": 3, "hint": "write 1",
    }  # fmt: skip
    assert found["problems"][1]["file"] is None
    assert document.error_dict(Blocked("held", why="by 1"))["status"] == "blocked"
    assert document.error_dict(Blocked("held", why="by 1"))["problems"][0]["what"] == "held: by 1"


def test_values_that_json_does_not_know() -> None:
    """Dates, paths, bytes and NaN become texts; lone surrogates are escaped."""
    value = {1: (datetime(2026, 1, 1, tzinfo=UTC), Path("a/b"), float("nan"), 1.5, b"x"), "n": None}
    assert document.plain(value) == {
        "1": ["2026-01-01T00:00:00+00:00", "a/b", "nan", 1.5, "b'x'"],
        "n": None,
    }
    assert document.dump({"a": "\udc80"}, indent=None) == '{"a": "\\udc80"}'
    assert document.dump({"a": "é"}, indent=None) == '{"a": "é"}'


def test_json_lines(released: list[Event]) -> None:
    """Every event is one line with its name, and nothing in it is lost."""
    lines = [jsonl.line(event) for event in released]
    parsed = [json.loads(line) for line in lines]
    assert [line["event"] for line in parsed][:4] == ["run-started", "workspace-opened", "step-started", "step-line"]
    assert not any("\n" in line for line in lines)
    assert parsed[0]["run"] == {"id": "vwmp-1", "started_at": "2026-01-31T12:00:00+00:00"}
    assert next(line for line in parsed if line["event"] == "step-finished")["report"]["output"]["bump"] == "minor"
