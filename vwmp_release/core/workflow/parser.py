"""From a workflow's section of the configuration, or a type's template, to its definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import ConfigError, Place, PluginError, Problem, UsageError, nearest
from ...interfaces import WorkflowTemplate, WorkflowTypePlugin
from ..config import Config
from ..plugins.failure import asked
from ..plugins.registry import PluginRegistry
from .definition import WorkflowDefinition
from .forms import TEMPLATE_KEYS, parameters_of, steps_of

DEFAULT_WORKFLOW = "release"


def parse(name: str, config: Config, registry: PluginRegistry) -> WorkflowDefinition:
    """Return the definition of a workflow.

    A name that the configuration does not define may be a workflow type's: its first template is then the workflow.

    Args:
        name: The workflow's name.
        config: The configuration; its form was checked when it was loaded.
        registry: Knows the workflow types.

    Raises:
        UsageError: There is no such workflow.
        ConfigError: Its type or template is unknown, or a plugin's template is malformed; all problems at once.
        PluginError: Its type cannot be loaded.
    """
    section = config.get("workflows", name)
    if section is None and name not in registry.type_names():
        known = names(config, registry)
        raise UsageError(f"there is no workflow {name!r}", hint=nearest(name, known) or f"known: {', '.join(known)}")
    section = section if isinstance(section, Mapping) else {}
    type_name = str(section.get("type", name if name in registry.type_names() else DEFAULT_WORKFLOW))
    _check_type(name, type_name, config, registry)
    template = None
    if "steps" not in section:
        template = _template(registry.get_workflow_type(type_name), type_name, section, config, name)
    return _definition(name, type_name, section, template, config)


def names(config: Config, registry: PluginRegistry) -> list[str]:
    """Return the names of all workflows: those of the configuration, then the types that come with a template.

    Types that are disabled or cannot be loaded have none to offer.

    Args:
        config: The configuration.
        registry: Knows the workflow types.
    """
    own = list(config.get("workflows", default={}) or {})
    return own + [name for name in registry.type_names() if name not in own and _has_template(name, config, registry)]


def _has_template(type_name: str, config: Config, registry: PluginRegistry) -> bool:
    if config.get("workflow_types", type_name, "enabled") is False:
        return False
    try:
        return bool(_templates(registry.get_workflow_type(type_name), type_name))
    except (PluginError, ConfigError):  # said where the type is used
        return False


def _check_type(name: str, type_name: str, config: Config, registry: PluginRegistry) -> None:
    if type_name not in registry.type_names():
        place = config.value_place(("workflows", name, "type"))
        hint = "\n    ".join([h for h in [nearest(type_name, registry.type_names())] if h] + registry.failures())
        raise ConfigError([Problem(f"unknown workflow type {type_name!r}", f"workflows.{name}.type", place, hint)])
    if config.get("workflow_types", type_name, "enabled") is False:
        place = config.value_place(("workflow_types", type_name, "enabled"))
        raise ConfigError([Problem(f"the workflow type {type_name!r} is disabled", f"workflows.{name}", place)])


def _templates(plugin: WorkflowTypePlugin | None, type_name: str) -> list[WorkflowTemplate]:
    if plugin is None:
        return []
    found: Any = asked(plugin.get_templates, f"the workflow type {type_name}: get_templates")
    if not isinstance(found, list | tuple) or not all(isinstance(item, WorkflowTemplate) for item in found):
        what = "its get_templates must return a list of WorkflowTemplate"
        raise ConfigError([Problem(what, f"workflow type {type_name}")])
    return list(found)


def _template(
    plugin: WorkflowTypePlugin | None, type_name: str, section: Mapping[str, Any], config: Config, name: str
) -> WorkflowTemplate:
    templates = _templates(plugin, type_name)
    wanted = section.get("template") or config.get("workflow_types", type_name, "template")
    if not templates:
        problem = f"the workflow type {type_name!r} has no template: give the workflow its `steps`"
        raise ConfigError([Problem(problem, f"workflows.{name}", config.value_place(("workflows", name)))])
    if not wanted:
        return templates[0]
    for template in templates:
        if template.name.casefold() == str(wanted).casefold():
            return template
    if "template" in section:
        path: tuple[str | int, ...] = ("workflows", name, "template")
    else:
        path = ("workflow_types", type_name, "template")
    where = ".".join(str(part) for part in path)
    raise ConfigError(
        [Problem(f"unknown template {wanted!r}", where, config.value_place(path),
                 nearest(str(wanted), [template.name for template in templates]))]
    )  # fmt: skip


def _definition(
    name: str, type_name: str, section: Mapping[str, Any], template: WorkflowTemplate | None, config: Config
) -> WorkflowDefinition:
    problems: list[Problem] = []
    source: Any = section if template is None else template.template
    if not isinstance(source, Mapping):
        problems.append(Problem("a template is a mapping with `steps`", ""))
        source = {}
    unknown = sorted(set(map(str, source)) - TEMPLATE_KEYS) if template else []
    problems += [Problem(f"unknown key {key!r}", "", hint=nearest(key, sorted(TEMPLATE_KEYS))) for key in unknown]
    steps = steps_of(source.get("steps"), problems)
    parameters = parameters_of(source.get("parameters"), problems)
    if template is not None:  # the workflow's own stand over the template's
        parameters = {**parameters, **parameters_of(section.get("parameters"), problems)}
    defaults: Any = template.default_config if template else {}
    if not isinstance(defaults, Mapping | None):
        problems.append(Problem("must be a mapping", "default_config"))
    if problems:
        where = f"template {template.name!r} of {type_name}" if template else f"workflows.{name}"
        raise ConfigError([_located(problem, where, config, None if template else name) for problem in problems])
    path: tuple[str | int, ...] = ("workflows", name)

    def place_of(below: tuple[str | int, ...]) -> Place | None:
        full = (*path, *below)
        return config.value_place(full) if template is None or full in config.values else None

    return WorkflowDefinition(
        name=name,
        type=type_name,
        steps=tuple(steps),
        parameters=tuple(parameters.values()),
        config=dict(section.get("config") or {}),
        template=template.name if template else "",
        template_defaults=dict(defaults or {}),
        place_of=place_of,
    )


def _located(problem: Problem, where: str, config: Config, workflow: str | None) -> Problem:
    """Give a problem its full name, and its place where it stands in a file."""
    place = config.value_place(("workflows", workflow, *_path(problem.where))) if workflow is not None else None
    return problem._replace(where=f"{where}.{problem.where}" if problem.where else where, place=place)


def _path(where: str) -> tuple[str | int, ...]:
    parts = where.replace("[", ".").replace("]", "").split(".")
    return tuple(int(part) if part.isdecimal() else part for part in parts if part)
