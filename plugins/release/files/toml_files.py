"""TOML files: `pyproject.toml` (PEP 621 and Poetry), `Cargo.toml`, and others with a `version` of their own."""

from __future__ import annotations

from vwmp_release.support.textfile import TextFile

from .match import Finder, Match
from .toml_scan import strings

_Keys = tuple[str, ...]
PYPROJECT: tuple[_Keys, ...] = (("project", "version"), ("tool", "poetry", "version"))
CARGO: tuple[_Keys, ...] = (("package", "version"), ("workspace", "package", "version"))
OTHER: tuple[_Keys, ...] = (("version",), *PYPROJECT, *CARGO)


def _finder(wanted: tuple[_Keys, ...]) -> Finder:
    def find(file: TextFile) -> list[Match]:
        return [
            Match(item.start, item.end, file.text[item.start : item.end], _shown(item.path))
            for item in strings(file.text)
            if item.path in wanted
        ]

    return find


def _shown(path: _Keys) -> str:
    return f"[{'.'.join(path[:-1])}] {path[-1]}" if len(path) > 1 else path[0]


find_pyproject = _finder(PYPROJECT)
"""Finds the versions of a `pyproject.toml`; one that a build backend computes is no target."""
find_cargo = _finder(CARGO)
"""Finds the versions of a `Cargo.toml`; those of dependencies are none."""
find_other = _finder(OTHER)
"""Finds the versions of any other TOML file."""


def name_in(text: str) -> str:
    """Return the name of the project or package that a TOML file describes; empty where it names none.

    Args:
        text: The file's text.
    """
    wanted = {(*path[:-1], "name") for path in OTHER if len(path) > 1}
    return next((text[item.start : item.end] for item in strings(text) if item.path in wanted), "")
