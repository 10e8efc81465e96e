"""A document cut into lines and sections, each with the epic, story or task that it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import NamedTuple

from vwmp_release.support.textfile import TextFile

from . import ids
from .ids import Key

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_IDENTITY = re.compile(r"(?:\*\*|__)?(?:Code|Task ID)(?::(?:\*\*|__)?|(?:\*\*|__):)\s*`?(E\d{1,3}\S*?)`?\s*$")
_EPIC_NAME = re.compile(r"epic[ _-]?0*(\d{1,3})(?![0-9])(?:\.md)?$", re.IGNORECASE)
_STORY_NAME = re.compile(r"story[ _-]?0*(\d{1,3})(?![0-9])", re.IGNORECASE)
_TASK_NAME = re.compile(r"t0*(\d{1,3})(?![0-9])", re.IGNORECASE)
_MAX_LINE = 4000
"""Characters; longer lines are tables of data or pictures, never task lines."""


class Line(NamedTuple):
    """A line that may be edited: not front matter, code or a comment.

    Args:
        start: Index of its first character in the document's text.
        text: Its characters, without the line ending.
        section: Number of its section.
    """

    start: int
    text: str
    section: int


class Section(NamedTuple):
    """A heading and what stands below it, up to the next one; number 0 is the document's header.

    Args:
        key: What its heading names; empty where that is nothing.
        scope: What it stands under: its own key, that of a heading above, or the document's.
        checklist: Whether its heading calls it a checklist.
        heading: Its heading.
    """

    key: Key
    scope: Key
    checklist: bool
    heading: str


@dataclass(frozen=True)
class Document:
    """A document as it was read.

    Args:
        file: Its text.
        name: Its path for people, relative to the workspace.
        key: The epic, story or task that it describes; empty for a board.
        lines: Its lines in order, without those that are never edited.
        sections: Its sections in order.
    """

    file: TextFile
    name: str
    key: Key
    lines: tuple[Line, ...]
    sections: tuple[Section, ...]


def parse(file: TextFile, name: str) -> Document:
    """Cut a document into lines and sections.

    Args:
        file: The document.
        name: Its path relative to the workspace, with `/`.
    """
    lines = list(_visible(file.text))
    key = _key(name, [text for _, text in lines])
    sections = [Section(key, key, False, "")]
    above: list[tuple[int, Key]] = [(0, key)]
    placed: list[Line] = []
    current, titled = 0, False
    for start, text in lines:
        heading = _HEADING.match(text)
        if heading and len(heading[1]) == 1 and not titled:
            current, titled = 0, True  # the title belongs to the header, wherever it stands
        elif heading:
            above = [item for item in above if item[0] < len(heading[1])] or [(0, key)]
            found = ids.leading(heading[2], above[-1][1])
            own = found.key if found else ()
            above.append((len(heading[1]), own or above[-1][1]))
            sections.append(Section(own, above[-1][1], "checklist" in heading[2].lower(), heading[2]))
            current = len(sections) - 1
        if len(text) <= _MAX_LINE:
            placed.append(Line(start, text, current))
    return Document(file, name, key, tuple(placed), tuple(sections))


def _visible(text: str) -> Iterator[tuple[int, str]]:
    offset = _front_matter(text)
    fence = ""
    comment = False
    for raw in text[offset:].split("\n"):
        line = raw.removesuffix("\r")
        bare = line.lstrip()
        was_hidden = bool(fence) or comment
        if fence:
            fence = "" if bare.rstrip() and not bare.rstrip().strip(fence[0]) and bare.startswith(fence) else fence
        elif comment:
            comment = "-->" not in line
        elif bare.startswith(("```", "~~~")):
            fence = bare[: len(bare) - len(bare.lstrip(bare[0]))]
        else:
            comment = "<!--" in line and "-->" not in line[line.rindex("<!--") :]
        if not was_hidden and not fence:
            yield offset, line
        offset += len(raw) + 1


def _front_matter(text: str) -> int:
    """Return where the text begins; a rule `---` above fields such as `**Status:**` opens no front matter."""
    start = len(text) - len(text.removeprefix("\ufeff"))
    match = re.compile(r"---[ \t]*\r?\n(?:(?!\*\*).*\n)*?(?:---|\.\.\.)[ \t]*(?:\r?\n|$)").match(text, start)
    return match.end() if match else start


def _key(name: str, lines: list[str]) -> Key:
    by_path = _key_of_path(PurePosixPath(name))
    if len(by_path) > 1 or (by_path and "epic" in PurePosixPath(name).name.lower()):
        return by_path
    for text in lines[:60]:
        identity = _IDENTITY.match(text)
        found = ids.leading(identity[1]) if identity else None
        if found:
            return found.key
    title = next((match[2] for match in map(_HEADING.match, lines[:60]) if match), "")
    named = ids.leading(title, by_path)
    return named.key if named else ()


def _key_of_path(path: PurePosixPath) -> Key:
    own = _EPIC_NAME.match(path.name)
    if own:
        return (int(own[1]),)
    epic = next((match for match in map(_EPIC_NAME.match, reversed(path.parts[:-1])) if match), None)
    if epic is None:
        return ()
    story = _STORY_NAME.match(path.name)
    if story:
        return (int(epic[1]), int(story[1]))
    task, folder = _TASK_NAME.match(path.name), _STORY_NAME.match(path.parent.name)
    return (int(epic[1]), int(folder[1]), int(task[1])) if task and folder else (int(epic[1]),)
