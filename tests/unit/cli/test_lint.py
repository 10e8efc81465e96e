"""`lint-message`: both ways to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vwmp_release.cli import lint


def test_findings_have_place_caret_and_hint(call: Callable[..., Any], tmp_path: Path) -> None:
    """A finding shows file, line and column, the line with a caret, and what to write instead; status 1."""
    file = tmp_path / "message"
    file.write_text("feat(Parser:): \x1b[31madd x\n", encoding="utf-8")
    done = call("lint-message", str(file))
    assert (done.status, done.out) == (1, "")
    lines = done.err.splitlines()
    assert lines[0].startswith(f"{file}:1:")
    assert lines[1] == "    feat(Parser:): \\x1b[31madd x"
    assert lines[2].strip() == "^"
    assert "\x1b" not in done.err


def test_a_good_message_is_silent(call: Callable[..., Any], tmp_path: Path) -> None:
    """Nothing is said about a good message, in any encoding of the body; it works outside a repository."""
    file = tmp_path / "message"
    file.write_bytes(b"fix: mend x\n\nbody in \xe9 latin\n")
    assert (call("lint-message", str(file)).status, call("lint-message", str(file)).err) == (0, "")


@pytest.mark.parametrize("arguments", [["lint-message", "gone"], ["-q", "lint-message", "gone"]])
def test_a_missing_file(call: Callable[..., Any], arguments: list[str]) -> None:
    """A file that cannot be read ends with 2."""
    done = call(*arguments)
    assert done.status == 2
    assert "cannot read gone" in done.err


def test_with_json(call: Callable[..., Any], tmp_path: Path) -> None:
    """With --json the findings are one document."""
    file = tmp_path / "message"
    file.write_text("add x\n")
    done = call("lint-message", str(file), "--json")
    assert done.status == 1
    assert (done.json["kind"], done.json["status"]) == ("lint", "findings")
    assert done.json["findings"][0]["line"] == 1
    file.write_text("fix: x\n")
    assert call("--json", "lint-message", str(file)).json["status"] == "ok"


def test_the_long_way_says_the_same(call: Callable[..., Any], tmp_path: Path) -> None:
    """Through click, with other options, the words and the status are the same."""
    file = tmp_path / "message"
    file.write_text("add x\n")
    short, long = call("lint-message", str(file)), call("--no-color", "lint-message", str(file))
    assert (short.status, short.err) == (long.status, long.err)


def test_from_standard_input(child: Callable[..., Any]) -> None:
    """`-` reads the message from standard input."""
    assert child("lint-message", "-", stdin="feat: x\n").status == 0
    assert child("lint-message", "-", stdin="x\n").status == 1


class Finding:
    """A finding."""

    def __init__(self, line: int, column: int, message: str = "odd", hint: str = "") -> None:
        self.line, self.column, self.message, self.hint = line, column, message, hint


@pytest.mark.parametrize(
    ("text", "finding", "expected"),
    [
        ("abc", Finding(1, 3), ["f:1:3: odd", "    abc", "      ^"]),
        ("\ufeffabc\r\n", Finding(1, 1, hint="mend"), ["f:1:1: odd", "    abc", "    ^", "    mend"]),
        ("a\tb", Finding(1, 3), ["f:1:3: odd", "    a\\tb", "       ^"]),
        ("", Finding(1, 1), ["f:1:1: odd"]),
        ("a", Finding(9, 1, "no\nend"), ["f:9:1: no\\nend"]),
    ],
)
def test_render(text: str, finding: Finding, expected: list[str]) -> None:
    """The caret stands under the column of what is shown; lines that are not there are left out."""
    assert lint.render("f", text, [finding]) == expected


def test_the_loader_finds_plugins_in_a_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an installation the built-in plugins are made importable once; other missing modules are errors."""
    from vwmp_release.cli import loader
    from vwmp_release.core.plugins import builtin

    made: list[str] = []
    real = loader.import_module

    def missing(name: str) -> Any:
        if not made:
            raise ModuleNotFoundError(name, name="vwmp_release.plugins")
        return real(name)

    monkeypatch.setattr(loader, "import_module", missing)
    monkeypatch.setattr(builtin, "ensure_importable", lambda: made.append("x"))
    assert loader.load("vwmp_release.plugins.release.commits.lint").check_message
    monkeypatch.undo()
    with pytest.raises(ModuleNotFoundError):
        loader.load("vwmp_release.plugins.nowhere")
