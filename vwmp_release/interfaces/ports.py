"""The ports between the engine and the plugin that knows git, and the values that cross them.

The engine runs a release as a transaction through `TransactionPort`; the git plugin's adapter implements it.
Other plugins read the repository through `RepositoryPort`, which is the same adapter in `context.adapters["git"]`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

Verdict = Literal["published", "refused", "superseded", "moved", "in-doubt"]


@dataclass(frozen=True)
class RunIdentity:
    """Who this run is and what time it is for it; fixed for the whole run, so that a plan can be repeated.

    Args:
        id: A random name; the last line of the release tag's message.
        started_at: The run's clock, UTC, whole seconds; `SOURCE_DATE_EPOCH` sets it.
    """

    id: str = "vwmp-00000000000000000000000000000000"
    started_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)


class StepLogger:
    """Takes lines for the user; this one keeps them."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def info(self, message: str) -> None:
        """Say something to the user.

        Args:
            message: One line.
        """
        self.lines.append(message)

    def warning(self, message: str) -> None:
        """Say something that deserves attention.

        Args:
            message: One line.
        """
        self.lines.append(f"warning: {message}")


@dataclass(frozen=True)
class RemoteState:
    """A remote as it was last seen.

    Args:
        name: Name of the remote, e.g. `origin`; empty where there is none.
        url: Its push URL without user information, for people.
        asked: Whether the remote was asked and answered.
        branch_id: Object id of the release branch there; None when the branch does not exist or was not asked for.
        tags: Object id by tag name there; empty when not asked.
        trouble: Why it could not be asked.
    """

    name: str = ""
    url: str = ""
    asked: bool = False
    branch_id: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""


@dataclass(frozen=True)
class Opening:
    """How a transaction begins.

    Args:
        repository_root: Any folder in the user's work tree.
        run: Identity and clock.
        purpose: `run` keeps what it makes beside the repository; `plan` works in a temporary folder, writes nothing
            to the repository and never fails for the remote's sake.
        remote: Name of the remote; empty asks no remote.
        branch: The branch to release; None means the current one.
        timeout: Seconds that a call to the remote may take.
        include_uncommitted: Whether the user's uncommitted work goes into the release.
        links: Untracked folders of the user's tree to link into the workspace.
        force: Whether the remote branch may be rewritten.
    """

    repository_root: Path
    run: RunIdentity
    purpose: Literal["run", "plan"] = "run"
    remote: str = ""
    branch: str | None = None
    timeout: float = 60.0
    include_uncommitted: bool = False
    links: Sequence[str] = ()
    force: bool = False


@dataclass(frozen=True)
class Workspace:
    """An opened shadow.

    Args:
        root: Its work tree.
        base: Object id of the commit that the release builds on.
        branch: The branch that is released, without `refs/heads/`; None when unknown (plans only).
        remote: The remote as it was seen.
        warnings: What a user should know, a sentence each.
    """

    root: Path
    base: str
    branch: str | None
    remote: RemoteState
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileChange:
    """One file that the release changes.

    Args:
        path: Path relative to the root, with `/`.
        kind: What happens to it.
        diff: Unified diff; a sentence for a binary file.
    """

    path: str
    kind: Literal["added", "modified", "deleted", "renamed", "mode"]
    diff: str


@dataclass(frozen=True)
class TagRef:
    """One tag of the release.

    Args:
        name: Without `refs/tags/`.
        object_id: The tag object; the commit itself for a lightweight tag.
        target: The commit it names.
        message: Message of an annotated tag, empty for a lightweight one.
        annotated: Whether it is a tag object.
        floating: Whether an existing tag may be moved to it.
    """

    name: str
    object_id: str
    target: str
    message: str = ""
    annotated: bool = True
    floating: bool = False


