"""`setup.cfg`: the key `version` of the section `metadata`."""

from __future__ import annotations

import re

from vwmp_release.support.textfile import TextFile

from .match import Match

_LINE = re.compile(
    r"^(?:\[(?P<section>[^\]\r\n]+)\]|version[ \t]*[=:][ \t]*(?P<value>[^\s#;]+)(?=[ \t]*(?:[\r\n]|\Z|[ \t][#;])))",
    re.MULTILINE | re.IGNORECASE,
)


def find(file: TextFile) -> list[Match]:
    """Find the literal version; `attr:` and `file:` values are no targets, nor are continuation lines.

    Args:
        file: The file.
    """
    section = ""
    found = []
    start = 1 if file.text.startswith("\ufeff") else 0
    for line in _LINE.finditer(file.text[start:]):
        if line["section"]:
            section = line["section"].strip()
        elif section == "metadata" and not line["value"].endswith(":"):
            begin, end = line.span("value")
            found.append(Match(begin + start, end + start, line["value"], "[metadata] version"))
    return found
