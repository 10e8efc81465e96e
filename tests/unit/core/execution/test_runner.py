from __future__ import annotations

import threading
from typing import Any

import pytest

from vwmp_release.core.execution.events import StepFinished, StepLine, StepRetried, StepStarted, Warned
from vwmp_release.interfaces import StepContext, StepResult, StepStatus


def _ok(context: StepContext, **output: Any) -> StepResult:
    return StepResult(context.step_id, StepStatus.SUCCESS, output=output)


def _fail(context: StepContext, **fields: Any) -> StepResult:
    return StepResult(context.step_id, StepStatus.FAILED, **{"error": "broken", **fields})


def _step(handler: str, *after: str, **more: Any) -> dict[str, Any]:
    return {"handler": handler, "dependencies": list(after), **more}


def test_steps_run_in_plan_order(engine: Any) -> None:
    """Dependencies come first, whatever the order of writing; otherwise the written order holds."""
    order: Any = []
    engine.handler("note", lambda context: order.append(context.step_id) or _ok(context))
    steps = [_step("note", "d", id="a"), _step("note", id="b"), _step("note", "b", id="c"), _step("note", id="d")]
    ended = engine.run(steps)
    assert order == ["b", "c", "d", "a"]
    assert ended.finished.status == "done"
    assert list(ended.outcomes) == order


@pytest.mark.parametrize("effect", ["none", "remote"])
def test_independent_concurrent_steps_overlap(engine: Any, effect: str) -> None:
    """Steps of effect none or remote whose dependencies are met run at the same time: each waits for the others."""
    barrier = threading.Barrier(3, timeout=10)
    engine.handler("meet", lambda context: barrier.wait() is not None and _ok(context), effect)
    ended = engine.run([_step("meet", id="a"), _step("meet", id="b"), _step("meet", id="c"), _step("ok", "a", id="d")])
    assert ended.outcomes == dict.fromkeys("abcd", "success")


@pytest.mark.parametrize("effect", ["workspace", "repository"])
def test_steps_that_change_something_run_alone(engine: Any, effect: str) -> None:
    """While a step of effect workspace or repository runs, no other step does."""
    inside: list[str] = []
    most: list[int] = []

    def execute(context: StepContext) -> StepResult:
        inside.append(context.step_id)
        most.append(len(inside))
        inside.remove(context.step_id)
        return _ok(context)

    engine.handler("change", execute, effect, isolation="thread")
    engine.handler("look", execute, "none")
    ended = engine.run(
        [_step("change", id="a"), _step("look", id="b"), _step("change", id="c"), _step("change", id="d")]
    )
    order = [type(e).__name__ + (e.report.view.id if isinstance(e, StepFinished) else e.step.id)
             for e in ended.events if isinstance(e, StepStarted | StepFinished)]  # fmt: skip
    assert order == [f"{kind}{i}" for i in "abcd" for kind in ("StepStarted", "StepFinished")]
    assert set(most) == {1}


def test_a_failed_required_step_ends_the_run(engine: Any) -> None:
    """The steps after a failed required one do not run, and say why."""
    engine.handler("fail", _fail)
    ended = engine.run(["ok", "fail", {"id": "later", "handler": "ok"}])
    assert ended.outcomes == {"ok": "success", "fail": "failed", "later": "not-run"}
    assert ended.reports["later"].reason == "step fail failed"
    assert ended.reports["fail"].conclusion == "failed"
    assert (ended.finished.status, ended.finished.exit_status) == ("failed", 1)


def test_a_failed_optional_step_concludes_well(engine: Any) -> None:
    """An optional step's outcome is failed and its conclusion success: what depends on it runs."""
    engine.handler("fail", lambda context: _fail(context, output={"x": 1}))
    engine.handler("see", lambda context: _ok(context, found=context.find_output("x", "nothing")))
    ended = engine.run([{"handler": "fail", "required": False}, "see"])
    report = ended.reports["fail"]
    assert (report.outcome, report.conclusion, report.reason) == ("failed", "success", "broken")
    assert ended.reports["see"].output == {"found": "nothing"}  # what a failed step gave does not count
    assert ended.finished.exit_status == 0


def test_skipped_and_disabled_steps_say_why(engine: Any) -> None:
    """A skipped step keeps its reason; a disabled one does not run; both are met dependencies."""
    engine.handler("skip", lambda context: StepResult(context.step_id, StepStatus.SKIPPED, error="no README"))
    off = {"step_handlers": {"off": {"enabled": False}}}
    engine.handler("off", lambda context: 1 / 0)
    ended = engine.run(["skip", {"id": "no", "handler": "ok", "enabled": False}, "off", "ok"], config=off)
    skipped, disabled = ended.reports["skip"], ended.reports["no"]
    assert (skipped.outcome, skipped.conclusion, skipped.reason) == ("skipped", "skipped", "no README")
    assert (disabled.outcome, disabled.conclusion, disabled.attempts) == ("disabled", "skipped", 0)
    assert ended.outcomes["off"] == "disabled"
    assert ended.outcomes["ok"] == "success"


