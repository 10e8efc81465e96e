from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vwmp_release.core.execution.attempt import attempt, guarded
from vwmp_release.errors import PermanentError, Place, StepError
from vwmp_release.interfaces import Annotation, StepContext, StepResult, StepStatus


class _Odd(BaseException):
    pass


class _Mute(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


def _raises(error: BaseException) -> Callable[[StepContext], Any]:
    def execute(context: StepContext) -> Any:
        raise error

    return execute


def _returns(value: Any) -> Callable[[StepContext], Any]:
    return lambda context: value


def _result(**fields: Any) -> StepResult:
    return StepResult(**{"step_id": "other", "status": StepStatus.SUCCESS, **fields})


class _Handler:
    def __init__(self, execute: Callable[[StepContext], Any]) -> None:
        self.execute = execute


@pytest.fixture
def context(tmp_path: Path) -> StepContext:
    """A context without anything in it."""
    return StepContext("run", "w", "step", "Step", {}, {}, tmp_path, {}, {})


def _attempt(execute: Callable[[StepContext], Any], context: StepContext, isolation: str = "inline") -> StepResult:
    handler: Any = _Handler(execute)
    result, hung = attempt(handler, context, isolation, None)
    assert not hung
    return result


_NESTED: list[Any] = []
_NESTED.append(_NESTED)

MISBEHAVIOUR = [
    (_raises(ValueError("bad luck")), r"^ValueError: bad luck \(.*test_attempt.py:\d+\)$", False),
    (_raises(_Odd("strange")), r"^_Odd: strange", False),
    (_raises(GeneratorExit()), r"^GeneratorExit", False),
    (_raises(_Mute()), r"^_Mute: \(its text cannot be read\)", False),
    (_raises(RecursionError("deep")), r"^RecursionError: deep", False),
    (_raises(SystemExit(3)), r"the handler called sys.exit\(3\)", True),
    (_raises(SystemExit()), r"sys.exit\(None\)", True),
    (_raises(SystemExit(_Mute())), r"sys.exit\(a _Mute\)", True),
    (_raises(StepError("no", why="because", hint="do that")), r"^no: because\ndo that$", False),
    (_raises(PermanentError("never")), r"^never$", True),
    (_returns(None), r"the handler returned nothing, not a StepResult", True),
    (_returns({"status": "success"}), r"returned a dict, not a StepResult", True),
    (_returns(_result(status=StepStatus.RUNNING)), r"returned the status running", True),
    (_returns(_result(status=StepStatus.PENDING)), r"returned the status pending", True),
    (_returns(_result(status="success")), r"returned the status a str", True),
    (_returns(_result(output=[1])), r"gave a list as output, not a mapping", True),
    (_returns(_result(output={"a": _NESTED})), r"nested more than 100 levels", True),
    (_returns(_result(status=StepStatus.FAILED)), r"the handler gave no reason", False),
    (_returns(_result(logs=[_Mute()])), r"RuntimeError: no words", False),
]


@pytest.mark.parametrize("isolation", ["inline", "thread"])
@pytest.mark.parametrize(("execute", "reason", "is_permanent"), MISBEHAVIOUR)
def test_whatever_a_handler_does_is_a_failed_step(
    context: StepContext,
    execute: Callable[[StepContext], Any],
    reason: str,
    is_permanent: bool,
    isolation: str,
) -> None:
    """Raising, exiting and returning rubbish end as a failed result with the reason, inline and in a thread."""
    result = _attempt(execute, context, isolation)
    assert result.status is StepStatus.FAILED
    assert result.step_id == "step"
    assert result.permanent is is_permanent
    assert result.execution_time is not None
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(result.error)


def test_an_error_with_a_place_becomes_an_annotation(context: StepContext) -> None:
    """The place of a raised error is kept as an annotation; one without a line is none."""
    result = _attempt(_raises(StepError("wrong", place=Place("a.py", 3, 5))), context)
    assert result.annotations == [Annotation("wrong", file="a.py", line=3, column=5)]
    assert _attempt(_raises(StepError("wrong", place=Place("a.py"))), context).annotations == []


@pytest.mark.parametrize(
    ("logs", "lines"),
    [("one\ntwo", ["one", "two"]), (("a", 5), ["a", "5"]), (None, []), (7, ["7"]), ([], [])],
)
def test_logs_are_made_lines(context: StepContext, logs: Any, lines: list[str]) -> None:
    """Logs in another form than a list of texts are kept as lines."""
    assert _attempt(_returns(_result(logs=logs)), context).logs == lines


def test_annotations_are_made_well_formed(context: StepContext) -> None:
    """What is no annotation is left out, and wrong levels, lines and texts are mended."""
    odd: Any = Annotation(5, level="grave", file=Path("a.py"), line="7", column=0, title=None)  # type: ignore[arg-type]
    result = _attempt(_returns(_result(annotations=[odd, "rubbish"])), context)
    assert result.annotations == [Annotation("5", level="error", file="a.py")]
    assert _attempt(_returns(_result(annotations="rubbish")), context).annotations == []


def test_a_result_is_a_copy(context: StepContext) -> None:
    """The handler keeps nothing of its result: what it changes later changes nothing, and keys are texts."""
    output: Any = {"list": [1, (2, 3)], 5: {"inner": "x"}}
    given = _result(output=output, permanent="yes")
    result = _attempt(_returns(given), context)
    output["list"].append("later")
    assert result.output == {"list": [1, [2, 3]], "5": {"inner": "x"}}
    assert given.step_id == "other"
    assert result.permanent is False


def test_said_lines_come_before_returned_ones(context: StepContext) -> None:
    """What the handler said while it ran stands before what it returned, and nothing stands twice."""

    def execute(context: StepContext) -> StepResult:
        context.logger.info("reading")
        context.logger.warning("odd")
        context.logger = None  # type: ignore[assignment]
        return _result(logs=["warning: odd", "done", "done"])

    assert _attempt(execute, context).logs == ["reading", "warning: odd", "done", "done"]


def test_errors_are_cut(context: StepContext) -> None:
    """An endless error text is kept to a readable length."""
    assert len(_attempt(_raises(ValueError("x" * 100_000)), context).error or "") == 20_000
    assert len(_attempt(_returns(_result(error="x" * 100_000)), context).error or "") == 20_000


@pytest.mark.parametrize("isolation", ["inline", "thread"])
def test_a_handler_that_passes_its_time_limit_hangs(context: StepContext, isolation: str) -> None:
    """A time limit ends the waiting with a permanent failure, and says that the handler still runs."""
    release = threading.Event()

    def execute(context: StepContext) -> StepResult:
        release.wait(30)
        return _result()

    handler: Any = _Handler(execute)
    result, hung = attempt(handler, context, isolation, 0.05)
    release.set()
    assert hung
    assert (result.status, result.error, result.permanent) == (StepStatus.FAILED, "timed out after 0.05 s", True)


def test_a_handler_within_its_time_limit_is_as_any_other(context: StepContext) -> None:
    """A time limit that is kept changes nothing."""
    handler: Any = _Handler(_returns(_result(output={"a": 1})))
    result, hung = attempt(handler, context, "inline", 30)
    assert (result.status, result.output, hung) == (StepStatus.SUCCESS, {"a": 1}, False)


def test_the_users_interrupt_passes(context: StepContext) -> None:
    """KeyboardInterrupt in the main thread is the user's; one raised in a handler's thread is the handler's."""
    with pytest.raises(KeyboardInterrupt):
        guarded(lambda: _raises(KeyboardInterrupt())(context), context)
    result = _attempt(_raises(KeyboardInterrupt()), context, "thread")
    assert result.error == "the handler raised KeyboardInterrupt"


def test_the_line_of_the_plugin_is_named_not_that_of_the_library(context: StepContext) -> None:
    """An error that the standard library raises is blamed on the line that called it."""
    import json

    assert "test_attempt.py" in (_attempt(lambda context: json.loads("{"), context).error or "")
