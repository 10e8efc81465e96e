"""Console lines from events and from the report they make; text of others is shown, never acted on."""

from __future__ import annotations

from ..core.execution.events import (
    NOTHING_TO_DO,
    Event,
    Published,
    RunStarted,
    Sealed,
    StepFinished,
    StepLine,
    StepReport,
    StepRetried,
    StepStarted,
    Warned,
    WorkspaceOpened,
)
from ..errors import Problem
from ..interfaces import Annotation
from ..support.redact import one_line, visible
from .model import Report
from .style import Style
from .why import short_id, why_lines

_MARKS = {"success": ("✓", "green"), "failed": ("✗", "red"), "skipped": ("–", "dim"), "not-run": ("·", "dim")}
_HEADLINES = {
    "done": ("✓", "green", "Done"),
    "nothing": ("–", "cyan", "Nothing to release"),
    "blocked": ("✗", "red", "Blocked"),
    "failed": ("✗", "red", "Failed"),
    "refused": ("✗", "red", "The remote refused the release"),
    "superseded": ("–", "cyan", "Superseded by another run"),
    "in-doubt": ("!", "yellow", "In doubt"),
    "interrupted": ("✗", "red", "Interrupted"),
}
_WHY_SHOWN = 12


def lines(event: Event, style: Style) -> list[str]:
    """Return the lines that an event gives while a run goes on.

    Args:
        event: The event.
        style: How they look; a quiet style keeps findings and warnings only.
    """
    match event:
        case StepFinished(report):
            return step_lines(report, style)
        case Warned(message, hint):
            return warning_lines(message, hint, style)
        case _:
            return [] if style.level < 0 else _progress(event, style)


def _progress(event: Event, style: Style) -> list[str]:
    verbose = style.level > 0
    match event:
        case RunStarted():
            return _started(event, style)
        case WorkspaceOpened():
            return _opened(event, style)
        case StepStarted(step) if verbose:
            return [style.paint(f"  {style.symbol('·')} {one_line(step.name)} ({one_line(step.handler)})", "dim")]
        case StepLine(step_id, line):
            return [style.paint(f"    {one_line(step_id)}: ", "dim") + one_line(line)]
        case StepRetried(step_id, attempt, delay, error):
            text = (
                f"    {one_line(step_id)}: attempt {attempt + 1} in {delay:g} s, the last one failed: {one_line(error)}"
            )
            return [style.paint(text, "yellow")]
        case Sealed(seal) if verbose:
            count = len(seal.files)
            return [style.paint(f"    sealed {short_id(seal.commit)}: {count} file{'s' * (count != 1)}", "dim")]
        case Published(publication) if verbose:
            return [style.paint(f"    {one_line(publication.verdict)} {one_line(publication.remote)}".rstrip(), "dim")]
        case _:
            return []


def _started(event: RunStarted, style: Style) -> list[str]:
    count = sum(view.enabled for view in event.steps)
    head = f"workflow {style.paint(one_line(event.workflow), 'bold')}: {count} step{'s' * (count != 1)}"
    if event.command == "plan":
        head += ", nothing outside changes"
    if style.level > 0:
        head += style.paint(f"  {event.run.id}  {event.run.started_at:%Y-%m-%d %H:%M:%S} UTC", "dim")
    return [head]


def _opened(event: WorkspaceOpened, style: Style) -> list[str]:
    where = f"on {one_line(event.branch)}" if event.branch else "on no branch"
    text = f"  {where} at {short_id(event.base)}"
    if event.remote:
        text += f", {one_line(event.remote)} {one_line(event.remote_url)}".rstrip()
        text += "" if event.remote_asked else " (not asked)"
    return [style.paint(text, "dim")]


def step_lines(report: StepReport, style: Style) -> list[str]:
    """Return the lines of a step that ended: mark, name, time and reason, then its findings.

    Args:
        report: The step.
        style: How they look; a quiet style keeps failures only.
    """
    tolerated = report.outcome == "failed" and report.conclusion == "success"
    if style.level < 0 and report.outcome != "failed" and not report.annotations:
        return []
    if report.outcome == "not-run" and report.reason == NOTHING_TO_DO and style.level <= 0:
        return []  # the step that ended the run has said it
    sign, color = ("!", "yellow") if tolerated else _MARKS.get(report.outcome, ("–", "dim"))
    text = f"  {style.paint(style.symbol(sign), color)} {one_line(report.view.name)}"
    if report.attempts:
        tries = f", attempt {report.attempts}" if report.attempts > 1 else ""
        text += style.paint(f"  {report.seconds:.2f} s{tries}", "dim")
    elif report.outcome in ("disabled", "not-run"):
        why = f": {one_line(report.reason)}" if report.outcome == "not-run" and report.reason else ""
        return [text + style.paint(f"  {report.outcome.replace('-', ' ')}{why}", "dim")]
    found = [text]
    if report.reason:
        reason = one_line if report.outcome != "failed" else visible
        paint = "dim" if report.outcome != "failed" else color
        found += [f"      {style.paint(part, paint)}" for part in reason(report.reason).splitlines()]
    if tolerated:
        found.append(style.paint("      it is optional: the run goes on", "dim"))
    return found + [f"      {annotation_line(annotation, style)}" for annotation in report.annotations]


def annotation_line(annotation: Annotation, style: Style) -> str:
    """Return a finding as `file:line:column: level: message`.

    Args:
        annotation: The finding.
        style: How it looks.
    """
    place = one_line(annotation.file or "")
    place += f":{annotation.line}" if annotation.file and annotation.line else ""
    place += f":{annotation.column}" if annotation.file and annotation.line and annotation.column else ""
    color = {"error": "red", "warning": "yellow"}.get(annotation.level, "cyan")
    title = f"{one_line(annotation.title)}: " if annotation.title else ""
    head = f"{place}: " if place else ""
    return f"{head}{style.paint(annotation.level, color)}: {title}{one_line(annotation.message)}"


