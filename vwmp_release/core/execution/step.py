"""One step of a run: its context, its attempts, and what they amount to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...errors import ConfigError, PluginError, VwmpError
from ...interfaces import (
    CommitPoint,
    Effect,
    IntegrationAdapter,
    RunIdentity,
    StepContext,
    StepHandler,
    StepLogger,
    StepResult,
    StepStatus,
)
from ..plugins.registry import PluginRegistry
from .answer import copied
from .arrangement import needs
from .attempt import attempt, failed, guarded
from .events import Conclusion, Event, Outcome, StepLine, StepReport, StepRetried
from .output_references import owner
from .plan import Plan, PlannedStep

_REACH = (Effect.NONE, Effect.WORKSPACE, Effect.REPOSITORY, Effect.REMOTE)
"""Effects, the least first: a step may call handlers that reach no further than it declares."""
_OUTCOMES: Mapping[StepStatus, Outcome] = {
    StepStatus.SUCCESS: "success",
    StepStatus.FAILED: "failed",
    StepStatus.SKIPPED: "skipped",
}


@dataclass(frozen=True)
class StepSurroundings:
    """What every step of a run is given.

    Args:
        run: Identity and clock.
        workspace_root: Where steps work.
        repository_root: The user's own tree.
        branch: The branch that is released.
        adapters: The adapters.
        registry: For handlers that call others.
        commit_point: For the step that publishes.
        config: Workflow-level configuration.
        disabled: Names of handlers that the configuration switched off.
        sleep: Waits between attempts, in seconds.
    """

    run: RunIdentity
    workspace_root: Path
    repository_root: Path
    branch: str | None
    adapters: Mapping[str, IntegrationAdapter]
    registry: PluginRegistry
    commit_point: CommitPoint | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    disabled: frozenset[str] = frozenset()
    sleep: Callable[[float], None] = time.sleep


class StepRun:
    """Runs one step: attempts, retries, and the report.

    Args:
        step: The step.
        handler: Its handler.
        plan: The plan that it belongs to.
        surroundings: What every step is given.
        results: Results of the steps before it, in plan order.
        run_started: Monotonic seconds at which the run began.
    """

    def __init__(
        self,
        step: PlannedStep,
        handler: StepHandler,
        plan: Plan,
        surroundings: StepSurroundings,
        results: dict[str, StepResult],
        run_started: float,
    ) -> None:
        self._step = step
        self._handler = handler
        self._plan = plan
        self._given = surroundings
        self._results = results
        self._run_started = run_started
        self._begun = time.monotonic()
        self._seconds = 0.0
        self.attempts = 0
        self.hung = False
        self.result: StepResult = StepResult(step.view.id, StepStatus.PENDING)

    def events(self) -> Iterator[Event]:
        """Run the step until it succeeds, is skipped, or may not be tried again."""
        self._begun = time.monotonic()
        while True:
            self.attempts += 1
            self.result, self.hung = self._attempt()
            for line in self.result.logs:
                yield StepLine(self._step.view.id, line)
            delay = self._delay()
            if delay is None:
                break
            yield StepRetried(self._step.view.id, self.attempts, delay, self.result.error or "")
            self._given.sleep(delay)
        self._seconds = time.monotonic() - self._begun

    def report(self) -> StepReport:
        """Return what the step amounts to; a step that hangs fails the run even where it is optional."""
        outcome: Outcome = _OUTCOMES.get(self.result.status, "failed")
        conclusion: Conclusion = "skipped" if outcome == "skipped" else "success"
        if outcome == "failed" and (self._step.view.required or self.hung):
            conclusion = "failed"
        return StepReport(
            view=self._step.view,
            outcome=outcome,
            conclusion=conclusion,
            reason=self.result.error or "",
            attempts=self.attempts,
            seconds=self._seconds,
            started=self._begun - self._run_started,
            output=self.result.output or {},
            logs=tuple(self.result.logs),
            annotations=tuple(self.result.annotations),
        )

    def _delay(self) -> float | None:
        """Seconds until the next attempt; None when there is none."""
        policy = self._step.retry
        if self.result.status is not StepStatus.FAILED:
            return None
        try:
            if policy.allows(self.result, self._handler, self.attempts):
                return policy.wait(self._handler, self.attempts)
        except PluginError as error:
            self.result.error = f"{self.result.error}\n{error}"
        return None

    def _attempt(self) -> tuple[StepResult, bool]:
        try:
            missing = self._missing()
            if missing:
                return failed(self._step.view.id, missing, permanent=True), False
            context = self._context()
        except (ConfigError, PluginError) as error:
            return failed(self._step.view.id, str(error), permanent=True), False
        return attempt(self._handler, context, self._step.isolation, self._step.timeout)

    def _missing(self) -> str:
        """Which output that the handler needs no step has given."""
        given = {i: result.output or {} for i, result in self._results.items() if _counts(result)}
        for need in needs(self._given.registry, self._step):
            if need.startswith("*."):
                found = any(output.get(need[2:]) is not None for output in given.values())
            else:
                identity = owner(need.split("."), self._results)
                key = need.removeprefix(identity).removeprefix(".")
                found = identity in given and (not key or given[identity].get(key) is not None)
            if not found:
                return f"it needs the output {need!r}, which no earlier step gave"
        return ""

    def _context(self) -> StepContext:
        step, given = self._step, self._given
        outputs = {i: result.output or {} for i, result in self._results.items() if _counts(result)}
        config = self._plan.settings.fill(step.definition, step.config, outputs)
        return self._make_context(step.view.id, step.view.name, config, StepLogger(), commit=step.facts.commit_point,
                                  root=given.repository_root if step.in_place else given.workspace_root)  # fmt: skip

    def _make_context(
        self, identity: str, name: str, config: dict[str, Any], logger: StepLogger, *, commit: bool, root: Path
    ) -> StepContext:
        given = self._given
        return StepContext(
            workflow_id=given.run.id,
            workflow_name=self._plan.workflow.name,
            step_id=identity,
            step_name=name,
            step_config=config,
            parameters=dict(self._plan.parameters),
            workspace_root=root,
            step_outputs={i: copied(result) for i, result in self._results.items()},
            config=dict(given.config),
            adapters=given.adapters,
            logger=logger,
            run=given.run,
            repository_root=given.repository_root,
            branch=given.branch,
            call=lambda path, values: self._call(path, values, root, logger),
            commit_point=given.commit_point if commit else None,
        )

    def _call(self, path: str, values: dict[str, Any], root: Path, logger: StepLogger) -> StepResult | None:
        """Run another handler in this step's place; for handlers that are made of others."""
        registry, step_id = self._given.registry, self._step.view.id
        if path not in registry.handler_names():
            return None
        if path in self._given.disabled:
            return StepResult(step_id, StepStatus.SKIPPED, error=f"the handler {path!r} is disabled")
        try:
            handler = registry.get_handler(path)
            effect, own = registry.facts(path).effect, self._step.facts.effect
            if _REACH.index(effect) > _REACH.index(own):
                what = f"a step of effect {own.value} must not call {path!r}, whose effect is {effect.value}"
                return failed(step_id, what, permanent=True)
            config = self._plan.settings.called(path, values)
        except VwmpError as error:
            return failed(step_id, str(error), permanent=True)
        if handler is None:
            return None
        context = self._make_context(step_id, path, config, logger, commit=False, root=root)
        return guarded(lambda: handler.execute(context), context)


def _counts(result: StepResult) -> bool:
    """What a failed step gave does not count: its changes are undone."""
    return result.status is not StepStatus.FAILED
