"""Version numbers in free text, and the parts of a document that only quote them."""

from __future__ import annotations

import re
from typing import NamedTuple

from vwmp_release.support.textfile import Edit

VERSION = r"\d+(?:\.\d+)+(?:(?:[-+]|\.?(?:alpha|beta|dev|post|rc|a|b))[0-9A-Za-z]+(?:[.+-][0-9A-Za-z]+)*)?"
TOKEN = re.compile(rf"(?<![\w.])(?P<v>[vV]?)(?P<version>{VERSION})(?!\w|\.\w)")
_QUOTED = re.compile(
    r"^(?P<indent> {0,3})(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})[^\n]*\n(?:(?:.*?\n)?? {0,3}(?P=fence)[`~]*[ \t]*\r?$|.*\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`)",
    re.MULTILINE | re.DOTALL,
)


class Found(NamedTuple):
    """One place where a document names its version.

    Args:
        start: Offset of the whole thing.
        end: Offset behind it.
        edits: What makes it name the new version; empty when it does already.
        what: What it is, and old and new version, for people.
    """

    start: int
    end: int
    edits: tuple[Edit, ...]
    what: str = ""


def quoted(text: str) -> list[tuple[int, int]]:
    """Return the code blocks and code spans of a document, as `(start, end)`.

    Args:
        text: The document.
    """
    return [match.span() for match in _QUOTED.finditer(text)]


def within(spans: list[tuple[int, int]], offset: int) -> bool:
    """Say whether an offset is in one of the spans.

    Args:
        spans: `(start, end)`.
        offset: Index into the text.
    """
    return any(start <= offset < end for start, end in spans)


def swap(text: str, old: str, new: str, *, at: int = 0) -> list[Edit]:
    """Return edits that replace a version wherever it stands alone.

    Args:
        text: A piece of the document.
        old: The version there.
        new: The version to write.
        at: Offset of the piece in the document.
    """
    found = re.finditer(rf"(?<![\w.]){re.escape(old)}(?![\w+]|[.-]\w)|(?<=[vV]){re.escape(old)}(?![\w+]|[.-]\w)", text)
    return [Edit(at + match.start(), at + match.end(), new) for match in found]
