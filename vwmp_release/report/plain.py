"""The reporter for places that are no terminal: every line is written once, in order."""

from __future__ import annotations

from collections.abc import Callable

from ..core.execution.events import Event, StepLine
from . import console, plan_text
from .model import Report
from .style import Style

LOG_LINES = 100
"""Log lines of steps that a run shows without -v."""


def closing(report: Report, style: Style) -> list[str]:
    """Return the last lines of a run or a plan.

    Args:
        report: The report after its last event.
        style: How they look.
    """
    return (plan_text.lines if report.status == "planned" else console.ending)(report, style)


class LineLimit:
    """Lets so many log lines pass, then says once that there are more.

    Args:
        style: A verbose style has no limit.
    """

    def __init__(self, style: Style) -> None:
        self._style = style
        self._left = LOG_LINES if style.level <= 0 else -1

    def lines(self, event: Event) -> list[str]:
        """Return the lines of an event, as far as the limit lets them pass.

        Args:
            event: The event.
        """
        if isinstance(event, StepLine) and self._style.level == 0:
            self._left -= 1
            if self._left == -1:
                return [self._style.paint(f"    {self._style.symbol('…')} more lines, -v shows them", "dim")]
            if self._left < -1:
                return []
        return console.lines(event, self._style)


class PlainReporter:
    """Writes lines as the events come.

    Args:
        write: Takes one line, without its newline.
        style: How lines look.
    """

    def __init__(self, write: Callable[[str], None], style: Style) -> None:
        self._write = write
        self._style = style
        self._limit = LineLimit(style)

    def add(self, event: Event) -> None:
        """Write an event.

        Args:
            event: The event.
        """
        for line in self._limit.lines(event):
            self._write(line)

    def pause(self) -> None:
        """Make room for a question; lines need none."""

    def end(self, report: Report | None) -> None:
        """Write the last lines.

        Args:
            report: The report; None when the run ended without one.
        """
        if report is not None and not report.problems:  # problems are printed by who catches the error
            for line in closing(report, self._style):
                self._write(line)
