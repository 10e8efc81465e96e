"""Reads findings with places out of a validator's output."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any, Literal, NamedTuple

from vwmp_release.interfaces import Annotation

Level = Literal["error", "warning", "notice"]

_LEVELS: dict[str, Level] = {
    "error": "error", "fatal": "error", "fatal error": "error", "critical": "error", "high": "error", "2": "error",
    "warning": "warning", "warn": "warning", "medium": "warning", "1": "warning",
    "note": "notice", "notice": "notice", "info": "notice", "information": "notice", "hint": "notice",
    "low": "notice", "debug": "notice", "0": "notice",
}  # fmt: skip
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_PLACED = re.compile(
    r"(?P<file>(?:[A-Za-z]:[\\/])?[^:\s][^:]*):(?P<line>\d{1,9}):(?:(?P<column>\d{1,9}):)?[ \t]+"
    r"(?:(?P<level>fatal error|error|fatal|warning|warn|note|notice|info|hint)[ \t]*:[ \t]*)?(?P<message>\S.*)",
    re.IGNORECASE,
)
_COMMAND = re.compile(
    r"::(?P<level>error|warning|notice)(?:[ \t]+(?P<properties>.*?))?::(?P<message>.*)", re.IGNORECASE
)
_ESCAPES = {"%25": "%", "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}
_ESCAPE = re.compile("%25|%0D|%0A|%3A|%2C", re.IGNORECASE)
_DATA_ESCAPE = re.compile("%25|%0D|%0A", re.IGNORECASE)
_MAX_LINE = 20_000
_MAX_MESSAGE = 4_000


class Finding(NamedTuple):
    """A finding as a line says it; level and places are empty where the line does not give them."""

    message: str
    level: Level | None = None
    file: str = ""
    line: int | None = None
    column: int | None = None
    title: str = ""


def findings(lines: Iterable[str], roots: Iterable[Path], *, otherwise: Level) -> Iterator[Annotation]:
    """Yield the findings in a validator's output, in order.

    Args:
        lines: Its lines.
        roots: Folders that paths are made relative to; relative paths are taken as they are.
        otherwise: The level of findings that name none.
    """
    bases = tuple(dict.fromkeys(base for root in roots for base in (root, root.resolve())))
    for raw in lines:
        found = _finding(_COLOUR.sub("", raw).strip(), bases) if len(raw) <= _MAX_LINE else None
        if found:
            yield _annotation(found, bases, otherwise)


def _finding(line: str, bases: tuple[Path, ...]) -> Finding | None:
    if line.startswith("::"):
        return _command(line)
    if line.startswith("{") and line.endswith("}"):
        return _json(line)
    match = _PLACED.fullmatch(line)
    if match is None or not (match["level"] or (match["column"] and _is_path(match["file"], bases))):
        return None
    level = _LEVELS.get((match["level"] or "").lower())
    return Finding(match["message"], level, match["file"], _number(match["line"]), _number(match["column"]))


def _is_path(text: str, bases: tuple[Path, ...]) -> bool:
    """Tell `src/a.py:1:2: text` from `12:30:45: text`."""
    return bool(re.search(r"[\\/]|\.[A-Za-z]\w*$", text)) or any((base / text).is_file() for base in bases)


def _command(line: str) -> Finding | None:
    match = _COMMAND.fullmatch(line)
    if match is None:
        return None
    given: dict[str, str] = {}
    for part in (match["properties"] or "").split(","):
        name, _, value = part.partition("=")
        given[name.strip().lower()] = _ESCAPE.sub(lambda found: _ESCAPES[found[0].upper()], value)
    message = _DATA_ESCAPE.sub(lambda found: _ESCAPES[found[0].upper()], match["message"])
    place = _number(given.get("line")), _number(given.get("col"))
    level = _LEVELS[match["level"].lower()]
    return Finding(message, level, given.get("file", ""), *place, given.get("title", ""))


def _json(line: str) -> Finding | None:
    import json  # lazily: most validators print no JSON

    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return None
    place = {**data, **data["location"]} if isinstance(data.get("location"), dict) else data
    message = _first(data, "message", "text", "msg", "description")
    file = _first(place, "file", "path", "filename", "filePath", "file_path")
    level = _LEVELS.get(_first(data, "level", "severity", "type").lower())
    if not message or not (file or level):
        return None
    row, column = _first(place, "line", "row", "lineNumber", "line_number"), _first(place, "column", "col")
    title = _first(data, "title", "code", "rule", "ruleId")
    return Finding(message, level, file, _number(row), _number(column), title)


def _first(data: Mapping[str, Any], *keys: str) -> str:
    for key in keys:
        value = data.get(key)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value):
            return str(value)
    return ""


def _number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text) and int(text) > 0 else None


def _annotation(found: Finding, bases: tuple[Path, ...], otherwise: Level) -> Annotation:
    file = _relative(found.file, bases) if found.file else None
    message = found.message
    if found.file and file is None:
        message = f"{found.file}:{found.line}: {message}" if found.line else f"{found.file}: {message}"
    shown = message if len(message) <= _MAX_MESSAGE else message[: _MAX_MESSAGE - 1] + "…"
    placed = file is not None
    return Annotation(
        shown,
        found.level or otherwise,
        file,
        found.line if placed else None,
        found.column if placed else None,
        found.title,
    )


def _relative(text: str, bases: tuple[Path, ...]) -> str | None:
    if not text.isprintable():
        return None
    path = PurePath(text)
    if path.is_absolute():
        inner = next((path.relative_to(base) for base in bases if path.is_relative_to(base)), None)
        return _plain(inner) if inner else None
    return _plain(path)


def _plain(path: PurePath) -> str | None:
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and not parts:
            return None
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts) or None
