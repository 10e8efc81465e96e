"""Runs child processes: argument lists only, own process group, wall limit, both streams kept."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple, cast

from ..errors import ProcessError

_POSIX = os.name != "nt"
_FLAGS = 0 if _POSIX else 0x200
"""Own process group: a new session, or CREATE_NEW_PROCESS_GROUP."""
_SHOWN = 4000
"""Characters of a stream that an error message keeps."""


class Completed(NamedTuple):
    """A child process that ended.

    Args:
        argv: The command.
        returncode: Its exit status; negative for a signal.
        stdout: Its output, raw.
        stderr: Its error output, raw.
        timed_out: Whether it was killed at its time limit.
    """

    argv: tuple[str, ...]
    returncode: int
    stdout: bytes
    stderr: bytes
    timed_out: bool = False

    @property
    def text(self) -> str:
        """The output as text, without the last newline."""
        return self.stdout.decode("utf-8", "replace").removesuffix("\n")

    @property
    def error_text(self) -> str:
        """The error output as text, stripped."""
        return self.stderr.decode("utf-8", "replace").strip()


def run(
    argv: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    timeout: float | None = None,
    check: bool = True,
) -> Completed:
    """Run a command to its end.

    Args:
        argv: Program and arguments; never given to a shell.
        cwd: Folder to run in.
        env: The whole environment; None hands ours on.
        stdin: What the command reads.
        timeout: Seconds after which its whole process group is killed.
        check: Whether a failure raises.

    Raises:
        ProcessError: It could not be started, or `check` is set and it failed or ran out of time.
    """
    process = _unstarted()
    timed_out = False
    try:
        _start(process, argv, cwd=cwd, env=env, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = process.communicate(stdin, timeout=timeout)
    except subprocess.TimeoutExpired:
        timed_out = True
        kill_group(process)
        out, err = process.communicate()
    except BaseException:
        _end(process)
        raise
    done = Completed(tuple(argv), process.returncode, out, err, timed_out)
    if check:
        raise_for_status(done, timeout)
    return done


def raise_for_status(done: Completed, timeout: float | None = None) -> None:
    """Raise if the command failed.

    Args:
        done: The ended command.
        timeout: Its time limit in seconds, for the message.

    Raises:
        ProcessError: It failed or was killed at its time limit.
    """
    if done.returncode == 0 and not done.timed_out:
        return
    name = " ".join(done.argv[:4])
    what = f"{name} did not end within {timeout:g} s" if done.timed_out and timeout else f"{name} failed"
    status = None if done.timed_out else done.returncode
    raise ProcessError(
        what if done.timed_out else f"{what} with status {status}", done.argv, status, done.text[-_SHOWN:],
        done.error_text[-_SHOWN:],
    )  # fmt: skip


@contextmanager
def stream(
    argv: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> Iterator[IO[bytes]]:
    """Start a command whose output is read while it runs.

    Args:
        argv: Program and arguments.
        cwd: Folder to run in.
        env: The whole environment; None hands ours on.

    Yields:
        Its output; reading may stop early, the command is then killed.

    Raises:
        ProcessError: It could not be started, or failed after its output was read to the end.
    """
    import tempfile  # lazily: only streams need a place for the error output

    with tempfile.TemporaryFile() as errors:
        process = _unstarted()
        ended = False
        try:
            _start(process, argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stderr=errors)
            stdout = cast("IO[bytes]", process.stdout)
            with stdout:
                yield stdout
                ended = not stdout.closed and not stdout.read(1)
                if ended:
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(5)
        finally:
            _end(process)
        if ended and process.returncode:
            errors.seek(0)
            raise_for_status(Completed(tuple(argv), process.returncode, b"", errors.read()))


def _unstarted() -> subprocess.Popen[bytes]:
    """A process to be started: known before it runs, so that a signal while it is being started does not lose it."""
    process: subprocess.Popen[bytes] = subprocess.Popen.__new__(subprocess.Popen)
    return process


def _start(
    process: subprocess.Popen[bytes],
    argv: Sequence[str],
    *,
    cwd: Path | None,
    env: Mapping[str, str] | None,
    stdin: int,
    stderr: int | IO[bytes],
) -> None:
    """Start a process in a group of its own, its output piped."""
    try:
        subprocess.Popen.__init__(
            process, argv, cwd=cwd, env=env, stdin=stdin, stdout=subprocess.PIPE, stderr=stderr,
            start_new_session=_POSIX, creationflags=_FLAGS,
        )  # fmt: skip
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise ProcessError(f"cannot start {argv[0]}: {why}", argv, None, "", "") from error


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its group, if it was started and still runs."""
    if getattr(process, "pid", None) is not None and process.poll() is None:
        kill_group(process)
        process.wait()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a child and everything it started.

    Args:
        process: A child started by this module.
    """
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
