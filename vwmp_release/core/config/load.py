"""`load`: the one door through which a configuration comes in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ...errors import ConfigError, Problem
from ...support.yaml_tree import Tree
from .merge import without_empty_sections
from .model import Config
from .sources import Sources, first_file

_VERSION = 1
_UNKNOWN = "unknown key "


def load(root: Path, config_file: Path | None = None, *, unknown: list[Problem] | None = None) -> Config:
    """Read and check the configuration of a repository.

    Args:
        root: Root of the repository.
        config_file: The file that the user named, absolute or from the current folder; None means
            `vwmp_config.yaml` at the root, which may be missing.
        unknown: Takes the unknown keys where nothing else is wrong, so that the caller can look for further problems
            in the rest and raise all of them; None raises them here.

    Returns:
        The merged configuration; an empty one where there is no file.

    Raises:
        UsageError: The named file is missing.
        ConfigError: All that is wrong, in the order of the files.
    """
    path = first_file(root, config_file)
    if path is None:
        return Config(root)
    sources = Sources(root)
    tree = sources.read(path, is_named=config_file is not None)
    tree = tree._replace(data=without_empty_sections(tree.data))
    problems = [*sources.problems, *_check(tree)]
    if problems:
        if unknown is None or not all(problem.what.startswith(_UNKNOWN) for problem in problems):
            raise ConfigError(in_order(problems))
        unknown += in_order(problems)
    return Config(root, tuple(dict.fromkeys(sources.files)), tree.data, tree.values, tree.keys)


def _check(tree: Tree) -> list[Problem]:
    from .schema import base_schema, check

    version = tree.data.get("config_version", _VERSION)
    if isinstance(version, int) and version > _VERSION:  # its other keys may be ones that nobody here can judge
        what = f"is {version}, written for a newer vwmp-release: this one reads version {_VERSION}"
        return [Problem(what, "config_version", tree.value_place(("config_version",)), "upgrade vwmp-release")]
    return check(tree.data, base_schema(), places=tree)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems in the order of lines; files in the order in which something was found in them.

    Args:
        problems: The problems; of several unknown keys at one place the first stays.
    """
    kept: list[Problem] = []
    for problem in problems:
        if not (problem.what.startswith(_UNKNOWN) and problem.place in {other.place for other in kept}):
            kept.append(problem)
    files: dict[str, int] = {}
    for problem in kept:
        files.setdefault(problem.place.file if problem.place else "", len(files))

    def position(problem: Problem) -> tuple[int, int, int]:
        place = problem.place
        return (files[place.file], place.line, place.column) if place else (len(files), 0, 0)

    return sorted(dict.fromkeys(kept), key=position)
