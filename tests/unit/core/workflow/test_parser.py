from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from vwmp_release.core.config import Config, load
from vwmp_release.core.plugins.registry import PluginRegistry
from vwmp_release.core.workflow.definition import WorkflowDefinition
from vwmp_release.core.workflow.parser import names, parse
from vwmp_release.errors import ConfigError, PluginError, UsageError
from vwmp_release.interfaces import (
    ValidationResult,
    WorkflowTemplate,
    WorkflowTypeMetadata,
    WorkflowTypePlugin,
)


class Kind(WorkflowTypePlugin):
    def __init__(self, name: str, templates: Any) -> None:
        self._name, self._templates = name, templates

    def get_metadata(self) -> WorkflowTypeMetadata:
        return WorkflowTypeMetadata(self._name, "1", "")

    def get_templates(self) -> list[WorkflowTemplate]:
        return self._templates() if callable(self._templates) else self._templates  # type: ignore[no-any-return]

    def validate_workflow(self, workflow: dict[str, Any]) -> ValidationResult:
        return ValidationResult(True)

    def get_default_step_types(self) -> list[str]:
        return []


def _template(name: str = "Usual", steps: Any = None, **more: Any) -> WorkflowTemplate:
    given = [{"id": "a", "handler": "x.a"}] if steps is None else steps
    return WorkflowTemplate(name, "", {"steps": given, **more}, {})


Parse = Callable[..., WorkflowDefinition]


@pytest.fixture
def registry() -> PluginRegistry:
    """Two types: `release` with two templates, and `plain` without any."""
    registry = PluginRegistry()
    registry.register_workflow_type(
        Kind("release", [_template("Standard"), _template("Quick", [{"type": "q", "handler": "x.q"}])])
    )
    registry.register_workflow_type(Kind("plain", []))
    return registry


@pytest.fixture
def parsed(tmp_path: Path, registry: PluginRegistry) -> Parse:
    """Parse a workflow of a configuration file."""

    def parse_text(text: str = "", name: str = "w") -> WorkflowDefinition:
        (tmp_path / "vwmp_config.yaml").write_text(dedent(text), encoding="utf-8")
        return parse(name, load(tmp_path), registry)

    return parse_text


def test_own_steps_are_read_with_their_defaults(parsed: Parse) -> None:
    """A step is required and enabled, named like its id, and depends on the one listed before it."""
    workflow = parsed(
        """\
        workflows:
          w:
            type: plain
            config: {key: 1}
            parameters:
              - {name: who, type: enum, options: [a, b], validation: {pattern: x, min_length: 2, maximum: 2.5}}
            steps:
              - {id: one, handler: x.one}
              - {id: two, handler: x.two, name: Two, type: t, required: false, enabled: false, config: {k: v}}
              - {id: three, handler: x.three, dependencies: [], retry: {max_attempts: 2}, timeout: 5, isolation: thread}
        """
    )
    one, two, three = workflow.steps
    assert (one.name, one.required, one.enabled, one.dependencies, one.index) == ("one", True, True, (), 0)
    assert (two.name, two.type, two.required, two.enabled) == ("Two", "t", False, False)
    assert (two.dependencies, two.config) == (("one",), {"k": "v"})
    assert (three.dependencies, three.retry, three.timeout, three.isolation) == ((), {"max_attempts": 2}, 5.0, "thread")
    assert (workflow.type, workflow.config, workflow.template) == ("plain", {"key": 1}, "")
    assert str(workflow.place_of(("steps", 1, "handler"))) == "vwmp_config.yaml:9:28"
    assert workflow.parameters[0].validation == {"pattern": "x", "min_length": 2, "maximum": 2.5}
    assert workflow.parameters[0].options == ("a", "b")
    assert workflow.as_dict()["config"] == {"key": 1}


