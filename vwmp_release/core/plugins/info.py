"""What the registry knows of a plugin and of each name that it offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from .manifest import HandlerFacts

T = TypeVar("T")
Kind = str
"""`workflow type`, `step handler` or `integration adapter`."""


@dataclass
class PluginInfo:
    """A plugin that was found.

    Args:
        name: Its name.
        origin: `built-in`, `folder` or `entry point`.
        path: Folder, or `distribution version`, for people.
        version: Its version, empty when unknown.
        description: One sentence.
        package: Name under which its code is imported.
        activate: Imports its code and registers what it offers; None once that is done.
        state: `discovered`, `loaded`, `failed` or `refused`.
        problem: Why it failed or was refused.
        kinds: What it offers: `(kind, name)`.
    """

    name: str
    origin: str
    path: str
    version: str = ""
    description: str = ""
    package: str = ""
    activate: Callable[[], None] | None = None
    state: str = "discovered"
    problem: str = ""
    kinds: list[tuple[Kind, str]] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.origin} plugin {self.name} ({self.path})"


@dataclass
class Entry(Generic[T]):
    """One registered name: an instance, or a reference to load it from."""

    plugin: PluginInfo
    instance: T | None = None
    reference: str = ""
    facts: HandlerFacts | None = None
    properties: Mapping[str, Any] | None = None

    @property
    def is_promise(self) -> bool:
        """Whether a manifest declares the name and the plugin's code has not registered it yet."""
        return self.instance is None and not self.reference
