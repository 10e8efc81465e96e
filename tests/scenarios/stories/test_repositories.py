"""Repositories of every shape: worktrees, folders in them, SHA-256, submodules, other line endings, many tags."""

from __future__ import annotations

import os
import shutil
import sys

import pytest

FILES = {"VERSION": "1.2.3\n", "src/a.py": "a = 1\n"}


def test_worktree(project, release, origin):
    """A release in a linked worktree moves its branch, and leaves the main one alone."""
    repo = project(FILES)
    repo.git("worktree", "add", "--quiet", "-b", "next", "../linked")
    linked = type(repo)(repo.path.parent / "linked")
    linked.git("push", "--quiet", "--set-upstream", "origin", "next")
    linked.commit("feat: more")
    main = repo.head
    repo.write({"src/a.py": "a = 2\n"})
    document = release(linked, pushed=False)
    assert origin(repo).git("rev-parse", "next") == linked.head == document["commit_sha"]
    assert repo.head == main == origin(repo).git("rev-parse", "main")
    assert repo.git("status", "--porcelain") == " M src/a.py"
    assert linked.show("VERSION") == b"1.3.0\n"


def test_from_a_folder(project, release, tool, tmp_path):
    """`-C` and a working directory below the root release the whole repository."""
    repo = project(FILES)
    repo.commit("feat: more")
    release(repo, "-C", "src")
    repo.commit("fix: less")
    release(repo, cwd=repo.path / "src")
    repo.commit("fix: even less")
    assert tool(repo, "-C", str(repo.path), "version", cwd=tmp_path).out == "1.3.2\n"


def test_sha256(project, release):
    """Object ids of 64 digits work throughout."""
    repo = project(FILES, options=("--object-format=sha256",), remote=False)
    bare = repo.path.with_name("repo-origin.git")
    repo.git("init", "--quiet", "--bare", "--object-format=sha256", str(bare))
    repo.git("remote", "add", "origin", str(bare))
    repo.git("push", "--quiet", "--set-upstream", "origin", "main", "v1.2.3")
    repo.commit("feat: more")
    document = release(repo)
    assert len(document["commit_sha"]) == 64
    assert repo.git("fsck", "--strict") == ""


def test_submodule(project, release, make_repo):
    """A submodule stays at its commit and as it is checked out; the release goes around it."""
    inner = make_repo("inner")
    inner.commit("feat: inner", {"VERSION": "9.9.9\n"})
    repo = project(FILES)
    repo.git("submodule", "--quiet", "add", str(inner.path), "lib")
    repo.commit("feat: use it")
    before = repo.git("ls-tree", "HEAD", "lib")
    release(repo)
    assert repo.git("ls-tree", "HEAD", "lib") == before
    assert (repo.path / "lib" / "VERSION").read_text() == "9.9.9\n"
    assert repo.show("VERSION") == b"1.3.0\n"


def test_autocrlf(project, release):
    """With `core.autocrlf` the commit has `\\n` and the work tree `\\r\\n`, as git itself would have it."""
    repo = project(FILES)
    repo.git("config", "core.autocrlf", "true")
    for name in FILES:
        (repo.path / name).unlink()
    repo.git("checkout", "--", ".")
    assert (repo.path / "VERSION").read_bytes() == b"1.2.3\r\n"
    repo.commit("feat: more")
    release(repo)
    assert repo.show("VERSION") == b"1.3.0\n"
    assert (repo.path / "VERSION").read_bytes() == b"1.3.0\r\n"
    assert b"\r" not in repo.show("CHANGELOG.md")


WRAPPER = """\
#!/bin/sh
printf '%s\\n' "$*" >> "{log}"
exec "{git}" "$@"
"""


@pytest.fixture
def counted(tmp_path):
    """Put a git first on the path that notes each call; gives the variables and what reads the calls."""
    folder, log = tmp_path / "wrapped", tmp_path / "calls"
    folder.mkdir()
    (folder / "git").write_text(WRAPPER.format(log=log, git=shutil.which("git")))
    (folder / "git").chmod(0o755)

    def read():
        calls = log.read_text().splitlines()
        log.unlink()
        return calls

    return {"PATH": os.pathsep.join([str(folder), os.environ["PATH"]])}, read


@pytest.mark.skipif(sys.platform == "win32", reason="the wrapper is a script for sh")
def test_three_thousand_tags(project, release, origin, counted):
    """A release with 3,000 tags starts as many git processes as one with a single tag: few, and always the same."""
    env, read = counted
    used = []
    for name, tags in (("few", 0), ("many", 3_000)):
        repo = project(FILES, name=name)
        names = [*(f"v0.{number // 50}.{number % 50}" for number in range(tags)), "other", "v0"]
        commands = "".join(f"create refs/tags/{tag} {repo.head}\n" for tag in names)
        for place in (repo, origin(repo)):
            place.git("update-ref", "--stdin", stdin=commands)
            place.git("pack-refs", "--all")
        repo.commit("feat: more")
        assert release(repo, env=env)["version"] == "1.3.0"
        used.append(read())
    print(f"git processes of a release: {len(used[0])}")
    assert len(used[1]) == len(used[0]), "\n".join(used[1])
    assert len(used[0]) <= 50, "\n".join(used[0])


def test_no_remote(make_repo, tool):
    """A repository without a remote: a run is refused with the way to release here only, which then works."""
    repo = make_repo()
    repo.commit("feat: begin", FILES)
    ended = tool(repo, "run", "--yes", status=4)
    assert "--no-push" in ended.out
    document = tool(repo, "run", "--no-push", "--json").json
    assert (document["status"], document["version"]) == ("released", "1.2.3")
    assert repo.tags == ["v1.2.3"]
