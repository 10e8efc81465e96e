from __future__ import annotations

from typing import Any

import pytest

from vwmp_release.core.plugins.lifecycle import LazyAdapters, MissingAdapter, StartedType, verdict
from vwmp_release.core.plugins.registry import PluginRegistry
from vwmp_release.errors import ConfigError, PluginError
from vwmp_release.interfaces import IntegrationAdapter, ValidationResult


def _adapter(name: str, said: list[Any], **members: Any) -> IntegrationAdapter:
    usual = {
        "get_adapter_name": lambda self: name,
        "initialize": lambda self, config: said.append((name, config)),
        "validate_config": lambda self, config: ValidationResult(True),
        "get_config_schema": lambda self: {},
        "cleanup": lambda self: said.append(f"{name} cleaned up"),
    }
    cls: Any = type("Adapter", (IntegrationAdapter,), {**usual, **members})
    return cls()  # type: ignore[no-any-return]


def _adapters(*made: IntegrationAdapter, disabled: frozenset[str] = frozenset()) -> LazyAdapters:
    registry = PluginRegistry()
    for adapter in made:
        registry.register_integration_adapter(adapter)
    return LazyAdapters(registry, lambda name: {"for": name}, disabled)


def test_adapters_are_initialized_when_first_used_and_cleaned_up_in_reverse() -> None:
    """An adapter that nobody asks for is never initialized; the last initialized is cleaned up first, once."""
    said: list[Any] = []
    adapters = _adapters(*(_adapter(name, said) for name in "abc"))
    assert (list(adapters), len(adapters)) == (["a", "b", "c"], 3)
    assert said == []
    assert adapters["b"] is adapters["b"]
    assert adapters["a"]
    assert said == [("b", {"for": "b"}), ("a", {"for": "a"})]
    assert adapters.cleanup() == []
    assert said[2:] == ["a cleaned up", "b cleaned up"]
    assert adapters.cleanup() == []
    assert len(said) == 4


def test_missing_and_disabled_adapters_are_told_apart() -> None:
    """Asking for a disabled adapter says how to enable it; `get` gives None as for any mapping."""
    adapters = _adapters(_adapter("a", []), disabled=frozenset({"a"}))
    with pytest.raises(MissingAdapter, match="'a' is disabled") as caught:
        adapters["a"]
    assert caught.value.hint == "set integration_adapters.a.enabled: true"
    with pytest.raises(KeyError, match="'b' is unknown"):
        adapters["b"]
    assert adapters.get("a") is None
    assert "a" not in list(adapters)


def _raise(error: BaseException) -> Any:
    raise error


@pytest.mark.parametrize(
    ("members", "error", "words"),
    [
        ({"validate_config": lambda s, c: ValidationResult(False, ["no address", "no name"])}, ConfigError, "address"),
        ({"validate_config": lambda s, c: ValidationResult(False)}, ConfigError, "refused without a reason"),
        ({"validate_config": lambda s, c: None}, PluginError, "returned None, not a ValidationResult"),
        ({"validate_config": lambda s, c: 1 / 0}, PluginError, "validate_config failed: ZeroDivisionError"),
        ({"initialize": lambda s, c: 1 / 0}, PluginError, "the adapter a: initialize failed: ZeroDivisionError"),
        ({"initialize": lambda s, c: _raise(SystemExit(2))}, PluginError, "initialize failed: SystemExit: 2"),
    ],
)
def test_an_adapter_that_cannot_start_is_named(members: Any, error: type[Exception], words: str) -> None:
    """A configuration that the adapter refuses, and an adapter that fails to start, are errors that name it."""
    with pytest.raises(error, match=words):
        _adapters(_adapter("a", [], **members))["a"]


def test_a_cleanup_that_fails_does_not_stop_the_others() -> None:
    """What goes wrong while cleaning up is returned, and the other adapters are still cleaned up."""
    said: list[Any] = []
    adapters = _adapters(
        _adapter("a", said),
        _adapter("b", said, cleanup=lambda self: 1 / 0),
        _adapter("c", said, cleanup=lambda self: _raise(SystemExit("x"))),
    )
    assert [adapters[name] for name in "abc"]
    problems = adapters.cleanup()
    assert [problem.partition(" failed")[0] for problem in problems] == [
        "the cleanup of the adapter c",
        "the cleanup of the adapter b",
    ]
    assert said[-1] == "a cleaned up"


class _Type:
    def __init__(self, fails: str = "") -> None:
        self.said: list[Any] = []
        self.fails = fails

    def initialize(self, config: Any) -> None:
        self.said.append(config)
        if self.fails == "initialize":
            raise OSError("no room")

    def cleanup(self) -> None:
        self.said.append("cleaned up")
        if self.fails == "cleanup":
            raise OSError("no broom")


def test_a_type_is_initialized_and_cleaned_up_once() -> None:
    """A type's cleanup follows its initialization, and is not called without it."""
    plugin: Any = _Type()
    started = StartedType("t", plugin)
    assert started.cleanup() == []
    started.start({"x": 1})
    assert started.cleanup() == started.cleanup() == []
    assert plugin.said == [{"x": 1}, "cleaned up"]
    StartedType("none", None).start({})


def test_a_type_that_fails_is_named() -> None:
    """A type's initialization that fails is an error; its cleanup that fails is a sentence."""
    broken: Any = _Type("initialize")
    with pytest.raises(PluginError, match="the workflow type t: initialize failed: OSError: no room"):
        StartedType("t", broken).start({})
    messy: Any = _Type("cleanup")
    started = StartedType("t", messy)
    started.start({})
    assert "the cleanup of workflow type t failed: OSError: no broom" in started.cleanup()[0]


@pytest.mark.parametrize(
    ("errors", "found"), [("one text", ["one text"]), (("a", 5), ["a", "5"]), (None, ["is refused without a reason"])]
)
def test_verdicts_are_lists_of_texts(errors: Any, found: list[str]) -> None:
    """Whatever form a plugin gives its errors in, they come out as texts."""
    assert verdict(lambda: ValidationResult(False, errors), "x").errors == found


def test_interrupts_pass() -> None:
    """Ctrl-C is nobody's answer."""
    with pytest.raises(KeyboardInterrupt):
        verdict(lambda: _raise(KeyboardInterrupt()), "x")
