from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from vwmp_release.interfaces import RunIdentity, StepContext, StepLogger, StepResult, StepStatus


def _context(*results: StepResult) -> StepContext:
    return StepContext("run", "w", "s", "S", {}, {}, Path(), {result.step_id: result for result in results}, {})


def _result(identity: str, status: StepStatus, **output: Any) -> StepResult:
    return StepResult(identity, status, output=output or None)


def test_a_context_can_be_made_of_the_designs_fields_alone() -> None:
    """The fields beyond the design have defaults that do nothing."""
    context = _context()
    assert context.adapters == {}
    assert context.run == RunIdentity()
    assert context.call("any", {}) is None
    assert context.commit_point is context.branch is context.repository_root is None
    assert isinstance(context.logger, StepLogger)


def test_the_logger_keeps_lines() -> None:
    """Warnings are marked."""
    logger = StepLogger()
    logger.info("read")
    logger.warning("odd")
    assert logger.lines == ["read", "warning: odd"]


@pytest.mark.parametrize(
    ("results", "found"),
    [
        ([], "none"),
        ([_result("a", StepStatus.SUCCESS, key=1), _result("b", StepStatus.SUCCESS, key=2)], 2),
        ([_result("a", StepStatus.SUCCESS, key=1), _result("b", StepStatus.SUCCESS, other=2)], 1),
        ([_result("a", StepStatus.SUCCESS, key=1), _result("b", StepStatus.SUCCESS, key=None)], 1),
        ([_result("a", StepStatus.SUCCESS, key=1), _result("b", StepStatus.FAILED, key=2)], 1),
        ([_result("a", StepStatus.SKIPPED, key=0)], 0),
        ([_result("a", StepStatus.SUCCESS)], "none"),
    ],
)
def test_the_latest_output_counts(results: list[StepResult], found: Any) -> None:
    """The latest step that did not fail and gives the key wins; nothing is not a value."""
    assert _context(*results).find_output("key", "none") == found