@pytest.mark.parametrize(
    ("text", "name", "template"),
    [
        ("", "release", "Standard"),
        ("workflow_types: {release: {template: QUICK}}", "release", "Quick"),
        ("workflows: {w: {}}", "w", "Standard"),
        ("workflows: {w: {type: release, template: quick}}", "w", "Quick"),
        ("workflow_types: {release: {template: Quick}}\nworkflows: {w: {template: Standard}}", "w", "Standard"),
    ],
)
def test_which_template_a_workflow_takes(parsed: Parse, text: str, name: str, template: str) -> None:
    """The workflow's own `template`, then its type's, then the first; capitals make no difference."""
    workflow = parsed(text, name)
    assert workflow.template == template
    assert [step.id for step in workflow.steps] == ["a" if template == "Standard" else "q"]
    assert workflow.place_of(("steps", 0)) is None


def test_the_workflows_parameters_stand_over_the_templates(registry: PluginRegistry, tmp_path: Path) -> None:
    """A workflow from a template may define further parameters, or a template's one anew."""
    parameters = [{"name": "a", "default": "t"}, {"name": "b"}]
    registry.register_workflow_type(Kind("made", [_template(parameters=parameters)]))
    section = {"type": "made", "parameters": [{"name": "a", "default": "w"}, {"name": "c"}], "config": None}
    workflow = parse("w", Config(tmp_path, data={"workflows": {"w": section}}), registry)
    assert [(p.name, p.default) for p in workflow.parameters] == [("a", "w"), ("b", None), ("c", None)]


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        (
            "workflows: {w: {type: releas}}",
            "w",
            ":1:23: workflows.w.type: unknown workflow type 'releas'\n    did you mean 'release'?",
        ),
        (
            "workflows: {w: {template: Quik}}",
            "w",
            ":1:27: workflows.w.template: unknown template 'Quik'\n    did you mean 'Quick'?",
        ),
        (
            "workflow_types: {release: {template: Q}}",
            "release",
            ":1:38: workflow_types.release.template: unknown template 'Q'",
        ),
        ("", "plain", "the workflow type 'plain' has no template: give the workflow its `steps`"),
        (
            "workflow_types: {plain: {enabled: false}}\nworkflows: {w: {type: plain, steps: []}}",
            "w",
            ":1:35: workflows.w: the workflow type 'plain' is disabled",
        ),
    ],
)
def test_unknown_and_disabled_names_are_said_with_the_nearest(parsed: Parse, text: str, name: str, words: str) -> None:
    """Types and templates that do not exist, or are switched off, are errors with their place."""
    with pytest.raises(ConfigError) as caught:
        parsed(text, name)
    assert words in str(caught.value)


def test_an_unknown_workflow_is_a_usage_error(parsed: Parse) -> None:
    """A workflow that does not exist is answered with the nearest known one, or all of them."""
    with pytest.raises(UsageError, match="there is no workflow 'relese'") as caught:
        parsed("", "relese")
    assert caught.value.hint == "did you mean 'release'?"
    with pytest.raises(UsageError) as caught:
        parsed("workflows: {docs: {type: plain}}", "zzz")
    assert caught.value.hint == "known: docs, release"


def _configured(tmp_path: Path, registry: PluginRegistry, steps: Any, **section: Any) -> WorkflowDefinition:
    data = {"workflows": {"w": {"type": "plain", "steps": steps, **section}}}
    return parse("w", Config(tmp_path, data=data), registry)


WRONG = [
    ("all", "steps: must be a list"),
    (["x"], "steps[0]: must be a mapping"),
    ([{}], "steps[0]: a step needs `id` and `handler`"),
    ([{"id": "a"}], "a step needs `id` and `handler`"),
    ([{"handler": "a"}], "a step needs `id` and `handler`"),
    ([{"id": "a", "handler": "x", "depends": []}], "steps[0]: unknown key 'depends'"),
    ([{"id": "a", "handler": ["x"]}], "steps[0].handler: must be a text"),
    ([{"id": "a", "handler": "x", "config": []}], "steps[0].config: must be a mapping"),
    ([{"id": "a", "handler": "x", "required": "no"}], "steps[0].required: must be true or false"),
    ([{"id": "a", "handler": "x", "dependencies": "b"}], "steps[0].dependencies: must be a list"),
    ([{"id": "a", "handler": "x", "retry": {"max_attempts": "x"}}], "steps[0].retry.max_attempts: must be a number"),
    ([{"id": "a", "handler": "x", "timeout": -1}], "steps[0].timeout: must be more than 0"),
    ([{"id": "a", "handler": "x", "isolation": "no"}], "steps[0].isolation: must be one of inline"),
]


