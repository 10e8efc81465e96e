"""Remembers the shadow's files, index and refs before a step that may fail, and brings them back exactly.

A checkpoint holds the shadow's git dir without its objects, and a raw copy of every file that is not as the index has
it. All other files are what the index says, so git can write them again.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path

from vwmp_release.errors import StepError

from .session import Session
from .shadow import remove

_STAYS = ("objects", "lfs", "modules")


def save(session: Session) -> str:
    """Remember the shadow as it is.

    Args:
        session: The open transaction.

    Returns:
        A token for `restore`.
    """
    session.checkpoints += 1
    token = str(session.checkpoints)
    folder = _folder(session, token)
    folder.mkdir(parents=True)
    for entry in session.git_dir.iterdir():
        if entry.name not in _STAYS:
            _copy(entry, folder / "git" / entry.name)
    changed = _changed(session)
    for number, path in enumerate(changed):
        if os.path.lexists(session.tree / path):
            _copy(session.tree / path, folder / "files" / str(number))
    (folder / "paths").write_text(json.dumps(changed), encoding="utf-8")
    return token


def restore(session: Session, token: str) -> None:
    """Bring the shadow back to a checkpoint.

    Args:
        session: The open transaction.
        token: What `save` returned.
    """
    folder = _folder(session, token)
    saved: list[str] = json.loads((folder / "paths").read_text(encoding="utf-8"))
    for entry in session.git_dir.iterdir():
        if entry.name not in _STAYS:
            _delete(entry)
    for entry in (folder / "git").iterdir():
        _copy(entry, session.git_dir / entry.name)
    touched = sorted(set(_changed(session)) | set(saved))
    for path in touched:
        _delete(session.tree / path)
    for parent in {Path(path).parent for path in touched}:
        _prune(session.tree, parent)
    rest = [path for path in touched if path not in set(saved)]
    _check_out(session, rest)
    for number, path in enumerate(saved):
        if os.path.lexists(folder / "files" / str(number)):
            _copy(folder / "files" / str(number), session.tree / path)
    if set(_changed(session)) != set(saved):
        raise StepError("the shadow cannot be brought back to where it was before the failed step")


def _folder(session: Session, token: str) -> Path:
    return session.folder / "checkpoints" / token


def _changed(session: Session) -> list[str]:
    """Paths that differ from the index, untracked and ignored ones too; a repository in the tree is one path."""
    done = session.shadow(
        "-c", f"core.hooksPath={os.devnull}", "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all",
        "--ignored=traditional", "--ignore-submodules=all",
    )  # fmt: skip
    entries = [os.fsdecode(entry) for entry in done.stdout.split(b"\0") if entry]
    return [entry[3:].rstrip("/") for entry in entries if entry[1] != " "]


def _check_out(session: Session, paths: list[str]) -> None:
    """Write files as the index has them; those it does not have stay away."""
    if not paths:
        return
    listed = b"".join(os.fsencode(path) + b"\0" for path in paths)
    session.shadow("checkout-index", "-q", "-f", "-z", "--stdin", stdin=listed, check=False)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir() and not source.is_symlink():
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy2(source, target, follow_symlinks=False)  # keeps times: git tells by them what it must look at


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        remove(path)
    else:
        with suppress(FileNotFoundError, NotADirectoryError):
            path.unlink()


def _prune(tree: Path, folder: Path) -> None:
    while folder != Path():
        try:
            (tree / folder).rmdir()
        except OSError:
            return
        folder = folder.parent
