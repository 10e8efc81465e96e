"""Looks for everything that is wrong with a repository's setup, without running a workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.execution.attempt import guarded
from ..errors import ConfigError, Place, PluginError, Problem, UsageError
from ..interfaces import StepContext, StepResult, StepStatus

if TYPE_CHECKING:
    from .project import Project

_CHECKS = {"check.version_consistency": "make them equal: vwmp-release version --set X writes all of them"}
"""Handlers of effect `none` that look at the tree itself, each with the fix of its findings."""


def check(project: Project) -> list[Problem]:
    """Return all findings: plugins that cannot be used, workflows that cannot run, version files that disagree.

    Args:
        project: The repository; one that imports no plugins leaves out the workflows that need them.
    """
    problems = project.broken_plugins() if project.is_importing else []
    for name in project.workflow_names():
        try:
            if _is_known(project, name):
                problems += project.plan(name, complete=False).warnings
        except (ConfigError, UsageError, PluginError) as error:
            own = error.problems if isinstance(error, ConfigError) else (Problem(str(error), hint=error.hint),)
            problems += [problem for problem in own if problem not in problems]
    return problems + [problem for problem in _of_the_tree(project) if problem not in problems]


def _is_known(project: Project, workflow: str) -> bool:
    """Whether all that a workflow is made of can be looked at."""
    if project.is_importing:
        return True
    registry = project.registry
    handlers = {step.handler for step in project.definition(workflow).steps} & set(registry.handler_names())
    origins = {registry.origin("step handler", name).origin for name in handlers}
    return origins <= {"built-in"} and not registry.failures()


def _of_the_tree(project: Project) -> list[Problem]:
    problems: list[Problem] = []
    for name, hint in _CHECKS.items():
        try:
            result = _called(project, name)
        except (ConfigError, UsageError, PluginError):  # said already: the workflow's configuration is wrong
            continue
        found = [finding for finding in result.annotations if finding.title]
        problems += [
            Problem(finding.message, finding.title, Place(finding.file or "", finding.line or 0, finding.column or 0),
                    hint)
            for finding in found
        ]  # fmt: skip
        if result.status is StepStatus.FAILED and not found:  # it could not look: the error holds its own fix
            what, _, fix = (result.error or f"{name} failed").rpartition("\n")
            problems.append(Problem(what or fix, name, hint=fix if what else ""))
    return problems


def _called(project: Project, name: str) -> StepResult:
    handler = project.registry.get_handler(name)
    config = project.settings(project.definition()).called(name, {})
    context = StepContext("check", "check", name, name, config, {}, project.root, {}, {})
    return guarded(lambda: handler.execute(context) if handler is not None else None, context)
