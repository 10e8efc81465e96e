"""`config show` and `config schema`: effective values with their origins, and the schema for editors."""

from __future__ import annotations

import click

from .. import app
from ..report.document import SCHEMA, dump, plain
from ..support.redact import one_line
from .session import Session

_EXAMPLES = """\b
Examples:
  vwmp-release config show --origin               each value, and where it comes from
  vwmp-release config schema > schema.json        for editors that complete and check YAML
"""


@click.group(epilog=_EXAMPLES)
def group() -> None:
    """Show the configuration."""


@group.command(epilog=_EXAMPLES)
@click.argument("workflow", required=False, default="release", metavar="[WORKFLOW]")
@click.option("--origin", is_flag=True, help="Say where each value comes from.")
def show(session: Session, workflow: str, origin: bool) -> None:
    """Show the effective values for WORKFLOW (release)."""
    rows = app.open_project(session.request(workflow=workflow), importing=False).effective(workflow)
    if session.as_json:
        values = [{"path": row.path, "value": plain(row.value), "origin": str(row.origin)} for row in rows]
        session.document({"schema": SCHEMA, "kind": "config", "workflow": workflow, "values": values})
        return
    style = session.style()
    for row in rows:
        text = f"{one_line(row.path)} = {one_line(dump_value(row.value))}"
        session.say(f"{text}  {style.paint(f'# {one_line(str(row.origin))}', 'dim')}" if origin else text)


@group.command(epilog=_EXAMPLES)
def schema(session: Session) -> None:
    """Print the JSON schema of `vwmp_config.yaml`."""
    session.document(app.schema(session.request()))


def dump_value(value: object) -> str:
    """Return a value as it would stand in YAML's flow style, which JSON is.

    Args:
        value: The value.
    """
    return dump(plain(value), indent=None)
