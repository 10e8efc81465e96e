"""Renders the section of a release; lines end in a line feed, the document's own newline comes with the insertion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .changes import Change
from .labels import label
from .markdown import safe
from .release import Release

BREAKING = "⚠ BREAKING CHANGES"
_CONVENTIONAL = {
    "feat": "Features", "fix": "Bug Fixes", "perf": "Performance Improvements", "revert": "Reverts",
    "deps": "Dependencies", "docs": "Documentation", "refactor": "Code Refactoring", "style": "Styles",
    "test": "Tests", "build": "Build System", "ci": "Continuous Integration", "chore": "Miscellaneous Chores",
}  # fmt: skip
"""Titles in the order in which they stand; types after `revert` appear only where a rule lets them count."""
_OTHER = "Other Changes"
_SHOWN_BY_ITSELF = {"feat", "fix", "perf", "revert"}
_KEEP = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
_KEEP_TYPES = {
    "feat": "Added", "add": "Added", "fix": "Fixed", "security": "Security", "deprecate": "Deprecated",
    "remove": "Removed",
}  # fmt: skip


class Section(NamedTuple):
    """What a release adds to a changelog.

    Args:
        heading: The heading line, with its `#` marks.
        body: What follows it, without blank lines around.
    """

    heading: str
    body: str

    @property
    def text(self) -> str:
        """Heading, blank line, body."""
        return f"{self.heading}\n\n{self.body}" if self.body else self.heading


class Group(NamedTuple):
    """Entries under one title.

    Args:
        title: Without `#` marks.
        entries: Lines without bullets.
    """

    title: str
    entries: tuple[str, ...]

    def text(self, bullet: str, level: int = 3) -> str:
        """Return the title as a heading and the entries as a list.

        Args:
            bullet: `-` or `*`.
            level: Level of the heading.
        """
        return f"{'#' * level} {self.title}\n\n{bullets(self.entries, bullet)}"


def bullets(entries: Sequence[str], bullet: str) -> str:
    """Return entries as a list.

    Args:
        entries: Lines without bullets.
        bullet: `-` or `*`.
    """
    return "\n".join(f"{bullet} {entry}" for entry in entries)


def conventional(release: Release, date: str, *, bullet: str = "-", detailed: str = "") -> Section:
    """Return the section in the form of the conventional-changelog family.

    Args:
        release: The release.
        date: Its date, rendered.
        bullet: `-` or `*`.
        detailed: A line that links the detailed changelog.
    """
    version = release.version
    if release.links and release.previous_tag:
        version = f"[{version}]({release.links.compare(release.previous_tag, release.tag)})"
    groups = [group.text(bullet) for group in conventional_groups(release)]
    parts = [safe(release.summary)] if release.told else []
    parts += groups or ([] if parts else [bullets([safe(release.headline)], bullet)])
    return Section(f"## {version} ({date})", "\n\n".join(filter(None, [*parts, detailed])))


def conventional_groups(release: Release) -> list[Group]:
    """Return the listed changes under the titles of the conventional-changelog family, breaking ones first.

    Args:
        release: The release.
    """
    found: dict[str, list[str]] = {BREAKING: []}
    for title in [*_CONVENTIONAL.values(), _OTHER]:
        found[title] = []
    for change in release.listed:
        found[BREAKING] += [_scoped(change, text, release) for text in change.breaking]
        if change.verdict == "counted" and (change.type in _SHOWN_BY_ITSELF or not change.breaking):
            found[_CONVENTIONAL.get(change.type, _OTHER)].append(entry(change, release))
    return [Group(title, tuple(entries)) for title, entries in found.items() if entries]


def keep_groups(release: Release) -> list[tuple[str, list[tuple[Change, str]]]]:
    """Return the listed changes under the titles of Keep a Changelog 1.1.0, in its order.

    Args:
        release: The release.

    Returns:
        `(title, [(change, entry)])`; breaking changes are marked in their entries.
    """
    found: dict[str, list[tuple[Change, str]]] = {title: [] for title in _KEEP}
    for change in release.listed:
        title = "Security" if change.scope == "security" else _KEEP_TYPES.get(change.type, "Changed")
        same = change.description in change.breaking
        found[title].append((change, f"**Breaking:** {entry(change, release)}" if same else entry(change, release)))
        for text in change.breaking:
            if text != change.description:
                found["Changed"].append((change, f"**Breaking:** {_scoped(change, text, release)}"))
    return [(title, entries) for title, entries in found.items() if entries]


def summary(release: Release, date: str, *, bullet: str = "-", detailed: str = "") -> Section:
    """Return the one-entry section that leads to the detailed changelog.

    Args:
        release: The release.
        date: Its date, rendered.
        bullet: `-` or `*`.
        detailed: Path of the detailed changelog as a link target, or empty.
    """
    lines = [f"{label(release.change_type)}: {safe(release.headline, link=release.address, leading=False)}"]
    if detailed:
        lines.append(f"See [CHANGELOG_v{release.version}.md]({detailed})")
    return Section(f"### [{release.version}] - {date}", bullets(lines, bullet))


def entry(change: Change, release: Release) -> str:
    """Return a change as one line: scope, description, commits and references.

    Args:
        change: The change.
        release: The release, for its addresses.
    """
    text = _scoped(change, change.description, release)
    if change.commits:
        text += f" ({', '.join(_commit(sha, short, release) for sha, short in change.commits)})"
    for kind, wanted in (("closes", True), ("refs", False)):
        names = [
            safe(name, link=release.address, leading=False)
            for how, name in change.references
            if (how == "closes") is wanted and not _names(change.description, name)
        ]
        text += f", {kind} {', '.join(names)}" if names else ""
    return text


def _names(description: str, reference: str) -> bool:
    tail = description.partition(reference)[2] if reference in description else None
    return tail is not None and not tail[:1].isdigit()


def _scoped(change: Change, text: str, release: Release) -> str:
    if change.scope:
        return f"**{safe(change.scope, leading=False)}:** {safe(text, link=release.address, leading=False)}"
    return safe(text, link=release.address)


def _commit(sha: str, short: str, release: Release) -> str:
    return f"[{short}]({release.links.commit(sha)})" if release.links else short
