"""The schema of the configuration file, and checks of data against schemas; jsonschema is imported only to check."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import Place, Problem
from ...support.yaml_tree import TreePath
from .variables import waits_for_outputs
from .words import Places, problems

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

Properties = Mapping[str, Mapping[str, Any]]

ENGINE_PROPERTIES: Properties = {
    "workspace": {
        "type": "string",
        "enum": ["shadow", "in_place"],
        "description": "Whether steps work in a shadow that is published as a whole, or in the real tree.",
    },
    "workspace_link": {
        "type": "array",
        "items": {"type": "string"},
        "description": "Untracked folders to link into the shadow, e.g. .venv or node_modules.",
    },
    "include_uncommitted": {
        "type": "boolean",
        "default": False,
        "description": "Whether uncommitted work goes into the release.",
    },
    "require_kb_docs_ok": {
        "type": "boolean",
        "default": False,
        "description": "Whether the parameter kb_docs_ok must be given as true.",
    },
}
"""Keys of the engine's own, beside those that handlers, adapters and workflow types declare."""


def base_schema() -> dict[str, Any]:
    """Return the schema of `vwmp_config.yaml`, without what plugins declare."""
    import json  # lazily: not needed without a configuration file

    schema: dict[str, Any] = json.loads(Path(__file__).with_name("schema.json").read_text(encoding="utf-8"))
    return schema


def check(
    data: Any,
    schema: Mapping[str, Any],
    *,
    places: Places,
    where: str = "",
    is_open: Callable[[Any], bool] = lambda value: False,
) -> list[Problem]:
    """Return what is wrong with data by a schema.

    Args:
        data: Plain data.
        schema: A JSON Schema, draft 2020-12.
        places: Knows where keys and values stand.
        where: What the data is called.
        is_open: Tells whether a value is not known yet, so that it cannot be judged.
    """
    from jsonschema.exceptions import UnknownType
    from referencing.exceptions import Unresolvable

    try:
        errors = list(_validator(schema).iter_errors(data))
    except (UnknownType, Unresolvable, re.error, AttributeError, TypeError) as error:
        reason = str(error).strip().partition("\n")[0]
        return [Problem(f"the schema that its plugin declares is broken: {reason}", where)]
    listed = {tuple(error.absolute_path) for error in errors if error.validator in ("enum", "const")}
    judged = (
        error
        for error in errors
        # the list of right values says more than their type does
        if not is_open(error.instance) and not (error.validator == "type" and tuple(error.absolute_path) in listed)
    )
    found = [problem for error in judged for problem in problems(error, places, where)]
    return list(dict.fromkeys(found))


def check_config(
    values: Mapping[str, Any],
    properties: Properties,
    *,
    where: str,
    place_of: Callable[[str], Place | None],
    required: Iterable[str] = (),
) -> list[Problem]:
    """Return what is wrong with the values of a handler or an adapter that somebody gave.

    Keys that no property declares are not judged here, and neither are texts that wait for the outputs of steps.

    Args:
        values: The values, substituted as far as they can be.
        properties: The JSON Schema of each key.
        where: What the values are called, e.g. `step push`.
        place_of: Knows where the value of a key was set.
        required: Keys that must have a value.
    """
    if not values and not required:
        return []
    schema = {"type": "object", "properties": dict(properties), "required": list(required)}
    known = {key: value for key, value in values.items() if key in properties}
    return check(known, schema, places=_KeyPlaces(place_of), where=where, is_open=waits_for_outputs)


def union(schemas: Iterable[Properties]) -> dict[str, Mapping[str, Any]]:
    """Return every key that any of the schemas declares; where they differ, each of their forms is right.

    Args:
        schemas: Properties of handlers, adapters and types.
    """
    forms: dict[str, list[Mapping[str, Any]]] = {}
    for properties in schemas:
        for key, form in properties.items():
            known = forms.setdefault(key, [])
            if not any(_core(form) == _core(other) for other in known):
                known.append(form)
    return {key: _alternatives(known) for key, known in sorted(forms.items())}


def full_schema(handlers: Mapping[str, Properties], adapters: Mapping[str, Properties]) -> dict[str, Any]:
    """Return the schema of `vwmp_config.yaml` with the keys of the plugins that are known, for editors.

    Args:
        handlers: Properties by handler.
        adapters: Properties by adapter.
    """
    schema = base_schema()
    defs = schema["$defs"]
    everything = union([ENGINE_PROPERTIES, *handlers.values(), *adapters.values()])
    for section, entry, declared in (
        ("step_handlers", "step_handler", handlers),
        ("integration_adapters", "integration_adapter", adapters),
    ):
        schema["properties"][section]["properties"] = {
            name: _with_config(
                defs[entry], {**ENGINE_PROPERTIES, **properties} if entry == "step_handler" else properties
            )
            for name, properties in sorted(declared.items())
        }
    for entry in ("workflow_type", "workflow_definition"):
        defs[entry] = _with_config(defs[entry], everything)
    schema["properties"]["defaults"] = _filled(schema["properties"]["defaults"], everything)
    return schema


class _KeyPlaces:
    """Places of a flat mapping's keys."""

    def __init__(self, place_of: Callable[[str], Place | None]) -> None:
        self._place_of = place_of

    def value_place(self, path: TreePath) -> Place | None:
        return self._place_of(str(path[0])) if path else None

    key_place = value_place


@cache
def _strict() -> Any:
    """Return the validator class; unlike the draft's, 3.0 is no integer for it, since Python's range refuses it too."""
    from jsonschema import Draft202012Validator, validators

    checker = Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
    )
    extend: Any = validators.extend  # its stubs have no types
    return extend(Draft202012Validator, type_checker=checker)


def _validator(schema: Mapping[str, Any]) -> Validator:
    # An empty registry, because jsonschema's own one fetches a foreign $ref from the network.
    from referencing.jsonschema import EMPTY_REGISTRY

    validator: Validator = _strict()(schema, registry=EMPTY_REGISTRY)
    return validator


def _core(form: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in form.items() if key not in ("description", "default")}


def _alternatives(forms: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    if len(forms) == 1:
        return forms[0]
    text = next((form["description"] for form in forms if "description" in form), "")
    return {"description": text, "anyOf": [_core(form) for form in forms]}


def _with_config(entry: Mapping[str, Any], properties: Properties) -> dict[str, Any]:
    config = _filled(entry["properties"]["config"], properties)
    return {**entry, "properties": {**entry["properties"], "config": config}}


def _filled(config: Mapping[str, Any], properties: Properties) -> dict[str, Any]:
    filled = {key: _or_reference(form) for key, form in sorted(properties.items())}
    return {**config, "additionalProperties": False, "properties": filled}


def _or_reference(form: Mapping[str, Any]) -> Mapping[str, Any]:
    """Allow `${…}` where the value itself is no text."""
    if form.get("type") == "string" and "enum" not in form:
        return form
    about = {key: form[key] for key in ("description", "default") if key in form}
    return {**about, "anyOf": [_core(form), {"type": "string", "pattern": r"\$\{"}]}