def problem_lines(problem: Problem, style: Style) -> list[str]:
    """Return a problem as `place: where: what`, and its fix on the next line.

    Args:
        problem: The problem.
        style: How it looks.
    """
    place = one_line(str(problem.place)) if problem.place else ""
    parts = [style.paint(place, "bold")] if place else []
    parts += [one_line(problem.where)] if problem.where else []
    first, *rest = visible(problem.what).splitlines() or [""]
    found = [": ".join([*parts, first]), *(f"    {line}" for line in rest)]
    return found + [style.paint(f"    {line}", "cyan") for line in visible(problem.hint).splitlines()]


def ending(report: Report, style: Style) -> list[str]:
    """Return the last lines of a run: how it ended, what was released, why, and what to do next.

    Args:
        report: The report after its last event.
        style: How they look.
    """
    head, body = _released(report, style) if report.status == "released" else _otherwise(report, style)
    if style.level < 0:
        return [head, *body] if report.exit_status else [head]
    return ["", head, *body, *_closing(report, style)]


def _released(report: Report, style: Style) -> tuple[str, list[str]]:
    sign = style.paint(style.symbol("✓"), "green")
    head = f"{sign} {style.paint(f'Released {one_line(report.version)}', 'bold', 'green')}"
    if report.bump == "first":
        change = ["the first release"]
    else:
        change = [f"was {one_line(report.previous_version)}"] if report.previous_version else []
        change += [one_line(report.bump)] if report.bump else []
    head += style.paint(f"  ({', '.join(change)})", "dim") if change else ""
    rows = _facts(report)
    width = max((len(name) for name, _ in rows), default=0)
    body = [f"    {style.paint(name.ljust(width), 'dim')}  {text}" for name, text in rows]
    body += [style.paint(f"    {line}", "yellow") for line in visible(report.reason).splitlines()]
    return head, body + why_lines(report, style, limit=_WHY_SHOWN)


def _facts(report: Report) -> list[tuple[str, str]]:
    push = report.push
    pushed = " ".join(one_line(part) for part in (push.remote, push.branch) if part)
    if push.url:
        pushed += f"  {one_line(push.url)}"
    rows = [
        ("tag", one_line(report.tag)),
        ("commit", f"{short_id(report.commit_sha)}  {one_line(_subject(report))}".rstrip()),
        ("pushed", pushed if push.verdict == "published" else "no, only here"),
        ("changelog", one_line(report.changelog)),
        ("notes", one_line(report.notes_file)),
    ]
    rows += [("package", _package(package)) for package in report.packages] if len(report.packages) > 1 else []
    return [(name, text) for name, text in rows if text.strip()]


def _package(package: object) -> str:
    values = package if isinstance(package, dict) else {}
    name, old, new = (str(values.get(key) or "") for key in ("name", "old_version", "new_version"))
    return one_line(" ".join(part for part in (name, old, "to" if old and new else "", new) if part))


def _subject(report: Report) -> str:
    return report.commits[-1][1].partition("\n")[0] if report.commits else ""


def _otherwise(report: Report, style: Style) -> tuple[str, list[str]]:
    sign, color, words = _HEADLINES.get(report.status, ("✗", "red", report.status or "Failed"))
    if report.status == "done":
        words = f"Workflow {one_line(report.workflow)} done"
    failed = next((step for step in report.failed if step.conclusion == "failed"), None)
    if report.status == "failed" and failed is not None:
        words = f"Failed at step {one_line(failed.view.name)}"
    head = f"{style.paint(style.symbol(sign), color)} {style.paint(words, 'bold', color)}"
    said = "nothing to release: " if report.status == "nothing" else ""
    reason = report.reason.removeprefix(said)
    said_already = report.problems or reason.lower() == words.lower()
    body = [] if said_already else [f"    {line}" for line in visible(reason).splitlines()]
    for problem in report.problems:
        body += [f"    {line}" for line in problem_lines(problem, style)]
    body += [style.paint(f"    {one_line(line)}", "dim") for line in report.details if line != reason]
    return head, body + _kept(report, style)


def _kept(report: Report, style: Style) -> list[str]:
    if report.exit_status in (0, 3):
        return []
    if report.undone:
        return [style.paint("    Everything is as it was before.", "dim")]
    if report.workspace == "in_place":
        return [style.paint("    Nothing was undone: this workflow works in your files.", "yellow")]
    return []


def _closing(report: Report, style: Style) -> list[str]:
    hint = report.hint if not report.problems else ""
    if not hint and report.status == "released" and report.push.verdict != "published" and report.branch:
        refs = " ".join([report.branch, *(tag.name for tag in report.tags)])
        hint = f"git push --atomic {report.push.remote or 'origin'} {refs}"
    if not hint and report.status == "in-doubt":
        hint = "look with `git ls-remote`, then run again"
    if not hint:
        return []
    first, *rest = visible(hint).splitlines()
    arrow = style.paint(style.symbol("→"), "cyan")
    return [f"  {arrow} {first}", *(f"    {line}" for line in rest)]


def warning_lines(message: str, hint: str, style: Style) -> list[str]:
    """Return a warning and its fix.

    Args:
        message: What deserves attention.
        hint: What to do about it.
        style: How the lines look.
    """
    first, *rest = visible(message).splitlines() or [""]
    found = [f"  {style.paint(style.symbol('!'), 'yellow')} {first}", *(f"    {line}" for line in rest)]
    return found + [style.paint(f"    {line}", "cyan") for line in visible(hint).splitlines()]
