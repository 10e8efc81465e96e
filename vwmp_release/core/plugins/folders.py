"""File-based discovery: every folder with an `__init__.py` in a directory is a plugin."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from ... import __version__
from ...errors import PluginError, VwmpError
from .contract import broken, incompatible
from .info import PluginInfo
from .manifest import Manifest, read

if TYPE_CHECKING:
    from .registry import PluginRegistry

_PREFIX = "vwmp_folder_plugin_"


def discover(
    registry: PluginRegistry,
    directory: Path,
    *,
    shown: str,
    package: str | None = None,
    wanted: Callable[[str], bool] = lambda name: True,
    refused: Callable[[Path], str] = lambda folder: "",
    importing: bool = True,
) -> None:
    """Find the plugins in a directory and declare what they offer.

    A plugin with a manifest is not imported before it is used; one without is imported now. One that fails is kept in
    `registry.plugins` with its problem, and the others go on.

    Args:
        registry: Takes what is found.
        directory: The directory to scan, one level deep.
        shown: The directory as the user wrote it, for messages.
        package: Package that the folders belong to, for the built-ins; None gives each a private module name.
        wanted: Says which plugins to take, by the folder's name or the manifest's.
        refused: Says why a folder must not be used; an empty string when it may.
        importing: False declares what manifests promise and imports nothing, now or later.
    """
    for folder in sorted(directory.iterdir()):
        if folder.name.startswith((".", "_")) or not os.path.isfile(folder / "__init__.py"):
            continue
        path = folder.name if package else f"{shown.rstrip('/')}/{folder.name}"
        info = PluginInfo(folder.name, "built-in" if package else "folder", path)
        info.package = f"{package}.{folder.name}" if package else f"{_PREFIX}{_key(folder)}"
        why = refused(folder)
        if why:
            info.state, info.problem = "refused", f"{info} is not used: {why}"
            registry.plugins.append(info)
            continue
        _discover_one(registry, info, folder, wanted, importing)


def _discover_one(
    registry: PluginRegistry, info: PluginInfo, folder: Path, wanted: Callable[[str], bool], importing: bool
) -> None:
    is_wanted = wanted(info.name)
    try:
        manifest_file = folder / "config.yaml"
        manifest = None
        if os.path.lexists(manifest_file):
            manifest = read(manifest_file, folder.name, shown=f"{info.path}/config.yaml")
            is_wanted = is_wanted or wanted(manifest.name)
        if not is_wanted:
            return
        if manifest is not None:
            adopt(registry, info, manifest)
            info.activate = (lambda: activate(registry, info, folder)) if importing else (lambda: _stay_out(info))
        elif not importing:
            info.state, info.problem = "not imported", f"{info} has no manifest, and this command imports no plugin"
        else:
            with registry.registering(info):
                activate(registry, info, folder)
            info.state = "loaded"
    except VwmpError as error:
        info.state, info.problem = "failed", str(error)
    if is_wanted:
        registry.plugins.append(info)


def _stay_out(info: PluginInfo) -> None:
    raise PluginError(f"{info} would have to be imported, which this command does not do")


def adopt(registry: PluginRegistry, info: PluginInfo, manifest: Manifest) -> None:
    """Declare what a manifest promises.

    Args:
        registry: Takes it.
        info: The plugin; gets the manifest's name, version and description.
        manifest: The manifest.

    Raises:
        PluginError: It does not fit this engine, or a name is taken.
    """
    info.name, info.version, info.description = manifest.name, manifest.version, manifest.description
    problem = incompatible(manifest.requires, __version__)
    if problem is not None:
        raise PluginError(f"{info}: {problem.what}")
    with registry.registering(info):
        for name in manifest.workflow_types:
            registry.declare(info, "workflow type", name, replaces=name in manifest.replaces)
        for name, properties in manifest.adapters.items():
            registry.declare(
                info, "integration adapter", name, replaces=name in manifest.replaces, properties=properties
            )
        for name, facts in manifest.handlers.items():
            registry.declare(info, "step handler", name, replaces=facts.replaces, facts=facts)


def activate(registry: PluginRegistry, info: PluginInfo, folder: Path) -> None:
    """Import a plugin's package and call its `register_plugin`; what fails leaves no module behind.

    Args:
        registry: Handed to the plugin; the caller attributes what is registered.
        info: The plugin.
        folder: Its folder.

    Raises:
        PluginError: Its code fails, or it has no `register_plugin`.
    """
    try:
        register_module(registry, info, _import(info, folder))
    except BaseException:
        if info.package.startswith(_PREFIX):
            for name in [n for n in sys.modules if n == info.package or n.startswith(f"{info.package}.")]:
                del sys.modules[name]
        raise


def register_module(registry: PluginRegistry, info: PluginInfo, module: ModuleType) -> None:
    """Call a plugin module's `register_plugin`.

    Args:
        registry: Handed to the plugin.
        info: The plugin.
        module: Its module.

    Raises:
        PluginError: There is no such function, or it fails.
    """
    register = getattr(module, "register_plugin", None)
    if not callable(register):
        raise PluginError(f"{info} has no register_plugin(registry) in its __init__.py")
    try:
        register(registry)
    except (PluginError, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise broken(info, "register_plugin failed", error) from error


def _import(info: PluginInfo, folder: Path) -> ModuleType:
    import importlib.util  # lazily: start-up without folder plugins does not need it

    try:
        if not info.package.startswith(_PREFIX):
            return importlib.import_module(info.package)
        known = sys.modules.get(info.package)
        if known is not None:
            return known
        spec = importlib.util.spec_from_file_location(
            info.package, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        if spec is None or spec.loader is None:  # never for a file that ends in .py; said for the type checker
            raise ImportError(f"no loader for {folder}")
        module = importlib.util.module_from_spec(spec)
        sys.modules[info.package] = module
        spec.loader.exec_module(module)
    except (PluginError, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise broken(info, "cannot be imported", error) from error
    return module


def allowed(directory: Path, root: Path) -> str:
    """Say why plugins must not be loaded from a directory; an empty string when they may.

    Inside the repository its configuration is the authority. Outside, the directory, its Python files and its manifest
    must belong to root or to the user, and nobody else may write to them.

    Args:
        directory: The directory, resolved.
        root: The repository's root, resolved.
    """
    if directory.is_relative_to(root):
        return ""
    if os.name == "nt":  # no owners and modes to look at; the user's own configuration names it
        return ""
    for path in (directory, *directory.glob("*.py"), *directory.glob("config.yaml")):
        status = path.stat()
        name = "it" if path == directory else path.name
        if status.st_uid not in (0, os.getuid()):
            return f"{name} belongs to another user"
        if status.st_mode & 0o022:
            return f"others may write to {name}"
    return ""


def _key(folder: Path) -> str:
    """A module name that no other folder has."""
    import zlib  # lazily: only folder plugins need it

    safe = "".join(c if c.isalnum() and c.isascii() else "_" for c in folder.name)
    return f"{safe}_{zlib.crc32(str(folder.resolve()).encode()):08x}"
