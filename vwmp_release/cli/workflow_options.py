"""The options that `run` and `plan` share, and the request that they make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..errors import UsageError
from ..report.choose import KINDS

if TYPE_CHECKING:
    from .. import app
    from .session import Session

F = TypeVar("F", bound=Callable[..., Any])

_FLAGS = {
    "bump": "increment_type",
    "version": "version",
    "summary": "summary",
    "pre": "prerelease",
}
"""Option and the parameter that it sets."""


def workflow_options(function: F) -> F:
    """Add the argument and the options that say what to run.

    Args:
        function: A command's function.
    """
    for decorate in reversed(
        (
            click.argument("workflow", required=False, metavar="[WORKFLOW]"),
            click.option("--bump", metavar="LEVEL", help="patch, minor, major, … instead of what the commits say."),
            click.option("--version", metavar="X", help="Release this very version."),
            click.option("--summary", metavar="TEXT", help="One line about the release, 10 to 200 characters."),
            click.option("-p", "--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter."),
            click.option("--pre", metavar="CHANNEL", help="Make a prerelease, e.g. beta."),
            click.option("--graduate", is_flag=True, help="Make the current prerelease the stable version."),
            click.option("--no-push", is_flag=True, help="Stay on this machine: commit and tag, no push."),
            click.option("--strict", is_flag=True, help="Exit with 3 where there is nothing to release."),
            click.option("--report", type=click.Choice(KINDS), help="Form of the report; found by itself."),
        )
    ):
        function = decorate(function)
    return function


def request(session: Session, options: dict[str, Any]) -> app.Request:
    """Return the request that the options make.

    Args:
        session: The shared options.
        options: What `workflow_options` parsed.

    Raises:
        UsageError: A parameter has no name, or is given twice with different values.
    """
    return session.request(
        workflow=options["workflow"],
        parameters=_parameters(options),
        push=not options["no_push"],
        strict=options["strict"],
    )


def _parameters(options: dict[str, Any]) -> dict[str, str]:
    found = _named(options["parameters"])
    flags = {name: options[flag] for flag, name in _FLAGS.items() if options[flag] is not None}
    if options["graduate"]:
        flags["graduate"] = "true"
    for name, value in flags.items():
        if found.get(name, value) != value:
            raise UsageError(f"{name} is given twice: {found[name]!r} and {value!r}")
    return {**found, **flags}


def _named(parameters: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for given in parameters:
        name, sign, value = given.partition("=")
        if not sign or not name:
            raise UsageError(f"-p {given!r} is no parameter", hint="-p NAME=VALUE")
        if found.get(name, value) != value:
            raise UsageError(f"{name} is given twice: {found[name]!r} and {value!r}")
        found[name] = value
    return found
