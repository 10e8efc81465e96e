"""Puts one file of a release into the user's work tree: beside its place, durable, then renamed over."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from .changes import SYMLINK, Entry
from .importer import sync_folder


def put(root: Path, entry: Entry, data: bytes | None) -> str:
    """Write, link or remove a file as a change says; the caller has compared what is there.

    Args:
        root: The work tree.
        entry: The change.
        data: The new bytes; None for a file that goes.

    Returns:
        What was in the way; empty when it is done.
    """
    place = root / entry.path
    for parent in place.relative_to(root).parents:
        if (root / parent).is_symlink() and parent != Path():
            return f"{parent.as_posix()} is a symbolic link"
    try:
        if not entry.new_mode.strip("0"):
            place.unlink(missing_ok=True)
            _prune(root, place.parent)
        elif data is None:
            return "git cannot read its new content"
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            _write(place, entry, data)
        if place.parent.is_dir():
            sync_folder(place.parent)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _write(place: Path, entry: Entry, data: bytes) -> None:
    temporary = place.with_name(f".vwmp-{secrets.token_hex(8)}.tmp")
    try:
        if entry.new_mode == SYMLINK:
            os.symlink(os.fsdecode(data), temporary)
        else:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            descriptor = os.open(temporary, flags, 0o777 if entry.new_mode == "100755" else 0o666)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            _keep_mode(place, temporary, entry)
        temporary.replace(place)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _keep_mode(place: Path, temporary: Path, entry: Entry) -> None:
    """Give the new file the old one's rights, with the executable bit as the change says."""
    if not os.path.lexists(place) or place.is_symlink():
        return
    mode = stat.S_IMODE(place.stat().st_mode)
    if entry.old_mode != entry.new_mode:
        executable = (mode & 0o444) >> 2
        mode = mode | executable if entry.new_mode == "100755" else mode & ~0o111
    temporary.chmod(mode)


def _prune(root: Path, folder: Path) -> None:
    while folder != root:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
