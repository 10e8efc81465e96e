"""Conventional Commits 1.0.0: headers, bodies, footers, breaking changes and references."""

from __future__ import annotations

import pytest
from vwmp_release.plugins.release.commits.message import Commit, parse


def _parse(message: str) -> Commit:
    return parse("a" * 40, message)


@pytest.mark.parametrize(
    ("subject", "type_", "scope", "description", "bang"),
    [
        ("feat: add x", "feat", None, "add x", False),
        ("feat(api): add x", "feat", "api", "add x", False),
        ("feat(api)!: add x", "feat", "api", "add x", True),
        ("Fix!:  spaced", "fix", None, "spaced", True),
        ("fix(): no scope", "fix", None, "no scope", False),
        ("fix(a (b)): nested", "fix", "a (b)", "nested", False),
        ("build-tool(a/b): x: y", "build-tool", "a/b", "x: y", False),
        ('Revert "feat: add x"', "revert", None, "feat: add x", False),
        ('Revert "feat: add x" (#12)', "revert", None, "feat: add x", False),
        ('Reapply "feat: add x"', "revert", None, "feat: add x", False),
        ("feat:no space", None, None, "feat:no space", False),
        ("feat add x", None, None, "feat add x", False),
        ("Merge branch 'a' into b", None, None, "Merge branch 'a' into b", False),
        ("Really: no", "really", None, "no", False),
        ("", None, None, "", False),
    ],
)
def test_headers(subject: str, type_: str | None, scope: str | None, description: str, bang: bool) -> None:
    """The header gives type, scope, description and `!`; any other subject is its own description."""
    commit = _parse(f"\n{subject}\n\nbody") if subject else _parse("")
    assert (commit.type, commit.scope, commit.description, commit.bang) == (type_, scope, description, bang)


def test_body_and_footers_are_told_apart() -> None:
    """The last paragraphs that begin with a token are footers; values may go on in further lines."""
    commit = _parse(
        "fix: x\n\nFirst paragraph.\n\nNote: part of the body\n\nStill body.\n\n"
        "Reviewed-by: Z\nFixes #12\nRefs: #1, o/r#2\n  and more\n"
    )
    assert commit.sections.body == "First paragraph.\n\nNote: part of the body\n\nStill body."
    assert commit.sections.footers == (
        ("Reviewed-by", "Z"),
        ("Fixes", "#12"),
        ("Refs", "#1, o/r#2\nand more"),
    )


def test_a_message_without_body_has_neither() -> None:
    """A bare header has no body and no footers."""
    assert _parse("fix: x").sections == ("", ())
    assert _parse("fix: x\r\n\r\nbody\r\nmore\r\n").sections == ("body\nmore", ())


@pytest.mark.parametrize(
    ("message", "breaking"),
    [
        ("feat!: drop x", ("drop x",)),
        ("feat: x\n\nBREAKING CHANGE: y is gone", ("y is gone",)),
        ("feat: x\n\nBREAKING-CHANGE: y is gone", ("y is gone",)),
        ("feat!: x\n\nBREAKING CHANGE: y is gone", ("y is gone",)),
        ("feat: x\n\nBREAKING CHANGE: one\n\nBREAKING CHANGE: two\nlines", ("one", "two\nlines")),
        ("feat: x\n\nBREAKING CHANGE: one\n\nsecond paragraph\nRefs: #1", ("one\n\nsecond paragraph",)),
        ("feat: x\n\nBREAKING CHANGE:\nthe text is below", ("the text is below",)),
        ("feat: x\nBREAKING CHANGE: without a blank line", ("without a blank line",)),
        ("chore: squash\n\n* feat: a\n\nBREAKING CHANGE: a\n\n* fix: b\n\nBREAKING CHANGE: b", ("a", "b")),
        ("Update things\n\nBREAKING CHANGE: y", ("y",)),
        ("feat: x\r\n\r\nBREAKING CHANGE: y\r\n", ("y",)),
        ("feat: x\n\nbreaking change: lower case", ()),
        ("feat: x\n\nsee BREAKING CHANGE: in the middle", ()),
        ("feat: BREAKING CHANGE: in the subject", ()),
        ("BREAKING CHANGE: as a subject", ()),
        ("feat: x", ()),
    ],
)
def test_breaking_changes(message: str, breaking: tuple[str, ...]) -> None:
    """`!` and every breaking footer count, wherever its line stands; nothing else does."""
    commit = _parse(message)
    assert commit.breaking == breaking
    assert commit.is_breaking == bool(breaking)


def test_lines_of_squashed_commits_return_to_the_body() -> None:
    """A listed commit after a breaking footer is no part of that footer."""
    commit = _parse("feat: s\n\nBREAKING CHANGE: a\n\n* fix: b\nmore of b")
    assert commit.sections == ("* fix: b\nmore of b", (("BREAKING CHANGE", "a"),))


@pytest.mark.parametrize(
    ("message", "references"),
    [
        ("fix: x (#12)", ("#12",)),
        ("fix: x (#12)\n\nCloses #3, #4 and o/r#5\n\nRefs: #6, #12", ("#12", "#3", "#4", "o/r#5", "#6")),
        ("fix: x\n\ntext with #7 in it", ()),
        ("fix: x\n\nFixes: owner/name#8", ("owner/name#8",)),
        ("fix: colour #fff and a#1", ()),
        ("fix: x", ()),
    ],
)
def test_references(message: str, references: tuple[str, ...]) -> None:
    """References come from the header, closing words and footers, each once."""
    assert _parse(message).references == references


def test_merges_have_several_parents() -> None:
    """A merge is known by its parents, not by its words."""
    assert parse("a", "x", "me", ("b", "c")).is_merge
    assert not parse("a", "Merge x", "me", ("b",)).is_merge
