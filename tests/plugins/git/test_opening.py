"""How a transaction begins: what it refuses, and that a refusal or a plan leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vwmp_release.errors import Blocked, StepError, UsageError
from vwmp_release.interfaces import RunIdentity


def _blocked(release: Any, **options: Any) -> Blocked:
    with pytest.raises(Blocked) as caught:
        release.open(**options)
    return caught.value


@pytest.mark.parametrize("purpose", ["run", "plan"])
def test_bare_repository_is_refused(project: Any, releases: Any, purpose: str) -> None:
    """A bare repository has no work tree to release."""
    assert "bare" in _blocked(releases(project.bare.path), purpose=purpose).what


def test_repository_without_commits_is_refused(repo: Any, releases: Any) -> None:
    """The refusal says how to make the first commit."""
    assert "git commit" in _blocked(releases(repo.path)).hint
    with pytest.raises(UsageError):
        releases(repo.path.parent).open()


def test_run_id_must_fit_a_folder(project: Any, releases: Any) -> None:
    """An id that leads elsewhere is refused."""
    release = releases(project.path)
    release.run = RunIdentity("../../etc")
    assert "id" in _blocked(release).what


def test_missing_remote_is_refused_for_a_run(project: Any, release: Any, manifest: Any) -> None:
    """The refusal names both ways out, and nothing is written."""
    before = manifest(project)
    error = _blocked(release, remote="upstream")
    assert "'upstream'" in error.what
    assert "git remote add upstream URL" in error.hint
    assert "--no-push" in error.hint
    assert manifest(project) == before


def test_several_push_addresses_are_refused(project: Any, release: Any) -> None:
    """Two places cannot be reached in one atomic push."""
    for url in ("/a", "/b"):
        project.git("remote", "set-url", "--add", "--push", "origin", url)
    assert "2 places" in _blocked(release).what


def test_unreachable_remote_is_refused_with_its_words(project: Any, release: Any, manifest: Any) -> None:
    """The remote's own words are shown without credentials; nothing is left behind."""
    project.git("remote", "set-url", "origin", "https://user:hunter2secret@127.0.0.1:1/x.git?token=abcdefgh")
    before = manifest(project)
    error = _blocked(release)
    assert "127.0.0.1" in str(error)
    assert "hunter2secret" not in str(error) + error.hint
    assert "abcdefgh" not in error.what
    assert manifest(project) == before


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for ssh")
def test_hanging_remote_times_out(project: Any, release: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A remote that never answers ends in a refusal, and what was started for it is killed."""
    script = tmp_path / "slow-ssh"
    script.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 300\n")
    script.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(script))
    project.git("remote", "set-url", "origin", "ssh://git@example.invalid/x.git")
    assert "no answer within" in _blocked(release, timeout=1.0).why
    pid = int((tmp_path / "pid").read_text())
    status = Path(f"/proc/{pid}/status")
    assert not status.exists() or "Z (zombie)" in status.read_text()


def test_remote_ahead_is_refused(project: Any, release: Any, manifest: Any) -> None:
    """A remote branch with commits that are not here is refused, known to this clone or not."""
    other = project.bare.clone("other")
    other.commit("feat: theirs", {"theirs": "1"})
    other.git("push", "-q")
    before = manifest(project)
    error = _blocked(release)
    assert "commits that you do not have" in error.what
    assert error.hint == "git pull origin main"
    assert manifest(project) == before
    project.git("fetch", "-q")
    assert "commits that you do not have" in _blocked(release).what


def test_remote_behind_and_absent_branch_are_fine(project: Any, releases: Any) -> None:
    """Commits that the remote lacks go along with the release."""
    old = project.head
    project.commit("feat: not pushed", {"a": "1"})
    release = releases(project.path)
    assert release.open().remote.branch_id == old
    seal = release.make()
    assert release.publish(seal).verdict == "published"
    release.adapter.abandon()
    project.git("switch", "-q", "-c", "fresh")
    assert releases(project.path, 2).open().remote.branch_id is None


def test_tags_of_the_remote_are_seen(project: Any, release: Any) -> None:
    """Tags come with their own ids, and the commits behind them are known."""
    project.tag("v0.9.0")
    project.tag("light", "")
    project.git("push", "-q", "--tags")
    tag = project.git("rev-parse", "refs/tags/v0.9.0")
    remote = release.open().remote
    assert remote.tags == {"v0.9.0": tag, "light": project.head}
    assert remote.asked
    assert release.adapter.session.peeled["v0.9.0"] == project.head


@pytest.mark.parametrize(
    ("variables", "branch"),
    [
        ({"GITHUB_REF_TYPE": "branch", "GITHUB_REF_NAME": "main"}, "main"),
        ({"GITHUB_REF_TYPE": "branch", "GITHUB_REF_NAME": "7/merge", "GITHUB_REF": "refs/pull/7/merge"}, None),
        ({"GITHUB_REF_TYPE": "tag", "GITHUB_REF_NAME": "v1"}, None),
        ({"CI_COMMIT_BRANCH": "main"}, "main"),
        ({"BITBUCKET_BRANCH": "a/b"}, "a/b"),
        ({"BUILD_SOURCEBRANCH": "refs/heads/rel/1"}, "rel/1"),
        ({"BUILD_SOURCEBRANCH": "refs/pull/1/merge"}, None),
        ({"BRANCH_NAME": "main"}, "main"),
        ({"BRANCH_NAME": "PR-1", "CHANGE_ID": "1"}, None),
    ],
)
def test_branch_of_a_detached_head(
    project: Any, releases: Any, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], branch: str | None
) -> None:
    """The CI's variables name the branch; without one a run is refused and a plan goes on."""
    project.git("checkout", "-q", "--detach")
    project.git("update-ref", "-d", "refs/remotes/origin/main")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    release = releases(project.path)
    if branch is None:
        assert "-p branch=NAME" in _blocked(release).hint
    assert release.open("plan").branch == branch
    assert release.adapter.current_branch() == branch


def test_branch_by_its_tip(project: Any, release: Any) -> None:
    """One tracking branch exactly at HEAD names the branch; two do not."""
    project.git("checkout", "-q", "--detach")
    assert release.open("plan").branch == "main"
    release.adapter.abandon()
    project.git("update-ref", "refs/remotes/origin/other", "HEAD")
    assert release.open("plan").branch is None


def test_branch_that_cannot_be(project: Any, release: Any) -> None:
    """Names that git forbids, and a branch that is checked out nowhere, are refused."""
    for name in ("-x", "a..b", "a b", "x.lock", "HEAD", "/x", "@{-1}"):
        assert "cannot be a branch" in _blocked(release, branch=name).what
    project.git("branch", "old", "HEAD~1")
    project.git("branch", "same")
    assert _blocked(release, branch="old").hint == "git switch old"
    assert release.open(branch="same").branch == "same"


def test_plan_needs_no_network_and_writes_nothing(project: Any, release: Any, manifest: Any) -> None:
    """A plan uses what is known here about the remote, and the repository stays as it is, byte for byte."""
    project.git("remote", "set-url", "origin", "https://user:secret99@127.0.0.1:1/x.git")
    before = manifest(project)
    workspace = release.open("plan")
    assert (workspace.remote.asked, workspace.remote.branch_id) == (False, project.head)
    assert workspace.remote.url == "https://127.0.0.1:1/x.git"
    seal = release.make()
    assert seal.tags
    folder = workspace.root.parent
    assert not folder.is_relative_to(project.path)
    release.adapter.abandon()
    assert not folder.exists()
    assert manifest(project) == before


def test_repository_that_cannot_be_written(project: Any, release: Any) -> None:
    """A run is refused in words where the lock cannot be made; a plan works all the same."""
    (project.path / ".git" / "vwmp").write_text("no folder")
    assert "cannot write" in _blocked(release).what
    release.open("plan")
    assert release.make().tags


def test_plan_warns_where_a_run_would_be_refused(project: Any, releases: Any) -> None:
    """A missing remote and a known divergence are warnings of a plan."""
    (warning,) = releases(project.path).open("plan", remote="nowhere").warnings
    assert "would be refused" in warning
    project.git("reset", "-q", "--hard", "HEAD~1")
    (warning,) = releases(project.path).open("plan").warnings
    assert "commits that you do not have" in warning


def test_abandon_leaves_everything_as_it_was(project: Any, release: Any, manifest: Any) -> None:
    """An abandoned release leaves no trace, though steps have worked and read-only files exist."""
    before = manifest(project)
    release.open()
    release.make()
    locked = release.tree / "locked"
    locked.mkdir()
    (locked / "file").write_text("x")
    locked.chmod(0o555)
    release.adapter.abandon()
    assert manifest(project) == before
    release.adapter.abandon()
    assert release.adapter.workspace_root == project.path


def test_kept_folder_outlives_later_runs(project: Any, releases: Any) -> None:
    """What is kept stays until it is finished; what a killed run left goes at the next begin."""
    release = releases(project.path, 1)
    folder = release.open().root.parent
    release.adapter.abandon(keep=True)
    work = folder.parent
    (work / "vwmp-killed" / "tree").mkdir(parents=True)
    second = releases(project.path, 2)
    second.open()
    assert sorted(entry.name for entry in work.iterdir()) == [folder.name, second.run.id]
    second.adapter.abandon()
    assert "not finished" in _blocked(releases(project.path, 1)).what


def test_only_one_transaction_at_a_time(project: Any, releases: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second run waits, then is refused and told who holds the lock; a plan needs no lock."""
    first, second = releases(project.path, 1), releases(project.path, 2)
    first.open()
    with pytest.raises(StepError):
        first.open()
    monkeypatch.setenv("VWMP_LOCK_TIMEOUT", "0.3")
    error = _blocked(second)
    assert f"pid {os.getpid()} on " in error.what
    assert "since 2026-01-31T12:00:00" in error.what
    second.open("plan")
    second.adapter.abandon()
    first.adapter.abandon()
    second.open()


def test_lock_ends_with_its_process(project: Any, releases: Any, root: Path) -> None:
    """A run that was killed blocks nobody, and its shadow is removed."""
    script = (
        "import os, sys\nfrom pathlib import Path\n"
        "from vwmp_release.interfaces import Opening, RunIdentity\n"
        "from vwmp_release.plugins.git.adapter import GitAdapter\n"
        "GitAdapter().begin(Opening(Path(sys.argv[1]), RunIdentity('vwmp-killed')))\nos._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-P", "-c", script, str(project.path)], cwd=root, check=False)
    assert done.returncode == 9
    work = project.path / ".git" / "vwmp" / "work"
    assert (work / "vwmp-killed" / "tree" / "VERSION").exists()
    releases(project.path).open()
    assert not (work / "vwmp-killed").exists()


def test_begin_that_fails_half_way_cleans_up(project: Any, release: Any, manifest: Callable[..., Any]) -> None:
    """A shadow that cannot be filled is removed, the lock is free, and the reason is said."""
    project.commit("fix: attributes", {".gitattributes": "VERSION filter=broken\n"})
    project.git("config", "filter.broken.smudge", "false")
    project.git("config", "filter.broken.required", "true")
    before = manifest(project)
    assert "own copy" in _blocked(release).what
    assert manifest(project) == before


def test_links_to_untracked_folders(project: Any, releases: Any) -> None:
    """Linked folders are there for the steps and never part of the release, even where ignored files are forced."""
    (project.path / "node modules" / "pkg").mkdir(parents=True)
    (project.path / "node modules" / "pkg" / "x.js").write_text("1")
    release = releases(project.path)
    (warning,) = release.open(links=["node modules", "absent"]).warnings
    assert "absent" in warning
    assert (release.tree / "node modules" / "pkg" / "x.js").read_text() == "1"
    release.write("VERSION", "1.0.0\n")
    token = release.adapter.checkpoint()
    release.adapter.restore(token)
    release.gives(new_version="1.0.0")
    assert release.step("stage_all", force=True).output == {"paths_staged": ["VERSION"]}
    release.step("commit")
    assert release.adapter.seal().leftovers == ()
    release.adapter.abandon()
    assert (project.path / "node modules" / "pkg" / "x.js").read_text() == "1"


@pytest.mark.parametrize("name", ["../outside", "/etc", "src"])
def test_links_that_are_refused(project: Any, release: Any, name: str) -> None:
    """Folders outside the repository and tracked ones cannot be linked."""
    assert "workspace_link" in _blocked(release, links=[name]).what
