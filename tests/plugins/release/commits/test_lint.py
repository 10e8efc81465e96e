"""The check of commit messages."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from vwmp_release.plugins.release.commits import lint
from vwmp_release.plugins.release.commits.lint import check_message

SCISSORS = "# ------------------------ >8 ------------------------"


@pytest.mark.parametrize("type_", lint.TYPES)
def test_every_usual_type_passes(type_: str) -> None:
    """commitlint's eleven types pass, with and without scope and `!`."""
    for header in (f"{type_}: x", f"{type_}(api): x", f"{type_}(a/b-c, d)!: x", f"{type_}!: x"):
        assert check_message(header) == []


@pytest.mark.parametrize(
    "text",
    [
        "Merge branch 'a' into b",
        "Merge pull request #1 from a/b\n\nwords",
        "Merged in a (pull request #1)",
        'Revert "feat: x"\n\nThis reverts commit 1234567.',
        'Reapply "feat: x"',
        "fixup! feat: x",
        "squash! whatever",
        "amend! whatever",
        "\n\n# comment\nfix: x\n\nbody\n# comment\n",
        f"fix: x\n\nbody\n{SCISSORS}\ndiff --git a b\nnot checked",
        f"fix: x\n{SCISSORS}\ndiff",
        "\ufefffix: x",
        "fix: x\r\n\r\nbody\r\n",
        "fix: " + "x" * 95,
        "fix: ä" + "é" * 94,
    ],
)
def test_good_messages_and_those_of_git_pass(text: str) -> None:
    """Merges, reverts, fixups, comments and what stands below the scissors line are no findings."""
    assert check_message(text) == []


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "hint"),
    [
        ("", 1, 1, "is empty", "fix: what changed"),
        ("# only\n# comments\n", 1, 1, "is empty", ""),
        ("add x", 1, 1, "no type", "`fix: add x`"),
        ("feat add x", 1, 1, "no type", "`feat: add x`"),
        ("feat (api): x", 1, 1, "space inside", "`feat(api): x`"),
        ("# c\n\nfeature: x", 3, 1, "'feature' is unknown", "did you mean `feat`"),
        ("doc: x", 1, 1, "'doc' is unknown", "did you mean `docs`"),
        ("fxi: x", 1, 1, "'fxi' is unknown", "did you mean `fix`"),
        ("hello: x", 1, 1, "'hello' is unknown", "types: build, chore"),
        ("Feat: x", 1, 1, "lower case", "`feat`"),
        (": x", 1, 1, "type is missing", "types:"),
        ("fix(): x", 1, 4, "scope () is malformed", "leave the parentheses out"),
        ("fix( a): x", 1, 4, "malformed", ""),
        ("fix: ", 1, 5, "description is missing", "say what changed"),
        ("fix:x", 1, 5, "no space", ""),
        ("fix: " + "x" * 96, 1, 101, "101 characters", "body"),
        ("fix: x\nbody", 2, 1, "no blank line", ""),
    ],
)
def test_findings_have_a_place_and_a_way_out(text: str, line: int, column: int, message: str, hint: str) -> None:
    """A bad message gives one finding with line, column, words and a hint."""
    (finding,) = check_message(text)
    assert (finding.line, finding.column) == (line, column)
    assert message in finding.message
    assert hint in finding.hint
    assert finding.message in repr(finding)


def test_all_findings_come_at_once() -> None:
    """Several mistakes are reported together."""
    assert len(check_message("wip():x" + "y" * 100 + "\nbody")) == 5


def test_comments_count_where_git_has_removed_them_already() -> None:
    """In a commit of the history a line with `#` is text."""
    assert check_message("# x\nfix: y", comments=False)[0].line == 1


def test_it_imports_next_to_nothing() -> None:
    """A hook that runs at every commit loads `re` only."""
    tree = ast.parse(Path(str(sys.modules[lint.__name__].__file__)).read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert sorted(alias.name for node in imports for alias in node.names) == ["re"]
