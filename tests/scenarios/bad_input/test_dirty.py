"""Uncommitted work: in a release file it stops the release, anywhere else it is left alone."""

from __future__ import annotations

import os

import pytest

CONFLICTS = "the release changes files that hold uncommitted work"


def _modified(repo):
    repo.write({"VERSION": "1.0.0\n\n"})


def _staged(repo):
    repo.write({"VERSION": "1.0.0\n\n"})
    repo.git("add", "VERSION")


def _partly(repo):
    _staged(repo)
    repo.write({"VERSION": "1.0.0\n\n\n"})


def _staged_and_back(repo):
    _staged(repo)
    repo.write({"VERSION": "1.0.0\n"})


def _untracked(repo):
    repo.write({"CHANGELOG.md": "mine\n"})


def _ignored(repo):
    repo.commit("chore: force", {"vwmp_config.yaml": "step_handlers: {git.stage_all: {config: {force: true}}}\n"})
    repo.git("push", "--quiet", "origin", "main")
    repo.write({".git/info/exclude": "CHANGELOG.md\n", "CHANGELOG.md": "mine\n"})


def _deleted(repo):
    (repo.path / "VERSION").unlink()


def _folder(repo):
    repo.write({"CHANGELOG.md/keep": "mine\n"})


def _link(repo):
    repo.write({"mine.md": "mine\n"})
    os.symlink("mine.md", repo.path / "CHANGELOG.md")


DIRTY = [
    pytest.param(_modified, "VERSION has changes that are not committed", id="modified"),
    pytest.param(_staged, "VERSION has staged changes", id="staged"),
    pytest.param(_partly, "VERSION has changes that are not committed, some of them staged", id="partly-staged"),
    pytest.param(_staged_and_back, "VERSION has changes that are not committed, some of them staged", id="index-only"),
    pytest.param(_untracked, "CHANGELOG.md exists and is not tracked", id="untracked"),
    pytest.param(_ignored, "CHANGELOG.md exists and is ignored", id="ignored"),
    pytest.param(_deleted, "VERSION has changes that are not committed", id="deleted"),
    pytest.param(_folder, "CHANGELOG.md", id="folder-in-the-way"),
    pytest.param(_link, "CHANGELOG.md exists and is not tracked", id="link-in-the-way"),
]


@pytest.mark.parametrize(("make_dirty", "words"), DIRTY)
def test_a_dirty_release_file_is_refused(make_dirty, words, project, refuse):
    """A release file with uncommitted work is refused before the push; a plan foretells it."""
    make_dirty(project)
    refuse(project, 4, CONFLICTS, words, "commit or stash them first", "include_uncommitted: true")
    refuse(project, 0, words, "a run would be refused", args="plan")


@pytest.mark.parametrize("make_dirty", [_modified, _ignored])
@pytest.mark.parametrize("args", ["run --yes --json", "run --yes --no-push"])
def test_a_dirty_release_file_in_other_forms(make_dirty, args, project, refuse):
    """The refusal is the same without a push, and as JSON."""
    make_dirty(project)
    refuse(project, 4, CONFLICTS, "commit or stash them first", args=args)


def _others(repo) -> None:
    """Leave uncommitted work of every kind in files that are not part of the release."""
    repo.commit("chore: more", {f"{n}.txt": f"{n}\n" for n in ("mod", "staged", "partly", "gone", "mode", "flag")})
    repo.git("push", "--quiet", "origin", "main")
    repo.write({"stash.txt": "stashed\n"})
    repo.git("stash", "push", "--quiet", "--include-untracked", "--message", "mine")
    repo.write({"mod.txt": "changed\n", "staged.txt": "new\n", "partly.txt": "first\n", "added.txt": "added\n"})
    repo.git("add", "staged.txt", "partly.txt", "added.txt")
    repo.write({"partly.txt": "second\n", "untracked file.txt": "u\n", "debug.log": "ignored\n", "dir/deep.log": "x"})
    (repo.path / "gone.txt").unlink()
    (repo.path / "mode.txt").chmod(0o755)
    repo.git("update-index", "--assume-unchanged", "flag.txt")
    repo.write({"flag.txt": "hidden\n"})
    repo.write({"intent.txt": "later\n"})
    repo.git("add", "--intent-to-add", "intent.txt")
    os.symlink("nowhere", repo.path / "dangling")


