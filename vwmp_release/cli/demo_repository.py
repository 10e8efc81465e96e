"""Makes the throw-away repository of `demo`: a small Python package with a history, and a bare remote beside it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ..support import git

_SETTINGS = {
    "user.name": "Demo Developer",
    "user.email": "demo@example.invalid",
    "commit.gpgSign": "false",
    "tag.gpgSign": "false",
    "core.hooksPath": ".git/hooks",
    "core.autocrlf": "false",
}
"""What the demo must not take from the user's own configuration."""

_PYPROJECT = """\
[project]
name = "greeter"
version = "0.1.0"  # the release changes this line and no other
description = "Says hello"
"""
_README = """\
# greeter

![version](https://img.shields.io/badge/version-0.1.0-blue)

Says hello.
"""
_CHANGELOG = """\
# Changelog

## 0.1.0 (2026-01-05)

### Features

* say hello
"""
_HELLO = 'def greet(name: str) -> str:\n    return f"Hello, {name}!"\n'
_LANGUAGES = """\
WORDS = {"en": "Hello", "fr": "Bonjour", "de": "Hallo"}


def greet(name: str, language: str = "en") -> str:
    return f"{WORDS[language]}, {name}!"
"""
_STRIPPED = _LANGUAGES.replace("{name}!", "{name.strip()}!")
_GUIDE = _README + "\nUse it as `greet(name, language)`.\n"


class DemoRepository(NamedTuple):
    """A repository and its remote.

    Args:
        work: The work tree.
        remote: The bare repository.
    """

    work: Path
    remote: Path


def make(folder: Path) -> DemoRepository:
    """Make the repository and its remote.

    Args:
        folder: An empty folder.

    Raises:
        ProcessError: git is missing or refuses.
    """
    work, remote = folder / "greeter", folder / "greeter.git"
    _git(folder, "init", "-q", "--bare", "--template=", str(remote))
    _git(remote, "symbolic-ref", "HEAD", "refs/heads/main")
    _git(folder, "init", "-q", "--template=", str(work))
    _git(work, "symbolic-ref", "HEAD", "refs/heads/main")
    for key, value in _SETTINGS.items():
        _git(work, "config", key, value)
    _git(work, "remote", "add", "origin", str(remote))
    start = {"pyproject.toml": _PYPROJECT, "README.md": _README, "CHANGELOG.md": _CHANGELOG, "greeter.py": _HELLO}
    _commit(work, 1, "feat: say hello", start)
    _git(work, "tag", "-a", "v0.1.0", "-m", "Release v0.1.0", env=_dates(1))
    _commit(work, 2, "feat: greet in French and German", {"greeter.py": _LANGUAGES})
    _commit(work, 3, "fix: ignore blanks around the name", {"greeter.py": _STRIPPED})
    _commit(work, 4, "docs: show how to choose a language", {"README.md": _GUIDE})
    _git(work, "push", "-q", "--no-verify", "origin", "main", "v0.1.0")
    return DemoRepository(work, remote)


def log(repository: DemoRepository) -> list[str]:
    """Return the remote's history, a line a commit, with tags.

    Args:
        repository: The repository.
    """
    return _git(repository.remote, "log", "--oneline", "--decorate=short", "--no-color", "main").splitlines()


def tags(repository: DemoRepository) -> list[str]:
    """Return the names of the tags at the remote's newest commit.

    Args:
        repository: The repository.
    """
    return _git(repository.remote, "tag", "--points-at", "main").splitlines()


def tag_message(repository: DemoRepository, tag: str) -> list[str]:
    """Return the message of a tag as the remote has it.

    Args:
        repository: The repository.
        tag: Its name.
    """
    return _git(repository.remote, "for-each-ref", "--format=%(contents)", f"refs/tags/{tag}").splitlines()


def new_section(repository: DemoRepository) -> list[str]:
    """Return the lines that the release added to the changelog, as the remote has it.

    Args:
        repository: The repository.
    """
    diff = _git(repository.remote, "diff", "--no-color", "-U0", "main~1", "main", "--", "CHANGELOG.md")
    added = [line[1:] for line in diff.splitlines() if line.startswith("+") and not line.startswith("+++")]
    return "\n".join(added).strip("\n").splitlines()  # diff may give a blank line before or after


def _commit(work: Path, day: int, message: str, files: dict[str, str]) -> None:
    for name, text in files.items():
        (work / name).write_text(text, encoding="utf-8", newline="\n")
    _git(work, "add", "--", *files)
    _git(work, "commit", "-q", "--no-verify", "-m", message, env=_dates(day))


def _dates(day: int) -> dict[str, str]:
    date = f"2026-01-0{4 + day}T10:00:00Z"
    return {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}


def _git(folder: Path, *args: str, env: dict[str, str] | None = None) -> str:
    return git.run(*args, cwd=folder, env=env).text
