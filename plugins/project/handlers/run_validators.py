"""The step that runs a project's validators."""

from __future__ import annotations

from typing import Any, ClassVar

from vwmp_release.interfaces import DeclaredHandler, StepContext, StepResult, StepStatus

from ..validators import runner
from ..validators.items import Roots, Validator, read
from ..validators.runner import Outcome


class ValidatorExecutionHandler(DeclaredHandler):
    """Runs scripts, commands and built-in checks; fails when one of them does."""

    handler_path: ClassVar[str] = "vwmp.run_validators"
    info: ClassVar[dict[str, Any]] = {
        "name": "Run validators",
        "description": "Runs the project's own checks on the files of the release",
        "icon": "✅",
        "category": "validation",
    }

    def execute(self, context: StepContext) -> StepResult:
        """Run the validators in order.

        Args:
            context: The step's context.

        Returns:
            SUCCESS or FAILED with `validators_run`, `passed`, `failed`, `skipped` and `not_run`, lists of names;
            SKIPPED where none are configured.

        Raises:
            PermanentError: The list of validators is wrong; none was run, except where a check turns out unknown.
        """
        config = context.step_config
        items = config.get("validators") or []
        if not items:
            return StepResult(context.step_id, StepStatus.SKIPPED, error="no validators are configured")
        strict = bool(config.get("strict_mode", True))
        roots = Roots(context.workspace_root, context.repository_root or context.workspace_root)
        validators = read(items, roots, strict=strict, timeout=float(config.get("timeout") or 300))
        outcomes = _run(validators, context, roots, strict, bool(config.get("continue_on_error", False)))
        return _result(context.step_id, validators, outcomes)


def _run(
    validators: list[Validator], context: StepContext, roots: Roots, strict: bool, to_the_end: bool
) -> list[Outcome]:
    env = runner.environment(context)
    outcomes: list[Outcome] = []
    for validator in validators:
        if validator.check:
            outcome = runner.check(validator, context, strict=strict)
        else:
            outcome = runner.run(validator, env, tuple(roots), strict=strict)
        outcomes.append(outcome)
        if outcome.failed and not to_the_end:
            break
    return outcomes


def _result(step_id: str, validators: list[Validator], outcomes: list[Outcome]) -> StepResult:
    failed = [outcome.name for outcome in outcomes if outcome.failed]
    not_run = [validator.name for validator in validators[len(outcomes) :]]
    output = {
        "validators_run": [outcome.name for outcome in outcomes if not outcome.skipped],
        "passed": [outcome.name for outcome in outcomes if not outcome.reason],
        "failed": failed,
        "skipped": [outcome.name for outcome in outcomes if outcome.skipped],
        "not_run": not_run,
    }
    logs = [line for outcome in outcomes for line in _lines(outcome)]
    logs += [f"{name}: not run" for name in not_run]
    annotations = [annotation for outcome in outcomes for annotation in outcome.annotations]
    if not failed:
        return StepResult(step_id, StepStatus.SUCCESS, output, logs=logs, annotations=annotations)
    error = f"{len(failed)} of {len(validators)} validators failed: {', '.join(failed)}"
    return StepResult(step_id, StepStatus.FAILED, output, error, logs=logs, annotations=annotations, permanent=True)


def _lines(outcome: Outcome) -> list[str]:
    if not outcome.reason:
        return [f"{outcome.name}: passed"]
    verb = "skipped" if outcome.skipped else "failed"
    return [f"{outcome.name}: {verb}: {outcome.reason}", *(f"  {line}" for line in outcome.lines)]
