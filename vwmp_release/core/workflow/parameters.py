"""Checks the values that the user gives at run time, all of them before any step runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ...errors import Problem, nearest
from .definition import ParameterDefinition

_TRUE, _FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}
_MAX_PATTERN = 500
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")


def check(
    definitions: Iterable[ParameterDefinition], given: Mapping[str, Any], keys: Iterable[str], *, complete: bool = True
) -> tuple[dict[str, Any], list[Problem]]:
    """Check parameters and fill in their defaults.

    Args:
        definitions: What the workflow takes.
        given: Values by name, texts from the command line and the environment.
        keys: Configuration keys that may be given in the same way; they are not parameters, and left out.
        complete: Whether a required parameter that is missing is a problem.

    Returns:
        The value of each defined parameter that has one, and what is wrong.
    """
    known = {definition.name: definition for definition in definitions}
    settable = set(keys)
    problems = []
    for name in given:
        if name not in known and name not in settable:
            hint = nearest(name, sorted([*known, *settable]))
            problems.append(Problem(f"unknown parameter {name!r}", "parameters", hint=hint))
    values: dict[str, Any] = {}
    for name, definition in known.items():
        value = given.get(name)
        if value is None or (value == "" and definition.type != "text"):
            if definition.required and complete:
                hint = f"-p {name}=…" + (f"  ({definition.description})" if definition.description else "")
                problems.append(Problem(f"the parameter {name!r} is missing", "parameters", hint=hint))
            value = definition.default
            if value is None:
                continue
        try:
            values[name] = _value(definition, value)
        except ValueError as error:
            problems.append(Problem(str(error), f"parameters.{name}"))
    return values, problems


def _value(definition: ParameterDefinition, value: Any) -> Any:
    """Convert and check one value; raises ValueError with the words for the user."""
    converters: dict[str, Callable[[ParameterDefinition, Any], Any]] = {
        "boolean": _boolean,
        "integer": _integer,
        "enum": _option,
    }
    convert = converters.get(definition.type)
    return convert(definition, value) if convert else _text(definition, str(value))


def _boolean(definition: ParameterDefinition, value: Any) -> bool:
    text = str(value).casefold()
    if text not in _TRUE | _FALSE:
        raise ValueError(f"must be true or false; got {value!r}")
    return text in _TRUE


def _integer(definition: ParameterDefinition, value: Any) -> int:
    text = str(value).strip()
    if not _INTEGER.fullmatch(text):
        raise ValueError(f"must be a whole number; got {value!r}")
    number = int(text)
    low, high = definition.validation.get("minimum"), definition.validation.get("maximum")
    if low is not None and number < low:
        raise ValueError(f"must be {low} or more; got {number}")
    if high is not None and number > high:
        raise ValueError(f"must be {high} or less; got {number}")
    return number


def _option(definition: ParameterDefinition, value: Any) -> str:
    if str(value) not in definition.options:
        hint = nearest(str(value), definition.options)
        raise ValueError(
            f"must be one of {', '.join(definition.options)}; got {value!r}" + (f" ({hint})" if hint else "")
        )
    return str(value)


def _text(definition: ParameterDefinition, text: str) -> str:
    if definition.type == "string" and ("\n" in text or "\r" in text):
        raise ValueError("must be one line")
    if "\0" in text:
        raise ValueError("must not hold NUL")
    low, high = definition.validation.get("min_length"), definition.validation.get("max_length")
    if low is not None and len(text) < low:
        raise ValueError(f"must have at least {low} characters; has {len(text)}")
    if high is not None and len(text) > high:
        raise ValueError(f"must have at most {high} characters; has {len(text)}")
    pattern = definition.validation.get("pattern")
    if pattern is not None:
        _match(str(pattern), text)
    return text


def _match(pattern: str, text: str) -> None:
    if len(pattern) > _MAX_PATTERN:
        raise ValueError(f"its pattern is longer than {_MAX_PATTERN} characters")
    try:
        found = re.search(pattern, text)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"its pattern {pattern!r} is no regular expression: {error}") from error
    if not found:
        raise ValueError(f"must match {pattern!r}; got {text!r}")
