from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from vwmp_release.core.config import load
from vwmp_release.core.execution.planner import Plan, make_plan
from vwmp_release.core.workflow.parser import parse
from vwmp_release.errors import ConfigError
from vwmp_release.interfaces import StepContext, StepResult, StepStatus, ValidationResult, WorkflowTemplate


def _ok(context: StepContext, **output: Any) -> StepResult:
    return StepResult(context.step_id, StepStatus.SUCCESS, output=output)


def _raise(error: BaseException) -> Any:
    raise error


def _problems(engine: Any, *args: Any, **options: Any) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        engine.plan(*args, **options)
    return [str(problem).partition("\n")[0] for problem in caught.value.problems]


def _from_file(engine: Any, text: str, workflow: str = "w", **options: Any) -> Plan:
    (engine.folder / "vwmp_config.yaml").write_text(dedent(text), encoding="utf-8")
    config = load(engine.folder)
    given = {"runtime": {}, "environ": {}, **options}
    return make_plan(parse(workflow, config, engine.registry), config, engine.registry, **given)


def _file_problems(engine: Any, text: str, **options: Any) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        _from_file(engine, text, **options)
    return [str(problem) for problem in caught.value.problems]


# the graph ------------------------------------------------------------------------------------------------------------


def test_everything_wrong_is_said_at_once_with_its_place(engine: Any) -> None:
    """Cycle, unknown dependency, double id, unknown handler, unknown keys and wrong values come in one error."""
    engine.handler("sized", _ok, properties={"size": {"type": "integer"}})
    found = _file_problems(
        engine,
        """\
        workflows:
          w:
            type: place
            steps:
              - {id: a, handler: ok, dependencies: [b]}
              - {id: b, handler: ok, dependencies: [a]}
              - {id: b, handler: okay}
              - {id: c, handler: ok, dependencies: [aa]}
              - {id: d, handler: sized, config: {size: big, sise: 1}, dependencies: []}
        step_handlers:
          sized: {config: {length: 3}}
          size: {enabled: true}
        """,
        runtime={"nobody": "x"},
    )
    text = "\n".join(found)
    for words in (
        "5:44: workflows.w.steps[0].dependencies: the steps depend on each other in a cycle: a -> b -> a",
        "7:14: workflows.w.steps[2].id: two steps have the id 'b'\n    the first is at vwmp_config.yaml:6:14",
        "vwmp_config.yaml:7:26: workflows.w.steps[2].handler: unknown handler 'okay'\n    did you mean 'ok'?",
        "vwmp_config.yaml:8:45: workflows.w.steps[3].dependencies: depends on a step 'aa' that does not exist",
        "vwmp_config.yaml:9:48: workflows.w.steps[d].config.size: must be a whole number",
        "vwmp_config.yaml:9:59: step d.config: unknown key 'sise'\n    did you mean 'size'?",
        "vwmp_config.yaml:11:20: step_handlers.sized.config: unknown key 'length'",
        "vwmp_config.yaml:12:3: step_handlers: unknown step handler 'size'\n    did you mean 'sized'?",
    ):
        assert words in text, f"{words}\nnot in\n{text}"


def test_a_broken_plugin_is_the_reason_for_an_unknown_handler(engine: Any) -> None:
    """Where a handler is missing, the plugins that failed to load are named with their reasons."""
    from vwmp_release.core.plugins.info import PluginInfo

    problem = "folder plugin stamp (tools/stamp) cannot be imported: SyntaxError: x (tools/stamp/__init__.py:3)"
    engine.registry.plugins.append(PluginInfo("stamp", "folder", "tools/stamp", state="failed", problem=problem))
    with pytest.raises(ConfigError, match=r"unknown handler 'stamp.write'\n.*\n.*stamp/__init__.py:3") as caught:
        engine.plan(["stamp.write"], config={"step_handlers": {"stamp.write": {}}})
    assert len(caught.value.problems) == 1


