"""Builds a repository of conventional commits with `git fast-import`; the same arguments give the same object names.

make_repo.py FOLDER [--commits 100] [--unreleased 10] [--every 50] [--seed 1]
"""

from __future__ import annotations

import argparse
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

_KINDS = {"feat": 22, "fix": 33, "perf": 3, "docs": 12, "refactor": 8, "test": 8, "chore": 12, "ci": 2}
_AREAS = ("api", "cli", "store", "sync", "docs", "")
_NOUNS = ("index", "queue", "token", "header", "cache", "page", "user", "path", "branch", "table", "filter", "report")
_VERBS = ("read", "write", "sort", "drop", "merge", "check", "quote", "limit", "keep", "follow", "trim", "name")
_AUTHOR = "Benchmark <benchmark@example.org>"
_START = 1_600_000_000
_PROJECT = '[project]\nname = "sample"\nversion = "{version}"\n'
_CHANGELOG = "# Changelog\n"


def build(folder: Path, *, commits: int = 100, unreleased: int = 10, every: int = 50, seed: int = 1) -> None:
    """Make a repository with a work tree on `main`.

    Args:
        folder: Where; must not exist.
        commits: How many commits it has, releases included.
        unreleased: How many of them come after the last release; the last one is a feature.
        every: A release, with version file and tag, comes after so many commits.
        seed: Another one gives other messages.
    """
    subprocess.run(["git", "init", "-q", "-b", "main", "--template=", str(folder)], check=True)
    for key, value in {"user.name": "Benchmark", "user.email": "benchmark@example.org", "gc.auto": "0"}.items():
        subprocess.run(["git", "-C", str(folder), "config", key, value], check=True)
    stream = b"".join(_stream(commits, unreleased, every, random.Random(seed)))
    subprocess.run(["git", "-C", str(folder), "fast-import", "--quiet", "--done"], input=stream, check=True)
    subprocess.run(["git", "-C", str(folder), "reset", "-q", "--hard", "main"], check=True)


def _stream(commits: int, unreleased: int, every: int, chance: random.Random) -> Iterator[bytes]:
    """Yield the import stream, commit by commit."""
    minor = 0
    files = {"pyproject.toml": _PROJECT.format(version="0.1.0"), "CHANGELOG.md": _CHANGELOG}
    for number in range(1, commits + 1):
        last = number == commits
        release = number == 1 or (number <= commits - unreleased and number % every == 0)
        release = release or number == commits - unreleased
        if release:
            minor += 1
            files["pyproject.toml"] = _PROJECT.format(version=f"0.{minor}.0")
            message = f"chore(release): 0.{minor}.0"
        else:
            message = "feat: close the list of changes" if last else _message(chance)
            files[f"src/{chance.choice(_NOUNS)}.txt"] = f"{number}\n"
        yield _commit(number, message, files)
        if release:
            yield f"tag v0.{minor}.0\nfrom :{number}\ntagger {_AUTHOR} {_START + 60 * number} +0000\n".encode()
            yield _data(f"v0.{minor}.0\n")
        files = {}
    yield b"done\n"


def _message(chance: random.Random) -> str:
    """Make up a message: a header, often a body, sometimes a footer."""
    kind = chance.choices(list(_KINDS), weights=list(_KINDS.values()))[0]
    area = chance.choice(_AREAS)
    text = f"{kind}({area})" if area else kind
    text += f": {chance.choice(_VERBS)} the {chance.choice(_NOUNS)} of every {chance.choice(_NOUNS)}"
    if chance.random() < 0.4:
        text += "\n\n" + "\n".join(" ".join(chance.choices(_NOUNS, k=9)) for _ in range(chance.randint(1, 5)))
    if chance.random() < 0.2:
        text += f"\n\nRefs: #{chance.randint(1, 999)}"
    return text


def _commit(number: int, message: str, files: dict[str, str]) -> bytes:
    who = f"{_AUTHOR} {_START + 60 * number} +0000"
    parts = [f"commit refs/heads/main\nmark :{number}\nauthor {who}\ncommitter {who}\n".encode(), _data(f"{message}\n")]
    if number > 1:
        parts.append(f"from :{number - 1}\n".encode())
    for name, content in files.items():
        parts += [f"M 100644 inline {name}\n".encode(), _data(content)]
    return b"".join([*parts, b"\n"])


def _data(text: str) -> bytes:
    raw = text.encode()
    return b"data %d\n%s\n" % (len(raw), raw)


def main() -> None:
    """Read the arguments and build."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--commits", type=int, default=100)
    parser.add_argument("--unreleased", type=int, default=10)
    parser.add_argument("--every", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not 1 <= options.unreleased < options.commits or options.every < 1:
        parser.error("needs 1 <= --unreleased < --commits and --every >= 1")
    build(**vars(options))


if __name__ == "__main__":
    main()
