"""The reporter for terminals: a spinner for every running step, then its line, and a panel at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from ..core.execution.events import Event, StepFinished, StepLine, StepStarted, Warned
from ..support.redact import one_line
from .model import Report
from .plain import LineLimit, closing
from .style import Style

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.live import Live

_BORDERS = {"released": "green", "done": "green", "nothing": "cyan", "superseded": "cyan", "in-doubt": "yellow"}


class LiveReporter:
    """Shows what runs now under the lines of what ended.

    Args:
        stream: The terminal.
        style: How lines look.
    """

    def __init__(self, stream: TextIO, style: Style) -> None:
        from rich.console import Console  # lazily: only terminals pay for rich

        self._console = Console(
            file=stream, highlight=False, markup=False, emoji=False, soft_wrap=True, force_terminal=True,
            no_color=not style.colour, legacy_windows=False,
        )  # fmt: skip
        self._style = style
        self._limit = LineLimit(style)
        self._running: dict[str, tuple[str, str]] = {}
        self._kept: dict[str, list[str]] = {}
        self._warned: list[str] = []
        self._live: Live | None = None

    def add(self, event: Event) -> None:
        """Show an event.

        Args:
            event: The event.
        """
        lines = self._limit.lines(event)
        if isinstance(event, StepStarted):
            self._running[event.step.id] = (one_line(event.step.name), "")
        elif isinstance(event, StepLine) and event.step_id in self._running:
            name, _ = self._running[event.step_id]
            self._running[event.step_id] = (name, one_line(event.line))
            kept = [self._style.paint(f"      {one_line(event.line)}", "dim")] if lines else []
            self._kept.setdefault(event.step_id, []).extend(kept)
            lines = []
        elif isinstance(event, Warned):
            self._warned += lines
            lines = []
        elif isinstance(event, StepFinished):
            self._running.pop(event.report.view.id, None)
            lines += self._kept.pop(event.report.view.id, [])
        self._print(lines)
        self._refresh()

    def pause(self) -> None:
        """Take the spinners away, for a question; the next event brings them back."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def end(self, report: Report | None) -> None:
        """Take the spinners away and show the end.

        Args:
            report: The report; None when the run ended without one.
        """
        self.pause()
        if report is None or report.problems:
            self._print(self._warned)
            return
        lines = closing(report, self._style)
        if report.status == "planned" or self._style.level < 0:
            self._print(lines)
        else:
            self._panel([*lines, *(["", *self._warned] if self._warned else [])], report)

    def _panel(self, lines: list[str], report: Report) -> None:
        from rich.box import ASCII, ROUNDED  # lazily: only terminals pay for rich
        from rich.panel import Panel
        from rich.text import Text

        body = Text.from_ansi("\n".join(lines).strip("\n"))
        border = _BORDERS.get(report.status, "red")
        box = ROUNDED if self._style.symbols else ASCII
        self._console.print()
        self._console.print(Panel(body, border_style=border, box=box, padding=(0, 1), expand=False), soft_wrap=False)

    def _print(self, lines: list[str]) -> None:
        from rich.text import Text  # lazily: only terminals pay for rich

        for line in lines:
            self._console.print(Text.from_ansi(line) if line else "")

    def _refresh(self) -> None:
        if self._style.level < 0:
            return
        if not self._running:
            self.pause()
            return
        from rich.live import Live  # lazily: only terminals pay for rich

        if self._live is None:
            self._live = Live(self._spinners(), console=self._console, transient=True, refresh_per_second=12)
            self._live.start()
        else:
            self._live.update(self._spinners())

    def _spinners(self) -> RenderableType:
        from rich.console import Group  # lazily: only terminals pay for rich
        from rich.spinner import Spinner
        from rich.text import Text

        kind = "dots" if self._style.symbols else "line"
        width = max(20, self._console.width - 8)
        rows = []
        for name, last in self._running.values():
            text = Text(f"{name}  ", no_wrap=True, overflow="ellipsis")
            text.append(last, style="dim")
            text.truncate(width, overflow="ellipsis")
            rows.append(Spinner(kind, text=text, style="cyan"))
        return Group(*rows)
