"""YAML files, such as `Chart.yaml` and `pubspec.yaml`: the key `version` at the left margin."""

from __future__ import annotations

import re

from vwmp_release.support.textfile import TextFile

from .match import VERSION, Match

_LINE = re.compile(
    rf"^(?P<key>[\"']?)version(?P=key)[ \t]*:[ \t]+(?P<quote>[\"']?)(?P<version>{VERSION})(?P=quote)"
    r"(?=[ \t]*(?:\r?\n|\Z)|[ \t]+\#)",
    re.MULTILINE,
)


def find(file: TextFile) -> list[Match]:
    """Find the version; keys of nested mappings are indented, and not found.

    Args:
        file: The file.
    """
    start = 1 if file.text.startswith("\ufeff") else 0
    return [
        Match(m.start("version") + start, m.end("version") + start, m["version"], "the key version")
        for m in _LINE.finditer(file.text[start:])
    ]
