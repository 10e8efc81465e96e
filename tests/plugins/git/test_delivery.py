"""How a push's answer, and what the remote shows after it, are read."""

from __future__ import annotations

import pytest
from vwmp_release.plugins.git.delivery import Delivery, judge, read

from vwmp_release.interfaces import Publication, RemoteState, TagRef
from vwmp_release.support.process import Completed

_A, _B, _C = "a" * 40, "b" * 40, "c" * 40
_TAG = TagRef("v1", _B, _A)
_REJECTED = "!\ta:refs/heads/main\t[remote rejected] "
_OK = "To x\n*\ta:refs/heads/main\t[new branch]\n*\tb:refs/tags/v1\t[new tag]\nDone\n"


def _done(out: str, err: str = "", code: int = 1, *, timed_out: bool = False) -> Completed:
    return Completed(("git",), code, out.encode(), err.encode(), timed_out)


@pytest.mark.parametrize(
    ("done", "verdict"),
    [
        (_done(_OK, code=0), "published"),
        (_done(_OK.replace("*", "="), code=0), "published"),
        (_done("To x\n*\ta:refs/heads/main\t[new branch]\nDone\n", code=0), None),
        (_done("", code=0), None),
        (_done(_OK, code=0, timed_out=True), None),
        (_done(_REJECTED + "(protected branch hook declined)\n"), "refused"),
        (_done(_REJECTED + "(push declined due to repository rule violations)\n"), "refused"),
        (_done("!\ta:refs/heads/main\t[rejected] (fetch first)\n!\tb:refs/tags/v1\t(atomic push failed)"), None),
        (_done(_REJECTED + "(atomic transaction failed)\n"), None),
        (_done("!\ta:refs/heads/main\t[remote failure] (remote failed to report status)\n"), None),
        (_done(_REJECTED + "(Internal Server Error)\n"), None),
        (_done("", "fatal: the receiving end does not support --atomic push"), "refused"),
        (_done("", "remote: Permission to o/r.git denied to bot.\nfatal: unable to access: error: 403"), "refused"),
        (_done("", "git@h: Permission denied (publickey)."), "refused"),
        (_done("", "fatal: the remote end hung up unexpectedly"), None),
        (_done("", ""), None),
    ],
)  # fmt: skip
def test_answer_of_a_push(done: Completed, verdict: str | None) -> None:
    """Only a full list of good refs is a success, only a clear refusal is one; else the remote is asked."""
    answer = read(done, Delivery("origin", "main", _A, None, (_TAG,)))
    assert (answer.verdict if isinstance(answer, Publication) else None) == verdict
    assert isinstance(answer, Publication) or answer


@pytest.mark.parametrize(
    ("branch", "tags", "inside", "verdict"),
    [
        (_A, {"v1": _B}, True, "published"),
        (_C, {"v1": _B}, True, "published"),
        (_C, {"v1": _B}, None, "published"),
        (None, {"v1": _B}, None, "published"),
        ("e" * 40, {"v1": _B}, False, "in-doubt"),
        (_A, {}, True, "in-doubt"),
        (_A, {"v1": _C}, True, "superseded"),
        ("e" * 40, {"v1": _C}, False, "superseded"),
        (_C, {}, False, "moved"),
        (None, {}, False, "moved"),
        ("e" * 40, {}, False, "refused"),
    ],
)
def test_what_the_remote_shows_decides(
    branch: str | None, tags: dict[str, str], inside: bool | None, verdict: str
) -> None:
    """Each state of the remote has one meaning."""
    delivery = Delivery("origin", "main", _A, "e" * 40, (_TAG,))
    answer = judge(delivery, RemoteState("origin", asked=True, branch_id=branch, tags=tags), lambda *_: inside)
    assert answer.verdict == verdict
