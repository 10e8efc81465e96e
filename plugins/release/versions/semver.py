"""Semantic Versioning 2.0.0: read here, because every start pays for an import; raised by the library `semver`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from .scheme import NumberScheme
from .version import Version

NUMBER = "(?:0|[1-9][0-9]*)"
TAIL = (
    rf"(?:-(?P<pre>(?:{NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:{NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*))?"
    r"(?:\+(?P<build>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
)
"""Prerelease and build metadata, SemVer 2.0.0 §9 and §10."""


class SemVer(NumberScheme):
    """`major.minor.patch`; feature and feature_set are other words for minor."""

    name = "semver"
    size = 3
    form = "major.minor.patch[-prerelease][+build]"
    pattern = re.compile(rf"(?P<numbers>{NUMBER}\.{NUMBER}\.{NUMBER}){TAIL}")
    places: ClassVar[Mapping[str, int]] = {"major": 0, "feature_set": 1, "feature": 1, "minor": 1, "patch": 2}

    def _raised(self, version: Version, place: int) -> tuple[int, ...]:
        """Raise one number by the rules of SemVer 2.0.0 §6 to §8."""
        from semver import Version as Library  # lazily: 20 ms that only a bump pays

        stable = Library(*version.numbers)
        raised = (stable.bump_major, stable.bump_minor, stable.bump_patch)[place]()
        return raised.major, raised.minor, raised.patch
