"""Versions of four numbers: `major.feature_set.feature.patch+build`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from .scheme import NumberScheme
from .semver import NUMBER, TAIL
from .version import Version


def build_key(build: str) -> tuple[tuple[int, int, str], ...]:
    """Return a value that orders build metadata, numbers as numbers.

    Args:
        build: What stands after `+`.
    """
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in build.split(".") if part)


class FourPart(NumberScheme):
    """patch is the fourth number, minor and feature the third, feature_set the second, major the first."""

    name = "four-part"
    size = 4
    form = "major.feature_set.feature.patch[-prerelease][+build]"
    pattern = re.compile(rf"(?P<numbers>{NUMBER}(?:\.{NUMBER}){{3}}){TAIL}")
    places: ClassVar[Mapping[str, int]] = {"major": 0, "feature_set": 1, "feature": 2, "minor": 2, "patch": 3}

    def key(self, version: Version) -> tuple[Any, ...]:
        """Return a value that orders versions; unlike in SemVer a higher build is a later version.

        Args:
            version: A version of this scheme.
        """
        return (*super().key(version), build_key(version.build))
