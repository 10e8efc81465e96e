"""One open transaction: where the user's repository and the shadow are, and how git is called in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vwmp_release.interfaces import Opening, RemoteState, RunIdentity
from vwmp_release.support import git
from vwmp_release.support.git import Location
from vwmp_release.support.process import Completed

from .lock import Lock
from .remote import Endpoint
from .settings import DURABLE, QUIET, Settings


@dataclass
class Session:
    """An open transaction.

    Args:
        opening: How it began.
        where: The user's repository.
        settings: Its effective configuration.
        folder: The transaction's own folder.
        base: The commit that the release builds on.
        branch: The branch that is released; None when unknown.
        head_ref: What the user's HEAD names; None when it is detached.
        refs: The user's tags, branches and tracking refs when the transaction began: object id by full name.
        lock: Held while a run is open; None for a plan.
        endpoint: The remote as git reaches it; None where none is used.
        remote: The remote as it was seen.
        peeled: The commit behind each of the remote's tags.
        elsewhere: Another remote and branch that a push named, and what it showed.
        links: Untracked folders that are linked into the shadow.
        snapshot: Tree of the user's uncommitted work, where it goes along.
        movable: Tags of the run that may take the place of older ones.
        checked: The commit that the pre-push hook has seen.
        attempts: How often a push was tried.
        published: Whether the release is known to have landed.
        moved: Whether the user's branch was brought to the release.
        notes: What was left undone in the user's repository, a sentence each.
        checkpoints: How many were made.
    """

    opening: Opening
    where: Location
    settings: Settings
    folder: Path
    base: str
    branch: str | None = None
    head_ref: str | None = None
    refs: Mapping[str, str] = field(default_factory=dict)
    lock: Lock | None = None
    endpoint: Endpoint | None = None
    remote: RemoteState = field(default_factory=RemoteState)
    peeled: Mapping[str, str] = field(default_factory=dict)
    elsewhere: tuple[tuple[str, str], Endpoint, RemoteState] | None = None
    links: tuple[str, ...] = ()
    snapshot: str | None = None
    movable: set[str] = field(default_factory=set)
    checked: str = ""
    attempts: int = 0
    published: bool = False
    moved: bool = False
    notes: list[str] = field(default_factory=list)
    checkpoints: int = 0

    @property
    def tree(self) -> Path:
        """The shadow's work tree."""
        return self.folder / "tree"

    @property
    def git_dir(self) -> Path:
        """The shadow's git dir; its ref store is always `files`."""
        return self.tree / ".git"

    @property
    def plans(self) -> bool:
        """Whether this is a plan: it never signs and keeps nothing."""
        return self.opening.purpose == "plan"

    @property
    def own_branch(self) -> bool:
        """Whether the user's HEAD is the released branch."""
        return self.head_ref is not None and self.head_ref == f"refs/heads/{self.branch}"

    @property
    def alternate(self) -> dict[str, str]:
        """Variables that let git in the user's repository see the shadow's objects."""
        return {"GIT_ALTERNATE_OBJECT_DIRECTORIES": path_list(self.git_dir / "objects")}

    def shadow(
        self, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None, check: bool = True
    ) -> Completed:
        """Run git in the shadow.

        Args:
            *args: Arguments after `git`.
            stdin: What git reads.
            env: Further variables.
            check: Whether a failure raises.
        """
        merged = {**environment(self.opening.run), **(env or {})}
        return git.run(*args, cwd=self.tree, env=merged, stdin=stdin, check=check)

    def read(
        self, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None, check: bool = True
    ) -> Completed:
        """Read the user's repository; none of its hooks runs.

        Args:
            *args: Arguments after `git`.
            stdin: What git reads.
            env: Further variables.
            check: Whether a failure raises.
        """
        return git.run(*QUIET, *args, cwd=self.where.root, env=env, stdin=stdin, check=check)

    def write(self, *args: str, stdin: bytes = b"", check: bool = True) -> Completed:
        """Change the user's repository; on disk before it returns.

        Args:
            *args: Arguments after `git`.
            stdin: What git reads.
            check: Whether a failure raises.
        """
        return git.run(*DURABLE, *args, cwd=self.where.root, stdin=stdin, check=check)


def environment(run: RunIdentity) -> dict[str, str]:
    """Return the variables that every git call in a run's workspace gets: the run's clock, and no LFS downloads.

    Args:
        run: Identity and clock.
    """
    date = f"@{int(run.started_at.timestamp())} +0000"
    return {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date, "GIT_LFS_SKIP_SMUDGE": "1"}


def path_list(path: Path) -> str:
    """Return a path as an entry of `GIT_ALTERNATE_OBJECT_DIRECTORIES`, quoted where the list needs it.

    Args:
        path: The path.
    """
    text = str(path)
    if ":" in text or ";" in text or '"' in text or "\n" in text:
        text = '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    return text