def test_a_lazy_handler_that_cannot_be_loaded_is_an_error_of_the_step_that_needs_it(engine: Any) -> None:
    """A required step whose handler fails to load is an error; for an optional one it is a warning."""
    engine.registry.register_step_handler("lazy", "no_such_module:Handler")
    assert "the handler 'lazy' cannot be loaded" in _problems(engine, ["lazy"])[0]
    ended = engine.run([{"handler": "lazy", "required": False}, "ok"])
    assert ended.outcomes == {"lazy": "failed", "ok": "success"}
    assert "No module named" in ended.reports["lazy"].reason


def test_a_workflow_needs_steps(engine: Any) -> None:
    """An empty workflow is an error."""
    assert _problems(engine, []) == ["workflows.w: has no steps"]


def test_the_types_own_rules_are_asked_last(engine: Any) -> None:
    """A type's own errors and warnings are kept, and asked for only where the rest is right."""
    asked: Any = []
    engine.place_type.validate = lambda workflow: (
        asked.append(workflow) or ValidationResult(False, ["needs b"], ["odd"])
    )
    assert _problems(engine, ["nope"]) == ["workflows.w.steps[0].handler: unknown handler 'nope'"]
    assert asked == []
    assert _problems(engine, ["ok"]) == ["workflows.w: needs b"]
    assert asked[0]["steps"][0] == {
        "id": "ok", "name": "ok", "type": "", "handler": "ok", "config": {}, "required": True, "enabled": True,
        "dependencies": [],
    }  # fmt: skip
    engine.place_type.validate = lambda workflow: ValidationResult(True, [], ["odd"])
    assert [problem.what for problem in engine.plan(["ok"]).warnings] == ["odd"]


@pytest.mark.parametrize(
    ("validate", "words"),
    [
        (lambda workflow: 1 / 0, "validate_workflow failed: ZeroDivisionError"),
        (lambda workflow: _raise(SystemExit(1)), "validate_workflow failed: SystemExit"),
        (lambda workflow: None, "returned None, not a ValidationResult"),
        (lambda workflow: ValidationResult(False), "is refused without a reason"),
    ],
)
def test_a_type_that_fails_to_judge_is_an_error(engine: Any, validate: Any, words: str) -> None:
    """Whatever a type's own validation does, it comes out as a problem."""
    engine.place_type.validate = validate
    assert words in _problems(engine, ["ok"])[0]


# the commit point -----------------------------------------------------------------------------------------------------


def _release(engine: Any) -> None:
    engine.publisher()
    engine.publisher("push2")
    engine.handler("send", _ok, "remote")
    engine.handler("look", _ok, "none")


def _after(handler: str, *after: str, **more: Any) -> dict[str, Any]:
    return {"handler": handler, "dependencies": list(after), **more}


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (["push", "push2"], "two steps publish the release: push, push2"),
        (["send", "push"], "'send' reaches beyond the machine and would run before the release is published"),
        (["push", "ok"], "'ok' changes the release after it is published"),
        ([_after("push"), _after("send"), _after("ok", "send")], "'ok' changes the release after it is published"),
        ([_after("send"), _after("look", "send"), _after("push", "look")], "'send' reaches beyond the machine"),
    ],
)
def test_what_cannot_be_arranged_around_the_commit_point(engine: Any, steps: list[Any], words: str) -> None:
    """Two commit points, a remote step before the push and a local change after it are errors in a shadow."""
    _release(engine)
    assert any(words in problem for problem in _problems(engine, steps, kind="shadow"))


def test_the_order_around_the_commit_point(engine: Any) -> None:
    """Reads may come after the push where they depend on it; unknown optional steps are in nobody's way."""
    _release(engine)
    steps = [_after("push"), _after("look", "push", id="after"), _after("look", id="free"), _after("send"),
             _after("look", "send", id="last"), _after("unknown", "push", required=False),
             _after("ok", "push", id="off", enabled=False)]  # fmt: skip
    plan = engine.plan(steps, kind="shadow")
    order = [step.view.id for step in plan.steps]
    assert order.index("free") < order.index("push") < order.index("send") < order.index("last")
    assert order.index("push") < order.index("after")
    assert plan.commit_point.view.id == "push"


def test_in_place_nothing_is_arranged(engine: Any) -> None:
    """Outside a shadow there is no commit point: steps run as their dependencies say."""
    _release(engine)
    assert [step.view.id for step in engine.plan(["send", "push", "ok"]).steps] == ["send", "push", "ok"]


