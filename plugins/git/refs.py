"""Moves the user's branch, tags and tracking ref to the release in one ref transaction."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from vwmp_release.errors import StepError
from vwmp_release.interfaces import PushOrder, Seal

from . import names, remote
from .session import Session

_PATIENCE = ("-c", "core.filesRefLockTimeout=5000", "-c", "core.packedRefsTimeout=5000")
"""Milliseconds that git waits for another program's ref lock; its own default is a tenth of a second."""


def move_refs(session: Session, seal: Seal, order: PushOrder | None) -> None:
    """Move the refs; done again, it changes nothing more.

    Args:
        session: The open transaction.
        seal: What is released.
        order: What was pushed; None when this is the commit point: then all of it happens, or nothing.

    Raises:
        StepError: A ref is not where it was, or git refuses; none was moved.
    """
    branch = f"refs/heads/{seal.branch}"
    target = order.branch or seal.branch if order is not None else None
    tracking = remote.tracking_ref(session.settings, order.remote, target) if order is not None and target else None
    wanted = [branch, *(f"refs/tags/{tag.name}" for tag in seal.tags), *([tracking] if tracking else [])]
    now = _current(session, wanted)
    commands = _branch(session, seal, now.get(branch), strict=order is None)
    commands += _tags(session, seal, now, strict=order is None)
    if tracking and now.get(tracking) != seal.commit:
        commands.append(f"update {tracking} {seal.commit} {now.get(tracking) or _null(session)}")
    if commands:
        _run(session, seal, commands)
    head = os.fsdecode(session.read("symbolic-ref", "-q", "HEAD", check=False).stdout).rstrip("\n")
    there = now.get(branch) == seal.commit or any(command.startswith(f"update {branch} ") for command in commands)
    session.moved = there and head == branch  # the user may have switched while the release ran
    if order is not None and order.upstream and target:
        _set_upstream(session, seal, order.remote, target)


def _current(session: Session, wanted: list[str]) -> Mapping[str, str]:
    done = session.read("for-each-ref", "--format=%(objectname) %(refname)", *wanted)
    pairs = (line.partition(" ") for line in os.fsdecode(done.stdout).splitlines())
    return {name: identity for identity, _, name in pairs if name in wanted}


def _branch(session: Session, seal: Seal, now: str | None, *, strict: bool) -> list[str]:
    """The branch moves where it is still at the base and nobody else has it checked out."""
    if seal.branch is None or seal.commit in (seal.base, now):
        return []
    ref = f"refs/heads/{seal.branch}"
    trouble = ""
    elsewhere = _checked_out_elsewhere(session, ref)
    if elsewhere:
        trouble = f"the branch {seal.branch} is checked out in {elsewhere}"
    elif now is not None and now != seal.base:
        trouble = f"the branch {seal.branch} has moved to {now[:10]} since the run began"
    elif now is None and not strict:
        return []  # a detached checkout without the branch, as continuous integration makes it
    if not trouble:
        return [f"update {ref} {names.object_id(seal.commit)} {now or _null(session)}"]
    if strict:
        raise StepError(trouble, hint="nothing was changed; run again")
    session.notes.append(f"{trouble}, so it was left alone; the release is {seal.commit[:10]}: git pull there")
    return []


def _tags(session: Session, seal: Seal, now: Mapping[str, str], *, strict: bool) -> list[str]:
    commands = []
    for tag in seal.tags:
        ref = f"refs/tags/{tag.name}"
        here = now.get(ref)
        if here == tag.object_id:
            continue
        if here is None or tag.floating:
            commands.append(f"update {ref} {names.object_id(tag.object_id)} {here or _null(session)}")
        elif strict:
            raise StepError(f"the tag {tag.name} was made by somebody else since the run began", hint="run again")
        else:
            session.notes.append(f"your tag {tag.name} is another one than the released, and was left alone")
    return commands


def _run(session: Session, seal: Seal, commands: list[str]) -> None:
    name = seal.tags[0].name if seal.tags else seal.commit[:10]
    text = "\n".join(["start", *commands, "prepare", "commit", ""])
    done = session.write(
        *_PATIENCE, "update-ref", "-m", f"vwmp-release: {name}", "--stdin", stdin=os.fsencode(text), check=False
    )
    if done.returncode:
        raise StepError("git did not move the branch and tags", why=remote.words(done.error_text))


def _checked_out_elsewhere(session: Session, ref: str) -> str:
    if not (session.where.common_dir / "worktrees").is_dir():
        return ""
    here = ""
    for line in os.fsdecode(session.read("worktree", "list", "--porcelain").stdout).splitlines():
        key, _, value = line.partition(" ")
        if key == "worktree":
            here = value
        elif key == "branch" and value == ref and not _same(Path(here), session.where.root):
            return here
    return ""


def _same(first: Path, second: Path) -> bool:
    return os.path.realpath(first) == os.path.realpath(second)


def _set_upstream(session: Session, seal: Seal, name: str, target: str) -> None:
    for key, value in (("remote", name), ("merge", f"refs/heads/{target}")):
        full = f"branch.{seal.branch}.{key}"
        if session.settings.get(full) != value:
            session.write("config", full, value)


def _null(session: Session) -> str:
    return names.null_id(session.where.object_format)
