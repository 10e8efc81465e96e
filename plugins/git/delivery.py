"""One atomic push as a value: what goes where, what is expected there, and how the answer is to be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from vwmp_release.interfaces import Publication, RemoteState, TagRef
from vwmp_release.support.process import Completed

from . import names
from .remote import words

_OK = frozenset(" +*=")
_COMPANION = re.compile(r"\(atomic (?:push failed|push failure|transaction failed)\)|\(transaction failed\)")
"""What git says of refs that only failed because another one did."""
_ASK = re.compile(
    r"stale info|fetch first|non-fast-forward|already exists|needs force|cannot lock|incorrect old value"
    r"|failed to (?:lock|update|write|report)|reference already|expected [0-9a-f]+|unable to resolve|unpack|internal"
    r"|fatal error|try again|time(?:d )?out|remote failed",
    re.IGNORECASE,
)
"""Rejections that may mean a race or an accident on the other side: only the remote's state tells."""
_NO_ATOMIC = re.compile(r"does not support --atomic")
_DENIED = re.compile(
    r"authentication failed|permission (?:to .* )?denied|could not read (?:username|password)|error: 40[13]\b"
    r"|access denied|not allowed to push|repository not found|invalid credentials|host key verification failed",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Delivery:
    """What a push carries, and what it expects.

    Args:
        remote: Name of the remote.
        branch: The branch there.
        commit: The commit that it is to name.
        expected: The commit that it must name before; None when it must not exist.
        tags: The tags that go along.
        seen: The object ids that the remote's tags had when it was asked, by tag name.
    """

    remote: str
    branch: str
    commit: str
    expected: str | None = None
    tags: tuple[TagRef, ...] = ()
    seen: Mapping[str, str] = field(default_factory=dict)

    def refs(self) -> list[tuple[str, str, str, str]]:
        """Return `(local ref, object id, remote ref, expected id or empty)` of each ref, ids checked."""
        head = f"refs/heads/{self.branch}"
        found = [(head, names.object_id(self.commit), head, self.expected or "")]
        for tag in self.tags:
            full = f"refs/tags/{tag.name}"
            found.append((full, names.object_id(tag.object_id), full, self._before(tag)))
        return found

    def arguments(self, remote: str) -> list[str]:
        """Return the leases, the remote and the refspecs of the push; no refspec lacks a source, which would delete.

        Args:
            remote: The remote as the command line names it.
        """
        refs = self.refs()
        leases = [f"--force-with-lease={target}:{expected}" for _, _, target, expected in refs]
        return [*leases, "--", remote, *(f"{source}:{target}" for _, source, target, _ in refs)]

    def ended(self, verdict: str, detail: str = "", *, retryable: bool = False) -> Publication:
        """Return how the push ended.

        Args:
            verdict: One of the verdicts of `Publication`.
            detail: Words for people.
            retryable: Whether another attempt may end otherwise.
        """
        pushed = tuple(tag.name for tag in self.tags)
        return Publication(verdict, self.remote, self.branch, pushed, detail, retryable)  # type: ignore[arg-type]

    def _before(self, tag: TagRef) -> str:
        there = self.seen.get(tag.name, "")
        return there if tag.floating or there == tag.object_id else ""


def read(done: Completed, delivery: Delivery) -> Publication | str:
    """Read what a push said.

    Args:
        done: The ended `git push --porcelain`.
        delivery: What was pushed.

    Returns:
        How it ended, where that is certain; else the remote's words: the remote must be asked.
    """
    lines: dict[str, tuple[str, str]] = {}
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        fields = line.split("\t")
        if len(fields) == 3 and len(fields[0]) == 1:
            lines[fields[1].partition(":")[2]] = (fields[0], fields[2])
    wanted = [target for _, _, target, _ in delivery.refs()]
    said = words(done.error_text)
    if done.returncode == 0 and not done.timed_out and all(lines.get(ref, ("!", ""))[0] in _OK for ref in wanted):
        return delivery.ended("published", said)
    rejections = [f"{ref}: {summary}" for ref, (flag, summary) in lines.items() if flag == "!"]
    detail = words("\n".join([*rejections, _shortened(said)]))
    if done.timed_out:
        return f"the remote did not answer in time\n{detail}".strip()
    own = [text for text in rejections if not _COMPANION.search(text)]
    if own and not any(_ASK.search(text.partition(": ")[2]) for text in own):
        return delivery.ended("refused", detail)
    if not rejections and _NO_ATOMIC.search(said):
        why = "the remote does not support atomic pushes, so branch and tag could not go together"
        return delivery.ended("refused", f"{why}\n{detail}")
    if not rejections and _DENIED.search(said):
        return delivery.ended("refused", detail)
    return detail or f"git push ended with status {done.returncode}"


def judge(
    delivery: Delivery, there: RemoteState, contains: Callable[[str, str], bool | None], said: str = ""
) -> Publication:
    """Say how a push ended by what the remote shows.

    Args:
        delivery: What was pushed, or was to be.
        there: The remote, asked after it.
        contains: Says whether the first commit is an ancestor of the second; None when that is not known here.
        said: What the push said.

    Returns:
        `refused` and retryable where the remote shows its old state.
    """
    if not there.asked:
        return delivery.ended(
            "in-doubt", f"{said}\nthe remote cannot be asked: {there.trouble}".strip(), retryable=True
        )
    for tag in delivery.tags:
        if not tag.floating and there.tags.get(tag.name, tag.object_id) != tag.object_id:
            winner = there.tags[tag.name][:10]
            return delivery.ended("superseded", f"another run has released {tag.name} ({winner}) on {delivery.remote}")
    own = [tag for tag in delivery.tags if not tag.floating] or list(delivery.tags)
    have = [tag for tag in own if there.tags.get(tag.name) == tag.object_id]
    tip = there.branch_id
    inside = contains(delivery.commit, tip) if tip else False
    if len(have) == len(own) and (inside or (own and tip != delivery.expected)):  # a push on top of ours is as good
        return delivery.ended("published", said)
    if have or (inside and delivery.commit != delivery.expected):
        return delivery.ended("in-doubt", f"the remote shows half of the release\n{said}".strip(), retryable=True)
    if tip != delivery.expected:
        at = f"is at {tip[:10]}" if tip else "does not exist"
        return delivery.ended(
            "moved", f"{delivery.branch} on {delivery.remote} {at}, which is not where it was expected"
        )
    for tag in delivery.tags:
        if there.tags.get(tag.name, "") != delivery.seen.get(tag.name, ""):
            return delivery.ended("moved", f"the tag {tag.name} on {delivery.remote} has been moved by somebody else")
    return delivery.ended("refused", said, retryable=True)


def _shortened(text: str) -> str:
    hints = ("hint:", "error: failed to push some refs")
    return "\n".join(line for line in text.splitlines() if not line.startswith(hints))