def test_a_disabled_push_is_no_commit_point(engine: Any) -> None:
    """One of two commit points may be disabled, by the step or by the configuration."""
    _release(engine)
    for config, step in (({}, {"handler": "push2", "enabled": False}),
                         ({"step_handlers": {"push2": {"enabled": False}}}, "push2")):  # fmt: skip
        plan = engine.plan(["push", step], kind="shadow", config=config)
        assert plan.commit_point.view.id == "push"
    assert engine.plan(["push"], kind="shadow", push=False).commit_point is None


# needs and references -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("need", "words"),
    [
        ("*.key", "step take: needs the output '*.key' of an earlier step"),
        ("nobody.key", "step take: needs the step 'nobody', which does not exist"),
        ("later", "step take: needs the step 'later', which does not run before it"),
    ],
)
def test_needs_that_cannot_be_met_are_found_before_the_run(engine: Any, need: str, words: str) -> None:
    """A need that no earlier step can meet is an error of the plan; a disabled step needs nothing."""
    engine.handler("take", _ok, methods={"get_dependencies": lambda config: [need]})
    later = {"id": "later", "handler": "ok"}
    assert _problems(engine, ["take", later]) == [words]
    assert engine.plan([{"handler": "take", "enabled": False}, later]).steps


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("${step-outputs.nobody.key}", "names the step 'nobody', which does not exist"),
        ("${step-outputs.later.key}", "names the step 'later', which does not run before this one"),
        ("${step-outputs.take.key}", "names the step 'take', which does not run before this one"),
        ("${step-outputs.only}", "names nothing"),
        ("${parameters.who}", "${parameters.who} is unknown"),
        ("${config.nothing}", "${config.nothing} is unknown"),
        ("${env.NOT_SET}", "the environment variable is not set"),
        ("${adapter.git.nothing}", "is unknown"),
        ("${secret.x}", "unknown reference"),
    ],
)
def test_references_to_nothing_are_found_before_the_run(engine: Any, reference: str, words: str) -> None:
    """References that cannot be filled in are errors of the plan."""
    engine.handler("take", _ok, properties={"text": {"type": "string"}})
    steps = [{"handler": "take", "config": {"text": f"x {reference}"}}, {"id": "later", "handler": "ok"}]
    assert words in _problems(engine, steps)[0]


def test_other_references_beside_an_output_are_no_steps(engine: Any) -> None:
    """A text that waits for an output may hold other references, which are filled in with it."""
    engine.handler("give", lambda context: _ok(context, key="k"))
    engine.handler("take", lambda context: _ok(context, got=context.step_config["text"]),
                   properties={"text": {"type": "string"}})  # fmt: skip
    text = "${env.A}-${step-outputs.give.key}-${config.text2}"
    engine.place_type.schema = {"properties": {"text2": {"type": "string", "default": "t"}}}
    ended = engine.run(["give", {"handler": "take", "config": {"text": text}}], environ={"A": "a"})
    assert ended.reports["take"].output == {"got": "a-k-t"}


# configuration --------------------------------------------------------------------------------------------------------


def test_a_value_of_the_wrong_type_is_named_by_where_it_was_set(engine: Any) -> None:
    """A value is named by the key and the place that set it, however many steps use it."""
    properties = {"size": {"type": "integer"}, "deep": {"type": "object", "properties": {"x": {"type": "boolean"}}}}
    engine.handler("one", _ok, properties=properties)
    engine.handler("two", _ok, properties=properties)
    found = _file_problems(
        engine,
        """\
        workflow_types:
          place:
            config:
              size: large
              deep: {x: 5}
        workflows:
          w: {type: place, steps: [{id: one, handler: one}, {id: two, handler: two}]}
        """,
    )
    assert [problem.partition("\n")[0] for problem in found] == [
        "vwmp_config.yaml:4:13: workflow_types.place.config.size: must be a whole number, got 'large'",
        "vwmp_config.yaml:5:13: workflow_types.place.config.deep.x: must be true or false, got the number 5",
    ]


