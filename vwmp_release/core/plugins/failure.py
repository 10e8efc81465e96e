"""What plugin code did wrong, in words; and the way to ask it something without falling with it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

from ...errors import PluginError, VwmpError

T = TypeVar("T")
_ENGINE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_LIBRARY = os.path.dirname(os.path.abspath(os.__file__))


def asked(call: Callable[[], T], what: str) -> T:
    """Ask plugin code something beside running a step.

    Args:
        call: Asks it.
        what: What is asked, for the message.

    Raises:
        PluginError: It raised something, whatever it was.
        KeyboardInterrupt: The user stopped the program.
    """
    try:
        return call()
    except (PluginError, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise PluginError(f"{what} failed", why=reason(error)) from error


def reason(error: BaseException) -> str:
    """Say what plugin code raised, and on which of its lines.

    Args:
        error: What it raised.
    """
    return f"{type(error).__name__}: {words(error)}{_place(error)}"


def words(error: BaseException) -> str:
    """Return an exception's own text, even where it has none to give.

    Args:
        error: The exception.
    """
    try:
        if isinstance(error, SyntaxError):
            return str(error.msg)
        if isinstance(error, VwmpError) and error.hint:
            return f"{error}\n{error.hint}"
        return str(error)
    except Exception:
        return "(its text cannot be read)"


def _place(error: BaseException) -> str:
    """The last line that belongs neither to the engine nor to the standard library."""
    if isinstance(error, SyntaxError) and error.filename:
        return f" ({_short(error.filename)}:{error.lineno})"
    found = ""
    traceback = error.__traceback__
    while traceback is not None:
        name = traceback.tb_frame.f_code.co_filename
        if not _is_foreign(name):
            found = f" ({_short(name)}:{traceback.tb_lineno})"
        traceback = traceback.tb_next
    return found


def _is_foreign(name: str) -> bool:
    if name.startswith("<frozen"):
        return True
    if name.startswith(_ENGINE + os.sep):
        return not name.startswith(os.path.join(_ENGINE, "plugins") + os.sep)
    return name.startswith(_LIBRARY + os.sep) and "-packages" not in name


def _short(name: str) -> str:
    return "/".join(name.replace("\\", "/").split("/")[-3:])
