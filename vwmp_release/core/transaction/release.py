"""One release as a transaction: its states and their order; git is known only through the port.

    opened ── seal ──> sealed ── publish ──> published ── import, move refs, sync ──> done
       └───────────────────┴── abandon: the shadow goes, nothing outside it has changed

Publishing is the only commit point. Before it nothing that the user can see changes; after it the transaction only
goes forward. Without a push the commit point is the local ref transaction.
"""

from __future__ import annotations

from enum import Enum

from ...errors import Blocked
from ...interfaces import Opening, Publication, PushOrder, Seal, TransactionPort, Workspace
from .journal import Journal, MemoryJournal


class State(Enum):
    """Where a transaction stands."""

    NEW = "new"
    OPENED = "opened"
    SEALED = "sealed"
    PUBLISHED = "published"
    DONE = "done"
    IN_DOUBT = "in-doubt"
    ABANDONED = "abandoned"


class ReleaseTransaction:
    """Runs a release through the port; the engine's side of `CommitPoint`.

    Args:
        port: The version control system.
        opening: How it begins.
        journal: Takes what happens, in order.
    """

    def __init__(self, port: TransactionPort, opening: Opening, journal: Journal | None = None) -> None:
        self._port = port
        self._opening = opening
        self._journal = journal or MemoryJournal()
        self._seal: Seal | None = None
        self.state = State.NEW
        self.publication: Publication | None = None
        self.notes: list[str] = []
        """What was left undone in the user's tree after publishing, a sentence each."""

    def begin(self) -> Workspace:
        """Open the shadow.

        Raises:
            Blocked: The release cannot start; nothing was written.
        """
        workspace = self._port.begin(self._opening)
        self.state = State.OPENED
        self._journal.record("begun", base=workspace.base, branch=workspace.branch, run=self._opening.run.id)
        return workspace

    def checkpoint(self) -> str:
        """Remember the shadow as it is; see `restore`."""
        return self._port.checkpoint()

    def restore(self, token: str) -> None:
        """Undo what a failed step changed in the shadow.

        Args:
            token: What `checkpoint` gave.
        """
        self._port.restore(token)

    def seal(self) -> Seal:
        """Close the shadow for changes and return what it holds; again, the same.

        Raises:
            Blocked: The release would overwrite uncommitted work of the user.
        """
        if self._seal is None:
            self._seal = self._port.seal()
            self.state = State.SEALED
            self._journal.record(
                "sealed", commit=self._seal.commit, tags={t.name: t.object_id for t in self._seal.tags}
            )
        return self._seal

    def refuse_conflicts(self) -> None:
        """Refuse a release whose files hold uncommitted work of the user.

        Raises:
            Blocked: They do; nothing was written.
        """
        conflicts = self.seal().conflicts
        if conflicts:
            raise Blocked(
                "the release changes files that hold uncommitted work: " + "; ".join(conflicts),
                hint="commit or stash them first, or set include_uncommitted: true to release them as they are",
            )

    def publish(self, order: PushOrder) -> Publication:
        """Push the sealed release and finish it locally; called again, ask the remote first and complete a half one.

        Args:
            order: What to push, and where.
        """
        seal = self.seal()
        if self.publication is not None:
            asked = self._port.confirm(seal, order)
            if asked.verdict in ("published", "superseded"):
                return self._concluded(seal, order, asked)
        self._journal.record("push-intent", remote=order.remote)
        self.state = State.IN_DOUBT  # until an answer is there, whatever happens meanwhile
        try:
            publication = self._port.publish(seal, order)
        except BaseException:  # a signal, or a bug: only the remote knows what it took
            self._concluded(seal, order, self._port.confirm(seal, order))
            raise
        return self._concluded(seal, order, publication)

    def finish_locally(self) -> None:
        """Make the release that is not pushed: the local refs are its commit point.

        Raises:
            Blocked: The release would overwrite uncommitted work of the user.
        """
        seal = self.seal()
        self.refuse_conflicts()
        self._port.import_objects(seal)
        self._port.move_refs(seal, None)
        self.state = State.PUBLISHED
        self._journal.record("moved")
        try:
            self.notes += self._port.sync(seal)
        except Exception as error:
            self.notes.append(f"the release is made, but its files could not be brought into your tree: {error}")

    def close(self) -> None:
        """End the transaction: after publishing its folder goes, before it everything does, in doubt nothing does."""
        if self.state is State.PUBLISHED:
            self._port.abandon()
            self.state = State.DONE
            self._journal.record("done")
        elif self.state is State.IN_DOUBT:
            self._port.abandon(keep=True)
        elif self.state in (State.NEW, State.OPENED, State.SEALED):
            self._port.abandon()
            self.state = State.ABANDONED

    def _concluded(self, seal: Seal, order: PushOrder, publication: Publication) -> Publication:
        self.publication = publication
        if publication.verdict == "in-doubt":
            self.state = State.IN_DOUBT
        elif publication.verdict != "published":
            self.state = State.SEALED
        else:
            self.state = State.PUBLISHED
            self._journal.record("published", remote=publication.remote)
            self._finish(seal, order)
        return publication

    def _finish(self, seal: Seal, order: PushOrder) -> None:
        """After the commit point: what fails here is said, and never taken for a failed release."""
        note = "the release is published, but this clone could not follow: {}; run `git pull`"
        try:
            self._port.import_objects(seal)
            self._journal.record("imported")
            self._port.move_refs(seal, order)
            self._journal.record("moved")
            self.notes += self._port.sync(seal)
            self._journal.record("synced")
        except Exception as error:
            self.notes.append(note.format(error))
        except BaseException as stop:
            self.notes.append(note.format(str(stop) or "interrupted"))
            raise
