"""Finds configuration keys that nothing declares."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ...errors import Problem, nearest
from ...support.yaml_tree import TreePath
from .model import Config
from .schema import ENGINE_PROPERTIES

Declared = Mapping[str, Collection[str]]
_DEFAULT_TYPE = "release"


def unknown_keys(config: Config, *, handlers: Declared, adapters: Declared, types: Declared) -> list[Problem]:
    """Return a problem for each configuration key, handler, adapter and workflow type that nothing declares.

    Args:
        config: The configuration.
        handlers: Keys of each handler; all handlers that are loaded.
        adapters: Keys of each adapter, likewise.
        types: Keys of each workflow type's own schema; at least of those that the configuration gives a `config`.
    """
    shared = {*ENGINE_PROPERTIES}.union(*handlers.values(), *adapters.values())
    found: list[Problem] = []
    for name in _table(config, "step_handlers"):
        found += _named(config, ("step_handlers", name), "step handler", handlers, engine={*ENGINE_PROPERTIES})
    for name in _table(config, "integration_adapters"):
        found += _named(config, ("integration_adapters", name), "integration adapter", adapters)
    for name, section in _table(config, "workflow_types").items():
        if _mapping(section).get("config"):
            found += _named(config, ("workflow_types", name), "workflow type", types, engine=shared)
    for name, section in _table(config, "workflows").items():
        type_name = _mapping(section).get("type", name if name in types else _DEFAULT_TYPE)
        if type_name in types:  # a workflow of an unknown type is refused where it is used
            found += _keys(config, ("workflows", name, "config"), shared.union(types[type_name]))
    found += _keys(config, ("defaults",), shared.union(*types.values()))
    return found


def _named(
    config: Config, path: TreePath, kind: str, declared: Declared, engine: Collection[str] = ()
) -> Iterator[Problem]:
    name = str(path[-1])
    if name in declared:
        yield from _keys(config, (*path, "config"), {*engine, *declared[name]})
    else:
        where = str(path[0])
        yield Problem(f"unknown {kind} '{name}'", where, config.key_place(path), nearest(name, list(declared)))


def _keys(config: Config, path: TreePath, known: Collection[str]) -> Iterator[Problem]:
    for key in _mapping(config.get(*path)):
        if key not in known:
            where = ".".join(map(str, path))
            yield Problem(f"unknown key '{key}'", where, config.key_place((*path, key)), nearest(key, list(known)))


def _table(config: Config, section: str) -> Mapping[str, Any]:
    return _mapping(config.get(section))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
