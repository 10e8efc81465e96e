"""Which branch is released: the one asked for, the one checked out, or the one that continuous integration names."""

from __future__ import annotations

import os
from collections.abc import Mapping

from vwmp_release.errors import Blocked
from vwmp_release.interfaces import Opening

from . import names

_HEADS = "refs/heads/"


def find(opening: Opening, head_ref: str | None, refs: Mapping[str, str], base: str) -> str | None:
    """Find the branch that is released.

    Args:
        opening: How the transaction begins.
        head_ref: What HEAD names; None when it is detached.
        refs: The repository's refs: object id by full name.
        base: The commit of HEAD.

    Raises:
        Blocked: It cannot be a branch, is not the one checked out, or a run has none.
    """
    name = opening.branch or _checked_out(head_ref) or from_environment(os.environ)
    if name is None:
        name = _at_tip(refs, opening.remote or "origin", base)
    if name is None:
        if opening.purpose == "plan":
            return None
        raise Blocked(
            "HEAD is detached and nothing says which branch is released",
            hint="name it: -p branch=NAME, or git switch NAME",
        )
    trouble = names.ref_trouble(name)
    if trouble:
        raise Blocked(f"{name!r} cannot be a branch", why=trouble, hint="name another: -p branch=NAME")
    here = refs.get(_HEADS + name)
    if head_ref not in (None, _HEADS + name) and here not in (None, base):
        raise Blocked(f"the branch {name} is not checked out, and is at another commit", hint=f"git switch {name}")
    return name


def from_environment(environ: Mapping[str, str]) -> str | None:
    """Return the branch that a continuous integration job runs for; None where it says none.

    Args:
        environ: Environment variables.
    """
    pull = environ.get("GITHUB_REF", "").startswith("refs/pull/")
    if environ.get("GITHUB_REF_TYPE") == "branch" and environ.get("GITHUB_REF_NAME") and not pull:
        return environ["GITHUB_REF_NAME"]
    for variable in ("CI_COMMIT_BRANCH", "BITBUCKET_BRANCH"):
        if environ.get(variable):
            return environ[variable]
    source = environ.get("BUILD_SOURCEBRANCH", "")
    if source.startswith(_HEADS):
        return source.removeprefix(_HEADS)
    if environ.get("BRANCH_NAME") and not environ.get("CHANGE_ID"):  # Jenkins names change requests that way too
        return environ["BRANCH_NAME"]
    return None


def _checked_out(head_ref: str | None) -> str | None:
    return head_ref.removeprefix(_HEADS) if head_ref else None


def _at_tip(refs: Mapping[str, str], remote: str, base: str) -> str | None:
    prefix = f"refs/remotes/{remote}/"
    found = [
        ref for ref, identity in refs.items() if identity == base and ref.startswith(prefix) and ref != prefix + "HEAD"
    ]
    return found[0].removeprefix(prefix) if len(found) == 1 else None
