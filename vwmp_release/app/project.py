"""A repository with its configuration and its plugins, and what can be read of it without running anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core.config import Config, in_order
from ..core.config import load as load_config
from ..core.execution.events import StepView
from ..core.execution.planner import Plan, make_plan
from ..core.execution.settings import Settings
from ..core.plugins.load import load as load_plugins
from ..core.plugins.registry import PluginRegistry
from ..core.workflow.definition import WorkflowDefinition
from ..core.workflow.parser import DEFAULT_WORKFLOW, names, parse
from ..errors import ConfigError, PluginError, Problem, UsageError, VwmpError
from ..support import git
from .checking import check
from .request import Request


class Project:
    """A repository with its configuration and its plugins.

    Args:
        request: What the user asks for.
        built_in_only: Whether folder and entry-point plugins are left alone.
        importing: False takes what the manifests of folder plugins promise, and imports no plugin of a user.

    Raises:
        UsageError: It is no repository.
        ConfigError: The configuration is wrong; all problems at once.
    """

    def __init__(self, request: Request, *, built_in_only: bool = False, importing: bool = True) -> None:
        self.request = request
        self.is_importing = importing and not built_in_only
        self.location = git.locate(request.directory)
        self.root = self.location.root
        unknown: list[Problem] = []
        self.config: Config = load_config(self.root, request.config_file, unknown=unknown)
        try:
            self.registry: PluginRegistry = load_plugins(self.config, built_in_only=built_in_only, importing=importing)
        except ConfigError as error:
            raise ConfigError(in_order([*unknown, *error.problems])) from error
        if unknown:
            raise ConfigError(in_order([*unknown, *(self._further() if self.is_importing else ())]))

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
        return make_plan(
            self.definition(workflow),
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
        from ..core.config import rows  # lazily: only `config show` explains

        definition = self.definition(workflow)
        settings = self.settings(definition)
        resolved = {"workflow": settings.resolved_workflow()}
        for step in definition.steps:
            if step.handler in self.registry.handler_names():
                resolved[f"steps.{step.id}"] = settings.resolved_step(step)
            else:  # of a plugin that this command does not import: what the workflow itself says
                resolved[f"steps.{step.id}"] = settings.written_step(step)
        for name in self.registry.adapter_names():
            resolved[f"adapters.{name}"] = settings.resolved_adapter(name)
        return rows(resolved)

    def definition(self, workflow: str | None = None) -> WorkflowDefinition:
        """Return the definition of a workflow.

        Args:
            workflow: Its name; None for the requested one.

        Raises:
            UsageError: There is no such workflow.
            ConfigError: It is wrong; all problems at once.
        """
        return parse(workflow or self.request.workflow or DEFAULT_WORKFLOW, self.config, self.registry)

    def settings(self, definition: WorkflowDefinition) -> Settings:
        """Return what resolves a workflow's configuration.

        Args:
            definition: The workflow.
        """
        return Settings(
            self.config, self.registry, definition, runtime=self.request.runtime, environ=self.request.environ
        )

    def step_config(self, handler: str) -> dict[str, Any]:
        """Return the effective configuration of the requested workflow's step with this handler.

        Args:
            handler: The handler's name.

        Raises:
            UsageError: The workflow has no such step.
        """
        definition = self.definition()
        settings = self.settings(definition)
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
        return check(self)


def open_project(request: Request, *, built_in_only: bool = False, importing: bool = True) -> Project:
    """Open the repository that a request is about.

    Args:
        request: What the user asks for.
        built_in_only: Whether folder and entry-point plugins are left alone.
        importing: False takes what the manifests of folder plugins promise, and imports no plugin of a user.
    """
    return Project(request, built_in_only=built_in_only, importing=importing)


def schema(request: Request) -> dict[str, Any]:
    """Return the JSON Schema of the configuration, with the keys of every known handler.

    Outside a repository, or where its configuration is wrong, the built-in handlers are the known ones.

    Args:
        request: What the user asks for.
    """
    from ..core.config import full_schema  # lazily: only `config schema` needs it

    try:
        registry = Project(request, importing=False).registry
    except VwmpError:
        registry = load_plugins(Config(request.directory), built_in_only=True)
    return full_schema(
        {name: registry.facts(name).properties for name in registry.handler_names()},
        {name: registry.adapter_properties(name) for name in registry.adapter_names()},
    )
