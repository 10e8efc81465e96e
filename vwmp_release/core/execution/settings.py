"""The effective configuration of a workflow: of each step, of each adapter, and of the workflow as a whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ...errors import ConfigError, PluginError, Problem, nearest
from ...interfaces import ValidationResult
from ..config import (
    Config,
    Resolved,
    Scope,
    adapter_layers,
    check_config,
    references,
    resolve,
    step_layers,
    substitute,
    unknown_keys,
    workflow_layers,
)
from ..plugins.registry import PluginRegistry
from ..workflow.definition import StepDefinition, WorkflowDefinition

ENGINE_KEYS: Mapping[str, Mapping[str, Any]] = {
    "workspace": {"type": "string", "enum": ["shadow", "in_place"], "description": "Where it runs"},
    "workspace_link": {
        "type": "array",
        "items": {"type": "string"},
        "description": "Untracked folders to link into the shadow, e.g. .venv",
    },
}
"""Keys that every step and every workflow takes."""

_DEFERRED = "${step-outputs."


class Settings:
    """Resolves configuration for one workflow in one run.

    Args:
        config: The configuration.
        registry: The plugins, for their schemas.
        workflow: The workflow.
        runtime: Values given for this run, by name.
        environ: The environment.
    """

    def __init__(
        self,
        config: Config,
        registry: PluginRegistry,
        workflow: WorkflowDefinition,
        *,
        runtime: Mapping[str, Any],
        environ: Mapping[str, str],
    ) -> None:
        self._config = config
        self._registry = registry
        self._workflow = workflow
        self._runtime = runtime
        self._environ = environ
        self.parameters: Mapping[str, Any] = {}
        self._whole: dict[str, Resolved] | None = None

    # resolved, with origins ---------------------------------------------------------------------------------------

    def resolved_step(self, step: StepDefinition) -> dict[str, Resolved]:
        """Return a step's configuration by key, each value with its origin; nothing is substituted.

        Args:
            step: The step.
        """
        from_template = bool(self._workflow.template)
        layers = step_layers(
            self._config,
            runtime=self._runtime,
            workflow=self._workflow.name,
            type_name=self._workflow.type,
            step_config={} if from_template else step.config,
            step_place=lambda key: self._workflow.place_of(("steps", step.index, "config", key)),
            handler=step.handler,
            template_config=step.config if from_template else {},
            template_defaults=self._workflow.template_defaults,
        )
        properties = {**ENGINE_KEYS, **self._registry.facts(step.handler).properties}
        return resolve(properties, layers, self._environ)

    def resolved_adapter(self, name: str) -> dict[str, Resolved]:
        """Return an adapter's configuration by key, each value with its origin; nothing is substituted.

        Args:
            name: The adapter.
        """
        layers = adapter_layers(
            self._config,
            runtime=self._runtime,
            workflow=self._workflow.name,
            type_name=self._workflow.type,
            adapter=name,
        )
        return resolve(self._registry.adapter_properties(name), layers, self._environ)

    def resolved_workflow(self) -> dict[str, Resolved]:
        """Return the workflow-level configuration by key, each value with its origin; nothing is substituted."""
        if self._whole is None:
            layers = workflow_layers(
                self._config,
                runtime=self._runtime,
                workflow=self._workflow.name,
                type_name=self._workflow.type,
                template_defaults=self._workflow.template_defaults,
            )
            self._whole = resolve(self._workflow_properties(), layers, self._environ)
        return self._whole

    # effective values ---------------------------------------------------------------------------------------------

    def step(self, step: StepDefinition) -> dict[str, Any]:
        """Return a step's effective configuration; references to outputs are left in place.

        Args:
            step: The step.

        Raises:
            ConfigError: It is wrong; all problems at once.
            PluginError: Its handler cannot be loaded.
        """
        resolved = self.resolved_step(step)
        where = f"step {step.id}"
        values, problems = self._substituted(resolved, where)
        problems += self._checked(values, resolved, self._registry.facts(step.handler).properties, where)
        unknown = set(step.config) - set(self._registry.facts(step.handler).properties) - set(ENGINE_KEYS)
        known = sorted({*self._registry.facts(step.handler).properties, *ENGINE_KEYS})
        for key in sorted(unknown):
            place = self._workflow.place_of(("steps", step.index, "config", key))
            problems.append(Problem(f"unknown key {key!r}", f"{where}.config", place, nearest(key, known)))
        for key in self._registry.facts(step.handler).required:
            if values.get(key) is None:
                problems.append(Problem(f"the key {key!r} is missing", f"{where}.config"))
        if problems:
            raise ConfigError(problems)
        handler = self._registry.get_handler(step.handler)
        result = handler.validate_config(dict(values)) if handler is not None else ValidationResult(True)
        if not result.valid:
            raise ConfigError(
                [Problem(text, f"{where}.config") for text in result.errors or ["is refused by its handler"]]
            )
        return {key: value for key, value in values.items() if key not in ENGINE_KEYS}

    def called(self, handler_path: str, config: Mapping[str, Any]) -> dict[str, Any]:
        """Return the effective configuration of a handler that another one calls.

        Args:
            handler_path: The called handler.
            config: What the caller gives; stands over everything but the run's own values.
        """
        return self.step(StepDefinition(id=handler_path, handler=handler_path, config=config, index=-1))

    def adapter(self, name: str) -> dict[str, Any]:
        """Return an adapter's effective configuration.

        Args:
            name: The adapter.

        Raises:
            ConfigError: It is wrong; all problems at once.
        """
        resolved = self.resolved_adapter(name)
        where = f"integration_adapters.{name}.config"
        values, problems = self._substituted(resolved, where)
        problems += self._checked(values, resolved, self._registry.adapter_properties(name), where)
        if problems:
            raise ConfigError(problems)
        return values

    def workflow(self) -> dict[str, Any]:
        """Return the workflow-level configuration, substituted.

        Raises:
            ConfigError: A reference in it is wrong.
        """
        values, problems = self._substituted(self.resolved_workflow(), f"workflow {self._workflow.name}")
        if problems:
            raise ConfigError(problems)
        return values

    def workflow_value(self, key: str, default: Any) -> Any:
        """Return one workflow-level value.

        Args:
            key: Its key.
            default: What to return when it has none.
        """
        found = self.resolved_workflow().get(key)
        return default if found is None or found.value is None else found.value

    def fill(self, values: Mapping[str, Any], outputs: Mapping[str, Mapping[str, Any]], where: str) -> dict[str, Any]:
        """Fill in what waited for the outputs of steps.

        Args:
            values: A step's configuration.
            outputs: Outputs by step id.
            where: The step, for messages.

        Raises:
            ConfigError: A step gave no such output.
        """
        scope = self._scope(outputs)
        return {
            key: substitute(value, scope, where=f"{where}.{key}") if _DEFERRED in repr(value) else value
            for key, value in values.items()
        }

    # checks -------------------------------------------------------------------------------------------------------

    def known_keys(self) -> set[str]:
        """Return every key that may be given at run time: of the workflow's handlers, its adapters and its type."""
        keys = {*self._workflow_properties()}
        for step in self._workflow.steps:
            keys |= set(self._properties(step.handler))
        for name in self._registry.adapter_names():
            keys |= set(self._registry.adapter_properties(name))
        return keys

    def check(self) -> list[Problem]:
        """Check what does not belong to a single step: unknown keys, the type's schema, the adapters."""
        problems = self._unknown() if self._config.files else []
        resolved = self.resolved_workflow()
        values, wrong = self._substituted(resolved, f"workflow {self._workflow.name}")
        own = {**ENGINE_KEYS, **self._type_properties()}
        problems += wrong
        problems += self._checked(values, {k: v for k, v in resolved.items() if k in own}, own, "workflow config")
        for name in self._registry.adapter_names():
            try:
                self.adapter(name)
            except ConfigError as error:
                problems += error.problems
            except PluginError as error:
                problems.append(Problem(str(error), f"adapter {name}", hint=error.hint))
        return problems

    def check_references(
        self, step: StepDefinition, values: Mapping[str, Any], before: Collection[str], known: Collection[str]
    ) -> list[Problem]:
        """Check that every `${step-outputs…}` of a step names a step that runs before it.

        Args:
            step: The step.
            values: Its configuration.
            before: Ids of the steps before it.
            known: Ids of all steps.
        """
        problems = []
        for key, value in values.items():
            for reference in references(value):
                if reference.kind != "step-outputs" or reference.path[0] in before:
                    continue
                name = reference.path[0]
                what = f"{reference.text} names the step {name!r}, which " + (
                    "does not run before this one" if name in known else "does not exist"
                )
                place = self._workflow.place_of(("steps", step.index, "config", key))
                problems.append(Problem(what, f"step {step.id}.config.{key}", place, nearest(name, list(known))))
        return problems

    # the inside ---------------------------------------------------------------------------------------------------

    def _scope(self, outputs: Mapping[str, Mapping[str, Any]] | None) -> Scope:
        adapters = {
            name: {key: item.value for key, item in self.resolved_adapter(name).items()}
            for name in self._registry.adapter_names()
        }
        config = {key: item.value for key, item in self.resolved_workflow().items()}
        return Scope(config=config, parameters=self.parameters, env=self._environ, adapters=adapters, outputs=outputs)

    def _substituted(self, resolved: Mapping[str, Resolved], where: str) -> tuple[dict[str, Any], list[Problem]]:
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        scope: Scope | None = None
        for key, item in resolved.items():
            if "$" not in repr(item.value):
                values[key] = item.value
                continue
            scope = scope or self._scope(None)
            try:
                values[key] = substitute(item.value, scope, where=f"{where}.{key}", place=item.origin.place)
            except ConfigError as error:
                problems += error.problems
        return values, problems

    def _checked(
        self,
        values: Mapping[str, Any],
        resolved: Mapping[str, Resolved],
        properties: Mapping[str, Mapping[str, Any]],
        where: str,
    ) -> list[Problem]:
        """Check against the schema what somebody gave; defaults are the schema's own."""
        given = {
            key: values[key]
            for key, item in resolved.items()
            if key in values and item.origin.level != "default" and _DEFERRED not in repr(values[key])
        }
        if not given:
            return []
        places = {key: resolved[key].origin.place for key in given}
        labels = {key: resolved[key].origin.label for key in given}
        schema = {**ENGINE_KEYS, **properties}
        found = check_config(given, schema, where=where, place_of=places.get)
        return [problem._replace(where=_named(problem.where, labels)) for problem in found]

    def _unknown(self) -> list[Problem]:
        registry = self._registry
        types = {self._workflow.type: set(self._type_properties()) | set(ENGINE_KEYS)}
        for name in registry.type_names():
            if name not in types and self._config.get("workflow_types", name, "config"):
                plugin = registry.get_workflow_type(name)
                schema = plugin.get_config_schema() if plugin else {}
                types[name] = set(schema.get("properties", {})) | set(ENGINE_KEYS)
        return unknown_keys(
            self._config,
            handlers={name: set(self._properties(name)) | set(ENGINE_KEYS) for name in registry.handler_names()},
            adapters={name: set(registry.adapter_properties(name)) for name in registry.adapter_names()},
            types=types,
        )

    def _properties(self, handler: str) -> Mapping[str, Mapping[str, Any]]:
        if handler not in self._registry.handler_names():
            return {}
        try:
            return self._registry.facts(handler).properties
        except PluginError:  # said where the handler is used
            return {}

    def _type_properties(self) -> Mapping[str, Mapping[str, Any]]:
        plugin = self._registry.get_workflow_type(self._workflow.type)
        properties: Mapping[str, Mapping[str, Any]] = (plugin.get_config_schema() if plugin else {}).get(
            "properties", {}
        )
        return properties

    def _workflow_properties(self) -> dict[str, Mapping[str, Any]]:
        """The union of all keys; where two handlers give a key different defaults, it has none of them here."""
        union: dict[str, Mapping[str, Any]] = {**ENGINE_KEYS, **self._type_properties()}
        for step in self._workflow.steps:
            for key, schema in self._properties(step.handler).items():
                known = union.get(key)
                if known is None:
                    union[key] = schema
                elif known.get("default") != schema.get("default"):
                    union[key] = {k: v for k, v in known.items() if k != "default"}
        return union


def _named(where: str, labels: Mapping[str, str]) -> str:
    """Name a value by where it was set, not by where it is used."""
    for key, label in labels.items():
        if where.endswith(f".{key}"):
            return label
        head, found, tail = where.partition(f".{key}[")
        if found and not head.endswith(key):
            return f"{label}[{tail}"
    return where
