"""Files that hold nothing but the version: `VERSION`, and the five lines of the scheme epic."""

from __future__ import annotations

import re

from vwmp_release.support.textfile import TextFile

from .match import Match

_LINE = re.compile(r"\s*v?(?P<version>[0-9][^\s#]*)\s*")
_PART = re.compile(
    r"^\ufeff?VERSION_(?P<name>RC|EPIC|STORY|TASK|BUILD)[ \t]*(?::[ \t]*\w+[ \t]*)?=[ \t]*(?P<number>[0-9]+)\b",
    re.MULTILINE,
)
_NAMES = ("RC", "EPIC", "STORY", "TASK", "BUILD")


def find(file: TextFile) -> list[Match]:
    """Find the version in a file of one line; a `v` before it is not part of it.

    Args:
        file: The file.
    """
    match = _LINE.fullmatch(file.text, 1 if file.text.startswith("\ufeff") else 0)
    return [Match(match.start("version"), match.end("version"), match["version"], "the only line")] if match else []


def find_parts(file: TextFile) -> list[Match]:
    """Find the five lines `VERSION_RC = 0` to `VERSION_BUILD = 1`.

    Args:
        file: The file.

    Returns:
        One match whose text is `RC.EPIC.STORY.TASK+BUILD`; none where a line is missing or stands twice.
    """
    found = {match["name"]: match for match in _PART.finditer(file.text)}
    if len(found) != len(_NAMES) or len(_PART.findall(file.text)) != len(_NAMES):
        return []
    ordered = [found[name] for name in _NAMES]
    numbers = [match["number"] for match in ordered]
    spans = tuple(match.span("number") for match in ordered)
    text = f"{'.'.join(numbers[:4])}+{numbers[4]}"
    return [Match(spans[0][0], spans[0][1], text, "VERSION_RC to VERSION_BUILD", spans)]
