"""Brings the shadow's objects into the user's repository: each appears whole, under its final name, or not at all."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

from vwmp_release.errors import StepError

_FAN = re.compile(r"[0-9a-f]{2}")
_LOOSE = re.compile(r"[0-9a-f]{38}(?:[0-9a-f]{24})?")
_PACK = re.compile(r"pack-[0-9a-f]{40}(?:[0-9a-f]{24})?\.(?:pack|idx|rev|bitmap|promisor|mtimes)")


def import_objects(source: Path, target: Path) -> int:
    """Link, or copy, the objects that the target lacks; nothing else changes.

    Args:
        source: The shadow's `objects` folder.
        target: The user's.

    Returns:
        How many files came.

    Raises:
        StepError: The target cannot be written.
    """
    try:
        count = 0
        for folder in sorted(source.iterdir()):
            if _FAN.fullmatch(folder.name):
                files = [entry for entry in sorted(folder.iterdir()) if _LOOSE.fullmatch(entry.name)]
            elif folder.name == "pack":  # an index makes its pack visible, so it comes last
                files = [entry for entry in folder.iterdir() if _PACK.fullmatch(entry.name)]
                files.sort(key=lambda entry: (entry.suffix == ".idx", entry.name))
            else:
                continue
            count += _bring(files, target / folder.name)
        return count
    except OSError as error:
        raise StepError(
            "the release's objects cannot be written to the repository", why=error.strerror or str(error)
        ) from error


def sync_folder(folder: Path) -> None:
    """Make a folder's entries durable, where the system can.

    Args:
        folder: The folder.
    """
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems cannot
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _bring(files: list[Path], folder: Path) -> int:
    missing = [entry for entry in files if not (folder / entry.name).exists()]
    if not missing:
        return 0
    if not folder.exists():
        folder.mkdir()
        with suppress(OSError):  # the group's rights in a shared repository
            folder.chmod(folder.parent.stat().st_mode & 0o7777)
        sync_folder(folder.parent)
    for entry in missing:
        _place(entry, folder / entry.name)
    sync_folder(folder)
    return len(missing)


def _place(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileExistsError:  # somebody else wrote the same object just now
        return
    except OSError:  # another file system, or one without hard links
        _copy(source, target)


def _copy(source: Path, target: Path) -> None:
    temporary = target.with_name(f"tmp_obj_vwmp_{os.getpid()}")
    try:
        with source.open("rb") as read, temporary.open("wb") as write:
            shutil.copyfileobj(read, write)
            write.flush()
            os.fsync(write.fileno())
        temporary.chmod(0o444)
        temporary.replace(target)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise
