"""Reverts and rows: which commits count, and why."""

from __future__ import annotations

import pytest
from vwmp_release.plugins.release.commits.message import Commit, parse
from vwmp_release.plugins.release.commits.why import Row, explain
from vwmp_release.plugins.release.versions.policy import Policy


def _sha(letter: str) -> str:
    return letter * 40


def _rows(*messages: str) -> dict[str, Row]:
    """Return the rows of a line of commits called a, b, c, … oldest first; `{a}` in a message is a's id."""
    ids = {letter: _sha(letter) for letter in "abcdef"}
    commits = [
        parse(ids[letter], message.format(**ids), "me", (ids[before],) if before else (_sha("0"),))
        for letter, before, message in zip("abcdef", ["", *"abcde"], messages, strict=False)
    ]
    return {row.commit.sha[0]: row for row in explain(commits[::-1], Policy())}


def _verdicts(*messages: str) -> str:
    return " ".join(row.verdict for row in _rows(*messages).values())


def test_each_kind_of_commit_has_its_verdict() -> None:
    """Rows are oldest first and say what happened to each commit."""
    rows = _rows("feat: a", "docs: b", "something", "fixup! feat: a", "fix!: e")
    assert [row.verdict for row in rows.values()] == ["counted", "ignored", "unparsed", "ignored", "counted"]
    assert [row.level for row in rows.values()] == ["minor", "", "", "", "major"]
    assert rows["c"].line == "ccccccc something: no conventional commit, as in `fix: what changed`"


def test_merges_count_by_their_subject_only() -> None:
    """A merge counts with a conventional subject; its branch's commits count by themselves."""
    plain, titled = parse("a", "Merge branch x", "", ("1", "2")), parse("b", "feat: x", "", ("1", "2"))
    rows = explain([titled, plain], Policy())
    assert [row.verdict for row in rows] == ["ignored", "counted"]
    assert "count by themselves" in rows[0].rule


@pytest.mark.parametrize(
    ("messages", "verdicts"),
    [
        (["feat: x", 'Revert "feat: x"\n\nThis reverts commit {a}.'], "reverted reverted"),
        (["feat: x", "revert: feat: x\n\nRefs: {a}"], "reverted reverted"),
        (["feat: x", "revert: feat: x"], "reverted reverted"),
        (["feat: x (#7)", 'Revert "feat: x" (#8)'], "reverted reverted"),
        (["feat: x (#7)", 'Revert "feat: other words" (#8)\n\nReverts o/r#7'], "reverted reverted"),
        (["feat: x (#7)", 'Revert "feat: y"\r\n\r\nReverts o/r#7\r\n'], "reverted reverted"),
        (["fix: y", 'Revert "feat: x"\n\nThis reverts commit 1234567.'], "counted counted"),
        (["feat: x", 'Revert "feat: x"\n\nThis reverts commit aaaaaaa.'], "reverted reverted"),
        (["feat: x", 'Revert "feat: y"\n\nReverts o/r#9'], "counted counted"),
        (['Revert "feat: x"', "feat: x"], "counted counted"),
        (
            [
                "feat: x",
                'Revert "feat: x"\n\nThis reverts commit {a}.',
                'Revert "Revert "feat: x""\n\nThis reverts commit {b}.',
            ],
            "counted reverted reverted",
        ),
        (
            [
                "feat: x",
                'Revert "feat: x"',
                'Reapply "feat: x"\n\nThis reverts commit {b}.',
            ],
            "counted reverted reverted",
        ),
        (["feat: x", 'Revert "feat: x"', "feat: x", 'Revert "feat: x"'], "reverted reverted reverted reverted"),
        (["feat: x", 'Revert "feat: x"', "feat: x"], "reverted reverted counted"),
        (["feat: x", "fix: y", "revert: both\n\nRefs: {a}, {b}"], "reverted reverted reverted"),
        (["feat: x", "revert: both\n\nRefs: {a}, 1234567"], "reverted counted"),
        (["feat: x", "revert: both\n\nThis reverts commits {a} and {a}."], "reverted reverted"),
    ],
)
def test_reverts(messages: list[str], verdicts: str) -> None:
    """A commit and its revert vanish together; a reverted revert restores; reverts of older commits count."""
    assert _verdicts(*messages) == verdicts


def test_a_revert_of_an_older_commit_is_a_patch() -> None:
    """What was released and is taken back now is at least a patch."""
    assert _rows('Revert "feat: x"\n\nThis reverts commit 1234567.')["a"].level == "patch"


def test_reverting_a_merge_undoes_its_branch() -> None:
    """All that a merge brought in vanishes with it, and nothing of the main line."""
    line = parse("1" * 40, "fix: main", "", ("0" * 40,))
    branch = parse("2" * 40, "feat: branch", "", ("0" * 40,))
    merge = parse("3" * 40, "Merge branch x", "", (line.sha, branch.sha))
    revert = parse(
        "4" * 40, f'Revert "Merge branch x"\n\nThis reverts commit {merge.sha}, reversing\nchanges made to x.'
    )
    rows = {row.subject: row.verdict for row in explain([revert, merge, branch, line], Policy())}
    assert rows == {
        "fix: main": "counted",
        "feat: branch": "reverted",
        "Merge branch x": "reverted",
        'Revert "Merge branch x"': "reverted",
    }


def test_many_reverts_are_paired_at_once() -> None:
    """Thousands of reverts whose targets are older than the range take no time to speak of."""
    messages = ['Revert "feat: gone"', f'Revert "feat: gone"\n\nThis reverts commit {"9" * 40}.', "fix: x"] * 5000
    commits = [parse(f"{number:040x}", message) for number, message in enumerate(messages)]
    rows = explain(commits, Policy())
    assert len(rows) == 15000
    assert {row.verdict for row in rows} == {"counted"}


def test_rows_become_plain_data() -> None:
    """The output of a row holds everything that later steps need, as JSON can hold it."""
    commit: Commit = parse("c" * 40, "feat(api)!: x (#3)\n\nBody.\n\nBREAKING CHANGE: y\nRefs: #4", "Ann")
    (row,) = explain([commit], Policy())
    assert row.as_output() == {
        "sha": "c" * 40,
        "short": "ccccccc",
        "subject": "feat(api)!: x (#3)",
        "type": "feat",
        "scope": "api",
        "description": "x (#3)",
        "body": "Body.",
        "footers": [["BREAKING CHANGE", "y"], ["Refs", "#4"]],
        "breaking": ["y"],
        "refs": ["#3", "#4"],
        "author": "Ann",
        "level": "major",
        "rule": "breaking change → major",
        "verdict": "counted",
    }
    assert (row.short, row.type, row.subject) == ("ccccccc", "feat", "feat(api)!: x (#3)")
