"""The lifecycle of plugins in a run: checked and initialized when first used, cleaned up at the end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...errors import ConfigError, PluginError, Problem
from ...interfaces import IntegrationAdapter, ValidationResult, WorkflowTypePlugin
from .failure import asked
from .registry import PluginRegistry


class MissingAdapter(PluginError, KeyError):
    """There is no such adapter, or the configuration switched it off."""


class LazyAdapters(Mapping[str, IntegrationAdapter]):
    """The adapters of a run: each is made, checked and initialized when it is first asked for.

    Args:
        registry: Gives the adapters.
        settings: Resolves an adapter's configuration, by name.
        disabled: Names that the configuration switched off.
    """

    def __init__(
        self, registry: PluginRegistry, settings: Callable[[str], dict[str, Any]], disabled: frozenset[str]
    ) -> None:
        self._registry = registry
        self._settings = settings
        self._disabled = disabled
        self._names = [name for name in registry.adapter_names() if name not in disabled]
        self._made: dict[str, IntegrationAdapter] = {}
        self._lock = threading.RLock()

    def __getitem__(self, name: str) -> IntegrationAdapter:
        with self._lock:
            if name not in self._made:
                self._made[name] = self._initialized(name)
            return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def cleanup(self) -> list[str]:
        """Clean up what was initialized, the last first; returns what went wrong, a sentence each."""
        problems = []
        for name, adapter in reversed(self._made.items()):
            try:
                asked(adapter.cleanup, f"the cleanup of the adapter {name}")
            except PluginError as error:
                problems.append(str(error))
        self._made.clear()
        return problems

    def _initialized(self, name: str) -> IntegrationAdapter:
        adapter = self._registry.get_adapter(name) if name in self._names else None
        if adapter is None:
            is_off = name in self._disabled
            hint = f"set integration_adapters.{name}.enabled: true" if is_off else ""
            raise MissingAdapter(f"the adapter {name!r} is {'disabled' if is_off else 'unknown'}", hint=hint)
        config = self._settings(name)
        what = f"the adapter {name}"
        result = verdict(lambda: adapter.validate_config(dict(config)), f"{what}: validate_config")
        if not result.valid:
            raise ConfigError([Problem(text, f"integration_adapters.{name}.config") for text in result.errors])
        asked(lambda: adapter.initialize(config), f"{what}: initialize")
        return adapter


class StartedType:
    """A workflow type in a run: initialized at its start, cleaned up at its end.

    Args:
        name: The type's name.
        plugin: The type.
    """

    def __init__(self, name: str, plugin: WorkflowTypePlugin | None) -> None:
        self._what = f"the workflow type {name}"
        self._plugin = plugin
        self._is_started = False

    def start(self, config: dict[str, Any]) -> None:
        """Initialize it.

        Args:
            config: The workflow-level configuration.

        Raises:
            PluginError: It failed.
        """
        plugin = self._plugin
        if plugin is not None:
            asked(lambda: plugin.initialize(config), f"{self._what}: initialize")
            self._is_started = True

    def cleanup(self) -> list[str]:
        """Clean up, if it was initialized; returns what went wrong."""
        if self._plugin is None or not self._is_started:
            return []
        self._is_started = False
        try:
            asked(self._plugin.cleanup, f"the cleanup of {self._what.removeprefix('the ')}")
        except PluginError as error:
            return [str(error)]
        return []


def verdict(ask: Callable[[], Any], what: str) -> ValidationResult:
    """Ask plugin code whether something is right; an invalid answer has at least one error.

    Args:
        ask: Asks it.
        what: What is asked, for messages.

    Raises:
        PluginError: It raised something, or gave no answer.
    """
    result: Any = asked(ask, what)
    if not isinstance(result, ValidationResult):
        raise PluginError(f"{what} returned {result!r}, not a ValidationResult")
    errors, warnings = _sentences(result.errors), _sentences(result.warnings)
    if not result.valid and not errors:
        errors = ["is refused without a reason"]
    return ValidationResult(bool(result.valid), errors, warnings)


def _sentences(found: Any) -> list[str]:
    if isinstance(found, list | tuple):
        return [str(text) for text in found]
    return [str(found)] if found else []
