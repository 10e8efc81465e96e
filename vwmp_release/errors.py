"""Every deliberate error of vwmp-release: what happened, why, what to do next, where; nothing here prints.

Not for bugs: an exception that is no `VwmpError` is ours, and ends with exit status 70.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

EXIT_OK = 0
EXIT_STEP_FAILED = 1
EXIT_CONFIG = 2
EXIT_NOTHING_STRICT = 3
EXIT_BLOCKED = 4
EXIT_REMOTE_REFUSED = 5
EXIT_IN_DOUBT = 6
EXIT_BUG = 70
EXIT_INTERRUPTED = 130


class Place(NamedTuple):
    """A position in a text file; `line` and `column` count from 1, 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"


class Problem(NamedTuple):
    """One finding in a configuration, a workflow or a plugin.

    `where` names the thing (`workflows.docs.steps[2].retry`), `what` says what is wrong with it.
    """

    what: str
    where: str = ""
    place: Place | None = None
    hint: str = ""

    def __str__(self) -> str:
        parts = [str(self.place)] if self.place else []
        parts += [self.where] if self.where else []
        text = ": ".join([*parts, self.what])
        return f"{text}\n    {self.hint}" if self.hint else text


class VwmpError(Exception):
    """An expected failure with words for the user.

    Args:
        what: What happened, one sentence without a full stop.
        why: The reason, where it is known.
        hint: What to do next; a command where there is one.
        place: The file position it is about.
    """

    slug = "error"
    exit_status = EXIT_STEP_FAILED

    def __init__(self, what: str, *, why: str = "", hint: str = "", place: Place | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.hint = hint
        self.place = place

    def __str__(self) -> str:
        text = f"{self.place}: {self.what}" if self.place else self.what
        return f"{text}: {self.why}" if self.why else text


class UsageError(VwmpError):
    """The command line, or the folder it was called in, does not fit."""

    slug = "usage"
    exit_status = EXIT_CONFIG


class ConfigError(VwmpError):
    """The configuration, a workflow or a plugin is wrong; carries all problems at once.

    Args:
        problems: The findings, in the order of the file where they have places; at least one.
    """

    slug = "configuration"
    exit_status = EXIT_CONFIG

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class PluginError(VwmpError):
    """A plugin cannot be loaded, or breaks the contract of its interface."""

    slug = "plugin"
    exit_status = EXIT_CONFIG


class Blocked(VwmpError):
    """Refused before any write; nothing changed."""

    slug = "blocked"
    exit_status = EXIT_BLOCKED


class RemoteRefused(VwmpError):
    """The remote refused the push; undone."""

    slug = "remote-refused"
    exit_status = EXIT_REMOTE_REFUSED


class InDoubt(VwmpError):
    """Nobody knows yet whether the remote has the release."""

    slug = "in-doubt"
    exit_status = EXIT_IN_DOUBT


class Interrupted(VwmpError):
    """The user, or a signal, stopped the run; undone."""

    slug = "interrupted"
    exit_status = EXIT_INTERRUPTED


class StepError(VwmpError):
    """A step cannot do its work; a handler may raise it instead of returning a failed result."""

    slug = "step"


class PermanentError(StepError):
    """A step failed in a way that another attempt cannot change: it is not retried."""

    slug = "step-permanent"


class ProcessError(StepError):
    """A child process failed, timed out or could not be started.

    Args:
        argv: The command, as it was started.
        returncode: Its exit status; None when it was not started or was killed at its time limit.
        stdout: What it printed, cut to a readable length.
        stderr: Its error output, cut likewise.
    """

    slug = "process"

    def __init__(self, what: str, argv: Sequence[str], returncode: int | None, stdout: str, stderr: str) -> None:
        super().__init__(what, why=(stderr or stdout).strip())
        self.argv = tuple(argv)
        self.returncode = returncode
        self.stdout = stdout
        self.stderr = stderr


def nearest(name: str, known: Sequence[str]) -> str:
    """Return a hint that names the nearest known name, or an empty string.

    Args:
        name: The name that is not known.
        known: The names that would have been right.

    Returns:
        `did you mean 'x'?`, or the known names where none is near and they are few.
    """
    import difflib  # lazily: only needed once something is wrong

    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"known: {', '.join(sorted(known))}" if 0 < len(known) <= 12 else ""
