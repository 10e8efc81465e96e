"""Turns the errors of jsonschema into problems with words for people, and the place in the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

from ...errors import Place, Problem, nearest
from ...support.yaml_tree import TreePath, convert

ValidationError = Any  # jsonschema's; named here because its stubs say that every attribute may be unset
_TYPES = {
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}
_NAME_PATTERN = "^[A-Za-z0-9][A-Za-z0-9_.-]*$"
_NAME_RULE = "a name has letters, digits, '.', '_' and '-', and begins with a letter or a digit"
_SHOWN = 60


class Places(Protocol):
    """Knows where keys and values stand."""

    def value_place(self, path: TreePath) -> Place | None:
        """Return the place of a value."""

    def key_place(self, path: TreePath) -> Place | None:
        """Return the place of a mapping key."""


def dotted(path: Iterable[str | int], where: str = "") -> str:
    """Return a path as people write it, e.g. `workflows.docs.steps[2].retry`.

    Args:
        path: Keys and list indexes.
        where: What the path begins in.
    """
    for part in path:
        where = f"{where}[{part}]" if isinstance(part, int) else f"{where}.{part}" if where else part
    return where


def shown(value: Any) -> str:
    """Return a value as a message names it.

    Args:
        value: Data as YAML gives it.
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {_cut(str(value))}"
    if isinstance(value, str):
        return f"'{_cut(value)}'"
    return "a list" if isinstance(value, list) else "a mapping"


def text_of(value: Any) -> str:
    """Return a value as text inside another text.

    Args:
        value: Plain data.
    """
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    if isinstance(value, Mapping | list | tuple):
        import json  # lazily: rarely needed

        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def problems(error: ValidationError, places: Places, where: str) -> Iterator[Problem]:
    """Yield what one error of jsonschema means.

    Args:
        error: The error.
        places: Knows where things stand.
        where: What the checked data is called.
    """
    path: TreePath = tuple(error.absolute_path)
    kind = str(error.validator)
    if kind in ("anyOf", "oneOf"):
        yield from _of_alternatives(error, places, where)
    elif kind in ("additionalProperties", "unevaluatedProperties") and error.validator_value is False:
        yield from _unknown_keys(error, path, places, where)
    elif "propertyNames" in list(error.relative_schema_path)[-2:-1] and isinstance(error.instance, str):
        name = error.instance
        yield Problem(f"the name {shown(name)} is not allowed", dotted(path, where), places.key_place((*path, name)),
                      _NAME_RULE)  # fmt: skip
    elif kind == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        for key in missing:
            yield Problem(f"the key '{key}' is missing", dotted(path, where), places.value_place(path))
    else:
        what, hint = _WORDS.get(kind, _other)(error)
        yield Problem(what, dotted(path, where), places.value_place(path), hint)


def _of_alternatives(error: ValidationError, places: Places, where: str) -> Iterator[Problem]:
    """Speak of the alternative that was meant: the one whose type fits, then the one with the fewest errors."""
    branches: dict[Any, list[ValidationError]] = {}
    for below in error.context or ():
        branches.setdefault(below.relative_schema_path[0], []).append(below)
    fitting = [found for found in branches.values() if not any(_is_type_error(below, error) for below in found)]
    if fitting:
        for below in min(fitting, key=len):
            yield from problems(below, places, where)
        return
    path: TreePath = tuple(error.absolute_path)
    types = [kind for found in branches.values() for below in found if _is_type_error(below, error)
             for kind in _listed(below.validator_value)]  # fmt: skip
    what, hint = _wrong_type(types, error.instance) if types else (_cut(error.message), "")
    yield Problem(what, dotted(path, where), places.value_place(path), hint)


def _is_type_error(below: ValidationError, error: ValidationError) -> bool:
    return below.validator == "type" and not below.relative_path and below.instance is error.instance


