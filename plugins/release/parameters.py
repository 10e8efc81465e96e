"""The parameters of a release, and what they are when the user does not say: derived from the commits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .changelog.labels import LABELS, kind_of
from .commits.why import Row
from .versions.policy import LEVELS

SUMMARY_LENGTH = (10, 200)
"""Characters that a given summary has, at least and at most."""
_DETAILS_LENGTH = 2000


def definitions() -> list[dict[str, Any]]:
    """Return the definitions of a release's parameters, for a workflow template."""
    return [
        {
            "name": "summary",
            "type": "string",
            "required": False,
            "label": "Summary",
            "description": "What this release brings, in one line; derived from the commits when not given",
            "validation": {"min_length": SUMMARY_LENGTH[0], "max_length": SUMMARY_LENGTH[1]},
        },
        {
            "name": "change_type",
            "type": "enum",
            "required": False,
            "label": "Type of change",
            "description": "What kind of change it mostly is; derived from the commits when not given",
            "options": list(LABELS),
        },
        {
            "name": "detailed_changes",
            "type": "text",
            "required": False,
            "label": "Detailed changes",
            "description": "Text for the detailed changelog, instead of the commits",
            "validation": {"max_length": _DETAILS_LENGTH},
        },
        {
            "name": "skip_readme",
            "type": "boolean",
            "required": False,
            "default": False,
            "label": "Leave the README alone",
            "description": "Whether the README is not updated",
        },
        {
            "name": "kb_docs_ok",
            "type": "boolean",
            "required": False,
            "label": "Documents are up to date",
            "description": "Must be true where the configuration sets require_kb_docs_ok",
        },
    ]


def _listed(rows: Sequence[Row]) -> list[Row]:
    """Return the rows that speak for the release: those that counted, else all that have a type."""
    counted = [row for row in rows if row.verdict == "counted"]
    return counted or [row for row in rows if row.verdict == "ignored" and row.type]


def derive_summary(rows: Sequence[Row], version: str) -> str:
    """Return a summary of a release: its most important commit, and how many more there are.

    Args:
        rows: The commits of the release, oldest first.
        version: The version, for a release without any commit that says something.

    Returns:
        One line of at most 200 characters.
    """
    listed = _listed(rows)
    if not listed:
        return f"Release {version}"
    first = max(listed, key=lambda row: LEVELS.index(row.level) if row.level else -1)
    more = len(listed) - 1
    tail = f" and {more} more change{'s' if more > 1 else ''}" if more else ""
    text = " ".join(first.commit.description.split())
    room = SUMMARY_LENGTH[1] - len(tail)
    return (text if len(text) <= room else f"{text[: room - 1].rstrip()}…") + tail


def derive_change_type(rows: Sequence[Row]) -> str:
    """Return the kind of change that the commits of a release add up to.

    Args:
        rows: The commits of the release.
    """
    return kind_of(row.type or "" for row in _listed(rows))
