"""Fixtures of the door tests: the action's launcher as a module, and the linters of workflow files."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sysconfig
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml


@pytest.fixture(scope="session")
def launch(root: Path) -> ModuleType:
    """Load the action's launcher, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("vwmp_action_launch", root / ".github" / "action" / "launch.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def action(root: Path) -> Any:
    """Give the action's definition."""
    return yaml.safe_load((root / "action.yml").read_text(encoding="utf-8"))


@pytest.fixture
def lint(call: Callable[..., Any], root: Path) -> Callable[..., Any]:
    """Run a linter of this environment in the root, or skip where it is not installed."""

    def run(name: str, *args: str, **options: Any) -> Any:
        path = shutil.which(name, path=sysconfig.get_path("scripts"))
        if path is None:
            pytest.skip(f"{name} is not installed")
        # The scripts' folder on PATH: actionlint calls shellcheck, which is installed beside it.
        env = {"PATH": os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])}
        return call([path, *args], root, env=env, **options)

    return run
