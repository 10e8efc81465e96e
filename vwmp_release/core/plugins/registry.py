"""The registry: which plugin offers what; classes are imported when first used."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from ...errors import PluginError, VwmpError
from ...interfaces import IntegrationAdapter, StepHandler, WorkflowTypeMetadata, WorkflowTypePlugin
from . import folders
from .contract import checked, described_facts, import_class, properties_of
from .failure import asked
from .info import Entry, Kind, PluginInfo
from .manifest import HandlerFacts
from .table import Loaded, Table

T = TypeVar("T")


class PluginRegistry:
    """Manages registration and lookup of plugins; see `interfaces.PluginRegistry` for what plugins may call.

    Args:
        plugin_directories: Folders that `discover_plugins` scans.
    """

    def __init__(self, plugin_directories: list[Path] | None = None) -> None:
        self.plugin_directories = plugin_directories or []
        self.plugins: list[PluginInfo] = []
        self._types = Table("workflow type", WorkflowTypePlugin)
        self._handlers = Table("step handler", StepHandler)
        self._adapters = Table("integration adapter", IntegrationAdapter)
        self._tables: dict[Kind, Table[Any]] = {
            table.kind: table for table in (self._types, self._handlers, self._adapters)
        }
        self._current = PluginInfo("direct", "direct", "registered in code")
        self._lock = threading.RLock()  # steps run in threads, and may call other handlers

    @property
    def workflow_types(self) -> Mapping[str, WorkflowTypePlugin]:
        """Workflow types by name; loaded when asked for."""
        return Loaded(self._types, self.get_workflow_type)

    @property
    def step_handlers(self) -> Mapping[str, StepHandler]:
        """Step handlers by name; loaded when asked for."""
        return Loaded(self._handlers, self.get_handler)

    @property
    def integration_adapters(self) -> Mapping[str, IntegrationAdapter]:
        """Integration adapters by name; loaded when asked for."""
        return Loaded(self._adapters, self.get_adapter)

    # registration -------------------------------------------------------------------------------------------------

    def register_workflow_type(
        self, plugin: WorkflowTypePlugin | str, *, name: str = "", replaces: bool = False
    ) -> None:
        """Register a workflow type; a string is `"module:Class"`, loaded when first used.

        Raises:
            PluginError: It breaks the interface, or the name is taken.
        """
        if not isinstance(plugin, str):
            plugin = checked(plugin, WorkflowTypePlugin, self._current)
            made = plugin
            name = name or asked(lambda: made.get_metadata().name, f"{self._current}: get_metadata")
        self._store(self._types, name, plugin, replaces)

    def register_step_handler(self, handler_path: str, handler: StepHandler | str, *, replaces: bool = False) -> None:
        """Register a step handler; a string is `"module:Class"`, loaded when first used.

        Raises:
            PluginError: It breaks the interface, or the name is taken.
        """
        if not isinstance(handler, str):
            handler = checked(handler, StepHandler, self._current)
        self._store(self._handlers, handler_path, handler, replaces)

    def register_integration_adapter(
        self, adapter: IntegrationAdapter | str, *, name: str = "", replaces: bool = False
    ) -> None:
        """Register an integration adapter; a string is `"module:Class"`, loaded when first used.

        Raises:
            PluginError: It breaks the interface, or the name is taken.
        """
        if not isinstance(adapter, str):
            adapter = checked(adapter, IntegrationAdapter, self._current)
            name = name or asked(adapter.get_adapter_name, f"{self._current}: get_adapter_name")
        self._store(self._adapters, name, adapter, replaces)

    def declare(self, plugin: PluginInfo, kind: Kind, name: str, *, replaces: bool = False, **known: Any) -> None:
        """Note what a manifest promises, before the plugin's code is imported.

        Args:
            plugin: The plugin.
            kind: What it offers.
            name: Under which name.
            replaces: Whether it takes the place of another of this name.
            **known: `facts` of a handler, `properties` of an adapter.

        Raises:
            PluginError: The name is taken.
        """
        self._tables[kind].add(name, Entry(plugin, **known), replaces=replaces)
        plugin.kinds.append((kind, name))

    @contextmanager
    def registering(self, plugin: PluginInfo) -> Iterator[None]:
        """Attribute registrations to a plugin; what it registered is taken back if it raises.

        Args:
            plugin: The plugin whose code runs.
        """
        with self._lock:
            outer, self._current = self._current, plugin
            kept = {kind: table.kept(plugin) for kind, table in self._tables.items()}
            kinds = list(plugin.kinds)
            try:
                yield
            except BaseException:
                for kind, table in self._tables.items():
                    table.put_back(plugin, kept[kind])
                plugin.kinds[:] = kinds
                raise
            finally:
                self._current = outer

    def unregister(self, plugin: PluginInfo) -> None:
        """Remove a plugin and all that it offers; what it replaced is in use again.

        Args:
            plugin: The plugin.
        """
        with self._lock:
            for table in self._tables.values():
                table.put_back(plugin, {})
            self.plugins[:] = [known for known in self.plugins if known is not plugin]

    def unregister_all(self) -> None:
        """Remove every plugin that was found, at the end of a program."""
        for plugin in list(self.plugins):
            self.unregister(plugin)

    # lookup -------------------------------------------------------------------------------------------------------

    def get_workflow_type(self, type_name: str) -> WorkflowTypePlugin | None:
        """Return the workflow type of this name, or None."""
        return self._load(self._types, type_name)

    def get_handler(self, handler_path: str) -> StepHandler | None:
        """Return the step handler of this name, or None."""
        return self._load(self._handlers, handler_path)

    def get_adapter(self, adapter_name: str) -> IntegrationAdapter | None:
        """Return the integration adapter of this name, or None."""
        return self._load(self._adapters, adapter_name)

    def handler_names(self) -> list[str]:
        """Return the names of all step handlers, loading none."""
        return self._handlers.names()

    def adapter_names(self) -> list[str]:
        """Return the names of all integration adapters, loading none."""
        return self._adapters.names()

    def type_names(self) -> list[str]:
        """Return the names of all workflow types, loading none."""
        return self._types.names()

    def failures(self) -> list[str]:
        """Return why plugins are not there that could be, a sentence or a few for each."""
        broken = [plugin for plugin in self.plugins if plugin.state in ("failed", "refused", "not imported")]
        return [p.problem if p.problem.startswith(str(p)) else f"{p}: {p.problem}" for p in broken]

    def origin(self, kind: Kind, name: str) -> PluginInfo:
        """Return the plugin that offers this name.

        Raises:
            KeyError: Nothing of this kind has the name.
        """
        return self._entry(self._tables[kind], name).plugin

    def facts(self, handler_path: str) -> HandlerFacts:
        """Return what the engine must know of a handler; a manifest says it without an import.

        Raises:
            PluginError: It cannot be loaded.
            KeyError: There is no such handler.
        """
        entry = self._entry(self._handlers, handler_path)
        if entry.facts is None:
            handler = self.get_handler(handler_path)
            entry = self._entry(self._handlers, handler_path)
            if handler is not None and entry.facts is None:
                entry.facts = described_facts(handler, entry.plugin)
        return entry.facts or HandlerFacts()

    def adapter_properties(self, name: str) -> Mapping[str, Any]:
        """Return the schema properties of an adapter's configuration.

        Raises:
            PluginError: It cannot be loaded.
            KeyError: There is no such adapter.
        """
        entry = self._entry(self._adapters, name)
        if entry.properties is None:
            adapter = self.get_adapter(name)
            entry = self._entry(self._adapters, name)
            if adapter is not None and entry.properties is None:
                what = f"{entry.plugin}: {type(adapter).__name__}.get_config_schema"
                entry.properties = properties_of(asked(adapter.get_config_schema, what), what)
        return entry.properties or {}

    def list_workflow_types(self) -> list[WorkflowTypeMetadata]:
        """List all workflow types; of one that cannot be loaded, the name and the reason."""
        found = []
        for name in self.type_names():
            try:
                plugin = self.workflow_types[name]
                found.append(asked(plugin.get_metadata, f"workflow type {name}: get_metadata"))
            except PluginError as error:
                found.append(WorkflowTypeMetadata(name, "", str(error)))
        return found

    def list_step_handlers(self) -> list[dict[str, Any]]:
        """List all step handlers: their step info with `handler`, `origin` and `effect`, or with `problem`."""
        found = []
        for name in self.handler_names():
            row: dict[str, Any] = {"handler": name, "origin": str(self.origin("step handler", name))}
            try:
                handler = self.step_handlers[name]
                info = asked(lambda: dict(handler.get_step_info()), f"handler {name}: get_step_info")  # noqa: B023
                row = {**info, **row, "effect": self.facts(name).effect.value}
            except PluginError as error:
                row["problem"] = str(error)
            found.append(row)
        return found

    def list_integration_adapters(self) -> list[dict[str, Any]]:
        """List all registered integration adapters: `name` and `origin`."""
        return [
            {"name": name, "origin": str(self.origin("integration adapter", name))} for name in self.adapter_names()
        ]

    def discover_plugins(self) -> None:
        """Discover plugins in `plugin_directories`; one that fails is named in `plugins`, the others go on."""
        for directory in self.plugin_directories:
            folders.discover(self, directory, shown=str(directory))

    # the inside ---------------------------------------------------------------------------------------------------

    def _entry(self, table: Table[T], name: str) -> Entry[T]:
        entry = table.used(name)
        if entry is None:
            raise KeyError(name)
        return entry

    def _store(self, table: Table[T], name: Any, value: T | str, replaces: bool) -> None:
        plugin = self._current
        if not name or not isinstance(name, str):
            raise PluginError(f"{plugin} registers a {table.kind} without a name")
        entry = Entry[T](plugin, reference=value) if isinstance(value, str) else Entry[T](plugin, value)
        if table.add(name, entry, replaces=replaces):
            plugin.kinds.append((table.kind, name))

    def _load(self, table: Table[T], name: str) -> T | None:
        with self._lock:
            entry = table.used(name)
            if entry is not None and entry.is_promise and entry.plugin is self._current:
                entry = table.below(name, entry.plugin)  # it is about to register its own, and asks for the old one
            if entry is None:
                return None
            if entry.is_promise and entry.plugin.activate is not None:
                self._activate(entry.plugin)
                entry = table.of(name, entry.plugin) or entry
            if entry.is_promise and entry.plugin.state == "failed":
                raise PluginError(entry.plugin.problem)
            if entry.is_promise:
                raise PluginError(f"{entry.plugin} declares {name!r} in its manifest, but does not register it")
            if entry.instance is None:
                entry.instance = checked(import_class(entry.reference, entry.plugin), table.interface, entry.plugin)
            return entry.instance

    def _activate(self, plugin: PluginInfo) -> None:
        activate, plugin.activate = plugin.activate, None
        if activate is None:
            return
        try:
            with self.registering(plugin):
                activate()
            plugin.state = "loaded"
        except VwmpError as error:
            plugin.state, plugin.problem = "failed", str(error)
            raise