@dataclass(frozen=True)
class Seal:
    """What the shadow holds, ready to be published; from here on nothing in it changes.

    Args:
        base: The commit that the release builds on.
        branch: The branch; None when unknown (plans only).
        commit: Object id of the release's newest commit; equals `base` when nothing was committed.
        commits: All commits of the run, oldest first: `(object id, message)`.
        author: Author of the newest commit, `Name <email>`.
        tags: The tags that the run made.
        files: What changes between base and commit.
        conflicts: Release files that hold uncommitted work of the user, a sentence each: such a release is refused.
        leftovers: Paths that steps changed but nothing committed.
    """

    base: str
    branch: str | None
    commit: str
    commits: tuple[tuple[str, str], ...] = ()
    author: str = ""
    tags: tuple[TagRef, ...] = ()
    files: tuple[FileChange, ...] = ()
    conflicts: tuple[str, ...] = ()
    leftovers: tuple[str, ...] = ()


@dataclass(frozen=True)
class PushOrder:
    """What to push, and where.

    Args:
        remote: Name of the remote.
        branch: Branch to push to; None means the released branch.
        push_tags: Whether the run's tags go along.
        force: Whether the branch may be rewritten; the lease still holds.
        upstream: Whether to set the local branch's upstream.
        timeout: Seconds that one call may take.
    """

    remote: str
    branch: str | None = None
    push_tags: bool = True
    force: bool = False
    upstream: bool = False
    timeout: float = 120.0


@dataclass(frozen=True)
class Publication:
    """How a push ended.

    Args:
        verdict: `published`; `refused` by the remote; `superseded`: another run released this very tag first;
            `moved`: the remote is not where it was expected; `in-doubt`: nobody knows yet.
        remote: Name of the remote.
        branch: The branch there.
        tags: Names of the tags that were pushed.
        detail: The remote's words, for people.
        retryable: Whether another attempt may end otherwise.
    """

    verdict: Verdict
    remote: str = ""
    branch: str = ""
    tags: tuple[str, ...] = ()
    detail: str = ""
    retryable: bool = False


class CommitPoint(Protocol):
    """The engine's side of publishing: what `git.push` calls."""

    def publish(self, order: PushOrder) -> Publication:
        """Publish the sealed release: push atomically, then import objects, move refs and sync files locally.

        Args:
            order: What to push, and where.

        Returns:
            How it ended; calling again after `retryable` asks the remote first.
        """


@runtime_checkable
class TransactionPort(Protocol):
    """What the engine needs of the version control system for a transaction; see docs/architecture.md."""

    def begin(self, opening: Opening) -> Workspace:
        """Open the shadow and look at the remote.

        Raises:
            Blocked: The release cannot start; nothing was written.
        """

    def checkpoint(self) -> str:
        """Remember the shadow's files and refs; returns a token for `restore`."""

    def restore(self, token: str) -> None:
        """Bring the shadow's files and refs back to a checkpoint."""

    def seal(self) -> Seal:
        """Read what the shadow holds and check every object in it."""

    def publish(self, seal: Seal, order: PushOrder) -> Publication:
        """Push branch and tags in one atomic push that expects the remote where it was seen."""

    def confirm(self, seal: Seal, order: PushOrder) -> Publication:
        """Ask the remote whether it has the release."""

    def import_objects(self, seal: Seal) -> None:
        """Bring the shadow's objects into the user's repository."""

    def move_refs(self, seal: Seal, order: PushOrder | None) -> None:
        """Move the user's branch, tags and tracking ref in one ref transaction."""

    def sync(self, seal: Seal) -> list[str]:
        """Bring the release's files and index entries into the user's tree; returns what was left alone, and why."""

    def abandon(self, *, keep: bool = False) -> None:
        """Close the shadow; with `keep` leave its files where they are."""


class RepositoryPort(Protocol):
    """What other plugins may ask the git adapter."""

    remote: str

    def git(self, *args: str, timeout: float | None = None) -> str:
        """Run git in the run's workspace and return its output without the last newline.

        Raises:
            ProcessError: git failed.
        """

    def remote_url(self) -> str | None:
        """Return the remote's URL without user information; None where there is no such remote."""

    def current_branch(self) -> str | None:
        """Return the branch that is released; None on a detached HEAD whose branch is unknown."""
