"""Which reporter writes, and the live one on a terminal."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from vwmp_release.core.execution.events import (
    Event,
    RunFinished,
    StepFinished,
    StepLine,
    StepReport,
    StepStarted,
    StepView,
    Warned,
)
from vwmp_release.errors import Problem
from vwmp_release.report import choose
from vwmp_release.report.model import Report
from vwmp_release.report.style import Style
from vwmp_release.report.summary import fold


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"  # type: ignore[assignment]

    def isatty(self) -> bool:
        """Whether a person reads it."""
        return True


@pytest.mark.parametrize(
    ("name", "stream", "environ", "expected"),
    [
        ("console", io.StringIO(), {}, "PlainReporter"),
        ("console", Terminal(), {}, "LiveReporter"),
        ("console", Terminal(), {"TERM": "dumb"}, "PlainReporter"),
        ("json-lines", io.StringIO(), {}, "JsonLinesReporter"),
        ("github", io.StringIO(), {"GITHUB_OUTPUT": ""}, "GithubReporter"),
    ],
)
def test_which_reporter(name: str, stream: io.StringIO, environ: Mapping[str, str], expected: str) -> None:
    """Terminals get the live reporter, other places plain lines, runners and programs their own."""
    assert type(choose.reporter(name, stream, Style(), environ)).__name__ == expected


def test_kind_follows_the_environment() -> None:
    """A runner is recognised; what the user asks for stands over it."""
    assert choose.kind(None, {"GITHUB_ACTIONS": "true"}) == "github"
    assert choose.kind(None, {"GITHUB_ACTIONS": "false"}) == "console"
    assert choose.kind("console", {"GITHUB_ACTIONS": "true"}) == "console"


def test_masks_never_go_into_a_file(tmp_path: Path) -> None:
    """A log file would keep what a mask command names, so none is written there."""
    environ = {"GITHUB_OUTPUT": str(tmp_path / "out"), "A_TOKEN": "opensesame"}
    with (tmp_path / "log").open("w", encoding="utf-8") as file:
        choose.reporter("github", file, Style(), environ)
    assert (tmp_path / "log").read_text(encoding="utf-8") == ""
    pipe = io.StringIO()
    choose.reporter("github", pipe, Style(), environ)
    assert "::add-mask::opensesame\n" in pipe.getvalue()


def test_json_lines_reporter(released: list[Event]) -> None:
    """Every event is a line, and nothing else is written."""
    stream = io.StringIO()
    reporter = choose.reporter("json-lines", stream, Style(), {})
    for event in released:
        reporter.add(event)
    reporter.pause()
    reporter.end(fold(released))
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()][-1] == "run-finished"
    assert len(stream.getvalue().splitlines()) == len(released)


def _live(events: list[Event], style: Style, *, pause: bool = False) -> str:
    stream = Terminal()
    reporter = choose.reporter("console", stream, style, {"TERM": "xterm"})
    for event in events:
        reporter.add(event)
        if pause:
            reporter.pause()
    reporter.end(fold(events))
    return re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", stream.getvalue())


def test_the_live_reporter(released: list[Event], make_view: Callable[..., StepView]) -> None:
    """A terminal sees each step's end, its lines below it, and a panel; hostile text does nothing."""
    text = _live(released, Style(colour=True), pause=True)
    assert "✓ version_bump  0.25 s\n      found VERSION\n" in text
    assert "╭" in text
    assert "│ ✓ Released 1.2.0  (was 1.1.0, minor)" in text
    assert text.count("the changelog was edited by hand") == 1
    hostile = [StepStarted(replace(make_view("x"), name="[red]x\x1b[2J")), StepLine("x", ":smile: \x1b]0;t\x07"),
               StepLine("other", "y"), *released]  # fmt: skip
    shown = _live(hostile, Style(symbols=False))
    assert "\x07" not in shown
    assert "[red]x\\x1b[2J" in shown
    assert "+--" in shown


def test_the_live_reporter_shows_a_plan_without_panel(planned: list[Event], failed: list[Event]) -> None:
    """A plan is too long for a panel; a run that ended in an error that others print gets none either."""
    assert "╭" not in _live(planned, Style())
    assert "Plan  1.1.0 → 1.2.0" in _live(planned, Style())
    stream = Terminal()
    reporter = choose.reporter("console", stream, Style(), {})
    reporter.end(None)
    reporter.add(Warned("odd", "mend it"))
    assert stream.getvalue() == ""
    reporter.end(Report(problems=(Problem("x"),)))
    assert stream.getvalue() == "  ! odd\n    mend it\n"


def test_finish_without_start(make_view: Callable[..., StepView], make_events: Callable[..., list[Event]]) -> None:
    """A step that ends without having begun, as a disabled one does, is shown by its line alone."""
    events = make_events(
        StepFinished(StepReport(make_view("off"), "disabled", "not-run")), finished=RunFinished("done", 0)
    )
    assert "– off  disabled" in _live(events, Style())
