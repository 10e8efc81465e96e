"""A small project with a remote, and one call that proves that a refusal left everything as it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

CONFIG = "vwmp_config.yaml"


@pytest.fixture
def make_project(make_repo) -> Callable[..., Any]:
    """Make a repository with a release, a fix after it, and further files in the last commit."""

    def make(files: dict[str, str | bytes] | None = None, *, name: str = "repo", remote: bool = True) -> Any:
        repo = make_repo(name)
        repo.commit("feat: one", {"VERSION": "1.0.0\n", ".gitignore": "*.log\n"})
        repo.tag("v1.0.0")
        repo.commit("fix: two", {"src.txt": "two\n", **(files or {})})
        if remote:
            repo.remote()
        return repo

    return make


@pytest.fixture
def project(make_project) -> Any:
    """Give the project without further files."""
    return make_project()


@pytest.fixture
def origin() -> Callable[[Any], Any]:
    """Return the bare repository that a project pushes to, or None."""

    def find(repo: Any) -> Any:
        path = repo.path.with_name(f"{repo.path.name}-origin.git")
        return type(repo)(path) if path.exists() else None

    return find


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Give a folder that child processes use for temporary files."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def tool(cli, scratch) -> Callable[..., Any]:
    """Run the program in a project; no traceback, nothing temporary, and no work folder may remain."""

    def run(repo: Any, *args: str, env: dict[str, str | None] | None = None, **options: Any) -> Any:
        ended = cli(*args, cwd=options.pop("cwd", repo.path), env={"TMPDIR": str(scratch), **(env or {})}, **options)
        _demand("Traceback" not in ended.out + ended.err, "a traceback", ended)
        _demand(ended.code != 70, "a bug", ended)
        _demand(not list(scratch.iterdir()), "temporary files remain", ended)
        _only_its_records(repo)
        return ended

    return run


def _only_its_records(repo: Any) -> None:
    common = repo.attempt("rev-parse", "--path-format=absolute", "--git-common-dir")
    folder = Path(common.out.strip()) / "vwmp"
    if common.code == 0 and folder.exists():
        assert {path.name for path in folder.iterdir()} <= {"lock", "runs"}


@pytest.fixture
def same(origin) -> Callable[..., Any]:
    """Compare a project and its remote before and after: `with same(repo): …`."""
    from contextlib import contextmanager

    @contextmanager
    def comparing(repo: Any, *others: Any) -> Iterator[None]:
        watched = [repo, *filter(None, (origin(repo),)), *others]
        before = [one.snapshot() for one in watched]
        yield
        for one, old in zip(watched, before, strict=True):
            new = one.snapshot()
            for part, content in old.items():
                if part == "objects" and one is not repo:
                    continue  # git keeps what was pushed where an update hook refuses its refs
                assert new[part] == content, f"{part} of {one.path.name} changed"

    return comparing


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        if value.get("file") and value.get("line"):
            yield f"{value['file']}:{value['line']}" + (f":{value['column']}" if value.get("column") else "")
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _demand(truth: object, what: str, ended: Any) -> None:
    if not truth:
        shown = str(ended) if len(ended.out) < 9000 else f"exit status {ended.code}\n{ended.err}"
        pytest.fail(f"{what}\n{shown}", pytrace=False)


def _squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def says() -> Callable[..., None]:
    """Assert that an answer holds all of some words; with `--json`, that it is one document that does."""

    def check(ended: Any, *words: str, as_json: bool = False) -> None:
        if as_json:
            document = json.loads(ended.out)
            assert document["exit_status"] == ended.code
            found = "\n".join(_texts(document))
        else:
            found = ended.out + ended.err
        for word in words:
            _demand(_squeezed(word) in _squeezed(found), f"{word!r} is missing", ended)

    return check


@pytest.fixture
def refuse(tool, same, says) -> Callable[..., Any]:
    """Run the program, which must end with a status and say some words, and must change nothing anywhere."""

    def check(repo: Any, status: int, *words: str, args: str | tuple[str, ...] = "run --yes", **options: Any) -> Any:
        listed = tuple(args.split()) if isinstance(args, str) else args
        as_json = "--json" in listed
        with same(repo):
            ended = tool(repo, *listed, **options)
        _demand(ended.code == status, f"exit status {ended.code}, not {status}", ended)
        says(ended, *words, as_json=as_json)
        return ended

    return check


@pytest.fixture
def released(tool, origin) -> Callable[..., Any]:
    """Run a release that must succeed, and check that refs here and on the remote agree."""

    def check(repo: Any, *args: str, tag: str = "v1.0.1", push: bool = True, **options: Any) -> Any:
        ended = tool(repo, "run", "--yes", *args, **options)
        _demand(ended.code == 0, f"exit status {ended.code}", ended)
        _demand(tag in repo.git("tag", "--list").splitlines(), f"no tag {tag}", ended)
        assert repo.git("rev-parse", "--verify", f"refs/tags/{tag}^{{commit}}") == repo.head
        bare = origin(repo)
        if push and bare is not None:
            branch = repo.git("symbolic-ref", "HEAD")
            assert bare.git("rev-parse", "--verify", branch) == repo.head
            assert bare.git("rev-parse", f"refs/tags/{tag}") == repo.git("rev-parse", f"refs/tags/{tag}")
        return ended

    return check