@pytest.mark.parametrize(("steps", "words"), WRONG)
def test_malformed_steps_are_said(tmp_path: Path, registry: PluginRegistry, steps: Any, words: str) -> None:
    """A template of a plugin, and steps that no schema has seen, are checked for their form."""
    with pytest.raises(ConfigError) as caught:
        _configured(tmp_path, registry, steps)
    assert f"workflows.w.{words.partition(':')[0]}" in str(caught.value) or words in str(caught.value)
    registry.register_workflow_type(Kind("made", [_template(steps=steps)]))
    with pytest.raises(ConfigError) as caught:
        parse("made", Config(tmp_path), registry)
    assert "template 'Usual' of made" in str(caught.value)
    assert words.partition(": ")[2] in str(caught.value)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"name": "a"}, "parameters: must be a list"),
        ([5], "parameters[0]: must be a mapping"),
        ([{}], "parameters[0]: a parameter needs a name"),
        ([{"name": "a", "typ": "x"}], "parameters[0]: unknown key 'typ'"),
        ([{"name": "a", "type": "number"}], "parameters[0].type: must be one of string, text, boolean, integer, enum"),
        ([{"name": "a", "type": "enum"}], "parameters[0]: an enum needs `options`"),
        ([{"name": "a"}, {"name": "a"}], "parameters[1].name: two parameters have the name 'a'"),
        ([{"name": "a", "validation": {"min_length": "x"}}], "parameters[0].validation.min_length: must be a number"),
        ([{"name": "a", "validation": {"minlength": 1}}], "parameters[0].validation: unknown key 'minlength'"),
        ([{"name": "a", "options": "abc"}], "parameters[0].options: must be a list"),
    ],
)
def test_malformed_parameters_are_said(tmp_path: Path, registry: PluginRegistry, parameters: Any, words: str) -> None:
    """Parameters are checked for their form as steps are."""
    with pytest.raises(ConfigError) as caught:
        _configured(tmp_path, registry, [], parameters=parameters)
    assert f"workflows.w.{words}" in str(caught.value)


@pytest.mark.parametrize(
    ("templates", "words"),
    [
        (lambda: 1 / 0, "the workflow type made: get_templates failed"),
        (None, "its get_templates must return a list of WorkflowTemplate"),
        ([{"steps": []}], "its get_templates must return a list of WorkflowTemplate"),
        ([WorkflowTemplate("T", "", [], {})], "a template is a mapping with `steps`"),  # type: ignore[arg-type]
        ([WorkflowTemplate("T", "", {"stps": []}, {})], "unknown key 'stps'"),
        ([WorkflowTemplate("T", "", {"steps": []}, [1])], "default_config: must be a mapping"),  # type: ignore[arg-type]
    ],
)
def test_types_whose_templates_make_no_sense(
    tmp_path: Path, registry: PluginRegistry, templates: Any, words: str
) -> None:
    """A type that gives no proper templates is an error where it is used, and no workflow elsewhere."""
    registry.register_workflow_type(Kind("made", templates))
    with pytest.raises((ConfigError, PluginError)) as caught:
        parse("made", Config(tmp_path), registry)
    assert words in str(caught.value)
    assert "release" in names(Config(tmp_path), registry)


def test_names_are_those_that_can_run(tmp_path: Path, registry: PluginRegistry) -> None:
    """Own workflows come first, then the types with a template that are neither disabled nor broken."""
    registry.register_workflow_type("no_such_module:T", name="ghost")
    data = {"workflows": {"docs": {"type": "plain"}}}
    assert names(Config(tmp_path, data=data), registry) == ["docs", "release"]
    data["workflow_types"] = {"release": {"enabled": False}}  # type: ignore[dict-item]
    assert names(Config(tmp_path, data=data), registry) == ["docs"]
    with pytest.raises(PluginError, match="No module named"):
        parse("ghost", Config(tmp_path), registry)
