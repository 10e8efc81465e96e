"""What `plan` shows is what `run` makes: at one clock the same objects, but for the random id of the tag."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SAME = (
    "branch", "base", "version", "previous_version", "bump", "previous_tag", "commit_sha", "summary", "notes",
    "changelog", "packages", "why", "files", "commits", "author",
)  # fmt: skip


def _zero_config(project, config):
    return project({"pyproject.toml": '[project]\nname = "x"\nversion = "1.2.3"\n'})


def _kb(project, config):
    repo = project(HERE / "kb" / "repository", tag="v0.21.0.1", branch="epic/21-workflow-platform")
    repo.commit("docs: E21:S01:T002")
    return repo


def _uncommitted(project, config):
    repo = project({"VERSION": "1.2.3\n", "vwmp_config.yaml": config(include_uncommitted=True), "run.sh": "exit\n"})
    repo.write({"README.md": "not yet committed\n", "folder with blanks/ä.bin": b"\0\xff\r\n"})
    (repo.path / "run.sh").chmod(0o755)
    return repo


def _hook(project, config):
    repo = project({"VERSION": "1.2.3\n"})
    repo.hook("pre-commit", "printf 'formatted\\n' >> CHANGELOG.md; git add CHANGELOG.md")
    repo.hook("commit-msg", 'printf "\\nReviewed-by: a hook\\n" >> "$1"')
    return repo


def _signed_off(project, config):
    repo = project({"VERSION": "1.2.3\n"})
    repo.hook("prepare-commit-msg", 'git interpret-trailers --in-place --trailer "Signed-off-by: A <a@b.c>" "$1"')
    return repo


def _lightweight(project, config):
    return project({"VERSION": "1.2.3\n", "vwmp_config.yaml": config({"git.create_tag": {"annotated": False}})})


def _several_tags(project, config):
    return project({"VERSION": "1.2.3\n", "vwmp_config.yaml": config({"git.create_tag": {"floating": ["v{major}"]}})})


KINDS = [_zero_config, _kb, _uncommitted, _hook, _signed_off, _several_tags]


@pytest.fixture
def planned_and_run(tool, release):
    """Plan and then release, without a change to anything in between."""

    def both(repo):
        before = repo.snapshot()
        plan = tool(repo, "plan", "--json").json
        assert repo.snapshot() == before
        assert plan["status"] == "planned"
        document = tool(repo, "run", "--yes", "--json").json
        assert document["status"] == "released"
        return plan, document

    return both


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__.strip("_"))
def test_the_plan_is_the_release(make, project, config, planned_and_run, origin):
    """Files, diffs, commit id and messages are the same, and they are what git has; tag messages but their id."""
    repo = make(project, config)
    repo.commit("feat: more")
    plan, document = planned_and_run(repo)
    assert {key: plan[key] for key in SAME} == {key: document[key] for key in SAME}
    assert [_without_id(tag, plan) for tag in plan["tags"]] == [_without_id(tag, document) for tag in document["tags"]]

    bare = origin(repo)
    assert bare.git("rev-parse", f"refs/heads/{plan['branch']}") == plan["commit_sha"]
    message = bare.git("cat-file", "commit", plan["commit_sha"]).partition("\n\n")[2]
    assert plan["commits"][-1] == {"id": plan["commit_sha"], "message": message + "\n"}
    for tag in plan["tags"]:
        text = bare.git("cat-file", "tag", f"refs/tags/{tag['name']}")
        assert f"object {plan['commit_sha']}\n" in text
        own = tag["message"].replace(plan["run"]["id"], document["run"]["id"])
        assert text.partition("\n\n")[2].rstrip("\n") == own.rstrip("\n")
    names = bare.git("diff", "--name-only", "--no-renames", "-z", plan["base"], plan["commit_sha"]).strip("\0")
    assert sorted(change["path"] for change in plan["files"]) == sorted(names.split("\0"))
    for change in plan["files"]:
        _is_applicable(bare, change, plan)


def _without_id(tag, document):
    assert tag["message"].rstrip("\n").rpartition("\n")[2] == document["run"]["id"]
    return {**tag, "object_id": "", "message": tag["message"].replace(document["run"]["id"], "")}


def _is_applicable(bare, change, plan):
    """Every added line that the plan shows stands in the released file; binary files are only named."""
    if change["path"].endswith(".bin"):
        assert "binary" in change["diff"].lower()
        return
    added = [line[1:] for line in change["diff"].splitlines() if line.startswith("+") and not line.startswith("+++")]
    assert set(added) <= set(bare.show(change["path"], plan["commit_sha"]).decode().splitlines())


def test_lightweight_tags_carry_the_id_in_the_commit(project, config, planned_and_run, origin):
    """Without an annotated tag the id is the last line of the commit's message, so that only it differs."""
    repo = _lightweight(project, config)
    repo.commit("feat: more")
    plan, document = planned_and_run(repo)
    assert plan["files"] == document["files"]
    for one in (plan, document):
        assert one["commits"][-1]["message"].rstrip("\n").splitlines()[-1] == one["run"]["id"]
    text = origin(repo).git("log", "-1", "--format=%B", document["tag"]).rstrip("\n")
    assert text == document["commits"][-1]["message"].rstrip("\n")
    assert origin(repo).git("cat-file", "-t", document["tag"]) == "commit"
    same = [one["commits"][-1]["message"].replace(one["run"]["id"], "") for one in (plan, document)]
    assert same[0] == same[1]


