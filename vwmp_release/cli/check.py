"""`check`: every problem of this repository's setup at once."""

from __future__ import annotations

import click

from .. import app
from ..errors import EXIT_OK, EXIT_STEP_FAILED, ConfigError, Problem
from ..report import github
from ..report.document import SCHEMA, problem_dict
from .session import Session

_EXAMPLES = """\b
Examples:
  vwmp-release check              exit status 1 where something is wrong
  vwmp-release check --json       the findings for a program
  vwmp-release check --no-plugins as the pre-commit hook does it
"""


@click.command(epilog=_EXAMPLES)
@click.option(
    "--no-plugins", is_flag=True, help="Import no plugin but the built-in ones, and leave out what needs them."
)
def command(session: Session, no_plugins: bool) -> int:
    """Find every problem of this repository's setup, each with its fix."""
    problems = _problems(session, importing=not no_plugins)
    if session.as_json:
        status = "problems" if problems else "in-order"
        found = [problem_dict(problem) for problem in problems]
        session.document({"schema": SCHEMA, "kind": "check", "status": status, "problems": found})
    else:
        session.problems(problems)
        _conclude(session, len(problems))
    if session.environ.get("GITHUB_ACTIONS") == "true":
        for line in github.grouped([github.of_problem(problem) for problem in problems]):
            session.err.write(f"{session.mask(line)}\n")
    return EXIT_STEP_FAILED if problems else EXIT_OK


def _problems(session: Session, *, importing: bool) -> list[Problem]:
    try:
        return list(app.open_project(session.request(), importing=importing).check())
    except ConfigError as error:
        return list(error.problems)


def _conclude(session: Session, count: int) -> None:
    style = session.style()
    if count:
        session.note(f"{count} problem{'s' * (count != 1)}")
    elif session.level >= 0:
        session.say(f"{style.paint(style.symbol('✓'), 'green')} everything is in order")
