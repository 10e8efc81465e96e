"""Chooses who reports a run: by what the user asks for, else by where the program runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TextIO

from ..core.execution.events import Event
from .model import Report
from .style import Style

KINDS = ("console", "json-lines", "github")


class Reporter(Protocol):
    """Shows a run while it goes on, and how it ended."""

    def add(self, event: Event) -> None:
        """Show an event.

        Args:
            event: The event, secrets masked.
        """

    def pause(self) -> None:
        """Make room for a question to the user."""

    def end(self, report: Report | None) -> None:
        """Show the end.

        Args:
            report: The report; None when the run ended without one.
        """


class JsonLinesReporter:
    """Writes one JSON object for every event.

    Args:
        write: Takes one line, without its newline.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def add(self, event: Event) -> None:
        """Write an event.

        Args:
            event: The event.
        """
        from . import jsonl  # lazily: json is only needed here

        self._write(jsonl.line(event))

    def pause(self) -> None:
        """Make room for a question; a program does not answer."""

    def end(self, report: Report | None) -> None:
        """Do nothing: the last event says all.

        Args:
            report: The report.
        """


def kind(wanted: str | None, environ: Mapping[str, str]) -> str:
    """Return the name of the reporter.

    Args:
        wanted: What the user asked for; None decides by the environment.
        environ: Looked up for `GITHUB_ACTIONS`.
    """
    return wanted or ("github" if environ.get("GITHUB_ACTIONS") == "true" else "console")


def reporter(
    name: str, stream: TextIO, style: Style, environ: Mapping[str, str], *, document_file: str = ""
) -> Reporter:
    """Return the reporter of this name.

    Args:
        name: One of `KINDS`.
        stream: Where it writes.
        style: How lines look.
        environ: Environment variables.
        document_file: Where the run's JSON document will be; for the Action's outputs.
    """

    def write(line: str) -> None:
        stream.write(f"{line}\n")
        stream.flush()

    if name == "json-lines":
        return JsonLinesReporter(write)
    if name == "github":
        from secrets import token_hex  # lazily: only runners need what it loads

        from .github_reporter import GithubReporter

        return GithubReporter(
            write, style, environ, lambda: token_hex(16), document_file=document_file, masks=_listens(stream, environ)
        )
    if stream.isatty() and environ.get("TERM") != "dumb" and style.level >= 0:
        from .live import LiveReporter

        return LiveReporter(stream, style)
    from .plain import PlainReporter

    return PlainReporter(write, style)


def _listens(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether a runner reads the stream: elsewhere, or in a file, mask commands would show what they hide."""
    import os  # lazily: only runners ask
    import stat

    try:
        is_file = stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except OSError:
        is_file = False
    return bool(environ.get("GITHUB_OUTPUT")) and not is_file