def test_only_a_handler_that_may_end_the_run_does(engine: Any) -> None:
    """SKIPPED with the output `nothing` ends the run for handlers that declare `ends_run`, and for no other."""

    def nothing(context: StepContext) -> StepResult:
        return StepResult(context.step_id, StepStatus.SKIPPED, output={"nothing": ["docs: x", 5]}, error="no commits")

    engine.handler("may", nothing, ends_run=True)
    engine.handler("must_not", nothing)
    ended = engine.run(["must_not", "ok", "may", {"id": "later", "handler": "ok"}])
    assert ended.outcomes == {"must_not": "skipped", "ok": "success", "may": "skipped", "later": "not-run"}
    assert ended.reports["later"].reason == "there is nothing to do"
    finished = ended.finished
    assert (finished.status, finished.exit_status, finished.reason) == ("nothing", 0, "no commits")
    assert finished.details == ("docs: x", "5")
    strict = engine.run(["may"], session={"strict": True})
    assert strict.finished.exit_status == 3


def test_a_retried_step_succeeds(engine: Any) -> None:
    """A flaky step is tried again after its delays, the first retry being attempt 1."""
    errors = ["one", "two"]
    engine.handler("flaky", lambda context: _fail(context, error=errors.pop(0)) if errors else _ok(context))
    retry = {"enabled": True, "backoff": "exponential", "delay": 3}
    _, ended = engine.bare([{"handler": "flaky", "retry": retry}])
    assert engine.slept == [3, 6]
    assert [(e.attempt, e.delay, e.error) for e in ended.of(StepRetried)] == [(1, 3, "one"), (2, 6, "two")]
    assert (ended.reports["flaky"].outcome, ended.reports["flaky"].attempts) == ("success", 3)


def test_attempts_come_to_an_end(engine: Any) -> None:
    """A step that always fails is tried `max_attempts` times; a permanent failure once."""
    engine.handler("fail", _fail, retry={"enabled": True, "max_attempts": 4, "backoff": "fixed", "delay": 1})
    engine.handler("never", lambda context: _fail(context, permanent=True), retry={"enabled": True})
    _, ended = engine.bare([_step("fail", required=False), _step("never")])
    assert ended.reports["fail"].attempts == 4
    assert ended.reports["never"].attempts == 1
    assert engine.slept == [1, 1, 1]


def test_the_handler_decides_where_retry_is_not_enabled(engine: Any) -> None:
    """`can_retry` and `get_retry_delay` rule where the configuration says nothing."""
    methods = {"can_retry": lambda error: "broken" in error, "get_retry_delay": lambda attempt: attempt * 10}
    engine.handler("fail", _fail, methods=methods)
    _, ended = engine.bare(["fail"])
    assert engine.slept == [10, 20]
    assert ended.reports["fail"].attempts == 3


def test_the_configuration_stands_over_the_handlers_retry(engine: Any) -> None:
    """The step's `retry` stands over that of `step_handlers`, which stands over the manifest's."""
    engine.handler("fail", _fail, retry={"enabled": True, "max_attempts": 9, "backoff": "fixed", "delay": 7})
    config = {"step_handlers": {"fail": {"retry": {"max_attempts": 2, "delay": 5}}}}
    engine.bare([{"handler": "fail", "retry": {"delay": 2}}], config=config)
    assert engine.slept == [2]


@pytest.mark.parametrize(
    ("methods", "words"),
    [
        ({"can_retry": lambda error: 1 / 0}, "its can_retry failed: ZeroDivisionError"),
        ({"can_retry": lambda e: True, "get_retry_delay": lambda a: "soon"}, "its get_retry_delay failed: ValueError"),
        ({"can_retry": lambda e: (_ for _ in ()).throw(SystemExit(1))}, "its can_retry failed: SystemExit: 1"),
    ],
)
def test_a_handler_that_cannot_decide_is_not_tried_again(engine: Any, methods: Any, words: str) -> None:
    """Errors while deciding about a retry are added to the step's own error."""
    engine.handler("fail", _fail, methods=methods)
    _, ended = engine.bare(["fail"])
    assert ended.reports["fail"].attempts == 1
    assert ended.reports["fail"].reason.startswith("broken\n")
    assert words in ended.reports["fail"].reason


@pytest.mark.parametrize("effect", ["workspace", "none"])
def test_a_hanging_optional_step_fails_the_run(engine: Any, effect: str) -> None:
    """A thread that passes its time limit fails the run even where the step is optional, and the report goes on."""
    release = threading.Event()
    engine.handler("hang", lambda context: release.wait(30) and _ok(context), effect, retry={"enabled": True})
    steps = [_step("hang", required=False, timeout=0.05), _step("ok", "hang", id="later")]
    ended = engine.run(steps)
    release.set()
    report = ended.reports["hang"]
    assert (report.outcome, report.conclusion, report.attempts) == ("failed", "failed", 1)
    assert ended.outcomes["later"] == "not-run"
    assert "still runs after its time limit" in ended.of(Warned)[0].message
    assert ended.finished.exit_status == 1


