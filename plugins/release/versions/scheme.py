"""What a version scheme is, and the arithmetic that all schemes of numbers and dots share."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from vwmp_release.errors import PermanentError, nearest

from .version import Version, channel_of, next_build, next_prerelease

_LONGEST = 256
"""Characters that a version may have; longer texts are refused before they are read as numbers."""
_CHANNEL = re.compile(r"(?:[0-9A-Za-z-]*[A-Za-z-][0-9A-Za-z-]*)(?:\.[0-9A-Za-z-]*[A-Za-z-][0-9A-Za-z-]*)*")


class Scheme(ABC):
    """How versions of one form are read, compared, raised and written; without state.

    `name` is what the key `scheme` calls it. `monotonic` says whether a later release always has a higher version.
    `places` maps the names of levels to the index of the number that they raise.
    """

    name: ClassVar[str]
    monotonic: ClassVar[bool] = True
    places: ClassVar[Mapping[str, int]]

    @abstractmethod
    def parse(self, text: str) -> Version:
        """Read a version.

        Args:
            text: The version without any tag prefix.

        Raises:
            PermanentError: The scheme cannot read it; says why.
        """

    @abstractmethod
    def bump(self, version: Version, level: str, *, reset_build: bool = True, prerelease: str | None = None) -> Version:
        """Return the next version.

        Args:
            version: Where to start.
            level: `major`, `minor`, `patch`, `feature`, `feature_set`, `build`, `prerelease`, `prepatch`, `preminor`
                or `premajor`.
            reset_build: Whether build metadata is dropped.
            prerelease: Channel of the prerelease to make; None makes a stable version.

        Raises:
            PermanentError: The scheme does not know the level or the channel.
        """

    @abstractmethod
    def render(self, version: Version) -> str:
        """Write a version.

        Args:
            version: A version of this scheme.
        """

    @abstractmethod
    def key(self, version: Version) -> tuple[Any, ...]:
        """Return a value that orders versions as the scheme does.

        Args:
            version: A version of this scheme.
        """

    @abstractmethod
    def read(self, text: str) -> Version | None:
        """Read a version, or return None where `parse` would raise.

        Args:
            text: The version without any tag prefix.
        """

    def next_of_task(self, task: str, rc: int, taken: Iterable[Version]) -> Version:
        """Return the next version of a task, in a scheme whose versions name tasks.

        Args:
            task: The task's id, e.g. `E1:S4:T7`.
            rc: The first number.
            taken: All versions that exist.

        Raises:
            PermanentError: The versions of this scheme name no tasks, or the id cannot be read.
        """
        raise PermanentError(
            f"task: the scheme {self.name} does not name tasks", hint="set `scheme: epic`, or leave `task` out"
        )

    def is_prerelease(self, version: Version) -> bool:
        """Say whether the version is not yet a stable one.

        Args:
            version: A version of this scheme.
        """
        return bool(version.prerelease)


class NumberScheme(Scheme):
    """A scheme of `size` numbers with SemVer's prerelease and build parts; `form` shows it to people."""

    size: ClassVar[int]
    form: ClassVar[str]
    pattern: ClassVar[re.Pattern[str]]

    def read(self, text: str) -> Version | None:
        """Read a version, or return None where `parse` would raise.

        Args:
            text: The version without any tag prefix.
        """
        match = self.pattern.fullmatch(text) if len(text) <= _LONGEST else None
        if match is None:
            return None
        numbers = tuple(map(int, match["numbers"].split(".")))
        return Version(numbers, tuple(match["pre"].split(".")) if match["pre"] else (), match["build"] or "")

    def parse(self, text: str) -> Version:
        """Read a version.

        Args:
            text: The version without any tag prefix.

        Raises:
            PermanentError: The scheme cannot read it; says why.
        """
        version = self.read(text)
        if version is None:
            shown = text if len(text) <= 60 else f"{text[:60]}…"
            raise PermanentError(
                f"{shown!r} is no {self.name} version",
                why=self._why(text),
                hint="correct the version, or set `scheme` to the one that the project uses: semver, four-part or epic",
            )
        return version

    def _why(self, text: str) -> str:
        if not text or len(text) > _LONGEST:
            return "it is empty" if not text else f"it has more than {_LONGEST} characters"
        if text[0] in "vV" and text[1:2].isdigit():
            return f"it starts with '{text[0]}', which belongs to the tag and not to the version"
        numbers = re.split(r"[-+]", text, maxsplit=1)[0].split(".")
        if not all(re.fullmatch("[0-9]+", number) for number in numbers):
            return f"its form is not {self.form}"
        if len(numbers) != self.size:
            return f"it has {len(numbers)} numbers, {self.name} has {self.size}: {self.form}"
        zero = next((number for number in numbers if number != "0" and number[0] == "0"), None)
        return f"the number {zero} has a leading zero" if zero else f"what follows the numbers is not as in {self.form}"

    def render(self, version: Version) -> str:
        """Write a version.

        Args:
            version: A version of this scheme.
        """
        text = ".".join(map(str, version.numbers))
        text += f"-{'.'.join(version.prerelease)}" if version.prerelease else ""
        return f"{text}+{version.build}" if version.build else text

    def key(self, version: Version) -> tuple[Any, ...]:
        """Return a value that orders versions by SemVer 2.0.0 §11; build metadata does not count.

        Args:
            version: A version of this scheme.
        """
        return (version.numbers, not version.prerelease, tuple(map(_identifier_key, version.prerelease)))

    def bump(self, version: Version, level: str, *, reset_build: bool = True, prerelease: str | None = None) -> Version:
        """Return the next version.

        A prerelease becomes the stable version of the same numbers where these already cover the level: 1.3.0-rc.1 is
        the prerelease of a minor release, so `minor` and `patch` lead to 1.3.0 and `major` to 2.0.0.

        Args:
            version: Where to start.
            level: A name in `places`, `build`, `prerelease`, or `pre` and one of patch, minor, major.
            reset_build: Whether build metadata is dropped.
            prerelease: Channel of the prerelease to make; None makes a stable version.

        Raises:
            PermanentError: The scheme does not know the level or the channel.
        """
        if prerelease and not _CHANNEL.fullmatch(prerelease):
            raise PermanentError(
                f"{prerelease!r} is no prerelease channel", hint="letters, digits and hyphens, e.g. beta"
            )
        if level == "build":
            return version._replace(build=next_build(version.build))
        build = "" if reset_build else version.build
        if level == "prerelease":
            numbers = version.numbers if version.prerelease else self._raised(version, self.place("patch"))
            return Version(numbers, next_prerelease(version, numbers, prerelease or channel_of(version)), build)
        if level.startswith("pre"):
            numbers = self._raised(version, self.place(level.removeprefix("pre")))
            return Version(numbers, next_prerelease(version, numbers, prerelease or channel_of(version)), build)
        place = self.place(level)
        covered = bool(version.prerelease) and not any(version.numbers[place + 1 :])
        numbers = version.numbers if covered else self._raised(version, place)
        return Version(numbers, next_prerelease(version, numbers, prerelease) if prerelease else (), build)

    def place(self, level: str) -> int:
        """Return the index of the number that a level raises.

        Args:
            level: A name in `places`.

        Raises:
            PermanentError: The scheme has no such level.
        """
        if level not in self.places:
            raise PermanentError(
                f"the scheme {self.name} has no level {level!r}", hint=nearest(level, [*self.places, "build"])
            )
        return self.places[level]

    def _raised(self, version: Version, place: int) -> tuple[int, ...]:
        numbers = version.numbers
        return (*numbers[:place], numbers[place] + 1, *(0 for _ in numbers[place + 1 :]))


def _identifier_key(identifier: str) -> tuple[int, int, str]:
    return (0, int(identifier), "") if identifier.isdigit() else (1, 0, identifier)
