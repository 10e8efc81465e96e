"""Status words, as task lines, tables and header fields write them."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple


class State(Enum):
    """What a status says."""

    OPEN = "open"
    DONE = "done"
    CLOSED = "closed"
    """Superseded or cancelled: never to be completed, and in nobody's way."""
    LASTING = "lasting"
    """Perpetual: never completed."""


_STATES = {
    "COMPLETE": State.DONE, "COMPLETED": State.DONE, "DONE": State.DONE, "PERPETUAL": State.LASTING,
    "SUPERSEDED": State.CLOSED, "CANCELLED": State.CLOSED, "CANCELED": State.CLOSED,
}  # fmt: skip
_MARK = r"[^\w\s\-–—→:|()\[\]{}<>*_~`'\",.;/\\#&+=!?]{1,4}"
_WORD = (
    r"(?i:TO ?DO|IN[ -]PROGRESS|NOT STARTED|IN REVIEW|PROPOSED|PENDING|PLANNED|BLOCKED|READY|DEFERRED"
    r"|COMPLETED?|DONE|PERPETUAL|SUPERSEDED|CANCELL?ED)"
)
_GROUP = r"\([^()]*(?:\([^()]*\)[^()]*)*\)"
_STATUS = (
    rf"(?P<text>(?:\*\*)?(?:(?P<mark>{_MARK})\s*)?(?:\*\*)?(?P<word>{_WORD})(?:\*\*)?(?:\s*{_MARK})?)"
    rf"(?:(?P<notes>(?:\s*+{_GROUP})+)(?=\s|$|[,;.|])|(?=\s*(?:$|[\[|,;.→(]|[-–—])))"
)
_AFTER = re.compile(rf"(?<!\s)(?P<separator>\s++[-–—:→]\s++|:\s++|\s++){_STATUS}")
_FIRST = re.compile(rf"(?P<separator>){_STATUS}")
_CHOICE = re.compile(r"\[(?:TODO|IN PROGRESS|COMPLETE)(?:\s*/[^\]]*)?\]")
_NOTE = re.compile(_GROUP)
_VERSION = re.compile(r"\((?P<bold>\**)(?P<v>v?)\d+(?:\.\d+)+")
_DATE = re.compile(r"\(\d{4}-\d{2}-\d{2}\)")
_PASSING = re.compile(
    r"\(\s*(?:(?:CRITICAL|HIGH|MEDIUM|LOW)\b.{0,20}|(?:blocked|after|depends|waiting|pending)\b.*|\**vX\..*)\)",
    re.IGNORECASE | re.DOTALL,
)
"""Notes that are about a task that is still open: its priority, what it waits for, a version to be filled in."""


class Status(NamedTuple):
    """A status where it stands.

    Args:
        start: Index of the separator before it.
        end: Index after its notes.
        separator: What stands between it and the title.
        text: The word with its emoji and bold marks.
        word: The word.
        marked: Whether an emoji stands before the word.
        notes: The groups in brackets that follow.
    """

    start: int
    end: int
    separator: str
    text: str
    word: str
    marked: bool
    notes: tuple[str, ...]

    @property
    def state(self) -> State:
        """What it says."""
        return _STATES.get(self.word.upper(), State.OPEN)

    @property
    def version_note(self) -> str:
        """The note that shows a version; empty where there is none."""
        return next((note for note in self.notes if _VERSION.match(note)), "")

    @property
    def dated(self) -> bool:
        """Whether a note is a date."""
        return any(_DATE.fullmatch(note) for note in self.notes)

    @property
    def lasting_notes(self) -> tuple[str, ...]:
        """The notes that stay true once the task is complete."""
        gone = (_VERSION, _DATE, _PASSING)
        return tuple(note for note in self.notes if not any(pattern.match(note) for pattern in gone))


def after(text: str, start: int) -> Status | None:
    """Return the status that follows a title.

    Args:
        text: A line.
        start: Index where its title, or the bold part of it, ends; a plain word counts only right there, after a
            dash, or with an emoji, so that a title may speak of `TODO`.
    """
    for match in _AFTER.finditer(text, start):
        if match.start() == start or match["mark"] or match["separator"].strip():
            return _status(match)
    return None


def at(text: str, start: int) -> Status | None:
    """Return the status that begins at an index; `[TODO/IN PROGRESS/COMPLETE]` of a template counts as open.

    Args:
        text: A line.
        start: Where it begins.
    """
    if choice := _CHOICE.match(text, start):
        return Status(start, choice.end(), "", choice[0], "TODO", False, ())
    match = _FIRST.match(text, start)
    return _status(match) if match else None


def version_form(note: str) -> str:
    """Return the form of a note that begins with a version: `(v{})`, `(**v{}**)`, `({})`; empty if it does not.

    Args:
        note: A group in brackets.
    """
    match = _VERSION.match(note)
    return f"({match['bold']}{match['v']}{{}}{match['bold']})" if match else ""


def _status(match: re.Match[str]) -> Status:
    notes = tuple(_NOTE.findall(match["notes"] or ""))
    mark = bool(match["mark"])
    return Status(match.start(), match.end(), match["separator"], match["text"], match["word"], mark, notes)
