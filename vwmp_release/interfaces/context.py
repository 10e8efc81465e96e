"""What a step handler is given to work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .ports import CommitPoint, RunIdentity, StepLogger
from .results import StepResult, StepStatus

if TYPE_CHECKING:
    from .adapter import IntegrationAdapter


def _no_handlers(handler_path: str, config: dict[str, Any]) -> StepResult | None:
    return None


@dataclass
class StepContext:
    """Execution context for a step.

    Args:
        workflow_id: Id of this run.
        workflow_name: Name of the workflow, e.g. `release`.
        step_id: Id of the step, unique in the workflow.
        step_name: Its name for people.
        step_config: The step's effective configuration: every key of the handler's schema that has a value, with
            all `${…}` replaced.
        parameters: The run's parameters, checked and completed with their defaults.
        workspace_root: The folder to work in: the shadow's work tree, or the user's tree for an in-place step.
        step_outputs: Results of the steps that ran before, by step id, in plan order.
        config: Workflow-level configuration, resolved.
        adapters: The integration adapters, by name; made when first asked for.
        logger: Takes lines for the user while the step runs.
        run: Identity and clock of the run.
        repository_root: The user's own tree; equals `workspace_root` where the workflow runs in place.
        branch: The branch that is released, without `refs/heads/`; None when unknown.
        call: Runs another handler by name with a configuration of its own, in this step's place, and returns its
            result; None where no such handler is registered. For handlers that are made of others.
        commit_point: For the handler that declares `commit_point: true` in a shadow run; None otherwise.
    """

    workflow_id: str
    workflow_name: str
    step_id: str
    step_name: str
    step_config: dict[str, Any]
    parameters: dict[str, Any]
    workspace_root: Path
    step_outputs: dict[str, StepResult]
    config: dict[str, Any]
    adapters: Mapping[str, IntegrationAdapter] = field(default_factory=dict)
    logger: StepLogger = field(default_factory=StepLogger)
    run: RunIdentity = field(default_factory=RunIdentity)
    repository_root: Path | None = None
    branch: str | None = None
    call: Callable[[str, dict[str, Any]], StepResult | None] = _no_handlers
    commit_point: CommitPoint | None = None

    def find_output(self, key: str, default: Any = None) -> Any:
        """Return the value that the latest earlier step gives for `key`; what a failed step gave does not count.

        Args:
            key: The output's key, e.g. `new_version`.
            default: What to return when no earlier step gives it.
        """
        for result in reversed(self.step_outputs.values()):
            if result.status is not StepStatus.FAILED and result.output and result.output.get(key) is not None:
                return result.output[key]
        return default