def test_unknown_keys_of_a_types_configuration_are_named_with_the_nearest(engine: Any) -> None:
    """An unknown key under a workflow type's config is an error with place and nearest name."""
    engine.handler("one", _ok, properties={"version_file": {"type": "string"}})
    engine.place_type.schema = {"properties": {"own": {"type": "string"}}}
    found = _file_problems(
        engine,
        """\
        workflow_types:
          place:
            config:
              own: fine
              versoin_file: VERSION
        workflows: {w: {type: place, steps: [{id: one, handler: one}]}}
        """,
    )
    assert found == [
        "vwmp_config.yaml:5:7: workflow_types.place.config: unknown key 'versoin_file'\n"
        "    did you mean 'version_file'?"
    ]


def test_an_adapters_configuration_is_checked_with_the_workflow(engine: Any) -> None:
    """Wrong values, references and keys of an adapter are errors with their places before anything runs."""
    found = _file_problems(
        engine,
        """\
        integration_adapters:
          git: {config: {remote: 5, remotte: x}}
        workflows: {w: {type: place, steps: [{id: a, handler: ok, config: {workspace: "${env.NOWHERE}"}}]}}
        """,
    )
    assert [problem.partition("\n")[0] for problem in found] == [
        "vwmp_config.yaml:2:26: integration_adapters.git.config.remote: must be a string, got the number 5",
        "vwmp_config.yaml:2:29: integration_adapters.git.config: unknown key 'remotte'",
        "vwmp_config.yaml:3:79: step a.workspace: ${env.NOWHERE}: the environment variable is not set",
    ]


def test_keys_flow_down_from_every_level(engine: Any) -> None:
    """A handler's key is found at the run, the step, the workflow, the type, the handler and the defaults."""
    engine.handler("one", _ok, properties={"key": {"type": "string", "default": "schema"}})
    step: dict[str, Any] = {"handler": "one"}
    config: dict[str, Any] = {}
    workflow: dict[str, Any] = {}
    runtime: dict[str, Any] = {}

    def value() -> Any:
        plan = engine.plan(
            [step], config=config, workflow=workflow, runtime=runtime, environ={"VWMP_CONFIG_KEY": "env"}
        )
        return plan.steps[0].config["key"]

    assert value() == "schema"
    config["defaults"] = {"key": "global"}
    assert value() == "global"
    config["step_handlers"] = {"one": {"config": {"key": "plugin"}}}
    assert value() == "plugin"
    config["workflow_types"] = {"place": {"config": {"key": "type"}}}
    assert value() == "type"
    workflow["config"] = {"key": "workflow"}
    assert value() == "workflow"
    step["config"] = {"key": "step"}
    assert value() == "step"
    runtime["key"] = "runtime"
    assert value() == "runtime"


def test_texts_of_the_command_line_that_do_not_fit_are_errors(engine: Any) -> None:
    """A value given at run time is converted to its key's type, or refused with the option's name."""
    engine.handler("one", _ok, properties={"size": {"type": "integer"}})
    assert engine.plan(["one"], runtime={"size": "5"}).steps[0].config == {"size": 5}
    assert _problems(engine, ["one"], runtime={"size": "big"}) == ["-p size: must be a whole number, got 'big'"]


@pytest.mark.parametrize(
    ("methods", "words"),
    [
        ({"validate_config": lambda c: ValidationResult(False, ["a", "b"])}, "step one.config: a"),
        ({"validate_config": lambda c: ValidationResult(False)}, "is refused without a reason"),
        ({"validate_config": lambda c: None}, "one: validate_config returned None"),
        ({"validate_config": lambda c: _raise(SystemExit(3))}, "one: validate_config failed: SystemExit: 3"),
    ],
)
def test_a_handlers_own_check_is_part_of_the_plan(engine: Any, methods: Any, words: str) -> None:
    """What a handler says about its configuration, and its failure to say it, are errors before the run."""
    engine.handler("one", _ok, methods=methods)
    assert words in _problems(engine, ["one"])[0]


