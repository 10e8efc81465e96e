"""Release files that hold uncommitted work."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize("mode", ["unstaged", "staged", "both", "deleted", "untracked", "ignored", "in the way"])
def test_release_file_with_uncommitted_work_is_a_conflict(project: Any, release: Any, manifest: Any, mode: str) -> None:
    """A release file that the user is working on is named before anything happens."""
    changed = {"VERSION": "1.0.0\n"}
    if mode in ("staged", "both", "unstaged"):
        project.write({"VERSION": "0.9.5\n"})
        if mode != "unstaged":
            project.git("add", "VERSION")
        if mode == "both":
            project.write({"VERSION": "0.9.6\n"})
    elif mode == "deleted":
        (project.path / "VERSION").unlink()
    elif mode == "in the way":
        project.write({"out": "a file\n"})
        changed = {"out/new.md": "new\n"}
    else:
        project.write({"out/new.md": "mine\n"})
        changed = {"out/new.md": "new\n"}
        if mode == "ignored":
            project.write({".git/info/exclude": "out/\n"})
    before = manifest(project)
    release.open()
    if mode == "ignored":
        (release.adapter.session.git_dir / "info" / "exclude").write_text("")
    seal = release.make(files=changed)
    assert len(seal.conflicts) == 1
    assert next(iter(changed)) in seal.conflicts[0]
    release.adapter.abandon()
    assert manifest(project) == before


def test_branch_that_moved_before_the_seal_is_a_conflict(project: Any, release: Any) -> None:
    """A commit made while the steps ran is seen before the push."""
    release.open()
    project.commit("fix: meanwhile", {"mine": "1"})
    assert any("has moved" in sentence for sentence in release.make().conflicts)
