"""Finds strings in TOML 1.0 text by their path, with their place; nothing is parsed into values, nothing written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

Path = tuple[str, ...]

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BLANK = re.compile(r"[ \t]*")
_LINE = re.compile(r"[^\n]*\n?")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\r\n]*")
_STRING = re.compile(
    r'"{3}(?:[^\\]|\\.)*?"{3,5}|\'{3}.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'',
    re.DOTALL,
)
_DEEPEST = 60
"""Nesting of arrays and inline tables that is followed; what lies deeper is passed over."""


class Text(NamedTuple):
    """A string value: its keys from the outermost table, and start and end of its characters.

    An item of an array stands under the key `[]`, and so does a table of an array of tables.
    """

    path: Path
    start: int
    end: int


class _BadLine(Exception):
    """What stands here is no TOML; the scanner goes on with the next line."""


def strings(text: str) -> Iterator[Text]:
    """Yield every string value, in order; lines that are no TOML are passed over.

    Args:
        text: The file's text; a byte order mark is passed over.
    """
    table: Path = ()
    position = 1 if text.startswith("\ufeff") else 0
    while (position := _skip(_SPACE, text, position)) < len(text):
        try:
            if text[position] == "[":
                table, position = _header(text, position)
            else:
                key, position = _key(text, position)
                found: list[Text] = []
                position = _value(text, _expect(text, position, "="), table + key, found, 0)
                yield from found
        except _BadLine:
            position = _skip(_LINE, text, position)


def _skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def _expect(text: str, position: int, character: str) -> int:
    position = _skip(_BLANK, text, position)
    if not text.startswith(character, position):
        raise _BadLine
    return position + len(character)


def _header(text: str, position: int) -> tuple[Path, int]:
    brackets = 2 if text.startswith("[[", position) else 1
    path, position = _key(text, position + brackets)
    position = _expect(text, position, "]" * brackets)
    return (*path, "[]") if brackets == 2 else path, position


def _key(text: str, position: int) -> tuple[Path, int]:
    """Read a dotted key; its parts are compared as they are written, escapes included."""
    parts: list[str] = []
    while True:
        position = _skip(_BLANK, text, position)
        match = _STRING.match(text, position) or _BARE.match(text, position)
        if match is None:
            raise _BadLine
        parts.append(match[0][1:-1] if match[0][0] in "\"'" else match[0])
        position = _skip(_BLANK, text, match.end())
        if not text.startswith(".", position):
            return tuple(parts), position
        position += 1


def _value(text: str, position: int, path: Path, found: list[Text], depth: int) -> int:
    position = _skip(_BLANK, text, position)
    if text.startswith(("[", "{"), position):
        if depth > _DEEPEST:
            raise _BadLine
        return _items(text, position, path, found, depth + 1)
    match = _STRING.match(text, position)
    if match:
        quotes = 3 if match[0].startswith(('"""', "'''")) else 1
        found.append(Text(path, position + quotes, match.end() - quotes))
        return match.end()
    return _skip(_SCALAR, text, position)


def _items(text: str, position: int, path: Path, found: list[Text], depth: int) -> int:
    """Read an array or an inline table."""
    closing = "]" if text[position] == "[" else "}"
    position = _skip(_SPACE, text, position + 1)
    while not text.startswith(closing, position):
        key: Path = ("[]",)
        if closing == "}":
            key, position = _key(text, position)
            position = _expect(text, position, "=")
        position = _skip(_SPACE, text, _value(text, position, path + key, found, depth))
        if text.startswith(",", position):
            position = _skip(_SPACE, text, position + 1)
        elif not text.startswith(closing, position):
            raise _BadLine
    return position + 1
