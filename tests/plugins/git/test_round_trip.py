"""A whole release through the port, in the kinds of repositories that there are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vwmp_release.interfaces import PushOrder


def _changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in before if before[name] != after[name]}


def test_release_lands_everywhere_and_only_after_the_push(project: Any, release: Any, manifest: Any) -> None:
    """Nothing of the user's repository changes before the push; then remote, refs, index and files agree."""
    before = manifest(project)
    release.open()
    assert _changed(before, manifest(project)) == {"tool"}
    seal = release.make(files={"VERSION": "1.0.0\n", "docs/new file.md": "new\n"})
    assert _changed(before, manifest(project)) == {"tool"}
    publication = release.publish(seal)
    assert (publication.verdict, publication.branch, publication.tags) == ("published", "main", ("v1.0.0",))
    assert _changed(before, manifest(project)) == {"tool"}
    assert release.finish(seal) == []
    after = manifest(project)
    assert _changed(before, after) == {"refs", "objects", "index", "logs", "files", "times", "stores"}
    for where in (project, project.bare):
        assert where.git("rev-parse", "main") == seal.commit
        assert where.git("rev-parse", "v1.0.0^{commit}") == seal.commit
        assert where.git("fsck", "--strict") == ""
    assert project.git("rev-parse", "origin/main") == seal.commit
    assert project.git("status", "--porcelain") == ""
    assert project.git("diff-files", "--name-only") == ""
    assert project.git("reflog", "-1", "--format=%gs") == "vwmp-release: v1.0.0"
    assert [name for name in after["times"] if before["times"].get(name) != after["times"][name]] == [
        "VERSION",
        "docs/new file.md",
    ]


def test_seal_says_what_the_release_holds(project: Any, release: Any) -> None:
    """The seal names commits, tags, files and leftovers; the run's id ends the tag's message."""
    release.open()
    release.write("left over.txt", "?\n")
    release.gives(new_version="1.0.0", tag_template="v{version}")
    release.write("VERSION", "1.0.0\n")
    release.step("stage_all", exclude=["left over.txt"])
    release.step("commit")
    release.step("create_tag")
    seal = release.adapter.seal()
    assert seal.base == project.head
    assert seal.commits == ((seal.commit, "chore(release): 1.0.0\n"),)
    assert seal.author == "Test Author <author@example.org>"
    assert [(file.path, file.kind) for file in seal.files] == [("VERSION", "modified")]
    assert "-0.9.0\n+1.0.0\n" in seal.files[0].diff
    assert seal.leftovers == ("left over.txt",)
    assert seal.conflicts == ()
    (tag,) = seal.tags
    assert tag.message.splitlines() == ["Release v1.0.0: A summary of the release", "", release.run.id]
    assert (tag.name, tag.target, tag.annotated, tag.floating) == ("v1.0.0", seal.commit, True, False)
    assert release.adapter.seal() == seal


def test_same_clock_and_id_give_the_same_objects(project: Any, releases: Any) -> None:
    """A plan and a run with the same identity make the same commit and tag."""
    seals = []
    for purpose in ("plan", "run"):
        release = releases(project.path, 7)
        release.open(purpose)
        seals.append(release.make())
        release.adapter.abandon()
    assert seals[0].commit == seals[1].commit
    assert seals[0].tags == seals[1].tags


def test_sha256_repository(make_repo: Any, releases: Any) -> None:
    """A repository of the SHA-256 format is released like any other."""
    repo = make_repo("wide", "--object-format=sha256")
    repo.commit("feat: first", {"VERSION": "0.9.0\n"})
    bare = make_repo("wide.git", "--bare", "--object-format=sha256")
    repo.git("remote", "add", "origin", str(bare.path))
    repo.git("push", "-q", "origin", "main")
    release = releases(repo.path)
    release.open()
    seal = release.make(files={"VERSION": "1.0.0\n", "added": "x"})
    assert len(seal.commit) == 64
    assert release.publish(seal).verdict == "published"
    assert release.finish(seal) == []
    assert repo.head == bare.git("rev-parse", "main") == seal.commit
    assert repo.git("status", "--porcelain") == ""


