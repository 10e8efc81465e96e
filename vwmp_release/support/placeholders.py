"""Fills `{name}` placeholders: plain names only, no attribute access, no formatting code."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..errors import PermanentError, nearest

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}")


def fill(template: str, values: Mapping[str, object], *, where: str = "template") -> str:
    """Fill a template; `{{` and `}}` stand for braces, other braces stay as they are.

    Args:
        template: Text with `{name}` placeholders.
        values: The value of each name; None fills in nothing.
        where: What the template is, for the message.

    Raises:
        PermanentError: It names a placeholder that has no value here.
    """

    def replace(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0][0]
        if match[1] not in values:
            raise PermanentError(
                f"{where}: unknown placeholder {match[0]} in {template!r}", hint=nearest(match[1], list(values))
            )
        value = values[match[1]]
        return "" if value is None else str(value)

    return _PLACEHOLDER.sub(replace, template)
