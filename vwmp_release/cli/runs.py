"""`runs`: the runs of this repository, and one of them in full."""

from __future__ import annotations

from typing import Any

import click

from .. import app
from ..errors import UsageError
from ..report.document import SCHEMA, plain
from ..support.redact import one_line
from .session import Session

_EXAMPLES = """\b
Examples:
  vwmp-release runs                    newest first
  vwmp-release runs show 4be1          a few digits of its id are enough
"""
_COLUMNS = ("id", "started", "workflow", "status", "version", "tag")
_COLORS = {"released": "green", "done": "green", "failed": "red", "refused": "red", "in-doubt": "yellow"}


@click.group(invoke_without_command=True, epilog=_EXAMPLES)
@click.pass_context
def group(context: click.Context) -> Any:
    """List the runs of this repository, or show one."""
    return context.invoke(group.commands["list"]) if context.invoked_subcommand is None else None


@group.command("list", epilog=_EXAMPLES)
def list_runs(session: Session) -> None:
    """List the runs, newest first."""
    found = [{key: value for key, value in row.items() if key != "report"} for row in app.history(session.request())]
    if session.as_json:
        session.document({"schema": SCHEMA, "kind": "runs", "runs": plain(found)})
        return
    if not found:
        session.note("no run was kept yet")
    rows = [[one_line(str(row.get(key) or "")) for key in _COLUMNS] for row in found]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(len(_COLUMNS))]
    style = session.style()
    for row, record in zip(rows, found, strict=True):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        cells[3] = style.paint(cells[3], _COLORS.get(row[3], "cyan"))
        session.say(f"{'  '.join(cells)}  {float(record.get('seconds') or 0):.1f} s")


@group.command(epilog=_EXAMPLES)
@click.argument("run", metavar="ID")
def show(session: Session, run: str) -> None:
    """Show the run ID."""
    record = _find(app.history(session.request()), run)
    if session.as_json:
        session.document({"schema": SCHEMA, "kind": "run-record", **plain(record)})
        return
    style = session.style()
    for key, value in record.items():
        if isinstance(value, str | int | float) and value != "":
            session.say(f"{style.paint(one_line(str(key)).ljust(10), 'dim')}  {one_line(str(value))}")


def _find(records: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    def matches(record: dict[str, Any]) -> bool:
        name = str(record.get("id", ""))
        return name.startswith(wanted) or name.partition("-")[2].startswith(wanted)

    found = [record for record in records if matches(record)]
    exact = [record for record in found if record.get("id") == wanted]
    if len(exact or found) == 1:
        return (exact or found)[0]
    what = f"{len(found)} runs begin with {wanted!r}" if found else f"there is no run {wanted!r}"
    raise UsageError(what, hint="vwmp-release runs")
