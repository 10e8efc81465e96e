"""The reporter for runners: groups, guarded regions, files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from vwmp_release.core.execution.events import (
    Event,
    StepFinished,
    StepLine,
    StepReport,
    StepStarted,
    StepView,
    Warned,
)
from vwmp_release.report import github
from vwmp_release.report.github_reporter import GithubReporter
from vwmp_release.report.model import Report
from vwmp_release.report.style import Style
from vwmp_release.report.summary import fold

Commands = Callable[[str], list[str]]
Counted = Callable[[], Callable[[], str]]
Reader = Callable[[str], dict[str, str]]


def test_hostile_text_forges_no_command(
    hostile: str, hostile_report: Report, commands_in: Commands, counted: Counted, make_view: Callable[..., StepView]
) -> None:
    """What a step says is taken for text, inside the guarded region and also without it."""
    lines: list[str] = []
    reporter = GithubReporter(lines.append, Style(), {}, counted())
    text = hostile
    view = replace(make_view("one"), name=text)
    reporter.add(StepStarted(view))
    for part in (text, *text.splitlines()):
        reporter.add(StepLine("one", part))
    reporter.add(StepFinished(StepReport(view, "failed", "failed", reason=text, logs=(text,))))
    reporter.add(Warned(text, text))
    reporter.end(replace(hostile_report, steps=()))
    printed = "\n".join(lines)
    assert set(commands_in(printed)) <= {"group", "endgroup", "error", "warning", "notice"}
    unguarded = [line for line in lines if not line.startswith("::")]
    assert commands_in("\n".join(unguarded)) == []
    assert commands_in("\n".join(github.harmless(line) for line in text.split("\n"))) == []


def test_groups_never_nest(counted: Counted, make_view: Callable[..., StepView]) -> None:
    """Steps that run at the same time get their groups one after the other, lines kept together."""
    lines: list[str] = []
    reporter = GithubReporter(lines.append, Style(), {}, counted())
    one, two = make_view("one"), make_view("two")
    for event in (StepStarted(one), StepStarted(two), StepLine("two", "b"), StepLine("one", "a"),
                  StepFinished(StepReport(one, "success", "success")),
                  StepFinished(StepReport(two, "success", "success"))):  # fmt: skip
        reporter.add(event)
    reporter.pause()
    reporter.end(None)
    assert lines == [
        "::group::one", "::stop-commands::1", "    one: a", "::1::", "::endgroup::",
        "::stop-commands::2", "  ✓ one", "::2::",
        "::group::two", "::stop-commands::3", "    two: b", "::3::", "::endgroup::",
        "::stop-commands::4", "  ✓ two", "::4::",
    ]  # fmt: skip


def test_an_open_group_is_closed(counted: Counted, make_view: Callable[..., StepView]) -> None:
    """A run that ends in the middle of a step leaves neither a group nor a region open."""
    lines: list[str] = []
    reporter = GithubReporter(lines.append, Style(), {}, counted())
    reporter.add(StepStarted(make_view("one")))
    reporter.add(StepLine("one", "a"))
    reporter.end(None)
    assert lines[-2:] == ["::1::", "::endgroup::"]


def test_files_of_the_runner(counted: Counted, read: Reader, tmp_path: Path, planned: list[Event]) -> None:
    """Outputs and summary are appended, what stands there already stays."""
    outputs, summary = tmp_path / "out", tmp_path / "summary"
    outputs.write_text("before=1\n")
    environ = {"GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(summary), "A_TOKEN": "opensesame"}
    lines: list[str] = []
    reporter = GithubReporter(lines.append, Style(), environ, counted(), document_file="/p.json", masks=True)
    for event in planned:
        reporter.add(event)
    reporter.end(fold(planned))
    text = outputs.read_text(encoding="utf-8")
    assert text.startswith("before=1\n")
    values = read(text.removeprefix("before=1\n"))
    assert (values["status"], values["plan-file"], values["report-file"]) == ("planned", "/p.json", "/p.json")
    assert summary.read_text(encoding="utf-8").startswith("## 📋 Would release <code>1&#46;2&#46;0</code>")
    assert "::add-mask::opensesame" in lines


def test_files_that_cannot_be_written(tmp_path: Path, counted: Counted, released: list[Event]) -> None:
    """A release that is out does not fail because the runner's file is gone: it is annotated."""
    lines: list[str] = []
    reporter = GithubReporter(lines.append, Style(), {"GITHUB_OUTPUT": str(tmp_path)}, counted())
    reporter.end(fold(released))
    assert lines[-1] == "::error::cannot write GITHUB_OUTPUT: Is a directory"
