"""`graph`: a workflow as a Mermaid flowchart."""

from __future__ import annotations

import click

from .. import app
from ..errors import UsageError, nearest
from ..report.document import SCHEMA, plain
from ..report.mermaid import graph
from .session import Session

_EXAMPLES = """\b
Examples:
  vwmp-release graph                    the release workflow
  vwmp-release graph docs > docs.mmd    another one, into a file
"""


@click.command(epilog=_EXAMPLES)
@click.argument("workflow", required=False, default="release", metavar="[WORKFLOW]")
def command(session: Session, workflow: str) -> None:
    """Print WORKFLOW (release) as a Mermaid graph; optional steps are dashed."""
    project = app.open_project(session.request(workflow=workflow))
    known = project.workflow_names()
    if workflow not in known:
        raise UsageError(f"there is no workflow {workflow!r}", hint=nearest(workflow, known))
    views = project.views(workflow)
    drawn = graph(views)
    if session.as_json:
        steps = plain(views)
        session.document({"schema": SCHEMA, "kind": "graph", "workflow": workflow, "steps": steps, "mermaid": drawn})
    else:
        session.out.write(session.mask(drawn))
