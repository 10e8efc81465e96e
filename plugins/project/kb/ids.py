"""Names of epics, stories and tasks, read in all the forms that documents and commits use."""

from __future__ import annotations

import re
from typing import NamedTuple

Key = tuple[int, ...]
"""The numbers that name an epic (one), a story (two) or a task (three); empty names nothing."""

_N = r"(\d{1,3})"
_END = r"(?![0-9A-Za-z])"
_TASK = re.compile(rf"(?<![0-9A-Za-z])E{_N}:?S{_N}:?T{_N}{_END}(?:[-–—]T{_N}{_END})?")
_TRAILER = re.compile(rf"\bEpic:\s*{_N}\s*\|\s*Story:\s*{_N}\s*\|\s*Task:\s*{_N}{_END}")
_LEADING = re.compile(
    r"[*_`\[]{0,4}(?P<id>E(?P<e>\d{1,3})(?::?S(?P<s>\d{1,3})(?::?T(?P<t>\d{1,3}))?)?"
    r"|(?:Epic[ -]?(?P<epic>\d{1,3}),? )?Story[ -]?(?P<story>\d{1,3})"
    r"|Epic[ -]?(?P<only>\d{1,3})"
    r"|(?:S(?P<ss>\d{1,3}):?)?T(?P<st>\d{1,3}))" + _END + r"(?![-–—:](?:[EST]?\d))"
)
"""At the start of an item or a heading; a range such as `T01-T07` is no name."""


class Name(NamedTuple):
    """A name as it stands at the start of a text.

    Args:
        key: What it names.
        end: Index after it.
        style: Its form, every digit a 9, to find lines that are written alike.
    """

    key: Key
    end: int
    style: str


def tasks_in(text: str) -> dict[Key, str]:
    """Return the tasks that a text names, in order, each as it is written; `E1:S02:T01-T03` names three.

    Args:
        text: A commit message, a summary, any text.
    """
    found: dict[Key, str] = {}
    for match in sorted([*_TASK.finditer(text), *_TRAILER.finditer(text)], key=lambda match: match.start()):
        epic, story, task, *last = (int(number) for number in match.groups() if number is not None)
        plain = match.re is _TASK and not last
        for number in range(task, max(task, *last) + 1) if last else (task,):
            found.setdefault((epic, story, number), match[0] if plain else f"E{epic:02}:S{story:02}:T{number:02}")
    return found


def task(text: str) -> Key | None:
    """Return the task that a text is the name of.

    Args:
        text: One id, e.g. `E01:S01:T002` or `E01S3T001`.
    """
    match = _TASK.fullmatch(text.strip())
    return (int(match[1]), int(match[2]), int(match[3])) if match and match[4] is None else None


def leading(text: str, scope: Key = ()) -> Name | None:
    """Return the name at the start of a text, past bold marks and brackets.

    Args:
        text: An item's or a heading's text.
        scope: The epic or story that it stands under; completes short names such as `T07`, `S3T1` and `Story 2`.
    """
    match = _LEADING.match(text)
    if match is None:
        return None
    key = _key(match, scope)
    return Name(key, match.end("id"), re.sub(r"\d", "9", match["id"])) if key else None


def _key(match: re.Match[str], scope: Key) -> Key:
    parts = match.groupdict()
    if parts["e"]:
        return tuple(int(parts[name]) for name in ("e", "s", "t") if parts[name])
    if parts["only"]:
        return (int(parts["only"]),)
    if parts["story"]:
        epic = (int(parts["epic"]),) if parts["epic"] else scope[:1]
        return (*epic, int(parts["story"])) if epic else ()
    story = (*scope[:1], int(parts["ss"])) if parts["ss"] else scope[:2]
    return (*story, int(parts["st"])) if len(story) == 2 else ()
