"""The composition root: puts configuration, plugins, workflow and engine together for each command."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from .core.config import Config, in_order
from .core.config import load as load_config
from .core.execution.events import Event, StepView, Warned
from .core.execution.planner import Plan, make_plan
from .core.execution.session import Session
from .core.execution.settings import Settings
from .core.plugins.lifecycle import LazyAdapters
from .core.plugins.load import load as load_plugins
from .core.plugins.registry import PluginRegistry
from .core.transaction.history import entries as kept_runs
from .core.transaction.history import record as keep_run
from .core.workflow.parser import DEFAULT_WORKFLOW, names, parse
from .errors import Blocked, ConfigError, PluginError, Problem, UsageError, VwmpError
from .interfaces import RunIdentity, Seal
from .support import clock, git

_INPUT = "VWMP_INPUT_"
_REPLANS = 3


@dataclass(frozen=True)
class Request:
    """What a user asks for.

    Args:
        directory: A folder of the repository.
        config_file: The configuration; None looks for the repository's own.
        workflow: Name of the workflow; None for `release`.
        parameters: Values for this run by name, as texts.
        push: False disables the step that publishes.
        strict: Whether nothing to release is an error.
        confirm: Asked with the sealed release before the first effect beyond the machine.
        environ: The environment.
    """

    directory: Path = Path(".")
    config_file: Path | None = None
    workflow: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    push: bool = True
    strict: bool = False
    confirm: Callable[[Seal | None], bool] | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    @property
    def runtime(self) -> dict[str, str]:
        """The values given for this run: of the command line, then of `VWMP_INPUT_*`."""
        inputs = {
            key.removeprefix(_INPUT).lower().replace("-", "_"): value
            for key, value in self.environ.items()
            if key.startswith(_INPUT) and value
        }
        return {**inputs, **self.parameters}


class Project:
    """A repository with its configuration and its plugins.

    Args:
        request: What the user asks for.
        built_in_only: Whether folder and entry-point plugins are left alone.

    Raises:
        UsageError: It is no repository.
        ConfigError: The configuration is wrong; all problems at once.
    """

    def __init__(self, request: Request, *, built_in_only: bool = False) -> None:
        self.request = request
        self.location = git.locate(request.directory)
        self.root = self.location.root
        unknown: list[Problem] = []
        self.config: Config = load_config(self.root, request.config_file, unknown=unknown)
        try:
            self.registry: PluginRegistry = load_plugins(self.config, built_in_only=built_in_only)
        except ConfigError as error:
            raise ConfigError(in_order([*unknown, *error.problems])) from error
        if unknown:
            raise ConfigError(in_order([*unknown, *(() if built_in_only else self._further())]))

    def _further(self) -> Sequence[Problem]:
        """What is wrong beside unknown keys; a workflow that is missing or cannot be loaded is said without them."""
        try:
            self.plan(complete=False)
        except ConfigError as error:
            return error.problems
        except (UsageError, PluginError):
            return ()
        return ()

    def workflow_names(self) -> list[str]:
        """Return the names of all workflows that can run."""
        return names(self.config, self.registry)

    def plan(self, workflow: str | None = None, *, complete: bool = True) -> Plan:
        """Plan a workflow.

        Args:
            workflow: Its name; None for the requested one.
            complete: Whether required parameters must be given.

        Raises:
            UsageError: There is no such workflow.
            ConfigError: It, or the configuration, is wrong; all problems at once.
        """
        definition = parse(workflow or self.request.workflow or DEFAULT_WORKFLOW, self.config, self.registry)
        return make_plan(
            definition,
            self.config,
            self.registry,
            runtime=self.request.runtime,
            environ=self.request.environ,
            push=self.request.push,
            complete=complete,
        )

    def views(self, workflow: str | None = None) -> tuple[StepView, ...]:
        """Return a workflow's steps in plan order.

        Args:
            workflow: Its name; None for the requested one.
        """
        return tuple(step.view for step in self.plan(workflow, complete=False).steps)

    def effective(self, workflow: str | None = None) -> list[Any]:
        """Return every effective value of a workflow with where it came from: rows of `path, value, origin`.

        Args:
            workflow: Its name; None for the requested one.
        """
        from .core.config import rows  # lazily: only `config show` explains

        plan = self.plan(workflow, complete=False)
        settings = plan.settings
        resolved = {"workflow": settings.resolved_workflow()}
        for step in plan.steps:
            if not step.unknown:
                resolved[f"steps.{step.view.id}"] = settings.resolved_step(step.definition)
        for name in self.registry.adapter_names():
            resolved[f"adapters.{name}"] = settings.resolved_adapter(name)
        return rows(resolved)

    def step_config(self, handler: str) -> dict[str, Any]:
        """Return the effective configuration of the requested workflow's step with this handler.

        Args:
            handler: The handler's name.

        Raises:
            UsageError: The workflow has no such step.
        """
        definition = parse(self.request.workflow or DEFAULT_WORKFLOW, self.config, self.registry)
        settings = Settings(
            self.config, self.registry, definition, runtime=self.request.runtime, environ=self.request.environ
        )
        for step in definition.steps:
            if step.handler == handler:
                return settings.step(step)
        raise UsageError(f"the workflow {definition.name!r} has no step with the handler {handler!r}")

    def broken_plugins(self) -> list[Problem]:
        """Return the plugins that the configuration names and that cannot be used, each with the reason."""
        hint = "mend the plugin, or take it out of the configuration"
        return [Problem(reason, "plugins", hint=hint) for reason in self.registry.failures()]

    def check(self) -> list[Problem]:
        """Return everything that is wrong with this repository's setup."""
        problems = self.broken_plugins()
        for name in self.workflow_names():
            try:
                plan = self.plan(name, complete=False)
                problems += plan.warnings
            except (ConfigError, UsageError, PluginError) as error:
                own = error.problems if isinstance(error, ConfigError) else (Problem(str(error), hint=error.hint),)
                problems += [problem for problem in own if problem not in problems]
        return problems


def open_project(request: Request, *, built_in_only: bool = False) -> Project:
    """Open the repository that a request is about.

    Args:
        request: What the user asks for.
        built_in_only: Whether folder and entry-point plugins are left alone.
    """
    return Project(request, built_in_only=built_in_only)


def schema(request: Request) -> dict[str, Any]:
    """Return the JSON Schema of the configuration, with the keys of every known handler.

    Outside a repository, or where its configuration is wrong, the built-in handlers are the known ones.

    Args:
        request: What the user asks for.
    """
    from .core.config import full_schema  # lazily: only `config schema` needs it

    try:
        registry = Project(request).registry
    except VwmpError:
        registry = load_plugins(Config(request.directory), built_in_only=True)
    return full_schema(
        {name: registry.facts(name).properties for name in registry.handler_names()},
        {name: registry.adapter_properties(name) for name in registry.adapter_names()},
    )


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
            "tag": report["tag"],
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
