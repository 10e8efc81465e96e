"""Fixtures of the packaging tests: the tools as child processes, and the wheel, built once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

SOURCES = ("vwmp_release", "plugins")
_SHIPPED = ("pyproject.toml", "README.md", "LICENSE", *SOURCES)


def _run(*argv: str | os.PathLike[str], cwd: Path) -> str:
    """Run a command and return what it printed; a failure fails the test with its output."""
    done = subprocess.run(argv, cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=280, check=False)
    if done.returncode:
        pytest.fail(f"{' '.join(map(str, argv))}\n{done.stdout}{done.stderr}", pytrace=False)
    return done.stdout


@pytest.fixture(scope="session")
def run() -> Callable[..., str]:
    """Run a command; its output is the failure message."""
    return _run


@pytest.fixture(scope="session")
def tool(root: Path) -> Callable[..., str]:
    """Run a tool of this environment in the root: `tool("ruff", "check", ".")`."""

    def run_tool(name: str, *args: str, cwd: Path = root) -> str:
        path = shutil.which(name, path=sysconfig.get_path("scripts"))
        if path is None:
            pytest.fail(f"{name} is not installed; pip install -e '.[test]'", pytrace=False)
        return _run(path, *args, cwd=cwd)

    return run_tool


@pytest.fixture(scope="session")
def shipped(root: Path) -> set[str]:
    """Give the files that the wheel must hold, as paths inside it."""
    names = set()
    for source in SOURCES:
        for path in sorted((root / source).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                name = path.relative_to(root).as_posix()
                names.add(f"vwmp_release/{name}" if source == "plugins" else name)
    return names


@pytest.fixture(scope="session")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the sources, so that no earlier build can leave anything in it."""
    copy = tmp_path_factory.mktemp("sources")
    for name in _SHIPPED:
        if (root / name).is_dir():
            shutil.copytree(root / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (root / name).exists():
            shutil.copy2(root / name, copy / name)
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist", ".", cwd=copy)
    (built,) = (copy / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="session")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the wheel's content."""
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


class Installed(NamedTuple):
    """An environment in which the wheel is installed."""

    python: Path
    script: Path


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Install the wheel into an environment of its own, whose dependencies are those of this one: no network."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    scripts, suffix = (folder / "Scripts", ".exe") if os.name == "nt" else (folder / "bin", "")
    python = scripts / f"python{suffix}"
    site = Path(_run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip())
    install: Sequence[str] = ("install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check")
    _run(sys.executable, "-m", "pip", "--python", python, *install, wheel, cwd=folder)
    # After the installation: pip must not find the editable one. A path in a `.pth` has its own `.pth` files ignored.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return Installed(python, scripts / f"vwmp-release{suffix}")
