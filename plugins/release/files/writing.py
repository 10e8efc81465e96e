"""Writes a version into all files, or into none."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from vwmp_release.errors import PermanentError
from vwmp_release.support import textfile
from vwmp_release.support.textfile import TextFile

from .targets import Found, read_one


def write_all(root: Path, found: Sequence[Found], new: str) -> list[str]:
    """Write a version into all files; each is read again and checked, and on a failure all are restored.

    Args:
        root: The repository's root.
        found: Where the versions stand, as `read_all` returned them.
        new: The version to write.

    Returns:
        The paths of the files that changed, relative to the root.

    Raises:
        PermanentError: A file cannot be written, or does not read back as it was written; nothing is changed then.
    """
    changes = [(old, edited) for old, edited in _edited(found, new) if old.text != edited.text]
    written: list[TextFile] = []
    try:
        for old, edited in changes:
            written.append(old)
            textfile.write(edited)
        for _, edited in changes:
            _verify(root, found, edited, new)
    except BaseException:
        for old in written:
            with suppress(PermanentError):  # the failure itself says more than its echo
                textfile.write(old)
        raise
    return [textfile.shown(edited.path, root) for _, edited in changes]


def _edited(found: Sequence[Found], new: str) -> list[tuple[TextFile, TextFile]]:
    """Return each file before and after, with the edits of all its targets."""
    files = {item.file.path: item.file for item in found}
    return [
        (file, textfile.apply(file, sorted({e for i in found if i.file.path == path for e in i.match.edits(new)})))
        for path, file in files.items()
    ]


def _verify(root: Path, found: Sequence[Found], edited: TextFile, new: str) -> None:
    if textfile.read(edited.path).text != edited.text:
        raise PermanentError(f"{textfile.shown(edited.path, root)} does not read back as it was written")
    for target in dict.fromkeys(item.target for item in found if item.file.path == edited.path):
        for again in read_one(root, target):
            if textfile.apply(edited, again.match.edits(new)).text != edited.text:
                raise PermanentError(f"{again.place}: holds {again.match.text} after {new} was written there")
