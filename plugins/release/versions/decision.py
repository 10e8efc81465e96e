"""Decides the next version from what is known: a pure function, so that every rule can be tested as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from vwmp_release.errors import PermanentError

from .scheme import Scheme
from .version import Version, after, channel_of


class Request(NamedTuple):
    """What the user asks for.

    Args:
        level: `auto`, or a level of the scheme.
        version: This very version; empty to compute one.
        channel: Prerelease channel; empty for a stable version.
        graduate: Whether a prerelease becomes stable.
        reset_build: Whether build metadata is dropped.
        first: The first version where nothing says one.
        task: Task of the scheme epic; empty without.
    """

    level: str = "auto"
    version: str = ""
    channel: str = ""
    graduate: bool = False
    reset_build: bool = True
    first: str = "0.1.0"
    task: str = ""


class Situation(NamedTuple):
    """What the repository says.

    Args:
        scheme: The version scheme.
        file: What the version files hold; None without.
        base: The last release that begins the range; None without.
        passed: Versions of further tags in the range.
        taken: Versions of all release tags, reachable or not.
        level: The level that the commits ask for; empty for none.
        fresh: The level that those commits ask for which the current prerelease does not hold yet; `level` where the
            current version is no tagged prerelease.
        reason: The rule of the commit that decided the level.
    """

    scheme: Scheme
    file: Version | None = None
    base: Version | None = None
    passed: Sequence[Version] = ()
    taken: Sequence[Version] = ()
    level: str = ""
    fresh: str = ""
    reason: str = ""

    @property
    def tagged(self) -> Version | None:
        """The highest version that is tagged in the history; in a scheme that does not grow, the nearest."""
        if not self.scheme.monotonic:
            return self.base
        reached = [*self.passed, *([self.base] if self.base else [])]
        return max(reached, key=self.scheme.key, default=None)

    @property
    def current(self) -> Version | None:
        """The version to start from: the higher of tag and file; in a scheme that does not grow, the file's."""
        tagged = self.tagged
        if self.file is None or tagged is None:
            return self.file or tagged
        if not self.scheme.monotonic:
            return self.file
        return max(tagged, self.file, key=self.scheme.key)


class Decision(NamedTuple):
    """The next version.

    Args:
        new: The version; None where there is nothing to release.
        bump: The level that was applied; `first`, `graduate` or `version` where no level was.
        rule: A sentence that says which rule decided.
    """

    new: Version | None
    bump: str
    rule: str


def decide(situation: Situation, request: Request) -> Decision:
    """Decide the next version.

    Args:
        situation: What the repository says.
        request: What the user asks for.

    Raises:
        PermanentError: The request cannot be met.
    """
    if request.version:
        return _given(situation, request)
    current = situation.current
    if request.task:
        return _of_task(situation, request)
    if current is None:
        return _first(situation, request, situation.scheme.parse(request.first), "neither tag nor version file")
    if not situation.taken and request.level == "auto" and not request.graduate:
        return _first(situation, request, current, "no release tag yet: the version of the files is released first")
    if request.graduate and not situation.scheme.is_prerelease(current):
        raise PermanentError(
            f"{situation.scheme.render(current)} is no prerelease, there is nothing to graduate",
            hint="release a prerelease first (`--pre CHANNEL`), or leave `graduate` out",
        )
    if request.level == "auto" and not situation.level and not request.graduate:
        return Decision(None, "", "no commit asks for a release")
    return _bumped(situation, request, current)


def _given(situation: Situation, request: Request) -> Decision:
    """Take the version that the user names."""
    scheme, current = situation.scheme, situation.current
    new = scheme.parse(request.version)
    released_files = new == situation.file and new not in situation.taken
    if current is None or released_files:
        return Decision(new, "first" if current is None else "version", f"the version {request.version} was asked for")
    if scheme.monotonic and scheme.key(new) <= scheme.key(current):
        raise PermanentError(
            f"the version {request.version} is not higher than the current {scheme.render(current)}",
            hint="ask for a higher version, or for none: it is computed then",
        )
    return Decision(new, difference(scheme, current, new), f"the version {request.version} was asked for")


def _of_task(situation: Situation, request: Request) -> Decision:
    scheme = situation.scheme
    current = situation.current
    known = [*situation.taken, *([situation.file] if situation.file else [])]
    new = scheme.next_of_task(request.task, current.numbers[0] if current else 0, known)
    return Decision(new, "build", f"the next build of the task {request.task}")


def _first(situation: Situation, request: Request, version: Version, rule: str) -> Decision:
    channel = request.channel
    if channel and channel_of(version) != channel:
        raised = situation.scheme.bump(version, "prepatch", prerelease=channel)  # checks the channel, too
        version = raised._replace(numbers=version.numbers)
    return Decision(version, "first", f"first release: {rule}")


def _bumped(situation: Situation, request: Request, current: Version) -> Decision:
    """Raise the current version by the level, the user's or the commits'."""
    scheme = situation.scheme
    asked = situation.fresh if scheme.is_prerelease(current) else situation.level
    wanted = request.level if request.level != "auto" else asked or "patch"
    channel = "" if request.graduate else request.channel
    new = scheme.bump(current, wanted, reset_build=request.reset_build, prerelease=channel or None)
    if scheme.is_prerelease(new):
        new = after(new, [*situation.taken, *([situation.file] if situation.file else [])])
    rule = f"{wanted} was asked for" if request.level != "auto" else situation.reason
    if scheme.is_prerelease(current) and new.numbers == current.numbers:
        if scheme.is_prerelease(new):
            return Decision(new, "prerelease", rule)
        return Decision(new, "graduate", f"{scheme.render(current)} becomes stable" + (f"; {rule}" if rule else ""))
    return Decision(new, wanted, rule)


def difference(scheme: Scheme, old: Version, new: Version) -> str:
    """Return the name of the first part in which two versions differ.

    Args:
        scheme: Their scheme.
        old: One version.
        new: The other.
    """
    place = next((i for i, (a, b) in enumerate(zip(old.numbers, new.numbers, strict=True)) if a != b), None)
    if place is not None:
        preferred = ("major", "minor", "patch", "feature_set")
        return next(name for name in preferred if scheme.places.get(name) == place)
    if old.prerelease != new.prerelease:
        return "prerelease" if new.prerelease else "graduate"
    return "build"
