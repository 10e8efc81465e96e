"""Finds release files that hold uncommitted work of the user: such a release is refused before anything happens."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from .changes import Entry
from .session import Session
from .uncommitted import SNAPSHOT

_CHUNK = 400
"""Paths in one call: argument lists are bounded."""


def conflicts(session: Session, entries: Sequence[Entry]) -> tuple[str, ...]:
    """Compare the release's paths with the user's tree.

    Args:
        session: The open transaction.
        entries: What the release changes.

    Returns:
        A sentence for each path, and one if the branch itself has moved.
    """
    paths = sorted({path for entry in entries for path in (entry.old_path, entry.path)})
    found: dict[str, str] = {}
    for start in range(0, len(paths), _CHUNK):
        found.update(_dirty(session, paths[start : start + _CHUNK]))
    gone = {entry.old_path for entry in entries if entry.status in "DR"}
    for entry in entries:
        blocker = _file_in_the_way(session.where.root, entry.path)
        if blocker and blocker not in gone:
            found.setdefault(entry.path, f"{entry.path} cannot be made: {blocker} is no folder")
    return tuple(found[path] for path in sorted(found))


def _dirty(session: Session, paths: Sequence[str]) -> dict[str, str]:
    env: dict[str, str] = {}
    if session.snapshot:  # uncommitted work goes along: only what changed after it was taken meets the release
        env = {"GIT_INDEX_FILE": str(session.folder / SNAPSHOT), **session.alternate}
    done = session.read(
        "--literal-pathspecs", "status", "--porcelain=v2", "--branch", "--no-ahead-behind", "-z", "--no-renames",
        "--untracked-files=all", "--ignored=traditional", "--ignore-submodules=all", "--", *paths, env=env,
    )  # fmt: skip
    found: dict[str, str] = {}
    oid = ""
    for entry in (os.fsdecode(raw) for raw in done.stdout.split(b"\0") if raw):
        if entry.startswith("# branch.oid "):
            oid = entry.rpartition(" ")[2]
        elif entry.startswith("# branch.head ") and session.own_branch:
            if entry.removeprefix("# branch.head ") == session.branch and oid != session.base:
                found[""] = f"the branch {session.branch} has moved to {oid[:10]} since the run began"
        elif not entry.startswith("#"):
            path, sentence = _sentence(entry, bool(session.snapshot))
            if sentence:
                found[path] = sentence
    return found


def _sentence(entry: str, snapshot: bool) -> tuple[str, str]:
    kind = entry[0]
    if kind in "?!":
        path = entry[2:]
        return path, f"{path} exists and is {'ignored' if kind == '!' else 'not tracked'}"
    if kind == "u":
        path = entry.split(" ", 10)[10]
        return path, f"{path} has a merge conflict"
    fields = entry.split(" ", 8)
    path, staged, unstaged = fields[8], fields[1][0] != ".", fields[1][1] != "."
    if unstaged:
        return path, f"{path} has changes that are not committed{', some of them staged' if staged else ''}"
    if staged and not snapshot:
        return path, f"{path} has staged changes"
    return path, ""


def _file_in_the_way(root: Path, path: str) -> str:
    for parent in _parents(path):
        if os.path.lexists(root / parent) and (os.path.islink(root / parent) or not (root / parent).is_dir()):
            return parent
    return ""


def _parents(path: str) -> Iterable[str]:
    parts = path.split("/")[:-1]
    return ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
