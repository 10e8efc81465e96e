"""Begins a transaction: looks at the repository and the remote, refuses what cannot be released, opens the shadow."""

from __future__ import annotations

import os
import re
from pathlib import Path

from vwmp_release.errors import Blocked, ProcessError
from vwmp_release.interfaces import Opening, RemoteState, Workspace
from vwmp_release.support import git
from vwmp_release.support.git import Location

from . import branch, lock, remote, settings, shadow, uncommitted
from .session import Session

FOLDER = "vwmp"
"""The tool's folder in the git dir that all work trees share."""
_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


def begin(opening: Opening) -> tuple[Session, Workspace]:
    """Begin a transaction.

    Args:
        opening: How it begins.

    Returns:
        The session, and what the engine needs to know of it.

    Raises:
        Blocked: The release cannot start; nothing is left behind.
    """
    where = git.locate(opening.repository_root)
    if where.bare:
        raise Blocked("bare repositories are not supported yet", hint="run it in a clone with a work tree")
    if where.head is None:
        raise Blocked("the repository has no commits yet", hint="git add -A && git commit -m 'feat: first version'")
    if not _RUN_ID.fullmatch(opening.run.id):
        raise Blocked(f"the run's id {opening.run.id!r} cannot be the name of a folder")
    session = Session(opening, where, settings.read(where.root), Path(), where.head)
    if opening.purpose == "run":
        if opening.remote:
            session.endpoint = remote.endpoint(where.root, session.settings, opening.remote)
        session.lock = lock.acquire(where.common_dir / FOLDER, opening.run.started_at.isoformat())
    try:
        return session, _open(session)
    except BaseException as error:
        close(session)
        if isinstance(error, ProcessError | OSError):
            raise Blocked("the release's own copy of the repository cannot be made", why=str(error)) from error
        raise


def close(session: Session, *, keep: bool = False) -> None:
    """End a transaction: remove its folder and give the lock free.

    Args:
        session: The transaction.
        keep: Whether its folder stays, also for the runs after this one.
    """
    if session.folder != Path():
        if keep and session.folder.is_dir():
            (session.folder / shadow.KEPT).touch()
        else:
            shadow.remove(session.folder)
    if session.lock is not None:
        for folder in (_work(session.where), _work(session.where).parent):
            try:
                folder.rmdir()
            except OSError:  # something else is in it
                break
        session.lock.release()


def _open(session: Session) -> Workspace:
    opening = session.opening
    hooks = _look(session)
    session.branch = branch.find(opening, session.head_ref, session.refs, session.base)
    warnings = _meet_remote(session)
    links, missing = uncommitted.linkable(session, opening.links)
    session.links = tuple(links)
    session.folder = _folder(session)
    shadow.build(session, hooks)
    if opening.include_uncommitted:
        uncommitted.capture(session)
    shadow.check_out(session, hooks)
    warnings += missing
    if links:
        warnings += shadow.link(session, links)
    return Workspace(session.tree, session.base, session.branch, session.remote, tuple(warnings))


def _look(session: Session) -> Path:
    """Read HEAD and the refs, under the lock where there is one; returns where the hooks are."""
    asked = ("rev-parse", "--path-format=absolute", "--git-path", "hooks", "HEAD", "--symbolic-full-name", "HEAD")
    lines = os.fsdecode(git.run(*asked, cwd=session.where.root).stdout).splitlines()
    hooks, session.base, head = lines[-3:]
    session.head_ref = head if head.startswith("refs/heads/") else None
    listed = session.read(
        "for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/remotes", "refs/tags"
    )
    refs = {}
    for line in os.fsdecode(listed.stdout).splitlines():
        identity, _, name = line.partition(" ")
        refs[name] = identity
    session.refs = refs
    return Path(hooks)


def _meet_remote(session: Session) -> list[str]:
    """Look at the remote: ask it for a run, use what is known here for a plan; returns warnings."""
    opening = session.opening
    if not opening.remote:
        return []
    if opening.purpose == "plan":
        return _remembered(session)
    if session.endpoint is None:
        return []
    answer = remote.ask(session.endpoint, session.branch, opening.timeout)
    session.remote, session.peeled = answer.state, answer.peeled
    if not answer.state.asked:
        raise Blocked(
            f"the remote {opening.remote} ({answer.state.url}) cannot be reached",
            why=answer.state.trouble,
            hint="check the address, the network and your credentials, or release locally with --no-push",
        )
    tip = answer.state.branch_id
    if tip and not opening.force and not remote.contains(session.where.root, tip, session.base):
        shallow = " (this clone is shallow: git fetch --unshallow)" if session.where.shallow else ""
        raise Blocked(
            "the remote branch has commits that you do not have",
            why=f"{session.branch} on {opening.remote} is at {tip[:10]}",
            hint=f"git pull {opening.remote} {session.branch}{shallow}",
        )
    return []


def _remembered(session: Session) -> list[str]:
    opening = session.opening
    try:
        url = remote.endpoint(session.where.root, session.settings, opening.remote).shown
    except Blocked as error:
        session.remote = RemoteState(opening.remote, trouble=str(error))
        return [f"{error}; a run would be refused"]
    tracking = remote.tracking_ref(session.settings, opening.remote, session.branch) if session.branch else None
    tip = session.refs.get(tracking) if tracking else None
    session.remote = RemoteState(opening.remote, url, branch_id=tip, trouble="a plan asks no remote")
    if tip and not opening.force and remote.contains(session.where.root, tip, session.base) is False:
        return [f"{tracking} has commits that you do not have; a run would be refused: git pull"]
    return []


def _folder(session: Session) -> Path:
    if session.plans:
        import tempfile  # lazily: only plans work outside the repository

        return Path(tempfile.mkdtemp(prefix="vwmp-plan-")).resolve()
    work = _work(session.where)
    shadow.clear_leftovers(work)
    folder = work / session.opening.run.id
    work.mkdir(mode=0o700, exist_ok=True)
    if folder.exists():
        raise Blocked(
            f"the run {session.opening.run.id} was begun before and is not finished", hint="begin another run"
        )
    folder.mkdir(mode=0o700)
    return folder


def _work(where: Location) -> Path:
    return where.common_dir / FOLDER / "work"
