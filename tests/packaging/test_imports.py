"""Importing has no side effects, and the quick paths load only what they need."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

_THIRD_PARTY = {"click", "git", "jinja2", "jsonschema", "rich", "semver", "yaml"}
_IMPORT_ONE = """\
import os, sys, threading
before = dict(os.environ), os.getcwd(), sorted(os.listdir()), [*sys.path]
__import__(sys.argv[1])
assert (dict(os.environ), os.getcwd(), sorted(os.listdir()), [*sys.path]) == before, "changes its surroundings"
assert threading.active_count() == 1, "starts a thread"
"""


def _modules() -> list[str]:
    """Name every module of the package; `plugins/` is `vwmp_release.plugins`."""
    root = Path(__file__).resolve().parents[2]
    files = [*(root / "vwmp_release").rglob("*.py"), *(root / "plugins").rglob("*.py")]
    names = [path.relative_to(root).with_suffix("").parts for path in files if path.name != "__main__.py"]
    dotted = [".".join(part for part in name if part != "__init__") for name in names]
    return sorted(name if name.startswith("vwmp_release") else f"vwmp_release.{name}" for name in dotted)


@pytest.fixture
def loaded(call: Callable[..., Any], tmp_path: Path) -> Callable[..., set[str]]:
    """Tell which top-level modules a child process holds after it ran some code."""

    def ask(code: str, *args: str) -> set[str]:
        report = "import atexit, json, sys\natexit.register(lambda: json.dump([*sys.modules], open('loaded', 'w')))\n"
        # Without the coverage hook, which loads modules of its own before anything else runs.
        env = {"COVERAGE_PROCESS_START": None, "COVERAGE_PROCESS_CONFIG": None}
        done = call([sys.executable, "-c", report + code, *args], tmp_path, env=env)
        assert done.code == 0, str(done)
        return {name.partition(".")[0] for name in json.loads((tmp_path / "loaded").read_text(encoding="utf-8"))}

    return ask


def test_every_third_party_name_is_known() -> None:
    """The names that the tests below look for can be imported here, so none is misspelt."""
    assert [name for name in sorted(_THIRD_PARTY) if importlib.util.find_spec(name) is None] == []


def test_package_loads_nothing_else(loaded: Callable[..., set[str]]) -> None:
    """`import vwmp_release` loads no third-party module."""
    names = loaded("import vwmp_release")
    assert "vwmp_release" in names
    assert names & _THIRD_PARTY == set()
    assert names - set(sys.stdlib_module_names) <= loaded("pass") | {"vwmp_release"}


@pytest.mark.parametrize(
    "args",
    [("--version",), ("lint-message", "message")],
    ids=["version", "lint-message"],
)
def test_quick_path_stays_lazy(loaded: Callable[..., set[str]], tmp_path: Path, args: tuple[str, ...]) -> None:
    """`--version` and `lint-message` answer without click, YAML, JSON Schema or GitPython."""
    (tmp_path / "message").write_text("fix: close the file\n", encoding="utf-8")
    names = loaded("import runpy\nrunpy.run_module('vwmp_release', run_name='__main__', alter_sys=True)", *args)
    assert "vwmp_release" in names
    assert names & _THIRD_PARTY == set()


@pytest.mark.parametrize("module", _modules())
def test_module_imports_alone(call: Callable[..., Any], tmp_path: Path, module: str) -> None:
    """The module can be imported first, prints nothing, and changes nothing around it."""
    done = call([sys.executable, "-W", "error", "-c", _IMPORT_ONE, module], tmp_path)
    assert (done.code, done.out, done.err) == (0, "", ""), str(done)
