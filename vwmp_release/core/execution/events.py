"""What a run says while it goes on: frozen values, streamed; reports are functions of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ...interfaces import Annotation, Publication, RunIdentity, Seal

Outcome = Literal["success", "failed", "skipped", "disabled", "not-run"]
Conclusion = Literal["success", "failed", "skipped", "not-run"]
Status = Literal["released", "done", "planned", "nothing", "blocked", "failed", "superseded", "in-doubt"]
"""A refused push and an interrupted run are `failed`; their exit status tells them apart."""

NOTHING_TO_DO = "there is nothing to do"
"""Why the steps after the one that ended the run well did not run."""


@dataclass(frozen=True)
class StepView:
    """A step as reports show it before it ran."""

    id: str
    name: str
    handler: str
    effect: str
    required: bool
    enabled: bool
    dependencies: tuple[str, ...]
    icon: str = ""


@dataclass(frozen=True)
class StepReport:
    """A step that ended.

    Args:
        view: The step.
        outcome: What it did.
        conclusion: What that counts as, once `required` is applied: a failed optional step concludes as success.
        reason: Why it failed, was skipped or did not run.
        attempts: How often it was tried; 0 when it did not run.
        seconds: Wall time of all attempts and the waiting between them.
        started: Seconds after the run's start.
        output: What it gives to later steps.
        logs: Its lines.
        annotations: Its findings.
    """

    view: StepView
    outcome: Outcome
    conclusion: Conclusion
    reason: str = ""
    attempts: int = 0
    seconds: float = 0.0
    started: float = 0.0
    output: Mapping[str, Any] = field(default_factory=dict)
    logs: tuple[str, ...] = ()
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True)
class RunStarted:
    """The run begins; its steps in plan order."""

    run: RunIdentity
    command: Literal["run", "plan"]
    workflow: str
    workflow_type: str
    workspace: Literal["shadow", "in_place"]
    steps: tuple[StepView, ...]


@dataclass(frozen=True)
class WorkspaceOpened:
    """The shadow stands: what the release builds on."""

    base: str
    branch: str | None
    remote: str
    remote_url: str
    remote_asked: bool


@dataclass(frozen=True)
class StepStarted:
    """A step's first attempt begins."""

    step: StepView


@dataclass(frozen=True)
class StepLine:
    """A step says something while it runs, or after it, in order."""

    step_id: str
    line: str


@dataclass(frozen=True)
class StepRetried:
    """An attempt failed and another follows.

    Args:
        step_id: The step.
        attempt: Number of the retry, from 1.
        delay: Seconds until it begins.
        error: Why the last attempt failed.
    """

    step_id: str
    attempt: int
    delay: float
    error: str


@dataclass(frozen=True)
class StepFinished:
    """A step ended."""

    report: StepReport


@dataclass(frozen=True)
class Warned:
    """Something that deserves attention, and what to do about it."""

    message: str
    hint: str = ""


@dataclass(frozen=True)
class Sealed:
    """The release is complete in the shadow; nothing outside has changed yet."""

    seal: Seal


@dataclass(frozen=True)
class Published:
    """The commit point was passed, or the push ended otherwise."""

    publication: Publication


@dataclass(frozen=True)
class RunFinished:
    """The last event: how it ended.

    Args:
        status: The word for it.
        exit_status: The process's exit status.
        reason: Why, in a sentence or a few; empty for a plain success.
        hint: What to do next.
        seconds: Wall time.
        undone: Whether everything is as it was before.
        details: Further lines, e.g. each commit that did not count.
    """

    status: Status
    exit_status: int
    reason: str = ""
    hint: str = ""
    seconds: float = 0.0
    undone: bool = False
    details: tuple[str, ...] = ()


Event = (
    RunStarted
    | WorkspaceOpened
    | StepStarted
    | StepLine
    | StepRetried
    | StepFinished
    | Warned
    | Sealed
    | Published
    | RunFinished
)
