"""The check that a branch releases versions of its own epic only."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import Annotation, DeclaredHandler, StepContext, StepResult, StepStatus

_DEFAULT = r"^epic/(?P<epic>\d+)"
_MAX_PATTERN = 500
_VERSION = re.compile(r"v?(\d+)\.(\d+)((?:\.\d+)*)")


class BranchContextCheck(DeclaredHandler):
    """Compares the epic in the branch's name with the second number of the version."""

    handler_path: ClassVar[str] = "check.branch_context"
    info: ClassVar[dict[str, Any]] = {
        "name": "Branch context",
        "description": "A branch of an epic releases versions of that epic only",
        "icon": "🌿",
        "category": "validation",
    }

    def execute(self, context: StepContext) -> StepResult:
        """Check the version that earlier steps give against the branch.

        Args:
            context: The step's context; `new_version` of an earlier step is used.

        Returns:
            SUCCESS, FAILED with what was expected, or SKIPPED where branch or version is unknown.

        Raises:
            PermanentError: `branch_pattern` is no regular expression with the group `epic`.
        """
        pattern = _compiled(str(context.step_config.get("branch_pattern") or _DEFAULT))
        version = str(context.find_output("new_version") or "")
        if not context.branch:
            return StepResult(context.step_id, StepStatus.SKIPPED, error="the branch is unknown")
        if not version:
            return StepResult(context.step_id, StepStatus.SKIPPED, error="no version is known")
        match = pattern.search(context.branch)
        if match is None or match["epic"] is None:
            line = f"branch {context.branch} belongs to no epic"
            return StepResult(context.step_id, StepStatus.SUCCESS, {"epic": None}, logs=[line])
        epic = match["epic"]
        if not epic.isdecimal():
            raise PermanentError(
                f"branch_pattern: the group epic matches {epic!r} in {context.branch}, it must match a number"
            )
        return _compare(context, int(epic), version)


def _compare(context: StepContext, epic: int, version: str) -> StepResult:
    match = _VERSION.match(version)
    output = {"epic": epic, "version": version}
    if match and int(match[2]) == epic:
        return StepResult(context.step_id, StepStatus.SUCCESS, output)
    rest = ".x" * max(match[3].count("."), 1) if match else ".x"
    expected = f"{match[1] if match else 'x'}.{epic}{rest}"
    message = f"branch {context.branch} may only release {expected}, not {version}"
    annotation = Annotation(message, "error", title="Wrong branch for this version")
    return StepResult(
        context.step_id, StepStatus.FAILED, output, message, logs=[message], annotations=[annotation], permanent=True
    )


def _compiled(text: str) -> re.Pattern[str]:
    if len(text) > _MAX_PATTERN:
        raise PermanentError(f"branch_pattern has {len(text)} characters, at most {_MAX_PATTERN} are allowed")
    try:
        pattern = re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise PermanentError("branch_pattern is no regular expression", why=str(error)) from error
    if "epic" not in pattern.groupindex:
        raise PermanentError(
            f"branch_pattern {text!r} has no group epic",
            hint=rf"write the number of the epic as (?P<epic>\d+): {_DEFAULT}",
        )
    return pattern
