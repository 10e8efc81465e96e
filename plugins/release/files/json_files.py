"""JSON files: the key `version` of the outermost object."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vwmp_release.support.textfile import TextFile

from .match import Match

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)


def strings(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the keys of the outermost object whose values are strings, with start and end of the value's characters.

    Args:
        text: JSON.
    """
    stack: list[str] = []
    key = ""
    before = ""
    for match in _TOKEN.finditer(text, 1 if text.startswith("\ufeff") else 0):
        word = match[0]
        if word in "{[":
            stack.append(word)
        elif word in "}]":
            stack = stack[:-1]
        elif stack == ["{"] and word[0] == '"':
            if before == ":":
                yield key, match.start() + 1, match.end() - 1
            else:
                key = word[1:-1]
        before = word


def find(file: TextFile) -> list[Match]:
    """Find the version of a `package.json` and its like.

    Args:
        file: The file.
    """
    found = (span for span in strings(file.text) if span[0] == "version")
    return [Match(start, end, file.text[start:end], 'the key "version"') for _, start, end in found]
