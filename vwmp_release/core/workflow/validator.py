"""Checks a workflow as a graph, against the registry, and by its type's own rules; all problems at once."""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import PluginError, Problem, nearest
from ..plugins.lifecycle import verdict
from ..plugins.registry import PluginRegistry
from .definition import StepDefinition, WorkflowDefinition
from .order import ordered


def validate(workflow: WorkflowDefinition, registry: PluginRegistry) -> tuple[list[Problem], list[Problem]]:
    """Check a workflow before anything runs.

    Args:
        workflow: The definition.
        registry: Knows handlers and workflow types.

    Returns:
        What is wrong, and what is only worth a warning: unknown handlers of optional steps.
    """
    problems = [*_identities(workflow), *_dependencies(workflow)]
    warnings: list[Problem] = []
    if not workflow.steps:
        problems.append(Problem("has no steps", f"workflows.{workflow.name}", workflow.place_of(())))
    for step in workflow.steps:
        problem = _handler(workflow, step, registry)
        if problem is not None:
            (problems if step.required and step.enabled else warnings).append(problem)
    if not problems:
        own, odd = _own_rules(workflow, registry)
        problems += own
        warnings += odd
    return problems, warnings


def where(workflow: WorkflowDefinition, step: StepDefinition, key: str = "") -> str:
    """Return the name of a step, or of a key in it, for messages."""
    suffix = f".{key}" if key else ""
    if workflow.template:
        return f"{workflow.name}: step {step.id}{suffix}"
    return f"workflows.{workflow.name}.steps[{step.index}]{suffix}"


def _identities(workflow: WorkflowDefinition) -> Iterator[Problem]:
    seen: dict[str, StepDefinition] = {}
    for step in workflow.steps:
        if step.id in seen:
            first = workflow.place_of(("steps", seen[step.id].index, "id"))
            yield Problem(
                f"two steps have the id {step.id!r}", where(workflow, step, "id"),
                workflow.place_of(("steps", step.index, "id")), f"the first is at {first}" if first else "",
            )  # fmt: skip
        seen.setdefault(step.id, step)


def _dependencies(workflow: WorkflowDefinition) -> Iterator[Problem]:
    ids = [step.id for step in workflow.steps]
    for step in workflow.steps:
        for index, dependency in enumerate(step.dependencies):
            if dependency not in ids:
                yield Problem(
                    f"depends on a step {dependency!r} that does not exist", where(workflow, step, "dependencies"),
                    workflow.place_of(("steps", step.index, "dependencies", index)), nearest(dependency, ids),
                )  # fmt: skip
    edges: dict[str, tuple[str, ...]] = {}
    for step in workflow.steps:
        edges.setdefault(step.id, step.dependencies)  # of two steps with one id, which is said, the first
    _, cycle = ordered(ids, edges)
    if cycle:
        first = next(step for step in workflow.steps if step.id == cycle[0])
        yield Problem(
            f"the steps depend on each other in a cycle: {' -> '.join(cycle)}",
            where(workflow, first, "dependencies"),
            workflow.place_of(("steps", first.index, "dependencies")),
        )


def _handler(workflow: WorkflowDefinition, step: StepDefinition, registry: PluginRegistry) -> Problem | None:
    place = workflow.place_of(("steps", step.index, "handler"))
    spot = where(workflow, step, "handler")
    if step.handler not in registry.handler_names():
        near = nearest(step.handler, registry.handler_names())
        hint = "\n    ".join([*([near] if near else []), *registry.failures()])
        return Problem(f"unknown handler {step.handler!r}", spot, place, hint)
    try:
        registry.get_handler(step.handler)
        registry.facts(step.handler)
    except PluginError as error:
        return Problem(f"the handler {step.handler!r} cannot be loaded: {error}", spot, place, error.hint)
    return None


def _own_rules(workflow: WorkflowDefinition, registry: PluginRegistry) -> tuple[list[Problem], list[Problem]]:
    plugin = registry.get_workflow_type(workflow.type)
    if plugin is None:
        return [], []
    spot, place = f"workflows.{workflow.name}", workflow.place_of(())
    try:
        result = verdict(
            lambda: plugin.validate_workflow(workflow.as_dict()),
            f"the workflow type {workflow.type!r}: validate_workflow",
        )
    except PluginError as error:
        return [Problem(str(error), spot, place, error.hint)], []
    errors = [] if result.valid else result.errors
    return [Problem(text, spot, place) for text in errors], [Problem(text, spot, place) for text in result.warnings]
