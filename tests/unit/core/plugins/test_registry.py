from __future__ import annotations

import threading
from typing import Any

import pytest

from vwmp_release.core.plugins.info import PluginInfo
from vwmp_release.core.plugins.manifest import HandlerFacts
from vwmp_release.core.plugins.registry import PluginRegistry
from vwmp_release.errors import PluginError
from vwmp_release.interfaces import (
    Effect,
    IntegrationAdapter,
    StepContext,
    StepHandler,
    StepResult,
    StepStatus,
    ValidationResult,
    WorkflowTemplate,
    WorkflowTypeMetadata,
    WorkflowTypePlugin,
)


class Handler(StepHandler):
    effect = Effect.NONE

    def execute(self, context: StepContext) -> StepResult:
        return StepResult(context.step_id, StepStatus.SUCCESS)

    def validate_config(self, config: dict[str, Any]) -> ValidationResult:
        return ValidationResult(True)

    def get_config_schema(self) -> dict[str, Any]:
        return {"properties": {"size": {"type": "integer"}}, "required": ["size"]}

    def get_step_info(self) -> dict[str, Any]:
        return {"name": "A handler"}


class Adapter(IntegrationAdapter):
    def get_adapter_name(self) -> str:
        return "post"

    def initialize(self, config: dict[str, Any]) -> None:
        self.config = config

    def validate_config(self, config: dict[str, Any]) -> ValidationResult:
        return ValidationResult(True)

    def get_config_schema(self) -> dict[str, Any]:
        return {"properties": {"address": {"type": "string"}}}


class Type(WorkflowTypePlugin):
    def get_metadata(self) -> WorkflowTypeMetadata:
        return WorkflowTypeMetadata("parcel", "1.0", "Sends parcels")

    def get_templates(self) -> list[WorkflowTemplate]:
        return []

    def validate_workflow(self, workflow: dict[str, Any]) -> ValidationResult:
        return ValidationResult(True)

    def get_default_step_types(self) -> list[str]:
        return []


def _filled() -> PluginRegistry:
    registry = PluginRegistry()
    registry.register_step_handler("post.send", Handler())
    registry.register_integration_adapter(Adapter())
    registry.register_workflow_type(Type())
    return registry


def test_what_is_registered_can_be_found_by_name() -> None:
    """Handlers, adapters and types come back by name; adapters and types name themselves; nothing else is there."""
    registry = _filled()
    assert isinstance(registry.get_handler("post.send"), Handler)
    assert isinstance(registry.get_adapter("post"), Adapter)
    assert isinstance(registry.get_workflow_type("parcel"), Type)
    assert registry.get_handler("x") is registry.get_adapter("x") is registry.get_workflow_type("x") is None
    assert dict(registry.step_handlers) == {"post.send": registry.get_handler("post.send")}
    assert list(registry.integration_adapters) == ["post"]
    assert len(registry.workflow_types) == 1
    with pytest.raises(KeyError):
        registry.step_handlers["x"]
    with pytest.raises(KeyError):
        registry.origin("step handler", "x")
    with pytest.raises(KeyError):
        registry.facts("x")


def test_lists_say_what_there_is() -> None:
    """The lists hold names, origins and what plugins say of themselves."""
    registry = _filled()
    assert registry.list_step_handlers() == [
        {"name": "A handler", "handler": "post.send", "origin": "direct plugin direct (registered in code)",
         "effect": "none"}
    ]  # fmt: skip
    assert registry.list_integration_adapters() == [
        {"name": "post", "origin": "direct plugin direct (registered in code)"}
    ]
    assert [metadata.name for metadata in registry.list_workflow_types()] == ["parcel"]
    assert registry.facts("post.send") == HandlerFacts(
        effect=Effect.NONE, properties={"size": {"type": "integer"}}, required=("size",)
    )
    assert registry.adapter_properties("post") == {"address": {"type": "string"}}


def test_classes_are_made_once() -> None:
    """A class may be registered instead of an instance."""
    registry = PluginRegistry()
    registry.register_step_handler("a.b", Handler)  # type: ignore[arg-type]
    assert isinstance(registry.get_handler("a.b"), Handler)


@pytest.mark.parametrize("kind", ["handler", "adapter", "type"])
def test_a_name_is_taken_once(kind: str) -> None:
    """Registering a name again is refused, also for the same plugin, unless it says that it replaces."""
    registry = _filled()
    register = {
        "handler": lambda **k: registry.register_step_handler("post.send", Handler(), **k),
        "adapter": lambda **k: registry.register_integration_adapter(Adapter(), **k),
        "type": lambda **k: registry.register_workflow_type(Type(), **k),
    }[kind]
    with pytest.raises(PluginError, match="registered twice"):
        register()
    register(replaces=True)


