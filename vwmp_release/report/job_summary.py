"""The job summary of GitHub Actions: headline, why-table, steps as a graph, diffs, warnings with their fix."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.execution.events import StepReport
from ..errors import Problem
from . import markdown
from .markdown import code, text
from .mermaid import graph
from .model import Report
from .why import short_id

_LARGEST = 1_000_000
"""Bytes; the runner drops a summary above 1 MiB as a whole."""
_DIFF = 60_000
_GRAPH = 40_000
"""Characters of a graph that GitHub still draws (its limit is 50,000)."""
_ROWS = 1_000


def render(report: Report) -> str:
    """Return the summary as Markdown.

    Args:
        report: The report after its last event.
    """
    return markdown.assemble(_entries(report), _LARGEST)


def headline(report: Report) -> str:
    """Return the first line: what happened, as Markdown.

    Args:
        report: The report.
    """
    version = code(report.version)
    failed = next((step for step in report.failed if step.conclusion == "failed"), None)
    words = {
        "released": f"🚀 Released {version}",
        "planned": f"📋 Would release {version}" if report.version else "📋 Planned",
        "done": f"✅ Workflow {code(report.workflow)} done",
        "nothing": "💤 Nothing to release",
        "blocked": "⛔ Blocked, nothing was changed",
        "refused": "⛔ The remote refused the release",
        "superseded": "⏭️ Superseded by another run",
        "in-doubt": "❓ In doubt whether the remote has the release",
        "interrupted": "✋ Interrupted",
    }
    stopped = f"❌ Failed at step {code(failed.view.name)}" if failed else "❌ Failed"
    return words.get(report.status, stopped)


def _entries(report: Report) -> Iterator[str]:
    yield f"## {headline(report)}\n\n"
    yield from _reason(report)
    yield from _facts(report)
    yield from _warnings(report)
    yield from _graph(report)
    yield from _failures(report)
    yield from _why(report)
    yield from _files(report)
    if report.notes:
        notes = markdown.fence(markdown.cut_lines(report.notes, _DIFF), "markdown")
        yield markdown.folded("Release notes", notes)


def _reason(report: Report) -> Iterator[str]:
    if report.problems:
        yield from (_problem(problem) for problem in report.problems)
    elif report.reason:
        yield f"{text(report.reason)}\n\n"
    if report.exit_status not in (0, 3) and report.undone:
        yield "Everything is as it was before.\n\n"
    if report.hint and not report.problems:
        yield f"**Next:** {code(report.hint)}\n\n"
    if report.details:
        yield markdown.folded("Details", "".join(f"- {text(line)}\n" for line in report.details[:_ROWS]))


def _problem(problem: Problem) -> str:
    place = f"{code(str(problem.place))} " if problem.place else ""
    where = f"{code(problem.where)}: " if problem.where else ""
    hint = f"<br/>**Fix:** {text(problem.hint)}" if problem.hint else ""
    return f"- {place}{where}{text(problem.what)}{hint}\n"


def _facts(report: Report) -> Iterator[str]:
    push = report.push
    change = f"{code(report.previous_version)} → {code(report.version)}" if report.previous_version else ""
    target = " ".join(code(part) for part in (push.remote, push.branch) if part)
    asked = "" if push.asked else " (the remote was not asked)"
    rows = [
        ("Version", f"{change or code(report.version)}{f' ({text(report.bump)})' if report.bump else ''}"),
        ("Tag", " ".join(code(tag.name) for tag in report.tags) or code(report.tag)),
        ("Commit", f"{code(short_id(report.commit_sha))}" if report.status != "planned" else ""),
        ("Pushed" if push.verdict == "published" else "Push to", f"{target}{asked}" if push.wanted and target else ""),
        ("Changelog", code(report.changelog)),
    ]
    shown = [(name, value) for name, value in rows if value]
    if report.status in ("released", "planned") and report.version and shown:
        yield "| | |\n| --- | --- |\n" + "".join(f"| {name} | {value} |\n" for name, value in shown) + "\n"


def _warnings(report: Report) -> Iterator[str]:
    for warning in report.warnings:
        fix = f"> **Fix:** {text(warning.hint)}\n" if warning.hint else ""
        yield f"> [!WARNING]\n> {text(warning.message)}\n{fix}\n"


def _graph(report: Report) -> Iterator[str]:
    if not report.steps:
        return
    drawn = graph([step.view for step in report.steps], report.steps)
    if len(drawn) <= _GRAPH:
        yield f"### Steps\n\n{markdown.fence(drawn, 'mermaid')}\n"


def _failures(report: Report) -> Iterator[str]:
    for step in report.failed:
        yield _failure(step)


def _failure(step: StepReport) -> str:
    kind = "failed, optional" if step.conclusion == "success" else "failed"
    logs = "\n".join(step.logs)
    body = markdown.fence(step.reason or "failed")
    body += markdown.fence(logs[-_DIFF:]) if logs else ""
    return markdown.folded(f"{code(step.view.name)} {kind}", body)


def _why(report: Report) -> Iterator[str]:
    if not report.why:
        return
    yield "### Why\n\n| Commit | Level | Subject | Rule |\n| --- | --- | --- | --- |\n"
    for row in report.why[:_ROWS]:
        rule = text(row.rule or row.verdict)
        yield f"| {code(row.short)} | {text(row.level or 'none')} | {text(row.subject[:300])} | {rule} |\n"
    if len(report.why) > _ROWS:
        yield f"| | | … and {len(report.why) - _ROWS} more | |\n"
    yield "\n"


def _files(report: Report) -> Iterator[str]:
    if report.files:
        yield "### Files\n\n"
    for change in report.files:
        title = f"{code(change.path)} {change.kind}"
        yield markdown.folded(title, markdown.fence(markdown.cut_lines(change.diff, _DIFF), "diff"))
