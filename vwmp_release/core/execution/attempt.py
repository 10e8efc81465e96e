"""One attempt at one step: the only place that catches a plugin's exception.

Whatever a handler does — raise, return rubbish, call `sys.exit`, hang past its time limit — comes out as a
`StepResult`. Only `os._exit` and memory are beyond a thread; a process would contain them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from ...errors import PermanentError, VwmpError
from ...interfaces import Annotation, StepContext, StepHandler, StepResult, StepStatus

TIMED_OUT = "timed out"
_ENDED = (StepStatus.SUCCESS, StepStatus.FAILED, StepStatus.SKIPPED)
_MAX_ERROR = 20_000
"""Characters of an error text that are kept."""


def attempt(
    handler: StepHandler, context: StepContext, isolation: str, timeout: float | None
) -> tuple[StepResult, bool]:
    """Run a handler once.

    Args:
        handler: The handler.
        context: Its context.
        isolation: `inline` runs in this thread and knows no time limit; anything else in a daemon thread.
        timeout: Seconds; None for no limit.

    Returns:
        The result, with its execution time, and whether the handler still runs because it passed its time limit.
    """
    started = time.monotonic()
    if isolation == "inline" and timeout is None:
        result, hung = guarded(lambda: handler.execute(context), context), False
    else:
        result, hung = _in_thread(handler, context, timeout)
    result.execution_time = time.monotonic() - started
    result.logs = [*result.logs, *(line for line in context.logger.lines if line not in result.logs)]
    return result, hung


def guarded(call: Callable[[], Any], context: StepContext) -> StepResult:
    """Call plugin code and turn whatever comes out into a result.

    Args:
        call: Runs the handler.
        context: The step's context.

    Raises:
        KeyboardInterrupt: The user stopped the run.
    """
    try:
        return _checked(call(), context)
    except KeyboardInterrupt:
        raise
    except VwmpError as error:
        hint = f"\n{error.hint}" if error.hint else ""
        annotations = []
        if error.place is not None and error.place.line:
            annotations = [Annotation(str(error.what), file=error.place.file, line=error.place.line,
                                      column=error.place.column or None)]  # fmt: skip
        return _failed(context, f"{error}{hint}", isinstance(error, PermanentError), annotations)
    except SystemExit as error:
        return _failed(context, f"the handler called sys.exit({error.code!r})", permanent=True)
    except BaseException as error:
        return _failed(context, f"{type(error).__name__}: {error}{_line_of(error)}")


def _in_thread(handler: StepHandler, context: StepContext, timeout: float | None) -> tuple[StepResult, bool]:
    box: list[StepResult] = []
    thread = threading.Thread(
        target=lambda: box.append(guarded(lambda: handler.execute(context), context)),
        name=f"step {context.step_id}",
        daemon=True,  # a handler that hangs must not keep the program alive
    )
    thread.start()
    thread.join(timeout)
    if box:
        return box[0], False
    if thread.is_alive():
        return _failed(context, f"{TIMED_OUT} after {timeout:g} s", permanent=True), True
    return _failed(context, "the handler's thread was interrupted"), False


def _checked(result: Any, context: StepContext) -> StepResult:
    if not isinstance(result, StepResult):
        return _failed(context, f"the handler returned {_kind(result)}, not a StepResult", permanent=True)
    if result.status not in _ENDED:
        return _failed(context, f"the handler returned the status {result.status!r}", permanent=True)
    if result.output is not None and not isinstance(result.output, dict):
        return _failed(context, f"the handler's output is {_kind(result.output)}, not a mapping", permanent=True)
    result.step_id = context.step_id
    result.logs = [str(line) for line in result.logs] if isinstance(result.logs, list) else [str(result.logs)]
    kept = result.annotations if isinstance(result.annotations, list) else []
    result.annotations = [item for item in kept if isinstance(item, Annotation)]
    result.error = None if result.error is None else str(result.error)[:_MAX_ERROR]
    if result.status is StepStatus.FAILED and not result.error:
        result.error = "the handler gave no reason"
    return result


def _failed(
    context: StepContext, error: str, permanent: bool = False, annotations: list[Annotation] | None = None
) -> StepResult:
    return StepResult(
        context.step_id,
        StepStatus.FAILED,
        error=error[:_MAX_ERROR],
        annotations=annotations or [],
        permanent=permanent,
    )


def _kind(value: Any) -> str:
    return "nothing" if value is None else f"a {type(value).__name__}"


def _line_of(error: BaseException) -> str:
    """The last line of plugin code that was running, so that its author finds it."""
    traceback = error.__traceback__
    if traceback is None:
        return ""
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    name = traceback.tb_frame.f_code.co_filename.replace("\\", "/")
    return f" ({'/'.join(name.split('/')[-3:])}:{traceback.tb_lineno})"
