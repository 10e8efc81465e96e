"""Discovery of installed distributions through entry points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

from ...errors import PluginError, VwmpError
from .failure import asked
from .folders import adopt, register_module
from .info import PluginInfo
from .manifest import read
from .registry import PluginRegistry

KINDS = {
    "vwmp.workflow_types": "workflow type",
    "vwmp.step_handlers": "step handler",
    "vwmp.integration_adapters": "integration adapter",
}
PLUGINS = "vwmp.plugins"


def discover(registry: PluginRegistry, wanted: Callable[[str], bool] = lambda name: True) -> None:
    """Find the plugins of installed distributions; single classes stay unimported until they are used.

    Args:
        registry: Takes what is found; a plugin that fails is kept with its problem.
        wanted: Says which plugins to take, by the distribution's name or the entry point's name.
    """
    from importlib.metadata import entry_points  # lazily: 15 ms that only this method of discovery pays

    singles: dict[str, PluginInfo] = {}
    for group, kind in KINDS.items():
        for point in sorted(entry_points(group=group)):
            info = _info(point)
            if wanted(info.name) or wanted(point.name):
                _register(registry, singles.setdefault(info.name, info), kind, point)
    for point in sorted(entry_points(group=PLUGINS)):
        info = _info(point)
        if wanted(point.name) or wanted(info.name):
            info.name = point.name
            registry.plugins.append(info)
            _whole(registry, info, point)


def _info(point: EntryPoint) -> PluginInfo:
    distribution = point.dist
    name = distribution.name if distribution is not None else point.name
    version = distribution.version if distribution is not None else ""
    return PluginInfo(name, "entry point", f"{name} {version}".strip(), version=version, state="loaded")


def _register(registry: PluginRegistry, info: PluginInfo, kind: str, point: EntryPoint) -> None:
    reference = f"{point.module}:{point.attr}"
    try:
        with registry.registering(info):
            if kind == "step handler":
                registry.register_step_handler(point.name, reference)
            elif kind == "workflow type":
                registry.register_workflow_type(reference, name=point.name)
            else:
                registry.register_integration_adapter(reference, name=point.name)
    except VwmpError as error:  # the distribution's other entry points stand
        registry.plugins.append(replace(info, name=point.name, state="failed", problem=str(error), kinds=[]))
    else:
        if not any(known is info for known in registry.plugins):
            registry.plugins.append(info)


def _whole(registry: PluginRegistry, info: PluginInfo, point: EntryPoint) -> None:
    import importlib.util  # lazily, as above

    module_name = point.value.partition(":")[0].strip()
    try:
        spec = asked(lambda: importlib.util.find_spec(module_name), f"{info}: the search for {module_name}")
        if spec is None or spec.origin is None:
            raise PluginError(f"{info}: there is no module {module_name}")
        is_package = spec.submodule_search_locations is not None
        info.package = module_name if is_package else module_name.rpartition(".")[0]
        manifest_file = Path(spec.origin).parent / "config.yaml"
        if is_package and manifest_file.is_file():
            adopt(registry, info, read(manifest_file, point.name, shown=f"{info.path}: config.yaml"))
            info.state, info.activate = "discovered", lambda: _activate(registry, info, module_name)
        else:
            with registry.registering(info):
                _activate(registry, info, module_name)
    except VwmpError as error:
        info.state, info.problem = "failed", str(error)


def _activate(registry: PluginRegistry, info: PluginInfo, module_name: str) -> None:
    import importlib  # lazily, as above

    module = asked(lambda: importlib.import_module(module_name), f"{info}: the import of {module_name}")
    register_module(registry, info, module)
