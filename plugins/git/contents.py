"""Compares and produces the bytes of work-tree files as git's filters see them, many files in one call."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from collections.abc import Iterable, Sequence

from .changes import SYMLINK, Entry
from .session import Session


def found_ids(session: Session, paths: Sequence[str]) -> dict[str, set[str]]:
    """Say which blobs the user's files may stand for: as the clean filter makes them, and byte for byte.

    Args:
        session: The open transaction.
        paths: Paths relative to the root.

    Returns:
        Object ids by path; none for what is no file and no link.
    """
    root = session.where.root
    found: dict[str, set[str]] = {path: set() for path in paths}
    files = []
    for path in paths:
        place = root / path
        try:
            mode = place.lstat().st_mode
            if stat.S_ISLNK(mode):
                found[path].add(_blob(session, os.fsencode(os.readlink(place))))
            elif stat.S_ISREG(mode):
                found[path].add(_blob(session, place.read_bytes()))
                files.append(path)
        except OSError:  # missing, or not readable: nothing is known about it, so it is left alone
            continue
    if files:
        listed = b"".join(_quoted(path) + b"\n" for path in files)
        done = session.read("hash-object", "--stdin-paths", stdin=listed, check=False)
        identities = done.text.splitlines()
        if done.returncode == 0 and len(identities) == len(files):
            for path, identity in zip(files, identities, strict=True):
                found[path].add(identity)
    return found


def smudged(session: Session, entries: Iterable[Entry]) -> dict[str, bytes]:
    """Return the bytes that the new blobs have in the user's work tree.

    Args:
        session: The open transaction.
        entries: What changed; links come as their target.

    Returns:
        The bytes by path; none where a filter fails.
    """
    wanted = list(entries)
    found = _batch(session, [entry for entry in wanted if entry.new_mode != SYMLINK and "\n" not in entry.path])
    for entry in wanted:
        if entry.path in found:
            continue
        form = ["blob"] if entry.new_mode == SYMLINK else ["--filters", f"--path={entry.path}"]
        done = session.read("cat-file", *form, entry.new_id, check=False)
        if done.returncode == 0:
            found[entry.path] = done.stdout
    return found


def _batch(session: Session, batch: Sequence[Entry]) -> dict[str, bytes]:
    """The same in one call; it ends at the first file whose filter fails."""
    found: dict[str, bytes] = {}
    if not batch:
        return found
    # The size that git prints is the blob's, not that of the filtered bytes, so an unknown name marks each end.
    mark = f"end-{secrets.token_hex(20)}"
    asked = b"".join(os.fsencode(f"{entry.new_id} {entry.path}\n{mark}\n") for entry in batch)
    rest = session.read("cat-file", "--batch=%(objectname)", "--filters", stdin=asked, check=False).stdout
    for entry in batch:
        answer, ended, rest = rest.partition(f"\n{mark} missing\n".encode())
        head, _, data = answer.partition(b"\n")
        if ended and head == entry.new_id.encode():
            found[entry.path] = data
    return found


def _blob(session: Session, data: bytes) -> str:
    make = hashlib.sha256 if session.where.object_format == "sha256" else hashlib.sha1
    return make(b"blob %d\0" % len(data) + data).hexdigest()


def _quoted(path: str) -> bytes:
    raw = os.fsencode(path)
    if not raw.startswith(b'"') and b"\n" not in raw:
        return raw
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
