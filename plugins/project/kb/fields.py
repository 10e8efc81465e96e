"""Fields of a document such as `**Status:** TODO` and `**Last updated:** 2026-05-26 (v0.1.4.7+2 – text)`."""

from __future__ import annotations

import re
from typing import NamedTuple

from vwmp_release.support.textfile import Edit

from .document import Line
from .ids import Key, tasks_in
from .release import Release

_FIELD = re.compile(
    r"\s*(?:[-*+]\s+)?(?P<bold>\*\*|__)?(?P<name>Status|Completed|Last [Uu]pdated|Version)"
    r"(?P<close>:(?P=bold)|(?P=bold):|:)(?P<value>[ \t]*)"
)
_VERSION = r"\d+(?:\.\d+)+(?:[+-][0-9A-Za-z.+-]*)?"
_DATE = re.compile(r"\[?(?:\d{4}-\d{2}-\d{2}|YYYY-MM-DD)\]?")
_TIME = re.compile(r"(?P<before>[T ])\d{2}:\d{2}(?P<seconds>:\d{2})?(?= ?(?:UTC|Z)\b)")
_INNER = re.compile(rf"(?P<bold>\**)(?P<v>v?)(?P<version>{_VERSION}|X\.Y\S*)(?P=bold)(?P<join>\s+[-–—:]\s+|:\s+)?")
_PLAIN = re.compile(rf"(?P<tick>`?)(?P<v>v?)(?P<version>{_VERSION})\+?")
_NAMES = re.compile(r"(?P<label>(?:[A-Z]+:\s*)?)E\d{1,3}:?S\d{1,3}:?T\d{1,3}(?:,\s*E\d{1,3}:?S\d{1,3}:?T\d{1,3})*$")
_EMPTY = re.compile(r"(?:[-–—]|TBD|N/A|YYYY-MM-DD|\[[^\]]*\])?$")


class Field(NamedTuple):
    """A field in a line.

    Args:
        name: Its name, lower case.
        start: Index where its value begins.
        end: Index where its value ends; blanks at the end of the line are not part of it.
        separated: Whether a blank stands before the value.
    """

    name: str
    start: int
    end: int
    separated: bool


def field_in(text: str) -> Field | None:
    """Return the field that a line holds, among those that a release writes.

    Args:
        text: The line.
    """
    match = _FIELD.match(text)
    if match is None or (match["bold"] and match["close"] == ":"):
        return None
    end = len(text.rstrip())
    start = min(match.end(), max(end, match.start("value")))
    return Field(match["name"].lower(), start, end, start > match.start("value"))


def last_updated(line: Line, field: Field, release: Release, names: tuple[str, ...]) -> list[Edit]:
    """Return the edits of a `Last updated` field: date, version and text, each only where the form has it.

    Args:
        line: The field's line.
        field: The field.
        release: What is released.
        names: The released tasks as the document names them.
    """
    value = line.text[field.start : field.end]
    at = line.start + field.start
    edits: list[Edit] = []
    date = _DATE.match(value)
    rest = 0
    if date:
        edits.append(Edit(at, at + date.end(), release.date))
        time = _TIME.match(value, date.end())
        rest = date.end()
        if time:
            clock = release.time if time["seconds"] else release.time[:5]
            edits.append(Edit(at + time.start(), at + time.end(), time["before"] + clock))
    bracket = value.find("(", rest)
    if bracket >= 0 and value.endswith(")"):
        edits += _bracket(value[bracket + 1 : -1], at + bracket + 1, release, names)
    elif not date and (plain := _PLAIN.fullmatch(value)):
        edits.append(Edit(at + plain.start("v"), at + plain.end(), plain["v"] + release.version))
    return edits


def _bracket(inner: str, at: int, release: Release, names: tuple[str, ...]) -> list[Edit]:
    text = release.summary or (", ".join(names) + " complete" if names else "")
    head = _INNER.match(inner)
    if head:
        edits = [Edit(at + head.start("version"), at + head.end("version"), release.version)]
        if head["join"] and text:
            edits.append(Edit(at + head.end(), at + len(inner), text))
        return edits
    named = _NAMES.match(inner)
    if named:
        return [Edit(at + named.end("label"), at + len(inner), ", ".join(names))] if names else []
    return [Edit(at, at + len(inner), text)] if text else []


def version(line: Line, field: Field, release: Release) -> list[Edit]:
    """Return the edit of a `Version` field; a number of another kind (a document's own 1.0) is left alone.

    Args:
        line: The field's line.
        field: The field.
        release: What is released.
    """
    match = _PLAIN.match(line.text, field.start, field.end)
    if match is None:
        return []
    parts = match["version"].partition("+")[0].count(".")
    if not match["v"] and parts != release.version.partition("+")[0].count("."):
        return []
    return [Edit(line.start + match.start("version"), line.start + match.end(), release.version)]


def completed(line: Line, field: Field, release: Release, example: str) -> list[Edit]:
    """Return the edit of a `Completed` field that says nothing yet.

    Args:
        line: The field's line.
        field: The field.
        release: What is released.
        example: What another such field of the document says; its form is used.
    """
    if not _EMPTY.match(line.text[field.start : field.end]):
        return []
    value = release.date
    if example.startswith("v"):
        value = _DATE.sub(release.date, re.sub(rf"v{_VERSION}", lambda _: f"v{release.version}", example, count=1))
    blank = "" if field.separated else " "
    return [Edit(line.start + field.start, line.start + max(field.start, field.end), blank + value)]


def names_of(text: str, keys: set[Key]) -> tuple[str, ...]:
    """Return the names of tasks as a text writes them, in its order.

    Args:
        text: A document's text.
        keys: The tasks.
    """
    return tuple(name for key, name in tasks_in(text).items() if key in keys)
