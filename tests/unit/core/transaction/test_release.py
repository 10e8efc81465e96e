from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from vwmp_release.core.transaction.journal import MemoryJournal
from vwmp_release.core.transaction.release import ReleaseTransaction, State
from vwmp_release.errors import Blocked, StepError
from vwmp_release.interfaces import Opening, Publication, PushOrder, RemoteState, RunIdentity, Seal, TagRef, Workspace

ORDER = PushOrder("origin")


class Port:
    """Notes what it is asked; answers and raises what the test says."""

    def __init__(self, **answers: Any) -> None:
        self.said: list[str] = []
        self.answers = answers
        self.conflicts: tuple[str, ...] = ()

    def _answer(self, what: str, usual: Any = None) -> Any:
        self.said.append(what)
        answer = self.answers.get(what, usual)
        answer = answer.pop(0) if isinstance(answer, list) else answer
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def begin(self, opening: Opening) -> Workspace:
        self._answer("begin")
        return Workspace(Path("shadow"), "b0", "main", RemoteState())

    def checkpoint(self) -> str:
        return str(self._answer("checkpoint", "token"))

    def restore(self, token: str) -> None:
        self._answer(f"restore {token}")

    def seal(self) -> Seal:
        self._answer("seal")
        return Seal("b0", "main", "c1", tags=(TagRef("v1", "t1", "c1"),), conflicts=self.conflicts)

    def publish(self, seal: Seal, order: PushOrder) -> Publication:
        return Publication(self._answer("publish", "published"), order.remote)

    def confirm(self, seal: Seal, order: PushOrder) -> Publication:
        return Publication(self._answer("confirm", "refused"), order.remote)

    def import_objects(self, seal: Seal) -> None:
        self._answer("import")

    def move_refs(self, seal: Seal, order: PushOrder | None) -> None:
        self._answer("move" if order else "move locally")

    def sync(self, seal: Seal) -> list[str]:
        self._answer("sync")
        return ["left alone"]

    def abandon(self, *, keep: bool = False) -> None:
        self._answer("keep" if keep else "abandon")


def _begun(**answers: Any) -> tuple[Port, ReleaseTransaction, MemoryJournal]:
    port, journal = Port(**answers), MemoryJournal()
    transaction = ReleaseTransaction(port, Opening(Path(), RunIdentity()), journal)
    transaction.begin()
    return port, transaction, journal


def test_the_states_of_a_release() -> None:
    """Opened, sealed, published, done; every step is journalled before the next begins."""
    port, transaction, journal = _begun()
    assert transaction.state is State.OPENED
    assert transaction.seal() is transaction.seal()
    assert transaction.state is State.SEALED  # type: ignore[comparison-overlap]
    assert transaction.publish(ORDER).verdict == "published"
    assert transaction.state is State.PUBLISHED
    transaction.close()
    assert transaction.state is State.DONE
    assert port.said == ["begin", "seal", "publish", "import", "move", "sync", "abandon"]
    assert [kind for kind, _ in journal.records] == [
        "begun", "sealed", "push-intent", "published", "imported", "moved", "synced", "done",
    ]  # fmt: skip
    assert journal.records[0][1] == {"base": "b0", "branch": "main", "run": RunIdentity().id}
    assert journal.records[1][1] == {"commit": "c1", "tags": {"v1": "t1"}}
    assert transaction.notes == ["left alone"]
    transaction.close()
    assert port.said.count("abandon") == 1


@pytest.mark.parametrize("seals", [False, True])
def test_before_the_push_closing_throws_everything_away(seals: bool) -> None:
    """An opened or sealed transaction is abandoned."""
    port, transaction, _ = _begun()
    if seals:
        transaction.seal()
    transaction.close()
    assert (transaction.state, port.said[-1]) == (State.ABANDONED, "abandon")


def test_a_transaction_that_could_not_begin_is_abandoned() -> None:
    """What a failed beginning left is taken away."""
    port = Port(begin=Blocked("locked"))
    transaction = ReleaseTransaction(port, Opening(Path(), RunIdentity()))
    with pytest.raises(Blocked):
        transaction.begin()
    transaction.close()
    assert port.said == ["begin", "abandon"]


def test_checkpoints_are_the_ports() -> None:
    """Checkpoint and restore go to the port."""
    port, transaction, _ = _begun()
    transaction.restore(transaction.checkpoint())
    assert port.said[1:] == ["checkpoint", "restore token"]


