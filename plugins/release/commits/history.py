"""Reads the commits since the last release: one pass over `git log` from HEAD down to the first release tag."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from vwmp_release.errors import PermanentError
from vwmp_release.support import git

from ..versions.scheme import Scheme
from ..versions.version import Version
from .message import Commit, parse
from .tags import ReleaseTag, reachable

_LOG = ("log", "-z", "--no-show-signature", "--encoding=UTF-8", "--format=%H%x00%P%x00%an%x00%B")
_FIELDS = 4
_FIRST = 128
"""Commits that are read at once; a release rarely has more, and a stream costs more to start."""
_CHUNK = 1 << 20


class Span(NamedTuple):
    """The commits since the last release.

    Args:
        base: Tag of that release; None where no release is part of the history.
        commits: The commits after it, newest first.
        passed: Further release tags on these commits or on the base: prereleases and other channels.
        complete: False where the clone's history ends inside the range.
    """

    base: ReleaseTag | None
    commits: list[Commit]
    passed: list[ReleaseTag]
    complete: bool = True


def walk(root: Path, revision: str) -> Generator[Commit]:
    """Yield commits, newest first, without holding the history in memory.

    Args:
        root: A folder of the repository.
        revision: A commit or a range, e.g. `main..HEAD`.

    Raises:
        PermanentError: git does not know the revision.
    """
    first = git.run(*_LOG, f"-n{_FIRST}", "--end-of-options", revision, "--", cwd=root, check=False)
    if first.returncode:
        raise PermanentError(f"git cannot list the commits of {revision!r}", why=first.error_text)
    count = 0
    for commit in _commits(iter(first.stdout.split(b"\0"))):
        count += 1
        yield commit
    if count == _FIRST:
        with git.stream(*_LOG, f"--skip={_FIRST}", "--end-of-options", revision, "--", cwd=root) as output:
            yield from _commits(_fields(lambda: output.read(_CHUNK)))


def _fields(read: Callable[[], bytes]) -> Iterator[bytes]:
    rest = b""
    while chunk := read():
        *full, rest = (rest + chunk).split(b"\0")
        yield from full


def _commits(fields: Iterator[bytes]) -> Iterator[Commit]:
    for record in zip(*[fields] * _FIELDS, strict=False):  # what is left over is the empty text after the last NUL
        sha, parents, author, message = (field.decode("utf-8", "replace") for field in record)
        yield parse(sha, message, author, tuple(parents.split()))


def since_release(
    root: Path,
    head: str,
    tags: Sequence[ReleaseTag],
    scheme: Scheme,
    counts: Callable[[Version], bool],
    *,
    shallow: bool = False,
) -> Span:
    """Return the commits since the last release that is part of the history of a commit.

    The last release is the highest version among the tags that can be reached; in a scheme whose versions do not
    always grow it is the nearest.

    Args:
        root: A folder of the repository.
        head: Object id of the commit to release.
        tags: The release tags of the repository.
        scheme: The version scheme.
        counts: Says of a version whether a release of it begins the range, e.g. only stable ones.
        shallow: Whether the clone's history is cut.

    Raises:
        PermanentError: git cannot read the history.
    """
    marks: dict[str, ReleaseTag] = {}
    for tag in tags:
        if counts(tag.version) and not (
            tag.commit in marks and scheme.key(marks[tag.commit].version) >= scheme.key(tag.version)
        ):
            marks[tag.commit] = tag
    commits, base = _down_to(root, head, marks)
    if base is not None:
        if not _is_chain(commits, base):
            commits = list(walk(root, f"{base.commit}..{head}"))
        better = _higher(root, head, base, marks, commits, scheme) if scheme.monotonic else None
        if better is not None:
            base, commits = better, list(walk(root, f"{better.commit}..{head}"))
    inside = {commit.sha for commit in commits} | ({base.commit} if base else set())
    passed = [tag for tag in tags if tag.commit in inside and tag != base]
    complete = not shallow or (base is not None and all(commit.parents for commit in commits))
    return Span(base, commits, passed, complete)


def _down_to(root: Path, head: str, marks: dict[str, ReleaseTag]) -> tuple[list[Commit], ReleaseTag | None]:
    commits: list[Commit] = []
    with closing(walk(root, head)) as history:
        for commit in history:
            if commit.sha in marks:
                return commits, marks[commit.sha]
            commits.append(commit)
    return commits, None


def _is_chain(commits: list[Commit], base: ReleaseTag) -> bool:
    below = chain((commit.sha for commit in commits[1:]), (base.commit,))
    return all(commit.parents == (parent,) for commit, parent in zip(commits, below, strict=True)) if commits else True


def _higher(
    root: Path, head: str, base: ReleaseTag, marks: dict[str, ReleaseTag], commits: list[Commit], scheme: Scheme
) -> ReleaseTag | None:
    """Return the highest release above `base` that is part of the history: a merged branch may have brought one."""
    key = scheme.key(base.version)
    above = sorted((t for t in marks.values() if scheme.key(t.version) > key), key=lambda t: scheme.key(t.version))
    if not above:
        return None
    inside = {commit.sha for commit in commits}
    found = [tag for tag in above if tag.commit in inside] or reachable(root, head, above)
    return found[-1] if found else None
