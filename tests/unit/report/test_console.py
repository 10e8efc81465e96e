"""Console lines: golden texts, quiet and verbose levels, hostile text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from vwmp_release.core.execution.events import (
    NOTHING_TO_DO,
    Event,
    Published,
    RunFinished,
    Sealed,
    StepFinished,
    StepLine,
    StepReport,
    StepRetried,
    StepStarted,
    StepView,
    Warned,
)
from vwmp_release.errors import Place, Problem
from vwmp_release.interfaces import Annotation, FileChange, Seal, TagRef
from vwmp_release.report import console, plan_text
from vwmp_release.report.model import Push, Report, Why
from vwmp_release.report.plain import PlainReporter, closing
from vwmp_release.report.style import Style
from vwmp_release.report.summary import fold

PLAIN = Style()


def printed(events: list[Event], style: Style = PLAIN) -> str:
    """Return what the plain reporter writes for a run."""
    lines: list[str] = []
    reporter = PlainReporter(lines.append, style)
    for event in events:
        reporter.add(event)
    reporter.pause()
    reporter.end(fold(events))
    return "\n".join(lines)


def test_a_release(released: list[Event]) -> None:
    """A release reads as steps, warnings, what was released, and why."""
    assert printed(released) == (
        "workflow release: 4 steps\n"
        "  on main at aaaaaaaaa, origin https://example.invalid/demo.git\n"
        "    version_bump: found VERSION\n"
        "  ✓ version_bump  0.25 s\n"
        "  – readme_update  0.01 s\n"
        "      no README\n"
        "  ✓ commit  1.50 s\n"
        "  ✓ push  2.00 s, attempt 2\n"
        "  ! the changelog was edited by hand\n"
        "    look at it\n"
        "\n"
        "✓ Released 1.2.0  (was 1.1.0, minor)\n"
        "    tag     v1.2.0\n"
        "    commit  ccccccccc  chore(release): 1.2.0\n"
        "    pushed  origin main  https://example.invalid/demo.git\n"
        "\n"
        "  Why\n"
        "    1111111  minor  feat: add exports  feat is minor\n"
        "    2222222  none   docs: mend a link  docs bumps nothing"
    )


def test_a_plan(planned: list[Event]) -> None:
    """A plan shows version, reasons, diffs, commit, tag, push target and the steps that would follow."""
    assert printed(planned).partition("\n\n")[2] == (
        "Plan  1.1.0 → 1.2.0  (minor)\n"
        "  on main at aaaaaaaaa, clock 2026-01-31T12:00:00Z, vwmp-1\n"
        "\n"
        "  Why\n"
        "    1111111  minor  feat: add exports  feat is minor\n"
        "    2222222  none   docs: mend a link  docs bumps nothing\n"
        "\n"
        "  Files\n"
        "    M VERSION\n"
        "      --- a/VERSION\n"
        "      +++ b/VERSION\n"
        "      @@ -1 +1 @@\n"
        "      -1.1.0\n"
        "      +1.2.0\n"
        "\n"
        "  Commit\n"
        "    author Ann <ann@example.invalid>\n"
        "    ccccccccc  chore(release): 1.2.0\n"
        "\n"
        "               body\n"
        "\n"
        "  Tags\n"
        "    v1.2.0  annotated\n"
        "      Release v1.2.0: exports\n"
        "\n"
        "      vwmp-1\n"
        "\n"
        "  Push\n"
        "    origin main  https://example.invalid/demo.git  with v1.2.0  (the remote was not asked)\n"
        "\n"
        "  Not run by a plan, in this order\n"
        "    push  demo.push\n"
        "\n"
        "  → vwmp-release run does this"
    )


def test_a_failure(failed: list[Event]) -> None:
    """A failure says what, why, where, that it was undone, and what to do next."""
    assert printed(failed).partition("0.25 s\n")[2] == (
        "  ✗ commit  0.50 s\n"
        "      the hook refused\n"
        "      line two\n"
        "      src/a.py:3:7: error: lint: bad line\n"
        "      warning: odd\n"
        "\n"
        "✗ Failed at step commit\n"
        "    step commit failed: the hook refused\n"
        "    Everything is as it was before.\n"
        "  → run the hook by hand"
    )


def test_quiet(released: list[Event], failed: list[Event], planned: list[Event]) -> None:
    """A quiet run says warnings and how it ended; a quiet failure still says why."""
    quiet = Style(level=-1)
    assert printed(released, quiet).splitlines() == [
        "  ! the changelog was edited by hand",
        "    look at it",
        "✓ Released 1.2.0  (was 1.1.0, minor)",
    ]
    assert "the hook refused" in printed(failed, quiet)
    assert "Everything is as it was before." in printed(failed, quiet)
    assert printed(planned, quiet).splitlines()[1:] == [
        "Plan  1.1.0 → 1.2.0  (minor)",
        "  on main at aaaaaaaaa, clock 2026-01-31T12:00:00Z, vwmp-1",
    ]


def test_verbose(released: list[Event]) -> None:
    """A verbose run names id, clock, each step's begin, the seal and the push."""
    text = printed(released, Style(level=1))
    for part in ("vwmp-1  2026-01-31 12:00:00 UTC", "· version_bump (demo.version_bump)", "sealed ccccccccc: 1 file",
                 "published origin"):  # fmt: skip
        assert part in text


