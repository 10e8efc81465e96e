"""Whether and when a failed step is tried again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ...interfaces import StepHandler, StepResult
from ..plugins.failure import asked

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
            merged.update({key: value for key, value in level.items() if value is not None})
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

        Raises:
            PluginError: The handler's `can_retry` failed.
        """
        if result.permanent or attempts >= self.max_attempts:
            return False
        return self.enabled or asked(lambda: bool(handler.can_retry(result.error or "")), "its can_retry")

    def wait(self, handler: StepHandler, attempt: int) -> float:
        """Return the delay before a retry, in seconds.

        Args:
            handler: The step's handler.
            attempt: Number of the retry, from 1.

        Raises:
            PluginError: The handler's `get_retry_delay` failed.
        """
        delay = self.delay
        if self.backoff == "exponential":
            delay *= 2.0 ** min(attempt - 1, 60)
        elif self.backoff is None:
            delay = asked(lambda: float(handler.get_retry_delay(attempt)), "its get_retry_delay")
        return max(0.0, min(delay, _LONGEST)) if delay == delay else _LONGEST  # NaN is no time to wait
