"""`demo`: the throw-away repository, and the release in it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vwmp_release.cli import demo_repository
from vwmp_release.core.execution.events import Event, RunFinished

Call = Callable[..., Any]


@pytest.fixture(autouse=True)
def _empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give git no user, no home and a place of its own for temporary files."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv("HOME", str(tmp_path / "nowhere"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


def git(folder: Path, *args: str) -> str:
    """Run git."""
    return subprocess.run(["git", *args], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def test_the_repository(tmp_path: Path) -> None:
    """It has a tag, a feature, a fix, a clean tree and a remote that knows all of it, without any user's settings."""
    made = demo_repository.make(tmp_path)
    assert git(made.work, "status", "--porcelain") == ""
    assert git(made.work, "log", "--format=%s", "v0.1.0..HEAD").splitlines() == [
        "docs: show how to choose a language",
        "fix: ignore blanks around the name",
        "feat: greet in French and German",
    ]
    assert git(made.work, "rev-parse", "HEAD") == git(made.remote, "rev-parse", "main")
    assert git(made.remote, "cat-file", "-t", "v0.1.0") == "tag"
    again = demo_repository.make(_fresh(tmp_path / "again"))
    assert git(again.work, "rev-parse", "HEAD") == git(made.work, "rev-parse", "HEAD")


def _fresh(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_what_is_shown(tmp_path: Path) -> None:
    """The remote's history, the newest tag's message and the changelog's new lines are read from the remote."""
    made = demo_repository.make(tmp_path)
    changelog = made.work / "CHANGELOG.md"
    changelog.write_text(changelog.read_text().replace("# Changelog\n", "# Changelog\n\n## 0.2.0\n"))
    git(made.work, "commit", "-qam", "chore(release): 0.2.0")
    git(made.work, "tag", "-a", "v0.2.0", "-m", "Release v0.2.0")
    git(made.work, "push", "-q", "origin", "main", "v0.2.0")
    assert "tag: v0.2.0" in demo_repository.log(made)[0]
    assert demo_repository.tags(made) == ["v0.2.0"]
    assert demo_repository.tag_message(made, "v0.2.0") == ["Release v0.2.0"]
    assert demo_repository.new_section(made) == ["## 0.2.0"]


def test_a_real_release(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real engine releases in it: commit, annotated tag and changelog arrive at the remote; nothing stays."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "out"))
    done = call("demo")
    assert done.status == 0, done.err
    assert "✓ Released 0.2.0" in done.out
    assert "tag: v0.2.0" in done.out
    assert "New in CHANGELOG.md" in done.out
    assert "### Features" in done.out
    assert "was removed" in done.err
    assert list((tmp_path / "tmp").iterdir()) == []
    assert not (tmp_path / "out").exists()


def test_keep(call: Call, tmp_path: Path) -> None:
    """--keep leaves the repository where it was asked for, once."""
    kept = tmp_path / "kept"
    assert call("demo", "--keep", str(kept)).status == 0
    assert git(kept / "greeter", "describe", "--tags") == "v0.2.0"
    assert git(kept / "greeter.git", "cat-file", "-t", "v0.2.0") == "tag"
    assert 'version = "0.2.0"  # the release' in (kept / "greeter" / "pyproject.toml").read_text()
    again = call("demo", "--keep", str(kept))
    assert (again.status, "is not empty" in again.err) == (2, True)


def test_json(call: Call) -> None:
    """--json gives the run's document alone."""
    document = call("demo", "--json").json
    assert (document["kind"], document["status"], document["version"]) == ("run", "released", "0.2.0")


def test_a_failed_release_is_cleaned_up(
    call: Call, engine: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever happens inside, the folder goes and the status is the run's."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    engine.finished = RunFinished("failed", 1, "x")
    assert call("demo").status == 1
    assert list((tmp_path / "tmp").iterdir()) == []

    def broken(request: Any, command: str) -> list[Event]:
        raise RuntimeError("boom")

    engine.events = broken
    assert call("demo").status == 70
    assert [path.name for path in (tmp_path / "tmp").iterdir() if path.is_dir()] == []