def _unknown_keys(error: ValidationError, path: TreePath, places: Places, where: str) -> Iterator[Problem]:
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    known, patterns = list(schema.get("properties", ())), list(schema.get("patternProperties", ()))
    for key in error.instance:
        if key not in known and not any(re.search(pattern, key) for pattern in patterns):
            what = f"unknown key '{_cut(key)}'"
            yield Problem(what, dotted(path, where), places.key_place((*path, key)), nearest(key, known))


def _wrong_type(types: Iterable[str], value: Any) -> tuple[str, str]:
    wanted = list(dict.fromkeys(types))
    what = f"must be {' or '.join(_TYPES.get(kind, kind) for kind in wanted)}, got {shown(value)}"
    if {*wanted} <= {"string", "null"} and isinstance(value, bool | int | float):
        return what, "put it in quotes"
    if "boolean" in wanted and isinstance(value, str) and value.lower() in ("yes", "no", "on", "off", "y", "n"):
        return what, f"write {'true' if value.lower() in ('yes', 'on', 'y') else 'false'}"
    if isinstance(value, str) and _is_of(convert(value), wanted):
        return what, "write it without quotes"
    if "array" in wanted and isinstance(value, str):
        return what, f"write [{_cut(value)}]"
    return what, ""


def _is_of(value: Any, types: Iterable[str]) -> bool:
    if isinstance(value, bool):
        return "boolean" in types
    return isinstance(value, int | float) and ("number" in types or (isinstance(value, int) and "integer" in types))


def _of_enum(error: ValidationError) -> tuple[str, str]:
    values = error.validator_value
    one_of = "one of " if len(values) > 1 else ""
    what = f"must be {one_of}{', '.join(_plain(value) for value in values)}; got {shown(error.instance)}"
    if not isinstance(error.instance, str):
        return what, "put it in quotes" if _plain(error.instance) in values else ""
    if convert(error.instance) in values:
        return what, "write it without quotes"
    hint = nearest(error.instance, [value for value in values if isinstance(value, str)])
    return what, hint if hint.startswith("did") else ""


def _of_pattern(error: ValidationError) -> tuple[str, str]:
    if error.validator_value == _NAME_PATTERN:
        return f"{shown(error.instance)} is not allowed as a name", _NAME_RULE
    return f"must match {error.validator_value}; got {shown(error.instance)}", ""


def _of_length(least: bool, unit: str) -> Callable[[ValidationError], tuple[str, str]]:
    def words(error: ValidationError) -> tuple[str, str]:
        limit, count = error.validator_value, len(error.instance)
        if least and limit == 1:
            return "must not be empty", ""
        units = unit if limit == 1 else f"{unit}s"
        return f"must have {limit} {units} or {'more' if least else 'fewer'}, got {count}", ""

    return words


def _of_limit(words: str) -> Callable[[ValidationError], tuple[str, str]]:
    return lambda error: (f"must be {words.format(error.validator_value)}, got {_plain(error.instance)}", "")


def _other(error: ValidationError) -> tuple[str, str]:
    return _cut(error.message), ""


_WORDS: Mapping[str, Callable[[ValidationError], tuple[str, str]]] = {
    "type": lambda error: _wrong_type(_listed(error.validator_value), error.instance),
    "enum": _of_enum,
    "const": lambda error: (f"must be {_plain(error.validator_value)}; got {shown(error.instance)}", ""),
    "pattern": _of_pattern,
    "minimum": _of_limit("{} or more"),
    "maximum": _of_limit("{} or less"),
    "exclusiveMinimum": _of_limit("more than {}"),
    "exclusiveMaximum": _of_limit("less than {}"),
    "multipleOf": _of_limit("a multiple of {}"),
    "minLength": _of_length(True, "character"),
    "maxLength": _of_length(False, "character"),
    "minItems": _of_length(True, "item"),
    "maxItems": _of_length(False, "item"),
    "minProperties": _of_length(True, "key"),
    "maxProperties": _of_length(False, "key"),
    "uniqueItems": lambda error: ("must not hold the same item twice", ""),
}


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else shown(value).removeprefix("the number ")


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
