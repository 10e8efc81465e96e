"""The order of a plan's steps: by their dependencies, and around the commit point of a release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...errors import PluginError, Problem
from ...interfaces import Effect
from ..plugins.failure import asked
from ..plugins.registry import PluginRegistry
from ..workflow.definition import WorkflowDefinition
from ..workflow.order import ancestors, ordered
from .output_references import misplaced, owner
from .plan import PlannedStep


def arranged(
    workflow: WorkflowDefinition,
    registry: PluginRegistry,
    steps: Sequence[PlannedStep],
    workspace: str,
    problems: list[Problem],
) -> list[PlannedStep]:
    """Return the steps in plan order, each with what must have ended before it.

    Args:
        workflow: The definition; its graph was validated.
        registry: Gives the handlers.
        steps: The steps that could be planned, as they were written.
        workspace: Where the workflow runs; only a shadow is published as a whole.
        problems: Takes what is wrong.
    """
    planned = {step.view.id: step for step in steps}
    edges = {step.id: set(step.dependencies) for step in workflow.steps}
    if workspace == "shadow":
        planned = _unpublished(planned)
        _around_commit_point(workflow, planned, edges, problems)
    order, cycle = ordered([step.id for step in workflow.steps], edges)
    if cycle and not problems:  # the graph was sound, and what the commit point adds closes no circle
        raise AssertionError(" -> ".join(cycle))
    for identity, step in planned.items():
        before = ancestors(identity, edges)
        problems += misplaced(workflow, step.definition, step.config, before)
        problems += _unmet_needs(workflow, registry, step, before)
    return [replace(planned[i], after=tuple(j for j in order if j in edges[i])) for i in order if i in planned]


def _unpublished(planned: Mapping[str, PlannedStep]) -> dict[str, PlannedStep]:
    """Where the commit point is disabled the release stays here, so nothing beyond the machine may speak of it."""
    points = [step for step in planned.values() if step.facts.commit_point]
    if not points or any(step.view.enabled for step in points):
        return dict(planned)
    return {
        i: replace(step, view=replace(step.view, enabled=False)) if step.facts.effect is Effect.REMOTE else step
        for i, step in planned.items()
    }


def _around_commit_point(
    workflow: WorkflowDefinition,
    planned: Mapping[str, PlannedStep],
    edges: dict[str, set[str]],
    problems: list[Problem],
) -> None:
    """Everything local comes before the commit point, everything else beyond the machine after it."""
    points = [i for i, p in planned.items() if p.facts.commit_point and p.view.enabled]
    if len(points) > 1:
        places = [workflow.place_of(("steps", planned[i].definition.index, "handler")) for i in points]
        problems.append(Problem(f"two steps publish the release: {', '.join(points)}", "steps", places[1]))
    if len(points) != 1:
        return
    point = points[0]
    before = ancestors(point, edges)
    behind = {identity for identity in planned if point in ancestors(identity, edges)}
    for identity, step in planned.items():
        if identity == point or not step.view.enabled or step.unknown:
            continue
        place = workflow.place_of(("steps", step.definition.index, "dependencies"))
        if step.facts.effect is Effect.REMOTE:
            if identity in before:
                what = f"{identity!r} reaches beyond the machine and would run before the release is published"
                problems.append(Problem(what, f"step {point}.dependencies", place, "let it depend on the push instead"))
            else:
                edges[identity].add(point)
        elif step.facts.effect is not Effect.NONE and (identity in behind or _after_remote(identity, planned, edges)):
            what = f"{identity!r} changes the release after it is published"
            problems.append(Problem(what, f"step {identity}.dependencies", place, "put it before the push"))
        elif identity not in behind and not _after_remote(identity, planned, edges):
            edges[point].add(identity)


def _after_remote(identity: str, planned: Mapping[str, PlannedStep], edges: Mapping[str, set[str]]) -> bool:
    """Whether a step waits for one that can only run after the commit point."""
    above = (planned.get(i) for i in ancestors(identity, edges))
    return any(step is not None and step.facts.effect is Effect.REMOTE and step.view.enabled for step in above)


def _unmet_needs(
    workflow: WorkflowDefinition, registry: PluginRegistry, step: PlannedStep, before: set[str]
) -> list[Problem]:
    """What a handler says it needs must come from steps before it."""
    where = f"step {step.view.id}"
    try:
        wanted = needs(registry, step) if step.view.enabled else []
    except PluginError as error:
        return [Problem(str(error), where, hint=error.hint)] if step.view.required else []
    known = [other.id for other in workflow.steps]
    problems = []
    place = workflow.place_of(("steps", step.definition.index))
    for need in wanted:
        identity = owner(need.split("."), known)
        if need.startswith("*."):
            if not before and step.view.required:
                problems.append(Problem(f"needs the output {need!r} of an earlier step", where, place))
        elif identity not in before:
            why = "does not run before it" if identity in known else "does not exist"
            problems.append(Problem(f"needs the step {identity!r}, which {why}", where, place))
    return problems


def needs(registry: PluginRegistry, step: PlannedStep) -> list[str]:
    """Return what a step's handler says it needs.

    Args:
        registry: Gives the handler.
        step: The step.

    Raises:
        PluginError: It fails to say so.
    """
    handler = registry.get_handler(step.definition.handler) if not step.unknown else None
    if handler is None:
        return []
    what = f"{step.definition.handler}: get_dependencies"
    found: Any = asked(lambda: handler.get_dependencies(dict(step.config)), what)
    if not isinstance(found, list | tuple) or not all(isinstance(need, str) for need in found):
        raise PluginError(f"{what} returned {found!r}, not a list of texts")
    return list(found)
