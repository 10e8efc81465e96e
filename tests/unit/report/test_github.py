"""Workflow commands: escaping, grouping, masks, and text that tries to forge them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from vwmp_release.core.execution.events import (
    Event,
    StepReport,
    StepView,
)
from vwmp_release.errors import Place, Problem
from vwmp_release.interfaces import Annotation
from vwmp_release.report import github
from vwmp_release.report.model import Report
from vwmp_release.report.summary import fold

Commands = Callable[[str], list[str]]


def test_hostile_text_forges_no_annotation(hostile: str, hostile_report: Report, commands_in: Commands) -> None:
    """Each annotation is one line and one command of ours, whatever stands in it."""
    problem = github.of_problem(Problem(hostile, hostile, Place(hostile, 1), hostile))
    for line in [*github.annotation_commands(hostile_report), github.annotation(problem)]:
        assert not re.search(r"[\r\n\x00-\x08\x0b-\x1f\x7f-\x9f]", line)
        assert commands_in(line)[0] in ("error", "warning", "notice")
        assert "##[" not in line
        head = line[2:].partition("::")[0]
        assert set(re.findall(r"(?:^\w+ |,)(\w+)=", head)) <= {"file", "line", "col", "title"}


def test_command_escaping() -> None:
    """Messages escape percent, CR and LF; properties also colon and comma; empty properties are left out."""
    assert github.command("error", "100% a\nb", file="a,b:c", line=3, col=None, title="") == (
        "::error file=a%2Cb%3Ac,line=3::100%25 a%0Ab"
    )
    assert github.command("group", "x") == "::group::x"
    assert github.annotation(Annotation("m", "notice", None, 5, 6)) == "::notice::m"


def test_more_than_ten_annotations() -> None:
    """Of more than ten of a kind the tenth lists the rest; doubles count once; other kinds are not touched."""
    items = [Annotation(f"m{n}\nmore", "error", "a.py", n) for n in range(1, 15)]
    items += [Annotation("m1\nmore", "error", "a.py", 1), Annotation("w", "warning"), Annotation("n", "notice")]
    found = github.grouped(items)
    errors = [line for line in found if line.startswith("::error")]
    assert len(errors) == 10
    assert "title=and 5 more" in errors[9]
    assert errors[9].endswith("::a.py:10: m10%0Aa.py:11: m11%0Aa.py:12: m12%0Aa.py:13: m13%0Aa.py:14: m14")
    assert len(found) == 12
    titled = github.grouped([Annotation("m", title=f"t{n}") for n in range(11)] + [Annotation("x", file="f")])
    assert titled[9].endswith("t9: m%0At10: m%0Af: x")
    assert len(github.annotation(Annotation("x" * 9000))) < 4200


def test_annotations_of_a_run(released: list[Event], failed: list[Event], make_view: Callable[..., StepView]) -> None:
    """Findings, failed steps, warnings and the ending are annotated, each once."""
    assert github.annotation_commands(fold(released)) == [
        "::warning title=vwmp-release::the changelog was edited by hand%0Alook at it",
        "::notice title=Released 1.2.0::add exports",
    ]
    assert github.annotation_commands(fold(failed)) == [
        "::error file=src/a.py,line=3,col=7,title=lint::bad line",
        "::warning::odd",
    ]
    steps = (
        StepReport(make_view("a"), "failed", "success", reason="flaky"),
        StepReport(make_view("b"), "failed", "failed", reason="broken"),
    )
    assert github.annotation_commands(Report(status="failed", exit_status=1, steps=steps)) == [
        "::error title=b failed::broken",
        "::warning title=a failed (optional)::flaky",
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"status": "blocked", "exit_status": 4, "reason": "dirty", "hint": "commit"},
         "::error title=Blocked::dirty%0Acommit"),
        ({"status": "interrupted", "exit_status": 130}, "::error title=vwmp-release::interrupted"),
        ({"status": "nothing", "reason": "no commits"}, "::notice title=Nothing to release::no commits"),
        ({"status": "superseded"}, "::notice title=Superseded::another run released first"),
        ({"status": "released", "version": "2", "tag": "v2"}, "::notice title=Released 2::tag v2"),
    ],
)  # fmt: skip
def test_annotation_of_the_ending(values: dict[str, Any], expected: str) -> None:
    """How a run ended is an annotation of its own where no step says it."""
    assert github.annotation_commands(Report(**values)) == [expected]


def test_annotation_of_a_problem() -> None:
    """A problem is annotated with place, name and fix by who prints it, so a report leaves it out."""
    problem = Problem("w", "k", Place("f", 1, 2), "h")
    assert github.annotation(github.of_problem(problem)) == "::error file=f,line=1,col=2,title=k::w%0Ah"
    assert github.annotation(github.of_problem(Problem("w"))) == "::error::w"
    assert github.annotation_commands(Report(status="failed", exit_status=2, problems=(problem,))) == []


def test_masks() -> None:
    """Every printable form of each secret, and each line of a long one, is given to the runner to mask."""
    found = github.masks({"A_TOKEN": "s3cret/%x", "B_KEY": "line one\nline two", "HOME": "/home/me"})
    assert "::add-mask::s3cret/%25x" in found
    assert "::add-mask::s3cret%252F%2525x" in found
    assert {"::add-mask::line one", "::add-mask::line two"} <= set(found)
    assert not any("\n" in line or "/home/me" in line for line in found)
