"""What a document says of epics, stories and tasks: items of lists, rows of tables and `Status` fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from . import ids, status
from .document import Document, Line
from .fields import Field, field_in
from .ids import Key
from .status import State, Status

_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,4}[.)])\s+(?:\[(?P<box>[ xX])\]\s+)?(?=\S)")
_CELL = re.compile(r"(?<!\\)\|")
_BOLD = re.compile(r"\*\*|__")
_LINKS = re.compile(r"(?<!\s)\s++[-–—|·]\s+\[[^\]]*\]\([^()]*\)(?:\s*[|·,]\s*\[[^\]]*\]\([^()]*\))*$")
_LASTING = re.compile(r"\bPERPETUAL\b|\(Perpetual\b|\bPerpetual Task\b")
_CLOSED = re.compile(r"\bSUPERSEDED\b|\*\*~~|^\s*\S+ (?:\[.\] )?~~")
_NOTE_AT_END = re.compile(r"\([^()]*\)$")


class Entry(NamedTuple):
    """One place that shows the state of an epic, a story or a task; indices count in its line.

    Args:
        kind: `item` of a list, `row` of a table, or `field`.
        key: What it is about.
        style: The form of its name.
        state: What it says.
        line: The line.
        box: Index of the character in its box; -1 without one.
        status: Its status word; None where it has none.
        tail: Index where a marker is put when there is no status word.
        note: A version that it shows without a status word, in its brackets.
    """

    kind: str
    key: Key
    style: str
    state: State
    line: Line
    box: int = -1
    status: Status | None = None
    tail: int = 0
    note: str = ""


def entries(document: Document) -> list[Entry]:
    """Return every place of a document that shows a state, in order.

    Args:
        document: The document.
    """
    found: list[Entry] = []
    for line in document.lines:
        section = document.sections[line.section]
        field = field_in(line.text)
        if field and field.name == "status":
            found.extend(_field(line, field, section.key, section.heading))
        elif line.text.lstrip().startswith("|"):
            found.extend(_row(line, section.scope))
        elif item := _ITEM.match(line.text):
            found.extend(_item(line, item, section.scope))
    return found


def _field(line: Line, field: Field, key: Key, heading: str) -> Iterator[Entry]:
    found = status.at(line.text, field.start)
    if key and found:
        state = _kept(heading) or found.state
        yield Entry("field", key, "", state, line, status=found)


def _row(line: Line, scope: Key) -> Iterator[Entry]:
    bars = [match.start() for match in _CELL.finditer(line.text)]
    cells = [(begin + 1, end) for begin, end in pairwise(bars)]
    if not cells:
        return
    name = ids.leading(line.text[slice(*cells[0])].strip(), scope)
    for begin, end in cells[1:] if name else ():
        cell = line.text[begin:end]
        found = status.at(line.text, begin + len(cell) - len(cell.lstrip()))
        if name and found and not line.text[found.end : end].strip():
            yield Entry("row", name.key, name.style, found.state, line, status=found, tail=end)


def _item(line: Line, item: re.Match[str], scope: Key) -> Iterator[Entry]:
    text, begin = line.text, item.end()
    box = item.start("box")
    name = ids.leading(text[begin:], scope)
    if name is None:
        yield from _status_first(line, begin, box, scope)
        return
    found = status.after(text, _title_end(text, begin, begin + name.end))
    body = text.rstrip()
    links = _LINKS.search(body, begin + name.end)
    tail = links.start() if links else len(body)
    noted = _NOTE_AT_END.search(body, begin + name.end, tail)
    note = noted[0] if noted and found is None and status.version_form(noted[0]) else ""
    if box < 0 and found is None:
        return
    yield Entry("item", name.key, name.style, _state(text, box, found), line, box, found, tail, note)


def _status_first(line: Line, begin: int, box: int, scope: Key) -> Iterator[Entry]:
    """Read `- ✅ COMPLETE (2026-05-26) (v0.1.4.7+2) — [T07](link)`."""
    found = status.at(line.text, begin)
    link = re.compile(r"\s+[-–—]\s+(?=\[)").match(line.text, found.end) if found else None
    name = ids.leading(line.text[link.end() :], scope) if link else None
    if found and name:
        yield Entry("item", name.key, "", _state(line.text, box, found), line, box, found, found.end)


def _title_end(text: str, begin: int, name_end: int) -> int:
    opened = _BOLD.match(text, begin)
    closed = text.find(opened[0], name_end) if opened else -1
    return closed + 2 if closed >= 0 else name_end


def _state(text: str, box: int, found: Status | None) -> State:
    said = found.state if found else None
    if said in (State.CLOSED, State.LASTING):
        return said
    kept = _kept(text)
    if kept:
        return kept
    if box >= 0:
        return State.OPEN if text[box] == " " else State.DONE
    return said or State.OPEN


def _kept(text: str) -> State | None:
    if _LASTING.search(text):
        return State.LASTING
    return State.CLOSED if _CLOSED.search(text) else None
