"""`lint-message`, without click: checks one commit message for the commit-msg hook."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Protocol

from ..errors import EXIT_CONFIG, EXIT_OK, EXIT_STEP_FAILED
from ..support.redact import one_line
from .loader import load


class Finding(Protocol):
    """A finding of the release plugin's check; line and column count from 1."""

    @property
    def line(self) -> int:
        """The line."""

    @property
    def column(self) -> int:
        """The column."""

    @property
    def message(self) -> str:
        """What is wrong."""

    @property
    def hint(self) -> str:
        """What to do about it."""


def main(name: str) -> int:
    """Check the message in a file and print what is wrong with it.

    Args:
        name: The file's path, as git hands it to the hook.

    Returns:
        0 for a good message, 1 with findings, 2 where the file cannot be read.
    """
    try:
        with open(name, "rb") as file:
            text = file.read().decode("utf-8", "replace")
    except OSError as error:
        sys.stderr.write(f"error: cannot read {one_line(name)}: {error.strerror}\n")
        return EXIT_CONFIG
    findings = load("vwmp_release.plugins.release.commits.lint").check_message(text)
    for line in render(name, text, findings):
        sys.stderr.write(f"{line}\n")
    return EXIT_STEP_FAILED if findings else EXIT_OK


def render(name: str, text: str, findings: Sequence[Finding]) -> list[str]:
    """Return findings as lines: the place and message, the line with a caret, the hint.

    Args:
        name: The file's path.
        text: The message.
        findings: What is wrong with it.
    """
    source = text.removeprefix("\ufeff").splitlines()
    lines = []
    for finding in findings:
        lines.append(f"{one_line(name)}:{finding.line}:{finding.column}: {one_line(finding.message)}")
        shown = source[finding.line - 1] if 0 < finding.line <= len(source) else ""
        if shown:
            before = one_line(shown[: max(0, finding.column - 1)])
            lines += [f"    {one_line(shown)}", f"    {' ' * len(before)}^"]
        if finding.hint:
            lines.append(f"    {one_line(finding.hint)}")
    return lines
