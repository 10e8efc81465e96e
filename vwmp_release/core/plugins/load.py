"""Which plugins load: the built-ins always, and what the configuration names, nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ...errors import ConfigError, Problem, nearest
from ..config import Config
from . import builtin, folders
from .info import PluginInfo
from .plain_types import DESCRIPTIONS, PlainWorkflowType
from .registry import PluginRegistry


def load(config: Config, *, built_in_only: bool = False, importing: bool = True) -> PluginRegistry:
    """Return the registry of this configuration.

    Args:
        config: The configuration.
        built_in_only: Whether folder and entry-point plugins are left alone, as for commands that need none.
        importing: False takes what the manifests of folder plugins promise, and imports no plugin of a user.

    Raises:
        ConfigError: A plugin directory is missing or must not be used; all problems at once.
    """
    registry = PluginRegistry()
    folders.discover(registry, builtin.folder(), shown="built-in", package=builtin.PACKAGE)
    section = config.get("plugins", default={}) or {}
    if not built_in_only and section.get("enabled", True) is not False:
        _discover(registry, config, importing)
    with registry.registering(PluginInfo("engine", "built-in", "engine")):
        for name in DESCRIPTIONS:
            if name not in registry.type_names():
                registry.register_workflow_type(PlainWorkflowType(name))
    return registry


def _discover(registry: PluginRegistry, config: Config, importing: bool) -> None:
    discovery = config.get("plugins", "discovery", default={}) or {}
    method = discovery.get("method", "file_based")
    problems: list[Problem] = []
    directories: list[tuple[str, Path]] = []
    if method in ("file_based", "both"):
        directories = _directories(config, discovery.get("directories") or [], problems)
    if problems:
        raise ConfigError(problems)
    registry.plugin_directories = [directory for _, directory in directories]
    if config.get("plugins", "trust") == "locked":
        _refuse(registry, directories, method)
        return
    wanted = _wanted(config)
    asked: set[str] = set()

    def noted(name: str) -> bool:
        asked.add(name)
        return wanted(name)

    root = config.root.resolve()
    for shown, directory in directories:
        folders.discover(
            registry, directory, shown=shown, wanted=noted, refused=lambda f: folders.allowed(f.resolve(), root),
            importing=importing,
        )  # fmt: skip
    if not importing:
        return
    if method in ("entry_points", "both"):
        from . import entry_points  # lazily: importlib.metadata costs 15 ms

        entry_points.discover(registry, noted)
    _refuse_unfound(config, asked)


def _wanted(config: Config) -> Callable[[str], bool]:
    if config.get("plugins", "auto_load", default=True) is not False:
        return lambda name: True
    named = set(config.get("plugins", "load", default=[]) or [])
    return lambda name: name in named


def _refuse_unfound(config: Config, found: set[str]) -> None:
    if config.get("plugins", "auto_load", default=True) is not False:
        return  # what `load` names makes no difference then
    problems = [
        Problem(f"there is no plugin {name!r}", "plugins.load", config.value_place(("plugins", "load", index)),
                nearest(name, sorted(found)))
        for index, name in enumerate(config.get("plugins", "load", default=[]) or []) if name not in found
    ]  # fmt: skip
    if problems:
        raise ConfigError(problems)


def _directories(config: Config, items: list[str], problems: list[Problem]) -> list[tuple[str, Path]]:
    found = []
    for index, item in enumerate(items):
        path = ("plugins", "discovery", "directories", index)
        directory = (config.root / item).resolve()
        why = "does not exist" if not directory.is_dir() else folders.allowed(directory, config.root.resolve())
        why = why or ("" if os.access(directory, os.R_OK | os.X_OK) else "it cannot be read")
        if why:
            hint = "plugin directories outside the repository must belong to you or to root, writable by nobody else"
            problems.append(
                Problem(f"the plugin directory {item!r} is not used: {why}" if directory.is_dir()
                        else f"the plugin directory {item!r} {why}", "plugins.discovery.directories",
                        config.value_place(path), hint if directory.is_dir() else "")
            )  # fmt: skip
        else:
            found.append((item, directory))
    return found


def _refuse(registry: PluginRegistry, directories: list[tuple[str, Path]], method: str) -> None:
    """Under `trust: locked` nothing loads that a lock file does not name, and this version reads no lock file."""
    why = "plugins.trust is locked and there is no lock file: only built-in plugins load"
    for shown, _ in directories:
        registry.plugins.append(PluginInfo(shown, "folder", shown, state="refused", problem=why))
    if method != "file_based":
        registry.plugins.append(PluginInfo("entry points", "entry point", method, state="refused", problem=why))
