"""A run from its first event to its last: opens the transaction, runs the steps, and says how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Literal

from ... import errors
from ...errors import Blocked, Interrupted, VwmpError
from ...interfaces import Opening, RunIdentity, Seal, TransactionPort
from ..plugins.lifecycle import LazyAdapters, StartedType
from ..plugins.registry import PluginRegistry
from ..transaction.release import ReleaseTransaction, State
from .events import (
    Event,
    Published,
    RunFinished,
    RunStarted,
    Sealed,
    StepFinished,
    StepReport,
    Warned,
    WorkspaceOpened,
)
from .plan import Plan
from .runner import Runner
from .step import StepSurroundings


class Session:
    """One run of a plan.

    Args:
        plan: What to run.
        registry: The plugins.
        adapters: The run's adapters.
        run: Identity and clock.
        root: The user's work tree.
        command: `plan` publishes nothing.
        strict: Whether nothing to release is an error.
        confirm: Asked with the sealed release before the first effect beyond the machine.
        disabled: Names of handlers that the configuration switched off.
    """

    def __init__(
        self,
        plan: Plan,
        registry: PluginRegistry,
        adapters: LazyAdapters,
        run: RunIdentity,
        root: Path,
        *,
        command: Literal["run", "plan"],
        strict: bool = False,
        confirm: Callable[[Seal | None], bool] | None = None,
        disabled: frozenset[str] = frozenset(),
    ) -> None:
        self._plan = plan
        self._registry = registry
        self._adapters = adapters
        self._run = run
        self._root = root
        self._command: Literal["run", "plan"] = command
        self._strict = strict
        self._confirm = confirm
        self._disabled = disabled
        self._type = StartedType(plan.workflow.type, registry.get_workflow_type(plan.workflow.type))
        self._transaction: ReleaseTransaction | None = None

    @property
    def raced(self) -> bool:
        """Whether another run was faster."""
        publication = self._transaction.publication if self._transaction is not None else None
        return publication is not None and publication.verdict in ("superseded", "moved")

    def events(self) -> Generator[Event, None, None]:
        """Run the plan; the last event is `RunFinished`."""
        yield (yield from self.until_finished())

    def until_finished(self) -> Generator[Event, None, RunFinished]:
        """Run the plan, and return the last event instead of yielding it."""
        begun = time.monotonic()
        plan = self._plan
        views = tuple(step.view for step in plan.steps)
        try:
            yield RunStarted(self._run, self._command, plan.workflow.name, plan.workflow.type, plan.workspace, views)
            for problem in plan.warnings:
                yield Warned(str(problem._replace(hint="")), problem.hint)
            finished = yield from self._guarded()
        except KeyboardInterrupt as error:  # handed in at an event before the steps
            finished = self._interrupted(str(error) or "interrupted")
        finally:
            sentences = self._close()
        with suppress(KeyboardInterrupt):  # it is over, and how it ended must be said
            for sentence in sentences:
                yield Warned(sentence)
        return replace(finished, seconds=time.monotonic() - begun)

    def _guarded(self) -> Generator[Event, None, RunFinished]:
        try:
            finished = yield from self._steps()
        except Blocked as error:
            finished = RunFinished("blocked", error.exit_status, str(error), error.hint, undone=True)
        except (KeyboardInterrupt, Interrupted) as error:
            finished = self._interrupted(str(error) or "interrupted")
        except VwmpError as error:
            finished = self._ended_by(error)
        if self._transaction is not None and self._transaction.publication is not None:
            yield Published(self._transaction.publication)
        return finished

    def _steps(self) -> Generator[Event, None, RunFinished]:
        if self._plan.workspace == "in_place" and self._command == "plan":  # nothing of it runs: it is listed
            return (yield from self._listed())
        self._type.start(self._plan.settings.workflow())
        if self._plan.workspace == "shadow":
            return (yield from self._in_shadow())
        return (yield from self._in_place())

    # the two kinds of workspace -----------------------------------------------------------------------------------

    def _listed(self) -> Generator[Event, None, RunFinished]:
        for step in self._plan.steps:
            if step.view.enabled:
                yield StepFinished(StepReport(step.view, "not-run", "not-run", "planned"))
            else:
                yield StepFinished(StepReport(step.view, "disabled", "skipped", "disabled"))
        return RunFinished("planned", errors.EXIT_OK)

    def _in_place(self) -> Generator[Event, None, RunFinished]:
        runner = self._runner(self._root, None)
        yield from runner.events()
        if runner.nothing is not None:
            return self._nothing(runner.nothing)
        if runner.failed is not None:
            reason = f"step {runner.failed.view.id} failed: {runner.failed.reason}"
            return RunFinished(
                "failed", errors.EXIT_STEP_FAILED, f"{reason}\nthe workflow runs in place: nothing is undone"
            )
        return RunFinished("done", errors.EXIT_OK)

    def _in_shadow(self) -> Generator[Event, None, RunFinished]:
        port: object = self._adapters["git"]
        if not isinstance(port, TransactionPort):
            raise Blocked("the adapter 'git' cannot run a transaction", hint="remove the plugin that replaces it")
        transaction = ReleaseTransaction(port, self._opening())
        self._transaction = transaction
        workspace = transaction.begin()
        remote = workspace.remote
        yield WorkspaceOpened(workspace.base, workspace.branch, remote.name, remote.url, remote.asked)
        for sentence in workspace.warnings:
            yield Warned(sentence)
        runner = self._runner(workspace.root, workspace.branch)
        yield from runner.events()
        if runner.nothing is not None:
            return self._nothing(runner.nothing)
        if runner.failed is not None:
            return self._failed(f"step {runner.failed.view.id} failed: {runner.failed.reason}", transaction)
        if transaction.publication is not None and transaction.publication.verdict != "published":
            return self._failed("the release was not published", transaction)
        if self._command == "plan":
            return (yield from self._planned(transaction, runner))
        return (yield from self._released(transaction, runner))

    def _opening(self) -> Opening:
        point = self._plan.commit_point
        config = point.config if point is not None else {}
        branch = config.get("branch") or self._plan.settings.adapter("git").get("branch")
        return Opening(
            repository_root=self._root,
            run=self._run,
            purpose=self._command,
            remote=str(config.get("remote") or ""),
            branch=str(branch) if branch else None,
            timeout=float(config.get("timeout") or 120.0),
            include_uncommitted=self._plan.include_uncommitted,
            links=self._plan.links,
            force=config.get("force") is True,
        )

    def _runner(self, root: Path, branch: str | None) -> Runner:
        surroundings = StepSurroundings(
            run=self._run,
            workspace_root=root,
            repository_root=self._root,
            branch=branch,
            adapters=self._adapters,
            registry=self._registry,
            commit_point=self._transaction,
            config=self._plan.settings.workflow(),
            disabled=self._disabled,
        )
        return Runner(
            self._plan,
            self._registry,
            surroundings,
            command=self._command,
            transaction=self._transaction,
            confirm=self._asks if self._confirm is not None else None,
        )

    def _asks(self) -> bool:
        seal = self._transaction.seal() if self._transaction is not None else None
        return self._confirm is None or self._confirm(seal)

    # how it ended -------------------------------------------------------------------------------------------------

    def _nothing(self, report: StepReport) -> RunFinished:
        reasons = report.output.get("nothing") or ()
        details = tuple(str(line) for line in (reasons if isinstance(reasons, list) else [reasons]))
        status = errors.EXIT_NOTHING_STRICT if self._strict else errors.EXIT_OK
        undone = self._plan.workspace == "shadow"
        return RunFinished("nothing", status, report.reason or "nothing to release", details=details, undone=undone)

    def _planned(self, transaction: ReleaseTransaction, runner: Runner) -> Generator[Event, None, RunFinished]:
        seal = transaction.seal()
        if runner.stopped_at is None:
            yield Sealed(seal)
        for conflict in seal.conflicts:
            yield Warned(
                f"a run would be refused: {conflict}", "commit or stash it first, or set include_uncommitted: true"
            )
        yield from self._leftovers(seal)
        return RunFinished("planned", errors.EXIT_OK, undone=True)

    def _released(self, transaction: ReleaseTransaction, runner: Runner) -> Generator[Event, None, RunFinished]:
        seal = transaction.seal()
        if transaction.state is State.SEALED and seal.commit == seal.base and not seal.tags:
            yield from self._leftovers(seal)
            return RunFinished("done", errors.EXIT_OK)
        if transaction.state is State.SEALED:
            yield Sealed(seal)
            transaction.finish_locally()
        yield from self._leftovers(seal)
        return RunFinished("released", errors.EXIT_OK)

    def _leftovers(self, seal: Seal) -> Iterator[Event]:
        if seal.leftovers:
            paths = ", ".join(seal.leftovers[:10]) + (" …" if len(seal.leftovers) > 10 else "")
            yield Warned(
                f"changed by a step, but not part of the release: {paths}", "stage them, or do not change them"
            )

    def _failed(self, reason: str, transaction: ReleaseTransaction) -> RunFinished:
        publication = transaction.publication
        if transaction.state is State.IN_DOUBT:
            return self._in_doubt(publication.detail if publication else "")
        if transaction.state is State.PUBLISHED:
            return RunFinished(
                "in-doubt", errors.EXIT_IN_DOUBT, f"the release is published, but {reason}", "finish that step by hand"
            )
        if publication is not None and publication.verdict == "superseded":
            why = publication.detail or "another run released this version first"
            return RunFinished("superseded", errors.EXIT_OK, why, undone=True)
        status = errors.EXIT_REMOTE_REFUSED if publication is not None else errors.EXIT_STEP_FAILED
        return RunFinished("failed", status, reason, undone=True)

    def _ended_by(self, error: VwmpError) -> RunFinished:
        """How a run ended that an error of the engine or an adapter stopped."""
        if self._transaction is not None and self._transaction.state in (State.IN_DOUBT, State.PUBLISHED):
            return self._failed(str(error), self._transaction)
        undone = self._plan.workspace == "shadow"
        reason = str(error) if undone else f"{error}\nthe workflow runs in place: nothing is undone"
        return RunFinished("failed", error.exit_status, reason, error.hint, undone=undone)

    def _in_doubt(self, detail: str) -> RunFinished:
        reason = "nobody knows whether the remote has the release" + (f": {detail}" if detail else "")
        return RunFinished(
            "in-doubt",
            errors.EXIT_IN_DOUBT,
            reason,
            "look with `git ls-remote` once the remote can be reached, then run again",
        )

    def _interrupted(self, why: str) -> RunFinished:
        state = self._transaction.state if self._transaction is not None else None
        if state is State.PUBLISHED:
            return RunFinished("released", errors.EXIT_OK, f"{why}, after the release was published")
        if state is State.IN_DOUBT:
            return self._in_doubt(why)
        undone = self._plan.workspace == "shadow"
        tail = "" if undone else "; the workflow runs in place: nothing is undone"
        return RunFinished("failed", errors.EXIT_INTERRUPTED, f"{why}{tail}", undone=undone)

    def _close(self) -> list[str]:
        """Close transaction, type and adapters; what fails here changes nothing about how the run ended."""
        problems = []
        if self._transaction is not None:
            try:
                self._transaction.close()
            except Exception as error:
                problems.append(f"the shadow could not be removed: {error}")
            problems = [*self._transaction.notes, *problems]
        return [*problems, *self._type.cleanup(), *self._adapters.cleanup()]
