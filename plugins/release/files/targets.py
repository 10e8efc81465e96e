"""Version files: which there are, and what versions they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from vwmp_release.errors import PermanentError, Place, nearest
from vwmp_release.support import textfile
from vwmp_release.support.textfile import TextFile

from .kinds import FINDERS, compile_pattern, find_pattern, finder, kind_of
from .match import Match

_LARGEST = 5 << 20
"""Bytes that a version file may have."""
_LFS = "version https://git-lfs.github.com/"
_MODULES = ("__init__.py", "_version.py", "__about__.py", "version.py")
_NO_PACKAGES = {
    "benchmarks", "build", "dist", "doc", "docs", "examples", "node_modules", "scripts", "test", "tests", "venv",
}  # fmt: skip


class Target(NamedTuple):
    """A file that holds the version.

    Args:
        path: Relative to the root, with `/`.
        kind: A name in `kinds.FINDERS`; `pattern` where a pattern finds it.
        pattern: The pattern, as it was written.
        matches: How many versions it must hold; None means one of each sort that its kind knows.
    """

    path: str
    kind: str
    pattern: str = ""
    matches: int | None = None


class Found(NamedTuple):
    """A version in a file.

    Args:
        target: The file.
        file: Its text.
        match: Where the version stands.
        place: The same, for people.
    """

    target: Target
    file: TextFile
    match: Match
    place: Place


def refuse(problems: Sequence[PermanentError], what: str) -> None:
    """Raise all problems at once; returns if there are none.

    Args:
        problems: What is wrong.
        what: What it is about, for the headline over several.

    Raises:
        PermanentError: There are problems.
    """
    if len(problems) == 1:
        raise problems[0]
    if problems:
        lines = [str(problem) + (f" ({problem.hint})" if problem.hint else "") for problem in problems]
        raise PermanentError(f"{len(problems)} problems with {what}", why="".join(f"\n  {line}" for line in lines))


def from_config(root: Path, items: Iterable[Any], key: str = "version_files") -> list[Target]:
    """Read the targets that a configuration names.

    Args:
        root: The repository's root.
        items: Paths, or mappings with `path` and optionally `kind`, `pattern` and `matches`.
        key: The configuration key, for messages.

    Raises:
        PermanentError: Something in them is wrong; all problems at once.
    """
    targets: list[Target] = []
    problems: list[PermanentError] = []
    for number, item in enumerate(items):
        try:
            target = _target(root, item, f"{key}[{number}]" if key == "version_files" else key)
        except PermanentError as problem:
            problems.append(problem)
        else:
            targets += [target] if target not in targets else []
    refuse(problems, key)
    return targets


def _target(root: Path, item: Any, where: str) -> Target:
    if isinstance(item, str):
        item = {"path": item}
    known = ("path", "kind", "type", "pattern", "matches")
    if not isinstance(item, Mapping) or not isinstance(item.get("path"), str) or not item["path"]:
        raise PermanentError(f"{where}: a version file is a path, or a mapping with `path`")
    unknown = [str(name) for name in item if name not in known]
    if unknown:
        raise PermanentError(f"{where}: unknown key {unknown[0]!r}", hint=nearest(unknown[0], known))
    pattern = item.get("pattern") or ""
    kind = item.get("kind") or item.get("type") or ("pattern" if pattern else kind_of(item["path"]))
    matches = item.get("matches")
    if kind not in FINDERS and not (kind in {"pattern", "regex"} and pattern):
        hint = "give it a `pattern`" if kind in {"pattern", "regex"} else nearest(str(kind), [*FINDERS, "pattern"])
        raise PermanentError(f"{where}: there is no kind of version file {kind!r}", hint=hint)
    if matches is not None and (not isinstance(matches, int) or isinstance(matches, bool) or matches < 1):
        raise PermanentError(f"{where}: matches must be 1 or more, got {matches!r}")
    if pattern:
        kind, matches = "pattern", matches or 1
        try:
            compile_pattern(str(pattern))
        except PermanentError as problem:
            raise PermanentError(f"{where}: {problem.what}", why=problem.why, hint=problem.hint) from problem
    path = textfile.inside(root, item["path"], key=where)
    return Target(textfile.shown(path, root), kind, str(pattern), matches)


def detect(root: Path) -> list[Target]:
    """Find the version files of a repository: manifests and VERSION in its root, modules of its packages.

    Args:
        root: The repository's root.
    """
    names = ["pyproject.toml", "setup.cfg", "package.json", "Cargo.toml", "VERSION"]
    packages = sorted(
        module.relative_to(root).as_posix()
        for folder in (root, root / "src")
        for package in folder.glob("*/__init__.py")
        if package.parent.name not in _NO_PACKAGES and not package.parent.name.startswith((".", "_"))
        for module in (package.with_name(name) for name in _MODULES)
    )
    targets = (Target(name, kind_of(name)) for name in [*names, "version.py", *packages])
    return [target for target in targets if _has(root, target)]


def _has(root: Path, target: Target) -> bool:
    path = root / target.path
    if not path.is_file() or path.stat().st_size > _LARGEST or not path.resolve().is_relative_to(root.resolve()):
        return False
    try:
        return bool(_matches(target, textfile.read(path)))
    except PermanentError:
        return False  # binary or unreadable: it holds no version for us


def _matches(target: Target, file: TextFile) -> list[Match]:
    if target.pattern:
        return find_pattern(file, compile_pattern(target.pattern))
    return finder(target.kind)(file)


def read_all(root: Path, targets: Iterable[Target]) -> list[Found]:
    """Read the versions of all files.

    Args:
        root: The repository's root.
        targets: The files.

    Returns:
        Every version, in the order of the targets and of each file's text.

    Raises:
        PermanentError: A file is missing, or holds too few or too many versions; all problems at once.
    """
    found: list[Found] = []
    problems: list[PermanentError] = []
    for target in targets:
        try:
            found += read_one(root, target)
        except PermanentError as problem:
            problems.append(problem)
    refuse(problems, "the version files")
    return found


def read_one(root: Path, target: Target) -> list[Found]:
    """Read the versions of a file.

    Args:
        root: The repository's root.
        target: The file.

    Raises:
        PermanentError: It is missing, or holds too few or too many versions.
    """
    path = root / target.path
    if not path.is_file():
        raise PermanentError(
            f"the version file {target.path} does not exist",
            hint="create it with the current version in it, or correct `version_file` or `version_files`",
        )
    if path.stat().st_size > _LARGEST:
        raise PermanentError(f"{target.path} is too large for a version file: more than {_LARGEST >> 20} MiB")
    file = textfile.read(path)
    if file.text.startswith(_LFS):
        raise PermanentError(f"{target.path} is a Git LFS pointer and not the file itself", hint="git lfs pull")
    found = [Found(target, file, m, textfile.place(file, m.start, root)) for m in _matches(target, file)]
    expected = target.matches or max(1, len({item.match.how for item in found}))
    if len(found) != expected:
        raise _wrong_count(root, target, file, found, expected)
    return found


def _wrong_count(root: Path, target: Target, file: TextFile, found: list[Found], expected: int) -> PermanentError:
    by = f"the pattern {target.pattern!r}" if target.pattern else f"the kind {target.kind}"
    if found:
        why = "found at " + ", ".join(f"{item.place} ({item.match.text})" for item in found)
    else:
        near = [i for i, line in enumerate(file.text.splitlines(), 1) if "version" in line.lower()][:3]
        why = "near misses: " + ", ".join(f"{target.path}:{number}" for number in near) if near else ""
    hint = "set `matches` to the number you mean" if found else "give the target a `pattern` with {version} in it"
    what = f"{target.path} holds {len(found)} versions by {by}, expected {expected}"
    return PermanentError(what, why=why, hint=hint)


def agreed(found: Sequence[Found]) -> str | None:
    """Return the version that all files hold; None where there is no file.

    Args:
        found: What `read_all` returned.

    Raises:
        PermanentError: They disagree; names each place and its version.
    """
    versions = list(dict.fromkeys(item.match.text for item in found))
    if len(versions) > 1:
        raise PermanentError(
            f"the version files disagree: {', '.join(versions)}",
            why="".join(f"\n  {item.place}: {item.match.text}" for item in found),
            hint="make them equal (`vwmp-release version --set X` writes all) or name the right ones in the config",
        )
    return versions[0] if versions else None
