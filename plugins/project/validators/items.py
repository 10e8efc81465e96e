"""Reads the list of validators: scripts, commands, mappings and names of built-in checks."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from vwmp_release.errors import PermanentError, nearest
from vwmp_release.support.textfile import inside

CHECKS = ("branch_context", "changelog_format", "clean_tree", "conventional_commits", "version_consistency")
"""The built-in checks; each is registered as `check.NAME` by the plugin that owns its subject."""

_CHECK_NAME = re.compile(r"[a-z][a-z0-9_]*")
_KEYS = ("name", "run", "script", "timeout", "workspace")
_MAX_NAME = 60


class Validator(NamedTuple):
    """One validator.

    Args:
        name: Its name for people, unique in the list.
        argv: The command; empty for a built-in check.
        check: Name of the built-in check; empty for a command.
        root: Folder that it runs in.
        timeout: Seconds that it may take.
    """

    name: str
    argv: tuple[str, ...]
    check: str
    root: Path
    timeout: float


class Roots(NamedTuple):
    """The folders that validators run in.

    Args:
        workspace: The run's workspace.
        in_place: The user's own tree.
    """

    workspace: Path
    in_place: Path


class _Wrong(Exception):
    """An item that cannot be run, with the reason."""


def read(items: Sequence[Any], roots: Roots, *, strict: bool, timeout: float) -> list[Validator]:
    """Read the configured validators.

    Args:
        items: The value of `validators`.
        roots: The folders that they run in.
        strict: Whether scripts get `--strict`.
        timeout: Seconds for those that set none.

    Raises:
        PermanentError: Items cannot be run; all problems at once.
    """
    found: list[Validator] = []
    problems: list[str] = []
    for number, item in enumerate(items):
        try:
            validator = _read(item, roots, strict, timeout)
        except _Wrong as wrong:
            problems.append(f"validators[{number}]: {wrong}")
        else:
            taken = {other.name for other in found}
            names = (validator.name, *(f"{validator.name} ({count})" for count in range(2, len(taken) + 3)))
            found.append(validator._replace(name=next(name for name in names if name not in taken)))
    if problems:
        raise PermanentError("; ".join(problems), hint="no validator was run; correct the list and run again")
    return found


def _read(item: Any, roots: Roots, strict: bool, timeout: float) -> Validator:
    if isinstance(item, str):
        return _text(item.strip(), roots.workspace, strict, timeout)
    if isinstance(item, list | tuple):
        argv = _argv(item)
        return Validator(_short(" ".join(argv)), argv, "", roots.workspace, timeout)
    if isinstance(item, dict):
        return _mapping(item, roots, strict, timeout)
    raise _Wrong(f"{item!r} is no script path, list of arguments, mapping or name of a check")


def _text(text: str, root: Path, strict: bool, timeout: float) -> Validator:
    is_name = bool(_CHECK_NAME.fullmatch(text))
    if text in CHECKS or (is_name and not (root / text).exists()):
        return Validator(text, (), text, root, timeout)
    return Validator(_short(text), _script(text, root, strict), "", root, timeout)


def _mapping(item: dict[Any, Any], roots: Roots, strict: bool, timeout: float) -> Validator:
    for key in item:
        if key not in _KEYS:
            raise _Wrong(f"unknown key {key!r}, {nearest(str(key), _KEYS)}".rstrip(", "))
    if ("run" in item) == ("script" in item):
        raise _Wrong("a mapping needs either run, a list of arguments, or script, a path")
    workspace = item.get("workspace", "shadow")
    if workspace not in ("shadow", "in_place"):
        raise _Wrong(f"workspace is {workspace!r}, it must be shadow or in_place")
    limit = item.get("timeout", timeout)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not limit > 0:
        raise _Wrong(f"timeout is {limit!r}, it must be a number of seconds above 0")
    root = roots.in_place if workspace == "in_place" else roots.workspace
    argv = _argv(item["run"]) if "run" in item else _script(item["script"], root, strict)
    name = item.get("name") or (item["script"] if "script" in item else " ".join(argv))
    if not isinstance(name, str):
        raise _Wrong(f"name is {name!r}, it must be text")
    return Validator(_short(name), argv, "", root, float(limit))


def _argv(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        raise _Wrong(f"{value!r} is text, a command must be a list of arguments; nothing is given to a shell")
    plain = isinstance(value, list | tuple) and value and isinstance(value[0], str) and value[0]
    parts = (
        [part for part in value if not isinstance(part, bool) and isinstance(part, str | int | float)] if plain else []
    )
    if not plain or len(parts) != len(value):
        raise _Wrong(f"{value!r} is no list of arguments")
    if any("\0" in str(part) for part in parts):
        raise _Wrong("an argument holds a NUL character")
    return tuple(str(part) for part in parts)


def _script(value: Any, root: Path, strict: bool) -> tuple[str, ...]:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise _Wrong(f"{value!r} is no path of a script")
    try:
        path = inside(root, value, key="script")
    except PermanentError as error:
        raise _Wrong(error.what) from error
    if not path.is_file():
        hint = nearest(value, CHECKS) if "/" not in value else ""
        if " " in value:
            hint = "write a command as a list of arguments; nothing is given to a shell"
        raise _Wrong(f"{value!r} is neither a file nor the name of a check" + (f", {hint}" if hint else ""))
    if path.suffix != ".py":
        raise _Wrong(f"{value!r} is no Python script; write it as a list to run it: [{value!r}]")
    return (sys.executable, str(path), *(["--strict"] if strict else []))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MAX_NAME else line[: _MAX_NAME - 1] + "…"
