"""What steps and validations give back."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal


class StepStatus(Enum):
    """Where a step stands; a handler returns SUCCESS, FAILED or SKIPPED."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCESS = "success"
    FAILED = "failed"
    SKIPPED = "skipped"


class Effect(Enum):
    """What a handler touches; decides when its steps run and what a plan may run."""

    NONE = "none"
    """Reads only."""
    WORKSPACE = "workspace"
    """Files of the workspace."""
    REPOSITORY = "repository"
    """The index, commits and tags of the workspace's repository."""
    REMOTE = "remote"
    """Anything beyond the machine: push, forge, registry, announcement."""


@dataclass(frozen=True)
class Annotation:
    """A finding with its place, as continuous integration shows it.

    Args:
        message: What was found.
        level: How grave it is.
        file: Path relative to the workspace root, with `/` on every system; None for the whole run.
        line: Line, from 1.
        column: Column, from 1.
        title: A few words above the message.
    """

    message: str
    level: Literal["error", "warning", "notice"] = "error"
    file: str | None = None
    line: int | None = None
    column: int | None = None
    title: str = ""


@dataclass
class StepResult:
    """Result of a step's execution.

    Args:
        step_id: Id of the step.
        status: SUCCESS, FAILED or SKIPPED.
        output: Values for later steps, by key; anything that JSON can hold.
        error: Why it failed, or why it was skipped.
        execution_time: Seconds; the engine fills it.
        logs: Lines for the user, in order.
        annotations: Findings with places.
        permanent: True for a failure that another attempt cannot change.
    """

    step_id: str
    status: StepStatus
    output: dict[str, Any] | None = None
    error: str | None = None
    execution_time: float | None = None
    logs: list[str] = field(default_factory=list)
    annotations: list[Annotation] = field(default_factory=list)
    permanent: bool = False


@dataclass
class ValidationResult:
    """Whether a workflow or a configuration is right.

    Args:
        valid: False when it must not be used.
        errors: What is wrong, a sentence each.
        warnings: What is odd but usable.
    """

    valid: bool
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
