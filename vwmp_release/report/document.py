"""The JSON documents: one for a run or a plan, one for an error; keys keep their order and their meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..core.execution.events import StepReport
from ..errors import Problem, VwmpError
from ..interfaces import Annotation
from .model import Report
from .summary import problems_of

SCHEMA = 1
"""Grows when a key changes its meaning or goes; new keys do not count."""

_WORDS = {4: "blocked", 5: "refused", 6: "in-doubt", 130: "interrupted"}


def to_dict(report: Report) -> dict[str, Any]:
    """Return the document of a run or a plan.

    Args:
        report: The report.

    Returns:
        Values that JSON can hold, in stable order; `plan` and `run` give the same keys.
    """
    return {**_ending(report), **_content(report)}


def _ending(report: Report) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "kind": report.command,
        "status": report.status,
        "exit_status": report.exit_status,
        "reason": report.reason,
        "hint": report.hint,
        "details": list(report.details),
        "undone": report.undone,
        "seconds": round(report.seconds, 3),
        "run": {"id": report.run_id, "clock": report.clock},
        "workflow": {"name": report.workflow, "type": report.type, "workspace": report.workspace},
    }


def _content(report: Report) -> dict[str, Any]:
    return {
        "branch": report.branch,
        "base": report.base,
        "version": report.version,
        "previous_version": report.previous_version,
        "bump": report.bump,
        "tag": report.tag,
        "previous_tag": report.previous_tag,
        "commit_sha": report.commit_sha,
        "summary": report.summary,
        "notes": report.notes,
        "notes_file": report.notes_file,
        "changelog": report.changelog,
        "packages": plain(report.packages),
        "why": [_fields(row) for row in report.why],
        "files": [_fields(change) for change in report.files],
        "commits": [{"id": object_id, "message": message} for object_id, message in report.commits],
        "author": report.author,
        "tags": [_fields(tag) for tag in report.tags],
        "push": _fields(report.push),
        "steps": [_step(step) for step in report.steps],
        "warnings": [_fields(warning) for warning in report.warnings],
        "annotations": [_annotation(annotation) for annotation in report.annotations],
        "problems": [problem_dict(problem) for problem in report.problems],
    }


def error_dict(error: VwmpError) -> dict[str, Any]:
    """Return the document of an error that no run reports.

    Args:
        error: The error; a configuration error gives each of its problems.
    """
    return {
        "schema": SCHEMA,
        "kind": "error",
        "status": _WORDS.get(error.exit_status, "failed"),
        "code": error.slug,
        "exit_status": error.exit_status,
        "problems": [problem_dict(problem) for problem in problems_of(error)],
    }


def problem_dict(problem: Problem) -> dict[str, Any]:
    """Return a problem as a document shows it.

    Args:
        problem: The problem.
    """
    place = problem.place
    return {
        "what": problem.what,
        "where": problem.where,
        "file": place.file if place else None,
        "line": place.line or None if place else None,
        "column": place.column or None if place else None,
        "hint": problem.hint,
    }


def plain(value: object) -> Any:
    """Return a value as JSON can hold it; what JSON does not know becomes its text.

    Args:
        value: A value of mappings, sequences, dataclasses and anything else.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if abs(value) != float("inf") and value == value else str(value)  # JSON has no NaN
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [plain(item) for item in value]
    if hasattr(type(value), "__dataclass_fields__"):
        return _fields(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)


def dump(document: Mapping[str, Any], *, indent: int | None = 2) -> str:
    """Return a document as JSON text; lone surrogates of odd file names are escaped.

    Args:
        document: What to write.
        indent: Spaces a level; None for one line.
    """
    import json  # lazily: console reports do without

    text = json.dumps(document, indent=indent, ensure_ascii=False)
    return text if text.isascii() or _encodes(text) else json.dumps(document, indent=indent)


def _encodes(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _fields(value: object) -> dict[str, Any]:
    return {name: plain(getattr(value, name)) for name in getattr(type(value), "__dataclass_fields__", ())}


def _step(step: StepReport) -> dict[str, Any]:
    view = step.view
    return {
        "id": view.id,
        "name": view.name,
        "handler": view.handler,
        "effect": view.effect,
        "required": view.required,
        "dependencies": list(view.dependencies),
        "outcome": step.outcome,
        "conclusion": step.conclusion,
        "reason": step.reason,
        "attempts": step.attempts,
        "seconds": round(step.seconds, 3),
        "annotations": [_annotation(annotation) for annotation in step.annotations],
        "logs": list(step.logs),
    }


def _annotation(annotation: Annotation) -> dict[str, Any]:
    return _fields(annotation)
