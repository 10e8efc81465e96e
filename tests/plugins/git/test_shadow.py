"""The shadow in odd repositories, and its removal."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from vwmp_release.plugins.git import shadow


def test_shared_and_partial_clones(project: Any, releases: Any) -> None:
    """Borrowed objects are found through the shadow, and a partial clone stays one."""
    project.bare.git("config", "uploadpack.allowFilter", "true")
    for number, options in enumerate((("--shared",), ("--filter=blob:none",)), 1):
        clone = project.bare.clone(f"clone{number}", *options)
        alternates = clone.path / ".git" / "objects" / "info" / "alternates"
        if alternates.exists():
            relative = os.path.relpath(project.bare.path / "objects", alternates.parent.parent)
            alternates.write_text(f"# note\n{relative}\n")
        release = releases(clone.path, number)
        release.open()
        seal = release.make(f"{number}.0.0")
        assert release.publish(seal).verdict == "published"
        assert release.finish(seal) == []
        assert clone.head == seal.commit


def test_worktree_configuration_comes_along(project: Any, releases: Any) -> None:
    """Settings that only hold in one work tree hold in its shadow."""
    project.git("config", "extensions.worktreeConfig", "true")
    project.git("config", "--worktree", "alias.here", "rev-parse HEAD")
    release = releases(project.path)
    release.open()
    assert release.adapter.git("here") == project.head


def test_links_that_the_system_refuses(project: Any, release: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link that cannot be made is a warning, and the release goes on."""

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(1, "Operation not permitted")

    (project.path / "deps").mkdir()
    monkeypatch.setattr(Path, "symlink_to", refuse)
    (warning,) = release.open(links=["deps"]).warnings
    assert "not permitted" in warning
    assert release.adapter.session.links == ()


def test_removing_what_resists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read-only files are made writable and removed; what links lead to keeps its rights."""
    target = tmp_path / "target"
    target.write_text("mine")
    target.chmod(0o400)
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "file").write_text("x")
    (folder / "link").symlink_to(target)
    real, calls = shutil.rmtree, []

    def stubborn(path: Path, **options: Any) -> None:
        calls.append(path)
        if len(calls) == 1:
            raise PermissionError(13, "denied")
        real(path, **options)

    monkeypatch.setattr(shutil, "rmtree", stubborn)
    shadow.remove(folder)
    assert not folder.exists()
    assert target.stat().st_mode & 0o777 == 0o400
    shadow.remove(folder)
