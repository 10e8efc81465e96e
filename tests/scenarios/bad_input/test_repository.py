"""Repositories that cannot be released, or not from here."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("args", ["run --yes", "plan", "plan --json", "check", "version"])
def test_not_a_repository(args, cli, tmp_path, says):
    """Outside a repository every command says so, and how to name one."""
    ended = cli(*args.split(), cwd=tmp_path)
    assert ended.code == 2, str(ended)
    says(ended, f"{tmp_path} is not in a git repository", "-C DIR", as_json="--json" in args)


def test_a_folder_that_does_not_exist(cli, tmp_path, says):
    """A folder that is not there is named."""
    ended = cli("-C", "nowhere", "plan", cwd=tmp_path)
    assert ended.code == 2, str(ended)
    says(ended, "nowhere")


@pytest.mark.parametrize("args", ["run --yes", "run --yes --no-push", "plan", "run --yes --json"])
def test_no_commits(args, repo, refuse):
    """A repository without commits is refused, with the command that makes the first one."""
    repo.write({"VERSION": "1.0.0\n"})
    refuse(repo, 4, "the repository has no commits yet", "git add -A && git commit", args=args)


@pytest.mark.parametrize("args", ["run --yes", "plan", "run --yes --json"])
def test_a_bare_repository(args, project, refuse):
    """A bare repository is refused, with the way out."""
    bare = project.clone("bare.git", "--bare")
    refuse(bare, 4, "this is a bare repository", "run it in a clone", args=args)


def test_a_detached_head_that_no_branch_is_known_for(project, refuse, tool):
    """A run needs a branch and names the ways to give one; a plan does without."""
    project.git("switch", "--quiet", "--detach", "HEAD")
    project.commit("fix: three", {"three.txt": "3\n"})
    refuse(project, 4, "branch", "git switch")
    with_plan = refuse(project, 0, "1.0.1", args="plan")
    assert "Plan  1.0.0 → 1.0.1" in with_plan.out


@pytest.mark.parametrize("args", ["run --yes", "run --yes --json"])
def test_no_remote(args, make_project, refuse):
    """Without a remote a run names both ways out."""
    repo = make_project(remote=False)
    refuse(repo, 4, "there is no remote 'origin'", "git remote add origin URL", "--no-push", args=args)


def test_a_plan_without_a_remote_warns(make_project, refuse):
    """A plan shows the release, and that a run would be refused."""
    refuse(make_project(remote=False), 0, "1.0.1", "there is no remote 'origin'", "a run would be refused", args="plan")


def test_no_push_asks_no_remote(make_project, released):
    """With `--no-push` no remote is needed."""
    released(make_project(remote=False), "--no-push")


def test_no_push_leaves_a_dead_remote_alone(project, released, origin):
    """With `--no-push` a remote that cannot be reached does not matter, and one that can be is not asked."""
    bare = origin(project)
    before = bare.snapshot()
    project.git("remote", "set-url", "origin", "ssh://nobody@127.0.0.1:1/x")
    released(project, "--no-push", push=False, env={"GIT_SSH_COMMAND": "touch asked; false"})
    assert bare.snapshot() == before
    assert not (project.path / "asked").exists()


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("here", ("the tag v1.0.1 exists already", "git tag -d v1.0.1")),
        ("remote", ("the tag v1.0.1 exists already on origin, on", "git push origin --delete refs/tags/v1.0.1")),
    ],
)
@pytest.mark.parametrize("args", ["run --yes --version 1.0.1", "run --yes --json --version 1.0.1"])
def test_a_tag_that_exists_elsewhere(where, words, args, project, refuse, origin):
    """A tag on another commit is never moved, wherever it is."""
    bare = origin(project)
    if where == "here":  # on a commit that HEAD does not come from
        project.git("tag", "v1.0.1", project.git("commit-tree", "-m", "other", "HEAD^{tree}"))
    else:
        bare.git("tag", "v1.0.1", "v1.0.0")
    refuse(project, 1, *words, "another version", args=args)


def test_the_remote_is_ahead(project, refuse, origin):
    """Commits that only the remote has are named before anything is written."""
    other = origin(project).clone("other")
    other.commit("feat: theirs", {"theirs.txt": "t\n"})
    other.git("push", "--quiet", "origin", "main")
    refuse(project, 4, "the remote branch has commits that you do not have", "git pull origin main")
    refuse(project, 4, "the remote branch has commits that you do not have", args="run --yes --json")
    project.git("fetch", "--quiet")
    refuse(project, 0, "origin/main has commits that you do not have", "a run would be refused", args="plan")
