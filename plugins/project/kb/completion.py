"""Which stories and epics are complete once the released tasks are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .document import Document
from .entries import Entry
from .ids import Key
from .status import State

_SETTLED = (State.DONE, State.CLOSED)


class Read(NamedTuple):
    """A document with its entries.

    Args:
        document: The document.
        entries: Its entries, in order.
        board: Whether it is the board, which shows only some of the tasks.
    """

    document: Document
    entries: tuple[Entry, ...]
    board: bool = False


def completed(reads: Sequence[Read], tasks: Iterable[Key]) -> set[Key]:
    """Return the stories and epics whose parts are all complete, among those that released tasks belong to.

    Args:
        reads: The documents.
        tasks: The released tasks.
    """
    done = set(tasks)
    stories = {key[:2] for key in done}
    found = {story for story in stories if _story_is_complete(reads, story, done)}
    done |= found
    return found | {epic for epic in {story[:1] for story in stories} if _epic_is_complete(reads, epic, done)}


def _story_is_complete(reads: Sequence[Read], story: Key, done: set[Key]) -> bool:
    own = [read for read in reads if read.document.key == story and _parts(read, story)]
    if any(entry.key == story and entry.state is State.LASTING for read in reads for entry in read.entries):
        return False
    base = own or [read for read in reads if not read.board and len(read.document.key) < 3]
    return _all_complete(base, story, done)


def _epic_is_complete(reads: Sequence[Read], epic: Key, done: set[Key]) -> bool:
    base = [read for read in reads if read.document.key == epic and not read.board]
    if not base:
        return False
    stories: set[Key] = {
        read.document.key for read in reads if len(read.document.key) == 2 and read.document.key[:1] == epic
    }
    stories |= {entry.key for read in base for entry in _parts(read, epic)}
    return bool(stories) and all(story in done or _is_settled(reads, base, story) for story in stories)


def _is_settled(reads: Sequence[Read], base: Sequence[Read], story: Key) -> bool:
    own = [
        entry
        for read in reads
        if read.document.key == story
        for entry in read.entries
        if entry.kind == "field" and entry.key == story
    ]
    said = [(read, entry) for read in base for entry in read.entries if entry.key == story]
    claims = [*own, *_deciding(said)]
    return bool(claims) and all(entry.state in _SETTLED for entry in claims)


def _all_complete(base: Sequence[Read], whole: Key, done: set[Key]) -> bool:
    said = [(read, entry) for read in base for entry in _parts(read, whole)]
    by_key: dict[Key, list[tuple[Read, Entry]]] = {}
    for read, entry in said:
        by_key.setdefault(entry.key, []).append((read, entry))
    return bool(by_key) and all(
        entry.state in _SETTLED or (entry.state is State.OPEN and key in done)
        for key, places in by_key.items()
        for entry in _deciding(places)
    )


def _deciding(places: list[tuple[Read, Entry]]) -> list[Entry]:
    """Return the places of a checklist, or all where no checklist names it: descriptions below are often behind."""
    listed = [entry for read, entry in places if read.document.sections[entry.line.section].checklist]
    return listed or [entry for _, entry in places]


def _parts(read: Read, whole: Key) -> list[Entry]:
    size = len(whole) + 1
    return [entry for entry in read.entries if len(entry.key) == size and entry.key[:-1] == whole]
