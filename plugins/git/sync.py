"""Brings the release's files and index entries into the user's tree; whatever the user has touched stays as it is."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from vwmp_release.interfaces import Seal
from vwmp_release.support.process import Completed

from . import changes, files
from .changes import GITLINK, Entry
from .contents import found_ids, smudged
from .remote import words
from .session import Session
from .uncommitted import BEGUN

_CHUNK = 400
_TRIES = 10
_PAUSE = 0.2


class _Staged(NamedTuple):
    mode: str
    identity: str
    flag: str


def sync(session: Session, seal: Seal) -> list[str]:
    """Bring the release's files into the user's tree, if the released branch is checked out there.

    Args:
        session: The open transaction.
        seal: What is released.

    Returns:
        What was left alone and why, a sentence each.
    """
    notes, session.notes = session.notes, []
    if seal.commit == seal.base:
        return notes
    if not session.moved:
        if session.head_ref is None and not os.environ.get("CI"):
            notes.append("HEAD is detached: it and the files stay at the commit that the release began with")
        return notes
    entries = changes.entries(
        session.read("diff-tree", "-r", "-z", "--raw", "--no-renames", seal.base, seal.commit).stdout
    )
    before = _before(session, entries)
    index = _index(session, [entry.path for entry in entries])
    notes += _sync_files(session, entries, before, index)
    notes += _sync_index(session, entries, before, index)
    return notes


def _before(session: Session, entries: Sequence[Entry]) -> dict[str, Entry]:
    """What each path was in the user's tree when the release began: the base, or the uncommitted work taken along."""
    before = {entry.path: entry for entry in entries}
    if session.snapshot:
        raw = session.read(
            "diff-tree", "-r", "-z", "--raw", "--no-renames", session.base, session.snapshot, env=session.alternate
        ).stdout
        for taken in changes.entries(raw):
            if taken.path in before:
                entry = before[taken.path]
                before[taken.path] = entry._replace(old_mode=taken.new_mode, old_id=taken.new_id)
    return before


def _index(session: Session, paths: Sequence[str], env: Mapping[str, str] | None = None) -> dict[str, _Staged]:
    found: dict[str, _Staged] = {}
    for start in range(0, len(paths), _CHUNK):
        part = paths[start : start + _CHUNK]
        done = session.read("--literal-pathspecs", "ls-files", "-s", "-v", "-z", "--", *part, env=env)
        for line in done.stdout.split(b"\0"):
            head, tab, path = line.partition(b"\t")
            if tab:
                flag, mode, identity, stage = head.decode("ascii").split(" ")
                found[os.fsdecode(path)] = _Staged(mode, identity if stage == "0" else "", flag)
    return found


def _sync_files(
    session: Session, entries: Sequence[Entry], before: Mapping[str, Entry], index: Mapping[str, _Staged]
) -> list[str]:
    """Write, link or remove each file that still is what it was; deletions first, they make room."""
    notes: list[str] = []
    todo = [
        before[entry.path]
        for entry in entries
        if GITLINK not in (entry.old_mode, entry.new_mode) and not _outside(session, entry, index)
    ]
    here = found_ids(session, [entry.path for entry in todo])
    stale = []
    for entry in todo:
        old, new = entry.old_mode.strip("0"), entry.new_mode.strip("0")
        place = session.where.root / entry.path
        exists = os.path.lexists(place) and not (place.is_dir() and not place.is_symlink())
        if (entry.new_id in here[entry.path] and (not old or entry.old_mode == entry.new_mode)) if new else not exists:
            continue  # it is there already
        if old and entry.old_id not in here[entry.path]:
            notes.append(f"{entry.path} was changed meanwhile and was left as it is")
        elif not old and exists:
            notes.append(f"{entry.path} exists already and was left as it is")
        else:
            stale.append(entry)
    stale.sort(key=lambda entry: bool(entry.new_mode.strip("0")))
    data = smudged(session, [entry for entry in stale if entry.new_mode.strip("0")])
    for entry in stale:
        trouble = files.put(session.where.root, entry, data.get(entry.path))
        if trouble:
            notes.append(f"{entry.path} was left as it is: {trouble}")
    return notes


