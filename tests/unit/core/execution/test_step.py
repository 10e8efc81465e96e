from __future__ import annotations

from typing import Any

import pytest

from vwmp_release.core.execution.events import StepLine
from vwmp_release.errors import ConfigError
from vwmp_release.interfaces import StepContext, StepResult, StepStatus


def _ok(context: StepContext, **output: Any) -> StepResult:
    return StepResult(context.step_id, StepStatus.SUCCESS, output=output)


TEXT = {"text": {"type": "string"}}


def test_a_step_is_given_everything(engine: Any) -> None:
    """The context holds the run, the workflow, the step's configuration and the parameters."""
    seen: Any = []
    engine.handler("see", lambda context: seen.append(context) or _ok(context),
                   properties={"size": {"type": "integer", "default": 3}, **TEXT})  # fmt: skip
    engine.run(
        [{"id": "s", "name": "The step", "handler": "see", "config": {"text": "${parameters.who}"}}],
        parameters=[{"name": "who"}],
        runtime={"who": "Ada"},
    )
    context = seen[0]
    assert (context.workflow_name, context.step_id, context.step_name) == ("w", "s", "The step")
    assert context.step_config == {"size": 3, "text": "Ada"}
    assert context.parameters == {"who": "Ada"}
    assert context.workspace_root == context.repository_root == engine.folder
    assert context.run.id == context.workflow_id
    assert list(context.adapters) == ["git"]
    assert context.commit_point is None
    assert context.branch is None


@pytest.mark.parametrize(
    ("written", "filled"),
    [
        ("${step-outputs.give.number}", 5),
        ("${step-outputs.give.list}", [1, {"a": None}]),
        ("v${step-outputs.give.number}-${step-outputs.give.flag}", "v5-true"),
        ("${step-outputs.give.map.inner}", "x"),
        (["${step-outputs.give.number}", "$${step-outputs.give.number}"], [5, "${step-outputs.give.number}"]),
        ("${step-outputs.give.sly}", "${env.SECRET}"),
    ],
)
def test_outputs_are_filled_in(engine: Any, written: Any, filled: Any) -> None:
    """A whole-value reference keeps the output's type, inside a text it becomes text, and outputs are no templates."""
    output = {"number": 5, "list": [1, {"a": None}], "flag": True, "map": {"inner": "x"}, "sly": "${env.SECRET}"}
    engine.handler("give", lambda context: _ok(context, **output))
    engine.handler("take", lambda context: _ok(context, got=context.step_config["any"]), properties={"any": {}})
    ended = engine.run(["give", {"handler": "take", "config": {"any": written}}])
    assert ended.reports["take"].output == {"got": filled}


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("${step-outputs.give.nuber}", "${step-outputs.give.nuber} is unknown"),
        ("${step-outputs.give.number.deeper}", "is unknown"),
        ("${step-outputs.give.list}", "must be a string"),
    ],
)
def test_an_output_that_is_not_there_or_does_not_fit_fails_the_step(engine: Any, reference: str, words: str) -> None:
    """A missing output, or one of the wrong type, is a failed step that is not tried again."""
    engine.handler("give", lambda context: _ok(context, number=5, list=[1]))
    engine.handler("take", _ok, properties=TEXT, retry={"enabled": True})
    ended = engine.run(["give", {"handler": "take", "config": {"text": reference}}])
    report = ended.reports["take"]
    assert (report.outcome, report.attempts) == ("failed", 1)
    assert words in report.reason


def test_the_handler_checks_what_was_filled_in(engine: Any) -> None:
    """`validate_config` is asked once the outputs are there, and its refusal fails the step."""
    from vwmp_release.interfaces import ValidationResult

    asked: Any = []

    def validate(config: dict[str, Any]) -> ValidationResult:
        asked.append(config["text"])
        return ValidationResult(False, ["is too short"])

    engine.handler("give", lambda context: _ok(context, text="x"))
    engine.handler("take", _ok, properties=TEXT, methods={"validate_config": validate})
    ended = engine.run(["give", {"handler": "take", "config": {"text": "${step-outputs.give.text}"}}])
    assert asked == ["x"]
    assert "is too short" in ended.reports["take"].reason


