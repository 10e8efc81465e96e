"""What is the user's stays the user's: uncommitted work, flags, staged entries, other people's refs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from vwmp_release.errors import Blocked, StepError
from vwmp_release.interfaces import PushOrder


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
    seal = release.make(files={"VERSION": "1.0.0\n", "edited": "2\n", "added": "2\n", "new/file": "2\n", "clash": "2\n"})
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


def test_branch_that_moved_meanwhile(project: Any, release: Any) -> None:
    """After publishing a moved branch is left and said; before it, without a push, it stops everything."""
    release.open()
    seal = release.make()
    assert release.publish(seal).verdict == "published"
    mine = project.commit("fix: meanwhile", {"mine": "1"})
    with pytest.raises(StepError, match="has moved"):
        release.adapter.move_refs(seal, None)
    assert project.tags == []
    (note,) = release.finish(seal)
    assert "has moved" in note
    assert project.head == mine
    assert project.tags == ["v1.0.0"]
    assert project.git("rev-parse", "origin/main") == seal.commit
    assert (project.path / "VERSION").read_text() == "0.9.0\n"


def test_branch_that_moved_before_the_seal_is_a_conflict(project: Any, release: Any) -> None:
    """A commit made while the steps ran is seen before the push."""
    release.open()
    project.commit("fix: meanwhile", {"mine": "1"})
    assert any("has moved" in sentence for sentence in release.make().conflicts)


def test_user_who_switched_branches_keeps_the_files(project: Any, release: Any) -> None:
    """Files are only synced where the released branch is still checked out."""
    project.git("branch", "topic")
    release.open()
    seal = release.make()
    assert release.publish(seal).verdict == "published"
    project.git("switch", "-q", "topic")
    assert release.finish(seal) == []
    assert (project.path / "VERSION").read_text() == "0.9.0\n"
    assert project.git("status", "--porcelain") == ""
    assert project.git("rev-parse", "main") == seal.commit


def test_foreign_tag_of_the_same_name(project: Any, release: Any) -> None:
    """A tag that the user made meanwhile is kept after publishing and stops a release without a push."""
    release.open()
    seal = release.make()
    mine = project.tag("v1.0.0", "mine", at="HEAD~1")
    with pytest.raises(StepError, match=r"v1\.0\.0"):
        release.adapter.move_refs(seal, None)
    assert release.publish(seal).verdict == "published"
    (note,) = release.finish(seal)
    assert "left alone" in note
    assert project.git("rev-parse", "v1.0.0") == mine
    assert project.head == seal.commit


def test_git_that_refuses_the_ref_transaction(project: Any, release: Any) -> None:
    """A veto of the user's reference-transaction hook moves nothing and is said."""
    release.open()
    seal = release.make()
    project.hook("reference-transaction", '[ "$1" != prepared ] || { echo vetoed >&2; exit 1; }')
    release.adapter.import_objects(seal)
    with pytest.raises(StepError) as caught:
        release.adapter.move_refs(seal, None)
    assert "hook" in str(caught.value)
    assert project.head == seal.base
    assert project.tags == []


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


def test_repository_on_another_file_system_gets_copies(
    project: Any, release: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where hard links do not work, objects are copied whole, durable and read-only."""

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(18, "Invalid cross-device link")

    release.open()
    seal = release.make()
    release.adapter.session.shadow("repack", "-adlq")
    release.write("VERSION", "more\n")
    release.adapter.stage_files(["VERSION"])
    assert release.adapter.commit("fix: loose").returncode == 0
    seal = release.adapter.seal()
    assert release.publish(seal).verdict == "published"
    monkeypatch.setattr(os, "link", refuse)
    assert release.finish(seal) == []
    assert project.git("fsck", "--strict") == ""
    assert project.head == seal.commit
    objects = [path for path in (project.path / ".git" / "objects").rglob("*") if path.is_file()]
    assert not [path for path in objects if path.name.startswith("tmp_")]
    assert {path.stat().st_mode & 0o222 for path in objects if path.parent.name != "info"} == {0}


def test_store_that_cannot_be_written(project: Any, release: Any) -> None:
    """An object that cannot be put into the store is an error in words, and no ref names it."""
    release.open()
    seal = release.make()
    fan = project.path / ".git" / "objects" / seal.commit[:2]
    if fan.exists():
        pytest.skip("the store has this folder already")
    fan.write_text("in the way")
    with pytest.raises(StepError, match="objects"):
        release.adapter.import_objects(seal)
    fan.unlink()
    assert project.head == seal.base
