"""`demo`: a real release in a throw-away repository, without network."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import click

from .. import app
from ..errors import UsageError
from ..support.redact import visible
from . import demo_repository
from .demo_repository import DemoRepository
from .execute import execute
from .session import Session

_EXAMPLES = """\b
Examples:
  vwmp-release demo                       watch a release, leave nothing behind
  vwmp-release demo --keep /tmp/greeter   look at the repository afterwards
"""


@click.command(epilog=_EXAMPLES)
@click.option("--keep", metavar="DIR", type=click.Path(path_type=Path), help="Make it here and keep it.")
def command(session: Session, keep: Path | None) -> int:
    """Make a small repository and a bare remote, cut a release, and show what the remote has then."""
    folder = _folder(keep)
    try:
        return _release(session, folder)
    finally:
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)
            session.note("The repository was removed; --keep DIR keeps it.")
        else:
            session.note(f"The repository is {folder / 'greeter'}, its remote {folder / 'greeter.git'}.")


def _folder(keep: Path | None) -> Path:
    if keep is None:
        return Path(tempfile.mkdtemp(prefix="vwmp-demo-"))
    if keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise UsageError(f"{keep} is not empty", hint="name a folder that does not exist")
    keep.mkdir(parents=True, exist_ok=True)
    return keep.resolve()


def _release(session: Session, folder: Path) -> int:
    repository = demo_repository.make(folder)
    style = session.style()
    if not session.as_json:
        session.note(
            style.paint("A Python package with a tag v0.1.0 and three commits since; now: vwmp-release run", "dim")
        )
    request = app.Request(
        directory=repository.work,
        environ={name: value for name, value in session.environ.items() if not name.startswith("VWMP_")},
    )
    own = replace(session, directory=repository.work, config_file=None, environ=_outside_ci(session))
    status = execute(own, "run", request, report="console")
    if status == 0 and not session.as_json:
        _show(session, repository)
    return status


def _outside_ci(session: Session) -> dict[str, str]:
    """Return the environment without what would take the demo's release for one of the job that runs it."""
    return {name: value for name, value in session.environ.items() if not name.startswith("GITHUB_")}


def _show(session: Session, repository: DemoRepository) -> None:
    style = session.style()
    blocks = [
        ("What the remote has now (git log --oneline --decorate)", demo_repository.log(repository)),
        *((f"The tag {tag}", demo_repository.tag_message(repository, tag)) for tag in demo_repository.tags(repository)),
        ("New in CHANGELOG.md", demo_repository.new_section(repository)),
    ]
    for title, lines in blocks:
        session.say()
        session.say(f"  {style.paint(title, 'bold')}")
        for line in lines:
            session.say(f"    {visible(line)}".rstrip())
    session.say()
