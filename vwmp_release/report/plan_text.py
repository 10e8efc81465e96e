"""A plan for people: version and why, each file's diff, commit, tags, and what would go beyond the machine."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.execution.events import StepReport
from ..interfaces import FileChange, TagRef
from ..support.redact import one_line, visible
from .model import Report
from .style import Style
from .why import short_id, why_lines

_KINDS = {"added": ("A", "green"), "modified": ("M", "yellow"), "deleted": ("D", "red"), "renamed": ("R", "cyan")}


def lines(report: Report, style: Style) -> list[str]:
    """Return the plan.

    Args:
        report: The report of a `plan` that ended well.
        style: How it looks; a quiet one leaves diffs and messages out.
    """
    if report.workspace == "in_place":
        return [*_steps_in_place(report, style), *_warnings(report, style), *_next(report, style)]
    found = [*_head(report, style)]
    if style.level < 0:
        return found
    found += why_lines(report, style)
    found += _section("Files", _files(report, style), style)
    found += _section("Commit", _commits(report, style), style)
    found += _section("Tags", [line for tag in report.tags for line in _tag(tag, style)], style)
    found += _section("Push", [_push(report, style)], style)
    found += _section("Not run by a plan, in this order", [_step(step, style) for step in _following(report)], style)
    return [*found, *_warnings(report, style), *_next(report, style)]


def diff_lines(change: FileChange, style: Style) -> Iterator[str]:
    """Yield a file's head line and its unified diff, coloured.

    Args:
        change: The file.
        style: How it looks.
    """
    letter, color = _KINDS.get(change.kind, ("M", "yellow"))
    yield f"    {style.paint(letter, color)} {style.paint(one_line(change.path), 'bold')}"
    for line in visible(change.diff).rstrip("\n").split("\n"):
        if line and not line.startswith(("diff --git ", "index ")):  # they say again what the head line says
            yield f"      {_diff_line(line, style)}"


def _diff_line(line: str, style: Style) -> str:
    if line.startswith(("+++", "---")):
        return style.paint(line, "dim")
    color = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return style.paint(line, color) if color else line


def _head(report: Report, style: Style) -> list[str]:
    version = one_line(report.version) or "no new version"
    change = f"{one_line(report.previous_version)} {style.symbol('→')} " if report.previous_version else ""
    head = f"{style.paint('Plan', 'bold')}  {change}{style.paint(version, 'bold', 'green')}"
    head += f"  ({one_line(report.bump)})" if report.bump else ""
    where = f"on {one_line(report.branch)}" if report.branch else "on no branch"
    found = [
        "",
        head,
        style.paint(f"  {where} at {short_id(report.base)}, clock {report.clock}, {report.run_id}", "dim"),
    ]
    packages = report.packages if len(report.packages) > 1 else ()
    for package in packages:
        old, new = (one_line(str(package.get(key) or "")) for key in ("old_version", "new_version"))
        found.append(f"    {one_line(str(package.get('name', '')))}  {old} {style.symbol('→')} {new}")
    return found


def _files(report: Report, style: Style) -> list[str]:
    return [line for change in report.files for line in diff_lines(change, style)]


def _commits(report: Report, style: Style) -> list[str]:
    found = [style.paint(f"    author {one_line(report.author)}", "dim")] if report.author and report.commits else []
    for object_id, message in report.commits:
        first, *rest = visible(message).rstrip("\n").split("\n")
        found.append(f"    {style.paint(short_id(object_id), 'yellow')}  {first}")
        found += [f"               {line}".rstrip() for line in rest]
    return found


def _tag(tag: TagRef, style: Style) -> list[str]:
    kind = "annotated" if tag.annotated else "lightweight"
    kind += ", moves along" if tag.floating else ""
    found = [f"    {style.paint(one_line(tag.name), 'yellow')}  {style.paint(kind, 'dim')}"]
    return found + [f"      {line}".rstrip() for line in visible(tag.message).rstrip("\n").split("\n") if tag.message]


def _push(report: Report, style: Style) -> str:
    push = report.push
    if not push.wanted:
        return "    nothing is pushed"
    if not push.remote:
        return style.paint("    unknown: there is no remote", "yellow")
    target = f"    {one_line(push.remote)} {one_line(push.branch) or '(branch unknown)'}  {one_line(push.url)}".rstrip()
    refs = ", ".join(one_line(tag.name) for tag in report.tags)
    target += f"  with {refs}" if refs else ""
    return target if push.asked else f"{target}  {style.paint('(the remote was not asked)', 'yellow')}"


def _following(report: Report) -> list[StepReport]:
    return [step for step in report.steps if step.view.effect == "remote" and step.view.enabled]


def _step(step: StepReport, style: Style) -> str:
    need = "" if step.view.required else ", optional"
    return f"    {one_line(step.view.name)}  {style.paint(one_line(step.view.handler) + need, 'dim')}"


def _steps_in_place(report: Report, style: Style) -> list[str]:
    head = f"{style.paint('Plan', 'bold')}  workflow {style.paint(one_line(report.workflow), 'bold')}"
    found = ["", head, style.paint("  It works in your files; a plan of it runs nothing. Its steps, in order:", "dim")]
    for step in report.steps:
        view = step.view
        after = f", after {', '.join(one_line(name) for name in view.dependencies)}" if view.dependencies else ""
        need = ", disabled" if not view.enabled else "" if view.required else ", optional"
        facts = f"{one_line(view.handler)}, {one_line(view.effect)}{need}{after}"
        found.append(f"    {one_line(view.name)}  {style.paint(facts, 'dim')}")
    return found


def _section(title: str, body: list[str], style: Style) -> list[str]:
    return ["", f"  {style.paint(title, 'bold')}", *body] if body else []


def _warnings(report: Report, style: Style) -> list[str]:
    found = []
    for warning in report.warnings:
        found.append(f"    {style.paint(style.symbol('!'), 'yellow')} {one_line(warning.message)}")
        found += [f"      {style.paint(one_line(warning.hint), 'cyan')}"] if warning.hint else []
    return _section("Warnings", found, style)


def _next(report: Report, style: Style) -> list[str]:
    details = [style.paint(f"    {one_line(line)}", "dim") for line in report.details]
    command = "vwmp-release run" + ("" if report.workflow == "release" else f" {report.workflow}")
    hint = one_line(report.hint or f"{command} does this")
    return [*(["", *details] if details else []), "", f"  {style.paint(style.symbol('→'), 'cyan')} {hint}"]