def test_outputs_of_a_failed_optional_step_are_not_there(engine: Any) -> None:
    """What a failed step gave is undone: nobody gets its outputs."""
    engine.handler("give", lambda context: StepResult("x", StepStatus.FAILED, {"text": "undone"}, "no"))
    engine.handler("take", _ok, properties=TEXT)
    take = {"handler": "take", "config": {"text": "${step-outputs.give.text}"}}
    ended = engine.run([{"handler": "give", "required": False}, take])
    assert ended.reports["take"].outcome == "failed"


@pytest.mark.parametrize(
    ("need", "reason"),
    [
        ("give", ""),
        ("give.key", ""),
        ("*.key", ""),
        ("give.other", "it needs the output 'give.other', which no earlier step gave"),
        ("*.other", "it needs the output '*.other', which no earlier step gave"),
        ("give.empty", "it needs the output 'give.empty', which no earlier step gave"),
    ],
)
def test_needs_are_checked_before_the_step(engine: Any, need: str, reason: str) -> None:
    """Outputs that a handler needs are looked for before it runs."""
    engine.handler("give", lambda context: _ok(context, key="k", empty=None))
    engine.handler("take", _ok, methods={"get_dependencies": lambda config: [need]})
    assert engine.run(["give", "take"]).reports["take"].reason == reason


def test_ids_may_hold_dots(engine: Any) -> None:
    """A step whose id holds dots is found in references and in needs."""
    engine.handler("give", lambda context: _ok(context, key="k"))
    engine.handler("take", lambda context: _ok(context, got=context.step_config["text"]), properties=TEXT,
                   methods={"get_dependencies": lambda config: ["give.v1.key", "give.v1"]})  # fmt: skip
    take = {"handler": "take", "config": {"text": "${step-outputs.give.v1.key}"}}
    ended = engine.run([{"id": "give.v1", "handler": "give"}, take])
    assert ended.reports["take"].output == {"got": "k"}


def test_needs_that_make_no_sense_fail_the_run_before_it_begins(engine: Any) -> None:
    """`get_dependencies` that fails, or returns something else, is an error of a required step's plan."""
    engine.handler("raises", _ok, methods={"get_dependencies": lambda config: 1 / 0})
    engine.handler("odd", _ok, methods={"get_dependencies": lambda config: "give"})
    with pytest.raises(ConfigError) as caught:
        engine.plan(["raises", "odd"])
    assert "get_dependencies failed: ZeroDivisionError" in str(caught.value)
    assert "returned 'give', not a list of texts" in str(caught.value)
    ended = engine.run([{"handler": "odd", "required": False}])
    assert "not a list of texts" in ended.reports["odd"].reason


def test_lines_are_streamed_and_kept(engine: Any) -> None:
    """A step's lines come as events, of every attempt, and the last attempt's stand in its report."""
    tries: list[int] = []

    def execute(context: StepContext) -> StepResult:
        tries.append(1)
        context.logger.info(f"try {len(tries)}")
        return _ok(context) if len(tries) > 1 else StepResult("x", StepStatus.FAILED, error="no")

    engine.handler("speak", execute, retry={"enabled": True, "delay": 0, "backoff": "fixed"})
    ended = engine.run(["speak"])
    assert [event.line for event in ended.of(StepLine)] == ["try 1", "try 2"]
    assert ended.reports["speak"].logs == ("try 2",)


# handlers that are made of others -------------------------------------------------------------------------------------


def _caller(name: str, config: dict[str, Any]) -> Any:
    def execute(context: StepContext) -> StepResult:
        result = context.call(name, config)
        if result is None:
            return _ok(context, none=True)
        return _ok(context, status=result.status.value, error=result.error, got=result.output, step=result.step_id)

    return execute


