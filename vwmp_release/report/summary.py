"""Folds a run's events into one frozen report: what was released, why, and how each step ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from ..core.execution.events import (
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
from ..errors import ConfigError, Problem, VwmpError
from .model import Push, Report, Why

_ENDINGS = {4: "blocked", 5: "refused", 6: "in-doubt", 130: "interrupted"}
"""What a failure with this exit status is called."""

_TEXTS = {
    "version": ("new_version",),
    "previous_version": ("old_version", "previous_version"),
    "bump": ("bump",),
    "tag": ("tag_name", "tag"),
    "previous_tag": ("previous_tag", "old_tag"),
    "commit_sha": ("commit_hash",),
    "notes": ("notes",),
    "notes_file": ("notes_file",),
    "changelog": ("main_changelog",),
    "summary": ("summary",),
}
"""The report's texts and the keys of step outputs that give them."""


class Folder:
    """Takes events one by one; `report` may be asked at any time.

    Args:
        command: What the user called, until the first event says so.
    """

    def __init__(self, command: Literal["run", "plan"] = "run") -> None:
        self._report = Report(command=command)
        self._steps: dict[str, StepReport] = {}

    def add(self, event: Event) -> None:
        """Take the next event.

        Args:
            event: The event.
        """
        match event:
            case RunStarted():
                self._start(event)
            case WorkspaceOpened(base, branch, remote, url, asked):
                push = replace(self._report.push, remote=remote, url=url, branch=branch or "", asked=asked)
                self._report = replace(self._report, base=base, branch=branch or "", push=push)
            case StepFinished(step):
                self._steps[step.view.id] = step
                if step.outcome in ("success", "skipped"):
                    self._report = replace(self._report, **_values(step.output, self._report))
            case Warned():
                self._report = replace(self._report, warnings=(*self._report.warnings, event))
            case Sealed():
                self._seal(event)
            case Published():
                self._publish(event)
            case RunFinished():
                self._finish(event)
            case _:
                return  # progress says nothing about the result

    def report(self) -> Report:
        """Return what is known so far."""
        return replace(self._report, steps=tuple(self._steps.values()))

    def _start(self, event: RunStarted) -> None:
        for view in event.steps:
            self._steps[view.id] = StepReport(view, "not-run" if view.enabled else "disabled", "not-run")
        wanted = any(view.effect == "remote" and view.enabled for view in event.steps)
        self._report = replace(
            self._report, command=event.command, run_id=event.run.id, workflow=event.workflow,
            clock=event.run.started_at.strftime("%Y-%m-%dT%H:%M:%SZ"), type=event.workflow_type,
            workspace=event.workspace, push=Push(wanted=wanted),
        )  # fmt: skip

    def _seal(self, event: Sealed) -> None:
        seal, report = event.seal, self._report
        fixed = [tag.name for tag in seal.tags if not tag.floating]
        self._report = replace(
            report, base=seal.base, branch=seal.branch or report.branch, files=seal.files, commits=seal.commits,
            tags=seal.tags, author=seal.author, commit_sha=seal.commit if seal.commits else report.commit_sha,
            tag=fixed[0] if fixed and not report.tag else report.tag,
        )  # fmt: skip

    def _publish(self, event: Published) -> None:
        publication, push = event.publication, self._report.push
        push = replace(
            push, remote=publication.remote or push.remote, branch=publication.branch or push.branch,
            verdict=publication.verdict, detail=publication.detail, tags=publication.tags,
        )  # fmt: skip
        self._report = replace(self._report, push=push)

    def _finish(self, event: RunFinished) -> None:
        status = _ENDINGS.get(event.exit_status, event.status) if event.status == "failed" else event.status
        self._report = replace(
            self._report, status=status, exit_status=event.exit_status, reason=event.reason, hint=event.hint,
            details=event.details, seconds=event.seconds, undone=event.undone,
        )  # fmt: skip


def fold(events: Iterable[Event]) -> Report:
    """Return the report of a whole run.

    Args:
        events: Its events, in order.
    """
    folder = Folder()
    for event in events:
        folder.add(event)
    return folder.report()


def of_error(error: VwmpError, before: Report) -> Report:
    """Return the report of a run that an error ended.

    Args:
        error: The error.
        before: What was known until then.
    """
    return replace(
        before, status=_ENDINGS.get(error.exit_status, "failed"), exit_status=error.exit_status,
        reason=str(error), hint=error.hint, problems=problems_of(error),
        undone=not before.run_id or error.slug == "blocked",
    )  # fmt: skip


def problems_of(error: VwmpError) -> tuple[Problem, ...]:
    """Return an error as problems: those that it carries, else itself as one.

    Args:
        error: The error.
    """
    if isinstance(error, ConfigError):
        return error.problems
    what = f"{error.what}: {error.why}" if error.why else error.what
    return (Problem(what, place=error.place, hint=error.hint),)


def _values(output: Mapping[str, Any], before: Report) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, keys in _TEXTS.items():
        given = [output[key] for key in keys if output.get(key) not in (None, "")]
        if given:
            found[name] = str(given[0])
    if isinstance(packages := output.get("packages"), Sequence) and not isinstance(packages, str):
        found["packages"] = tuple(
            dict(package) if isinstance(package, Mapping) else {"name": str(package)} for package in packages
        )
    if not before.why and isinstance(commits := output.get("commits"), Sequence):
        found["why"] = tuple(_why(row) for row in commits if isinstance(row, Mapping))
    return found


def _why(row: Mapping[str, Any]) -> Why:
    def text(*keys: str) -> str:
        return next((str(row[key]) for key in keys if row.get(key) not in (None, "")), "")

    short = text("short") or text("hash", "id", "sha")[:9]
    return Why(short, text("subject", "description"), text("type"), text("level"), text("rule"), text("verdict"))
