"""Steps and parameters as they were written, from plain data to definitions."""

from __future__ import annotations

from typing import Any

from ...errors import Problem
from ..plugins.form import ISOLATIONS, Form
from .definition import ParameterDefinition, StepDefinition

TEMPLATE_KEYS = {"steps", "parameters", "name", "description", "type", "config"}
_STEP = {
    "id", "name", "type", "handler", "config", "required", "enabled", "dependencies", "retry", "timeout", "isolation",
}  # fmt: skip
_PARAMETER = {"name", "type", "required", "default", "label", "description", "validation", "options"}
_TYPES = ("string", "text", "boolean", "integer", "enum")
_LIMITS = ("min_length", "max_length", "minimum", "maximum")


def steps_of(items: Any, problems: list[Problem]) -> list[StepDefinition]:
    """Read the steps of a workflow or a template.

    Args:
        items: The list, as it was written.
        problems: Takes what is wrong; `where` is the path below the workflow.
    """
    steps: list[StepDefinition] = []
    for index, item in enumerate(_listed(items, "steps", problems)):
        form = Form(item, f"steps[{index}]", problems, _STEP)
        identity = form.text("id") or form.text("type")  # the design's own template gives a type and no id
        handler = form.text("handler")
        if not identity or not handler:
            form.wrong("a step needs `id` and `handler`")
            continue
        dependencies = form.texts("dependencies")
        if dependencies is None:
            dependencies = (steps[-1].id,) if steps else ()
        steps.append(
            StepDefinition(
                id=identity,
                handler=handler,
                name=form.text("name", identity),
                type=form.text("type"),
                config=form.mapping("config"),
                required=form.flag("required", True),
                enabled=form.flag("enabled", True),
                dependencies=dependencies,
                retry=form.retry(),
                timeout=form.number("timeout", above=0),
                isolation=form.choice("isolation", ISOLATIONS),
                index=index,
            )
        )
    return steps


def parameters_of(items: Any, problems: list[Problem]) -> dict[str, ParameterDefinition]:
    """Read the parameters of a workflow or a template, by name.

    Args:
        items: The list, as it was written.
        problems: Takes what is wrong.
    """
    found: dict[str, ParameterDefinition] = {}
    for index, item in enumerate(_listed(items, "parameters", problems)):
        form = Form(item, f"parameters[{index}]", problems, _PARAMETER)
        name = form.text("name")
        kind = form.choice("type", _TYPES) or "string"
        options = form.texts("options") or ()
        if not name:
            form.wrong("a parameter needs a name")
        elif name in found:
            form.wrong(f"two parameters have the name {name!r}", "name")
        if kind == "enum" and not options:
            form.wrong("an enum needs `options`")
        found[name] = ParameterDefinition(
            name=name,
            type=kind,
            required=form.flag("required", False),
            default=item.get("default") if isinstance(item, dict) else None,
            label=form.text("label"),
            description=form.text("description"),
            validation=_validation(form, f"parameters[{index}].validation", problems),
            options=options,
        )
    return found


def _validation(form: Form, where: str, problems: list[Problem]) -> dict[str, Any]:
    section = Form(form.mapping("validation"), where, problems, (*_LIMITS, "pattern"))
    found: dict[str, Any] = {key: section.number(key) for key in _LIMITS}
    limits = {key: int(value) if value == int(value) else value for key, value in found.items() if value is not None}
    pattern = section.text("pattern")
    return {**limits, "pattern": pattern} if pattern else limits


def _listed(items: Any, where: str, problems: list[Problem]) -> list[Any]:
    if items is None or isinstance(items, list | tuple):
        return list(items or ())
    problems.append(Problem("must be a list", where))
    return []
