"""What a handler gave back, made safe: of the right form, and its own copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...interfaces import Annotation, StepResult, StepStatus

MAX_ERROR = 20_000
"""Characters of an error text that are kept."""
_ENDED = (StepStatus.SUCCESS, StepStatus.FAILED, StepStatus.SKIPPED)
_MAX_DEPTH = 100
_LEVELS = ("error", "warning", "notice")


def checked(result: Any, step_id: str) -> StepResult:
    """Return a well-formed copy of what a handler returned; a failed result says what was wrong with it.

    Args:
        result: What came back.
        step_id: The step.
    """
    wrong = _wrong(result)
    if wrong:
        return StepResult(step_id, StepStatus.FAILED, error=f"the handler {wrong}", permanent=True)
    error = None if result.error is None else str(result.error)[:MAX_ERROR]
    if result.status is StepStatus.FAILED and not error:
        error = "the handler gave no reason"
    kept = result.annotations if isinstance(result.annotations, list | tuple) else []
    return StepResult(
        step_id,
        result.status,
        output=None if result.output is None else _copied(result.output),
        error=error,
        logs=_texts(result.logs),
        annotations=[_annotation(item) for item in kept if isinstance(item, Annotation)],
        permanent=result.permanent is True,
    )


def copied(result: StepResult) -> StepResult:
    """Return a copy of a result whose output nobody else holds.

    Args:
        result: A well-formed result.
    """
    return replace(result, output=None if result.output is None else _copied(result.output))


def _wrong(result: Any) -> str:
    if not isinstance(result, StepResult):
        return f"returned {_kind(result)}, not a StepResult"
    if result.status not in _ENDED:
        status: Any = result.status
        return f"returned the status {getattr(status, 'value', None) or _kind(status)}"
    output: Any = result.output
    if output is not None and not isinstance(output, Mapping):
        return f"gave {_kind(output)} as output, not a mapping"
    if output is not None and not _is_flat(output, _MAX_DEPTH):
        return f"gave an output that is nested more than {_MAX_DEPTH} levels deep"
    return ""


def _is_flat(value: Any, levels: int) -> bool:
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return levels > 0 and all(_is_flat(item, levels - 1) for item in inner)


def _copied(value: Any) -> Any:
    """A copy that nobody else holds, with the containers of JSON."""
    if isinstance(value, Mapping):
        return {str(key): _copied(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_copied(item) for item in value]
    return value


def _texts(logs: Any) -> list[str]:
    if isinstance(logs, str):
        return logs.splitlines()
    if isinstance(logs, list | tuple):
        return [str(line) for line in logs]
    return [] if logs is None else [str(logs)]


def _annotation(item: Annotation) -> Annotation:
    return Annotation(
        message=str(item.message),
        level=item.level if item.level in _LEVELS else "error",
        file=None if item.file is None else str(item.file),
        line=_position(item.line),
        column=_position(item.column),
        title=str(item.title or ""),
    )


def _position(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _kind(value: Any) -> str:
    return "nothing" if value is None else f"a {type(value).__name__}"
