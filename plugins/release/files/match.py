"""Where a version stands in a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from vwmp_release.support.textfile import Edit, TextFile

NUMBERS = r"[0-9]+(?:\.[0-9]+)*"
VERSION = rf"{NUMBERS}(?:-[0-9A-Za-z.-]*[0-9A-Za-z])?(?:\+[0-9A-Za-z.-]*[0-9A-Za-z])?"
"""What a version looks like in any scheme of numbers, for finding it; the scheme decides later."""


class Match(NamedTuple):
    """A version in a file.

    Args:
        start: Index of its first character.
        end: Index after its last.
        text: The version.
        how: What it is in this file's format, e.g. `[project] version`; unlike matches of one file differ in it.
        parts: Start and end of each number, where the version is spread over several lines.
    """

    start: int
    end: int
    text: str
    how: str
    parts: tuple[tuple[int, int], ...] = ()

    def edits(self, new: str) -> list[Edit]:
        """Return what turns the version into another.

        Args:
            new: The other version.
        """
        if not self.parts:
            return [Edit(self.start, self.end, new)]
        numbers = re.findall("[0-9]+", new) + ["0"] * len(self.parts)
        return [Edit(start, end, number) for (start, end), number in zip(self.parts, numbers, strict=False)]


Finder = Callable[[TextFile], list[Match]]
"""Returns the versions of a file, in the order of its text."""
