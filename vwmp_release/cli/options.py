"""The options that every command takes, before and after its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from .streams import split

_KEY = "vwmp_release.options"


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """Store what was given; the option nearest to the command's end wins, -v and -q add up."""
    given = context.meta.setdefault(_KEY, {})
    name = str(parameter.name)
    if name in ("verbose", "quiet"):
        given[name] = given.get(name, 0) + value
    elif value is not None and value is not False:
        given[name] = value
    return value


def _shared() -> list[click.Parameter]:
    def option(*names: str, **settings: Any) -> click.Option:
        return click.Option(names, expose_value=False, callback=_keep, **settings)

    folder = click.Path(file_okay=False, path_type=Path)
    file = click.Path(dir_okay=False, path_type=Path)
    return [
        option("-C", "directory", metavar="DIR", type=folder, help="Work in this folder."),
        option("--config", "config_file", metavar="FILE", type=file, help="Use this configuration file."),
        option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output."),
        option("-v", "--verbose", count=True, help="Say more."),
        option("-q", "--quiet", count=True, help="Say only how it ended."),
        option("--no-color", is_flag=True, help="Print without colours."),
    ]


def attach(command: click.Command) -> click.Command:
    """Give a command, and those under it, the shared options, and its function a session as first argument.

    Args:
        command: A command whose function takes a `Session` first.
    """
    if any("--no-color" in parameter.opts for parameter in command.params):
        return command  # a second call in one process
    command.params += _shared()
    if isinstance(command, click.Group):
        for child in command.commands.values():
            attach(child)
    elif command.callback is not None:
        command.callback = _with_session(command.callback)
    return command


def _with_session(function: Callable[..., int | None]) -> Callable[..., int | None]:
    def call(*args: Any, **arguments: Any) -> int | None:
        from .session import Session  # lazily: `--help` does without the engine

        given = click.get_current_context().meta.get(_KEY, {})
        with split() as (out, err):
            session = Session(
                directory=given.get("directory", Path()),
                config_file=given.get("config_file"),
                as_json=bool(given.get("as_json")),
                level=-1 if given.get("quiet") else min(2, given.get("verbose", 0)),
                color=False if given.get("no_color") else None,
                out=out,
                err=err,
            )
            return function(session, *args, **arguments)

    return call
