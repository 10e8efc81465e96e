"""Colour and symbols of console lines, by a few escape codes of our own: plain lines need no library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TextIO

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}
_ASCII = {"✓": "ok", "✗": "FAILED", "–": "skip", "!": "!", "·": "-", "→": "->", "…": "...", "│": "|"}


class Style(NamedTuple):
    """How lines look.

    Args:
        colour: Whether escape codes are written.
        level: -1 quiet, 0 as usual, 1 or more verbose.
        symbols: Whether the stream can show characters beyond ASCII.
    """

    colour: bool = False
    level: int = 0
    symbols: bool = True

    def paint(self, text: str, *names: str) -> str:
        """Return text in colours.

        Args:
            text: One line.
            *names: `bold`, `dim`, or a colour's name.
        """
        if not self.colour or not text:
            return text
        return f"\x1b[{';'.join(_CODES[name] for name in names)}m{text}\x1b[0m"

    def symbol(self, character: str) -> str:
        """Return a symbol, in ASCII where the stream can show no other.

        Args:
            character: One of ✓ ✗ – ! · → … │.
        """
        return character if self.symbols else _ASCII[character]


def of_stream(stream: TextIO, environ: Mapping[str, str], *, level: int = 0, color: bool | None = None) -> Style:
    """Return the style that fits a stream.

    Args:
        stream: Where lines go.
        environ: Looked up for `NO_COLOR` (no-color.org), `FORCE_COLOR` and `TERM`.
        level: How much is said.
        color: False for `--no-color`; None decides by stream and environment.
    """
    encoding = (getattr(stream, "encoding", None) or "ascii").lower().replace("-", "")
    if color is None:
        color = not environ.get("NO_COLOR") and (
            bool(environ.get("FORCE_COLOR")) or (stream.isatty() and environ.get("TERM") != "dumb")
        )
    return Style(bool(color), level, encoding.startswith("utf"))
