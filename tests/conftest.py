"""Shared fixtures: a pinned environment for every test, real git repositories, and the program as a child process."""

from __future__ import annotations

import itertools
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
_DROPPED = ("GITHUB_", "RUNNER_", "ACTIONS_", "VWMP_", "GIT_", "PRE_COMMIT", "PREK_")
_DROPPED_NAMES = ("CI", "SOURCE_DATE_EPOCH", "FORCE_COLOR", "COLUMNS", "LINES", "PYTHONPATH", "XDG_CACHE_HOME")
_GIT_CONFIG = """\
[user]
\tname = Test Author
\temail = author@example.org
[init]
\tdefaultBranch = main
\ttemplateDir = {template}
[commit]
\tgpgSign = false
[tag]
\tgpgSign = false
[protocol "file"]
\tallow = always
[core]
\tautocrlf = false
[gc]
\tauto = 0
[advice]
\tdetachedHead = false
"""
_numbers = itertools.count()


def _pin(patch: pytest.MonkeyPatch, home: Path) -> None:
    """Point everything that reads the user's own settings at `home`."""
    home.mkdir()
    template = home.parent / "template"  # without git's sample hooks, which cost time and fill comparisons
    for folder in ("hooks", "info"):
        (template / folder).mkdir(parents=True, exist_ok=True)
    config = _GIT_CONFIG.replace("{template}", template.as_posix())
    (home / "gitconfig").write_text(config, encoding="utf-8", newline="\n")
    for name in [*os.environ]:
        if name.startswith(_DROPPED) or name in _DROPPED_NAMES:
            patch.delenv(name)
    for name in ("HOME", "USERPROFILE", "XDG_CONFIG_HOME"):
        patch.setenv(name, str(home))
    patch.setenv("GIT_CONFIG_GLOBAL", str(home / "gitconfig"))
    patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    patch.setenv("NO_COLOR", "1")
    patch.setenv("TZ", "UTC")
    if hasattr(time, "tzset"):
        time.tzset()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On Windows leave out what is written with POSIX hooks, signals, modes and shell scripts."""
    if os.name != "nt":
        return
    reason = "written with POSIX hooks, signals, file modes and shell scripts"
    for item in items:
        if {"scenarios", "git"} & set(item.path.parts[len(ROOT.parts) :]):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session", autouse=True)
def _session_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Pin the environment for fixtures that outlive one test."""
    homes = tmp_path_factory.mktemp("homes")
    with pytest.MonkeyPatch.context() as patch:
        _pin(patch, homes / "session")
        yield homes


