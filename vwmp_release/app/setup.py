"""What `check` asks a plugin about the files of a repository, beside the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core.execution.attempt import guarded
from ..core.execution.planner import Plan
from ..errors import Place, Problem
from ..interfaces import Annotation, Effect, StepContext, StepStatus

if TYPE_CHECKING:
    from .project import Project

_CHECKS = {"check.version_consistency": "vwmp-release version --set X writes the same version into all of them"}
"""Handlers of effect `none` that look at the work tree as it is, each with the fix of what it finds."""


def findings(project: Project, plan: Plan) -> list[Problem]:
    """Return what the checks find in the user's own tree, with the configuration of a workflow's steps.

    A check is run where a step of the workflow takes one of the keys that the check declares.

    Args:
        project: The repository.
        plan: A workflow of it.
    """
    found: list[Problem] = []
    for name, hint in _CHECKS.items():
        registry = project.registry
        if name not in registry.handler_names() or registry.facts(name).effect is not Effect.NONE:
            continue
        keys = registry.facts(name).properties
        steps = [step for step in plan.steps if step.view.enabled and not keys.keys().isdisjoint(step.facts.properties)]
        if steps:
            given = {key: value for step in reversed(steps) for key, value in step.config.items() if key in keys}
            found += _run(project, plan, name, given, hint)
    return found


def _run(project: Project, plan: Plan, name: str, config: dict[str, Any], hint: str) -> list[Problem]:
    handler = project.registry.get_handler(name)
    if handler is None:
        return []
    context = StepContext(
        plan.workflow.name, plan.workflow.name, name, name, config, {}, project.root, {}, {},
        repository_root=project.root,
    )  # fmt: skip
    result = guarded(lambda: handler.execute(context), context)
    if result.status is not StepStatus.FAILED:
        return []
    places = [item for item in result.annotations if item.title] or [Annotation(result.error or f"{name} failed")]
    return [Problem(item.message, plan.workflow.name, _place(item), hint if item.title else "") for item in places]


def _place(item: Annotation) -> Place | None:
    return Place(item.file, item.line or 0, item.column or 0) if item.file else None