def test_linked_worktree(project: Any, releases: Any, manifest: Any) -> None:
    """A release in a linked worktree moves its branch and files, and leaves the main one alone."""
    project.git("worktree", "add", "-q", "-b", "next", str(project.path.with_name("linked")))
    linked = type(project)(project.path.with_name("linked"))
    before = manifest(project)
    release = releases(linked.path)
    release.open()
    seal = release.make()
    assert release.publish(seal).verdict == "published"
    assert release.finish(seal) == []
    assert linked.head == seal.commit == project.bare.git("rev-parse", "next")
    assert linked.git("status", "--porcelain") == ""
    after = manifest(project)
    assert {"head", "index", "files", "times", "tool"}.isdisjoint(_changed(before, after))


def test_branch_in_another_worktree_is_left_alone(project: Any, releases: Any) -> None:
    """A branch that somebody has checked out elsewhere is not moved under them; the tag is."""
    project.git("checkout", "-q", "--detach")
    project.git("worktree", "add", "-q", str(project.path.with_name("linked")), "main")
    release = releases(project.path)
    base = release.open(branch="main").base
    seal = release.make()
    assert release.publish(seal).verdict == "published"
    (note, detached) = release.finish(seal)
    assert "checked out in" in note
    assert "detached" in detached
    assert project.git("rev-parse", "main") == base
    assert project.git("rev-parse", "v1.0.0^{commit}") == seal.commit


@pytest.mark.parametrize("local", [True, False])
def test_detached_head_in_ci(project: Any, releases: Any, monkeypatch: pytest.MonkeyPatch, local: bool) -> None:
    """On a detached HEAD the branch comes from the CI's variables; HEAD and files stay, the local branch follows."""
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("GITHUB_REF_TYPE", "branch")
    monkeypatch.setenv("GITHUB_REF_NAME", "main")
    project.git("checkout", "-q", "--detach")
    if not local:
        project.git("branch", "-D", "main")
    release = releases(project.path)
    workspace = release.open()
    assert workspace.branch == "main"
    seal = release.make()
    assert release.publish(seal).verdict == "published"
    assert release.finish(seal) == []
    assert project.head == seal.base
    assert (project.path / "VERSION").read_text() == "0.9.0\n"
    assert project.bare.git("rev-parse", "main") == seal.commit
    assert project.attempt("rev-parse", "-q", "--verify", "main").out.strip() == (seal.commit if local else "")
    assert project.git("rev-parse", "origin/main") == seal.commit


def test_shallow_clone(project: Any, releases: Any) -> None:
    """A clone of depth one releases; what it leaves is as shallow as before."""
    clone = project.bare.clone("shallow", "--depth=1")
    release = releases(clone.path)
    release.open()
    seal = release.make()
    assert release.publish(seal).verdict == "published"
    assert release.finish(seal) == []
    assert clone.head == project.bare.git("rev-parse", "main") == seal.commit
    assert clone.git("rev-list", "--count", "HEAD") == "2"
    assert project.bare.git("fsck") == ""


def test_relative_remote_path(project: Any, releases: Any) -> None:
    """A relative address of the remote means a place beside the user's work tree, not beside the shadow."""
    project.git("remote", "set-url", "origin", f"../{project.bare.path.name}")
    release = releases(project.path)
    release.open()
    seal = release.make()
    assert release.publish(seal).verdict == "published"
    assert project.bare.git("rev-parse", "main") == seal.commit


@pytest.mark.parametrize("value", ["true", "input"])
def test_line_endings_follow_the_users_settings(project: Any, releases: Any, value: str) -> None:
    """With autocrlf the blobs keep line feeds and the user's files get what the setting says."""
    project.git("config", "core.autocrlf", value)
    project.git("rm", "-q", "--cached", "-r", ".")
    project.git("reset", "-q", "--hard")
    end = b"\r\n" if value == "true" else b"\n"
    assert (project.path / "VERSION").read_bytes() == b"0.9.0" + end
    release = releases(project.path)
    release.open()
    assert (release.tree / "VERSION").read_bytes() == b"0.9.0" + end
    seal = release.make(files={"VERSION": b"1.0.0" + end, "new.txt": b"a" + end})
    assert release.publish(seal).verdict == "published"
    assert release.finish(seal) == []
    assert project.show("VERSION") == b"1.0.0\n"
    assert (project.path / "VERSION").read_bytes() == b"1.0.0" + end
    assert (project.path / "new.txt").read_bytes() == b"a" + end
    assert project.git("status", "--porcelain") == ""