@pytest.fixture
def sample(project):
    """Give a project with something to release."""
    repo = project({"VERSION": "1.2.3\n"})
    repo.commit("feat: more")
    return repo


@pytest.fixture
def plans(tool):
    """Plan in a repository; it must work, find 1.3.0 and change nothing."""

    def check(repo, *args, **options):
        before = repo.snapshot()
        document = tool(repo, "plan", "--json", *args, **options).json
        assert (document["status"], document["version"]) == ("planned", "1.3.0")
        assert repo.snapshot() == before
        assert not (repo.path / ".git" / "vwmp").exists()
        return document

    return check


def test_detached_head(sample, plans):
    """A plan needs no branch."""
    sample.git("checkout", "--quiet", "--detach")
    assert plans(sample)["branch"] == ""


def test_other_branch_and_fork(sample, plans):
    """A plan works on a branch that the remote does not know, and without any remote."""
    sample.git("checkout", "--quiet", "-b", "topic")
    plans(sample)
    sample.git("remote", "remove", "origin")
    plans(sample)


def test_unreachable_remote(sample, plans, git):
    """A plan does not ask the remote, and says so."""
    sample.git("remote", "set-url", "origin", "https://example.invalid/x.git")
    document = plans(sample, env={"https_proxy": "http://127.0.0.1:9"})
    assert document["push"]["asked"] is False


def test_shallow_clone_with_tags(sample, plans):
    """A clone that reaches back to the last release is deep enough; one that does not is refused with the fix."""
    sample.git("push", "--quiet", "origin", "main")
    deep = sample.clone("deep", "--depth=2")
    assert (deep.path / ".git" / "shallow").exists()
    plans(deep)


def test_too_shallow(sample, tool):
    """A clone without the last release's commit is refused; the fix is named."""
    clone = sample.clone("shallow", "--depth=1")
    assert "git fetch --unshallow --tags" in tool(clone, "plan", status=1).out


def test_without_identity(sample, tool):
    """Where git does not know who releases, the plan fails as the run would, and names the fix."""
    env = {"GIT_CONFIG_GLOBAL": os.devnull}
    before = sample.snapshot()
    for command in ("plan", "run"):
        assert "git config user.email" in tool(sample, command, status=1, env=env).out
    assert sample.snapshot() == before


def _forbid(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))


def _allow(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | stat.S_IWUSR)


def test_read_only_repository(sample, plans):
    """A plan writes nothing into the repository: it works where nothing may be written."""
    _forbid(sample.path)
    try:
        plans(sample)
    finally:
        _allow(sample.path)
