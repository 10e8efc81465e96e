"""A repository with a remote from a folder of files, a release in it, and what that release is as text."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

EPOCH = 1_769_860_800
"""2026-01-31 12:00:00 UTC"""


@pytest.fixture
def project(make_repo) -> Callable[..., Any]:
    """Make a repository with one commit, its release tag and a bare remote."""

    def make(
        files: Mapping[str, str | bytes] | Path,
        *,
        tag: str = "v1.2.3",
        branch: str = "main",
        name: str = "repo",
        options: tuple[str, ...] = (),
        remote: bool = True,
    ) -> Any:
        repo = make_repo(name, f"--initial-branch={branch}", *options)
        if isinstance(files, Path):
            paths = sorted(path for path in files.rglob("*") if path.is_file())
            files = {path.relative_to(files).as_posix(): path.read_bytes() for path in paths}
        repo.commit("feat: the beginning", files)
        if tag:
            repo.tag(tag)
        if remote:
            repo.remote()
        return repo

    return make


@pytest.fixture
def origin() -> Callable[[Any], Any]:
    """Return the bare repository that a project pushes to."""
    return lambda repo: type(repo)(repo.path.with_name(f"{repo.path.name}-origin.git"))


@pytest.fixture
def tool(cli) -> Callable[..., Any]:
    """Run the program in a repository at the tests' clock; it must end with `status` and without a traceback."""

    def run(repo: Any, *args: str, status: int = 0, env: Mapping[str, str | None] | None = None, **options: Any) -> Any:
        given = {"SOURCE_DATE_EPOCH": str(EPOCH), **(env or {})}
        ended = cli(*args, cwd=options.pop("cwd", repo.path), env=given, **options)
        assert ended.code == status, ended
        assert "Traceback" not in ended.out + ended.err, ended
        return ended

    return run


@pytest.fixture
def release(tool, origin) -> Callable[..., dict[str, Any]]:
    """Cut a release, check that it is here and on the remote, and return its document."""

    def run(repo: Any, *args: str, pushed: bool = True, **options: Any) -> dict[str, Any]:
        ended = tool(repo, "run", "--yes", "--json", *args, **options)
        document: dict[str, Any] = ended.json
        assert document["status"] == "released", ended
        tag = document["tag"]
        assert repo.git("rev-parse", f"refs/tags/{tag}^{{commit}}") == document["commit_sha"] == repo.head
        if pushed:
            branch = repo.git("symbolic-ref", "--short", "HEAD")
            assert origin(repo).git("rev-parse", f"refs/heads/{branch}") == repo.head
            assert origin(repo).git("rev-parse", f"refs/tags/{tag}") == repo.git("rev-parse", f"refs/tags/{tag}")
        assert repo.git("status", "--porcelain") == ""
        return document

    return run


@pytest.fixture
def tag_message() -> Callable[..., tuple[str, str]]:
    """Return the message of an annotated tag without its last line, and that line."""

    def read(repo: Any, name: str) -> tuple[str, str]:
        assert repo.git("cat-file", "-t", f"refs/tags/{name}") == "tag"
        _, _, text = repo.git("cat-file", "tag", f"refs/tags/{name}").partition("\n\n")
        words, _, last = text.rpartition("\n")
        return words.rstrip("\n"), last

    return read


@pytest.fixture
def published(tag_message, origin) -> Callable[..., str]:
    """Return a release as its remote has it: message of commit and tag but its id, and every byte that changed."""

    def read(repo: Any, document: Mapping[str, Any]) -> str:
        bare, tag = origin(repo), document["tag"]
        words, identity = tag_message(bare, tag)
        assert identity == document["run"]["id"]
        parent, commit = bare.git("rev-list", "--max-count=2", "--reverse", tag).split()
        assert bare.git("rev-list", "--parents", "-1", commit).split() == [commit, parent]
        message = bare.git("cat-file", "commit", commit).partition("\n\n")[2]
        command = ["git", "diff", "--no-color", "--no-ext-diff", "--no-renames", "--diff-algorithm=myers", "--binary"]
        diff = subprocess.run([*command, parent, commit], cwd=bare.path, capture_output=True, check=True).stdout
        return f"{message}\n--- {tag}\n{words}\n--- files\n{diff.decode()}"

    return read


@pytest.fixture
def same_as() -> Callable[[Path, str], None]:
    """Compare a text with an expected file byte for byte."""

    def compare(path: Path, text: str) -> None:
        assert text.encode() == path.read_bytes(), f"{path} is not what was released:\n{text}"

    return compare


@pytest.fixture
def outcomes() -> Callable[..., dict[str, str]]:
    """Return what each step of a document did, by id."""
    return lambda document: {step["id"]: step["outcome"] for step in document["steps"]}


@pytest.fixture
def config() -> Callable[..., str]:
    """Return a configuration file: `config(tag_template="{version}")` sets keys of the release workflow."""

    def text(handlers: Mapping[str, Any] | None = None, **keys: Any) -> str:
        steps = {name: {"config": values} for name, values in (handlers or {}).items()}
        document = {"workflow_types": {"release": {"config": keys}}, "step_handlers": steps}
        return json.dumps(document, indent=1)  # JSON is YAML

    return text
