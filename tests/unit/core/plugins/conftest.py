"""Plugins written inside the tests."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from vwmp_release.core.plugins.registry import PluginRegistry

HANDLER = """
from vwmp_release.interfaces import StepHandler, StepResult, StepStatus, ValidationResult

class {name}(StepHandler):
    effect = "none"
    def execute(self, context):
        return StepResult(context.step_id, StepStatus.SUCCESS, output={{"from": "{name}"}})
    def validate_config(self, config):
        return ValidationResult(True)
    def get_config_schema(self):
        return {{"type": "object", "properties": {{"size": {{"type": "integer", "default": 3}}}}}}
    def get_step_info(self):
        return {{"name": "{name}", "icon": "x"}}
"""


class Plugins:
    """A directory of folder plugins."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(exist_ok=True)

    def write(self, name: str, init: str | None = None, manifest: str | None = None, **files: str) -> Path:
        """Write a plugin; without `init` it registers one handler `NAME.go`; more files by module name."""
        folder = self.directory / name
        folder.mkdir()
        usual = HANDLER.format(name="Go") + (
            f"def register_plugin(registry):\n    registry.register_step_handler('{name}.go', Go())\n"
        )
        (folder / "__init__.py").write_text(usual if init is None else dedent(init), encoding="utf-8")
        if manifest is not None:
            (folder / "config.yaml").write_text(dedent(manifest), encoding="utf-8")
        for module, text in files.items():
            (folder / f"{module}.py").write_text(dedent(text), encoding="utf-8")
        return folder

    def discover(self) -> PluginRegistry:
        """Discover them with a registry of its own."""
        registry = PluginRegistry([self.directory])
        registry.discover_plugins()
        return registry


@pytest.fixture
def plugins(tmp_path: Path) -> Iterator[Plugins]:
    """Give an empty plugin directory; its modules are forgotten afterwards, `sys.path` must not have changed."""
    path = list(sys.path)
    yield Plugins(tmp_path / "plugins")
    assert sys.path == path
    for name in [name for name in sys.modules if name.startswith("vwmp_folder_plugin_")]:
        del sys.modules[name]


@pytest.fixture
def handler_source() -> Callable[[str], str]:
    """Give the source of a handler class by name."""
    return lambda name: HANDLER.format(name=name)
