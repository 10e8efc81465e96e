"""Where a transaction notes what it is about to do and what it did.

The run's journal is kept in memory: it orders the notes and gives a later run nothing to resume from. A durable
journal implements the same `record`.
"""

from __future__ import annotations

from typing import Any, Protocol


class Journal(Protocol):
    """Takes records in order; a durable one has them on disk before it returns."""

    def record(self, kind: str, **data: Any) -> None:
        """Note one record.

        Args:
            kind: What it is: `begun`, `sealed`, `push-intent`, `published`, `imported`, `moved`, `synced`, `done`.
            **data: What belongs to it; anything that JSON can hold.
        """


class MemoryJournal:
    """Keeps its records as long as the run lasts."""

    def __init__(self) -> None:
        self.records: list[tuple[str, dict[str, Any]]] = []

    def record(self, kind: str, **data: Any) -> None:
        """Note one record.

        Args:
            kind: What it is.
            **data: What belongs to it.
        """
        self.records.append((kind, data))
