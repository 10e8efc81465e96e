"""The names of one kind that plugins offer; a name may be replaced, and what it replaced stays below it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

from ...errors import PluginError
from .info import Entry, Kind, PluginInfo

T = TypeVar("T")


class Table(Generic[T]):
    """Entries by name; for each name those that were replaced first, the one in use last.

    Args:
        kind: What it holds, for messages.
        interface: The base class that its instances keep.
    """

    def __init__(self, kind: Kind, interface: type[T]) -> None:
        self.kind = kind
        self.interface = interface
        self._stacks: dict[str, list[Entry[T]]] = {}

    def names(self) -> list[str]:
        """Return all names, in the order they came."""
        return list(self._stacks)

    def used(self, name: str) -> Entry[T] | None:
        """Return the entry in use."""
        stack = self._stacks.get(name)
        return stack[-1] if stack else None

    def of(self, name: str, plugin: PluginInfo) -> Entry[T] | None:
        """Return a plugin's own entry of this name, in use or replaced."""
        return next((entry for entry in self._stacks.get(name, ()) if entry.plugin is plugin), None)

    def below(self, name: str, plugin: PluginInfo) -> Entry[T] | None:
        """Return the entry that a plugin's own one replaces."""
        stack = self._stacks.get(name, [])
        index = next((i for i, entry in enumerate(stack) if entry.plugin is plugin), 0)
        return stack[index - 1] if index else None

    def add(self, name: str, entry: Entry[T], *, replaces: bool) -> bool:
        """Take an entry; a plugin's earlier declaration of the name is filled in where it stands.

        Returns:
            Whether the name is new for this plugin.

        Raises:
            PluginError: The name is taken.
        """
        stack = self._stacks.get(name, [])
        mine = self.of(name, entry.plugin)
        taken = mine if mine is not None else (stack[-1] if stack else None)
        if taken is not None and not replaces and not (mine is not None and mine.is_promise):
            raise PluginError(
                f"the {self.kind} {name!r} is registered twice: by {taken.plugin} and by {entry.plugin}",
                hint="rename one of them, or declare `replaces: true` in the second plugin's manifest",
            )
        if mine is None:
            self._stacks[name] = [*stack, entry]
            return True
        entry.facts, entry.properties = entry.facts or mine.facts, entry.properties or mine.properties
        self._stacks[name] = [entry if old is mine else old for old in stack]
        return False

    def kept(self, plugin: PluginInfo) -> dict[str, Entry[T]]:
        """Return a plugin's own entries, for `put_back`."""
        found = ((name, self.of(name, plugin)) for name in self._stacks)
        return {name: entry for name, entry in found if entry is not None}

    def put_back(self, plugin: PluginInfo, kept: Mapping[str, Entry[T]]) -> None:
        """Make a plugin's own entries what they were; those of others stay.

        Args:
            plugin: The plugin.
            kept: What `kept` gave; empty to remove all that it offers.
        """
        for name, stack in list(self._stacks.items()):
            new = [kept.get(name) if entry.plugin is plugin else entry for entry in stack]
            self._stacks[name] = [entry for entry in new if entry is not None]
            if not self._stacks[name]:
                del self._stacks[name]


class Loaded(Mapping[str, T]):
    """A view of a table that loads an entry when it is asked for.

    Args:
        table: The table.
        get: Loads by name.
    """

    def __init__(self, table: Table[T], get: Callable[[str], T | None]) -> None:
        self._table = table
        self._get = get

    def __getitem__(self, name: str) -> T:
        found = self._get(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._table.names())

    def __len__(self) -> int:
        return len(self._table.names())
