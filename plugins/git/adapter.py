"""The git adapter: git for step handlers, reads for other plugins, and the transaction port for the engine."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vwmp_release.errors import PermanentError, StepError
from vwmp_release.interfaces import (
    IntegrationAdapter,
    Opening,
    Publication,
    PushOrder,
    Seal,
    ValidationResult,
    Workspace,
)
from vwmp_release.support import git as plain

from . import branch as branches
from . import checkpoint, importer, names, publish, refs, remote, sync
from . import opening as openings
from . import seal as sealing
from .session import Session, environment

if TYPE_CHECKING:
    from git import Repo


class GitAdapter(IntegrationAdapter):
    """Adapter for git.

    `workspace_root` is the folder that git works in: the user's work tree, or the shadow's while a transaction is open.
    `remote` and `branch` are as configured; `branch` is None where it is to be found.
    """

    def __init__(self) -> None:
        self.workspace_root = Path()
        self.remote = "origin"
        self.branch: str | None = None
        self.session: Session | None = None
        self._repo: Repo | None = None
        self._home = Path()

    def get_adapter_name(self) -> str:
        """Return `git`."""
        return "git"

    def initialize(self, config: dict[str, Any]) -> None:
        """Take the configuration; nothing is run yet.

        Args:
            config: `workspace_root`, `remote`, `branch`.
        """
        self._home = self.workspace_root = Path(config.get("workspace_root") or ".").absolute()
        self.remote = str(config.get("remote") or "origin")
        self.branch = config.get("branch")
        self._close_repo()

    def validate_config(self, config: dict[str, Any]) -> ValidationResult:
        """Check the names of remote and branch.

        Args:
            config: The adapter's configuration.
        """
        errors = []
        for key in ("remote", "branch"):
            value = config.get(key)
            trouble = names.ref_trouble(str(value)) if value else ""
            if trouble:
                errors.append(f"{key}: {value!r}: {trouble}")
        return ValidationResult(not errors, errors)

    def get_config_schema(self) -> dict[str, Any]:
        """Return the schema that the plugin's manifest declares."""
        import yaml  # lazily: the engine has read the manifest already

        manifest = yaml.safe_load(Path(__file__).with_name("config.yaml").read_text(encoding="utf-8"))
        return {"type": "object", "properties": manifest["adapter"]["config_schema"]}

    def cleanup(self) -> None:
        """Close what is open; a push whose end is not known keeps its objects."""
        if self.session is not None:
            self.abandon(keep=self.session.attempts > 0 and not self.session.published)
        self._close_repo()

    @property
    def repo(self) -> Repo:
        """The workspace's repository as GitPython sees it, for readers."""
        if self._repo is None:
            from git import Repo  # lazily: GitPython is heavy, and most runs never need it

            self._repo = Repo(self.workspace_root, search_parent_directories=True)
        return self._repo

    def stage_files(self, paths: list[str]) -> subprocess.CompletedProcess[str]:
        """Stage files, deleted ones too; paths are taken literally.

        Args:
            paths: Paths relative to the workspace.
        """
        listed = b"".join(os.fsencode(path) + b"\0" for path in paths)
        args = ("--literal-pathspecs", "add", "-A", "--pathspec-from-file=-", "--pathspec-file-nul")
        return self._completed(args, listed)

    def commit(self, message: str) -> subprocess.CompletedProcess[str]:
        """Commit what is staged.

        Args:
            message: The whole message, taken as it is.
        """
        return self._completed(("commit", "--cleanup=verbatim", "-F", "-"), message.encode())

    def create_tag(self, tag_name: str, message: str, annotated: bool = True) -> subprocess.CompletedProcess[str]:
        """Tag HEAD.

        Args:
            tag_name: Name of the tag.
            message: Message of an annotated tag.
            annotated: Whether the tag is an object of its own.
        """
        name = names.tag_name(tag_name)
        if annotated:
            return self._completed(("tag", "-a", "--cleanup=verbatim", "-F", "-", "--", name), message.encode())
        return self._completed(("tag", "--no-sign", "--", name), b"")

    def push(self, ref: str, push_tags: bool = False) -> subprocess.CompletedProcess[str]:
        """Push a ref to the configured remote.

        Args:
            ref: A branch, tag or refspec.
            push_tags: Whether annotated tags that the ref reaches go along.

        Raises:
            PermanentError: A transaction is open: pushing is its business, or the ref is no name.
        """
        if self.session is not None:
            raise PermanentError(
                "a step of a release must not push by itself",
                hint="the step with handler git.push publishes the release",
            )
        if not ref or ref.startswith(("-", ":")):
            raise PermanentError(f"{ref!r} cannot be pushed")
        follow = ("--follow-tags",) if push_tags else ()
        return self._completed(("push", "--atomic", *follow, "--", self.remote, ref), b"")

    def git(self, *args: str, timeout: float | None = None) -> str:
        """Run git in the run's workspace and return its output without the last newline.

        Args:
            *args: Arguments after `git`.
            timeout: Seconds it may take.

        Raises:
            ProcessError: git failed.
        """
        return plain.run(*args, cwd=self.workspace_root, env=self._environment(), timeout=timeout).text

    def remote_url(self) -> str | None:
        """Return the remote's fetch URL without user information; None where there is no such remote."""
        root = self.session.where.root if self.session else self.workspace_root
        done = plain.run("remote", "get-url", "--", self.remote, cwd=root, check=False)
        return remote.without_user(done.text.splitlines()[0]) if done.returncode == 0 and done.text else None

    def current_branch(self) -> str | None:
        """Return the branch that is released; None on a detached HEAD whose branch is unknown."""
        if self.session is not None:
            return self.session.branch
        if self.branch:
            return self.branch
        done = plain.run("symbolic-ref", "-q", "HEAD", cwd=self.workspace_root, check=False)
        return done.text.removeprefix("refs/heads/") or branches.from_environment(os.environ)

    def begin(self, opening: Opening) -> Workspace:
        """Open the shadow and look at the remote; see `TransactionPort`.

        Args:
            opening: How the transaction begins.

        Raises:
            Blocked: The release cannot start; nothing was written.
        """
        if self.session is not None:
            raise StepError("a transaction is open already")
        self.session, workspace = openings.begin(opening)
        self.workspace_root = workspace.root
        self._close_repo()
        return workspace

    def checkpoint(self) -> str:
        """Remember the shadow's files and refs; returns a token for `restore`."""
        return checkpoint.save(self._open())

    def restore(self, token: str) -> None:
        """Bring the shadow's files and refs back.

        Args:
            token: What `checkpoint` returned.
        """
        self._close_repo()
        checkpoint.restore(self._open(), token)

    def seal(self) -> Seal:
        """Read what the shadow holds and check every object in it."""
        return sealing.seal(self._open())

    def publish(self, seal: Seal, order: PushOrder) -> Publication:
        """Push branch and tags in one atomic push that expects the remote where it was seen.

        Args:
            seal: What is released.
            order: What to push, and where.
        """
        return publish.publish(self._open(), seal, order)

    def confirm(self, seal: Seal, order: PushOrder) -> Publication:
        """Ask the remote whether it has the release.

        Args:
            seal: What is released.
            order: What was pushed, and where.
        """
        return publish.confirm(self._open(), seal, order)

    def import_objects(self, seal: Seal) -> None:
        """Bring the shadow's objects into the user's repository.

        Args:
            seal: What is released.
        """
        session = self._open()
        importer.import_objects(session.git_dir / "objects", session.where.common_dir / "objects")

    def move_refs(self, seal: Seal, order: PushOrder | None) -> None:
        """Move the user's branch, tags and tracking ref in one ref transaction.

        Args:
            seal: What is released.
            order: What was pushed; None for a release that is not pushed.
        """
        refs.move_refs(self._open(), seal, order)

    def sync(self, seal: Seal) -> list[str]:
        """Bring the release's files into the user's tree; returns what was left alone, and why.

        Args:
            seal: What is released.
        """
        return sync.sync(self._open(), seal)

    def abandon(self, *, keep: bool = False) -> None:
        """Close the shadow; without an open one, do nothing.

        Args:
            keep: Whether its files stay where they are.
        """
        session, self.session = self.session, None
        self.workspace_root = self._home
        self._close_repo()
        if session is not None:
            openings.close(session, keep=keep)

    def _open(self) -> Session:
        if self.session is None:
            raise StepError("no transaction is open")
        return self.session

    def _environment(self) -> Mapping[str, str]:
        return environment(self.session.opening.run) if self.session else {}

    def _completed(self, args: Sequence[str], stdin: bytes) -> subprocess.CompletedProcess[str]:
        done = plain.run(*args, cwd=self.workspace_root, env=self._environment(), stdin=stdin, check=False)
        error = done.stderr.decode("utf-8", "replace")
        return subprocess.CompletedProcess(done.argv, done.returncode, done.stdout.decode("utf-8", "replace"), error)

    def _close_repo(self) -> None:
        if self._repo is not None:
            self._repo.close()
            self._repo = None
