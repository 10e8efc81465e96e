"""`version`: the bare version last on standard output, everything else beside it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., Any]
IDENTITY = ["-c", "user.name=A", "-c", "user.email=a@example.invalid", "-c", "commit.gpgSign=false"]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Makes a repository with a version file, a tag for it, and commits after that."""
    monkeypatch.chdir(tmp_path)

    def git(*args: str) -> None:
        subprocess.run(["git", *IDENTITY, *args], cwd=tmp_path, check=True, capture_output=True)

    def make(*messages: str, tag: bool = True) -> Path:
        git("init", "-q", "-b", "main")
        (tmp_path / "VERSION").write_text("1.1.0\n")
        git("add", "VERSION")
        git("commit", "-q", "-m", "feat: begin")
        if tag:
            git("tag", "v1.1.0")
        for message in messages:
            git("commit", "-q", "--allow-empty", "-m", message)
        return tmp_path

    return make


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "1.2.0"), (["--next"], "1.2.0"), (["--current"], "1.1.0"), (["--bump", "major"], "2.0.0"),
        (["--pre", "beta"], "1.2.0-beta.1"), (["--bump", "major", "--pre", "rc"], "2.0.0-rc.1"),
    ],
)  # fmt: skip
def test_the_bare_version(
    call: Call, engine: Any, repository: Callable[..., Path], arguments: list[str], expected: str
) -> None:
    """The version without a tag's prefix is the only line."""
    repository("feat: add x", "docs: y")
    done = call("version", *arguments)
    assert (done.status, done.out, done.err) == (0, f"{expected}\n", "")


def test_why(call: Call, engine: Any, repository: Callable[..., Path]) -> None:
    """--why shows each commit with its rule above the version, escapes made visible."""
    repository("feat: add \x1b[31mx", "docs: y")
    *rows, last = call("version", "--why").out.splitlines()
    assert last == "1.2.0"
    assert [row.split()[1] for row in rows] == ["minor", "none"]
    assert "feat: add \\x1b[31mx" in rows[0]


def test_nothing_to_release(call: Call, engine: Any, repository: Callable[..., Path]) -> None:
    """Nothing to release: nothing on standard output, the reason and the commits beside it, status 0."""
    repository("docs: y")
    done = call("version", "--why")
    assert (done.status, done.out) == (0, "")
    assert "docs: y" in done.err
    assert "nothing to release" in done.err.splitlines()[-1]
    assert call("version", "-q").err == ""


def test_no_version_yet(call: Call, engine: Any, repository: Callable[..., Path]) -> None:
    """Where nothing says a version, --current says so beside the answer."""
    root = repository("fix: x", tag=False)
    subprocess.run(["git", *IDENTITY, "rm", "-q", "VERSION"], cwd=root, check=True)
    subprocess.run(["git", *IDENTITY, "commit", "-q", "-m", "chore: go"], cwd=root, check=True)
    done = call("version", "--current")
    assert (done.status, done.out) == (0, "")
    assert "neither a tag nor a version file" in done.err


def test_as_json(call: Call, engine: Any, repository: Callable[..., Path]) -> None:
    """--json gives current, next, reason and each commit in one document."""
    repository("feat: add x")
    document = call("version", "--json").json
    assert (document["kind"], document["current"], document["next"], document["tag"]) == (
        "version", "1.1.0", "1.2.0", "v1.2.0",
    )  # fmt: skip
    assert document["why"][0]["subject"] == "feat: add x"


def test_warnings_stand_beside(call: Call, engine: Any, repository: Callable[..., Path]) -> None:
    """A version file that disagrees with the tags is a warning on standard error."""
    root = repository("feat: add x")
    (root / "VERSION").write_text("1.5.0\n")
    done = call("version", "--current")
    assert "warning: " in done.err
    assert len(done.out.splitlines()) == 1


def test_set(call: Call, engine: Any, repository: Callable[..., Path]) -> None:
    """--set edits the version file and nothing else, and says which."""
    root = repository(tag=False)
    done = call("version", "--set", "3.0.0")
    assert (done.status, done.out) == (0, "3.0.0\n")
    assert "changed VERSION" in done.err
    assert (root / "VERSION").read_text() == "3.0.0\n"
    assert call("version", "--set", "3.1.0", "--json").json["files"] == ["VERSION"]


@pytest.mark.parametrize(
    "arguments",
    [["--current", "--next"], ["--current", "--bump", "minor"], ["--set", "1", "--why"], ["--set", "1", "--current"]],
)
def test_contradictions(call: Call, engine: Any, repository: Callable[..., Path], arguments: list[str]) -> None:
    """Options that contradict each other end with 2."""
    repository()
    assert call("version", *arguments).status == 2