def test_the_time_limit_of_a_step_is_its_own_before_the_configurations(engine: Any) -> None:
    """A step's `timeout` stands over that of `step_handlers`, which stands over the manifest's."""
    engine.handler("x", _ok, timeout=1)
    config = {"step_handlers": {"x": {"timeout": 2}}}
    limits = [
        engine.plan(["x"]).steps[0].timeout,
        engine.plan(["x"], config=config).steps[0].timeout,
        engine.plan([{"handler": "x", "timeout": 3}], config=config).steps[0].timeout,
        engine.plan(["ok"]).steps[0].timeout,
    ]
    assert limits == [1, 2, 3, None]


def test_later_steps_see_results_in_plan_order(engine: Any) -> None:
    """Of concurrent steps that give the same key, the later one in plan order wins, whichever ended last."""
    second_done = threading.Event()
    engine.handler("first", lambda context: second_done.wait(10) and _ok(context, key="first"), "none")

    def second(context: StepContext) -> StepResult:
        second_done.set()
        return _ok(context, key="second")

    engine.handler("second", second, "none")
    engine.handler("see", lambda context: _ok(context, found=context.find_output("key"),
                                              ids=list(context.step_outputs)))  # fmt: skip
    ended = engine.run([_step("first"), _step("second"), _step("see", "first", "second")])
    assert ended.reports["see"].output == {"found": "second", "ids": ["first", "second"]}


def test_a_step_cannot_change_the_results_of_others(engine: Any) -> None:
    """What a handler does to the outputs in its context changes nothing for later steps."""

    def spoil(context: StepContext) -> StepResult:
        context.step_outputs["give"].output["key"].append("spoiled")  # type: ignore[index]
        context.step_outputs.clear()
        context.parameters["p"] = "spoiled"
        context.config["c"] = "spoiled"
        return _ok(context)

    engine.handler("give", lambda context: _ok(context, key=["fine"]))
    engine.handler("spoil", spoil)
    engine.handler("see", lambda context: _ok(context, key=context.find_output("key"), p=dict(context.parameters)))
    ended = engine.run(["give", "spoil", "see"])
    assert ended.reports["see"].output == {"key": ["fine"], "p": {}}


def test_an_interrupt_in_a_concurrent_step_ends_the_run(engine: Any) -> None:
    """KeyboardInterrupt that comes out of a concurrent step's thread ends the run as interrupted."""

    def stop(context: StepContext) -> StepResult:
        raise KeyboardInterrupt

    engine.handler("stop", stop, "none")
    engine.handler("look", _ok, "none")
    ended = engine.run([_step("stop"), _step("look")])
    assert (ended.finished.status, ended.finished.exit_status) == ("failed", 130)


def test_concurrent_steps_stream_their_lines(engine: Any) -> None:
    """Lines of a concurrent step come while another one still runs."""
    seen = threading.Event()
    engine.handler("wait", lambda context: seen.wait(10) and _ok(context), "none")
    engine.handler("speak", lambda context: StepResult("x", StepStatus.SUCCESS, logs=["hello"]), "none")
    plan = engine.plan([_step("wait"), _step("speak")])
    order = []
    for event in engine.session(plan).events():
        order.append(type(event).__name__)
        if isinstance(event, StepLine):
            assert (event.step_id, event.line) == ("speak", "hello")
            seen.set()
    assert order.index("StepLine") < order.index("StepFinished")


def test_a_plan_stops_before_the_first_remote_step(engine: Any) -> None:
    """A plan of a shadow workflow runs what is local, also beside the remote step, and nothing beyond."""
    ran: Any = []
    engine.handler("look", lambda context: ran.append(context.step_id) or _ok(context), "none")
    engine.handler("beyond", lambda context: ran.append(context.step_id) or _ok(context), "remote")
    steps = [_step("look", id="a"), _step("beyond", id="r", enabled=False), _step("look", id="b"),
             _step("beyond", id="c"), _step("look", "c", id="d"), _step("beyond", id="e")]  # fmt: skip
    ended = engine.run(steps, command="plan", kind="shadow")
    assert sorted(ran) == ["a", "b"]
    assert ended.outcomes == {"a": "success", "r": "disabled", "b": "success", "c": "not-run", "d": "not-run",
                              "e": "not-run"}  # fmt: skip
    assert ended.reports["c"].reason == "reaches beyond the machine: a plan stops before it"
    assert ended.finished.status == "planned"
    assert ended.port.said[-3:-1] == ["seal", "abandon"]


def test_concurrent_steps_are_asked_for_once_and_before_any_begins(engine: Any) -> None:
    """The question comes once, before the first effect beyond the machine; a no runs nothing."""
    ran: Any = []
    asked: Any = []
    engine.handler("beyond", lambda context: ran.append(context.step_id) or _ok(context), "remote")
    steps = [_step("beyond", id="a"), _step("beyond", id="b")]
    ended = engine.run(steps, session={"confirm": lambda seal: asked.append(seal) or True})
    assert sorted(ran) == ["a", "b"]
    assert asked == [None]
    ran.clear()
    ended = engine.run(steps, session={"confirm": lambda seal: False})
    assert ran == []
    assert (ended.finished.exit_status, ended.finished.reason.partition(";")[0]) == (130, "not confirmed")
