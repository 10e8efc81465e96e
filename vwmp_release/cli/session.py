"""What a command works with: the shared options, the streams, and the way to the engine."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from ..errors import Problem
from ..report import console
from ..report.style import Style, of_stream
from ..support.clock import now
from ..support.redact import masker
from . import lint

if TYPE_CHECKING:
    from .. import app


@dataclass
class Session:
    """One call of a command.

    Args:
        directory: Folder to work in.
        config_file: The configuration file that the user named.
        as_json: Whether the answer is one JSON document.
        level: -1 quiet, 0 as usual, 1 or 2 verbose.
        color: False for `--no-color`; None decides by the stream.
        out: The real standard output.
        err: Standard error.
        environ: Environment variables.
    """

    directory: Path
    config_file: Path | None
    as_json: bool
    level: int
    color: bool | None
    out: TextIO
    err: TextIO
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def __post_init__(self) -> None:
        self.mask = masker(self.environ)

    def style(self, stream: TextIO | None = None) -> Style:
        """Return how lines look.

        Args:
            stream: Where they go; None means standard output.
        """
        return of_stream(stream or self.out, self.environ, level=self.level, color=self.color)

    def request(self, **values: Any) -> app.Request:
        """Return what to ask the engine for.

        Args:
            **values: Fields of `app.Request` beside folder and configuration file.
        """
        from .. import app  # lazily: `lint-message` and `demo --help` do without the engine

        return app.Request(directory=self.directory, config_file=self.config_file, **values)

    def say(self, line: str = "") -> None:
        """Write a line of the answer, secrets masked.

        Args:
            line: The line, made visible where it holds text of others.
        """
        self.out.write(f"{self.mask(line)}\n")

    def note(self, line: str) -> None:
        """Write a line beside the answer, unless it should be quiet.

        Args:
            line: The line, made visible where it holds text of others.
        """
        if self.level >= 0:
            self.err.write(f"{self.mask(line)}\n")

    def document(self, document: Mapping[str, Any]) -> None:
        """Write the answer as a JSON document, secrets masked.

        Args:
            document: What to write.
        """
        from ..report.document import dump  # lazily: only programs read it

        self.out.write(f"{self.mask(dump(document))}\n")

    def problems(self, problems: Sequence[Problem]) -> None:
        """Write findings, one a line with the fix under it.

        Args:
            problems: The findings.
        """
        for problem in problems:
            for line in console.problem_lines(problem, self.style()):
                self.say(line)

    def findings(self, name: str, text: str, findings: Sequence[lint.Finding]) -> None:
        """Write what is wrong with a commit message to standard error.

        Args:
            name: The message's file.
            text: The message.
            findings: What is wrong with it.
        """
        for line in lint.render(name, text, findings):
            self.err.write(f"{self.mask(line)}\n")

    def root(self) -> Path:
        """Return the root of the work tree.

        Raises:
            UsageError: The folder is in no repository.
        """
        from ..support.git import locate  # lazily: not every command looks at the repository

        return locate(self.directory).root

    def step_config(self, handler_path: str) -> dict[str, Any]:
        """Return the effective configuration of a handler in the default workflow.

        Args:
            handler_path: The handler's registered name.

        Raises:
            ConfigError: The configuration is wrong.
        """
        from .. import app  # lazily: `lint-message` does without the engine

        return app.open_project(self.request(), built_in_only=True).step_config(handler_path)

    def clock(self) -> datetime:
        """Return the time, UTC.

        Raises:
            UsageError: `SOURCE_DATE_EPOCH` is no number.
        """
        return now(self.environ)
