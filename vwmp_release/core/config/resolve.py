"""Which value a configuration key has, and why: six levels, the highest that has the key wins."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ...errors import ConfigError, Place, Problem
from .model import Config
from .schema import Properties
from .texts import convert_text
from .variables import settled

Level = Literal["runtime", "workflow", "plugin", "global", "default", "environment"]
ENVIRONMENT_PREFIX = "VWMP_CONFIG_"


@dataclass(frozen=True)
class Origin:
    """Where a value came from.

    Args:
        level: The level that gave it.
        label: The very thing, e.g. `-p increment_type`, `workflow_types.release.config.tag_template`,
            `VWMP_CONFIG_REMOTE`, `schema of git.push`.
        place: Where it stands in a file.
    """

    level: Level
    label: str
    place: Place | None = None


@dataclass(frozen=True)
class Resolved:
    """A value and its origin; references in it are not replaced yet."""

    value: Any
    origin: Origin


def _nowhere(key: str) -> Place | None:
    return None


@dataclass(frozen=True)
class Layer:
    """One source of values.

    Args:
        level: Its level.
        prefix: What stands before the key in an origin's label.
        values: Values by key.
        place_of: Knows where the value of a key stands.
        labels: Labels of keys that have one of their own, e.g. `--bump`.
    """

    level: Level
    prefix: str
    values: Mapping[str, Any]
    place_of: Callable[[str], Place | None] = _nowhere
    labels: Mapping[str, str] = field(default_factory=dict)

    def origin(self, key: str) -> Origin:
        """Return the origin of one of its values.

        Args:
            key: The value's key.
        """
        return Origin(self.level, self.labels.get(key, f"{self.prefix}{key}"), self.place_of(key))


def resolve(
    properties: Properties, layers: Sequence[Layer], environ: Mapping[str, str], *, owner: str = ""
) -> dict[str, Resolved]:
    """Return the value of every key that a schema declares and something gives.

    After the layers comes the schema's default; the environment (`VWMP_CONFIG_KEY`) fills only keys that have no
    default, or null for one. Texts from the command line and the environment take the type that the schema wants.

    Args:
        properties: The JSON Schema of each key.
        layers: Sources of values, highest first.
        environ: The environment.
        owner: What declares the keys, e.g. `git.push`; for labels.

    Raises:
        ConfigError: Texts do not fit the types of their keys; all of them at once.
    """
    problems: list[Problem] = []
    found: dict[str, Resolved] = {}
    for key, form in properties.items():
        item = _first(key, layers) or _fallback(key, form, environ, owner)
        if item is None:
            continue
        if item.origin.level in ("runtime", "environment"):
            try:
                item = Resolved(_from_outside(item.value, form), item.origin)
            except ValueError as error:
                problems.append(Problem(str(error), item.origin.label))
        found[key] = item
    if problems:
        raise ConfigError(problems)
    return found


def step_layers(
    config: Config,
    *,
    runtime: Mapping[str, Any],
    workflow: str,
    type_name: str,
    step_config: Mapping[str, Any],
    step_place: Callable[[str], Place | None],
    handler: str,
    template_config: Mapping[str, Any],
    template_defaults: Mapping[str, Any],
    step: str = "",
    runtime_labels: Mapping[str, str] | None = None,
) -> list[Layer]:
    """Return the sources of a step's configuration, highest first.

    Args:
        config: The configuration.
        runtime: Values given for this run, by key.
        workflow: Name of the workflow.
        type_name: Its workflow type.
        step_config: The step's own `config`, where the user wrote the step.
        step_place: Knows where a key of `step_config` stands.
        handler: The step's handler.
        template_config: The step's own `config`, where it comes from a template: a plugin's default.
        template_defaults: The template's `default_config`.
        step: The step's id, for labels.
        runtime_labels: What the user wrote for a runtime value, where that is not `-p KEY`.
    """
    own = f"workflows.{workflow}.steps[{step or handler}].config."
    return [
        _runtime(runtime, runtime_labels),
        Layer("workflow", own, step_config, step_place),
        *_workflow_levels(config, workflow, type_name),
        _section(config, "plugin", "step_handlers", handler, "config"),
        _section(config, "global", "defaults"),
        Layer("default", f"template of {type_name}, step {step or handler}: ", template_config),
        Layer("default", f"template of {type_name}: ", template_defaults),
    ]


def adapter_layers(
    config: Config,
    *,
    runtime: Mapping[str, Any],
    workflow: str,
    type_name: str,
    adapter: str,
    runtime_labels: Mapping[str, str] | None = None,
) -> list[Layer]:
    """Return the sources of an adapter's configuration, highest first.

    Args:
        config: The configuration.
        runtime: Values given for this run, by key.
        workflow: Name of the workflow.
        type_name: Its workflow type.
        adapter: The adapter.
        runtime_labels: What the user wrote for a runtime value, where that is not `-p KEY`.
    """
    return [
        _runtime(runtime, runtime_labels),
        *_workflow_levels(config, workflow, type_name),
        _section(config, "plugin", "integration_adapters", adapter, "config"),
        _section(config, "global", "defaults"),
    ]


def workflow_layers(
    config: Config,
    *,
    runtime: Mapping[str, Any],
    workflow: str,
    type_name: str,
    template_defaults: Mapping[str, Any],
    runtime_labels: Mapping[str, str] | None = None,
) -> list[Layer]:
    """Return the sources of the workflow-level configuration, highest first.

    Args:
        config: The configuration.
        runtime: Values given for this run, by key.
        workflow: Name of the workflow.
        type_name: Its workflow type.
        template_defaults: The template's `default_config`.
        runtime_labels: What the user wrote for a runtime value, where that is not `-p KEY`.
    """
    return [
        _runtime(runtime, runtime_labels),
        *_workflow_levels(config, workflow, type_name),
        _section(config, "global", "defaults"),
        Layer("default", f"template of {type_name}: ", template_defaults),
    ]


def _runtime(values: Mapping[str, Any], labels: Mapping[str, str] | None) -> Layer:
    given = {key: value for key, value in values.items() if value is not None}
    return Layer("runtime", "-p ", given, labels=labels or {})


def _workflow_levels(config: Config, workflow: str, type_name: str) -> list[Layer]:
    return [
        _section(config, "workflow", "workflows", workflow, "config"),
        _section(config, "workflow", "workflow_types", type_name, "config"),
    ]


def _section(config: Config, level: Level, *path: str) -> Layer:
    values = config.get(*path)
    prefix = f"{'.'.join(path)}."
    return Layer(level, prefix, values or {}, lambda key: config.value_place((*path, key)))


def _first(key: str, layers: Sequence[Layer]) -> Resolved | None:
    for layer in layers:
        if key in layer.values:
            return Resolved(layer.values[key], layer.origin(key))
    return None


def _fallback(key: str, form: Mapping[str, Any], environ: Mapping[str, str], owner: str) -> Resolved | None:
    name = f"{ENVIRONMENT_PREFIX}{key.upper()}"
    if form.get("default") is None and name in environ:
        return Resolved(environ[name], Origin("environment", name))
    if "default" in form:
        return Resolved(form["default"], Origin("default", f"schema of {owner}" if owner else "schema"))
    return None


def _from_outside(value: Any, form: Mapping[str, Any]) -> Any:
    """Return a value from the command line or the environment: never a template, whatever it holds."""
    return settled(convert_text(value, form) if isinstance(value, str) else value)
