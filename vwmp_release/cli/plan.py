"""`plan`: show what a run would do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .execute import execute
from .session import Session
from .workflow_options import request, workflow_options

_EXAMPLES = """\b
Examples:
  vwmp-release plan                   version, reasons, diffs, commit, tag and push target
  vwmp-release plan --bump major      what would a major release be?
  vwmp-release plan -o plan.json      keep it as a JSON document
"""


@click.command(epilog=_EXAMPLES)
@workflow_options
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the JSON document here.")
def command(session: Session, output: Path | None, **options: Any) -> int:
    """Show what a run of WORKFLOW would do, with full diffs.

    It needs no write access, no token and no network, and works on any branch.
    """
    return execute(session, "plan", request(session, options), report=options["report"], output=output)
