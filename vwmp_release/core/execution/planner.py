"""From a workflow and its configuration to a plan: the steps in order, each with its resolved configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from ...errors import ConfigError, PluginError, Problem
from ...interfaces import Effect
from ..config import Config
from ..plugins.manifest import HandlerFacts
from ..plugins.registry import PluginRegistry
from ..workflow.definition import StepDefinition, WorkflowDefinition
from ..workflow.order import ancestors, ordered
from ..workflow.parameters import check as check_parameters
from ..workflow.validator import validate
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


def make_plan(
    workflow: WorkflowDefinition,
    config: Config,
    registry: PluginRegistry,
    *,
    runtime: Mapping[str, Any],
    environ: Mapping[str, str],
    push: bool = True,
    complete: bool = True,
) -> Plan:
    """Plan a workflow.

    Args:
        workflow: The definition.
        config: The configuration.
        registry: The plugins.
        runtime: Values given for this run, by name.
        environ: The environment.
        push: Whether the commit point is enabled.
        complete: Whether required parameters must be given; not for looking at a workflow only.

    Raises:
        ConfigError: Workflow, parameters or configuration are wrong; all problems at once.
    """
    problems, warnings = validate(workflow, registry)
    if problems:
        raise ConfigError(problems)
    settings = Settings(config, registry, workflow, runtime=runtime, environ=environ)
    parameters, wrong = check_parameters(workflow.parameters, runtime, settings.known_keys(), complete=complete)
    problems += wrong
    settings.parameters = parameters
    problems += settings.check()
    steps = _ordered_steps(workflow, config, registry, settings, push, problems)
    workspace = _workspace(workflow, registry, settings, steps, problems)
    if problems:
        raise ConfigError(_sorted(problems))
    links = list(settings.workflow_value("workspace_link", []))
    links += [link for step in steps for link in step.definition.config.get("workspace_link", []) if link not in links]
    return Plan(
        workflow=workflow,
        steps=tuple(steps),
        parameters=parameters,
        settings=settings,
        workspace=workspace,
        include_uncommitted=settings.workflow_value("include_uncommitted", False) is True,
        links=tuple(links),
        warnings=tuple(warnings),
    )


def _ordered_steps(
    workflow: WorkflowDefinition,
    config: Config,
    registry: PluginRegistry,
    settings: Settings,
    push: bool,
    problems: list[Problem],
) -> list[PlannedStep]:
    planned = {}
    for step in workflow.steps:
        try:
            planned[step.id] = _planned(workflow, step, config, registry, settings, push)
        except ConfigError as error:
            problems += error.problems
        except PluginError as error:
            problems.append(Problem(str(error), f"step {step.id}", hint=error.hint))
    edges = {i: set(p.after) for i, p in planned.items()}
    _around_commit_point(planned, edges, problems)
    order, cycle = ordered(list(planned), edges)
    if cycle and not problems:
        problems.append(
            Problem(f"the steps cannot be put in order: {' -> '.join(cycle)}", f"workflows.{workflow.name}")
        )
    known = [step.id for step in workflow.steps]
    for identity, ready in planned.items():
        before = ancestors(identity, edges)
        problems += settings.check_references(ready.definition, ready.config, before, known)
        problems += _needs(registry, ready, before, known)
    return [replace(planned[i], after=tuple(j for j in order if j in edges[i])) for i in order]


def _planned(
    workflow: WorkflowDefinition,
    step: StepDefinition,
    config: Config,
    registry: PluginRegistry,
    settings: Settings,
    push: bool,
) -> PlannedStep:
    section = config.get("step_handlers", step.handler, default={}) or {}
    unknown = ""
    facts, values, icon, isolation = HandlerFacts(), {}, "", "inline"
    try:
        if step.handler not in registry.handler_names():
            raise PluginError(f"unknown handler {step.handler!r}")
        handler = registry.get_handler(step.handler)
        facts = registry.facts(step.handler)
        values = settings.step(step)
        icon = str(handler.get_step_info().get("icon", "")) if handler else ""
        built_in = registry.origin("step handler", step.handler).origin == "built-in"
        isolation = (
            step.isolation or section.get("isolation") or facts.isolation or ("inline" if built_in else "thread")
        )
    except PluginError as error:
        if step.required and step.enabled:
            raise
        unknown = str(error)
    if isolation == "process":
        spot = f"step {step.id}.isolation"
        raise ConfigError([Problem("`process` isolation is not available in this version", spot, hint="use thread")])
    enabled = step.enabled and section.get("enabled", True) is not False and (push or not facts.commit_point)
    view = StepView(
        step.id, step.name, step.handler, facts.effect.value, step.required, enabled, step.dependencies, icon
    )  # fmt: skip
    timeout = next((t for t in (step.timeout, section.get("timeout"), facts.timeout) if t is not None), None)
    return PlannedStep(
        view=view,
        definition=step,
        facts=facts,
        config=values,
        retry=RetryPolicy.of(step.retry, section.get("retry", {}) or {}, facts.retry),
        timeout=float(timeout) if timeout is not None else None,
        isolation=isolation,
        in_place=step.config.get("workspace") == "in_place",
        after=step.dependencies,
        unknown=unknown,
    )


def _around_commit_point(
    planned: Mapping[str, PlannedStep], edges: dict[str, set[str]], problems: list[Problem]
) -> None:
    """Everything local comes before the commit point, everything else beyond the machine after it."""
    points = [i for i, p in planned.items() if p.facts.commit_point and p.view.enabled]
    if len(points) > 1:
        problems.append(Problem(f"two steps publish the release: {', '.join(points)}", "steps"))
    if len(points) != 1:
        return
    point = points[0]
    for identity, step in planned.items():
        if identity == point or not step.view.enabled:
            continue
        behind = point in ancestors(identity, edges)
        if step.facts.effect is Effect.REMOTE:
            if identity in ancestors(point, edges):
                what = f"{identity!r} reaches beyond the machine and would run before the release is published"
                problems.append(Problem(what, f"step {point}.dependencies", hint="let it depend on the push instead"))
            edges[identity].add(point)
        elif not behind:
            edges[point].add(identity)
        elif step.facts.effect in (Effect.WORKSPACE, Effect.REPOSITORY):
            what = f"{identity!r} changes the release after it is published"
            problems.append(Problem(what, f"step {identity}.dependencies", hint="put it before the push"))


def _needs(registry: PluginRegistry, step: PlannedStep, before: set[str], known: Sequence[str]) -> list[Problem]:
    """What a handler says it needs must come from steps before it."""
    handler = registry.get_handler(step.definition.handler) if not step.unknown else None
    if handler is None:
        return []
    problems = []
    try:
        wanted = list(handler.get_dependencies(dict(step.config)))
    except Exception as error:
        return [Problem(f"its get_dependencies failed: {error!r}", f"step {step.view.id}")]
    for need in wanted:
        identity = str(need).partition(".")[0]
        if identity == "*":
            if not before and step.view.enabled and step.view.required:
                problems.append(Problem(f"needs the output {need!r} of an earlier step", f"step {step.view.id}"))
        elif identity not in before:
            why = "does not run before it" if identity in known else "does not exist"
            problems.append(Problem(f"needs the step {identity!r}, which {why}", f"step {step.view.id}"))
    return problems


def _workspace(
    workflow: WorkflowDefinition,
    registry: PluginRegistry,
    settings: Settings,
    steps: Sequence[PlannedStep],
    problems: list[Problem],
) -> Literal["shadow", "in_place"]:
    plugin = registry.get_workflow_type(workflow.type)
    usual: str = getattr(plugin, "workspace", "in_place")
    chosen = str(settings.workflow_value("workspace", usual))
    spot = f"workflow_types.{workflow.type}.config.workspace"
    if chosen not in ("shadow", "in_place"):
        problems.append(Problem(f"must be shadow or in_place; got {chosen!r}", spot))
    if usual == "shadow" and chosen == "in_place":
        hint = "set `workspace: in_place` on a single step that changes nothing, such as run_validators"
        problems.append(Problem(f"a {workflow.type} workflow always runs in a shadow", spot, hint=hint))
    for step in steps:
        own = step.definition.config.get("workspace")
        where = f"step {step.view.id}.config.workspace"
        if own not in (None, "shadow", "in_place"):
            problems.append(Problem(f"must be shadow or in_place; got {own!r}", where))
        elif own == "shadow" and chosen != "shadow":
            problems.append(Problem("the workflow runs in place, so a step cannot run in a shadow", where))
        elif own == "in_place" and chosen == "shadow" and step.facts.effect is not Effect.NONE:
            what = f"a step of effect {step.facts.effect.value} must run in the shadow"
            problems.append(Problem(what, where))
    return "shadow" if chosen == "shadow" else "in_place"


def _sorted(problems: Sequence[Problem]) -> list[Problem]:
    """By place where there is one, each problem once."""
    unique = list(dict.fromkeys(problems))
    return sorted(unique, key=lambda p: (p.place is None, p.place or ("", 0, 0)))
