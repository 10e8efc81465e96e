"""The commit point: one atomic push that expects the remote where it was seen, and the questions after it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from vwmp_release.errors import Blocked, ProcessError
from vwmp_release.interfaces import Publication, PushOrder, RemoteState, Seal
from vwmp_release.support import git, process

from . import names, remote, shadow
from .delivery import Delivery, judge, read
from .remote import Endpoint
from .session import Session

_PUSH = (
    "push", "--atomic", "--porcelain", "--no-verify", "--no-follow-tags", "--recurse-submodules=no", "--no-progress",
)  # fmt: skip


def publish(session: Session, seal: Seal, order: PushOrder) -> Publication:
    """Push branch and tags in one atomic push; a later attempt asks the remote first.

    Args:
        session: The open transaction.
        seal: What is released.
        order: What to push, and where.
    """
    prepared = _prepared(session, seal, order)
    if isinstance(prepared, Publication):
        return prepared
    where, delivery = prepared
    if session.attempts:
        there = remote.ask(where, delivery.branch, order.timeout).state
        known = judge(delivery, there, _contains(session))
        if known.verdict in ("published", "superseded", "moved") or not there.asked:
            return _noted(session, known)
        delivery = replace(delivery, expected=there.branch_id, seen=there.tags)
    refusal = _pre_push(session, where, delivery)
    if refusal is not None:
        return refusal
    session.attempts += 1
    done = push(where, delivery, order.timeout, session.alternate)
    said = read(done, delivery)
    if isinstance(said, Publication):
        return _noted(session, said)
    there = remote.ask(where, delivery.branch, order.timeout).state
    return _noted(session, judge(delivery, there, _contains(session), said))


def confirm(session: Session, seal: Seal, order: PushOrder) -> Publication:
    """Ask the remote whether it has the release; nothing is pushed.

    Args:
        session: The open transaction.
        seal: What is released.
        order: What was pushed, and where.
    """
    prepared = _prepared(session, seal, order)
    if isinstance(prepared, Publication):
        return prepared
    where, delivery = prepared
    there = remote.ask(where, delivery.branch, order.timeout).state
    return _noted(session, judge(delivery, there, _contains(session)))


def push(where: Endpoint, delivery: Delivery, timeout: float, alternate: Mapping[str, str]) -> process.Completed:
    """Run the push in the user's git dir, with the user's credentials, by object id.

    Args:
        where: The remote.
        delivery: What to push.
        timeout: Seconds it may take.
        alternate: Variables that show git where the objects are.
    """
    env = {**where.env, **alternate}
    return git.run(*_PUSH, *delivery.arguments(remote.VIRTUAL), cwd=where.root, env=env, timeout=timeout, check=False)


def _prepared(session: Session, seal: Seal, order: PushOrder) -> tuple[Endpoint, Delivery] | Publication:
    """Say where the push goes and what it expects there, or how it ended before it began."""
    branch = order.branch or seal.branch
    tags = seal.tags if order.push_tags else ()
    if not branch or names.ref_trouble(branch):
        return Publication("refused", order.remote, branch or "", detail="it is not known which branch to push to")
    delivery = Delivery(order.remote, branch, seal.commit, None, tags)
    try:
        where, there = _destination(session, order, branch)
    except Blocked as error:
        return delivery.ended("refused", f"{error}\n{error.hint}")
    if not there.asked:
        trouble = f"{order.remote} cannot be reached: {there.trouble}"
        return delivery.ended("in-doubt" if session.attempts else "refused", trouble, retryable=True)
    delivery = replace(delivery, expected=there.branch_id, seen=there.tags)
    tip = there.branch_id
    if tip and not session.attempts and not order.force and not _contains(session)(tip, seal.commit):
        known = judge(delivery, there, _contains(session))
        if known.verdict == "superseded":
            return known
        words = f"{branch} on {order.remote} has commits that you do not have (it is at {tip[:10]})"
        return delivery.ended("moved", words)
    return where, delivery


def _destination(session: Session, order: PushOrder, branch: str) -> tuple[Endpoint, RemoteState]:
    """The remote as it was seen when the run began; asked now where the order names another place."""
    if session.endpoint is not None and order.remote == session.endpoint.name and branch == session.branch:
        return session.endpoint, session.remote
    key = (order.remote, branch)
    if session.elsewhere is None or session.elsewhere[0] != key:
        where = remote.endpoint(session.where.root, session.settings, order.remote)
        state = remote.ask(where, branch, order.timeout).state
        if not state.asked:
            return where, state
        session.elsewhere = (key, where, state)
    return session.elsewhere[1], session.elsewhere[2]


def _pre_push(session: Session, where: Endpoint, delivery: Delivery) -> Publication | None:
    """Run the user's pre-push hook in the shadow, once for a release; returns the refusal, if it refuses."""
    hook = shadow.hooks_folder(session) / "pre-push"
    key = f"{delivery.remote} {delivery.branch} {delivery.commit}"
    if session.checked == key or not hook.is_file() or not (os.name == "nt" or os.access(hook, os.X_OK)):
        return None
    null = names.null_id(session.where.object_format)
    lines = [f"{local} {identity} {target} {old or null}\n" for local, identity, target, old in delivery.refs()]
    done = _run_hook(session, hook, [delivery.remote, where.url], os.fsencode("".join(lines)))
    if done.returncode == 0:
        session.checked = key
        return None
    output = remote.words(f"{done.text}\n{done.error_text}")
    return delivery.ended("refused", f"the pre-push hook refused with status {done.returncode}\n{output}")


def _run_hook(session: Session, hook: Path, arguments: list[str], stdin: bytes) -> process.Completed:
    env = git.environment({"GIT_DIR": str(session.git_dir), "GIT_PREFIX": ""})
    command = [str(hook), *arguments]
    if os.name != "nt":
        with suppress(ProcessError):  # no `#!` line: git gives such hooks to the shell
            return process.run(command, cwd=session.tree, env=env, stdin=stdin, check=False)
    return process.run(["sh", *command], cwd=session.tree, env=env, stdin=stdin, check=False)


def _contains(session: Session) -> Callable[[str, str], bool | None]:
    return partial(remote.contains, session.where.root, env=session.alternate)


def _noted(session: Session, publication: Publication) -> Publication:
    session.published = session.published or publication.verdict == "published"
    return publication
