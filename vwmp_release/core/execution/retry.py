"""Whether and when a failed step is tried again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ...interfaces import StepHandler, StepResult

_LONGEST = 60.0
"""Seconds: no delay is longer, as in the design's default."""


@dataclass(frozen=True)
class RetryPolicy:
    """How a step is retried.

    Args:
        enabled: Whether every failure is retried that is not marked permanent; otherwise only what the handler's
            `can_retry` says.
        max_attempts: How often the step is tried in all; 3 by default.
        backoff: `fixed` waits `delay` each time, `exponential` doubles it; None asks the handler's `get_retry_delay`.
        delay: Seconds before the first retry; 1 by default.
    """

    enabled: bool = False
    max_attempts: int = 3
    backoff: Literal["fixed", "exponential"] | None = None
    delay: float = 1.0

    @classmethod
    def of(cls, *levels: Mapping[str, Any]) -> RetryPolicy:
        """Merge `retry` sections, the strongest first.

        Args:
            *levels: Mappings with the keys `enabled`, `max_attempts`, `backoff`, `delay`.
        """
        merged: dict[str, Any] = {}
        for level in reversed(levels):
            merged.update(level)
        return cls(
            enabled=merged.get("enabled") is True,
            max_attempts=int(merged.get("max_attempts", 3)),
            backoff=merged.get("backoff"),
            delay=float(merged.get("delay", 1.0)),
        )

    def allows(self, result: StepResult, handler: StepHandler, attempts: int) -> bool:
        """Say whether a failed step is tried again.

        Args:
            result: The failed attempt.
            handler: Its handler.
            attempts: How often it was tried so far.
        """
        if result.permanent or attempts >= self.max_attempts:
            return False
        return self.enabled or handler.can_retry(result.error or "")

    def wait(self, handler: StepHandler, attempt: int) -> float:
        """Return the delay before a retry, in seconds.

        Args:
            handler: The step's handler.
            attempt: Number of the retry, from 1.
        """
        if self.backoff == "fixed":
            return min(self.delay, _LONGEST)
        if self.backoff == "exponential":
            return float(min(self.delay * 2 ** (attempt - 1), _LONGEST))
        return min(float(handler.get_retry_delay(attempt)), _LONGEST)
