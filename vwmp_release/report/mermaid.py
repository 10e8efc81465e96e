"""A workflow as a Mermaid flowchart, alone or with how its steps ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..core.execution.events import StepReport, StepView
from ..support.redact import one_line

_SAFE = frozenset(" ,-./")
_LABEL_LENGTH = 80
_CLASSES = {
    "success": "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
    "failed": "fill:#ffebe9,stroke:#cf222e,color:#1f2328",
    "tolerated": "fill:#fff8c5,stroke:#9a6700,color:#1f2328",
    "skipped": "fill:#f6f8fa,stroke:#59636e,color:#59636e",
    "waiting": "fill:#ffffff,stroke:#d1d9e0,color:#59636e,stroke-dasharray:4 3",
    "optional": "stroke-dasharray:4 3",
}


def graph(views: Sequence[StepView], reports: Iterable[StepReport] | None = None) -> str:
    """Return the flowchart.

    Args:
        views: The steps in plan order.
        reports: How they ended; None draws the definition alone, with optional steps dashed.
    """
    ended = None if reports is None else {report.view.id: report for report in reports}
    ids = {view.id: f"s{number}" for number, view in enumerate(views)}
    lines = ["flowchart LR"]
    used: dict[str, list[str]] = {}
    for view in views:
        report = ended.get(view.id) if ended is not None else None
        lines.append(f'    {ids[view.id]}["{_label(view, report)}"]')
        style = _class(view, report, drawn=ended is not None)
        if style:
            used.setdefault(style, []).append(ids[view.id])
    for view in views:
        lines += [f"    {ids[name]} --> {ids[view.id]}" for name in view.dependencies if name in ids]
    for style, nodes in used.items():
        lines += [f"    classDef {style} {_CLASSES[style]}", f"    class {','.join(nodes)} {style}"]
    return "\n".join(lines) + "\n"


def label(text: str) -> str:
    """Return text as it may stand in a quoted Mermaid label: every other sign as an entity code.

    Args:
        text: Text of any origin.
    """
    text = one_line(text)
    if len(text) > _LABEL_LENGTH:
        text = f"{text[: _LABEL_LENGTH - 1]}…"
    return "".join(char if char.isalnum() or char in _SAFE else f"#{ord(char)};" for char in text)


def _label(view: StepView, report: StepReport | None) -> str:
    parts = [label(view.name)]
    if view.handler != view.name:
        parts.append(label(view.handler))
    if report is not None:
        parts.append(f"{report.outcome} {report.seconds:.1f} s" if report.attempts else report.outcome)
    return "<br/>".join(parts)


def _class(view: StepView, report: StepReport | None, *, drawn: bool) -> str:
    if not drawn:
        return "skipped" if not view.enabled else "" if view.required else "optional"
    if report is None or report.outcome == "not-run":
        return "waiting"
    if report.outcome == "failed" and report.conclusion == "success":
        return "tolerated"
    return "skipped" if report.outcome == "disabled" else report.outcome
