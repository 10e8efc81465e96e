"""Git calls of step handlers: in the step's workspace, with the run's clock."""

from __future__ import annotations

import os
from collections.abc import Mapping

from vwmp_release.errors import PermanentError, ProcessError
from vwmp_release.interfaces import StepContext
from vwmp_release.support import git
from vwmp_release.support.process import Completed

from .adapter import GitAdapter
from .session import Session, environment

NO_HOOKS = ("-c", f"core.hooksPath={os.devnull}")


def call(
    context: StepContext, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None, check: bool = True
) -> Completed:
    """Run git in the step's workspace.

    Args:
        context: The step's context.
        *args: Arguments after `git`.
        stdin: What git reads.
        env: Further variables.
        check: Whether a failure raises.

    Raises:
        PermanentError: git failed and `check` is set: another attempt would fail likewise.
    """
    try:
        return git.run(
            *args, cwd=context.workspace_root, env={**environment(context.run), **(env or {})}, stdin=stdin, check=check
        )
    except ProcessError as error:
        raise PermanentError(error.what, why=error.why) from error


def output(context: StepContext, *args: str) -> str:
    """Run git in the step's workspace and return what it printed, without the last newline.

    Args:
        context: The step's context.
        *args: Arguments after `git`.
    """
    return os.fsdecode(call(context, *args).stdout).removesuffix("\n")


def paths(raw: bytes) -> list[str]:
    """Read a list of paths that git ended with NUL bytes.

    Args:
        raw: The output of a call with `-z`.
    """
    return [os.fsdecode(path) for path in raw.split(b"\0") if path]


def staged(context: StepContext) -> list[str]:
    """Return the paths whose index entries differ from HEAD, sorted.

    Args:
        context: The step's context.
    """
    return sorted(paths(call(context, "diff-index", "--cached", "-z", "--name-only", "--no-renames", "HEAD").stdout))


def adapter(context: StepContext) -> GitAdapter | None:
    """Return this plugin's adapter; None where another takes its place.

    Args:
        context: The step's context.
    """
    found = context.adapters.get("git")
    return found if isinstance(found, GitAdapter) else None


def session(context: StepContext) -> Session | None:
    """Return the open transaction whose shadow the step works in; None for a step that works in place.

    Args:
        context: The step's context.
    """
    found = adapter(context)
    if found is None or found.session is None:
        return None
    return found.session if found.session.tree == context.workspace_root else None


def signing(context: StepContext, wanted: bool | None, *, yes: str, no: str) -> list[str]:
    """Return git's option for signing; a plan never signs.

    Args:
        context: The step's context.
        wanted: The step's configuration; None leaves it to git's own.
        yes: The option that signs.
        no: The option that does not.
    """
    opened = session(context)
    if opened is not None and opened.plans:
        return [no]
    return [] if wanted is None else [yes if wanted else no]