def test_odd_paths(project: Any, releases: Any) -> None:
    """Paths with newlines, quotes, dashes, spaces and other scripts pass through every stage."""
    names = ["-dash", "two\nlines", 'a "quote"', "ünï/日本 .txt", " lead", "tab\there", "*star", ":(top)x", "end\\"]
    project.write(dict.fromkeys(names, "old\n"))
    project.git("add", "-A")
    project.git("commit", "-qm", "feat: odd")
    release = releases(project.path)
    release.open()
    seal = release.make(files={**dict.fromkeys(names, "new\n"), "fresh\n-x": "y"})
    assert sorted(file.path for file in seal.files) == sorted([*names, "fresh\n-x"])
    assert release.publish(seal).verdict == "published"
    assert release.finish(seal) == []
    for name in names:
        assert (project.path / name).read_text() == "new\n"
    assert project.git("status", "--porcelain", "-z") == ""


def test_links_modes_and_deletions(project: Any, releases: Any) -> None:
    """Executable bits, symbolic links, renames and deletions arrive; a file's own rights stay."""
    project.commit("feat: kinds", {"run.sh": "#!/bin/sh\n", "gone/a": "1\n", "old-name": "same content\n" * 5})
    (project.path / "link").symlink_to("VERSION")
    project.git("add", "link")
    project.git("commit", "-qm", "link")
    project.git("push", "-q", "origin", "main")
    (project.path / "VERSION").chmod(0o640)
    release = releases(project.path)
    release.open()
    (release.tree / "run.sh").chmod(0o755)
    (release.tree / "gone/a").unlink()
    (release.tree / "link").unlink()
    (release.tree / "link").symlink_to("README.md")
    (release.tree / "old-name").rename(release.tree / "new-name")
    seal = release.make()
    assert {file.path: file.kind for file in seal.files} == {
        "VERSION": "modified", "run.sh": "mode", "gone/a": "deleted", "link": "modified", "new-name": "renamed",
    }  # fmt: skip
    assert release.publish(seal).verdict == "published"
    assert release.finish(seal) == []
    assert (project.path / "run.sh").stat().st_mode & 0o111 == 0o111
    assert (project.path / "VERSION").stat().st_mode & 0o777 == 0o640
    assert (project.path / "link").readlink() == Path("README.md")
    assert not (project.path / "gone").exists()
    assert not (project.path / "old-name").exists()
    assert project.git("status", "--porcelain") == ""


def test_without_a_push_the_local_refs_are_the_commit_point(project: Any, release: Any) -> None:
    """A release that is not pushed moves branch and tag here and never speaks to the remote."""
    project.git("remote", "set-url", "origin", "/nowhere/at/all")
    assert release.open(remote="").remote.asked is False
    seal = release.make()
    assert release.finish(seal, None) == []
    assert project.head == seal.commit
    assert project.tags == ["v1.0.0"]
    assert project.git("rev-parse", "origin/main") == seal.base


def test_upstream_and_another_branch(project: Any, releases: Any) -> None:
    """`upstream` sets the tracking configuration; a branch that does not exist there is made."""
    project.git("switch", "-q", "-c", "topic")
    release = releases(project.path)
    release.open()
    seal = release.make()
    order = PushOrder("origin", branch="stable", upstream=True)
    assert release.adapter.publish(seal, order).verdict == "published"
    assert release.finish(seal, order) == []
    assert project.bare.git("rev-parse", "stable") == seal.commit == project.git("rev-parse", "topic@{upstream}")
    assert project.attempt("-C", str(project.bare.path), "rev-parse", "-q", "--verify", "topic").code == 1


def test_floating_tags_move(project: Any, releases: Callable[..., Any]) -> None:
    """A floating tag follows each release, here and on the remote."""
    for number, version in ((1, "1.0.0"), (2, "1.1.0")):
        release = releases(project.path, number)
        release.open()
        seal = release.make(version, floating=["v{major}", "v{major}.{minor}"])
        assert release.publish(seal).verdict == "published"
        assert release.finish(seal) == []
        for where in (project, project.bare):
            assert where.git("rev-parse", "v1^{commit}") == seal.commit
    assert project.tags == ["v1", "v1.0", "v1.0.0", "v1.1", "v1.1.0"]
    assert project.git("cat-file", "tag", "v1").splitlines()[-1] == release.run.id
