"""The README's commands work as they stand, in a fresh copy and with an empty home."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_SHELL = re.compile(r"^```sh\n(.*?)^```", re.M | re.S)


def _commands(root: Path, word: str) -> str:
    """Return the one shell block of the README that holds a word."""
    (found,) = [block for block in _SHELL.findall((root / "README.md").read_text(encoding="utf-8")) if word in block]
    return str(found).strip()


@pytest.fixture(scope="module")
def copy(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the files that a clone would have."""
    folder = tmp_path_factory.mktemp("clone")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout.decode().split("\0")
    for name in listed:
        if name and (root / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, folder / name)
    return folder


@pytest.fixture
def network() -> Iterator[None]:
    """Skip where no package index can be reached."""
    command = [sys.executable, "-m", "pip", "index", "versions", "setuptools", "--disable-pip-version-check"]
    if subprocess.run(command, capture_output=True, timeout=60, check=False).returncode:
        pytest.skip("no package index can be reached")
    yield


@pytest.mark.skipif(os.name == "nt", reason="the commands are for a POSIX shell")
def test_install_and_demo(copy: Path, root: Path, home: Path, network: None) -> None:
    """The first command of the README installs the project and shows a release, with nothing but Python and git."""
    line = _commands(root, "vwmp-release demo")
    assert line == "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/vwmp-release demo"
    done = subprocess.run(
        ["sh", "-ec", line], cwd=copy, env=_bare_environment(home), capture_output=True, text=True, timeout=280
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ Released 0.2.0" in done.stdout
    assert "tag: v0.2.0" in done.stdout
    assert not (copy / "vwmp-demo").exists()


def _bare_environment(home: Path) -> dict[str, str]:
    """Return what a new user's shell has: no git identity, and `python3` of this interpreter's version first."""
    bin_folder = home / "bin"
    bin_folder.mkdir()
    (bin_folder / "python3").symlink_to(getattr(sys, "_base_executable", sys.executable))
    kept = {
        key: value
        for key, value in os.environ.items()
        if key.startswith(("PIP_", "SSL_", "UV_")) or key.lower().endswith("_proxy") or key in ("LANG", "TMPDIR")
    }
    path = os.pathsep.join([str(bin_folder), os.environ["PATH"]])
    empty = home / "empty"
    empty.mkdir()
    return {**kept, "PATH": path, "HOME": str(empty), "PYTHONUTF8": "1"}


def test_test_command(root: Path) -> None:
    """The README's test command is the one that continuous integration runs, to the letter."""
    command = _commands(root, "/pytest")
    script = (root / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert script.count(command) == 1
    assert script[-1] == command


def test_commands_exist(root: Path) -> None:
    """Every command and option of the README's second block is one that the program knows."""
    for line in _commands(root, "vwmp-release plan  ").splitlines():
        words = line.partition("#")[0].split()
        assert words[0] == "vwmp-release"
        text = subprocess.run(
            [sys.executable, "-m", "vwmp_release", words[1], "--help"], capture_output=True, text=True, check=True
        ).stdout
        assert text.startswith("Usage: ")
        assert all(option in text for option in words[2:])
