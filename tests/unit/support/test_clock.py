from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from vwmp_release.errors import UsageError
from vwmp_release.support.clock import now


def test_the_clock_is_utc_in_whole_seconds() -> None:
    """Without a fixed time it is now."""
    found = now({})
    assert found.tzinfo is UTC
    assert found.microsecond == 0
    assert abs(datetime.now(UTC) - found) < timedelta(minutes=5)
    assert now({"SOURCE_DATE_EPOCH": ""}).year >= 2025


def test_source_date_epoch_sets_the_clock() -> None:
    """A fixed time is taken as it is."""
    assert now({"SOURCE_DATE_EPOCH": "1700000000"}) == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize("epoch", ["soon", "1.5", "9" * 30])
def test_a_wrong_epoch_is_a_usage_error(epoch: str) -> None:
    """What is no number of seconds is refused."""
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH is"):
        now({"SOURCE_DATE_EPOCH": epoch})
