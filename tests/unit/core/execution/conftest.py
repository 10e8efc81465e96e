"""An engine whose handlers are functions of the test, and a version control system that only keeps notes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from vwmp_release.core.config import Config
from vwmp_release.core.execution.events import Event, RunFinished, StepFinished, StepReport
from vwmp_release.core.execution.planner import Plan, make_plan
from vwmp_release.core.execution.runner import Runner
from vwmp_release.core.execution.session import Session
from vwmp_release.core.execution.step import StepSurroundings
from vwmp_release.core.plugins.info import PluginInfo
from vwmp_release.core.plugins.lifecycle import LazyAdapters
from vwmp_release.core.plugins.manifest import HandlerFacts
from vwmp_release.core.plugins.registry import PluginRegistry
from vwmp_release.core.workflow.parser import parse
from vwmp_release.interfaces import (
    Effect,
    IntegrationAdapter,
    Opening,
    Publication,
    PushOrder,
    RemoteState,
    RunIdentity,
    Seal,
    StepContext,
    StepHandler,
    StepResult,
    StepStatus,
    TagRef,
    ValidationResult,
    WorkflowTemplate,
    WorkflowTypeMetadata,
    WorkflowTypePlugin,
    Workspace,
)

Execute = Callable[[StepContext], Any]


def success(context: StepContext, **output: Any) -> StepResult:
    """Return a success with these outputs."""
    return StepResult(context.step_id, StepStatus.SUCCESS, output=output or None)


class FunctionHandler(StepHandler):
    """A handler whose methods are functions of the test."""

    def __init__(self, execute: Execute, **methods: Callable[..., Any]) -> None:
        self._execute = execute
        self._methods = methods

    def execute(self, context: StepContext) -> StepResult:
        return cast("StepResult", self._execute(context))

    def validate_config(self, config: dict[str, Any]) -> ValidationResult:
        ask = self._methods.get("validate_config", lambda config: ValidationResult(True))
        return cast("ValidationResult", ask(config))

    def get_config_schema(self) -> dict[str, Any]:
        return {}

    def get_step_info(self) -> dict[str, Any]:
        return cast("dict[str, Any]", self._methods.get("get_step_info", lambda: {"icon": "*"})())

    def get_dependencies(self, config: dict[str, Any]) -> list[str]:
        return cast("list[str]", self._methods.get("get_dependencies", lambda config: [])(config))

    def can_retry(self, error: str) -> bool:
        return cast("bool", self._methods.get("can_retry", lambda error: False)(error))

    def get_retry_delay(self, attempt: int) -> float:
        return cast("float", self._methods.get("get_retry_delay", lambda attempt: 2.0**attempt)(attempt))


class KeptType(WorkflowTypePlugin):
    """A workflow type of the test."""

    def __init__(self, name: str, workspace: str, templates: Any = (), said: list[str] | None = None) -> None:
        self._name = name
        self.workspace = workspace  # type: ignore[misc, assignment]
        self.templates = templates
        self.said = said if said is not None else []
        self.validate: Callable[[dict[str, Any]], Any] = lambda workflow: ValidationResult(True)
        self.schema: Any = {}

    def get_metadata(self) -> WorkflowTypeMetadata:
        return WorkflowTypeMetadata(self._name, "1", "")

    def get_templates(self) -> list[WorkflowTemplate]:
        return list(self.templates)

    def validate_workflow(self, workflow: dict[str, Any]) -> ValidationResult:
        return cast("ValidationResult", self.validate(workflow))

    def get_default_step_types(self) -> list[str]:
        return []

    def get_config_schema(self) -> dict[str, Any]:
        return cast("dict[str, Any]", self.schema)

    def initialize(self, config: dict[str, Any]) -> None:
        self.said.append("type initialized")

    def cleanup(self) -> None:
        self.said.append("type cleaned up")


class NotedPort(IntegrationAdapter):
    """A transaction port that works in plain folders and notes what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.verdicts: list[str] = []
        self.confirmed: list[str] = []
        self.raises: dict[str, BaseException] = {}
        self.conflicts: tuple[str, ...] = ()
        self.leftovers: tuple[str, ...] = ()
        self.committed = True
        self.opening: Opening | None = None

    def get_adapter_name(self) -> str:
        return "git"

    def initialize(self, config: dict[str, Any]) -> None:
        self.said.append("initialized")

    def validate_config(self, config: dict[str, Any]) -> ValidationResult:
        return ValidationResult(True)

    def get_config_schema(self) -> dict[str, Any]:
        return {"properties": {"remote": {"type": "string", "default": "origin"}}}

    def cleanup(self) -> None:
        self.said.append("cleaned up")

    def _note(self, what: str) -> None:
        self.said.append(what)
        if what in self.raises:
            raise self.raises[what]

    def begin(self, opening: Opening) -> Workspace:
        self.opening = opening
        self._note("begin")
        root = self.folder / "shadow"
        root.mkdir()
        return Workspace(root, "base0", "main", RemoteState("origin", "url", True), ("look out",))

    def checkpoint(self) -> str:
        token = f"checkpoint {len(self.said)}"
        shutil.copytree(self.folder / "shadow", self.folder / token)
        self._note("checkpoint")
        return token

    def restore(self, token: str) -> None:
        shutil.rmtree(self.folder / "shadow")
        shutil.copytree(self.folder / token, self.folder / "shadow")
        self._note("restore")

    def seal(self) -> Seal:
        self._note("seal")
        tags = (TagRef("v1", "t1", "c1"),) if self.committed else ()
        commit = "c1" if self.committed else "base0"
        return Seal("base0", "main", commit, tags=tags, conflicts=self.conflicts, leftovers=self.leftovers)

    def publish(self, seal: Seal, order: PushOrder) -> Publication:
        self._note("publish")
        return self._publication(self.verdicts, "published")

    def confirm(self, seal: Seal, order: PushOrder) -> Publication:
        self._note("confirm")
        return self._publication(self.confirmed, "refused")

    def _publication(self, verdicts: list[str], usual: str) -> Publication:
        verdict: Any = verdicts.pop(0) if verdicts else usual
        return Publication(verdict, "origin", "main", ("v1",), f"said {verdict}", verdict == "refused")

    def import_objects(self, seal: Seal) -> None:
        self._note("import")

    def move_refs(self, seal: Seal, order: PushOrder | None) -> None:
        self._note("move" if order else "move without push")

    def sync(self, seal: Seal) -> list[str]:
        self._note("sync")
        return ["README.md was left alone"]

    def abandon(self, *, keep: bool = False) -> None:
        self._note("keep" if keep else "abandon")