@pytest.mark.parametrize(
    ("cls", "words"),
    [
        (type("NoName", (Adapter,), {"get_adapter_name": lambda self: ""}), "without a name"),
        (type("Odd", (Adapter,), {"get_adapter_name": lambda self: 5}), "without a name"),
        (type("Raises", (Adapter,), {"get_adapter_name": lambda self: 1 / 0}), "get_adapter_name failed: ZeroDiv"),
        (type("Exits", (Adapter,), {"__init__": lambda self: exit(2)}), r"Exits\(\) failed: SystemExit: 2"),
    ],
)
def test_adapters_that_misbehave_are_refused(cls: Any, words: str) -> None:
    """What an adapter does wrong while it is registered is said, and nothing is stored."""
    registry = PluginRegistry()
    with pytest.raises(PluginError, match=words):
        registry.register_integration_adapter(cls)
    assert registry.adapter_names() == []


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"effect": "cosmic"}, "has the effect 'cosmic'"),
        ({"get_config_schema": lambda self: 1 / 0}, "get_config_schema failed: ZeroDivisionError"),
        ({"get_config_schema": lambda self: [1]}, "`properties` is no mapping"),
        ({"get_config_schema": lambda self: {"properties": {"a": 1}}}, "`properties` is no mapping"),
        ({"get_config_schema": lambda self: {"properties": {1: {}}}}, "`properties` is no mapping"),
        ({"get_config_schema": lambda self: {"required": "all"}}, "`required` is no list of keys"),
    ],
)
def test_handlers_that_describe_themselves_wrongly(members: dict[str, Any], words: str) -> None:
    """A handler whose effect or schema makes no sense is an error that names it, and lists go on."""
    registry = PluginRegistry()
    registry.register_step_handler("a.b", type("Odd", (Handler,), members)())
    with pytest.raises(PluginError, match=words):
        registry.facts("a.b")
    assert "problem" in registry.list_step_handlers()[0]


@pytest.mark.parametrize("schema", [None, {}, {"type": "object"}])
def test_a_handler_without_keys_has_none(schema: Any) -> None:
    """An empty schema, or none at all, declares no keys."""
    registry = PluginRegistry()
    registry.register_step_handler("a.b", type("Bare", (Handler,), {"get_config_schema": lambda self: schema})())
    assert registry.facts("a.b") == HandlerFacts(effect=Effect.NONE)


def test_a_type_that_cannot_be_loaded_is_listed_with_the_reason() -> None:
    """Listing types goes on after one that fails."""
    registry = _filled()
    registry.register_workflow_type("no_such_module:Type", name="ghost")
    ghost = registry.list_workflow_types()[1]
    assert ghost.name == "ghost"
    assert "No module named" in ghost.description


def test_unregistering_takes_everything_of_a_plugin() -> None:
    """An unregistered plugin offers nothing, and what it replaced is back; all plugins can go at once."""
    registry = _filled()
    plugin = PluginInfo("mine", "folder", "mine")
    registry.plugins.append(plugin)
    with registry.registering(plugin):
        registry.register_step_handler("post.send", Handler(), replaces=True)
        registry.register_step_handler("mine.go", Handler())
    assert registry.handler_names() == ["post.send", "mine.go"]
    registry.unregister_all()
    assert registry.handler_names() == ["post.send"]
    assert registry.plugins == []
    assert registry.origin("step handler", "post.send").name == "direct"


def test_a_name_declared_twice_by_manifests_is_refused() -> None:
    """A manifest's names pass the same door as registered ones."""
    registry = _filled()
    other = PluginInfo("other", "folder", "other")
    for kind, name in (("step handler", "post.send"), ("integration adapter", "post"), ("workflow type", "parcel")):
        with pytest.raises(PluginError, match=f"the {kind} '{name}' is registered twice: by direct.*and by folder"):
            registry.declare(other, kind, name)
        registry.declare(other, kind, name, replaces=True)
    assert registry.origin("workflow type", "parcel") is other
    with pytest.raises(PluginError, match="does not register it"):
        registry.get_adapter("post")


def test_a_plugin_does_not_find_its_own_promise_while_it_registers() -> None:
    """Inside `register_plugin` a name that only the plugin itself declares is not there yet."""
    registry = PluginRegistry()
    plugin = PluginInfo("self", "folder", "self")
    registry.declare(plugin, "step handler", "self.go")
    with registry.registering(plugin):
        assert registry.get_handler("self.go") is None


def test_threads_may_load_at_the_same_time() -> None:
    """Two threads that ask for the same lazily loaded plugin get the same handler, activated once."""
    registry = PluginRegistry()
    plugin = PluginInfo("slow", "folder", "slow")
    calls: list[int] = []
    inside = threading.Event()

    def activate() -> None:
        calls.append(1)
        inside.wait(5)
        registry.register_step_handler("slow.go", Handler())

    registry.declare(plugin, "step handler", "slow.go")
    plugin.activate = activate
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(registry.get_handler("slow.go"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    inside.set()
    for thread in threads:
        thread.join(5)
    assert len(calls) == 1
    assert found[0] is found[1]
