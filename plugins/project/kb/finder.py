"""Finds the documents of epics, stories and tasks in a knowledge base."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from vwmp_release.errors import PermanentError
from vwmp_release.support import placeholders
from vwmp_release.support.textfile import inside, shown

from .ids import Key

_STORY = re.compile(r"story[ _-]?0*(\d{1,3})(?!\d).*", re.IGNORECASE)
_TASK = re.compile(r"t0*(\d{1,3})(?!\d).*\.md", re.IGNORECASE)
_HOLE = "\x01"
_WIDTHS = (1, 2, 3)


class Finder:
    """Looks for documents below a root; what links lead out of it is left alone.

    Args:
        root: The workspace.
        pattern: Path of an epic's document, `{epic}` for its number.

    Raises:
        PermanentError: The pattern leads out of the root or names an unknown placeholder.
    """

    def __init__(self, root: Path, pattern: str) -> None:
        self._root = root
        self._pattern = placeholders.fill(pattern, {"epic": _HOLE}, where="epic_doc_pattern")
        inside(root, self._pattern.replace(_HOLE, "0"), key="epic_doc_pattern")

    def epic(self, number: int) -> str | None:
        """Return the path of an epic's document, tried plain and zero-padded; None where there is none.

        Args:
            number: The epic's number.
        """
        return next((path for path in self._candidates(number) if self._holds(path, Path.is_file)), None)

    def stories(self, epic: int, tasks: Iterable[Key]) -> list[str]:
        """Return the paths of an epic's stories, each followed by the documents of its released tasks.

        Args:
            epic: The epic's number.
            tasks: The released tasks.
        """
        wanted = {key[1:] for key in tasks if key[0] == epic}
        found: dict[str, None] = {}
        for folder in self._folders(epic):
            listed = sorted((self._root / folder).iterdir(), key=_by_number)
            for path in listed:
                match = _STORY.fullmatch(path.name)
                if match and path.suffix.lower() == ".md":
                    found |= self._named([path], Path.is_file)
                elif match and self._named([path], Path.is_dir):
                    numbered = ((int(match[1]), item) for item in sorted(path.iterdir(), key=_by_number))
                    found |= self._named((item for story, item in numbered if _is_task(item, story, wanted)))
        return list(found)

    def _folders(self, epic: int) -> Iterator[str]:
        """Yield the folders of an epic and, for `…/epics/…`, the same below `…/stories/…`."""
        seen: set[str] = set()
        for candidate in self._candidates(epic):
            folder = candidate.rpartition("/")[0]
            twin = re.sub(r"(^|/)epics(?=/|$)", r"\1stories", folder, count=1)
            for path in (folder, twin):
                real = self._root / path
                if path and path not in seen and self._holds(path, Path.is_dir):
                    yield real.relative_to(self._root).as_posix()
                seen.add(path)

    def _candidates(self, number: int) -> Iterator[str]:
        folder, slash, name = self._pattern.replace("\\", "/").rpartition("/")
        for outer, inner in itertools.product(_WIDTHS, _WIDTHS):
            yield folder.replace(_HOLE, f"{number:0{outer}}") + slash + name.replace(_HOLE, f"{number:0{inner}}")

    def _holds(self, path: str, is_kind: Callable[[Path], bool]) -> bool:
        return bool(self._named([self._root / path], is_kind))

    def _named(self, paths: Iterable[Path], is_kind: Callable[[Path], bool] = Path.is_file) -> dict[str, None]:
        root = self._root.resolve()
        kept = (path for path in paths if is_kind(path) and path.resolve().is_relative_to(root))
        return {shown(path, self._root): None for path in kept}


def named(root: Path, paths: Iterable[str], *, key: str) -> list[str]:
    """Return the paths of documents that a configuration names, each once.

    Args:
        root: The workspace.
        paths: The paths as the user wrote them.
        key: The configuration key, for the message.

    Raises:
        PermanentError: One is outside the root, or no file; all problems at once.
    """
    problems: list[str] = []
    found: dict[str, None] = {}
    for path in paths:
        try:
            real = inside(root, path, key=key)
        except PermanentError as error:
            problems.append(str(error))
            continue
        if real.is_file():
            found[Path(path).as_posix()] = None
        else:
            problems.append(f"{key}: there is no file {path!r}")
    if problems:
        raise PermanentError("; ".join(problems), hint=f"correct the paths in {key}")
    return list(found)


def _is_task(path: Path, story: int, wanted: set[Key]) -> bool:
    match = _TASK.fullmatch(path.name)
    return match is not None and (story, int(match[1])) in wanted


def _by_number(path: Path) -> tuple[int, bool, str]:
    match = re.search(r"[0-9]+", path.name)
    return (int(match[0][:9]) if match else 0, path.suffix != ".md", path.name)  # a story stands before its folder