def test_required_keys_must_have_a_value(engine: Any) -> None:
    """A key that the handler requires is an error where nothing gives it."""
    engine.handler("one", _ok, properties={"who": {"type": "string"}}, required=("who",))
    assert _problems(engine, ["one"]) == ["step one.config: the key 'who' is missing"]
    assert engine.plan([{"handler": "one", "config": {"who": "me"}}]).steps


@pytest.mark.parametrize("info", [lambda: 1 / 0, lambda: None, lambda: {"icon": None}])
def test_an_icon_is_no_reason_to_fail(engine: Any, info: Any) -> None:
    """A handler that cannot describe itself runs without an icon."""
    engine.handler("one", _ok, methods={"get_step_info": info})
    assert engine.plan(["one"]).steps[0].view.icon == ""
    assert engine.plan(["ok"]).steps[0].view.icon == "*"


@pytest.mark.parametrize(
    ("origin", "step", "section", "fact", "expected"),
    [
        ("built-in", None, None, None, "inline"),
        ("folder", None, None, None, "thread"),
        ("folder", None, None, "inline", "inline"),
        ("folder", None, "thread", "inline", "thread"),
        ("folder", "inline", "thread", None, "inline"),
    ],
)
def test_isolation_is_the_steps_then_the_configurations_then_the_manifests(
    engine: Any, origin: str, step: str | None, section: str | None, fact: str | None, expected: str
) -> None:
    """Built-ins run inline and others in a thread, unless somebody says otherwise."""
    engine.handler("one", _ok, origin=origin, isolation=fact)
    config = {"step_handlers": {"one": {"isolation": section} if section else {}}}
    written = {"handler": "one", **({"isolation": step} if step else {})}
    assert engine.plan([written], config=config).steps[0].isolation == expected


def test_process_isolation_is_refused_with_its_place(engine: Any) -> None:
    """`process` is not there yet, and never silently something else."""
    engine.handler("one", _ok)
    found = _file_problems(
        engine,
        """\
        step_handlers: {one: {isolation: process}}
        workflows:
          w: {type: place, steps: [{id: a, handler: ok, isolation: process}, {id: one, handler: one}]}
        """,
    )
    assert [problem.partition(":")[2].partition(": ")[0] for problem in found] == ["1:34", "3:60"]
    engine.handler("two", _ok, isolation="process")
    with pytest.raises(ConfigError, match="use thread"):
        engine.plan(["two"])


# workspaces -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "config", "step", "words"),
    [
        ("shadow", {"workspace": "in_place"}, {}, "a shadow workflow always runs in a shadow"),
        ("shadow", {}, {"workspace": "in_place"}, "a step of effect workspace must run in the shadow"),
        ("place", {}, {"workspace": "shadow"}, "the workflow runs in place, so a step cannot run in a shadow"),
        ("place", {"workspace": "moon"}, {}, "must be one of shadow, in_place; got 'moon'"),
        ("place", {}, {"workspace": "moon"}, "must be one of shadow, in_place; got 'moon'"),
    ],
)
def test_workspaces_that_cannot_be(engine: Any, kind: str, config: Any, step: Any, words: str) -> None:
    """A release never runs in place, and a step that changes something only in its workflow's workspace."""
    options = {"kind": kind, "config": {"workflow_types": {kind: {"config": config}}}}
    found = _problems(engine, [{"handler": "ok", "config": step}], **options)
    assert any(words in problem for problem in found), found


def test_an_in_place_type_may_run_in_a_shadow(engine: Any) -> None:
    """The configuration may move a workflow of another type into a shadow."""
    config = {"workflow_types": {"place": {"config": {"workspace": "${env.WHERE}"}}}}
    plan = engine.plan(["ok"], config=config, environ={"WHERE": "shadow"})
    assert plan.workspace == "shadow"
    assert plan.steps[0].in_place is False
    assert engine.plan(["ok"]).steps[0].in_place is True


def test_a_handlers_workspace_may_stand_in_the_configuration(engine: Any) -> None:
    """`workspace` and `workspace_link` of a handler hold for each of its steps."""
    engine.handler("look", _ok, "none")
    config = {"step_handlers": {"look": {"config": {"workspace": "in_place", "workspace_link": [".venv"]}}}}
    plan = engine.plan(["look", "ok"], kind="shadow", config=config)
    assert [step.in_place for step in plan.steps] == [True, False]
    assert plan.links == (".venv",)
    assert plan.steps[0].config == {}


