"""Uncommitted work that goes into the release."""

from __future__ import annotations

from typing import Any

import pytest

from vwmp_release.errors import Blocked


def test_uncommitted_work_goes_along(project: Any, release: Any, manifest: Any) -> None:
    """With include_uncommitted the release holds what `git add -A` would take; nothing is written before the push."""
    project.commit("feat: more", {"edited": "1\n", "staged": "1\n", "gone": "1\n", "CHANGELOG.md": "old\n"})
    project.write({".git/info/exclude": "ignored\n"})
    project.write({"edited": "mine\n", "staged": "one\n", "new": "mine\n", "ignored": "x\n", "CHANGELOG.md": "mine\n"})
    project.git("add", "staged")
    project.write({"staged": "two\n"})
    (project.path / "gone").unlink()
    before = manifest(project)
    release.open(include_uncommitted=True)
    assert (release.tree / "staged").read_text() == "two\n"
    assert release.adapter.git("diff", "--cached", "--name-only") == ""
    seal = release.make(files={"VERSION": "1.0.0\n", "CHANGELOG.md": "mine\nreleased\n"})
    assert seal.conflicts == ()
    assert [file.path for file in seal.files] == ["CHANGELOG.md", "VERSION", "edited", "gone", "new", "staged"]
    changed = {name for name, part in manifest(project).items() if part != before[name]}
    assert changed == {"tool"}
    assert release.publish(seal).verdict == "published"
    assert release.finish(seal) == []
    after = manifest(project)
    touched = [name for name in before["times"] if before["times"][name] != after["times"].get(name)]
    assert touched == ["CHANGELOG.md", "VERSION"]
    assert project.git("status", "--porcelain") == ""
    assert project.bare.git("show", "main:staged") == "two"
    assert (project.path / "ignored").read_text() == "x\n"


def test_uncommitted_work_that_changes_again_is_a_conflict(project: Any, release: Any) -> None:
    """Only what changed after the snapshot meets the release."""
    project.write({"notes.txt": "one\ntwo\n", "README.md": "mine\n"})
    release.open(include_uncommitted=True)
    project.write({"README.md": "again\n"})
    (conflict,) = release.make().conflicts
    assert conflict.startswith("README.md")


def test_unfinished_merge_cannot_go_along(project: Any, release: Any, manifest: Any) -> None:
    """Conflict markers are never released."""
    project.git("switch", "-q", "-c", "topic", "HEAD~1")
    project.commit("feat: topic", {"VERSION": "topic\n"})
    project.git("switch", "-q", "main")
    project.commit("feat: main", {"VERSION": "main\n"})
    assert project.attempt("merge", "topic").code == 1
    before = manifest(project)
    with pytest.raises(Blocked, match="merge"):
        release.open(include_uncommitted=True)
    assert manifest(project) == before
    release.open()
    assert "merge conflict" in release.make().conflicts[0]


def test_uncommitted_work_that_cannot_be_read(project: Any, release: Any, manifest: Any) -> None:
    """A clean filter that fails stops the release before it begins."""
    project.write({".gitattributes": "VERSION filter=broken\n", "VERSION": "mine\n"})
    project.git("config", "filter.broken.clean", "false")
    project.git("config", "filter.broken.required", "true")
    before = manifest(project)
    with pytest.raises(Blocked, match="cannot be taken along"):
        release.open(include_uncommitted=True)
    assert manifest(project) == before
