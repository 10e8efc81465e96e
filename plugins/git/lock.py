"""One release at a time: a lock in the repository that ends with the process that holds it."""

from __future__ import annotations

import os
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path

from vwmp_release.errors import Blocked

WAIT = 30.0
"""Seconds that a run waits for another; the variable `VWMP_LOCK_TIMEOUT` sets it."""
_PAUSE = 0.1
_OFFSET = 1 << 30
"""Byte that is locked on Windows, where locked bytes cannot be read: behind the message."""


class Lock:
    """The lock file, held; see `acquire`."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    def release(self) -> None:
        """Remove the file and give the lock free; removing it first is safe because `acquire` looks again."""
        if self._descriptor < 0:
            return
        with suppress(OSError):  # Windows does not remove an open file
            self._path.unlink()
        os.close(self._descriptor)
        self._descriptor = -1
        with suppress(OSError):
            self._path.parent.rmdir()


def acquire(folder: Path, since: str) -> Lock:
    """Take the lock, waiting for another run for a while.

    Args:
        folder: Where the lock file is; made if missing.
        since: The run's start, for the message to others.

    Raises:
        Blocked: Another run holds it, or the folder cannot be written.
    """
    path = folder / "lock"
    deadline = time.monotonic() + float(os.environ.get("VWMP_LOCK_TIMEOUT") or WAIT)
    while True:
        try:
            lock = _attempt(path)
        except OSError as error:
            raise Blocked(
                f"cannot write to {folder}", why=error.strerror or str(error), hint="a plan needs no write access"
            ) from error
        if lock is not None:
            message = f"{os.getpid()} {socket.gethostname()} {since}\n".encode()
            os.ftruncate(lock._descriptor, 0)
            os.write(lock._descriptor, message)
            return lock
        if time.monotonic() >= deadline:
            raise Blocked(f"another run holds the lock{_holder(path)}", hint="wait until it has ended, then run again")
        time.sleep(_PAUSE)


def _attempt(path: Path) -> Lock | None:
    with suppress(FileExistsError):  # not `exist_ok`: the run before may remove the folder between its two looks
        path.parent.mkdir(mode=0o700)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except FileNotFoundError:  # the run before removed the folder just now
        return None
    if _locked(descriptor):
        with suppress(OSError):
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return Lock(path, descriptor)
    os.close(descriptor)
    return None


if sys.platform == "win32":
    import msvcrt

    def _locked(descriptor: int) -> bool:
        try:
            os.lseek(descriptor, _OFFSET, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_SET)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def _holder(path: Path) -> str:
    with suppress(OSError, ValueError):
        pid, host, since = path.read_text(encoding="utf-8").split()
        return f" (pid {pid} on {host} since {since})"
    return ""
