"""The reporter for GitHub Actions: a group a step, annotations, outputs and the job summary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ..core.execution.events import Event, StepFinished, StepLine, StepRetried, StepStarted
from . import console, github, github_outputs, job_summary
from .model import Report
from .plain import closing
from .style import Style


class GithubReporter:
    """Writes workflow commands and the files that the runner reads.

    Args:
        write: Takes one line, without its newline.
        style: How lines look.
        environ: Names the runner's files, and holds the secrets to mask.
        random: Gives random text for delimiters.
        document_file: Where the run's JSON document is; it is named in the outputs.
        masks: Whether to tell the runner what to mask, which writes the secrets once.
    """

    def __init__(
        self,
        write: Callable[[str], None],
        style: Style,
        environ: Mapping[str, str],
        random: Callable[[], str],
        *,
        document_file: str = "",
        masks: bool = False,
    ) -> None:
        self._write = write
        self._style = style
        self._environ = environ
        self._random = random
        self._document_file = document_file
        self._open = ""
        self._token = ""
        self._waiting: dict[str, list[str]] = {}
        if masks:
            for line in github.masks(environ):
                write(line)

    def add(self, event: Event) -> None:
        """Write an event; steps that run at the same time get their groups one after the other.

        Args:
            event: The event.
        """
        if isinstance(event, StepStarted):
            self._waiting[event.step.id] = []
            if not self._open:
                self._open = event.step.id
                self._command(github.command("group", event.step.name))
            return
        lines = console.lines(event, self._style)
        if isinstance(event, StepLine | StepRetried):
            if event.step_id == self._open or event.step_id not in self._waiting:
                self._text(lines)
            else:
                self._waiting[event.step_id] += lines
        elif isinstance(event, StepFinished):
            self._finish(event, lines)
        else:
            self._text(lines)

    def _finish(self, event: StepFinished, lines: list[str]) -> None:
        view = event.report.view
        waiting = self._waiting.pop(view.id, [])
        if self._open == view.id:
            self._open = ""
            self._command("::endgroup::")
        elif waiting:
            self._command(github.command("group", view.name))
            self._text(waiting)
            self._command("::endgroup::")
        self._text(lines)

    def _text(self, lines: list[str]) -> None:
        """Write lines that hold text of others; the region stays closed to commands until one of ours is due."""
        if lines and not self._token:
            self._token = self._random()
            self._write(f"::stop-commands::{self._token}")
        for line in lines:
            for part in line.split("\n"):
                self._write(github.harmless(part))

    def _command(self, line: str) -> None:
        self._resume()
        self._write(line)

    def _resume(self) -> None:
        if self._token:
            self._write(f"::{self._token}::")
            self._token = ""

    def pause(self) -> None:
        """Make room for a question; nobody answers here."""

    def end(self, report: Report | None) -> None:
        """Write the last lines, the annotations, the outputs and the summary.

        Args:
            report: The report; None when the run ended without one.
        """
        if self._open:
            self._command("::endgroup::")
        if report is None:
            self._resume()
            return
        if not report.problems:
            self._text(closing(report, self._style))
        for line in github.annotation_commands(report):
            self._command(line)
        plan_file = self._document_file if report.command == "plan" else ""
        values = github_outputs.outputs(report, plan_file=plan_file, report_file=self._document_file)
        self._append("GITHUB_OUTPUT", github_outputs.file_text(values, self._random))
        self._append("GITHUB_STEP_SUMMARY", job_summary.render(report))
        self._resume()

    def _append(self, variable: str, text: str) -> None:
        name = self._environ.get(variable)
        if not name:
            return
        try:
            with Path(name).open("a", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except OSError as error:  # the release is out by now: that must not turn into a failure
            self._command(github.command("error", f"cannot write {variable}: {error.strerror}"))
