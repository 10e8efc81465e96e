"""The effective configuration of a workflow: of each step, of each adapter, and of the workflow as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import ConfigError, PluginError, Problem, nearest
from ..config import Config, Origin, Resolved, Scope, adapter_layers, check_config, resolve, step_layers, substitute
from ..config import workflow_layers as layers_of_workflow
from ..config.variables import settled
from ..plugins.lifecycle import verdict
from ..plugins.registry import PluginRegistry
from ..workflow.definition import StepDefinition, WorkflowDefinition
from .declared import ENGINE_KEYS, DeclaredKeys, Properties
from .output_references import waits


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
        self.declared = DeclaredKeys(registry, workflow)
        self.parameters: Mapping[str, Any] = {}
        self._whole: dict[str, Resolved] | None = None

    # resolved, with origins ---------------------------------------------------------------------------------------

    def resolved_step(self, step: StepDefinition) -> dict[str, Resolved]:
        """Return a step's configuration by key, each value with its origin; nothing is substituted.

        Args:
            step: The step; one of a template gives way to the configuration, one with an index below 0 never does.

        Raises:
            ConfigError: Texts given at run time do not fit their keys.
        """
        from_template = bool(self._workflow.template) and step.index >= 0
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
            step=step.id,
        )
        properties = {**ENGINE_KEYS, **self._registry.facts(step.handler).properties}
        return resolve(properties, layers, self._environ, owner=step.handler)

    def written_step(self, step: StepDefinition) -> dict[str, Resolved]:
        """Return what the workflow itself says about a step whose handler's keys are not known.

        Args:
            step: The step.
        """
        found = {}
        for key, value in step.config.items():
            place = self._workflow.place_of(("steps", step.index, "config", key))
            found[key] = Resolved(value, Origin("workflow", f"step {step.id}.config.{key}", place))
        return found

    def resolved_adapter(self, name: str) -> dict[str, Resolved]:
        """Return an adapter's configuration by key, each value with its origin; nothing is substituted.

        Args:
            name: The adapter.

        Raises:
            ConfigError: Texts given at run time do not fit their keys.
        """
        layers = adapter_layers(
            self._config,
            runtime=self._runtime,
            workflow=self._workflow.name,
            type_name=self._workflow.type,
            adapter=name,
        )
        return resolve(self.declared.of_adapter(name), layers, self._environ, owner=f"adapter {name}")

    def resolved_workflow(self) -> dict[str, Resolved]:
        """Return the workflow-level configuration by key, each value with its origin; nothing is substituted.

        Raises:
            ConfigError: Texts given at run time do not fit their keys.
        """
        if self._whole is None:
            layers = layers_of_workflow(
                self._config,
                runtime=self._runtime,
                workflow=self._workflow.name,
                type_name=self._workflow.type,
                template_defaults=self._workflow.template_defaults,
            )
            self._whole = resolve(self.declared.of_workflow(), layers, self._environ)
        return self._whole

    # effective values ---------------------------------------------------------------------------------------------

    def step(self, step: StepDefinition) -> dict[str, Any]:
        """Return a step's effective configuration; references to outputs are left in place.

        Args:
            step: The step.

        Raises:
            ConfigError: It is wrong; all problems at once.
            PluginError: Its handler cannot be loaded, or fails to check it.
        """
        resolved = self.resolved_step(step)
        facts = self._registry.facts(step.handler)
        where = f"step {step.id}"
        values, problems = self._substituted(resolved, where)
        problems += self._checked(values, resolved, {**ENGINE_KEYS, **facts.properties}, where)
        known = {*facts.properties, *ENGINE_KEYS}
        for key in sorted(set(step.config) - known):
            place = self._workflow.place_of(("steps", step.index, "config", key))
            problems.append(Problem(f"unknown key {key!r}", f"{where}.config", place, nearest(key, sorted(known))))
        for key in facts.required:
            if values.get(key) is None and not any(problem.where.endswith(f".{key}") for problem in problems):
                problems.append(Problem(f"the key {key!r} is missing", f"{where}.config"))
        if problems:
            raise ConfigError(problems)
        own = {key: value for key, value in values.items() if key not in ENGINE_KEYS}
        if not any(waits(value) for value in own.values()):
            self._ask_handler(step, own)
        return own

    def called(self, handler_path: str, config: Mapping[str, Any]) -> dict[str, Any]:
        """Return the effective configuration of a handler that another one calls.

        Args:
            handler_path: The called handler.
            config: What the caller gives; stands over everything but the run's own values, and is taken as it is.

        Raises:
            ConfigError: It is wrong; all problems at once.
            PluginError: The handler cannot be loaded, or fails to check it.
        """
        literal = {key: settled(value) for key, value in config.items()}
        return self.step(StepDefinition(id=handler_path, handler=handler_path, config=literal, index=-1))

    def workspace_of(self, step: StepDefinition) -> tuple[str | None, list[str]]:
        """Return where a step itself wants to work, and the folders that it wants linked into the shadow.

        Args:
            step: The step.

        Raises:
            ConfigError: A reference in it is wrong.
        """
        resolved = self.resolved_step(step)
        values, problems = self._substituted({k: r for k, r in resolved.items() if k in ENGINE_KEYS}, f"step {step.id}")
        if problems:
            raise ConfigError(problems)
        return values.get("workspace"), list(values.get("workspace_link") or [])

    def adapter(self, name: str) -> dict[str, Any]:
        """Return an adapter's effective configuration.

        Args:
            name: The adapter.

        Raises:
            ConfigError: It is wrong; all problems at once.
            PluginError: It cannot be loaded.
        """
        self._registry.adapter_properties(name)
        resolved = self.resolved_adapter(name)
        where = f"integration_adapters.{name}.config"
        values, problems = self._substituted(resolved, where)
        problems += self._checked(values, resolved, self.declared.of_adapter(name), where)
        if problems:
            raise ConfigError(problems)
        return values

    def workflow(self) -> dict[str, Any]:
        """Return the workflow-level configuration, substituted.

        Raises:
            ConfigError: A value that belongs to the workflow as a whole is wrong; those of steps are judged there.
        """
        resolved = self.resolved_workflow()
        where = f"workflow {self._workflow.name}"
        own = self.declared.of_workflow_itself()
        values, problems = self._substituted({k: r for k, r in resolved.items() if k in own}, where)
        problems += self._checked(values, resolved, own, where)
        if problems:
            raise ConfigError(problems)
        return values | self._substituted({k: r for k, r in resolved.items() if k not in own}, where)[0]

    def fill(self, step: StepDefinition, values: Mapping[str, Any], outputs: Mapping[str, Any]) -> dict[str, Any]:
        """Fill in what waited for the outputs of steps, and check it as the rest was checked before.

        Args:
            step: The step.
            values: Its configuration.
            outputs: Outputs by step id.

        Raises:
            ConfigError: A step gave no such output, or one that does not fit.
            PluginError: The handler fails to check it.
        """
        waiting = [key for key, value in values.items() if waits(value)]
        if not waiting:
            return dict(values)
        scope, where = self._scope(outputs), f"step {step.id}"
        filled = {key: substitute(values[key], scope, where=f"{where}.{key}") for key in waiting}
        place_of = lambda key: self._workflow.place_of(("steps", step.index, "config", key))  # noqa: E731
        problems = check_config(filled, self.declared.of_handler(step.handler), where=where, place_of=place_of)
        if problems:
            raise ConfigError(problems)
        whole = {**values, **filled}
        self._ask_handler(step, whole)
        return whole

    # checks -------------------------------------------------------------------------------------------------------

    def check(self) -> list[Problem]:
        """Check what does not belong to a single step: unknown keys, the workflow's own keys, the adapters."""
        problems = self.declared.unknown(self._config) if self._config.files else []
        try:
            self.workflow()
        except ConfigError as error:
            problems += error.problems
        for name in self._registry.adapter_names():
            try:
                self.adapter(name)
            except ConfigError as error:
                problems += error.problems
            except PluginError as error:
                if self._config.get("integration_adapters", name):  # otherwise it is said where it is used
                    place = self._config.key_place(("integration_adapters", name))
                    problems.append(Problem(str(error), f"integration_adapters.{name}", place, error.hint))
        return problems

    # the inside ---------------------------------------------------------------------------------------------------

    def _ask_handler(self, step: StepDefinition, values: Mapping[str, Any]) -> None:
        handler = self._registry.get_handler(step.handler)
        if handler is not None:
            result = verdict(lambda: handler.validate_config(dict(values)), f"{step.handler}: validate_config")
            if not result.valid:
                place = self._workflow.place_of(("steps", step.index))
                raise ConfigError([Problem(text, f"step {step.id}.config", place) for text in result.errors])

    def _scope(self, outputs: Mapping[str, Any] | None) -> Scope:
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
            if "${" not in repr(item.value):
                values[key] = item.value
                continue
            scope = scope or self._scope(None)
            try:
                values[key] = substitute(item.value, scope, where=f"{where}.{key}", place=item.origin.place)
            except ConfigError as error:
                problems += error.problems
        return values, problems

    def _checked(
        self, values: Mapping[str, Any], resolved: Mapping[str, Resolved], properties: Properties, where: str
    ) -> list[Problem]:
        """Check against the schema what somebody gave; defaults are the schema's own."""
        given = {k: v for k, v in values.items() if k in properties and resolved[k].origin.level != "default"}
        if not given:
            return []
        found = check_config(given, properties, where=where, place_of=lambda key: resolved[key].origin.place)
        return [problem._replace(where=_named(problem.where, where, resolved)) for problem in found]


def _named(where: str, prefix: str, resolved: Mapping[str, Resolved]) -> str:
    """Name a value by where it was set, not by where it is used."""
    rest = where.removeprefix(f"{prefix}.")
    key = max((key for key in resolved if rest == key or rest.startswith((f"{key}.", f"{key}["))), key=len, default="")
    return resolved[key].origin.label + rest[len(key) :] if key else where
