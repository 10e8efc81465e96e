"""The report of a run: one frozen value from which every form of output is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..core.execution.events import StepReport, StepView, Warned
from ..errors import Problem
from ..interfaces import Annotation, FileChange, TagRef


@dataclass(frozen=True)
class Why:
    """One commit and the rule that it met.

    Args:
        short: Abbreviated object id.
        subject: First line of its message.
        type: Its conventional type, e.g. `feat`.
        level: What it bumps: major, minor, patch or none.
        rule: The rule that says so.
        verdict: `counted`, or why it did not count.
    """

    short: str
    subject: str
    type: str = ""
    level: str = ""
    rule: str = ""
    verdict: str = ""


@dataclass(frozen=True)
class Push:
    """Where the release goes, and how that went.

    Args:
        remote: Name of the remote.
        url: Its URL without user information.
        branch: The branch there.
        asked: Whether the remote was asked and answered.
        wanted: Whether an enabled step goes beyond the machine.
        verdict: How the push ended; empty before it.
        detail: The remote's words.
        tags: Names of the tags that were pushed.
    """

    remote: str = ""
    url: str = ""
    branch: str = ""
    asked: bool = False
    wanted: bool = False
    verdict: str = ""
    detail: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """What is known about a run; complete after its last event.

    Args:
        command: `run` or `plan`.
        status: The word for how it ended; empty before the end.
        exit_status: The process's exit status.
        run_id: Id of the run.
        clock: The run's clock, ISO 8601, UTC.
        workflow: Name of the workflow.
        type: Its workflow type.
        workspace: `shadow` or `in_place`.
        branch: The branch that is released; empty when unknown.
        base: Object id of the commit that it builds on.
        version: The new version.
        previous_version: The version before.
        bump: Which part grows.
        tag: Name of the release's tag.
        previous_tag: Name of the last release's tag.
        commit_sha: Object id of the release commit.
        notes: The release notes, Markdown.
        notes_file: Path of a file that holds them.
        changelog: Path of the main changelog.
        summary: One line about the release.
        packages: What got a version, as `version_bump` gives it.
        why: The commits with their rules, oldest first.
        files: What changes in the repository.
        commits: Object id and message of each commit, oldest first.
        tags: The tags.
        author: Author of the release commit.
        push: Where it goes.
        steps: Every step in plan order.
        warnings: What deserves attention.
        problems: The findings of a configuration that could not be used.
        reason: Why it ended so.
        hint: What to do next.
        details: Further lines.
        seconds: Wall time.
        undone: Whether everything is as it was before.
    """

    command: str = "run"
    status: str = ""
    exit_status: int = 0
    run_id: str = ""
    clock: str = ""
    workflow: str = ""
    type: str = ""
    workspace: str = ""
    branch: str = ""
    base: str = ""
    version: str = ""
    previous_version: str = ""
    bump: str = ""
    tag: str = ""
    previous_tag: str = ""
    commit_sha: str = ""
    notes: str = ""
    notes_file: str = ""
    changelog: str = ""
    summary: str = ""
    packages: tuple[Mapping[str, Any], ...] = ()
    why: tuple[Why, ...] = ()
    files: tuple[FileChange, ...] = ()
    commits: tuple[tuple[str, str], ...] = ()
    tags: tuple[TagRef, ...] = ()
    author: str = ""
    push: Push = field(default_factory=Push)
    steps: tuple[StepReport, ...] = ()
    warnings: tuple[Warned, ...] = ()
    problems: tuple[Problem, ...] = ()
    reason: str = ""
    hint: str = ""
    details: tuple[str, ...] = ()
    seconds: float = 0.0
    undone: bool = False

    @property
    def annotations(self) -> tuple[Annotation, ...]:
        """The findings of all steps, in plan order."""
        return tuple(annotation for step in self.steps for annotation in step.annotations)

    @property
    def failed(self) -> tuple[StepReport, ...]:
        """The steps that failed, optional ones included."""
        return tuple(step for step in self.steps if step.outcome == "failed")

    @property
    def beyond(self) -> tuple[StepView, ...]:
        """The enabled steps that go beyond the machine."""
        return tuple(step.view for step in self.steps if step.view.effect == "remote" and step.view.enabled)
