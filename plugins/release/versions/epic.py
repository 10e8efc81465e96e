"""Versions that name the work they release: `RC.EPIC.STORY.TASK+BUILD`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from vwmp_release.errors import PermanentError

from .four_part import FourPart
from .semver import NUMBER
from .version import Version

_TASK = re.compile(r"E([0-9]{1,9}):?S([0-9]{1,9}):?T([0-9]{1,9})", re.IGNORECASE)


class Task(NamedTuple):
    """The task that a release belongs to."""

    epic: int
    story: int
    number: int


class Epic(FourPart):
    """The last number is the task's, BUILD counts its releases; so a later release may have a lower version.

    As levels, major raises RC, feature_set EPIC, minor and feature STORY, patch TASK, each with BUILD 1.
    """

    name = "epic"
    monotonic = False
    form = "RC.EPIC.STORY.TASK+BUILD"
    pattern = re.compile(rf"(?P<numbers>{NUMBER}(?:\.{NUMBER}){{3}})(?P<pre>(?!))?(?:\+(?P<build>{NUMBER}))?")

    def bump(self, version: Version, level: str, *, reset_build: bool = True, prerelease: str | None = None) -> Version:
        """Return the next version.

        Args:
            version: Where to start.
            level: `build` for the next release of the same task, or a name in `places`.
            reset_build: Whether BUILD starts again at 1 with other numbers.
            prerelease: Must be None: the scheme has no prereleases.

        Raises:
            PermanentError: The scheme does not know the level, or a prerelease is asked for.
        """
        if prerelease or level.startswith("pre"):
            raise PermanentError("the scheme epic has no prereleases", hint="leave `prerelease` out")
        raised = super().bump(version, level, reset_build=reset_build)
        return raised._replace(build="1") if level != "build" and reset_build else raised

    def next_of_task(self, task: str, rc: int, taken: Iterable[Version]) -> Version:
        """Return the next version of a task: its last BUILD plus one, or 1 for its first.

        Args:
            task: The task's id, e.g. `E1:S4:T7`; `E01S04T007` is the same.
            rc: The first number.
            taken: All versions that exist.

        Raises:
            PermanentError: The id cannot be read.
        """
        numbers = (rc, *parse_task(task))
        last = max((int(v.build or 0) for v in taken if v.numbers == numbers), default=0)
        return Version(numbers, (), str(last + 1))


def parse_task(task: str) -> Task:
    """Read a task's id.

    Args:
        task: `E1:S4:T7`, with or without colons and leading zeros.

    Raises:
        PermanentError: It has another form.
    """
    match = _TASK.fullmatch(task.strip())
    if match is None:
        raise PermanentError(f"task: {task!r} is no task id", hint="write epic, story and task as in E1:S4:T7")
    return Task(*map(int, match.groups()))
