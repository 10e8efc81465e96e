"""Where errors end: words and an exit status for each kind, and never a traceback for a user's mistake."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

import click

from ..errors import EXIT_BUG, EXIT_OK, ConfigError, Interrupted, UsageError, VwmpError

if TYPE_CHECKING:
    from ..report.style import Style

_READER_GONE = 141
"""What a shell says of a program that SIGPIPE ended."""


def call(program: Callable[[], int | None], *, as_json: bool = False, color: bool | None = None) -> int:
    """Run the program and turn whatever ends it into words and an exit status.

    Args:
        program: Does the work; None means success.
        as_json: Whether an error is a JSON document on standard output.
        color: False for no colours; None decides by the stream.

    Returns:
        The exit status.
    """
    previous = _catch_termination()
    try:
        return program() or EXIT_OK
    except (click.exceptions.NoArgsIsHelpError, click.exceptions.Exit) as error:
        return _shown_help(error)
    except click.UsageError as error:
        return _tell(_usage(error), as_json, color)
    except click.ClickException as error:
        return _tell(UsageError(error.format_message()), as_json, color)
    except VwmpError as error:
        return _tell(error, as_json, color)
    except (KeyboardInterrupt, click.Abort):
        return _tell(Interrupted("interrupted, nothing was changed"), as_json, color)
    except BrokenPipeError:
        return _reader_gone()
    except Exception as error:  # the boundary: everything else is a bug of ours
        return _bug(error, as_json)
    finally:
        if previous is not None:
            signal.signal(signal.SIGTERM, previous)


def _catch_termination() -> Callable[[int, FrameType | None], object] | int | None:
    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    try:
        return signal.signal(signal.SIGTERM, stop)
    except ValueError:  # not in the main thread
        return None


def _usage(error: click.UsageError) -> UsageError:
    command = error.ctx.command_path if error.ctx else "vwmp-release"
    return UsageError(error.format_message().rstrip("."), hint=f"{command} --help")


def _shown_help(error: click.exceptions.NoArgsIsHelpError | click.exceptions.Exit) -> int:
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    sys.stderr.write(f"{error.format_message()}\n")
    return error.exit_code


def _tell(error: VwmpError, as_json: bool, color: bool | None) -> int:
    from ..report.style import of_stream  # lazily: `--help` does without, as everything below
    from ..support.redact import masker

    mask = masker(os.environ)
    if as_json:
        from ..report.document import dump, error_dict  # lazily: only programs read it

        sys.stdout.write(f"{mask(dump(error_dict(error)))}\n")
    look = of_stream(sys.stderr, os.environ, color=color)
    for line in error_lines(error, look):
        sys.stderr.write(f"{mask(line)}\n")
    if os.environ.get("GITHUB_ACTIONS") == "true":
        _annotate(error, mask)
    return error.exit_status


def error_lines(error: VwmpError, look: Style) -> list[str]:
    """Return an error for people: what, why, what to do next; a configuration error gives every problem.

    Args:
        error: The error.
        look: How the lines look.
    """
    from ..report.console import problem_lines  # lazily: only errors need it
    from ..support.redact import visible

    head = look.paint("error: ", "bold", "red")
    if isinstance(error, ConfigError):
        found = [line for problem in error.problems for line in problem_lines(problem, look)]
        count = len(error.problems)
        return [*found, f"{head}{count} problem{'s' * (count != 1)} in the configuration"]
    place = f"{look.paint(visible(str(error.place)), 'bold')}: " if error.place else ""
    found = [f"{head}{place}{visible(error.what)}"]
    found += [f"    {line}" for line in visible(error.why).splitlines()]
    arrow = look.paint(look.symbol("→"), "cyan")
    return found + [f"  {arrow} {line}" for line in visible(error.hint).splitlines()]


def _annotate(error: VwmpError, mask: Callable[[str], str]) -> None:
    from ..report import github  # lazily: only runners listen
    from ..report.summary import problems_of

    for line in github.grouped([github.of_problem(problem) for problem in problems_of(error)]):
        sys.stderr.write(f"{mask(line)}\n")


def _reader_gone() -> int:
    """Let nothing complain when the streams are flushed at exit."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    return _READER_GONE


def _bug(error: Exception, as_json: bool) -> int:
    from .bug import written  # lazily: needs what only a report of a bug needs

    summary, where = written(error)
    found = VwmpError("this is a bug in vwmp-release, or in a plugin", why=summary, hint=where)
    found.slug, found.exit_status = "bug", EXIT_BUG
    return _tell(found, as_json, None)
