"""Runs and plans, and the runs that were kept."""

from __future__ import annotations

import secrets
from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from ..core.execution.events import Event, Warned
from ..core.execution.planner import Plan
from ..core.execution.session import Session
from ..core.plugins.lifecycle import LazyAdapters
from ..core.transaction.history import entries as kept_runs
from ..core.transaction.history import record as keep_run
from ..errors import Blocked
from ..interfaces import RunIdentity
from ..support import clock, git
from .project import Project
from .request import Request

_REPLANS = 3
_TAGGED = ("released", "in-doubt")
"""Statuses of runs whose tag exists, or may."""


def record(request: Request, report: Mapping[str, Any]) -> None:
    """Keep a finished run for `history`.

    Args:
        request: What the user asked for.
        report: The run's report as a document.
    """
    keep_run(git.locate(request.directory).common_dir, report)


def history(request: Request) -> list[dict[str, Any]]:
    """Return the kept runs, newest first: `id, started, workflow, status, version, tag, seconds, report`.

    Args:
        request: What the user asks for.
    """
    return [
        {
            "id": report["run"]["id"],
            "started": report["run"]["clock"],
            "workflow": report["workflow"]["name"],
            "status": report["status"],
            "version": report["version"],
            "tag": report["tag"] if report["status"] in _TAGGED else "",
            "seconds": report["seconds"],
            "report": report,
        }
        for report in kept_runs(git.locate(request.directory).common_dir)
    ]


def run(request: Request) -> Iterator[Event]:
    """Run a workflow; the last event is `RunFinished`.

    Args:
        request: What the user asks for.

    Raises:
        VwmpError: Something is wrong before the run begins.
    """
    return _events(request, "run")


def plan(request: Request) -> Iterator[Event]:
    """Show what a run would do, by doing it in a shadow that is thrown away; the last event is `RunFinished`.

    Args:
        request: What the user asks for.

    Raises:
        VwmpError: Something is wrong before the plan begins.
    """
    return _events(request, "plan")


def _events(request: Request, command: Literal["run", "plan"]) -> Generator[Event, None, None]:
    project = Project(request)
    if project.location.bare:
        raise Blocked("this is a bare repository", hint="run it in a clone: git clone … && cd …")
    plan = project.plan()
    plan = replace(plan, warnings=(*plan.warnings, *project.broken_plugins()))
    try:
        for attempt in range(1, _REPLANS + 1):
            session = _session(project, plan, command)
            finished = yield from session.until_finished()
            if not session.raced or attempt == _REPLANS or not _replans(plan):
                break
            yield Warned("another run was faster: the release is planned again", finished.reason)
        yield finished
    finally:
        project.registry.unregister_all()


def _replans(plan: Plan) -> bool:
    point = plan.commit_point
    return point is not None and point.config.get("on_race") == "replan"


def _session(project: Project, plan: Plan, command: Literal["run", "plan"]) -> Session:
    request = project.request
    disabled = frozenset(
        name
        for name in project.registry.adapter_names()
        if project.config.get("integration_adapters", name, "enabled") is False
    )

    def settings(name: str) -> dict[str, Any]:
        values = plan.settings.adapter(name)
        if "workspace_root" in values:  # relative to the repository, wherever the tool was started
            values["workspace_root"] = str(project.root / str(values["workspace_root"]))
        return values

    return Session(
        plan,
        project.registry,
        LazyAdapters(project.registry, settings, disabled),
        RunIdentity(f"vwmp-{secrets.token_hex(16)}", clock.now(request.environ)),
        project.root,
        command=command,
        strict=request.strict,
        confirm=request.confirm,
        disabled=frozenset(
            name
            for name in project.registry.handler_names()
            if project.config.get("step_handlers", name, "enabled") is False
        ),
    )
