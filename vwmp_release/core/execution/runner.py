"""The loop: runs a plan's steps and yields what happens; it never prints and knows no plugin.

Steps of effect `workspace` and `repository` run one at a time in plan order. Steps of effect `none` and `remote`
whose dependencies are met run at the same time. A plan stops before the first step of effect `remote`.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from ...errors import Interrupted
from ...interfaces import Effect, StepResult, StepStatus
from ..plugins.registry import PluginRegistry
from ..transaction.release import ReleaseTransaction
from .events import NOTHING_TO_DO, Event, Sealed, StepFinished, StepReport, StepStarted, Warned
from .plan import Plan, PlannedStep
from .step import StepRun, StepSurroundings

_CONCURRENT = (Effect.NONE, Effect.REMOTE)


class Runner:
    """Runs a plan once.

    Args:
        plan: What to run.
        registry: Gives the handlers.
        surroundings: What every step is given.
        command: `plan` stops before the first step beyond the machine.
        transaction: The release's transaction; None for a workflow in place.
        confirm: Asked once before the first effect beyond the machine; False stops the run.
    """

    def __init__(
        self,
        plan: Plan,
        registry: PluginRegistry,
        surroundings: StepSurroundings,
        *,
        command: Literal["run", "plan"],
        transaction: ReleaseTransaction | None,
        confirm: Callable[[], bool] | None = None,
    ) -> None:
        self._plan = plan
        self._registry = registry
        self._surroundings = surroundings
        self._command = command
        self._transaction = transaction
        self._confirm = confirm
        self._started = time.monotonic()
        self.reports: dict[str, StepReport] = {}
        self.results: dict[str, StepResult] = {}
        self.failed: StepReport | None = None
        """The required step that failed; None while all is well."""
        self.nothing: StepReport | None = None
        """The step that said there is nothing to do."""
        self.stopped_at: PlannedStep | None = None
        """The step before which a plan stopped."""

    def events(self) -> Iterator[Event]:
        """Run the steps.

        Raises:
            Blocked: The release would overwrite uncommitted work of the user.
            Interrupted: The user did not confirm.
        """
        waiting = list(self._plan.steps)
        while waiting and self._goes_on():
            batch = self._next(waiting)
            waiting = [step for step in waiting if step not in batch]
            if len(batch) == 1:
                yield from self._one(batch[0])
            else:
                yield from self._together(batch)
        for step in waiting:
            yield self._keep(step, StepReport(step.view, "not-run", "not-run", reason=self._why_not()))

    # order --------------------------------------------------------------------------------------------------------

    def _goes_on(self) -> bool:
        return self.failed is None and self.nothing is None and self.stopped_at is None

    def _next(self, waiting: list[PlannedStep]) -> list[PlannedStep]:
        """The next step alone, or all concurrent ones that are ready; in a plan those before the first remote one."""
        ready = [step for step in waiting if all(i in self.reports for i in step.after)]
        first = ready[0]
        if not self._concurrent(first):
            return [first]
        batch = [step for step in ready if self._concurrent(step)]
        if self._command == "plan":
            beyond = next((i for i, s in enumerate(batch) if s.facts.effect is Effect.REMOTE and s.view.enabled), None)
            batch = batch[: max(beyond, 1)] if beyond is not None else batch
        return batch

    def _concurrent(self, step: PlannedStep) -> bool:
        return step.facts.effect in _CONCURRENT and not step.facts.commit_point

    def _why_not(self) -> str:
        if self.failed is not None:
            return f"step {self.failed.view.id} failed"
        if self.nothing is not None:
            return NOTHING_TO_DO
        return "reaches beyond the machine: a plan stops before it"

    # running ------------------------------------------------------------------------------------------------------

    def _one(self, step: PlannedStep) -> Iterator[Event]:
        early = self._without_running(step)
        if early is not None:
            yield self._keep(step, early)
            return
        if step.facts.effect is Effect.REMOTE:
            yield from self._before_remote(step)
            if self.stopped_at is not None:
                yield self._keep(step, StepReport(step.view, "not-run", "not-run", reason=self._why_not()))
                return
        token = self._checkpoint(step)
        run = self._step_run(step)
        yield StepStarted(step.view)
        yield from run.events()
        yield from self._finished(step, run, token)

    def _together(self, batch: list[PlannedStep]) -> Iterator[Event]:
        """Run concurrent steps, each in a thread of its own; their events are streamed as they come."""
        channel: queue.SimpleQueue[_Message] = queue.SimpleQueue()
        runs: list[tuple[PlannedStep, StepRun]] = []
        for step in batch:
            early = self._without_running(step)
            if early is not None:
                yield self._keep(step, early)
                continue
            if step.facts.effect is Effect.REMOTE:
                yield from self._before_remote(step)
            runs.append((step, self._step_run(step)))
        for step, run in runs:
            yield StepStarted(step.view)
            threading.Thread(target=_drain, args=(step, run, channel), name=step.view.id, daemon=True).start()
        for _ in runs:
            while not isinstance(item := channel.get(), _Ended):
                yield item
            if item.error is not None:
                raise item.error
            yield from self._finished(item.step, item.run, None)

    def _without_running(self, step: PlannedStep) -> StepReport | None:
        """The report of a step that does not run."""
        if not step.view.enabled:
            return StepReport(step.view, "disabled", "skipped", reason="disabled")
        if step.unknown:
            conclusion: Literal["failed", "success"] = "failed" if step.view.required else "success"
            return StepReport(step.view, "failed", conclusion, reason=step.unknown)
        return None

    def _before_remote(self, step: PlannedStep) -> Iterator[Event]:
        if self._command == "plan":
            self.stopped_at = step
        if self._transaction is not None and (step.facts.commit_point or self.stopped_at is not None):
            yield Sealed(self._transaction.seal())
        if self.stopped_at is not None:
            return
        if self._transaction is not None and step.facts.commit_point:
            self._transaction.refuse_conflicts()
        confirm, self._confirm = self._confirm, None
        if confirm is not None and not confirm():
            raise Interrupted("not confirmed")

    def _step_run(self, step: PlannedStep) -> StepRun:
        handler = self._registry.get_handler(step.definition.handler)
        if handler is None:  # the planner has asked already
            raise AssertionError(step.definition.handler)
        results = {s.view.id: self.results[s.view.id] for s in self._plan.steps if s.view.id in self.results}
        return StepRun(step, handler, self._plan, self._surroundings, results, self._started)

    def _checkpoint(self, step: PlannedStep) -> str | None:
        """Only a failed optional step is followed by others, so only its changes must be undone."""
        changes = step.facts.effect in (Effect.WORKSPACE, Effect.REPOSITORY)
        if self._transaction is None or step.view.required or not changes:
            return None
        return self._transaction.checkpoint()

    def _finished(self, step: PlannedStep, run: StepRun, token: str | None) -> Iterator[Event]:
        report = run.report()
        if report.outcome == "failed" and token is not None and self._transaction is not None:
            self._transaction.restore(token)
        if step.facts.ends_run and report.outcome == "skipped" and "nothing" in report.output:
            self.nothing = report
        yield self._keep(step, report, run.result)
        if run.hung and not step.view.required:
            yield Warned(
                f"step {step.view.id} still runs after its time limit, so the run fails although it is optional"
            )

    def _keep(self, step: PlannedStep, report: StepReport, result: StepResult | None = None) -> StepFinished:
        self.reports[step.view.id] = report
        if result is None:
            status = StepStatus.FAILED if report.outcome == "failed" else StepStatus.SKIPPED
            result = StepResult(step.view.id, status, error=report.reason or None)
        self.results[step.view.id] = result
        if report.conclusion == "failed" and self.failed is None:
            self.failed = report
        return StepFinished(report)


@dataclass(frozen=True)
class _Ended:
    """A step's thread is done."""

    step: PlannedStep
    run: StepRun
    error: BaseException | None = None


_Message = Event | _Ended


def _drain(step: PlannedStep, run: StepRun, channel: queue.SimpleQueue[_Message]) -> None:
    error: BaseException | None = None
    try:
        for event in run.events():
            channel.put(event)
    except BaseException as raised:  # raised again in the main thread
        error = raised
    channel.put(_Ended(step, run, error))
