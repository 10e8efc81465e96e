"""A version as all schemes hold it, and what follows a prerelease or a build."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from vwmp_release.errors import PermanentError

DEFAULT_CHANNEL = "rc"
"""The channel of `prerelease` and `pre…` bumps that name none."""
_LAST_NUMBER = re.compile(r"[0-9]+(?=[^0-9]*\Z)")


class Version(NamedTuple):
    """A version that a scheme has read.

    Args:
        numbers: The numbers between the dots, from the left.
        prerelease: The dot-separated identifiers after `-`; empty for a stable version.
        build: What stands after `+`.
    """

    numbers: tuple[int, ...]
    prerelease: tuple[str, ...] = ()
    build: str = ""


def channel_of(version: Version) -> str:
    """Return the channel of a prerelease, e.g. `beta` of 1.3.0-beta.2; empty for a stable version.

    Args:
        version: Any version.
    """
    identifiers = version.prerelease
    if identifiers and identifiers[-1].isdigit():
        identifiers = identifiers[:-1]
    elif identifiers:
        identifiers = (*identifiers[:-1], identifiers[-1].rstrip("0123456789"))
    return ".".join(identifiers)


def counter_of(version: Version) -> int:
    """Return the counter of a prerelease, e.g. 2 of 1.3.0-beta.2; 0 where there is none.

    Args:
        version: Any version.
    """
    last = _LAST_NUMBER.search(version.prerelease[-1]) if version.prerelease else None
    return int(last[0]) if last and version.prerelease[-1].endswith(last[0]) else 0


def next_prerelease(version: Version, numbers: tuple[int, ...], channel: str | None) -> tuple[str, ...]:
    """Return the prerelease part that follows: the counter starts at 1, and again for other numbers or channels.

    Args:
        version: The version before.
        numbers: The numbers of the version to come.
        channel: Its channel.
    """
    wanted = channel or DEFAULT_CHANNEL
    if numbers != version.numbers or channel_of(version) != wanted:
        return (*wanted.split("."), "1")
    last = version.prerelease[-1]
    if last.isdigit():
        return (*version.prerelease[:-1], str(int(last) + 1))
    if counter_of(version):  # the form rc1 is kept: rc.2 would sort before it
        return (*version.prerelease[:-1], f"{last.rstrip('0123456789')}{counter_of(version) + 1}")
    return (*version.prerelease, "1")


def after(version: Version, taken: Iterable[Version]) -> Version:
    """Return the prerelease with its counter raised above all taken ones of its numbers and channel.

    Args:
        version: A prerelease; a stable version is returned as it is.
        taken: Versions that exist already.
    """
    channel = channel_of(version)
    same = [t for t in taken if t.numbers == version.numbers and t.prerelease and channel_of(t) == channel]
    if not version.prerelease or not same:
        return version
    highest = max(same, key=counter_of)
    if counter_of(highest) < counter_of(version):
        return version
    return version._replace(prerelease=next_prerelease(highest, version.numbers, channel))


def next_build(build: str) -> str:
    """Return the build metadata with its last number raised; `1` where there is none.

    Args:
        build: What stands after `+`.

    Raises:
        PermanentError: It holds no number.
    """
    if not build:
        return "1"
    match = _LAST_NUMBER.search(build)
    if match is None:
        raise PermanentError(f"the build metadata {build!r} holds no number to raise")
    return f"{build[: match.start()]}{int(match[0]) + 1}{build[match.end() :]}"
