"""When lines are coloured."""

from __future__ import annotations

import pytest

from vwmp_release.report.style import of_stream


class Stream:
    """A stream of which only the kind matters."""

    def __init__(self, tty: bool, encoding: str | None) -> None:
        self.tty, self.encoding = tty, encoding

    def isatty(self) -> bool:
        """Whether a person reads it."""
        return self.tty


@pytest.mark.parametrize(
    ("tty", "environ", "color", "expected"),
    [
        (True, {}, None, True), (False, {}, None, False), (True, {"NO_COLOR": "1"}, None, False),
        (False, {"FORCE_COLOR": "1"}, None, True), (True, {"TERM": "dumb"}, None, False),
        (True, {"FORCE_COLOR": "1"}, False, False),
    ],
)  # fmt: skip
def test_when_there_is_colour(tty: bool, environ: dict[str, str], color: bool | None, expected: bool) -> None:
    """Terminals get colour unless NO_COLOR, TERM=dumb or --no-color say otherwise."""
    found = of_stream(Stream(tty, "utf-8"), environ, color=color)  # type: ignore[arg-type]
    assert (found.colour, found.symbols) == (expected, True)
    assert not of_stream(Stream(tty, None), environ).symbols  # type: ignore[arg-type]
