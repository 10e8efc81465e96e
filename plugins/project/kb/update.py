"""Plans the edits of all documents of a release; nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from vwmp_release.support.textfile import Edit, TextFile, apply

from . import fields
from .completion import Read, completed
from .document import Document, Line, parse
from .entries import Entry, entries
from .fields import Field, field_in, names_of
from .forms import complete
from .ids import Key, tasks_in
from .release import Release


class Options(NamedTuple):
    """What may be written beside the tasks.

    Args:
        stories: Whether stories and epics are completed.
        last_updated: Whether `Last updated` fields are written.
    """

    stories: bool = True
    last_updated: bool = True


class Change(NamedTuple):
    """A document that changes.

    Args:
        name: Its path relative to the workspace.
        file: It, with its new text.
        completed: What it now shows as complete, in its order, each once.
    """

    name: str
    file: TextFile
    completed: tuple[Key, ...]


class Plan(NamedTuple):
    """What a release changes.

    Args:
        changes: The documents that change, in order.
        tasks: Released tasks that were marked, as the documents name them, in document order.
        unknown: Released tasks that stand in no document, as they were named.
    """

    changes: tuple[Change, ...]
    tasks: tuple[str, ...]
    unknown: tuple[str, ...]


def plan(files: Sequence[tuple[str, TextFile]], board: str, release: Release, options: Options) -> Plan:
    """Plan the edits.

    Args:
        files: The documents with their paths, the epic's first and the board last.
        board: Path of the board.
        release: What is released.
        options: What may be written.
    """
    documents = [(parse(file, name), name == board) for name, file in files]
    reads = [Read(document, tuple(entries(document)), is_board) for document, is_board in documents]
    keys: set[Key] = set(release.tasks)
    if options.stories:
        keys |= completed(reads, release.tasks)
    changes = [change for read in reads if (change := _change(read, reads, keys, release, options))]
    marked = dict.fromkeys(key for change in changes for key in change.completed if key in release.tasks)
    written: dict[Key, str] = {}
    for read in reads:
        written = tasks_in(read.document.file.text) | written
    known = {entry.key for read in reads for entry in read.entries}
    unknown = tuple(name for key, name in release.tasks.items() if key not in known)
    return Plan(tuple(changes), tuple(written.get(key, release.tasks[key]) for key in marked), unknown)


def _change(read: Read, reads: Sequence[Read], keys: set[Key], release: Release, options: Options) -> Change | None:
    sisters = [
        entry
        for other in reads
        if other is not read and len(other.document.key) == len(read.document.key)
        for entry in other.entries
        if entry.kind == "field" and entry.key == other.document.key
    ]
    edits: list[Edit] = []
    touched: list[Entry] = []
    for entry in read.entries:
        made = complete(entry, read.entries, sisters, release) if entry.key in keys else []
        edits += made
        touched += [entry] if made else []
    if not edits:
        return None
    edits += _fields(read.document, touched, release, options)
    after = apply(read.document.file, edits)
    return Change(read.document.name, after, tuple(dict.fromkeys(entry.key for entry in touched)))


def _fields(document: Document, touched: Sequence[Entry], release: Release, options: Options) -> list[Edit]:
    found = [(line, field) for line in document.lines if (field := field_in(line.text))]
    sections = {0, *(entry.line.section for entry in touched)}
    finished = {entry.line.section for entry in touched if entry.kind == "field"}
    names = names_of(document.file.text, set(release.tasks))
    edits: list[Edit] = []
    for line, field in found:
        if field.name == "completed" and line.section in finished:
            example = _example(found) if line.section else ""  # headers show the date
            edits += fields.completed(line, field, release, example)
        elif line.section not in sections:
            continue
        elif field.name == "last updated" and options.last_updated:
            edits += fields.last_updated(line, field, release, names)
        elif field.name == "version":
            edits += fields.version(line, field, release)
    return edits + _completion_dates(document, found, touched, release, options)


def _completion_dates(
    document: Document,
    found: Sequence[tuple[Line, Field]],
    touched: Sequence[Entry],
    release: Release,
    options: Options,
) -> list[Edit]:
    """Add a `Completed` field, date and version, where no field of the document would show when it was completed."""
    showing = {"completed", "last updated"} if options.last_updated else {"completed"}
    if any(field.name in showing for line, field in found if line.section == 0):
        return []
    for entry in touched:
        if entry.kind == "field" and entry.key == document.key and len(entry.key) < 3 and entry.line.section == 0:
            text = entry.line.text
            label = text[: entry.status.start if entry.status else 0].replace("Status", "Completed").rstrip()
            end = entry.line.start + len(text)
            blanks = text[len(text.rstrip()) :]
            has_version = any(field.name == "version" for line, field in found if line.section == 0)
            version = "" if has_version else f" (v{release.version})"
            return [Edit(end, end, f"{document.file.newline}{label} {release.date}{version}{blanks}")]
    return []


def _example(found: Sequence[tuple[Line, Field]]) -> str:
    said = (line.text[field.start : field.end] for line, field in found if field.name == "completed")
    return next((text for text in said if text.startswith("v")), "")
