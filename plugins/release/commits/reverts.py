"""Which commits of a range vanish because the same range reverts them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from .message import Commit

# Texts, compiled when a range holds a revert: most hold none, and compiling takes longer than reading the range.
_REVERTS = r"(?mi)^This reverts commits?\s+(?P<shas>[0-9a-f]{7,64}(?:(?:\s*,\s*|\s+and\s+|\s+)[0-9a-f]{7,64}\b)*)"
_REFS = r"(?mi)^Refs?:[ \t]*(?P<shas>[0-9a-f]{7,64}(?:[ \t]*,[ \t]*[0-9a-f]{7,64})*)[ \t]*$"
_FORGE = r"(?m)^Reverts [\w.-]*(?:/[\w.-]+)?#(?P<number>[0-9]+)[ \t]*$"
_WHOLE = 40
"""Digits of a whole object id, SHA-1's."""
_NUMBERED = r"[ \t]*\(#(?P<number>[0-9]+)\)$"


class Verdicts(NamedTuple):
    """Reverts and what they revert inside one range.

    Args:
        reverted: The sha of each commit that was undone, and the sha of the revert that undid it.
        reverting: The sha of each revert that vanishes with what it undid, and the sha of that.
    """

    reverted: dict[str, str]
    reverting: dict[str, str]


def pair(commits: Sequence[Commit]) -> Verdicts:
    """Find the reverts whose targets are in the range; a reverted revert undoes nothing.

    Args:
        commits: The range, newest first.
    """
    targets = _targets(commits)
    reverted: dict[str, str] = {}
    reverting: dict[str, str] = {}
    for commit in commits:
        found, complete = targets.get(commit.sha, ([], False))
        if commit.sha in reverted or not found:
            continue
        reverted.update(dict.fromkeys(found, commit.sha))
        if complete:
            reverting[commit.sha] = found[0]
    return Verdicts(reverted, reverting)


def _targets(commits: Sequence[Commit]) -> dict[str, tuple[list[str], bool]]:
    """Return for each revert the commits of the range that it undoes, and whether that is all it undoes."""
    reverts = [(place, commit) for place, commit in enumerate(commits) if commit.type == "revert"]
    if not reverts:
        return {}
    by_sha = {commit.sha: commit for commit in commits}
    places: dict[str, list[int]] = {}
    taken: set[str] = set()
    out: dict[str, tuple[list[str], bool]] = {}
    for place, commit in reverts:
        named = _named(commit)
        if named:
            found = [sha for name in named if (sha := _full(name, by_sha)) and sha != commit.sha]
            complete = len(found) == len(named)
        else:
            places = places or _places(commits)
            older = (commits[at].sha for word in _words(commit) for at in places.get(word, ()) if at > place)
            found = [sha for sha in older if sha not in taken][:1]
            complete = bool(found)
        found += [sha for merge in found for sha in _merged_by(by_sha[merge], by_sha) if sha not in found]
        taken.update(found)
        out[commit.sha] = (found, complete)
    return out


def _named(commit: Commit) -> list[str]:
    text = commit.message.replace("\r\n", "\n")
    matches = [*re.finditer(_REVERTS, text), *re.finditer(_REFS, text)]
    return list(dict.fromkeys(sha for match in matches for sha in re.findall(r"[0-9a-f]{7,64}", match["shas"].lower())))


def _full(name: str, by_sha: dict[str, Commit]) -> str | None:
    if name in by_sha:
        return name
    if len(name) >= _WHOLE:  # a whole id that is not in the range is older than it
        return None
    return next((sha for sha in by_sha if sha.startswith(name)), None)


def _places(commits: Sequence[Commit]) -> dict[str, list[int]]:
    """Return the places of commits by subject, by subject without its pull request, and by that as `#12`."""
    places: dict[str, list[int]] = {}
    for place, commit in enumerate(commits):
        number = re.search(_NUMBERED, commit.subject)
        names = [commit.subject, *([commit.subject[: number.start()], f"#{number['number']}"] if number else [])]
        for name in names:
            places.setdefault(name, []).append(place)
    return places


def _words(commit: Commit) -> list[str]:
    """Return what a revert without an object id says of its target, the most certain first."""
    forge = re.search(_FORGE, commit.message.replace("\r\n", "\n"))
    words = [f"#{forge['number']}"] if forge else []
    return [*words, commit.description, re.sub(_NUMBERED, "", commit.description)]


def _merged_by(merge: Commit, by_sha: dict[str, Commit]) -> list[str]:
    """Return the commits that a merge brought in: reverting it undoes them all."""
    if not merge.is_merge:
        return []
    kept = ancestors(merge.parents[:1], by_sha)
    return [sha for sha in ancestors(merge.parents[1:], by_sha) if sha not in kept]


def ancestors(start: Sequence[str], by_sha: dict[str, Commit]) -> dict[str, None]:
    """Return the commits of the range that are reachable from some, these included, in the order they are met.

    Args:
        start: Object ids; those outside the range are passed over.
        by_sha: The range.
    """
    seen: dict[str, None] = {}
    waiting = [sha for sha in start if sha in by_sha]
    while waiting:
        sha = waiting.pop()
        if sha not in seen:
            seen[sha] = None
            waiting.extend(parent for parent in by_sha[sha].parents if parent in by_sha and parent not in seen)
    return seen
