"""The console commands that speak of releases; their work is in modules without click.

The console hands each command a session: the shared options, the streams and the effective configuration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click

from vwmp_release.errors import UsageError
from vwmp_release.support.redact import one_line

if TYPE_CHECKING:
    from .commits.why import Row
    from .current import VersionAnswer

_HANDLER = "release.version_bump"
_VERSION_EXAMPLES = """\b
Examples:
  vwmp-release version                      the next version, by the commits
  vwmp-release version --current            the current one
  vwmp-release version --why                each commit with the rule that it met
  vwmp-release version --bump minor --pre beta
  vwmp-release version --set 2.0.0          edit the version files, nothing else
"""
_LINT_EXAMPLES = """\b
Examples:
  vwmp-release lint-message .git/COMMIT_EDITMSG      as a commit-msg hook
  echo "feat: add x" | vwmp-release lint-message -   from standard input
"""


class Session(Protocol):
    """What the console gives to a command."""

    as_json: bool

    def say(self, line: str = "") -> None:
        """Write a line of the answer."""

    def note(self, line: str) -> None:
        """Write a line beside the answer."""

    def document(self, document: Mapping[str, Any]) -> None:
        """Write the answer as a JSON document."""

    def findings(self, name: str, text: str, findings: Sequence[Any]) -> None:
        """Write what is wrong with a commit message."""

    def root(self) -> Path:
        """Return the root of the work tree."""

    def step_config(self, handler_path: str) -> dict[str, Any]:
        """Return the effective configuration of a handler."""

    def clock(self) -> datetime:
        """Return the time."""


@click.command(epilog=_VERSION_EXAMPLES)
@click.option("--current", is_flag=True, help="Print the current version.")
@click.option("--next", "next_", is_flag=True, help="Print the next version; the default.")
@click.option("--bump", metavar="LEVEL", help="patch, minor, major, … instead of what the commits say.")
@click.option("--pre", metavar="CHANNEL", help="Make it a prerelease, e.g. beta.")
@click.option("--why", is_flag=True, help="Show each commit with the rule that it met.")
@click.option("--set", "new", metavar="X", help="Write this version into the version files, and do nothing else.")
def version(session: Session, new: str | None, why: bool, **options: Any) -> None:
    """Print the bare version, without a tag's prefix, as the last line.

    Where there is nothing to release, nothing is printed and the reason stands on standard error.
    """
    others = [option for option in ("next_", "bump", "pre") if options[option]]
    if options["current"] and others:
        raise UsageError("--current takes neither --next, --bump nor --pre")
    if new is not None:
        if options["current"] or others or why:
            raise UsageError("--set stands alone")
        _set(session, new)
        return
    _print(session, _answer(session, options["bump"], options["pre"]), options["current"], why)


def _set(session: Session, new: str) -> None:
    from .current import set_version  # lazily: `--help` does without

    files = set_version(session.root(), session.step_config(_HANDLER), new)
    if session.as_json:
        session.document({"schema": 1, "kind": "version-set", "version": new, "files": files})
        return
    for file in files:
        session.note(f"changed {one_line(file)}")
    session.say(one_line(new))


def _answer(session: Session, bump: str | None, pre: str | None) -> VersionAnswer:
    from .current import current_and_next  # lazily: `--help` does without

    config = session.step_config(_HANDLER)
    config.update({key: value for key, value in (("increment_type", bump), ("prerelease", pre)) if value})
    return current_and_next(session.root(), config, run_date=session.clock())


def _print(session: Session, answer: VersionAnswer, current: bool, why: bool) -> None:
    for warning in answer.warnings:
        session.note(f"warning: {one_line(warning)}")
    if session.as_json:
        session.document(_document(answer))
        return
    shown = answer.current if current else answer.next
    if why:
        for line in _why(answer.rows):
            (session.say if shown else session.note)(line)
    if shown:
        session.say(one_line(shown))
    else:
        session.note("neither a tag nor a version file says a version" if current else one_line(answer.reason))


def _why(rows: Sequence[Row]) -> list[str]:
    shown = [
        (row.commit.sha[:7], row.level or "none", one_line(row.commit.subject), one_line(row.rule)) for row in rows
    ]
    widths = [max((len(row[column]) for row in shown), default=0) for column in range(3)]
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]).rstrip()
        for row in shown
    ]


def _document(answer: VersionAnswer) -> dict[str, Any]:
    keys = ("sha", "short", "subject", "type", "level", "rule", "verdict")
    outputs = [row.as_output() for row in answer.rows]
    return {
        "schema": 1,
        "kind": "version",
        "current": answer.current,
        "next": answer.next,
        "bump": answer.bump,
        "scheme": answer.scheme,
        "tag": answer.tag,
        "tag_template": answer.tag_template,
        "previous_tag": answer.previous_tag,
        "reason": answer.reason,
        "warnings": list(answer.warnings),
        "why": [{key: output[key] for key in keys} for output in outputs],
    }


@click.command(epilog=_LINT_EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
def lint_message(session: Session, file: Path) -> int:
    """Check the commit message in FILE; exit status 1 where something is wrong with it."""
    from .commits.lint import check_message  # lazily: `--help` does without

    text = _message(file)
    found = check_message(text)
    if session.as_json:
        keys = ("line", "column", "message", "hint")
        findings = [{key: getattr(finding, key) for key in keys} for finding in found]
        session.document({"schema": 1, "kind": "lint", "status": "findings" if found else "ok", "findings": findings})
    else:
        session.findings(str(file), text, found)
    return 1 if found else 0


def _message(file: Path) -> str:
    try:
        with click.open_file(str(file), "rb") as stream:
            raw: bytes = stream.read()
    except OSError as error:
        raise UsageError(f"cannot read {file}", why=error.strerror or str(error)) from error
    return raw.decode("utf-8", "replace")