def test_a_handler_may_call_another(engine: Any) -> None:
    """A called handler has its own effective configuration, the caller's workspace, and speaks in its place."""
    engine.handler("inner", lambda c: c.logger.info("inside") or _ok(c, config=c.step_config,
                                                                     root=str(c.workspace_root)),
                   properties={"size": {"type": "integer", "default": 3}, **TEXT})  # fmt: skip
    engine.handler("outer", _caller("inner", {"text": "${env.HOME} as it is"}))
    config = {"step_handlers": {"inner": {"config": {"size": 7, "text": "weaker"}}}}
    report = engine.run([{"id": "s", "handler": "outer"}], config=config).reports["s"]
    assert report.output == {
        "status": "success", "error": None, "step": "s",
        "got": {"config": {"size": 7, "text": "${env.HOME} as it is"}, "root": str(engine.folder)},
    }  # fmt: skip
    assert report.logs == ("inside",)


def test_what_a_caller_gives_stands_over_the_configuration_in_templates_too(engine: Any) -> None:
    """In a workflow from a template the caller's values win as well."""
    from vwmp_release.interfaces import WorkflowTemplate

    engine.handler("inner", lambda c: _ok(c, text=c.step_config["text"]), properties=TEXT)
    engine.handler("outer", _caller("inner", {"text": "caller's"}))
    template = {"steps": [{"id": "s", "handler": "outer"}]}
    engine.place_type.templates = [WorkflowTemplate("T", "", template, {"text": "default"})]
    config = {"step_handlers": {"inner": {"config": {"text": "configured"}}}}
    from vwmp_release.core.config import Config
    from vwmp_release.core.execution.planner import make_plan
    from vwmp_release.core.workflow.parser import parse

    whole = Config(engine.folder, data=config)
    plan = make_plan(parse("place", whole, engine.registry), whole, engine.registry, runtime={}, environ={})
    events = list(engine.session(plan).events())
    report = next(event.report for event in events if type(event).__name__ == "StepFinished")
    assert report.output["got"] == {"text": "caller's"}


def test_calls_that_cannot_be_made_come_back_as_results(engine: Any) -> None:
    """An unknown handler is None; a disabled one is skipped; a wrong configuration or a failure is a failed result."""
    engine.handler("inner", lambda context: 1 / 0, properties=TEXT)
    engine.handler("off", _ok)
    calls: list[tuple[str, Any]] = [
        ("nobody", {}),
        ("off", {}),
        ("inner", {"text": 5}),
        ("inner", {"txt": "x"}),
        ("inner", {}),
    ]
    for index, (name, values) in enumerate(calls):
        engine.handler(f"call{index}", _caller(name, values))
    ended = engine.run([f"call{i}" for i in range(5)], session={"disabled": frozenset({"off"})})
    found = [dict(report.output) for report in ended.reports.values()]
    assert found[0] == {"none": True}
    assert (found[1]["status"], found[1]["error"]) == ("skipped", "the handler 'off' is disabled")
    assert "must be a string" in found[2]["error"]
    assert "unknown key 'txt'" in found[3]["error"]
    assert found[4]["error"].startswith("ZeroDivisionError")
    assert {row["status"] for row in found[2:]} == {"failed"}


def test_a_step_must_not_reach_further_than_it_declares(engine: Any) -> None:
    """A step of effect none cannot reach beyond the machine by calling another handler: a plan would do so too."""
    ran: Any = []
    engine.handler("send", lambda context: ran.append(1) or _ok(context), "remote")
    engine.handler("harmless", _caller("send", {}), "none")
    engine.handler("honest", _caller("send", {}), "remote")
    ended = engine.run(["harmless", "honest"])
    assert "must not call 'send', whose effect is remote" in ended.reports["harmless"].output["error"]
    assert ended.reports["honest"].output["status"] == "success"
    assert ran == [1]


def test_a_handler_that_calls_itself_comes_to_an_end(engine: Any) -> None:
    """Endless calls end as a failed result."""

    def execute(context: StepContext) -> StepResult:
        result = context.call("self", {})
        assert result is not None
        return result

    engine.handler("self", execute)
    assert "RecursionError" in engine.run(["self"]).reports["self"].reason