@pytest.mark.parametrize("verdict", ["refused", "moved", "superseded"])
def test_a_push_that_did_not_arrive_leaves_the_release_sealed(verdict: str) -> None:
    """A refused push changes nothing, and may be tried again after the remote was asked."""
    port, transaction, _ = _begun(publish=[verdict, "published"])
    assert transaction.publish(ORDER).verdict == verdict
    assert transaction.state is State.SEALED
    assert transaction.publish(ORDER).verdict == "published"
    assert port.said[2:5] == ["publish", "confirm", "publish"]


@pytest.mark.parametrize(("asked", "state"), [("published", State.PUBLISHED), ("superseded", State.SEALED)])
def test_what_the_remote_says_before_a_second_push_counts(asked: str, state: State) -> None:
    """A release that the remote has already, or knows another one of, is not pushed again."""
    port, transaction, _ = _begun(publish=["refused"], confirm=asked)
    transaction.publish(ORDER)
    assert transaction.publish(ORDER).verdict == asked
    assert port.said.count("publish") == 1
    assert transaction.state is state


def test_half_a_release_is_completed() -> None:
    """A remote that shows half of the release gets the rest by another push."""
    port, transaction, _ = _begun(publish=["in-doubt", "published"], confirm="in-doubt")
    transaction.publish(ORDER)
    assert transaction.publish(ORDER).verdict == "published"
    assert (port.said.count("publish"), transaction.state) == (2, State.PUBLISHED)


def test_in_doubt_everything_is_kept() -> None:
    """In doubt the shadow stays where it is."""
    port, transaction, _ = _begun(publish="in-doubt")
    transaction.publish(ORDER)
    transaction.close()
    assert (transaction.state, port.said[-1]) == (State.IN_DOUBT, "keep")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), StepError("cut"), MemoryError()])
@pytest.mark.parametrize(
    ("confirm", "state"),
    [("published", State.PUBLISHED), ("refused", State.SEALED), ("in-doubt", State.IN_DOUBT),
     (StepError("no network"), State.IN_DOUBT), (KeyboardInterrupt(), State.IN_DOUBT)],
)  # fmt: skip
def test_a_push_that_is_cut_off_is_told_by_the_remote(error: BaseException, confirm: Any, state: State) -> None:
    """After an interrupted push the remote is asked; while nobody has answered, the release is in doubt."""
    port, transaction, journal = _begun(publish=error, confirm=confirm)
    with pytest.raises(BaseException):  # noqa: B017 - the first error, or what asking raised
        transaction.publish(ORDER)
    assert transaction.state is state
    assert ("sync" in port.said) is (state is State.PUBLISHED)
    assert ("push-intent", {"remote": "origin"}) in journal.records


@pytest.mark.parametrize("where", ["import", "move", "sync"])
@pytest.mark.parametrize("error", [StepError("full"), OSError("full"), KeyboardInterrupt("full")])
def test_after_the_push_trouble_here_is_a_note(where: str, error: BaseException) -> None:
    """Once published, what fails in this clone is noted, and an interrupt passes on."""
    _, transaction, _ = _begun(**{where: error})
    if isinstance(error, KeyboardInterrupt):
        with pytest.raises(KeyboardInterrupt):
            transaction.publish(ORDER)
    else:
        transaction.publish(ORDER)
    assert transaction.state is State.PUBLISHED
    assert transaction.notes == ["the release is published, but this clone could not follow: full; run `git pull`"]


def test_a_local_release_moves_the_refs_only() -> None:
    """Without a push, importing and moving the refs make the release; what sync cannot do is noted."""
    port, transaction, _ = _begun()
    transaction.finish_locally()
    transaction.close()
    assert port.said[1:] == ["seal", "import", "move locally", "sync", "abandon"]
    _, transaction, _ = _begun(sync=OSError("full"))
    transaction.finish_locally()
    assert transaction.state is State.PUBLISHED
    assert "full" in transaction.notes[0]


def test_a_local_release_that_fails_before_its_refs_is_undone() -> None:
    """Until the refs have moved, a local release can be abandoned."""
    port, transaction, _ = _begun(**{"move locally": StepError("locked")})
    with pytest.raises(StepError):
        transaction.finish_locally()
    transaction.close()
    assert (transaction.state, port.said[-1]) == (State.ABANDONED, "abandon")


def test_conflicts_are_refused() -> None:
    """A release over uncommitted work is refused, pushed or not, and names each file."""
    port, transaction, _ = _begun()
    port.conflicts = ("a is changed", "b is staged")
    with pytest.raises(Blocked, match="a is changed; b is staged"):
        transaction.refuse_conflicts()
    with pytest.raises(Blocked):
        transaction.finish_locally()
    assert "import" not in port.said
