"""`run`: cut a release, or run another workflow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .execute import execute
from .session import Session
from .workflow_options import request, workflow_options

_EXAMPLES = """\b
Examples:
  vwmp-release run                                release what the commits say
  vwmp-release run --bump minor --summary "Faster imports"
  vwmp-release run --pre beta                     1.3.0-beta.1
  vwmp-release run --no-push                      commit and tag, only here
  vwmp-release run docs -p target=site            another workflow of this project
"""


@click.command(epilog=_EXAMPLES)
@workflow_options
@click.option("--dry-run", is_flag=True, help="The same as `plan`.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before the push.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the JSON document here.")
def command(session: Session, dry_run: bool, yes: bool, output: Path | None, **options: Any) -> int:
    """Cut a release, or run another WORKFLOW.

    It happens completely or leaves nothing behind. On a terminal it asks once before anything leaves the machine.
    """
    return execute(
        session,
        "plan" if dry_run else "run",
        request(session, options),
        report=options["report"],
        ask=not yes and not dry_run,
        output=output,
    )
