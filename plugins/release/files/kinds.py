"""The kinds of version files: which finder reads which, known by the file's name."""

from __future__ import annotations

import re
from importlib import import_module

from vwmp_release.errors import PermanentError
from vwmp_release.support.textfile import TextFile

from .match import VERSION, Finder, Match

FINDERS = {
    "plain": "plain:find",
    "pyproject": "toml_files:find_pyproject",
    "cargo": "toml_files:find_cargo",
    "toml": "toml_files:find_other",
    "cfg": "cfg:find",
    "python": "python_source:find",
    "json": "json_files:find",
    "yaml": "yaml_files:find",
}
"""Kind of a version file, and what finds the version in it, as `module:function` of this package."""
_BY_NAME = {"pyproject.toml": "pyproject", "cargo.toml": "cargo"}
_BY_SUFFIX = {"toml": "toml", "cfg": "cfg", "ini": "cfg", "py": "python", "json": "json", "yaml": "yaml", "yml": "yaml"}
_LONGEST_PATTERN = 500
_GROUP = "(?P<version>"


def kind_of(name: str) -> str:
    """Return the kind of a file by its name; `plain` where the name says nothing.

    Args:
        name: The file's name or path.
    """
    name = name.rsplit("/", 1)[-1].lower()
    return _BY_NAME.get(name) or _BY_SUFFIX.get(name.rpartition(".")[2] if "." in name else "", "plain")


def finder(kind: str) -> Finder:
    """Return what finds the versions of a kind of file.

    Args:
        kind: A name in `FINDERS`.
    """
    module, _, function = FINDERS[kind].partition(":")
    found: Finder = getattr(import_module(f".{module}", __package__), function)
    return found


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Compile a target's pattern; `{version}` in literal text stands for any version.

    Args:
        pattern: A regular expression with the group `version`, or literal text with `{version}`.

    Raises:
        PermanentError: It is too long, no regular expression, or has neither.
    """
    if len(pattern) > _LONGEST_PATTERN:
        raise PermanentError(f"the pattern has {len(pattern)} characters, at most {_LONGEST_PATTERN} are allowed")
    if _GROUP not in pattern:
        before, found, after = pattern.partition("{version}")
        if not found or "{version}" in after:
            raise PermanentError(
                f"the pattern {pattern!r} does not say where the version stands",
                hint="write a regular expression with (?P<version>…), or the text with {version} once in it",
            )
        pattern = f"{re.escape(before)}{_GROUP}{VERSION}){re.escape(after)}"
    try:
        return re.compile(pattern, re.MULTILINE)
    except re.error as error:
        raise PermanentError(f"the pattern {pattern!r} is no regular expression", why=str(error)) from error


def find_pattern(file: TextFile, pattern: re.Pattern[str]) -> list[Match]:
    """Find the versions that a pattern describes.

    Args:
        file: The file.
        pattern: A regular expression with the group `version`.
    """
    found = (match for match in pattern.finditer(file.text) if match["version"])
    return [Match(*match.span("version"), match["version"], "the pattern") for match in found]


def project_name(file: TextFile) -> str:
    """Return the name that a manifest gives its project; empty for a file that names none.

    Args:
        file: A version file.
    """
    text = file.text
    if file.path.suffix == ".toml":
        from .toml_files import name_in  # lazily, as all finders

        return name_in(text)
    if file.path.suffix != ".json":
        return ""
    from .json_files import strings  # lazily, as all finders

    return next((text[start:end] for key, start, end in strings(text) if key == "name"), "")
