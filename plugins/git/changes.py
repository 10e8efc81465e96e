"""What differs between two commits: as entries to work on, and as diffs for people."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from vwmp_release.interfaces import FileChange
from vwmp_release.support.process import Completed

GITLINK = "160000"
SYMLINK = "120000"
_BOUND = 200_000
"""Bytes of one file's diff that are kept."""
_SECTION = re.compile(rb"^(?=diff --git )", re.MULTILINE)
_KINDS = {"A": "added", "D": "deleted", "R": "renamed", "C": "added"}


class Entry(NamedTuple):
    """One path that differs.

    Args:
        path: The path; after a rename the new one.
        status: git's letter: A, D, M, T or R.
        old_mode: Six octal digits; all zero where it did not exist.
        new_mode: The same, after.
        old_id: Object id before.
        new_id: Object id after.
        old_path: The path before a rename, else the same.
    """

    path: str
    status: str
    old_mode: str
    new_mode: str
    old_id: str
    new_id: str
    old_path: str


def entries(raw: bytes) -> list[Entry]:
    """Read the output of `git diff-tree -r -z --raw`.

    Args:
        raw: The output, up to where a patch may follow.
    """
    found = []
    fields = iter(raw.split(b"\0"))
    for head in fields:
        if not head.startswith(b":"):
            continue
        old_mode, new_mode, old_id, new_id, status = head[1:].decode("ascii").split(" ")
        old_path = path = os.fsdecode(next(fields))
        if status[0] in "RC":
            path = os.fsdecode(next(fields))
        found.append(Entry(path, status[0], old_mode, new_mode, old_id, new_id, old_path))
    return found


def described(done: Completed) -> tuple[list[Entry], tuple[FileChange, ...]]:
    """Read the output of `git diff-tree -r -z --raw -p`.

    Args:
        done: The ended call.

    Returns:
        The entries, and each as people read it.
    """
    raw, _, patch = done.stdout.partition(b"\0\0")
    found = entries(raw)
    sections = _SECTION.split(patch)[1:]
    wanted = sum(2 if entry.status == "T" else 1 for entry in found)
    if wanted != len(sections):
        return found, tuple(_change(entry, b"") for entry in found)
    rest = iter(sections)
    return found, tuple(_change(entry, next(rest) + (next(rest) if entry.status == "T" else b"")) for entry in found)


def _change(entry: Entry, section: bytes) -> FileChange:
    kind = _KINDS.get(entry.status, "modified")
    if entry.status == "M" and entry.old_id == entry.new_id:
        kind = "mode"
    return FileChange(entry.path, kind, _text(section))  # type: ignore[arg-type]  # one of the literals above


def _text(section: bytes) -> str:
    if not section:
        return "the difference cannot be shown"
    if re.search(rb"^(?:Binary files .* differ|GIT binary patch)$", section, re.MULTILINE) and b"\n@@ " not in section:
        return "binary file, the difference is not shown"
    if len(section) <= _BOUND:
        return section.decode("utf-8", "replace")
    kept = section[:_BOUND].rpartition(b"\n")[0].decode("utf-8", "replace")
    return f"{kept}\n[{len(section) - _BOUND} more bytes are not shown]\n"
