"""The files of a configuration: which one is read first, what it builds on, and what it takes from others."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ...errors import ConfigError, Place, Problem, UsageError
from ...support import textfile, yaml_tree
from ...support.yaml_tree import Tree, TreePath
from .merge import grafted, merged

NAMES = ("vwmp_config.yaml", "vwmp_config.yml")
_MAX_FILES = 100


def first_file(root: Path, named: Path | None) -> Path | None:
    """Return the file to begin with, or None with zero configuration.

    Args:
        root: Root of the repository.
        named: The file that the user named; one that is not absolute is meant from the current folder.

    Raises:
        UsageError: The named file is missing.
        ConfigError: The repository holds two files that could be meant.
    """
    if named is not None:
        if not os.path.isfile(named):
            state = "is no file" if os.path.lexists(named) else "does not exist"
            raise UsageError(f"the configuration file {named} {state}", hint="check --config")
        return Path(os.path.abspath(named))
    found = [root / name for name in NAMES if os.path.lexists(root / name)]
    if len(found) > 1:
        what = f"{NAMES[0]} and {NAMES[1]} both exist"
        raise ConfigError([Problem(what, place=Place(NAMES[1]), hint="keep one of them")])
    return found[0] if found else None


class Sources:
    """Reads files, each with what it builds on; collects the problems of all of them.

    Args:
        root: Root of the repository; other files than the first must be inside it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: list[Path] = []
        self.problems: list[Problem] = []
        self._real_root = os.path.realpath(root)

    def read(self, path: Path, *, is_named: bool) -> Tree:
        """Return a configuration file's data, merged over what it extends.

        Args:
            path: The file.
            is_named: Whether the user named it, so that it may be anywhere.
        """
        if not is_named and not self._is_inside(path):
            self._report("is a link that leads out of the repository", Place(self._shown(path)))
            return Tree({}, {}, {})
        return self._read_chain(path, ())

    def _read_chain(self, path: Path, above: tuple[str, ...]) -> Tree:
        tree = self._with_workflows(self._read_mapping(path), path)
        names = self._extended(tree)
        tree.data.pop("extends", None)
        chain = (*above, os.path.realpath(path))
        base = Tree({}, {}, {})
        for place_path, name in names:
            place = tree.value_place(place_path)
            target = self._target(name, path, place, "extends")
            if target is None:
                continue
            if os.path.realpath(target) in chain:
                loop = [*chain[chain.index(os.path.realpath(target)) :], os.path.realpath(target)]
                words = " -> ".join(self._shown(Path(file)) for file in loop)
                self._report(f"files extend each other in a circle: {words}", place, "extends")
            else:
                base = merged(base, self._read_chain(target, chain))
        return merged(base, tree)

    def _extended(self, tree: Tree) -> list[tuple[TreePath, str]]:
        value = tree.data.get("extends")
        if value is None:
            return []
        items: list[tuple[TreePath, Any]] = [(("extends",), value)]
        if isinstance(value, list):
            items = [(("extends", index), item) for index, item in enumerate(value)]
        if any(not isinstance(name, str) or not name for _, name in items):
            place = tree.value_place(("extends",))
            self._report("must be the path of a file, or a list of paths", place, "extends")
            return []
        return items

    def _with_workflows(self, tree: Tree, path: Path) -> Tree:
        workflows = tree.data.get("workflows")
        for name, value in list(workflows.items()) if isinstance(workflows, dict) else []:
            at: TreePath = ("workflows", name)
            inner: TreePath = at if isinstance(value, str) else (*at, "file")
            file = value if isinstance(value, str) else value.get("file") if isinstance(value, dict) else None
            if not isinstance(file, str) or not file:
                continue
            target = self._target(file, path, tree.value_place(inner), f"workflows.{name}")
            definition = Tree({}, {}, {}) if target is None else self._read_mapping(target)
            if "file" in definition.data:
                self._report("this file is a definition already", definition.key_place(("file",)), "file")
            tree = grafted(tree, at, definition)
        return tree

    def _target(self, name: str, source: Path, place: Place | None, where: str) -> Path | None:
        """Return the path of a file that another file names, or report why it cannot be read."""
        target = source.parent / name
        if "\0" in name or Path(name).is_absolute() or not self._is_inside(target):
            self._report(f"{name!r} is outside the repository", place, where, "name a path inside it")
            return None
        if len(self.files) >= _MAX_FILES:
            self._report(f"the configuration has more than {_MAX_FILES} files", place, where)
            return None
        if not os.path.isfile(target):
            hint = f"the path is meant from the folder of {self._shown(source)}"
            self._report(f"the file {name!r} does not exist", place, where, hint)
            return None
        return Path(os.path.normpath(target))

    def _read_mapping(self, path: Path) -> Tree:
        shown = self._shown(path)
        self.files.append(path)
        try:
            tree = yaml_tree.load(yaml_tree.decode(self._bytes(path), shown), shown)
        except ConfigError as error:
            self.problems += error.problems
        except OSError as error:
            self._report(f"cannot be read: {error.strerror or error}", Place(shown))
        else:
            if isinstance(tree.data, dict):
                return tree
            if tree.data is not None:
                self._report("must hold a mapping of keys to values", tree.value_place(()))
        return Tree({}, {}, {})

    def _bytes(self, path: Path) -> bytes:
        if not os.path.isfile(path):  # a device or a pipe would be read for ever
            raise OSError("it is no regular file")
        with path.open("rb") as stream:
            raw = stream.read(yaml_tree.MAX_SIZE + 1)
        if len(raw) > yaml_tree.MAX_SIZE:
            raise ConfigError([Problem(f"has more than {yaml_tree.MAX_SIZE:,} bytes", place=Place(self._shown(path)))])
        return raw

    def _is_inside(self, path: Path) -> bool:
        real = os.path.realpath(path)
        return real == self._real_root or real.startswith(self._real_root.rstrip(os.sep) + os.sep)

    def _shown(self, path: Path) -> str:
        for root in (self.root, Path(self._real_root)):
            if path.is_relative_to(root):
                return textfile.shown(path, root)
        return textfile.shown(path, None)

    def _report(self, what: str, place: Place | None, where: str = "", hint: str = "") -> None:
        self.problems.append(Problem(what, where, place, hint))