def test_at_most_a_hundred_log_lines(make_events: Callable[..., list[Event]]) -> None:
    """A flood of log lines is cut once at the usual level, and shown with -v."""
    events = make_events(*(StepLine("commit", f"line {n}") for n in range(300)), finished=RunFinished("done", 0))
    assert printed(events).count("commit: line") == 100
    assert printed(events).count("-v shows them") == 1
    assert printed(events, Style(level=1)).count("commit: line") == 300
    assert printed(events, Style(level=-1)).count("commit: line") == 0


def step(make_view: Callable[..., StepView], outcome: Any, conclusion: Any, **values: Any) -> StepReport:
    """Return a step that ended."""
    return StepReport(make_view("one"), outcome, conclusion, **values)


def test_steps(make_view: Callable[..., StepView]) -> None:
    """Each outcome has its mark; a failed optional step says that the run goes on."""
    tolerated = console.step_lines(step(make_view, "failed", "success", reason="no net", attempts=1), PLAIN)
    assert tolerated == ["  ! one  0.00 s", "      no net", "      it is optional: the run goes on"]
    assert console.step_lines(step(make_view, "disabled", "not-run"), PLAIN) == ["  – one  disabled"]
    disabled = step(make_view, "disabled", "skipped", reason="disabled")
    assert console.step_lines(disabled, PLAIN) == ["  – one  disabled"]
    not_run = step(make_view, "not-run", "not-run", reason="why")
    assert console.step_lines(not_run, PLAIN) == ["  · one  not run: why"]
    assert console.step_lines(step(make_view, "success", "success"), Style(level=-1)) == []


def test_steps_after_nothing_to_do(make_view: Callable[..., StepView]) -> None:
    """What does not run because there is nothing to do is left out, but for a verbose report."""
    idle = step(make_view, "not-run", "not-run", reason=NOTHING_TO_DO)
    assert console.step_lines(idle, PLAIN) == []
    assert console.step_lines(idle, Style(level=1)) == ["  · one  not run: there is nothing to do"]


