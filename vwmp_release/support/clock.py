"""The run's clock."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime

from ..errors import UsageError


def now(environ: Mapping[str, str] = os.environ) -> datetime:
    """Return the time, UTC, whole seconds.

    Args:
        environ: Where `SOURCE_DATE_EPOCH` is looked up (reproducible-builds.org/specs/source-date-epoch).

    Raises:
        UsageError: `SOURCE_DATE_EPOCH` is no whole number of seconds.
    """
    epoch = environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"SOURCE_DATE_EPOCH is {epoch!r}, it must be a whole number of seconds") from error
