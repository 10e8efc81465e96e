"""Workflows as flowcharts."""

from __future__ import annotations

import re
from collections.abc import Callable

from vwmp_release.core.execution.events import (
    StepReport,
    StepView,
)
from vwmp_release.report import mermaid


def test_hostile_text_draws_no_node(hostile: str) -> None:
    """In the graph every text is inside its label."""
    lines = mermaid.graph([StepView(hostile, hostile, hostile, "none", True, True, ())]).splitlines()
    assert lines[0] == "flowchart LR"
    assert len(lines) == 2
    plain = r"[^\"`<>\[\]{}()|;&]*"
    assert re.fullmatch(rf'    s0\["{plain}(?:(?:#\d+;|<br/>){plain})*"\]', lines[1])


def test_graph(make_view: Callable[..., StepView]) -> None:
    """A graph shows order, optional and disabled steps; with reports how each one ended."""
    views = (
        make_view("a"),
        make_view("b", after=("a", "gone"), required=False),
        make_view("c", after=("b",), enabled=False, handler="c"),
    )
    assert mermaid.graph(views) == (
        "flowchart LR\n"
        '    s0["a<br/>demo.a"]\n'
        '    s1["b<br/>demo.b"]\n'
        '    s2["c"]\n'
        "    s0 --> s1\n"
        "    s1 --> s2\n"
        "    classDef optional stroke-dasharray:4 3\n"
        "    class s1 optional\n"
        "    classDef skipped fill:#f6f8fa,stroke:#59636e,color:#59636e\n"
        "    class s2 skipped\n"
    )
    reports = [
        StepReport(views[0], "failed", "success", attempts=1, seconds=1.25),
        StepReport(views[1], "not-run", "not-run"),
        StepReport(views[2], "disabled", "not-run"),
    ]
    drawn = mermaid.graph(views, reports)
    assert '    s0["a<br/>demo.a<br/>failed 1.2 s"]\n' in drawn
    assert "    class s0 tolerated\n" in drawn
    assert "    class s1 waiting\n" in drawn
    assert "    class s2 skipped\n" in drawn
    assert mermaid.label("x" * 200).endswith("…") or len(mermaid.label("x" * 200)) < 100
