"""Puts one file's data over another's; every key and value keeps the place that it came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import Place
from ...support.yaml_tree import Tree, TreePath

# A section whose keys are all commented out is read as null; it then means the same as no section.
_SECTIONS = (
    ("*",),
    ("plugins", "discovery"),
    ("workflow_types", "*"),
    ("step_handlers", "*"),
    ("integration_adapters", "*"),
    ("*", "*", "config"),
    ("*", "*", "retry"),
)


def merged(base: Tree, over: Tree) -> Tree:
    """Merge two mappings: mappings key by key, everything else replaced, null removes a key of the base.

    Args:
        base: What is built on; not changed.
        over: What wins; not changed.
    """
    if not base.data:
        return over
    lost: set[TreePath] = set()
    gone: set[TreePath] = set()
    data = _merge(base.data, over.data, (), lost, gone)
    lost |= gone

    def join(below: Mapping[TreePath, Place], above: Mapping[TreePath, Place]) -> dict[TreePath, Place]:
        kept = {path: place for path, place in below.items() if not _is_under(path, lost)}
        return kept | {path: place for path, place in above.items() if not _is_under(path, gone)}

    return Tree(data, join(base.values, over.values), join(base.keys, over.keys))


def grafted(tree: Tree, at: TreePath, branch: Tree) -> Tree:
    """Put the content of another file under a key; keys that stand there beside `file` win over it.

    Args:
        tree: The data that names the file.
        at: Path of the key: its value is the file's name, or a mapping with `file`.
        branch: The content.
    """
    own = tree.data
    for part in at[:-1]:
        own = own[part]
    value = own[at[-1]]
    beside = {key: item for key, item in value.items() if key != "file"} if isinstance(value, dict) else {}
    depth = len(at)

    def cut(places: Mapping[TreePath, Place]) -> dict[TreePath, Place]:
        inner = {path[depth:]: place for path, place in places.items() if path[:depth] == at and len(path) > depth}
        return {path: place for path, place in inner.items() if path[0] != "file"}

    whole = merged(branch, Tree(beside, cut(tree.values), cut(tree.keys)))

    def put(places: Mapping[TreePath, Place], inner: Mapping[TreePath, Place]) -> dict[TreePath, Place]:
        outer = {path: place for path, place in places.items() if path[:depth] != at or path == at}
        return outer | {(*at, *path): place for path, place in inner.items() if path}

    own[at[-1]] = whole.data
    return Tree(tree.data, put(tree.values, whole.values), put(tree.keys, whole.keys))


def without_empty_sections(data: dict[str, Any]) -> dict[str, Any]:
    """Drop sections that have no content; null values of single keys stay.

    Args:
        data: The merged configuration.
    """
    return _pruned(data, ())


def _pruned(data: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    result = {}
    for key, value in data.items():
        here = (*path, key)
        if value is None and any(_fits(here, section) for section in _SECTIONS):
            continue
        result[key] = _pruned(value, here) if isinstance(value, dict) and len(here) < 3 else value
    return result


def _fits(path: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    return len(path) == len(pattern) and all(want in ("*", part) for part, want in zip(path, pattern, strict=True))


def _merge(
    base: dict[str, Any], over: dict[str, Any], path: TreePath, lost: set[TreePath], gone: set[TreePath]
) -> dict[str, Any]:
    result = dict(base)
    for key, value in over.items():
        here = (*path, key)
        if key not in base:
            result[key] = value
        elif value is None:
            del result[key]
            gone.add(here)
        elif isinstance(value, dict) and isinstance(base[key], dict):
            result[key] = _merge(base[key], value, here, lost, gone)
        else:
            result[key] = value
            lost.add(here)
    return result


def _is_under(path: TreePath, roots: set[TreePath]) -> bool:
    return bool(roots) and any(path[:length] in roots for length in range(1, len(path) + 1))
