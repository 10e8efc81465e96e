"""What kinds of change there are: emoji and label of a `change_type`, and the kind that commits add up to."""

from __future__ import annotations

from collections.abc import Iterable

LABELS = {
    "feature": ("🚀", "Feature"),
    "fix": ("🐞", "Fix"),
    "infrastructure": ("🔧", "Infrastructure"),
    "security": ("🔒", "Security"),
    "cleanup": ("🧹", "Cleanup"),
    "refactor": ("🔄", "Refactor"),
    "documentation": ("📚", "Documentation"),
    "tooling": ("🧰", "Tooling"),
    "maintenance": ("🚧", "Maintenance"),
}
_BY_COMMIT_TYPE = {
    "feat": "feature", "fix": "fix", "perf": "fix", "ci": "infrastructure", "build": "tooling", "security": "security",
    "refactor": "refactor", "docs": "documentation",
}  # fmt: skip


def label(change_type: str) -> str:
    """Return emoji and label, e.g. `🚀 Feature`.

    Args:
        change_type: A known kind; any other is shown as it is written.
    """
    known = LABELS.get(change_type)
    return " ".join(known) if known else change_type


def kind_of(commit_types: Iterable[str]) -> str:
    """Return the change type that commits add up to: the first in the order of the table, else maintenance.

    Args:
        commit_types: Types of Conventional Commits.
    """
    found = {_BY_COMMIT_TYPE.get(name, "maintenance") for name in commit_types}
    return next((kind for kind in LABELS if kind in found), "maintenance")
