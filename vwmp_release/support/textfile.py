"""Edits text files by position: every byte outside the edits stays as it is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ..errors import PermanentError, Place

_BOM = "\ufeff"


class TextFile(NamedTuple):
    """A text file as it is on disk.

    Args:
        path: Where it is.
        text: Its characters with their own newlines; a byte order mark stays in front.
        encoding: `utf-8`, or `latin-1` where the bytes are no UTF-8.
    """

    path: Path
    text: str
    encoding: str = "utf-8"

    @property
    def newline(self) -> str:
        """The line ending that it uses, by its first line; a line feed when it has none."""
        head = self.text.partition("\n")[0]
        return "\r\n" if head.endswith("\r") and "\n" in self.text else "\n"


class Edit(NamedTuple):
    """Replaces the characters from `start` to `end` by `new`."""

    start: int
    end: int
    new: str


def read(path: Path) -> TextFile:
    """Read a text file without changing anything about it.

    Args:
        path: The file.

    Raises:
        PermanentError: It cannot be read, or holds NUL bytes.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise PermanentError(f"cannot read {path.name}", why=error.strerror or str(error)) from error
    if b"\0" in raw:
        raise PermanentError(f"{path.name} is no text file: it holds NUL bytes")
    try:
        return TextFile(path, raw.decode("utf-8"))
    except UnicodeDecodeError:
        return TextFile(path, raw.decode("latin-1"), "latin-1")


def apply(file: TextFile, edits: Sequence[Edit]) -> TextFile:
    """Return the file with the edits made; nothing is written.

    Args:
        file: The file as it was read.
        edits: Replacements that do not overlap, in any order.
    """
    text = file.text
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return file._replace(text=text)


def write(file: TextFile) -> None:
    """Write the file beside its place and rename it over, keeping its mode.

    Args:
        file: The file, edited.

    Raises:
        PermanentError: Its new text does not fit its encoding, or it cannot be written.
    """
    path = file.path.resolve()  # a link stays a link, its target is edited
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        raw = file.text.encode(file.encoding)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(raw)
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o7777)
        temporary.replace(path)
    except UnicodeEncodeError as error:
        raise PermanentError(
            f"{path.name} is {file.encoding} and cannot hold {error.object[error.start : error.end]!r}"
        ) from error
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise PermanentError(f"cannot write {path.name}", why=error.strerror or str(error)) from error


def place(file: TextFile, offset: int, root: Path | None = None) -> Place:
    """Return the line and column of a character.

    Args:
        file: The file.
        offset: Index into its text.
        root: Folder that the path is shown relative to.
    """
    before = file.text[:offset].removeprefix(_BOM)
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return Place(shown(file.path, root), line, column)


def shown(path: Path, root: Path | None) -> str:
    """Return a path for people: relative to `root` where it is inside, with `/`.

    Args:
        path: The path.
        root: Folder to show it relative to.
    """
    if root is not None and path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return path.as_posix()


def inside(root: Path, relative: str, *, key: str) -> Path:
    """Return the path of a file named in a configuration, and refuse one outside the root.

    Args:
        root: Folder that it must stay in.
        relative: The path as the user wrote it.
        key: The configuration key, for the message.

    Raises:
        PermanentError: It is absolute, climbs out, leads out through a symbolic link, or is git's own.
    """
    path = root / relative
    real, real_root = path.resolve(), root.resolve()
    if Path(relative).is_absolute() or not real.is_relative_to(real_root):
        raise PermanentError(f"{key}: {relative!r} is outside the repository", hint="name a path inside it")
    if ".git" in (part.casefold() for part in real.relative_to(real_root).parts):
        raise PermanentError(f"{key}: {relative!r} is in git's own folder", hint="name a file of the work tree")
    return path
