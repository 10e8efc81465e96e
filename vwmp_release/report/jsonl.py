"""One JSON object a line for every event, for programs that follow a run."""

from __future__ import annotations

from typing import Any

from ..core.execution.events import Event
from .document import dump, plain


def name(event: Event) -> str:
    """Return an event's name, e.g. `step-finished`.

    Args:
        event: The event.
    """
    words = type(event).__name__
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in words).lstrip("-")


def to_dict(event: Event) -> dict[str, Any]:
    """Return an event as a mapping: its name under `event`, then its fields.

    Args:
        event: The event.
    """
    return {"event": name(event), **plain(event)}


def line(event: Event) -> str:
    """Return an event as one line of JSON, without the newline.

    Args:
        event: The event.
    """
    return dump(to_dict(event), indent=None)