def _index(repo):
    return {
        line for line in repo.git("ls-files", "--stage", "-v").splitlines() if not line.endswith(("VERSION", "LOG.md"))
    }


def test_other_work_survives_a_release(project, released):
    """Work in other files neither stands in the way nor changes: bytes, modes, times, index entries, stash."""
    _others(project)
    release_files = {"VERSION", "CHANGELOG.md"}
    before, entries = project.snapshot(), _index(project)
    times = {path: path.lstat().st_mtime_ns for path in project.path.rglob("*") if ".git" not in path.parts}
    status = project.git("status", "--porcelain")
    released(project)
    after = project.snapshot()
    assert {k: v for k, v in after["files"].items() if k not in release_files} == {
        k: v for k, v in before["files"].items() if k not in release_files
    }
    assert _index(project) == entries
    assert (after["stash"], after["config"], after["hooks"], after["info"]) == (
        before["stash"],
        before["config"],
        before["hooks"],
        before["info"],
    )
    assert project.git("status", "--porcelain") == status
    touched = {path.name for path, time in times.items() if path.lstat().st_mtime_ns != time}
    assert touched - {"VERSION", project.path.name} == set()
    assert project.git("diff", "--name-only", "HEAD~1", "HEAD").split() == ["CHANGELOG.md", "VERSION"]


def test_uncommitted_work_can_be_released(project, released):
    """`include_uncommitted` releases what `git add -A` would stage, and nothing that is ignored."""
    _others(project)
    project.git("update-index", "--no-assume-unchanged", "flag.txt")
    stash = project.git("stash", "list")
    released(project, "-p", "include_uncommitted=true")
    assert project.git("status", "--porcelain") == ""
    changed = set(project.git("diff", "--name-only", "HEAD~1", "HEAD").splitlines())
    assert changed == {
        "CHANGELOG.md", "VERSION", "added.txt", "dangling", "flag.txt", "gone.txt", "intent.txt", "mod.txt",
        "mode.txt", "partly.txt", "staged.txt", "untracked file.txt",
    }  # fmt: skip
    assert project.show("partly.txt") == b"second\n"
    assert (project.path / "debug.log").read_bytes() == b"ignored\n"
    assert project.git("stash", "list") == stash


def test_an_ignored_changelog_is_no_part_of_the_release(project, released):
    """What git ignores is released only by force; the release says so and leaves the user's file alone."""
    project.write({".git/info/exclude": "CHANGELOG.md\n", "CHANGELOG.md": "mine\n"})
    ended = released(project)
    assert "CHANGELOG.md: warning: git ignores it, so it is not part of the release" in ended.out
    assert (project.path / "CHANGELOG.md").read_bytes() == b"mine\n"
    assert project.git("diff", "--name-only", "HEAD~1", "HEAD").split() == ["VERSION"]


def _merging(repo, file: str) -> None:
    repo.commit("chore: base", {"notes.md": "base\n"})
    repo.git("switch", "--quiet", "--create", "side")
    repo.commit("fix: theirs", {file: "9.9.9\n"})
    repo.git("switch", "--quiet", "main")
    repo.commit("fix: ours", {file: "1.0.0\n\n"})
    assert repo.attempt("merge", "side").code != 0


def test_a_conflict_in_a_release_file(project, refuse):
    """A merge conflict in a release file is refused."""
    _merging(project, "VERSION")
    refuse(project, 4, CONFLICTS, "VERSION has a merge conflict")


def test_a_conflict_in_another_file(project, released):
    """A merge that goes on in other files goes on after the release."""
    _merging(project, "notes.md")
    before = project.git("ls-files", "--unmerged"), (project.path / "notes.md").read_bytes()
    released(project)
    assert (project.git("ls-files", "--unmerged"), (project.path / "notes.md").read_bytes()) == before
    assert project.git("rev-parse", "MERGE_HEAD") == project.git("rev-parse", "side")