def test_retry_line() -> None:
    """A retry names the next attempt, the wait and the last error."""
    line = console.lines(StepRetried("push", 1, 1.5, "timeout\nlong"), PLAIN)
    assert line == ["    push: attempt 2 in 1.5 s, the last one failed: timeout\\nlong"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"status": "nothing", "reason": "no commits", "details": ("a: docs",)},
         ["", "– Nothing to release", "    no commits", "    a: docs"]),
        ({"status": "nothing", "exit_status": 3, "undone": True}, ["", "– Nothing to release"]),
        ({"status": "nothing", "reason": "nothing to release: no commits", "details": ("no commits",)},
         ["", "– Nothing to release", "    no commits"]),
        ({"status": "done", "workflow": "docs"}, ["", "✓ Workflow docs done"]),
        ({"status": "blocked", "exit_status": 4, "undone": True, "reason": "dirty", "hint": "commit\nor stash"},
         ["", "✗ Blocked", "    dirty", "    Everything is as it was before.", "  → commit", "    or stash"]),
        ({"status": "failed", "exit_status": 1, "workspace": "in_place"},
         ["", "✗ Failed", "    Nothing was undone: this workflow works in your files."]),
        ({"status": "interrupted", "exit_status": 130, "reason": "interrupted"}, ["", "✗ Interrupted"]),
        ({"status": "in-doubt", "exit_status": 6}, ["", "! In doubt", "  → look with `git ls-remote`, then run again"]),
        ({"status": "superseded", "reason": "v2 is there"},
         ["", "– Superseded by another run", "    v2 is there"]),
        ({"status": "released", "version": "2.0", "branch": "main", "tag": "v2.0"},
         ["", "✓ Released 2.0", "    tag     v2.0", "    pushed  no, only here",
          "  → git push --atomic origin main"]),
        ({"status": "released", "version": "2.0", "reason": "interrupted, after it"},
         ["", "✓ Released 2.0", "    pushed  no, only here", "    interrupted, after it"]),
        ({"status": "refused", "exit_status": 5, "hint": "x", "problems": (Problem("p", "w", Place("f", 1), "h"),)},
         ["", "✗ The remote refused the release", "    f:1: w: p", "        h"]),
    ],
)  # fmt: skip
def test_endings(values: dict[str, Any], expected: list[str]) -> None:
    """Each status has its own words, and a next step where there is one."""
    assert console.ending(Report(**values), PLAIN) == expected


def test_many_packages_and_commits() -> None:
    """Several packages are listed; of many commits the first are shown and the rest counted."""
    packages = ({"name": "a", "old_version": "1", "new_version": "2"}, {"name": "b", "new_version": "1"})
    why = tuple(Why(str(n), f"fix: {n}", level="patch") for n in range(20))
    report = Report(status="released", version="2", packages=packages, why=why)
    text = "\n".join(console.ending(report, PLAIN))
    assert "package  a 1 to 2" in text
    assert "package  b 1" in text
    assert "… and 8 more, -v shows them" in text
    assert "more" not in "\n".join(console.ending(report, Style(level=1)))
    assert "    a  1 → 2" in plan_text.lines(replace(report, status="planned"), PLAIN)


def test_plan_variants(make_view: Callable[..., StepView], planned: list[Event]) -> None:
    """A plan says when nothing is pushed or no remote is known; in place it lists the steps."""
    report = fold(planned)
    assert "    nothing is pushed" in plan_text.lines(replace(report, push=Push()), PLAIN)
    assert "    unknown: there is no remote" in plan_text.lines(replace(report, push=Push(wanted=True)), PLAIN)
    asked = replace(report, push=replace(report.push, asked=True, branch=""), previous_version="")
    assert "    origin (branch unknown)  https://example.invalid/demo.git  with v1.2.0" in plan_text.lines(asked, PLAIN)
    steps = (
        StepReport(make_view("lint"), "not-run", "not-run"),
        StepReport(make_view("ship", "remote", after=("lint",), required=False), "not-run", "not-run"),
        StepReport(make_view("off", enabled=False), "disabled", "not-run"),
    )
    warned = (Warned("odd", "mend it"),)
    place = Report(
        status="planned", workflow="docs", workspace="in_place", steps=steps, warnings=warned, details=("d",)
    )
    assert plan_text.lines(place, PLAIN) == [
        "", "Plan  workflow docs", "  It works in your files; a plan of it runs nothing. Its steps, in order:",
        "    lint  demo.lint, workspace", "    ship  demo.ship, remote, optional, after lint",
        "    off  demo.off, workspace, disabled", "", "  Warnings", "    ! odd", "      mend it", "", "    d", "",
        "  → vwmp-release run docs does this",
    ]  # fmt: skip


