"""Workflow commands of GitHub Actions: annotations, groups, masks, and text that can forge none of them.

The runner takes `::name::` after any leading blanks, and the old form `##[name]` anywhere in a line
(actions/runner, ActionCommand.cs; CVE-2020-15228).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..core.execution.events import StepReport
from ..errors import Problem
from ..interfaces import Annotation
from ..support.redact import forms, secret_values, visible
from .model import Report

_SHOWN = 10
"""Annotations of a kind that one step of a job shows."""
_LENGTH = 4096
"""Characters of an annotation that are shown."""


def escape_data(text: str) -> str:
    """Return text as the message of a command.

    Args:
        text: Text of any origin.
    """
    text = _defused(text)
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """Return text as the value of a command's property.

    Args:
        text: Text of any origin.
    """
    return escape_data(text).replace(":", "%3A").replace(",", "%2C")


def command(name: str, message: str = "", **properties: str | int | None) -> str:
    """Return a workflow command.

    Args:
        name: The command's name; ours, never text of others.
        message: Its message.
        **properties: Its properties; empty ones are left out.
    """
    given = ",".join(f"{key}={escape_property(str(value))}" for key, value in properties.items() if value)
    return f"::{name}{' ' if given else ''}{given}::{escape_data(message)}"


def annotation(item: Annotation) -> str:
    """Return the command for one finding.

    Args:
        item: The finding.
    """
    line = item.line if item.file else None
    return command(
        item.level, _cut(item.message), file=item.file, line=line, col=item.column if line else None, title=item.title
    )


def annotation_commands(report: Report) -> list[str]:
    """Return the commands for everything worth an annotation, at most ten of a kind.

    The problems of a report are left out: who prints the error that carried them annotates them.

    Args:
        report: The report after its last event.
    """
    return grouped([*_of_steps(report), *_of_warnings(report), *_of_ending(report)])


def grouped(items: Sequence[Annotation]) -> list[str]:
    """Return the commands for findings; the tenth of a kind lists those that would not be shown.

    Args:
        items: The findings, the most important of a kind first.
    """
    found: list[str] = []
    for level in ("error", "warning", "notice"):
        kind = list(dict.fromkeys(item for item in items if item.level == level))
        if len(kind) <= _SHOWN:
            found += [annotation(item) for item in kind]
            continue
        rest = kind[_SHOWN - 1 :]
        text = "\n".join(f"{_place(item)}{item.message.partition(chr(10))[0]}" for item in rest)
        found += [annotation(item) for item in kind[: _SHOWN - 1]]
        found.append(annotation(Annotation(text, kind[0].level, title=f"and {len(rest)} more")))
    return found


def masks(environ: Mapping[str, str]) -> list[str]:
    """Return the commands that make the runner mask the secrets of an environment, in their derived forms too.

    Args:
        environ: Environment variables.
    """
    values: dict[str, None] = {}
    for value in secret_values(environ):
        values.update(dict.fromkeys(form for form in forms(value) if form.isprintable()))
    escaped = (value.replace("%", "%25") for value in values)
    return [f"::add-mask::{value}" for value in escaped]


def harmless(line: str) -> str:
    """Return one line that the runner takes for text, also outside a guarded region; colours stay.

    Args:
        line: A line whose text was made visible before.
    """
    line = line.replace("\r", "\\r").replace("##[", "##\\[")
    bare = line.lstrip()
    return f"{line[: len(line) - len(bare)]}\\{bare}" if bare.startswith("::") else line


def _defused(text: str) -> str:
    return visible(text).replace("##[", "##\\[")


def _cut(text: str) -> str:
    return text if len(text) <= _LENGTH else f"{text[: _LENGTH - 1]}…"


def _place(item: Annotation) -> str:
    if not item.file:
        return f"{item.title}: " if item.title else ""
    return f"{item.file}:{item.line}: " if item.line else f"{item.file}: "


def of_problem(problem: Problem) -> Annotation:
    """Return a problem as a finding.

    Args:
        problem: The problem.
    """
    place = problem.place
    message = f"{problem.what}\n{problem.hint}" if problem.hint else problem.what
    return Annotation(
        message, "error", place.file if place else None, place.line or None if place else None,
        place.column or None if place else None, problem.where,
    )  # fmt: skip


def _of_steps(report: Report) -> Iterator[Annotation]:
    for step in report.steps:
        yield from step.annotations
    for step in report.failed:
        if step.conclusion == "success":
            yield Annotation(step.reason or "failed", "warning", title=f"{step.view.name} failed (optional)")
        elif not any(item.level == "error" for item in step.annotations):
            yield _failed(step)


def _failed(step: StepReport) -> Annotation:
    return Annotation(step.reason or "failed", "error", title=f"{step.view.name} failed")


def _of_warnings(report: Report) -> Iterator[Annotation]:
    for warning in report.warnings:
        text = f"{warning.message}\n{warning.hint}" if warning.hint else warning.message
        yield Annotation(text, "warning", title="vwmp-release")


def _of_ending(report: Report) -> Iterator[Annotation]:
    words = {"blocked": "Blocked", "refused": "The remote refused the release", "in-doubt": "In doubt"}
    if report.exit_status and not report.problems and not any(step.conclusion == "failed" for step in report.failed):
        text = f"{report.reason}\n{report.hint}" if report.hint else report.reason
        yield Annotation(text or report.status, "error", title=words.get(report.status, "vwmp-release"))
    elif report.status == "nothing" and report.reason:
        yield Annotation(report.reason, "notice", title="Nothing to release")
    elif report.status == "superseded":
        yield Annotation(report.reason or "another run released first", "notice", title="Superseded")
    elif report.status == "released":
        yield Annotation(report.summary or f"tag {report.tag}", "notice", title=f"Released {report.version}")
