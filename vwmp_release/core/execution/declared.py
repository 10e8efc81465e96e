"""The configuration keys that handlers, adapters and the workflow's type declare.

A plugin that cannot say its keys declares none here: what is wrong with it is said where it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import PluginError, Problem
from ..config import ENGINE_PROPERTIES, Config, unknown_keys
from ..plugins.contract import properties_of
from ..plugins.failure import asked
from ..plugins.registry import PluginRegistry
from ..workflow.definition import WorkflowDefinition

Properties = Mapping[str, Mapping[str, Any]]
ENGINE_KEYS: Properties = {key: ENGINE_PROPERTIES[key] for key in ("workspace", "workspace_link")}
"""The engine's keys that every step takes; a workflow takes all of `ENGINE_PROPERTIES`."""


class DeclaredKeys:
    """What the plugins declare, for one workflow.

    Args:
        registry: The plugins.
        workflow: The workflow.
    """

    def __init__(self, registry: PluginRegistry, workflow: WorkflowDefinition) -> None:
        self._registry = registry
        self._workflow = workflow
        self._whole: dict[str, Mapping[str, Any]] | None = None

    def of_handler(self, name: str) -> Properties:
        """Return the keys of a handler."""
        if name not in self._registry.handler_names():
            return {}
        try:
            return self._registry.facts(name).properties
        except PluginError:
            return {}

    def of_adapter(self, name: str) -> Properties:
        """Return the keys of an adapter."""
        try:
            return self._registry.adapter_properties(name)
        except PluginError:
            return {}

    def of_type(self, name: str) -> Properties:
        """Return the keys of a workflow type's own schema."""
        what = f"the workflow type {name}: get_config_schema"
        try:
            plugin = self._registry.get_workflow_type(name)
            return properties_of(asked(plugin.get_config_schema, what), what) if plugin is not None else {}
        except PluginError:
            return {}

    def of_workflow_itself(self) -> Properties:
        """Return the keys that belong to the workflow as a whole: the engine's and its type's."""
        return {**ENGINE_PROPERTIES, **self.of_type(self._workflow.type)}

    def of_workflow(self) -> Properties:
        """Return the union of all keys; where two handlers give a key different defaults, it has none of them here."""
        if self._whole is None:
            union: dict[str, Mapping[str, Any]] = {**self.of_workflow_itself()}
            for step in self._workflow.steps:
                for key, schema in self.of_handler(step.handler).items():
                    known = union.setdefault(key, schema)
                    if known.get("default") != schema.get("default"):
                        union[key] = {k: v for k, v in known.items() if k != "default"}
            self._whole = union
        return self._whole

    def runtime_keys(self) -> set[str]:
        """Return every key that may be given at run time: of the workflow, its handlers and the adapters."""
        adapters = (self.of_adapter(name) for name in self._registry.adapter_names())
        return {*self.of_workflow()}.union(*adapters)

    def unknown(self, config: Config) -> list[Problem]:
        """Return a problem for each key, handler, adapter and type of the configuration that nothing declares.

        Args:
            config: The configuration.
        """
        registry = self._registry
        types: dict[str, set[str]] = {}
        for name in registry.type_names():
            has_config = name == self._workflow.type or config.get("workflow_types", name, "config")
            types[name] = set(self.of_type(name)) if has_config else set()
        found = unknown_keys(
            config,
            handlers={name: set(self.of_handler(name)) for name in registry.handler_names()},
            adapters={name: set(self.of_adapter(name)) for name in registry.adapter_names()},
            types=types,
        )
        return [self._explained(problem) for problem in found]

    def _explained(self, problem: Problem) -> Problem:
        """Something is unknown because a plugin is broken, more often than because of a wrong name."""
        if problem.what.startswith("unknown key"):
            return problem
        hints = [problem.hint] if problem.hint else []
        return problem._replace(hint="\n    ".join([*hints, *self._registry.failures()]))
