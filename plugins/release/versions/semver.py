"""Semantic Versioning 2.0.0; the reader is our own, because a release tool starts often and imports count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from .scheme import NumberScheme

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
