"""Speaks to the remote: its effective address, and one question about a branch and all tags."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vwmp_release.errors import Blocked
from vwmp_release.interfaces import RemoteState
from vwmp_release.support import git, redact

from . import names
from .settings import QUIET, Settings, variables

VIRTUAL = "vwmp-txn"
"""A remote that no configuration knows: pushing to it moves no tracking ref, which would point at an object that the
repository does not have yet."""
_CARRIED = ("receivepack", "uploadpack", "proxy", "proxyauthmethod", "vcs")
_SHOWN = 4000


@dataclass(frozen=True)
class Endpoint:
    """Where a release is pushed to, and how git gets there.

    Args:
        root: The user's work tree: the network is only used there, with the user's configuration and credentials.
        name: Name of the remote.
        url: The effective push URL, credentials included; for git only.
        env: Variables that make `VIRTUAL` that remote.
    """

    root: Path
    name: str
    url: str = field(repr=False)
    env: Mapping[str, str] = field(repr=False)

    @property
    def shown(self) -> str:
        """The URL for people."""
        return without_user(self.url)


@dataclass(frozen=True)
class Answer:
    """What the remote said.

    Args:
        state: For the engine.
        peeled: The commit behind each tag, by tag name.
    """

    state: RemoteState
    peeled: Mapping[str, str] = field(default_factory=dict)


def endpoint(root: Path, settings: Settings, name: str) -> Endpoint:
    """Find where pushes to a remote go.

    Args:
        root: The user's work tree.
        settings: Its configuration.
        name: Name of the remote.

    Raises:
        Blocked: There is no such remote, or it stands for several places.
    """
    if not settings.all(f"remote.{name}.url") and not settings.all(f"remote.{name}.pushurl"):
        raise Blocked(
            f"there is no remote {name!r}", hint=f"git remote add {name} URL, or --no-push to release locally"
        )
    done = git.run("remote", "get-url", "--push", "--all", name, cwd=root, check=False)
    urls = done.stdout.decode("utf-8", "surrogateescape").splitlines()
    if done.returncode or not urls:
        raise Blocked(f"the remote {name!r} cannot be used", why=words(done.error_text))
    if len(urls) > 1:
        raise Blocked(
            f"the remote {name!r} pushes to {len(urls)} places, which cannot be done in one atomic push",
            hint="keep one push URL, or name a remote that has only one",
        )
    url = _absolute(root, urls[0])
    # Mapping the address to itself keeps url.*.insteadOf from being applied a second time.
    pairs = [(f"remote.{VIRTUAL}.url", url), (f"url.{url}.insteadof", url), (f"url.{url}.pushinsteadof", url)]
    for key in _CARRIED:
        value = settings.get(f"remote.{name}.{key}")
        if value is not None:
            pairs.append((f"remote.{VIRTUAL}.{key}", value))
    return Endpoint(root, name, url, {**_ssh(settings), **variables(pairs)})


def ask(where: Endpoint, branch: str | None, timeout: float) -> Answer:
    """Ask the remote for a branch and all tags.

    Args:
        where: The remote.
        branch: The branch.
        timeout: Seconds it may take.
    """
    patterns = [f"refs/heads/{branch}"] if branch else []
    done = git.run(
        *QUIET, "ls-remote", "--heads", "--tags", VIRTUAL, *patterns, "refs/tags/*",
        cwd=where.root, env=where.env, timeout=timeout, check=False,
    )  # fmt: skip
    if done.returncode or done.timed_out:
        trouble = f"no answer within {timeout:g} s" if done.timed_out else words(done.error_text)
        return Answer(RemoteState(where.name, where.shown, trouble=trouble or "git ls-remote failed"))
    tags: dict[str, str] = {}
    peeled: dict[str, str] = {}
    tip = None
    for line in done.stdout.decode("utf-8", "surrogateescape").splitlines():
        identity, _, ref = line.partition("\t")
        if not names.is_id(identity):
            continue
        if branch and ref == f"refs/heads/{branch}":
            tip = identity
        elif ref.startswith("refs/tags/"):
            name = ref.removeprefix("refs/tags/")
            peeled[name.removesuffix("^{}")] = identity
            if not name.endswith("^{}"):
                tags[name] = identity
    return Answer(RemoteState(where.name, where.shown, True, tip, tags), peeled)


def contains(root: Path, ancestor: str, descendant: str, env: Mapping[str, str] | None = None) -> bool | None:
    """Say whether a commit is an ancestor of another; None when this clone does not know one of them.

    Args:
        root: The repository.
        ancestor: Object id.
        descendant: Object id.
        env: Variables for the call, e.g. a further object store.
    """
    if ancestor == descendant:
        return True
    done = git.run(
        *QUIET, "merge-base", "--is-ancestor", ancestor, descendant,
        cwd=root, env={"GIT_NO_LAZY_FETCH": "1", **(env or {})}, timeout=60, check=False,
    )  # fmt: skip
    return {0: True, 1: False}.get(done.returncode)


def tracking_ref(settings: Settings, remote: str, branch: str) -> str | None:
    """Return the ref that remembers a remote's branch, by the remote's fetch refspecs; None where none does.

    Args:
        settings: The configuration.
        remote: Name of the remote.
        branch: The branch there.
    """
    full = f"refs/heads/{branch}"
    for spec in settings.all(f"remote.{remote}.fetch"):
        source, _, target = spec.removeprefix("+").partition(":")
        if not target or source.startswith("^"):
            continue
        if source == full:
            return target
        before, star, after = source.partition("*")
        if star and full.startswith(before) and full.endswith(after) and len(full) >= len(before) + len(after):
            return target.replace("*", full[len(before) : len(full) - len(after)], 1)
    return None


def without_user(url: str) -> str:
    """Return a URL without user information and without a query.

    Args:
        url: A URL, or a path.
    """
    scheme, separator, rest = url.partition("://")
    if not separator:
        return url
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{path.partition('?')[0]}"


def words(text: str) -> str:
    """Return what the remote said, safe to show and of a readable length.

    Args:
        text: Raw output.
    """
    return redact.visible(redact.secrets(text.strip(), os.environ))[-_SHOWN:]


def _absolute(root: Path, url: str) -> str:
    local = "://" not in url and "::" not in url and not re.match(r"[^/\\]*:", url)
    return str(Path(os.path.abspath(root / url))) if local else url


def _ssh(settings: Settings) -> dict[str, str]:
    own = "GIT_SSH_COMMAND" in os.environ or "GIT_SSH" in os.environ or settings.get("core.sshcommand")
    return {} if own else {"GIT_SSH_COMMAND": "ssh -o BatchMode=yes"}
