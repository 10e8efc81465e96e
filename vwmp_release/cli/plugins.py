"""`plugins list` and `plugins show`: what is loaded, from where, and what it offers."""

from __future__ import annotations

from typing import Any

import click

from .. import app
from ..errors import UsageError, nearest
from ..report.document import SCHEMA
from ..support.redact import one_line, visible
from .session import Session

_EXAMPLES = """\b
Examples:
  vwmp-release plugins list
  vwmp-release plugins show git
"""


@click.group(epilog=_EXAMPLES)
def group() -> None:
    """Show which plugins are loaded, and from where."""


@group.command("list", epilog=_EXAMPLES)
def list_plugins(session: Session) -> None:
    """List the plugins."""
    found = [_facts(plugin) for plugin in app.open_project(session.request()).registry.plugins]
    if session.as_json:
        session.document({"schema": SCHEMA, "kind": "plugins", "plugins": found})
        return
    style = session.style()
    widths = [max((len(one_line(row[key])) for row in found), default=0) for key in ("name", "version", "origin")]
    for row in found:
        cells = [
            one_line(row[key]).ljust(width) for key, width in zip(("name", "version", "origin"), widths, strict=True)
        ]
        offers = f"{len(row['offers'])} offered" if not row["problem"] else style.paint(one_line(row["problem"]), "red")
        place = style.paint(one_line(row["path"]) if row["origin"] != "built-in" else "", "dim")
        line = f"{style.paint(cells[0], 'bold')}  {cells[1]}  {cells[2]}  {one_line(row['state'])}  {offers}  {place}"
        session.say(line.rstrip())


@group.command(epilog=_EXAMPLES)
@click.argument("name")
def show(session: Session, name: str) -> None:
    """Show what the plugin NAME offers."""
    registry = app.open_project(session.request()).registry
    found = [_facts(plugin) for plugin in registry.plugins]
    row = next((row for row in found if row["name"] == name), None)
    if row is None:
        raise UsageError(f"there is no plugin {name!r}", hint=nearest(name, [row["name"] for row in found]))
    descriptions = {info["handler"]: info for info in registry.list_step_handlers()}
    for offer in row["offers"]:
        info = descriptions.get(offer["name"], {}) if offer["kind"] == "step handler" else {}
        offer.update({key: str(info[key]) for key in ("effect", "description") if info.get(key)})
    if session.as_json:
        session.document({"schema": SCHEMA, "kind": "plugin", **row})
        return
    _print(session, row)


def _print(session: Session, row: dict[str, Any]) -> None:
    style = session.style()
    session.say(f"{style.paint(one_line(row['name']), 'bold')} {one_line(row['version'])}".rstrip())
    for key in ("description", "origin", "path", "state"):
        if row[key]:
            session.say(f"  {style.paint(key.ljust(11), 'dim')}  {one_line(row[key])}")
    if row["problem"]:
        session.say(f"  {style.paint('problem'.ljust(11), 'red')}  {visible(row['problem'])}")
    for offer in row["offers"]:
        text = f"  {style.paint(offer['kind'], 'dim')} {style.paint(one_line(offer['name']), 'cyan')}"
        effect = f"  [{one_line(offer['effect'])}]" if offer.get("effect") else ""
        session.say(f"{text}{effect}  {one_line(offer.get('description', ''))}".rstrip())


def _facts(plugin: Any) -> dict[str, Any]:
    texts = ("name", "version", "description", "origin", "path", "state", "problem")
    offers = [{"kind": kind, "name": name} for kind, name in plugin.kinds]
    return {**{key: str(getattr(plugin, key, "") or "") for key in texts}, "offers": offers}