def test_heads_of_diffs_are_not_repeated() -> None:
    """git's own head lines are left out, mode lines and content stay."""
    diff = "diff --git a/x b/x\nold mode 100644\nindex 1..2\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-index \n+diff --git \n"
    shown = list(plan_text.diff_lines(FileChange("x", "mode", diff), PLAIN))
    assert [line.strip() for line in shown] == [
        "M x", "old mode 100644", "--- a/x", "+++ b/x", "@@ -1 +1 @@", "-index", "+diff --git",
    ]  # fmt: skip


def test_colours_and_symbols(planned: list[Event], released: list[Event]) -> None:
    """Colour is escape codes only: without them the text is the same; ASCII streams get ASCII marks."""
    import re

    for events in (planned, released):
        coloured = printed(events, Style(colour=True))
        assert "\x1b[32m" in coloured
        assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == printed(events)
        assert printed(events, Style(symbols=False)).isascii()


HOSTILE = "x\x1b]0;title\x07\r\n::error::y\u202e##[error]z\x9b2J"


def test_hostile_text_everywhere(make_events: Callable[..., list[Event]], make_view: Callable[..., StepView]) -> None:
    """Whatever a plugin, a commit or a remote says, no control character reaches the console."""
    report = step(
        make_view, "failed", "failed", reason=HOSTILE, attempts=1, logs=(HOSTILE,),
        annotations=(Annotation(HOSTILE, "error", HOSTILE, 1, 1, HOSTILE),),
        output={"new_version": HOSTILE},
    )  # fmt: skip
    good = replace(report, outcome="success", output={
        "new_version": HOSTILE, "old_version": HOSTILE, "bump": HOSTILE, "tag": HOSTILE, "notes_file": HOSTILE,
        "commits": [{"short": HOSTILE, "subject": HOSTILE, "level": HOSTILE, "rule": HOSTILE}],
    })  # fmt: skip
    tag, change = TagRef(HOSTILE, HOSTILE, HOSTILE, HOSTILE), FileChange(HOSTILE, "added", f"+{HOSTILE}")
    seal = Seal(HOSTILE, HOSTILE, HOSTILE, ((HOSTILE, HOSTILE),), HOSTILE, (tag,), (change,))
    middle = [StepStarted(report.view), StepLine(HOSTILE, HOSTILE), StepRetried(HOSTILE, 1, 1, HOSTILE),
              StepFinished(report), StepFinished(good), Warned(HOSTILE, HOSTILE), Sealed(seal)]  # fmt: skip
    for status in ("released", "planned", "failed", "nothing"):
        finished = RunFinished(status, 0, HOSTILE, HOSTILE, details=(HOSTILE,))  # type: ignore[arg-type]
        text = printed(make_events(*middle, finished=finished), Style(level=1))
        assert not [char for char in text if (ord(char) < 32 and char != "\n") or 127 <= ord(char) < 160]
        assert "\u202e" not in text


def test_events_of_the_end_alone(released: list[Event]) -> None:
    """Sealed and Published are silent at the usual level; a report of an error is left to who catches it."""
    quiet = [event for event in released if isinstance(event, Sealed | Published)]
    assert [console.lines(event, PLAIN) for event in quiet] == [[], []]
    lines: list[str] = []
    PlainReporter(lines.append, PLAIN).end(Report(problems=(Problem("x"),)))
    PlainReporter(lines.append, PLAIN).end(None)
    assert lines == []
    assert closing(Report(status="done", workflow="w"), PLAIN)[1] == "✓ Workflow w done"
