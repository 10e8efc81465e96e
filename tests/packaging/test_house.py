"""The house rules that tools check; each tool's output is the failure message."""

from __future__ import annotations

from collections.abc import Callable

import pytest

_TOOLS = {
    "no lint findings": ("ruff", "check", "."),
    "formatted": ("ruff", "format", "--check", "."),
    "types fit": ("mypy",),
    "layers hold": ("lint-imports",),
}


@pytest.mark.parametrize("command", _TOOLS.values(), ids=_TOOLS)
def test_house_rule(tool: Callable[..., str], command: tuple[str, ...]) -> None:
    """The tool finds nothing in the repository."""
    tool(*command)
