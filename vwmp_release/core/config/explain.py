"""Says of each effective value where it came from; for `config show --origin`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .resolve import Origin, Resolved


class Row(NamedTuple):
    """One effective value.

    Args:
        path: What it is called, e.g. `git.push.remote`.
        value: The value.
        origin: Level, source and place, e.g. `workflow: workflow_types.release.config.remote (vwmp_config.yaml:4:7)`.
    """

    path: str
    value: Any
    origin: str


def rows(resolved: Mapping[str, Mapping[str, Resolved]]) -> list[Row]:
    """Return a row for each value, in the given order.

    Args:
        resolved: Resolved values by key, by what they belong to.
    """
    return [
        Row(f"{owner}.{key}" if owner else key, item.value, origin_text(item.origin))
        for owner, values in resolved.items()
        for key, item in values.items()
    ]


def origin_text(origin: Origin) -> str:
    """Return an origin in one line.

    Args:
        origin: The origin.
    """
    place = f" ({origin.place})" if origin.place else ""
    return f"{origin.level}: {origin.label}{place}"
