"""The configuration as one frozen value: merged data, and where each key and value of it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...errors import Place
from ...support.yaml_tree import Tree, TreePath


@dataclass(frozen=True)
class Config:
    """What the configuration files say; nothing is filled in or substituted.

    Args:
        root: Root of the repository.
        files: The files that were read, in this order; none with zero configuration.
        data: The merged mapping; files named by `extends` and `workflows` are part of it.
        values: Place of each value by its path.
        keys: Place of each mapping key by the path of its value.
    """

    root: Path
    files: tuple[Path, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[TreePath, Place] = field(default_factory=dict)
    keys: Mapping[TreePath, Place] = field(default_factory=dict)

    def get(self, *path: str | int, default: Any = None) -> Any:
        """Return the value at a path.

        Args:
            path: Keys and list indexes from the top.
            default: What to return when nothing stands there.
        """
        value: Any = self.data
        part: Any
        for part in path:
            if (isinstance(value, Mapping) and part in value) or (
                isinstance(value, list) and isinstance(part, int) and -len(value) <= part < len(value)
            ):
                value = value[part]
            else:
                return default
        return value

    def value_place(self, path: TreePath) -> Place | None:
        """Return the place of a value, or of the nearest thing around it that has one.

        Args:
            path: Keys and list indexes from the top.
        """
        return Tree(self.data, self.values, self.keys).value_place(path)

    def key_place(self, path: TreePath) -> Place | None:
        """Return the place of a mapping key, or of the nearest thing around it that has one.

        Args:
            path: Keys and list indexes from the top, the key last.
        """
        return Tree(self.data, self.values, self.keys).key_place(path)
