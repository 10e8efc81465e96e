"""`run` and `plan`: follow the engine's events, report them, keep the document, return the exit status."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, cast

from .. import app
from ..core.execution.events import Event
from ..errors import InDoubt, Interrupted, UsageError, VwmpError
from ..interfaces import Seal
from ..report import choose
from ..report.document import dump, to_dict
from ..report.model import Report
from ..report.summary import Folder, of_error
from ..support.redact import masked, one_line
from .session import Session


def execute(
    session: Session,
    command: Literal["run", "plan"],
    request: app.Request,
    *,
    report: str | None = None,
    ask: bool = False,
    output: Path | None = None,
) -> int:
    """Run or plan a workflow and report it.

    Args:
        session: Streams and shared options.
        command: Whether to do it or to show it.
        request: What the user asked for.
        report: The reporter that the user asked for; None decides by the environment.
        ask: Whether to ask before the first effect beyond the machine, where a terminal is there to answer.
        output: File for the JSON document.

    Returns:
        The exit status.

    Raises:
        VwmpError: The run could not begin, or was interrupted.
    """
    reporter, file = _reporter(session, command, report, output)
    folder = Folder(command)
    if ask and _answers(session):
        request = replace(request, confirm=_question(session, folder, reporter))
    final = _follow(session, reporter, folder, _source(command), request)
    if not final.status:
        raise RuntimeError("the run ended without its last event")
    document = cast("dict[str, Any]", masked(to_dict(final), session.mask))
    _keep(session, request if command == "run" else None, file, document)
    reporter.end(final)
    if session.as_json:
        session.document(document)
    return final.exit_status


def _reporter(
    session: Session, command: str, report: str | None, output: Path | None
) -> tuple[choose.Reporter, Path | None]:
    """Return who reports, and the file for the JSON document."""
    if session.as_json and report == "json-lines":
        raise UsageError("--json and --report json-lines both want standard output", hint="give one of them")
    stream = session.err if session.as_json else session.out
    kind = choose.kind(report, session.environ)
    if output is not None and not output.parent.is_dir():
        raise UsageError(f"there is no folder {output.parent}")
    file = output or (_runner_file(session, command) if kind == "github" else None)
    reporter = choose.reporter(
        kind, stream, session.style(stream), session.environ, document_file=str(file.resolve()) if file else ""
    )
    return reporter, file


def _source(command: str) -> Callable[[app.Request], Iterator[Event]]:
    return app.plan if command == "plan" else app.run


def _follow(
    session: Session,
    reporter: choose.Reporter,
    folder: Folder,
    source: Callable[[app.Request], Iterator[Event]],
    request: app.Request,
) -> Report:
    def show(event: Event) -> None:
        seen = cast("Event", masked(event, session.mask))
        folder.add(seen)
        reporter.add(seen)

    try:
        with closing(cast("Generator[Event]", source(request))) as events:  # runs what the engine has to clean up
            _drive(events, show)
    except VwmpError as error:
        reporter.end(of_error(error, folder.report()))
        raise
    except KeyboardInterrupt:
        stopped = _interrupted(folder.report())
        reporter.end(of_error(stopped, folder.report()))
        raise stopped from None
    except BaseException:
        with suppress(Exception):  # the first error is the one to tell
            reporter.end(None)
        raise
    return folder.report()


def _drive(events: Generator[Event], show: Callable[[Event], None]) -> None:
    """Show every event; an interruption meanwhile is handed to the engine, which knows what is undone."""
    event = next(events, None)
    while event is not None:
        try:
            show(event)
        except KeyboardInterrupt as stop:
            try:
                event = events.throw(stop)
            except StopIteration:
                raise stop from None
        else:
            event = next(events, None)


def _interrupted(report: Report) -> VwmpError:
    beyond = any(step.view.effect == "remote" and step.attempts for step in report.steps)
    if beyond and report.workspace == "shadow":
        return InDoubt(
            "interrupted after the push: the remote may have the release",
            hint="look with `git ls-remote`, then run again",
        )
    if report.workspace == "in_place":
        return Interrupted("interrupted", why="nothing was undone: this workflow works in your files")
    return Interrupted("interrupted, undone")


def _answers(session: Session) -> bool:
    import sys  # here: the input is only of interest for a question

    return session.out.isatty() and sys.stdin is not None and sys.stdin.isatty()


def _question(session: Session, folder: Folder, reporter: choose.Reporter) -> Callable[[Seal | None], bool]:
    """Return the question that is asked once, with what is about to leave the machine."""

    def ask(seal: Seal | None) -> bool:
        import sys  # here: the input is only of interest for a question

        report = folder.report()
        push = report.push
        reporter.pause()
        tags = ", ".join(one_line(tag.name) for tag in seal.tags) if seal else ""
        target = " ".join(one_line(part) for part in (push.remote, push.branch, push.url) if part)
        target = target or ", ".join(one_line(view.name) for view in report.beyond)
        name = f"version {one_line(report.version)}" if report.version else f"workflow {one_line(report.workflow)}"
        style = session.style()
        session.say()
        parts = (style.paint(name, "bold"), tags, style.symbol("→"), target)
        session.say("  " + "  ".join(part for part in parts if part))
        session.out.write("  Go on? [y/N] ")
        session.out.flush()
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    return ask


def _runner_file(session: Session, command: str) -> Path:
    import tempfile  # here: only runners need a place for the document

    name = "plan" if command == "plan" else "report"
    return Path(session.environ.get("RUNNER_TEMP") or tempfile.mkdtemp(prefix="vwmp-")) / f"vwmp-release-{name}.json"


def _keep(session: Session, request: app.Request | None, file: Path | None, document: dict[str, Any]) -> None:
    """Write the document where it is wanted; the run is over, so what fails here is said and changes nothing."""
    try:
        if file is not None:
            file.write_text(f"{dump(document)}\n", encoding="utf-8", newline="\n")
        if request is not None:
            app.record(request, document)
    except (OSError, VwmpError) as error:
        session.err.write(f"{session.mask(one_line(f'warning: the report could not be kept: {error}'))}\n")
