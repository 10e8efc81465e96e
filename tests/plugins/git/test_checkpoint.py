"""A step that fails leaves the shadow exactly as it found it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest


def _state(release: Any) -> dict[str, Any]:
    tree: Path = release.tree
    files = {}
    for where, folders, names in os.walk(tree):
        if ".git" in folders and Path(where) == tree:
            folders.remove(".git")
        for name in [*names, *(folder for folder in folders if Path(where, folder).is_symlink())]:
            path = Path(where, name)
            content = os.readlink(path) if path.is_symlink() else path.read_bytes()
            files[str(path.relative_to(tree))] = (content, path.lstat().st_mode)
    git = release.adapter.git
    return {
        "files": files,
        "refs": git("for-each-ref", "--format=%(refname) %(objectname)"),
        "head": git("symbolic-ref", "HEAD"),
        "index": git("ls-files", "-s", "-v"),
        "status": git("status", "--porcelain", "--ignored"),
        "config": git("config", "--list", "--local"),
    }


@pytest.mark.parametrize("crlf", ["false", "true"])
def test_everything_comes_back(project: Any, release: Any, crlf: str) -> None:
    """Files, links, modes, ignored files, index, branch, tags and configuration are as at the checkpoint."""
    project.git("config", "core.autocrlf", crlf)
    project.commit("feat: more", {".gitignore": "build/\n", "d/x": "x\n", "run": "r\n", "eol": "a\r\nb\n"})
    release.open()
    release.write("VERSION", b"0.9.1\n")
    release.write("staged", "s\n")
    release.adapter.stage_files(["staged"])
    release.write("build/out", b"\x00\xff")
    release.write("build/space name\n", b"1")
    release.write("loose", b"mixed\r\nends\n")
    (release.tree / "link").symlink_to("VERSION")
    before = _state(release)
    token = release.adapter.checkpoint()
    release.write("VERSION", "9\n")
    release.write("README.md", "changed\n")
    release.write("loose", "changed\n")
    release.write("eol", "changed\n")
    release.write("extra/deep/file", "new\n")
    release.write("build/out", "changed\n")
    release.write("build/more", "new\n")
    (release.tree / "notes.txt").unlink()
    (release.tree / "run").chmod(0o755)
    shutil.rmtree(release.tree / "d")
    release.write("d", "a file now\n")
    (release.tree / "src" / "mod ule.py").unlink()
    (release.tree / "src").rmdir()
    (release.tree / "src").symlink_to(project.path / "src")
    (release.tree / "link").unlink()
    git = release.adapter.git
    git("add", "-A")
    git("commit", "-qm", "step")
    git("tag", "stray")
    git("config", "user.name", "Somebody")
    git("switch", "-q", "-c", "elsewhere")
    release.write("VERSION", "10\n")
    release.adapter.restore(token)
    assert _state(release) == before
    assert not (release.tree / "extra").exists()
    assert (project.path / "src" / "mod ule.py").read_text() == "x = 1\n"
    release.adapter.restore(token)
    assert _state(release) == before


def test_checkpoints_are_independent(release: Any) -> None:
    """Each token brings back its own moment, in any order, and nothing of it reaches the release."""
    release.open()
    states, tokens = [], []
    for number in range(3):
        release.write("VERSION", f"{number}\n")
        release.write(f"file{number}", "x")
        tokens.append(release.adapter.checkpoint())
        states.append(_state(release))
    for number in (1, 0, 2):
        release.adapter.restore(tokens[number])
        assert _state(release) == states[number]
    release.adapter.restore(tokens[0])
    seal = release.make()
    assert [file.path for file in seal.files] == ["VERSION", "file0"]
    assert seal.leftovers == ()


def test_a_nested_repository_comes_back(release: Any) -> None:
    """A repository that a step makes inside the tree is one path, removed or brought back whole."""
    release.open()
    release.adapter.git("init", "-q", "kept")
    token = release.adapter.checkpoint()
    shutil.rmtree(release.tree / "kept")
    release.adapter.git("init", "-q", "new")
    release.adapter.restore(token)
    assert (release.tree / "kept" / ".git" / "HEAD").exists()
    assert not (release.tree / "new").exists()
