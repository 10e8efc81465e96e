"""Replaces `${…}` in configuration values: names only, no expressions.

Texts that people or programs give at run time are data: they are `Settled`, so that a `${…}` in a commit's summary
or in an environment variable is never replaced, whichever way it takes through the configuration.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ...errors import ConfigError, Place, Problem, nearest
from .words import dotted, text_of

KINDS = ("config", "parameters", "step-outputs", "env", "adapter")
_TOKEN = re.compile(r"\$\$\{|\$\{([^{}]*)(\}?)")
_FORMS = "${config.KEY}, ${parameters.NAME}, ${step-outputs.ID.KEY}, ${env.NAME} or ${adapter.NAME.KEY}"
_MAX_DEPTH = 100
_MAX_FOLLOWED = 10_000
_MAX_TEXT = 4 * 1024 * 1024
_MISSING = object()
_WAITING = object()


class Settled(str):
    """A text that is no template: a `${` in it stands for itself."""

    __slots__ = ()


class Reference(NamedTuple):
    """One `${kind.path}`.

    Args:
        kind: The word before the first dot; one of `KINDS`, or wrong.
        path: What follows, split at its dots.
        text: As it was written.
    """

    kind: str
    path: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Scope:
    """What references stand for.

    Args:
        config: Workflow-level configuration; its values may hold references themselves.
        parameters: The run's parameters.
        env: The environment.
        adapters: Configuration of each adapter by its name; its values may hold references themselves.
        outputs: Outputs by step id; None leaves texts that need them as they are, for a second pass.
    """

    config: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    adapters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    outputs: Mapping[str, Mapping[str, Any]] | None = None

    def names(self, kind: str) -> Mapping[str, Any]:
        """Return what references of a kind can name.

        Args:
            kind: One of `KINDS`.
        """
        if kind == "step-outputs":
            return self.outputs or {}
        return {"config": self.config, "parameters": self.parameters, "env": self.env, "adapter": self.adapters}[kind]


def references(value: Any) -> list[Reference]:
    """Return the references in a value and in everything inside it, in order.

    Args:
        value: Plain data.
    """
    if isinstance(value, Mapping):
        return [found for item in value.values() for found in references(item)]
    if isinstance(value, list | tuple):
        return [found for item in value for found in references(item)]
    if isinstance(value, str) and not isinstance(value, Settled):
        return [_reference(match) for match in _TOKEN.finditer(value) if match[1] is not None]
    return []


def waits_for_outputs(value: Any) -> bool:
    """Tell whether a text still holds references to the outputs of steps.

    Args:
        value: Any value; only texts can wait.
    """
    return isinstance(value, str) and any(found.kind == "step-outputs" for found in references(value))


def settled(value: Any) -> Any:
    """Return a value whose texts stand for themselves.

    Args:
        value: Plain data from outside the configuration.
    """
    if isinstance(value, str):
        return Settled(value) if "${" in value else value
    if isinstance(value, Mapping):
        return {key: settled(item) for key, item in value.items()}
    return [settled(item) for item in value] if isinstance(value, list | tuple) else value


def substitute(value: Any, scope: Scope, *, where: str, place: Place | None = None) -> Any:
    """Return a value with its references replaced.

    A text that is one reference and nothing else takes the type of what it names; inside a text, everything becomes
    text: true and false, nothing for null, JSON for lists and mappings. `$${` stands for `${`.

    Args:
        value: Plain data.
        scope: What the references stand for.
        where: What the value is called, for messages.
        place: Where it stands.

    Raises:
        ConfigError: Names are unknown or go in a circle; all problems at once.
    """
    work = _Substitution(scope, place)
    result = work.value(value, where, ())
    if work.problems:
        raise ConfigError(list(dict.fromkeys(work.problems)))
    return value if result is _WAITING else result


class _Substitution:
    """One call of `substitute`."""

    def __init__(self, scope: Scope, place: Place | None) -> None:
        self.problems: list[Problem] = []
        self._scope = scope
        self._place = place
        self._depth = 0
        self._followed = 0
        self._written = 0
        self._is_stopped = False

    def value(self, value: Any, where: str, above: tuple[str, ...]) -> Any:
        """Return the value replaced, or `_WAITING` for a text that needs outputs."""
        if isinstance(value, str):
            return value if isinstance(value, Settled) or "${" not in value else self._text(value, where, above)
        if not isinstance(value, Mapping | list | tuple):
            return value
        self._depth += 1
        if self._depth + len(above) > _MAX_DEPTH:
            self._stop(where, f"is nested more than {_MAX_DEPTH} levels deep")
            result: Any = None
        elif isinstance(value, Mapping):
            result = {key: self._item(item, dotted([key], where), above) for key, item in value.items()}
        else:
            result = [self._item(item, dotted([index], where), above) for index, item in enumerate(value)]
        self._depth -= 1
        return result

    def _item(self, item: Any, where: str, above: tuple[str, ...]) -> Any:
        result = self.value(item, where, above)
        return item if result is _WAITING else result

    def _text(self, text: str, where: str, above: tuple[str, ...]) -> Any:
        whole = _TOKEN.fullmatch(text)
        if whole and whole[1] is not None:
            return self._replaced(_reference(whole), where, above)
        parts: list[str] = []
        end = 0
        is_waiting = False
        for match in _TOKEN.finditer(text):
            parts.append(text[end : match.start()])
            end = match.end()
            found = "${" if match[1] is None else self._replaced(_reference(match), where, above)
            is_waiting = is_waiting or _is_waiting(found)
            parts.append("" if found is _WAITING else text_of(found))
        if is_waiting:
            return _WAITING
        self._written += sum(map(len, parts))
        if self._written > _MAX_TEXT:
            self._stop(where, f"grows to more than {_MAX_TEXT:,} characters")
            return ""
        return settled("".join([*parts, text[end:]]))

    def _replaced(self, reference: Reference, where: str, above: tuple[str, ...]) -> Any:
        kind = reference.kind
        if wrong := _wrong_form(reference):
            self._report(where, *wrong)
            return None
        if kind == "step-outputs" and self._scope.outputs is None:
            return _WAITING
        found = _find(self._scope.names(kind), reference.path)
        if found is _MISSING:
            self._report(where, *_unknown(reference, self._scope.names(kind)))
            return None
        if kind not in ("config", "adapter"):
            return settled(found)
        return self._follow(reference, found, where, above)

    def _follow(self, reference: Reference, found: Any, where: str, above: tuple[str, ...]) -> Any:
        """Replace the references inside a configured value."""
        if reference.text in above:
            circle = " -> ".join([*above[above.index(reference.text) :], reference.text])
            self._report(where, f"references go in a circle: {circle}")
            return None
        self._followed += 1
        if self._followed > _MAX_FOLLOWED or self._depth + len(above) >= _MAX_DEPTH:
            self._stop(where, f"{reference.text} leads through too many other references")
        if self._is_stopped:
            return None
        return self.value(found, where, (*above, reference.text))

    def _stop(self, where: str, what: str) -> None:
        if not self._is_stopped:
            self._report(where, what)
        self._is_stopped = True

    def _report(self, where: str, what: str, hint: str = "") -> None:
        self.problems.append(Problem(what, where, self._place, hint))


def _reference(match: re.Match[str]) -> Reference:
    kind, _, rest = match[1].partition(".")
    return Reference(kind, tuple(rest.split(".")), match[0])


def _wrong_form(reference: Reference) -> tuple[str, str] | None:
    text, path = reference.text, reference.path
    literal = f"use {_FORMS}; write ${text} for the text itself"
    if not text.endswith("}"):
        return f"{text} is no complete reference", literal
    if reference.kind not in KINDS:
        hint = nearest(reference.kind, KINDS)
        return f"unknown reference {text}", f"{hint} {literal}" if hint.startswith("did") else literal
    if not all(path) or (reference.kind == "step-outputs" and len(path) < 2):
        return f"{text} names nothing", literal
    return None


def _find(level: Any, path: tuple[str, ...]) -> Any:
    """Return the value at a path; keys may hold dots themselves, the shortest key that leads on wins."""
    if not path:
        return level
    if isinstance(level, list | tuple):
        index = path[0]
        return _find(level[int(index)], path[1:]) if index.isdecimal() and int(index) < len(level) else _MISSING
    if isinstance(level, Mapping):
        for length in range(1, len(path) + 1):
            key = ".".join(path[:length])
            if key in level and (found := _find(level[key], path[length:])) is not _MISSING:
                return found
    return _MISSING


def _unknown(reference: Reference, names: Mapping[str, Any]) -> tuple[str, str]:
    path = reference.path
    if reference.kind == "env":
        hint = nearest(".".join(path), list(names))
        return f"{reference.text}: the environment variable is not set", hint if hint.startswith("did") else ""
    level: Any = names
    while isinstance(level, Mapping) and path[0] in level and len(path) > 1:
        level, path = level[path[0]], path[1:]
    known = [str(key) for key in level] if isinstance(level, Mapping) else []
    return f"{reference.text} is unknown", nearest(path[0], known)


def _is_waiting(found: Any) -> bool:
    return found is _WAITING or any(reference.kind == "step-outputs" for reference in references(found))