def _outside(session: Session, entry: Entry, index: Mapping[str, _Staged]) -> bool:
    """Whether a path is kept out of the work tree by a sparse checkout."""
    staged = index.get(entry.path)
    skipped = staged is not None and staged.flag in "Ss"
    return skipped and not os.path.lexists(session.where.root / entry.path)


def _sync_index(
    session: Session, entries: Sequence[Entry], before: Mapping[str, Entry], index: Mapping[str, _Staged]
) -> list[str]:
    """Update the index entries that nobody else has touched."""
    begun: Mapping[str, _Staged] = {}
    copy = session.folder / BEGUN
    if session.snapshot and copy.is_file():
        begun = _index(session, [entry.path for entry in entries], {"GIT_INDEX_FILE": str(copy)})
    notes: list[str] = []
    lines: list[bytes] = []
    touched: list[Entry] = []
    for entry in entries:
        staged = index.get(entry.path)
        known = {_key(entry.old_mode, entry.old_id), _key(before[entry.path].old_mode, before[entry.path].old_id)}
        if session.snapshot:
            known.add(_staged_key(begun.get(entry.path)))
        now = _staged_key(staged)
        if now == _key(entry.new_mode, entry.new_id):
            continue
        if now not in known:
            notes.append(f"{entry.path} is staged otherwise and was left so in the index")
            continue
        touched.append(entry)
        lines.append(os.fsencode(f"{entry.new_mode} {entry.new_id} 0\t{entry.path}\0"))
    if not lines:
        return notes
    done = _locked_write(session, ("update-index", "-z", "--index-info"), b"".join(lines))
    if done.returncode:
        return [*notes, f"the index could not be written: {words(done.error_text)}; git reset brings it to the release"]
    _restore_flags(session, touched, index)
    return notes


def _restore_flags(session: Session, touched: Iterable[Entry], index: Mapping[str, _Staged]) -> None:
    """Set the flags that a new entry lacks, and let git note the new files' times."""
    kept = [entry for entry in touched if entry.new_mode.strip("0")]
    flags = {entry.path: index[entry.path].flag for entry in kept if entry.path in index}
    for option, letters in (("--skip-worktree", "Ss"), ("--assume-unchanged", "hs")):
        paths = [path for path, flag in flags.items() if flag in letters]
        if paths:
            _locked_write(session, ("update-index", option, "-z", "--stdin"), _nul(paths))
    plain = [entry.path for entry in kept if flags.get(entry.path, "H") == "H" and entry.new_mode != GITLINK]
    if plain:
        _locked_write(
            session,
            ("--literal-pathspecs", "add", "--refresh", "--pathspec-from-file=-", "--pathspec-file-nul"),
            _nul(plain),
        )


def _locked_write(session: Session, args: Sequence[str], stdin: bytes) -> Completed:
    """Write the index, waiting a while for a program that holds its lock; the user's hooks are not told."""
    for attempt in range(_TRIES):
        done = session.write("-c", f"core.hooksPath={os.devnull}", *args, stdin=stdin, check=False)
        if done.returncode == 0 or b"index.lock" not in done.stderr or attempt == _TRIES - 1:
            break
        time.sleep(_PAUSE)
    return done


def _key(mode: str, identity: str) -> tuple[str, str]:
    return ("", "") if not mode.strip("0") else (mode, identity)


def _staged_key(staged: _Staged | None) -> tuple[str, str]:
    return (staged.mode, staged.identity) if staged else ("", "")


def _nul(paths: Iterable[str]) -> bytes:
    return b"".join(os.fsencode(path) + b"\0" for path in paths)
