"""The user's uncommitted work: taken along as `git add -A` would, without writing to the user's repository."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from vwmp_release.errors import Blocked, PermanentError, ProcessError
from vwmp_release.support import textfile

from . import names
from .session import Session, path_list
from .settings import DURABLE

BEGUN = "begun.index"
"""Copy of the user's index when the transaction began."""
SNAPSHOT = "snapshot.index"
"""The same after everything was added to it."""


def capture(session: Session) -> None:
    """Write the tree that `git add -A` would give into the shadow's objects.

    Args:
        session: The open transaction.

    Raises:
        Blocked: A merge is under way, or a file cannot be read.
    """
    index = session.where.git_dir / "index"
    for name in (BEGUN, SNAPSHOT):
        if index.is_file():
            shutil.copy2(index, session.folder / name)
    env = {
        "GIT_INDEX_FILE": str(session.folder / SNAPSHOT),
        "GIT_OBJECT_DIRECTORY": str(session.git_dir / "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": path_list(session.where.common_dir / "objects"),
    }
    if session.read("ls-files", "-u", "-z", env=env).stdout:
        raise Blocked("a merge is not finished, so uncommitted work cannot be released", hint="finish or abort it")
    left_out = [f":(top,exclude,literal){name}" for name in session.links]
    try:
        session.read(
            *DURABLE, "-c", "core.splitIndex=false", "-c", "core.untrackedCache=false",
            "add", "-A", "--", ":(top)", *left_out, env=env,
        )  # fmt: skip
        session.snapshot = names.object_id(session.read("write-tree", env=env).text)
    except ProcessError as error:
        raise Blocked("the uncommitted work cannot be taken along", why=error.why) from error


def linkable(session: Session, wanted: Sequence[str]) -> tuple[list[str], list[str]]:
    """Check the folders that are to be linked into the shadow.

    Args:
        session: The open transaction.
        wanted: Paths as the user wrote them.

    Returns:
        Those that exist, relative to the root with `/`, and warnings about the others.

    Raises:
        Blocked: One is outside the repository, or holds tracked files.
    """
    root = session.where.root
    found: list[str] = []
    warnings: list[str] = []
    for name in wanted:
        try:
            path = textfile.inside(root, name, key="workspace_link")
        except PermanentError as error:
            raise Blocked(error.what, hint=error.hint) from error
        if path.exists() and path.resolve() != root.resolve():
            found.append(Path(os.path.normpath(path)).relative_to(root).as_posix())
        else:
            warnings.append(f"workspace_link: there is no folder {name}")
    tracked = session.read("--literal-pathspecs", "ls-files", "-z", "--", *found).stdout if found else b""
    if tracked:
        first = tracked.split(b"\0")[0].decode("utf-8", "replace")
        raise Blocked(f"workspace_link: {first} is tracked by git", hint="link untracked folders only")
    return found, warnings
