"""The version schemes by name, imported when asked for."""

from __future__ import annotations

import re
from importlib import import_module

from vwmp_release.errors import PermanentError, nearest

from .scheme import Scheme

SCHEMES = {
    "semver": "semver:SemVer",
    "four-part": "four_part:FourPart",
    "n-part": "four_part:FourPart",
    "epic": "epic:Epic",
}
"""Name of each scheme, and its class as `module:Class` of this package."""
_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+)*(?=\Z|[-+])")


def get(name: str) -> Scheme:
    """Return a scheme.

    Args:
        name: Its name, as in the key `scheme`.

    Raises:
        PermanentError: No scheme has this name.
    """
    if name not in SCHEMES:
        raise PermanentError(f"scheme: there is no version scheme {name!r}", hint=nearest(name, list(SCHEMES)))
    module, _, member = SCHEMES[name].partition(":")
    scheme: Scheme = getattr(import_module(f".{module}", __package__), member)()
    return scheme


def recognise(text: str) -> str:
    """Return the name of the scheme that a version looks like: four numbers are four-part, three are semver.

    Args:
        text: The version without any tag prefix.

    Raises:
        PermanentError: It looks like neither.
    """
    match = _NUMBERS.match(text)
    count = match[0].count(".") + 1 if match else 0
    if count not in {3, 4}:
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        raise PermanentError(
            f"{shown!r} is a version of no known scheme",
            why="semver has three numbers with dots between them, four-part has four",
            hint="write the version in one of these forms, and set `scheme` where it is not obvious",
        )
    return "semver" if count == 3 else "four-part"
