"""Keeps the real standard output for reports: what plugins and their children print goes to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOBase
from typing import TextIO, cast


class Output(TextIOBase):
    """A stream that ends quietly when its reader goes away: a release is not given up for a closed pipe.

    Args:
        stream: Where text goes; None writes nothing.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write text, unless the reader has gone.

        Args:
            text: The text; what the stream's encoding cannot hold is written as an escape.
        """
        if self._stream is not None:
            try:
                self._stream.write(text)
            except UnicodeEncodeError:
                encoding = self._stream.encoding or "ascii"
                self.write(text.encode(encoding, "backslashreplace").decode(encoding))
            except BrokenPipeError:
                self._give_up()
        return len(text)

    def flush(self) -> None:
        """Hand everything on, unless the reader has gone, or the stream is closed when we are collected."""
        if self._stream is not None and not self._stream.closed:
            try:
                self._stream.flush()
            except BrokenPipeError:
                self._give_up()

    def _give_up(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            _silence(stream)

    def isatty(self) -> bool:
        """Whether a person reads it."""
        return self._stream is not None and self._stream.isatty()

    def fileno(self) -> int:
        """Return the file descriptor.

        Raises:
            OSError: There is none.
        """
        if self._stream is None:
            raise OSError("the stream is closed")
        return self._stream.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """Name of its encoding."""
        return getattr(self._stream, "encoding", None) or "utf-8"


def _silence(stream: TextIO) -> None:
    """Point a stream whose reader has gone at nothing, so that flushing it at exit does not fail again."""
    with suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)


@contextmanager
def split() -> Iterator[tuple[TextIO, TextIO]]:
    """Keep the real output, and point file descriptor 1 and `sys.stdout` at standard error meanwhile.

    Yields:
        The streams for reports and for everything else.
    """
    real, error = sys.stdout, sys.stderr
    kept = _kept_descriptor(real)
    stream = real if kept is None else os.fdopen(kept, "w", encoding=real.encoding, errors="backslashreplace")
    output = Output(stream)
    sys.stdout = sys.stderr = _spare(error)
    try:
        yield cast("TextIO", output), cast("TextIO", Output(error))
    finally:
        output.flush()
        sys.stdout, sys.stderr = real, error
        if kept is not None:
            os.dup2(kept, 1)
            with suppress(OSError):
                stream.close()


def _spare(error: TextIO) -> TextIO:
    """Return a second stream to standard error, so that a plugin that closes its own leaves ours open."""
    try:
        if error.fileno() != 2:
            return error
        return open(2, "w", buffering=1, encoding=error.encoding, errors="backslashreplace", closefd=False)
    except (AttributeError, OSError, ValueError):  # no stream at all, or one of a test
        return error


def _kept_descriptor(real: TextIO | None) -> int | None:
    """Return a copy of descriptor 1 after pointing 1 at 2; None where standard output is no real file."""
    if real is None:
        return None
    try:
        if real.fileno() != 1:
            return None
        real.flush()
        kept = os.dup(1)
        os.dup2(2, 1)
    except (OSError, ValueError):
        return None
    return kept