# parameters and templates ---------------------------------------------------------------------------------------------


def test_parameters_are_checked_with_everything_else(engine: Any) -> None:
    """All wrong parameters are said at once, unknown ones with the nearest name; looking asks for none."""
    parameters = [{"name": "who", "required": True}, {"name": "count", "type": "integer"}]
    found = _problems(engine, ["ok"], parameters=parameters, runtime={"count": "many", "whom": "x"})
    assert found == [
        "parameters: unknown parameter 'whom'",
        "parameters: the parameter 'who' is missing",
        "parameters.count: must be a whole number; got 'many'",
    ]
    assert engine.plan(["ok"], parameters=parameters, complete=False).parameters == {}


def test_a_template_gives_steps_parameters_and_defaults(engine: Any) -> None:
    """A type's template is a workflow; its configuration gives way to the user's."""
    engine.handler("one", _ok, properties={"key": {"type": "string", "default": "schema"}, "other": {}})
    steps = [{"type": "first", "handler": "one", "config": {"key": "template"}}, {"id": "b", "handler": "ok"}]
    template = {"steps": steps, "parameters": [{"name": "who", "default": "Ada"}]}
    engine.place_type.templates = [WorkflowTemplate("Usual", "", template, {"key": "default", "other": 5})]
    plan = _from_file(engine, "", workflow="place")
    assert [step.view.id for step in plan.steps] == ["first", "b"]
    assert plan.steps[0].config == {"key": "template", "other": 5}
    assert plan.parameters == {"who": "Ada"}
    plan = _from_file(engine, "step_handlers: {one: {config: {key: mine}}}\n", workflow="place")
    assert plan.steps[0].config["key"] == "mine"


def test_problems_of_a_template_have_no_place_in_the_users_file(engine: Any) -> None:
    """What is wrong with a plugin's template is not blamed on a line of the configuration."""
    template = {"steps": [{"id": "a", "handler": "nobody"}]}
    engine.place_type.templates = [WorkflowTemplate("Usual", "", template, {})]
    with pytest.raises(ConfigError) as caught:
        _from_file(engine, "defaults: {}\n", workflow="place")
    assert str(caught.value.problems[0]).startswith("place: step a.handler: unknown handler 'nobody'")


# plugins that misbehave -----------------------------------------------------------------------------------------------


def test_an_unrelated_broken_adapter_or_type_is_in_nobodys_way(engine: Any) -> None:
    """A broken adapter or type fails the workflows that use or configure it, and no other."""
    engine.registry.register_integration_adapter("no_such_module:A", name="ghost")
    engine.registry.register_workflow_type("no_such_module:T", name="ghost")
    assert engine.run(["ok"]).finished.status == "done"
    problem = _problems(engine, ["ok"], config={"integration_adapters": {"ghost": {"enabled": True}}})[0]
    assert problem.startswith("integration_adapters.ghost: ")
    assert "No module named" in problem


@pytest.mark.parametrize("schema", [lambda: 1 / 0, list, lambda: {"properties": 5}])
def test_a_types_schema_that_makes_no_sense_declares_nothing(engine: Any, schema: Any) -> None:
    """A type that cannot say its keys has none, and its workflows still run."""
    engine.place_type.get_config_schema = schema
    assert engine.run(["ok"]).finished.status == "done"


def test_a_problem_in_the_workflow_level_is_said_once(engine: Any, tmp_path: Path) -> None:
    """A wrong reference in a value that many steps share is one problem."""
    engine.handler("one", _ok, properties={"key": {"type": "string"}})
    engine.handler("two", _ok, properties={"key": {"type": "string"}})
    engine.place_type.schema = {"properties": {"key": {"type": "string"}}}
    found = _file_problems(
        engine,
        """\
        workflow_types: {place: {config: {key: "${config.kez}"}}}
        workflows: {w: {type: place, steps: [{id: one, handler: one}, {id: two, handler: two}]}}
        """,
    )
    assert all("vwmp_config.yaml:1:40" in problem and "${config.kez} is unknown" in problem for problem in found)
