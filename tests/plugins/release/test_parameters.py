"""The parameters of a release and what is derived from the commits."""

from __future__ import annotations

import pytest
from vwmp_release.plugins.release.commits.message import parse
from vwmp_release.plugins.release.commits.why import Row, explain
from vwmp_release.plugins.release.parameters import definitions, derive_change_type, derive_summary
from vwmp_release.plugins.release.versions.policy import Policy


def _rows(*messages: str) -> list[Row]:
    commits = [parse(f"{number:040x}", message) for number, message in enumerate(messages, 1)]
    return explain(commits[::-1], Policy())


def test_definitions_have_the_documented_limits() -> None:
    """Names, types, limits and options are those of the specification."""
    known = {definition["name"]: definition for definition in definitions()}
    assert {name: definition["type"] for name, definition in known.items()} == {
        "summary": "string",
        "change_type": "enum",
        "detailed_changes": "text",
        "skip_readme": "boolean",
        "kb_docs_ok": "boolean",
    }
    assert known["summary"]["validation"] == {"min_length": 10, "max_length": 200}
    assert known["detailed_changes"]["validation"] == {"max_length": 2000}
    assert known["change_type"]["options"][:3] == ["feature", "fix", "infrastructure"]
    assert len(known["change_type"]["options"]) == 9
    assert known["skip_readme"]["default"] is False


@pytest.mark.parametrize(
    ("messages", "summary", "change_type"),
    [
        (["fix: one thing", "docs: d"], "one thing", "fix"),
        (["fix: one", "feat: two", "fix: three"], "two and 2 more changes", "feature"),
        (["fix: one", "perf: two"], "one and 1 more change", "fix"),
        (["fix!: drop", "feat: two"], "drop and 1 more change", "feature"),
        (["docs: words"], "words", "documentation"),
        (["refactor: order"], "order", "refactor"),
        (["chore: dust", "something"], "dust", "maintenance"),
        (["something"], "Release 1.2.3", "maintenance"),
        ([], "Release 1.2.3", "maintenance"),
        (["feat: a\tb   c"], "a b c", "feature"),
    ],
)
def test_what_commits_add_up_to(messages: list[str], summary: str, change_type: str) -> None:
    """The most important commit is the summary, the rest is counted; the type is that of the commits that count."""
    rows = _rows(*messages)
    assert derive_summary(rows, "1.2.3") == summary
    assert derive_change_type(rows) == change_type


def test_a_summary_is_never_too_long() -> None:
    """Long descriptions are cut, the count of the others stays."""
    summary = derive_summary(_rows("feat: " + "x" * 500, "fix: y"), "1.2.3")
    assert len(summary) == 200
    assert summary.endswith("…" + " and 1 more change")
