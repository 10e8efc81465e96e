"""`load`: the one door through which a configuration comes in."""

from __future__ import annotations

from pathlib import Path

from ...errors import ConfigError, Problem
from ...support.yaml_tree import Tree
from .merge import without_empty_sections
from .model import Config
from .sources import Sources, first_file

_VERSION = 1


def load(root: Path, config_file: Path | None = None) -> Config:
    """Read and check the configuration of a repository.

    Args:
        root: Root of the repository.
        config_file: The file that the user named, absolute or from the current folder; None means
            `vwmp_config.yaml` at the root, which may be missing.

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
        raise ConfigError(_ordered(problems))
    return Config(root, tuple(dict.fromkeys(sources.files)), tree.data, tree.values, tree.keys)


def _check(tree: Tree) -> list[Problem]:
    from .schema import base_schema, check

    version = tree.data.get("config_version", _VERSION)
    if isinstance(version, int) and version > _VERSION:  # its other keys may be ones that nobody here can judge
        what = f"is {version}, written for a newer vwmp-release: this one reads version {_VERSION}"
        return [Problem(what, "config_version", tree.value_place(("config_version",)), "upgrade vwmp-release")]
    return check(tree.data, base_schema(), places=tree)


def _ordered(problems: list[Problem]) -> list[Problem]:
    """Return the problems in the order of lines; files in the order in which something was found in them."""
    files: dict[str, int] = {}
    for problem in problems:
        files.setdefault(problem.place.file if problem.place else "", len(files))

    def position(problem: Problem) -> tuple[int, int, int]:
        place = problem.place
        return (files[place.file], place.line, place.column) if place else (len(files), 0, 0)

    return sorted(dict.fromkeys(problems), key=position)
