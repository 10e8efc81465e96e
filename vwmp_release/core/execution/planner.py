"""From a workflow and its configuration to a plan: the steps in order, each with its resolved configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from ...errors import ConfigError, PluginError, Problem
from ...interfaces import Effect, StepHandler
from ..config import Config
from ..plugins.failure import asked
from ..plugins.manifest import HandlerFacts
from ..plugins.registry import PluginRegistry
from ..workflow.definition import StepDefinition, WorkflowDefinition
from ..workflow.parameters import check as check_parameters
from ..workflow.validator import validate
from .arrangement import arranged
from .events import StepView
from .plan import Plan, PlannedStep
from .retry import RetryPolicy
from .settings import Settings

__all__ = ["Plan", "PlannedStep", "make_plan"]


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
    is_sound = not problems
    settings = Settings(config, registry, workflow, runtime=runtime, environ=environ)
    keys = settings.declared.runtime_keys() | (set() if is_sound else set(runtime))  # its handler may know the key
    parameters, wrong = check_parameters(workflow.parameters, runtime, keys, complete=complete)
    settings.parameters = parameters
    problems += [*wrong, *settings.check()]
    planner = _Planner(workflow, config, registry, settings, push, problems)
    steps = planner.steps()
    values = planner.workflow_values()
    workspace = _workspace(workflow, config, registry, values, problems)
    if is_sound:
        steps = arranged(workflow, registry, steps, workspace, problems)
    links = list(values.get("workspace_link") or [])
    for step in steps:
        links += [link for link in planner.own_workspace(step, workspace) if link not in links]
    if problems:
        raise ConfigError(_sorted(problems))
    return Plan(
        workflow=workflow,
        steps=tuple(replace(s, in_place=s.in_place or workspace == "in_place") for s in steps),
        parameters=parameters,
        settings=settings,
        workspace=workspace,
        include_uncommitted=values.get("include_uncommitted") is True,
        links=tuple(links),
        warnings=tuple(warnings),
    )


class _Planner:
    """Makes the steps of one plan; problems are collected."""

    def __init__(
        self,
        workflow: WorkflowDefinition,
        config: Config,
        registry: PluginRegistry,
        settings: Settings,
        push: bool,
        problems: list[Problem],
    ) -> None:
        self._workflow = workflow
        self._config = config
        self._registry = registry
        self._settings = settings
        self._push = push
        self._problems = problems

    def workflow_values(self) -> Mapping[str, Any]:
        """The workflow-level configuration; nothing where it is wrong, which has been said."""
        try:
            return self._settings.workflow()
        except ConfigError:
            return {}

    def steps(self) -> list[PlannedStep]:
        """All steps that can be planned, as they were written."""
        planned: list[PlannedStep] = []
        for step in self._workflow.steps:
            if step.required and step.enabled and step.handler not in self._registry.handler_names():
                continue  # the validator has said so
            try:
                planned.append(self._planned(step))
            except ConfigError as error:
                self._problems += error.problems
            except PluginError as error:
                if not any(str(error) in problem.what for problem in self._problems):  # the validator may have said so
                    self._problems.append(Problem(str(error), f"step {step.id}", hint=error.hint))
        return planned

    def own_workspace(self, step: PlannedStep, chosen: str) -> list[str]:
        """Check where a step wants to work, and return the folders that it wants linked."""
        if step.unknown:
            return []
        wanted, links = self._settings.workspace_of(step.definition)
        place = self._workflow.place_of(("steps", step.definition.index, "config", "workspace"))
        where = f"step {step.view.id}.config.workspace"
        if wanted == "shadow" and chosen != "shadow":
            what = "the workflow runs in place, so a step cannot run in a shadow"
            self._problems.append(Problem(what, where, place))
        elif wanted == "in_place" and chosen == "shadow" and step.facts.effect is not Effect.NONE:
            what = f"a step of effect {step.facts.effect.value} must run in the shadow"
            self._problems.append(Problem(what, where, place))
        return links

    def _planned(self, step: StepDefinition) -> PlannedStep:
        section = self._config.get("step_handlers", step.handler, default={}) or {}
        unknown, icon, values, in_place = "", "", {}, False
        facts = HandlerFacts()
        try:
            if step.handler not in self._registry.handler_names():
                raise PluginError(f"unknown handler {step.handler!r}")
            handler = self._registry.get_handler(step.handler)
            facts = self._registry.facts(step.handler)
            values = self._settings.step(step)
            in_place = self._settings.workspace_of(step)[0] == "in_place"
            icon = _icon(handler)
        except PluginError as error:
            if step.required and step.enabled:
                raise
            unknown = str(error)
        is_on = step.enabled and section.get("enabled", True) is not False and (self._push or not facts.commit_point)
        view = StepView(
            step.id, step.name, step.handler, facts.effect.value, step.required, is_on, step.dependencies, icon
        )
        limit = next((t for t in (step.timeout, section.get("timeout"), facts.timeout) if t is not None), None)
        return PlannedStep(
            view=view,
            definition=step,
            facts=facts,
            config=values,
            retry=RetryPolicy.of(step.retry, section.get("retry", {}) or {}, facts.retry),
            timeout=float(limit) if limit is not None else None,
            isolation="inline" if unknown else self._isolation(step, section, facts),
            in_place=in_place,
            after=step.dependencies,
            unknown=unknown,
        )

    def _isolation(self, step: StepDefinition, section: Mapping[str, Any], facts: HandlerFacts) -> str:
        is_built_in = self._registry.origin("step handler", step.handler).origin == "built-in"
        usual = "inline" if is_built_in else "thread"
        chosen: str = step.isolation or section.get("isolation") or facts.isolation or usual
        if chosen == "process":
            place = None
            if step.isolation:
                place = self._workflow.place_of(("steps", step.index, "isolation"))
            elif section.get("isolation"):
                place = self._config.value_place(("step_handlers", step.handler, "isolation"))
            what, spot = "`process` isolation is not available in this version", f"step {step.id}.isolation"
            self._problems.append(Problem(what, spot, place, "use thread"))
        return chosen


def _icon(handler: StepHandler | None) -> str:
    """A handler that cannot describe itself has no icon; that is no reason not to run it."""
    try:
        return str(asked(lambda: handler.get_step_info().get("icon") or "", "get_step_info")) if handler else ""
    except PluginError:
        return ""


def _workspace(
    workflow: WorkflowDefinition,
    config: Config,
    registry: PluginRegistry,
    values: Mapping[str, Any],
    problems: list[Problem],
) -> Literal["shadow", "in_place"]:
    plugin = registry.get_workflow_type(workflow.type)
    usual: str = getattr(plugin, "workspace", "in_place")
    chosen = values.get("workspace") or usual
    if usual == "shadow" and chosen == "in_place":
        spot = f"workflow_types.{workflow.type}.config.workspace"
        hint = "set `workspace: in_place` on a single step that changes nothing, such as run_validators"
        what = f"a {workflow.type} workflow always runs in a shadow"
        problems.append(Problem(what, spot, config.values.get(("workflow_types", workflow.type, "config", "workspace")),
                                hint))  # fmt: skip
    if chosen == "shadow" and config.get("integration_adapters", "git", "enabled") is False:
        what = f"a {workflow.type} workflow needs the adapter 'git', which is disabled"
        place = config.value_place(("integration_adapters", "git", "enabled"))
        problems.append(Problem(what, "integration_adapters.git.enabled", place))
    return "shadow" if chosen == "shadow" else "in_place"


def _sorted(problems: Sequence[Problem]) -> list[Problem]:
    """By place where there is one, each problem once."""
    unique = list(dict.fromkeys(problems))
    return sorted(unique, key=lambda p: (p.place is None, p.place or ("", 0, 0)))
