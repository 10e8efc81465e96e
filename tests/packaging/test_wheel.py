"""The wheel holds the tree, installs, starts, and gives its types to those who import it."""

from __future__ import annotations

import re
import shutil
import tomllib
import zipfile
from collections.abc import Callable
from email.message import Message
from email.parser import Parser
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def project(root: Path) -> Any:
    """Give the table `project` of pyproject.toml."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def metadata(unpacked: Path) -> Message:
    """Give the metadata that the wheel carries."""
    (path,) = unpacked.glob("*.dist-info/METADATA")
    return Parser().parsestr(path.read_text(encoding="utf-8"))


def test_content_is_the_tree(wheel: Path, shipped: set[str]) -> None:
    """Every source, manifest and schema of the tree is in the wheel, and nothing else beside its metadata."""
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == shipped
    assert {"vwmp_release/py.typed", "vwmp_release/plugins/git/config.yaml"} <= held
    assert {Path(name).suffix for name in held} <= {".py", ".json", ".yaml", ".typed"}


def test_metadata_is_the_project(metadata: Message, project: Any) -> None:
    """Name, version, Python versions, licence and dependencies are those of pyproject.toml."""
    assert (metadata["Name"], metadata["Version"]) == (project["name"], project["version"])
    assert (metadata["Requires-Python"], metadata["License-Expression"]) == (">=3.11", "MIT")
    required = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert sorted(required) == sorted(project["dependencies"])
    assert {"templates", "hooks", "test"} <= set(metadata.get_all("Provides-Extra", []))


def test_version_stands_once(project: Any, root: Path) -> None:
    """The package says the version that pyproject.toml says."""
    source = (root / "vwmp_release" / "__init__.py").read_text(encoding="utf-8")
    assert re.findall(r'^__version__ = "(.+)"$', source, re.M) == [project["version"]]


@pytest.mark.parametrize("name", ["vwmp-release", "vwmp"])
def test_console_script(unpacked: Path, name: str) -> None:
    """Both console scripts start the same function."""
    (path,) = unpacked.glob("*.dist-info/entry_points.txt")
    assert f"\n{name} = vwmp_release.__main__:main\n" in f"\n{path.read_text(encoding='utf-8')}\n"


def test_starts_once_installed(installed: Any, run: Callable[..., str], project: Any, tmp_path: Path) -> None:
    """The console script and `python -m` of the installed wheel print name and version."""
    expected = f"vwmp-release {project['version']}\n"
    assert run(installed.script, "--version", cwd=tmp_path) == expected
    assert run(installed.python, "-m", "vwmp_release", "--version", cwd=tmp_path) == expected


def test_installed_finds_its_plugins(installed: Any, run: Callable[..., str], tmp_path: Path) -> None:
    """The installed wheel's own plugins are found below the installed package, not in a checkout."""
    code = "import vwmp_release.plugins.release as p, vwmp_release as v; print(v.__file__); print(p.__file__)"
    package, plugin = map(Path, run(installed.python, "-I", "-c", code, cwd=tmp_path).splitlines())
    assert package.is_relative_to(installed.python.parents[1])
    assert plugin == package.parent / "plugins" / "release" / "__init__.py"


def test_types_fit_from_outside(tool: Callable[..., str], unpacked: Path, root: Path, tmp_path: Path) -> None:
    """The tests, as users of the package, type-check against the unpacked wheel."""
    shutil.copytree(root / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    for path in unpacked.iterdir():
        shutil.copytree(path, tmp_path / path.name)
    (tmp_path / "mypy.ini").write_text(
        "[mypy]\ncheck_untyped_defs = True\nnamespace_packages = True\nexplicit_package_bases = True\n"
        "ignore_missing_imports = True\nwarn_redundant_casts = True\n"
        # A None where a test expects a value fails that test by itself.
        "disable_error_code = union-attr, type-abstract\n",
        encoding="utf-8",
    )
    tool("mypy", "--config-file", "mypy.ini", "--cache-dir", ".cache", "tests", cwd=tmp_path)
