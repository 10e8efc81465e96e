"""What a run will do, before it does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ...errors import Problem
from ..plugins.manifest import HandlerFacts
from ..workflow.definition import StepDefinition, WorkflowDefinition
from .events import StepView
from .retry import RetryPolicy
from .settings import Settings


@dataclass(frozen=True)
class PlannedStep:
    """A step ready to run.

    Args:
        view: How reports show it.
        definition: As it was written.
        facts: What its handler declares.
        config: Its configuration; `${step-outputs…}` are still to be filled in.
        retry: How it is retried.
        timeout: Seconds; None for no limit.
        isolation: `inline` or `thread`.
        in_place: Whether it works in the user's own tree.
        after: Ids that must have ended before it begins: its dependencies, and what the commit point adds.
        unknown: Why it cannot run, for an optional step whose handler is unknown.
    """

    view: StepView
    definition: StepDefinition
    facts: HandlerFacts
    config: Mapping[str, Any]
    retry: RetryPolicy
    timeout: float | None
    isolation: str
    in_place: bool
    after: tuple[str, ...]
    unknown: str = ""


@dataclass(frozen=True)
class Plan:
    """What a run will do, before it does it.

    Args:
        workflow: The definition.
        steps: The steps in plan order.
        parameters: Checked, with defaults.
        settings: Resolves and fills in configuration.
        workspace: Where it runs.
        include_uncommitted: Whether the user's uncommitted work goes into the release.
        links: Untracked folders to link into the shadow.
        warnings: What deserves attention.
    """

    workflow: WorkflowDefinition
    steps: tuple[PlannedStep, ...]
    parameters: Mapping[str, Any]
    settings: Settings
    workspace: Literal["shadow", "in_place"]
    include_uncommitted: bool = False
    links: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def commit_point(self) -> PlannedStep | None:
        """The enabled step that publishes; None when nothing is pushed."""
        return next((s for s in self.steps if s.facts.commit_point and s.view.enabled), None)
