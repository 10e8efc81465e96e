from __future__ import annotations

from typing import Any

import pytest
from vwmp_release.plugins.git.handlers.stage_all import GitStageHandler

import vwmp_release.interfaces as interfaces
from vwmp_release.interfaces import (
    DeclaredHandler,
    Effect,
    IntegrationAdapter,
    StepContext,
    StepHandler,
    StepResult,
    StepStatus,
    TransactionPort,
    ValidationResult,
    WorkflowTemplate,
    WorkflowTypeMetadata,
    WorkflowTypePlugin,
)


@pytest.mark.parametrize("cls", [StepHandler, WorkflowTypePlugin, IntegrationAdapter, DeclaredHandler])
def test_interfaces_cannot_be_made_themselves(cls: Any) -> None:
    """The design's interfaces are abstract."""
    with pytest.raises(TypeError, match="abstract"):
        cls()


class Handler(StepHandler):
    def execute(self, context: StepContext) -> StepResult:
        return StepResult(context.step_id, StepStatus.SUCCESS)

    def validate_config(self, config: dict[str, Any]) -> ValidationResult:
        return ValidationResult(True)

    def get_config_schema(self) -> dict[str, Any]:
        return {}

    def get_step_info(self) -> dict[str, Any]:
        return {}


def test_a_handler_need_not_say_more_than_the_design_asks() -> None:
    """A handler needs nothing, is not retried, waits exponentially up to a minute, and changes the workspace."""
    handler = Handler()
    assert handler.get_dependencies({}) == []
    assert handler.can_retry("any") is False
    assert [handler.get_retry_delay(attempt) for attempt in (1, 2, 5, 6, 100)] == [2, 4, 32, 60, 60]
    assert (handler.effect, handler.commit_point) == (Effect.WORKSPACE, False)


def test_optional_methods_do_nothing() -> None:
    """Types and adapters may leave out initialization and cleanup."""

    class Type(WorkflowTypePlugin):
        def get_metadata(self) -> WorkflowTypeMetadata:
            return WorkflowTypeMetadata("t", "1", "d")

        def get_templates(self) -> list[WorkflowTemplate]:
            return []

        def validate_workflow(self, workflow: dict[str, Any]) -> ValidationResult:
            return ValidationResult(True)

        def get_default_step_types(self) -> list[str]:
            return []

    class Adapter(IntegrationAdapter):
        def get_adapter_name(self) -> str:
            return "a"

        def initialize(self, config: dict[str, Any]) -> None:
            self.config = config

        def validate_config(self, config: dict[str, Any]) -> ValidationResult:
            return ValidationResult(True)

        def get_config_schema(self) -> dict[str, Any]:
            return {}

    made = Type()
    assert made.get_config_schema() == {}
    assert made.workspace == "in_place"
    plugins: list[Any] = [made, Adapter()]
    assert [made.initialize({}) for made in plugins[:1]] + [plugin.cleanup() for plugin in plugins] == [None] * 3
    assert not isinstance(Adapter(), TransactionPort)


def test_a_declared_handler_reads_its_plugins_manifest() -> None:
    """The schema of a handler with a manifest stands there and nowhere else."""
    handler = GitStageHandler()
    schema = handler.get_config_schema()
    assert schema["type"] == "object"
    assert schema["properties"]["paths"]["default"] == ["*"]
    assert handler.validate_config({}).valid
    info = handler.get_step_info()
    info.clear()
    assert {"name", "description", "icon", "category"} <= set(handler.get_step_info())


def test_a_result_can_be_made_of_id_and_status() -> None:
    """The other fields have defaults that belong to this result alone."""
    one, two = (StepResult("a", StepStatus.SUCCESS) for _ in range(2))
    one.logs.append("x")
    assert (two.logs, two.annotations, two.output, two.error, two.permanent) == ([], [], None, None, False)


def test_every_public_name_is_there() -> None:
    """What `__all__` promises can be imported."""
    assert all(hasattr(interfaces, name) for name in interfaces.__all__)
    assert list(interfaces.__all__) == sorted(interfaces.__all__)
