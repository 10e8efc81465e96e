"""The command line: one static table of commands; a command's module is imported when it is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import click

from .. import __version__
from ..errors import nearest
from . import boundary
from .loader import load
from .options import attach

_CLI = "vwmp_release.cli"
_RELEASE = "vwmp_release.plugins.release.commands"
COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "run": (f"{_CLI}.run:command", "Cut a release, or run another workflow."),
        "plan": (f"{_CLI}.plan:command", "Show what a run would do, with full diffs."),
        "version": (f"{_RELEASE}:version", "Print the next version, or the current one."),
        "check": (f"{_CLI}.check:command", "Find every problem of this repository's setup."),
        "lint-message": (f"{_RELEASE}:lint_message", "Check a commit message."),
        "config": (f"{_CLI}.config:group", "Show the configuration, and where each value comes from."),
        "plugins": (f"{_CLI}.plugins:group", "Show which plugins are loaded, and from where."),
        "graph": (f"{_CLI}.graph:command", "Print a workflow as a Mermaid graph."),
        "runs": (f"{_CLI}.runs:group", "List the runs of this repository, or show one."),
        "demo": (f"{_CLI}.demo:command", "Cut a real release in a throw-away repository."),
    }
)
"""Short help and `module:name` of each command."""


class Commands(click.Group):
    """The top of the command line; knows its commands' help without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names, the usual ones first.

        Args:
            ctx: The call.
        """
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command with the shared options, importing its module.

        Args:
            ctx: The call.
            cmd_name: Its name.
        """
        if cmd_name in self.commands:
            return self.commands[cmd_name]
        if cmd_name not in COMMANDS:
            return None
        target, short_help = COMMANDS[cmd_name]
        module, _, name = target.partition(":")
        command = attach(getattr(load(module), name))
        command.name, command.short_help = cmd_name, short_help
        self.commands[cmd_name] = command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called.

        Args:
            ctx: The call.
            args: Its arguments, the command's name first.
        """
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            hint = nearest(args[0], list(COMMANDS))
            ctx.fail(f"there is no command '{args[0]}'{f', {hint}' if hint else ''}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands.

        Args:
            ctx: The call.
            formatter: Takes the rows.
        """
        with formatter.section("Commands"):
            formatter.write_dl([(name, short_help) for name, (_, short_help) in COMMANDS.items()])


def _program() -> click.Command:
    program = Commands(
        "vwmp-release",
        help="A release is a transaction: version, changelog, commit, tag and push, completely or not at all.",
        epilog="\b\nExamples:\n"
        "  vwmp-release plan                 read what a release would do\n"
        "  vwmp-release run                  do it\n"
        "  vwmp-release run --bump minor     choose the version's level yourself\n"
        "  vwmp-release demo                 see a release in a throw-away repository",
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    version = click.version_option(__version__, "--version", prog_name="vwmp-release", message="%(prog)s %(version)s")
    return attach(version(program))


def main(arguments: Sequence[str]) -> int:
    """Run a command.

    Args:
        arguments: What stands after the program's name.

    Returns:
        The exit status.
    """

    def program() -> int | None:
        status = _program().main(list(arguments), "vwmp-release", standalone_mode=False)
        return status if isinstance(status, int) else None

    own = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return boundary.call(program, as_json="--json" in own, color=False if "--no-color" in own else None)
