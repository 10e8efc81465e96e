"""A plugin's `config.yaml`: what it offers, read without importing its code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...errors import ConfigError, Place, Problem
from ...interfaces import Effect
from ...support import yaml_tree
from .form import ISOLATIONS, Form

_TOP = {"plugin", "workflow_type", "workflow_types", "adapter", "adapters", "step_handlers", "permissions"}
_PLUGIN = {"name", "version", "description", "author", "requires"}
_HANDLER = {
    "config_schema", "retry", "timeout", "isolation", "effect", "commit_point", "ends_run", "replaces", "permissions",
    "description", "required",
}  # fmt: skip
_OFFER = {"name", "config_schema", "replaces", "description", "templates"}


@dataclass(frozen=True)
class HandlerFacts:
    """What the engine must know of a handler before it runs it.

    Args:
        effect: What it touches.
        properties: JSON Schema of each configuration key.
        required: Keys that must have a value.
        retry: Default retry policy: `enabled`, `max_attempts`, `backoff`, `delay`.
        timeout: Default time limit in seconds; None for none.
        isolation: `inline`, `thread` or `process`; None lets the plugin's origin decide.
        commit_point: Whether it publishes the release.
        ends_run: Whether its SKIPPED with the output `nothing` ends the run as a success.
        replaces: Whether it takes the place of a handler of the same name.
    """

    effect: Effect = Effect.WORKSPACE
    properties: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    retry: Mapping[str, Any] = field(default_factory=dict)
    timeout: float | None = None
    isolation: str | None = None
    commit_point: bool = False
    ends_run: bool = False
    replaces: bool = False


@dataclass(frozen=True)
class Manifest:
    """A plugin's manifest.

    Args:
        name: The plugin's name; the prefix of handler keys without a dot.
        version: Its version.
        description: One sentence.
        requires: What it needs: `engine`, a range of versions.
        workflow_types: Names of its workflow types.
        adapters: Schema properties of its adapters, by name.
        handlers: Its handlers, by registered name.
        replaces: Names of its workflow types and adapters that take the place of others.
    """

    name: str
    version: str = ""
    description: str = ""
    requires: Mapping[str, Any] = field(default_factory=dict)
    workflow_types: tuple[str, ...] = ()
    adapters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    handlers: Mapping[str, HandlerFacts] = field(default_factory=dict)
    replaces: tuple[str, ...] = ()


def read(path: Path, folder_name: str, *, shown: str) -> Manifest:
    """Read a manifest.

    Args:
        path: The file `config.yaml`.
        folder_name: Name of the plugin's folder, used where the manifest gives no name.
        shown: The path for messages.

    Raises:
        ConfigError: It is no YAML, or not of a manifest's form; all problems at once.
    """
    try:
        data = yaml_tree.load_plain(path.read_text(encoding="utf-8"), shown)
    except (OSError, ValueError, RecursionError) as error:  # PyYAML raises ValueError for a date like 2026-13-45
        raise ConfigError([Problem(f"cannot be read: {error}", place=Place(shown))]) from error
    problems: list[Problem] = []
    manifest = _manifest(data, folder_name, problems)
    if problems:
        raise ConfigError([problem._replace(place=Place(shown)) for problem in problems])
    return manifest


def _manifest(data: Any, folder_name: str, problems: list[Problem]) -> Manifest:
    top = Form(data, "", problems, _TOP)
    plugin = Form(top.mapping("plugin"), "plugin", problems, _PLUGIN)
    requires = plugin.mapping("requires")
    Form(requires, "plugin.requires", problems, {"engine"}).text("engine")
    name = plugin.text("name", folder_name)
    types = _offers(top, "workflow_type", problems)
    adapters = _offers(top, "adapter", problems)
    handlers: dict[str, HandlerFacts] = {}
    for key, section in top.mapping("step_handlers").items():
        full = key if "." in key else f"{name}.{key}"
        if full in handlers:
            problems.append(Problem(f"the handler {full!r} is declared twice", f"step_handlers.{key}"))
        handlers[full] = _facts(section, f"step_handlers.{key}", problems)
    return Manifest(
        name=name,
        version=plugin.text("version"),
        description=plugin.text("description"),
        requires=requires,
        workflow_types=tuple(types),
        adapters={offered: form.schemas("config_schema") for offered, form in adapters.items()},
        handlers=handlers,
        replaces=tuple(n for offers in (types, adapters) for n, form in offers.items() if form.flag("replaces", False)),
    )


def _facts(data: Any, where: str, problems: list[Problem]) -> HandlerFacts:
    form = Form(data, where, problems, _HANDLER)
    return HandlerFacts(
        effect=Effect(form.choice("effect", [effect.value for effect in Effect]) or Effect.WORKSPACE),
        properties=form.schemas("config_schema"),
        required=form.texts("required") or (),
        retry=form.retry(),
        timeout=form.number("timeout", above=0),
        isolation=form.choice("isolation", ISOLATIONS),
        commit_point=form.flag("commit_point", False),
        ends_run=form.flag("ends_run", False),
        replaces=form.flag("replaces", False),
    )


def _offers(top: Form, key: str, problems: list[Problem]) -> dict[str, Form]:
    """Read `adapter` and `adapters`, or `workflow_type` and `workflow_types`: forms by name."""
    single = top.mapping(key)
    found: dict[str, Form] = {}
    for index, item in enumerate([*([single] if single else []), *(top.items(f"{key}s") or [])]):
        where = key if single and not index else f"{key}s[{index - bool(single)}]"
        form = Form(item, where, problems, _OFFER)
        name = form.text("name")
        if not name:
            form.wrong("needs a name")
        elif name in found:
            form.wrong(f"the {key.replace('_', ' ')} {name!r} is declared twice")
        else:
            found[name] = form
    return found
