"""One attempt at one step: the only place that catches what a handler's `execute` raises.

Whatever a handler does — raise, return rubbish, call `sys.exit`, hang past its time limit — comes out as a
`StepResult`. Only `os._exit` and memory are beyond a thread; a process would contain them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from ...errors import PermanentError, VwmpError
from ...interfaces import Annotation, StepContext, StepHandler, StepLogger, StepResult, StepStatus
from ..plugins.failure import reason, words
from .answer import MAX_ERROR, checked

TIMED_OUT = "timed out"


def attempt(
    handler: StepHandler, context: StepContext, isolation: str, timeout: float | None
) -> tuple[StepResult, bool]:
    """Run a handler once.

    Args:
        handler: The handler.
        context: Its context.
        isolation: `inline` runs in this thread unless there is a time limit; anything else in a daemon thread.
        timeout: Seconds; None for no limit.

    Returns:
        The result, with its execution time, and whether the handler still runs because it passed its time limit.
    """
    started = time.monotonic()
    logger = context.logger
    if isolation == "inline" and timeout is None:
        result, hung = guarded(lambda: handler.execute(context), context), False
    else:
        result, hung = _in_thread(handler, context, timeout)
    result.execution_time = time.monotonic() - started
    result.logs = _lines(logger, result.logs)
    return result, hung


def guarded(call: Callable[[], Any], context: StepContext) -> StepResult:
    """Call plugin code and turn whatever comes out into a result.

    Args:
        call: Runs the handler.
        context: The step's context.

    Raises:
        KeyboardInterrupt: The user stopped the run.
    """
    step_id = context.step_id
    try:
        return checked(call(), step_id)
    except KeyboardInterrupt:
        raise
    except VwmpError as error:
        annotations = []
        if error.place is not None and error.place.line:
            annotations = [Annotation(str(error.what), file=error.place.file, line=error.place.line,
                                      column=error.place.column or None)]  # fmt: skip
        return failed(step_id, words(error), permanent=isinstance(error, PermanentError), annotations=annotations)
    except SystemExit as error:
        return failed(step_id, f"the handler called sys.exit({_shown(error.code)})", permanent=True)
    except BaseException as error:
        return failed(step_id, reason(error))


def failed(
    step_id: str, error: str, *, permanent: bool = False, annotations: list[Annotation] | None = None
) -> StepResult:
    """Return the result of a step that failed.

    Args:
        step_id: The step.
        error: Why.
        permanent: Whether another attempt is useless.
        annotations: Findings with places.
    """
    return StepResult(
        step_id, StepStatus.FAILED, error=error[:MAX_ERROR], annotations=annotations or [], permanent=permanent
    )


def _in_thread(handler: StepHandler, context: StepContext, timeout: float | None) -> tuple[StepResult, bool]:
    box: list[StepResult] = []

    def work() -> None:
        try:
            box.append(guarded(lambda: handler.execute(context), context))
        except KeyboardInterrupt:  # the user's own reaches the main thread only
            box.append(failed(context.step_id, "the handler raised KeyboardInterrupt", permanent=True))

    # A daemon, because a handler that hangs must not keep the program alive.
    thread = threading.Thread(target=work, name=f"step {context.step_id}", daemon=True)
    thread.start()
    thread.join(timeout)
    if thread.is_alive() and not box:
        return failed(context.step_id, f"{TIMED_OUT} after {timeout or 0:g} s", permanent=True), True
    return box[0], False


def _lines(logger: StepLogger, logs: list[str]) -> list[str]:
    """What the handler said while it ran, then what it gave back and had not said."""
    said = [str(line) for line in list(logger.lines)]  # a copy: a handler that hangs may go on speaking
    known = set(said)
    return said + [line for line in logs if line not in known]


def _shown(code: object) -> str:
    return repr(code) if code is None or isinstance(code, int | str) else f"a {type(code).__name__}"
