from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from vwmp_release.interfaces import RunIdentity, StepContext, StepResult, StepStatus


@pytest.fixture
def make_context(tmp_path: Path) -> Callable[..., StepContext]:
    """Make a step context whose workspace is tmp_path; keyword `outputs` are those of an earlier step."""

    def make(
        config: dict[str, Any] | None = None,
        *,
        outputs: dict[str, Any] | None = None,
        root: Path | None = None,
        **fields: Any,
    ) -> StepContext:
        earlier = {"version_bump": StepResult("version_bump", StepStatus.SUCCESS, outputs)} if outputs else {}
        return StepContext(
            "run-1",
            "release",
            "step",
            "Step",
            config or {},
            fields.pop("parameters", {}),
            root or tmp_path,
            earlier,
            {},
            run=RunIdentity(started_at=datetime(2026, 5, 26, 14, 30, 5, tzinfo=UTC)),
            **fields,
        )

    return make
