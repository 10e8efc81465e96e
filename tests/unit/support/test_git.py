from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vwmp_release.errors import ProcessError, UsageError
from vwmp_release.support import git


def test_the_environment_points_at_no_other_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables that say where a repository is are dropped, those that configure git stay, prompts are off."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_CEILING_DIRECTORIES"):
        monkeypatch.setenv(name, "/elsewhere")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "a.b")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "c")
    monkeypatch.setenv("GIT_SSH_COMMAND", "ssh -x")
    env = git.environment({"EXTRA": "1"})
    assert {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"}.isdisjoint(env)
    assert (env["GIT_CONFIG_KEY_0"], env["GIT_CONFIG_VALUE_0"], env["GIT_SSH_COMMAND"]) == ("a.b", "c", "ssh -x")
    assert (env["GIT_TERMINAL_PROMPT"], env["LC_ALL"], env["EXTRA"]) == ("0", "C.UTF-8", "1")
    assert env["PATH"] == os.environ["PATH"]


def test_git_runs_in_the_folder(repo: Any) -> None:
    """Output, input and failures come through."""
    head = repo.commit("feat: x", {"a": "1"})
    assert git.run("rev-parse", "HEAD", cwd=repo.path).text == head
    empty_blob = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    assert git.run("hash-object", "--stdin", cwd=repo.path).text == empty_blob
    assert git.run("hash-object", "--stdin", cwd=repo.path, stdin=b"x").text != empty_blob
    with pytest.raises(ProcessError, match="git rev-parse --verify nothing failed with status 128"):
        git.run("rev-parse", "--verify", "nothing", cwd=repo.path)
    assert git.run("rev-parse", "--verify", "nothing", cwd=repo.path, check=False).returncode == 128
    with git.stream("log", "--format=%H", cwd=repo.path) as output:
        assert output.read().decode().split() == [head]


def test_a_work_tree_is_located_from_any_folder_in_it(repo: Any) -> None:
    """Root, git dir and HEAD are found, in the root and below it."""
    head = repo.commit("feat: x", {"sub/a": "1"})
    for folder in (repo.path, repo.path / "sub"):
        found = git.locate(folder)
        assert found.root == repo.path
        assert found.git_dir == found.common_dir == repo.path / ".git"
        assert (found.head, found.bare, found.shallow, found.object_format) == (head, False, False, "sha1")


def test_other_kinds_of_repositories(repo: Any, make_repo: Callable[..., Any], tmp_path: Path) -> None:
    """Empty, bare, shallow, linked and SHA-256 repositories are told apart."""
    assert git.locate(repo.path).head is None
    repo.commit("feat: x", {"a": "1"})
    repo.commit("feat: y", {"a": "2"})
    bare = git.locate(repo.remote().path)
    assert (bare.bare, bare.root, bare.head) == (True, bare.git_dir, repo.head)
    assert git.locate(repo.clone("cut", "--depth=1").path).shallow
    repo.git("worktree", "add", "-q", str(tmp_path / "linked"))
    linked = git.locate(tmp_path / "linked")
    assert (linked.root, linked.common_dir) == (tmp_path / "linked", repo.path / ".git")
    assert linked.git_dir == repo.path / ".git" / "worktrees" / "linked"
    long = make_repo("long", "--object-format=sha256")
    long.commit("feat: x")
    found = git.locate(long.path)
    assert (found.object_format, len(found.head or "")) == ("sha256", 64)


def test_folders_without_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No folder, no repository and no git are usage errors that say what to do."""
    with pytest.raises(UsageError, match="there is no folder"):
        git.locate(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="is not in a git repository") as caught:
        git.locate(tmp_path)
    assert (caught.value.why, "-C DIR" in caught.value.hint) == ("", True)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="git is needed and was not found"):
        git.locate(tmp_path)


def test_a_damaged_repository_keeps_gits_words(repo: Any) -> None:
    """Where git has a reason of its own, it is kept."""
    (repo.path / ".git" / "config").write_text("[core\n")
    with pytest.raises(UsageError, match="bad config line 1"):
        git.locate(repo.path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can give a repository away")
def test_a_repository_of_another_user_is_refused_with_the_way_out(repo: Any) -> None:
    """git's refusal of a foreign repository becomes a hint with the very command."""
    for path in (repo.path, repo.path / ".git"):
        os.chown(path, 12345, 12345)
    with pytest.raises(UsageError, match="another user owns it") as caught:
        git.locate(repo.path)
    assert caught.value.hint == f"git config --global --add safe.directory '{repo.path}'"
