"""Python modules: `__version__ = "…"` at the left margin, and the five lines of the scheme epic."""

from __future__ import annotations

import re

from vwmp_release.support.textfile import TextFile

from .match import Match
from .plain import find_parts

_TOKEN = re.compile(
    r"""
    ^(?P<name>__version__|VERSION_STRING)[ \t]*(?::[^=\n\#]+)?=[ \t]*
        (?P<quote>["'])(?P<version>[^"'\\\n]+)(?P=quote)(?=[ \t]*(?:[\#;\r\n]|\Z))
    | \#[^\n]*
    | (?:\"{3}(?:[^\\]|\\.)*?\"{3} | '{3}(?:[^\\]|\\.)*?'{3})
    | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
"""Assignments of a version; comments and strings are consumed, so that what stands in them is not found."""


def find(file: TextFile) -> list[Match]:
    """Find the assignments of literal versions that stand at the left margin.

    Indented ones are fallbacks of an `except` or an `if`, and stay. `VERSION_STRING` counts beside the five lines only.

    Args:
        file: The file.
    """
    parts = find_parts(file)
    start = 1 if file.text.startswith("\ufeff") else 0
    text = file.text[start:]  # so that a byte order mark does not hide the margin of the first line
    found = [
        Match(match.start("version") + start, match.end("version") + start, match["version"], match["name"])
        for match in _TOKEN.finditer(text)
        if match["name"] and (match["name"] == "__version__" or parts)
    ]
    return parts + found
