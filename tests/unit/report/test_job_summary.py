"""The job summary, and text that tries to be markup."""

from __future__ import annotations

import re

import pytest

from vwmp_release.core.execution.events import (
    Event,
    StepReport,
    StepView,
)
from vwmp_release.errors import Place, Problem
from vwmp_release.interfaces import FileChange
from vwmp_release.report import job_summary
from vwmp_release.report.model import Report, Why
from vwmp_release.report.summary import fold

OURS = {"code", "/code", "details", "/details", "summary", "/summary", "br"}


def test_hostile_text_is_no_markup(hostile: str, hostile_report: Report) -> None:
    """In the summary, text of others makes no tag, link, ping, heading, row or fence."""
    summary = job_summary.render(hostile_report)
    outside = re.sub(r"(?ms)^(`{3,})\w*\n.*?^\1\n", "", summary)
    assert set(re.findall(r"<(/?\w+)", outside)) <= {
        "code",
        "/code",
        "details",
        "/details",
        "summary",
        "/summary",
        "br",
    }
    assert not re.search(r"@(?!&#8203;)|https?://|\]\(|www\.|javascript:|`", outside)
    first, *headings = [line for line in outside.splitlines() if line.startswith("#")]
    assert first.startswith("## ❌ Failed at step <code>")
    assert headings in (["### Steps", "### Why", "### Files"], ["### Why", "### Files"])
    for row in outside.splitlines():
        assert not row.startswith("|") or row.count("|") in (3, 5)
    assert summary.encode("utf-8")


def test_summary_of_a_release(released: list[Event]) -> None:
    """The summary has headline, facts, warning with fix, graph, reasons and folded diffs."""
    text = job_summary.render(fold(released))
    for part in (
        "## 🚀 Released <code>1&#46;2&#46;0</code>\n",
        "| Version | <code>1&#46;1&#46;0</code> → <code>1&#46;2&#46;0</code> (minor) |\n",
        "| Pushed | <code>origin</code> <code>main</code> |\n",
        "> [!WARNING]\n> the changelog was edited by hand\n> **Fix:** look at it\n",
        "```mermaid\nflowchart LR\n",
        '    s3["push<br/>demo.push<br/>success 2.0 s"]\n',
        "| <code>1111111</code> | minor | feat&#58; add exports | feat is minor |\n",
        "<details><summary><code>VERSION</code> modified</summary>\n\n```diff\n--- a/VERSION\n",
    ):
        assert part in text


def test_summary_of_a_failure(failed: list[Event]) -> None:
    """A failed run says so, that it was undone, what to do next, and shows the step's lines."""
    text = job_summary.render(fold(failed))
    assert text.startswith("## ❌ Failed at step <code>commit</code>\n")
    assert "Everything is as it was before." in text
    assert "**Next:** <code>run the hook by hand</code>" in text
    assert "```\nhook: no\n```" in text


@pytest.mark.parametrize(
    ("status", "words"),
    [("done", "Workflow"), ("nothing", "Nothing"), ("blocked", "Blocked"), ("refused", "refused"),
     ("superseded", "Superseded"), ("in-doubt", "doubt"), ("interrupted", "Interrupted"), ("planned", "Planned"),
     ("failed", "Failed")],
)  # fmt: skip
def test_headlines(status: str, words: str) -> None:
    """Each status has its headline."""
    assert words in job_summary.headline(Report(status=status))


def test_summary_of_problems_and_details() -> None:
    """Every problem of a configuration stands in the summary with place and fix; details are folded."""
    problems = (Problem("must be 1", "retry", Place("a.yaml", 2), "write 1"), Problem("odd"))
    text = job_summary.render(Report(status="failed", exit_status=2, problems=problems))
    assert "- <code>a&#46;yaml&#58;2</code> <code>retry</code>: must be 1<br/>**Fix:** write 1\n- odd\n" in text
    text = job_summary.render(Report(status="nothing", reason="none", details=("docs only",), notes="n"))
    assert "<summary>Details</summary>\n\n- docs only\n" in text
    assert "<summary>Release notes</summary>\n\n```markdown\nn\n" in text


def test_a_summary_stays_below_the_limit() -> None:
    """A huge release is cut under 1 MiB between entries, never inside one, and says so."""
    files = tuple(FileChange(f"f{n}", "added", f"+{'x' * 70}\n" * 2000) for n in range(40))
    why = tuple(Why(str(n), "s" * 400) for n in range(1500))
    steps = tuple(
        StepReport(StepView(f"s{n}", "n" * 70, "h" * 70, "none", True, True, ()), "success", "success")
        for n in range(300)
    )
    text = job_summary.render(Report(status="released", version="1", files=files, why=why, steps=steps))
    assert len(text.encode()) < 1_048_576
    assert "more entries did not fit" in text
    assert "… and 500 more" in text
    assert text.count("<details>") == text.count("</details>")
    assert "… cut: " in text
    assert "mermaid" not in text
