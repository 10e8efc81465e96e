"""Converts texts from the command line and the environment to the type that a schema declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...support.yaml_tree import convert
from .words import shown

_MAX_DEPTH = 100


def convert_text(text: str, form: Mapping[str, Any]) -> Any:
    """Return what a text means for a key.

    A list may be written as JSON, or with commas or line breaks between its items; a mapping as JSON.

    Args:
        text: The text as it was given.
        form: The JSON Schema of the key.

    Raises:
        ValueError: It does not fit; the message says what would.
    """
    types = _types(form)
    if "null" in types and text in ("", "null", "~"):
        return None
    if text.lstrip()[:1] in ("[", "{") and types & {"array", "object"}:
        return _from_json(text, types)
    if "string" in types:
        return text
    if "array" in types:
        return _items(text, form)
    return _scalar(text, types)


def _types(form: Mapping[str, Any]) -> set[str]:
    if "type" not in form:
        below = [_types(inner) for inner in (*form.get("anyOf", ()), *form.get("oneOf", ()))]
        return set().union(*below)
    return {form["type"]} if isinstance(form["type"], str) else set(form["type"])


def _from_json(text: str, types: set[str]) -> Any:
    import json  # lazily: rarely needed

    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        if "string" in types:
            return text
        raise ValueError("is no valid JSON") from None
    if not _is_flat(value, _MAX_DEPTH):
        raise ValueError(f"is nested more than {_MAX_DEPTH} levels deep")
    kind = "array" if isinstance(value, list) else "object"
    if kind not in types:
        raise ValueError(f"must be a {'list' if 'array' in types else 'mapping'}, got {shown(value)}")
    return value


def _is_flat(value: Any, levels: int) -> bool:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(_is_flat(child, levels - 1) for child in children)


def _items(text: str, form: Mapping[str, Any]) -> list[Any]:
    inner = form.get("items", {})
    types = _types(inner) if isinstance(inner, Mapping) else set()
    parts = [part.strip() for line in text.splitlines() for part in line.split(",")]
    return [part if "string" in types or not types else _scalar(part, types) for part in parts if part]


def _scalar(text: str, types: set[str]) -> Any:
    value = convert(text.strip())
    if not types or _is_of(value, types):
        return value
    wanted = {"integer": "a whole number", "number": "a number", "boolean": "true or false", "object": "a JSON mapping"}
    raise ValueError(f"must be {' or '.join(wanted.get(kind, kind) for kind in sorted(types))}, got {shown(text)}")


def _is_of(value: Any, types: set[str]) -> bool:
    if isinstance(value, bool):
        return "boolean" in types
    if isinstance(value, int):
        return bool(types & {"integer", "number"})
    return isinstance(value, float) and "number" in types and value - value == 0  # neither infinite nor no number
