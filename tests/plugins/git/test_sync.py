"""What is the user's stays the user's: uncommitted work, flags, staged entries, other people's refs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from vwmp_release.interfaces import PushOrder


def test_other_uncommitted_work_survives(project: Any, release: Any, manifest: Any) -> None:
    """Dirty, staged, untracked, stashed and flagged files come through byte for byte and entry for entry."""
    project.commit("feat: more", {name: f"{name}\n" for name in ("dirty", "staged", "assumed", "skipped", "both")})
    project.write({"stash.txt": "s\n"})
    project.git("stash", "-q", "-u")
    project.write({"dirty": "mine\n", "staged": "mine\n", "both": "one\n", "un tracked": "mine\n", "intended": "x\n"})
    project.git("add", "staged", "both")
    project.git("add", "-N", "intended")
    project.write({"both": "two\n"})
    project.git("update-index", "--assume-unchanged", "assumed")
    project.write({"assumed": "hidden\n"})
    project.git("update-index", "--skip-worktree", "skipped")
    (project.path / "skipped").unlink()
    entries = project.git("ls-files", "-s", "-v").splitlines()
    before = manifest(project)
    release.open()
    seal = release.make()
    assert seal.conflicts == ()
    assert release.publish(seal).verdict == "published"
    assert release.finish(seal) == []
    after = manifest(project)
    assert after["stash"] == before["stash"]
    changed = [name for name in before["times"] if before["times"][name] != after["times"].get(name)]
    assert changed == ["VERSION"]
    assert set(after["files"]) == set(before["files"])
    now = project.git("ls-files", "-s", "-v").splitlines()
    assert [line for line in now if line not in entries] == [
        f"H 100644 {project.git('rev-parse', 'HEAD:VERSION')} 0\tVERSION"
    ]


def test_flags_of_release_files_stay(project: Any, release: Any) -> None:
    """Flagged release files get their new entry, keep the flag, and their hidden content is left alone."""
    project.commit("feat: more", {"assumed": "a\n", "sparse": "s\n", "shown": "x\n"})
    project.git("update-index", "--assume-unchanged", "assumed")
    project.write({"assumed": "hidden\n"})
    project.git("update-index", "--skip-worktree", "sparse", "shown")
    (project.path / "sparse").unlink()
    release.open()
    seal = release.make(files={"VERSION": "1\n", "assumed": "new\n", "sparse": "new\n", "shown": "new\n"})
    assert release.publish(seal).verdict == "published"
    (note,) = release.finish(seal)
    assert note.startswith("assumed was changed")
    assert (project.path / "assumed").read_text() == "hidden\n"
    assert not (project.path / "sparse").exists()
    assert (project.path / "shown").read_text() == "new\n"
    flags = {line[2:]: line[0] for line in project.git("ls-files", "-v").splitlines()}
    assert (flags["assumed"], flags["sparse"], flags["shown"], flags["VERSION"]) == ("h", "S", "S", "H")
    project.git("update-index", "--no-assume-unchanged", "assumed")
    assert project.git("status", "--porcelain").strip() == "M assumed"


def test_work_done_while_the_release_ran_is_left_alone(project: Any, release: Any) -> None:
    """Files that changed between the check and the end are reported and kept, on disk and in the index."""
    project.commit("feat: more", {"edited": "1\n", "added": "1\n", "gone/x": "1\n", "mode": "1\n"})
    release.open()
    (release.tree / "gone" / "x").unlink()
    seal = release.make(
        files={"VERSION": "1.0.0\n", "edited": "2\n", "added": "2\n", "new/file": "2\n", "clash": "2\n"}
    )
    assert release.publish(seal).verdict == "published"
    project.write({"edited": "mine\n", "added": "mine\n", "clash": "mine\n", "new": "mine\n", "gone/x": "mine\n"})
    project.git("add", "added")
    notes = release.finish(seal)
    assert [note.split()[0] for note in notes] == ["added", "clash", "edited", "gone/x", "new/file", "added"]
    for name in ("edited", "added", "clash", "new", "gone/x"):
        assert (project.path / name).read_text() == "mine\n"
    assert (project.path / "VERSION").read_text() == "1.0.0\n"
    assert project.git("show", ":added") == "mine"


def test_finishing_twice_changes_nothing_more(project: Any, release: Any, manifest: Any) -> None:
    """What follows the commit point can be done again, as after a crash."""
    project.commit("feat: more", {"gone": "1\n"})
    release.open()
    (release.tree / "gone").unlink()
    seal = release.make(files={"VERSION": "1.0.0\n", "new": "n\n"})
    assert release.publish(seal).verdict == "published"
    states = []
    for _ in range(2):
        release.adapter.import_objects(seal)
        release.adapter.move_refs(seal, PushOrder("origin"))
        assert release.adapter.sync(seal) == []
        states.append(manifest(project))
    assert states[0] == states[1]


def test_locked_index_is_said(project: Any, release: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program that holds the index for long leaves a sentence, not a broken index."""
    monkeypatch.setattr("vwmp_release.plugins.git.sync._PAUSE", 0.0)
    release.open()
    seal = release.make()
    assert release.publish(seal).verdict == "published"
    lock = project.path / ".git" / "index.lock"
    lock.touch()
    (note,) = release.finish(seal)
    lock.unlink()
    assert "index" in note
    assert (project.path / "VERSION").read_text() == "1.0.0\n"


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights there")
def test_files_are_never_written_through_a_link(project: Any, release: Any, tmp_path: Path) -> None:
    """A folder that became a link elsewhere is left alone."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    project.commit("feat: more", {"docs/a": "1\n"})
    release.open()
    seal = release.make(files={"VERSION": "1.0.0\n", "docs/b": "2\n"})
    assert release.publish(seal).verdict == "published"
    (project.path / "docs" / "a").unlink()
    (project.path / "docs").rmdir()
    (project.path / "docs").symlink_to(elsewhere)
    (note,) = release.finish(seal)
    assert "symbolic link" in note
    assert list(elsewhere.iterdir()) == []


def test_folder_in_the_way_and_content_that_cannot_be_read(project: Any, release: Any) -> None:
    """What cannot be written is named, leaves no temporary file, and the rest is done."""
    project.commit("feat: more", {".gitattributes": "filtered filter=broken\n", "filtered": "1\n"})
    release.open()
    seal = release.make(files={"VERSION": "1.0.0\n", "new": "n\n", "filtered": "2\n"})
    assert release.publish(seal).verdict == "published"
    (project.path / "new").mkdir()
    project.git("config", "filter.broken.smudge", "false")
    project.git("config", "filter.broken.required", "true")
    notes = release.finish(seal)
    assert [note.partition(" was left")[0] for note in notes] == ["filtered", "new"]
    assert sorted(path.name for path in project.path.iterdir()) == [
        ".git", ".gitattributes", "README.md", "VERSION", "filtered", "new", "notes.txt", "src",
    ]  # fmt: skip
