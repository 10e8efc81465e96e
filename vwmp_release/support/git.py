"""Calls git with a cleaned environment; used by every plugin that reads a repository."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from ..errors import ProcessError, UsageError
from . import process

_KEPT = {
    "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_ASKPASS", "GIT_SSH",
    "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_SSL_CAINFO", "GIT_SSL_NO_VERIFY", "GIT_PROXY_COMMAND",
    "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_COUNT", "GIT_ALLOW_PROTOCOL",
    "GIT_EXEC_PATH", "GIT_TRACE", "GIT_HTTP_LOW_SPEED_LIMIT", "GIT_HTTP_LOW_SPEED_TIME", "GIT_TEMPLATE_DIR",
    "GIT_PROTOCOL_FROM_USER",
}  # fmt: skip
"""The `GIT_*` variables that configure git; those that point it at another repository are dropped."""


class Location(NamedTuple):
    """Where a repository keeps its parts.

    Args:
        root: Root of the work tree; the git dir itself for a bare repository.
        git_dir: The work tree's own git dir.
        common_dir: The git dir that all work trees of the repository share.
        head: Object id of HEAD; None without commits.
        bare: Whether it has no work tree.
        shallow: Whether its history is cut.
        object_format: `sha1` or `sha256`.
    """

    root: Path
    git_dir: Path
    common_dir: Path
    head: str | None
    bare: bool
    shallow: bool
    object_format: str


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment for a git call: no prompts, C messages, no foreign repository.

    Args:
        extra: Variables to add.
    """
    env = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("GIT_") or key in _KEPT or key.startswith(("GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_"))
    }
    env.update({"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8", "LANGUAGE": "C", "GIT_OPTIONAL_LOCKS": "0"})
    if extra:
        env.update(extra)
    return env


def run(
    *args: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    timeout: float | None = None,
    check: bool = True,
) -> process.Completed:
    """Run git to its end.

    Args:
        *args: Arguments after `git`.
        cwd: Folder to run in.
        env: Variables to add to the cleaned environment.
        stdin: What git reads.
        timeout: Seconds after which git and its children are killed.
        check: Whether a failure raises.

    Raises:
        ProcessError: git is missing, or `check` is set and it failed.
    """
    return process.run(["git", *args], cwd=cwd, env=environment(env), stdin=stdin, timeout=timeout, check=check)


@contextmanager
def stream(*args: str, cwd: Path) -> Iterator[IO[bytes]]:
    """Run git and read its output while it runs.

    Args:
        *args: Arguments after `git`.
        cwd: Folder to run in.

    Yields:
        Its output as a binary stream.

    Raises:
        ProcessError: git is missing or failed.
    """
    with process.stream(["git", *args], cwd=cwd, env=environment()) as output:
        yield output


def locate(folder: Path) -> Location:
    """Find the repository that a folder is in.

    Args:
        folder: Any folder of a work tree, or a bare repository.

    Raises:
        UsageError: git is missing, the folder is in no repository, or git refuses to look at it.
    """
    wanted = [
        "--git-dir",
        "--git-common-dir",
        "--is-bare-repository",
        "--is-shallow-repository",
        "--show-object-format",
    ]
    args = ["rev-parse", "--path-format=absolute", *wanted]
    done = _ask(folder, [*args, "--show-toplevel", "--verify", "-q", "HEAD"])
    lines = done.text.splitlines()
    if len(lines) < len(wanted):
        raise _not_a_repository(folder, done)
    git_dir, common, bare, shallow, object_format, *rest = lines
    is_bare = bare == "true"
    root = Path(git_dir) if is_bare or not rest else Path(rest[0])
    if is_bare and not rest:  # git stops at the work tree that is not there
        rest = ["", *_ask(folder, ["rev-parse", "--verify", "-q", "HEAD"]).text.splitlines()]
    head = rest[1] if len(rest) > 1 else None
    return Location(root, Path(git_dir), Path(common), head, is_bare, shallow == "true", object_format)


def _ask(folder: Path, args: Sequence[str]) -> process.Completed:
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}")
    try:
        return run(*args, cwd=folder, check=False)
    except ProcessError as error:
        raise UsageError("git is needed and was not found", hint="install git 2.31 or newer") from error


def _not_a_repository(folder: Path, done: process.Completed) -> UsageError:
    folder = folder.absolute()  # `.` says nothing, and git's safe.directory knows full names only
    if "dubious ownership" in done.error_text:
        return UsageError(
            f"git refuses the repository {folder} because another user owns it",
            hint=f"git config --global --add safe.directory '{folder}'",
        )
    return UsageError(
        f"{folder} is not in a git repository",
        why=done.error_text if "not a git repository" not in done.error_text else "",
        hint="run it inside a repository, or name one with -C DIR",
    )