@dataclass
class Ended:
    """A run that ended."""

    events: list[Event]
    port: NotedPort

    @property
    def finished(self) -> RunFinished:
        assert isinstance(self.events[-1], RunFinished)
        return self.events[-1]

    @property
    def reports(self) -> dict[str, StepReport]:
        return {e.report.view.id: e.report for e in self.events if isinstance(e, StepFinished)}

    @property
    def outcomes(self) -> dict[str, str]:
        return {name: report.outcome for name, report in self.reports.items()}

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


@dataclass
class Engine:
    """Registers handlers and runs workflows."""

    folder: Path
    registry: PluginRegistry = field(default_factory=PluginRegistry)
    slept: list[float] = field(default_factory=list)
    plugin: PluginInfo = field(default_factory=lambda: PluginInfo("test", "built-in", "test"))

    def __post_init__(self) -> None:
        self.port = NotedPort(self.folder)
        self.shadow_type = KeptType("shadow", "shadow")
        self.place_type = KeptType("place", "in_place")
        with self.registry.registering(PluginInfo("engine", "built-in", "engine")):
            self.registry.register_integration_adapter(self.port)
            self.registry.register_workflow_type(self.shadow_type)
            self.registry.register_workflow_type(self.place_type)
        self.handler("ok", success)

    def handler(
        self,
        name: str,
        execute: Execute,
        effect: str = "workspace",
        *,
        origin: str = "built-in",
        methods: Mapping[str, Callable[..., Any]] | None = None,
        **facts: Any,
    ) -> None:
        """Register a handler; `facts` are those of a manifest."""
        plugin = PluginInfo(f"plugin of {name}", origin, "test")
        self.registry.declare(plugin, "step handler", name, facts=HandlerFacts(effect=Effect(effect), **facts))
        with self.registry.registering(plugin):
            self.registry.register_step_handler(name, FunctionHandler(execute, **(methods or {})))

    def publisher(self, name: str = "push", **facts: Any) -> None:
        """Register a handler that publishes."""

        def publish(context: StepContext) -> StepResult:
            assert context.commit_point is not None
            found = context.commit_point.publish(PushOrder("origin"))
            done = found.verdict == "published"
            status = StepStatus.SUCCESS if done else StepStatus.FAILED
            return StepResult(context.step_id, status, error=None if done else found.detail,
                              permanent=not done and not found.retryable)  # fmt: skip

        self.handler(name, publish, "remote", commit_point=True, **facts)

    def plan(
        self, steps: Sequence[Any], *, kind: str = "place", config: Mapping[str, Any] | None = None, **options: Any
    ) -> Plan:
        """Plan a workflow; a step is its handler's name, or a mapping."""
        written = [{"id": step, "handler": step} if isinstance(step, str) else {"id": step["handler"], **step}
                   for step in steps]  # fmt: skip
        section: dict[str, Any] = {"type": kind, "steps": written}
        if "parameters" in options:
            section["parameters"] = options.pop("parameters")
        data = {**(config or {}), "workflows": {"w": {**section, **options.pop("workflow", {})}}}
        whole = Config(self.folder, data=data)
        given = {"runtime": {}, "environ": {}, **options}
        return make_plan(parse("w", whole, self.registry), whole, self.registry, **given)

    def session(self, plan: Plan, command: str = "run", **options: Any) -> Session:
        """Make a session of a plan."""
        adapters = LazyAdapters(self.registry, plan.settings.adapter, frozenset())
        chosen: Any = command
        return Session(plan, self.registry, adapters, RunIdentity(), self.folder, command=chosen, **options)

    def run(self, steps: Sequence[Any], command: str = "run", *, session: Mapping[str, Any] | None = None,
            **options: Any) -> Ended:  # fmt: skip
        """Plan and run a workflow to its end."""
        plan = self.plan(steps, **options)
        return Ended(list(self.session(plan, command, **(session or {})).events()), self.port)

    def bare(self, steps: Sequence[Any], **options: Any) -> tuple[Runner, Ended]:
        """Run the steps alone, without a session, with a sleep that only notes."""
        plan = self.plan(steps, **options)
        given = StepSurroundings(
            RunIdentity(), self.folder, self.folder, "main", {}, self.registry, sleep=self.slept.append
        )
        runner = Runner(plan, self.registry, given, command="run", transaction=None)
        return runner, Ended(list(runner.events()), self.port)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Give an engine with the handler `ok` and the types `place` and `shadow`."""
    return Engine(tmp_path)
