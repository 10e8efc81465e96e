from __future__ import annotations

from typing import Any

import pytest

from vwmp_release.core.execution.retry import RetryPolicy
from vwmp_release.errors import PluginError
from vwmp_release.interfaces import StepResult, StepStatus


class _Handler:
    def __init__(self, can: Any = False, delay: Any = None) -> None:
        self._can, self._delay = can, delay

    def can_retry(self, error: str) -> Any:
        return self._can(error) if callable(self._can) else self._can

    def get_retry_delay(self, attempt: int) -> Any:
        return self._delay(attempt) if callable(self._delay) else self._delay


def _failed(permanent: bool = False) -> StepResult:
    return StepResult("s", StepStatus.FAILED, error="flaky", permanent=permanent)


def test_levels_are_merged_with_the_strongest_first() -> None:
    """Each key comes from the strongest level that has it; null means not given."""
    policy = RetryPolicy.of({"max_attempts": 5}, {"max_attempts": 2, "backoff": "fixed", "delay": None}, {"delay": 3})
    assert policy == RetryPolicy(False, 5, "fixed", 3.0)
    assert RetryPolicy.of() == RetryPolicy(False, 3, None, 1.0)
    assert RetryPolicy.of({"enabled": False}, {"enabled": True}).enabled is False


@pytest.mark.parametrize(
    ("policy", "can", "permanent", "attempts", "expected"),
    [
        (RetryPolicy(enabled=True), False, False, 1, True),
        (RetryPolicy(enabled=True), False, False, 3, False),
        (RetryPolicy(enabled=True), True, True, 1, False),
        (RetryPolicy(enabled=True, max_attempts=1), True, False, 1, False),
        (RetryPolicy(), False, False, 1, False),
        (RetryPolicy(), True, False, 1, True),
        (RetryPolicy(), True, False, 3, False),
        (RetryPolicy(), lambda error: error == "flaky", False, 2, True),
        (RetryPolicy(), lambda error: "other" in error, False, 2, False),
        (RetryPolicy(), "truthy", False, 1, True),
    ],
)
def test_who_is_tried_again(policy: RetryPolicy, can: Any, permanent: bool, attempts: int, expected: bool) -> None:
    """`enabled` retries all that is not permanent; otherwise the handler decides by the error."""
    handler: Any = _Handler(can)
    assert policy.allows(_failed(permanent), handler, attempts) is expected


@pytest.mark.parametrize(
    ("policy", "delays"),
    [
        (RetryPolicy(backoff="fixed", delay=4), [4, 4, 4]),
        (RetryPolicy(backoff="exponential"), [1, 2, 4]),
        (RetryPolicy(backoff="exponential", delay=25), [25, 50, 60]),
        (RetryPolicy(backoff="fixed", delay=600), [60, 60, 60]),
        (RetryPolicy(), [2, 4, 8]),
    ],
)
def test_delays_begin_with_the_first_retry_as_number_one(policy: RetryPolicy, delays: list[float]) -> None:
    """Fixed delays stay, exponential ones double, and none is longer than a minute."""
    handler: Any = _Handler(delay=lambda attempt: 2**attempt)
    assert [policy.wait(handler, attempt) for attempt in (1, 2, 3)] == delays
    assert policy.wait(handler, 1000) <= 60


@pytest.mark.parametrize(("delay", "expected"), [(-5, 0), (float("nan"), 60), (float("inf"), 60), ("2", 2)])
def test_odd_delays_are_bounded(delay: Any, expected: float) -> None:
    """A handler's delay that is no sensible time is made one."""
    handler: Any = _Handler(delay=delay)
    assert RetryPolicy().wait(handler, 1) == expected


def test_a_handler_that_fails_to_decide_is_named() -> None:
    """Errors in can_retry and get_retry_delay are errors of the plugin."""
    handler: Any = _Handler(lambda error: 1 / 0, None)
    with pytest.raises(PluginError, match="its can_retry failed: ZeroDivisionError"):
        RetryPolicy().allows(_failed(), handler, 1)
    with pytest.raises(PluginError, match="its get_retry_delay failed: TypeError"):
        RetryPolicy().wait(handler, 1)