@pytest.fixture(autouse=True)
def home(_session_environment: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test an empty home and its own git configuration."""
    folder = _session_environment / str(next(_numbers))
    _pin(monkeypatch, folder)
    return folder


@dataclass(frozen=True)
class Ended:
    """What a child process left: its exit status and both streams as text."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on its standard output."""
        return json.loads(self.out)

    def __str__(self) -> str:
        return f"exit status {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


def _call(
    argv: list[str],
    cwd: Path,
    env: Mapping[str, str | None] | None = None,
    stdin: bytes | str = b"",
    timeout: float = 120,
) -> Ended:
    """Run a command; variables given as None are removed."""
    merged: dict[str, str | None] = {**os.environ, **(env or {})}
    done = subprocess.run(
        argv,
        cwd=cwd,
        env={key: value for key, value in merged.items() if value is not None},
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        timeout=timeout,
        check=False,
    )
    return Ended(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


@pytest.fixture
def call() -> Callable[..., Ended]:
    """Run any command: `call(argv, cwd=…, env=…, stdin=…)`."""
    return _call


@pytest.fixture
def cli(tmp_path: Path) -> Callable[..., Ended]:
    """Run the program as users do, in a child process: `cli("plan", "--json", cwd=repo.path)`."""

    def run(*args: str, cwd: Path = tmp_path, **options: Any) -> Ended:
        # -P: a sample repository that holds a copy of the project must not be what is imported
        return _call([sys.executable, "-P", "-m", "vwmp_release", *args], cwd, **options)

    return run


@pytest.fixture
def git() -> Callable[..., str]:
    """Run git and return its output: `git("log", cwd=folder)`; a failure fails the test."""
    return _git


def _git(*args: str, cwd: Path, stdin: bytes | str = b"", env: Mapping[str, str | None] | None = None) -> str:
    done = _call(["git", *args], cwd, env, stdin)
    assert done.code == 0, f"git {' '.join(args)}: {done}"
    return done.out.rstrip("\n")


class Repo:
    """A real repository whose commits are a minute apart, so that the same calls give the same object names."""

    _START = 1_700_000_000

    def __init__(self, path: Path) -> None:
        self.path = path
        self._clock = itertools.count(self._START, 60)

    def git(self, *args: str, **options: Any) -> str:
        """Run git here and return its output."""
        return _git(*args, cwd=self.path, **options)

    def attempt(self, *args: str, **options: Any) -> Ended:
        """Run git here, whether it fails or not."""
        return _call(["git", *args], self.path, **options)

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files below the work tree, bytes as they are and text as UTF-8 with `\\n`."""
        for name, content in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, message: str, files: Mapping[str, str | bytes] | None = None) -> str:
        """Commit the given files (an empty commit without any) and return its id."""
        self.write(files or {})
        if files:
            self.git("add", "--force", "--", *files)
        self.git(
            "commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "--file=-", stdin=message, env=self._dates()
        )
        return self.head

    def tag(self, name: str, message: str | None = None, at: str = "HEAD") -> str:
        """Tag a commit, annotated unless the message is empty, and return the tag's object id."""
        text = name if message is None else message
        options = ["--annotate", "--file=-"] if text else []
        self.git("tag", *options, "--end-of-options", name, at, stdin=text, env=self._dates())
        return self.git("rev-parse", "--verify", f"refs/tags/{name}")

    def hook(self, name: str, script: str) -> Path:
        """Install a hook for `sh` and return its path."""
        path = Path(self.git("rev-parse", "--path-format=absolute", "--git-path", f"hooks/{name}"))
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8", newline="\n")
        path.chmod(0o755)
        return path

    def remote(self, name: str = "origin") -> Repo:
        """Make a bare repository beside this one, push branches and tags to it, and track it."""
        bare = Repo(self.path.with_name(f"{self.path.name}-{name}.git"))
        _git("init", "--quiet", "--bare", str(bare.path), cwd=self.path)
        self.git("remote", "add", name, str(bare.path))
        if self.git("branch", "--list"):
            self.git("push", "--quiet", "--all", "--set-upstream", name)
            self.git("push", "--quiet", "--tags", name)
        return bare

    def clone(self, name: str, *options: str) -> Repo:
        """Clone this repository into a sibling folder; `options` are git's."""
        copy = Repo(self.path.with_name(name))
        _git("clone", "--quiet", *options, self.path.as_uri(), str(copy.path), cwd=self.path.parent)
        return copy

    @property
    def head(self) -> str:
        """The id of HEAD's commit."""
        return self.git("rev-parse", "--verify", "HEAD")

    @property
    def tags(self) -> list[str]:
        """The names of all tags, sorted."""
        return self.git("tag", "--list").split()

    def show(self, name: str, at: str = "HEAD") -> bytes:
        """The bytes of a file in a commit."""
        return subprocess.run(
            ["git", "cat-file", "blob", f"{at}:{name}"], cwd=self.path, capture_output=True, check=True
        ).stdout

    def snapshot(self) -> dict[str, Any]:
        """Everything of this repository that a user owns, part by part, for comparison before and after.

        Nothing is refreshed or written while it is read. The tool's own folder `vwmp` in the git dir is left out.
        """
        git_dir = Path(self.git("rev-parse", "--path-format=absolute", "--git-common-dir"))
        bare = self.git("rev-parse", "--is-bare-repository") == "true"
        parts: dict[str, Any] = {
            "head": (git_dir / "HEAD").read_bytes(),
            "refs": self.git("for-each-ref", "--format=%(refname) %(objectname) %(symref)").splitlines(),
            "stash": self.git("log", "--walk-reflogs", "--format=%H %gd %gs", "refs/stash").splitlines()
            if self.git("for-each-ref", "refs/stash")
            else [],
            "objects": sorted(
                self.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)").splitlines()
            ),
            "index": (git_dir / "index").read_bytes() if (git_dir / "index").exists() else b"",
            "config": (git_dir / "config").read_bytes(),
        }
        for name in ("logs", "hooks", "info", "worktrees"):
            parts[name] = _tree(git_dir / name)
        parts["state"] = sorted(p.name for p in git_dir.iterdir() if p.name.isupper() and p.name != "COMMIT_EDITMSG")
        parts["files"] = {} if bare else _tree(self.path)
        return parts

    def _dates(self) -> dict[str, str | None]:
        moment = f"{next(self._clock)} +0000"
        return {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}


def _tree(folder: Path) -> dict[str, tuple[str, bytes]]:
    """Mode and content of everything below a folder but a git dir, by relative path; a link's content is its target."""
    found: dict[str, tuple[str, bytes]] = {}
    for where, folders, files in os.walk(folder):
        if ".git" in folders:
            folders.remove(".git")
        for name in [*folders, *files]:
            path = Path(where, name)
            status = path.lstat()
            kind = stat.filemode(status.st_mode)
            content = b""
            if stat.S_ISLNK(status.st_mode):
                content = os.fsencode(os.readlink(path))
            elif stat.S_ISREG(status.st_mode):
                content = path.read_bytes()
            found[path.relative_to(folder).as_posix()] = (kind, content)
    return found


@pytest.fixture
def make_repo(tmp_path: Path) -> Callable[..., Repo]:
    """Make empty repositories: `make_repo("name")`; options are those of `git init`."""

    def make(name: str = "repo", *options: str) -> Repo:
        _git("init", "--quiet", *options, str(tmp_path / name), cwd=tmp_path)
        return Repo(tmp_path / name)

    return make


@pytest.fixture
def repo(make_repo: Callable[..., Repo]) -> Repo:
    """Give an empty repository on `main`."""
    return make_repo()


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the root of this project's own checkout."""
    return ROOT
