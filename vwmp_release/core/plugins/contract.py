"""The door that every plugin object passes: it must keep its interface's contract before it is stored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from ...errors import PluginError, Problem
from ...interfaces import Effect, StepHandler
from .failure import asked, reason
from .manifest import HandlerFacts

if TYPE_CHECKING:
    from .info import PluginInfo

T = TypeVar("T")
_CONDITION = re.compile(r"(>=|<=|==|!=|~=|>|<|)\s*(\d+(?:\.\d+)*)", re.ASCII)


def checked(thing: Any, interface: type[T], plugin: PluginInfo) -> T:
    """Return an instance that keeps the interface.

    Args:
        thing: An instance, or a class to make one of without arguments.
        interface: The interface's base class.
        plugin: Where it comes from, for messages.

    Raises:
        PluginError: A method is missing, it is something else, or it cannot be made.
    """
    cls = thing if isinstance(thing, type) else type(thing)
    wanted = sorted(getattr(interface, "__abstractmethods__", ()))
    missing = [name for name in wanted if not callable(getattr(cls, name, None))]
    missing += sorted(set(getattr(cls, "__abstractmethods__", ())) - set(missing))
    if missing:
        raise PluginError(
            f"{plugin}: {cls.__name__} is no {interface.__name__}: it lacks {', '.join(missing)}",
            hint=f"derive it from vwmp_release.interfaces.{interface.__name__} and write these methods",
        )
    if not issubclass(cls, interface):
        raise PluginError(
            f"{plugin}: {cls.__name__} does not derive from {interface.__name__}",
            hint=f"class {cls.__name__}({interface.__name__}): …",
        )
    if not isinstance(thing, type):
        return thing  # type: ignore[no-any-return]
    made: T = asked(thing, f"{plugin}: {cls.__name__}()")
    return made


def import_class(reference: str, plugin: PluginInfo) -> Any:
    """Import what `"module:Class"` names; the module is relative to the plugin's package.

    Args:
        reference: The reference.
        plugin: Whose package it is relative to; one without a package has absolute references.

    Raises:
        PluginError: The module cannot be imported, or has no such name.
    """
    import importlib  # lazily: a plan without user plugins needs it once

    module_name, _, name = reference.partition(":")
    full = f"{plugin.package}.{module_name}" if plugin.package else module_name
    try:
        found: Any = importlib.import_module(full)
        for part in name.split("."):
            found = getattr(found, part)
        return found
    except (PluginError, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise broken(plugin, f"cannot load {reference}", error) from error


def broken(plugin: PluginInfo, what: str, error: BaseException) -> PluginError:
    """Return the error that says which line of which plugin failed.

    Args:
        plugin: The plugin.
        what: What was tried.
        error: What its code raised.
    """
    return PluginError(f"{plugin}: {what}", why=reason(error))


def described_facts(handler: StepHandler, plugin: PluginInfo) -> HandlerFacts:
    """Return the facts of a handler without a manifest, from its class attributes and its schema.

    Args:
        handler: The handler.
        plugin: Where it comes from, for messages.

    Raises:
        PluginError: Its effect is unknown, or its schema is no JSON Schema of an object.
    """
    name = f"{plugin}: {type(handler).__name__}"
    effect = handler.effect.value if isinstance(handler.effect, Effect) else handler.effect
    if effect not in {e.value for e in Effect}:
        raise PluginError(f"{name} has the effect {effect!r}", hint="one of none, workspace, repository, remote")
    schema = asked(handler.get_config_schema, f"{name}.get_config_schema")
    required = schema.get("required", ()) if isinstance(schema, Mapping) else ()
    if not isinstance(required, list | tuple) or not all(isinstance(key, str) for key in required):
        raise PluginError(f"{name}.get_config_schema describes its keys wrongly", why="`required` is no list of keys")
    return HandlerFacts(
        effect=Effect(effect),
        properties=properties_of(schema, f"{name}.get_config_schema"),
        required=tuple(required),
        commit_point=handler.commit_point is True,
    )


def properties_of(schema: Any, what: str) -> dict[str, Mapping[str, Any]]:
    """Return the properties of a JSON Schema that a plugin gave; none where it gave none.

    Args:
        schema: What its `get_config_schema` returned.
        what: What was asked, for the message.

    Raises:
        PluginError: It is no JSON Schema of an object.
    """
    properties = (schema or {}).get("properties", {}) if isinstance(schema, Mapping | None) else None
    if not isinstance(properties, Mapping) or not all(
        isinstance(key, str) and isinstance(value, Mapping) for key, value in properties.items()
    ):
        raise PluginError(f"{what} describes its keys wrongly", why="`properties` is no mapping of JSON Schemas")
    return dict(properties)


def incompatible(requires: Mapping[str, Any], engine: str) -> Problem | None:
    """Say why a plugin does not fit this engine; None when it does.

    Args:
        requires: The manifest's `requires`.
        engine: The engine's version, `x.y.z`.
    """
    wanted = str(requires.get("engine") or "")
    conditions = [_CONDITION.fullmatch(part.strip()) for part in wanted.split(",") if part.strip()]
    where = "plugin.requires.engine"
    if None in conditions:
        return Problem(f"{wanted!r} is no range of versions", where, hint="write it like `>=0.1, <2`")
    if all(_meets(_numbers(engine), match[1], _numbers(match[2])) for match in conditions if match):
        return None
    return Problem(f"needs engine {wanted}, this is {engine}", where)


def _meets(version: tuple[int, ...], operator: str, limit: tuple[int, ...]) -> bool:
    width = max(len(version), len(limit))
    left, right = (numbers + (0,) * (width - len(numbers)) for numbers in (version, limit))
    prefix = max(1, len(limit) - 1)  # `~=1.2` means 1.2 or later, but still 1.x
    answers = {
        ">=": left >= right, "<=": left <= right, ">": left > right, "<": left < right, "!=": left != right,
        "==": left == right, "": left == right, "~=": left >= right and left[:prefix] == right[:prefix],
    }  # fmt: skip
    return answers[operator]


def _numbers(text: str) -> tuple[int, ...]:
    numbers = re.match(r"\d+(?:\.\d+)*", text, re.ASCII)
    return tuple(int(part) for part in numbers[0].split(".")) if numbers else ()
