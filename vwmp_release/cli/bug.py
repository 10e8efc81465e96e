"""What is kept of a crash: a file with the traceback and the versions, ready to paste, secrets masked."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback

from .. import __version__
from ..support.redact import masker


def written(error: BaseException) -> tuple[str, str]:
    """Write the report of a crash.

    Args:
        error: What was raised.

    Returns:
        The error in one line with the versions, and a sentence that says where the report is. Where no file can be
        written the sentence holds the whole report.
    """
    mask = masker(os.environ)
    versions = f"vwmp-release {__version__}, Python {platform.python_version()}, {platform.system()}"
    summary = mask(f"{type(error).__name__}: {error} ({versions})")
    trace = "".join(traceback.format_exception(error))  # without local variables: they may hold secrets
    report = mask(f"{versions}\narguments: {sys.argv[1:]}\n\n{trace}")
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="vwmp-release-", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
        ) as file:
            file.write(report)
    except OSError:
        return summary, f"no file could be written, so here it is:\n{report}"
    return summary, f"please report it with this file: {file.name}"
