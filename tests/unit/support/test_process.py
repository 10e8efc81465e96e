from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vwmp_release.errors import ProcessError
from vwmp_release.support import process

PYTHON = sys.executable


def _gone(pid: int) -> bool:
    """Whether a process is gone, or only waits to be collected by whoever inherited it."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state in "ZX"


def _eventually(check: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not check() and time.monotonic() < deadline:
        time.sleep(0.01)
    return check()


def test_both_streams_and_the_status_are_kept() -> None:
    """A command's output, error output and status come back, and its input reaches it."""
    code = "import sys; print(sys.stdin.read()); print('odd', file=sys.stderr); sys.exit(3)"
    done = process.run([PYTHON, "-c", code], stdin=b"given", check=False)
    assert (done.returncode, done.text, done.error_text, done.timed_out) == (3, "given", "odd", False)


def test_folder_and_environment_are_the_callers(tmp_path: Path) -> None:
    """A command runs where and with what the caller says, and nothing goes through a shell."""
    code = "import os, sys; print(os.getcwd(), os.environ.get('X'), sys.argv[1])"
    done = process.run([PYTHON, "-c", code, "$HOME; *"], cwd=tmp_path, env={"X": "y"})
    assert done.text == f"{tmp_path} y $HOME; *"


def test_a_failure_raises_with_the_reason() -> None:
    """A failed command is an error with its command, status and error output, cut to a readable length."""
    with pytest.raises(ProcessError, match=r"failed with status 5") as caught:
        process.run([PYTHON, "-c", "import sys; sys.stderr.write('x' * 9000); sys.exit(5)"])
    assert caught.value.returncode == 5
    assert caught.value.argv[0] == PYTHON
    assert len(caught.value.stderr) == 4000


def test_a_command_that_is_not_there(tmp_path: Path) -> None:
    """What cannot be started is an error, also for a stream."""
    with pytest.raises(ProcessError, match="cannot start no-such-program: No such file") as caught:
        process.run(["no-such-program"])
    assert caught.value.returncode is None
    with pytest.raises(ProcessError, match="cannot start no-such-program"), process.stream(["no-such-program"]):
        pass
    with pytest.raises(ProcessError, match="cannot start"):
        process.run([PYTHON], cwd=tmp_path / "nowhere")


@pytest.mark.skipif(os.name == "nt", reason="/proc")
def test_at_its_time_limit_a_command_ends_with_everything_it_started(tmp_path: Path) -> None:
    """A command that passes its limit is killed together with its children, which hold its output open."""
    child = f"import subprocess, sys, time; p = subprocess.Popen([{PYTHON!r}, '-c', 'import time; time.sleep(600)']);"
    code = f"{child} open('pid', 'w').write(str(p.pid)); print('begun', flush=True); time.sleep(600)"
    with pytest.raises(ProcessError, match="did not end within 2 s") as caught:
        process.run([PYTHON, "-c", code], cwd=tmp_path, timeout=2)
    assert caught.value.returncode is None
    assert caught.value.stdout == "begun"
    assert _eventually(lambda: _gone(int((tmp_path / "pid").read_text())))
    done = process.run([PYTHON, "-c", "import time; time.sleep(600)"], timeout=0.1, check=False)
    assert done.timed_out


@pytest.mark.skipif(os.name == "nt", reason="/proc")
def test_an_interrupt_kills_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while a command runs leaves no command behind."""
    made: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen.communicate

    def communicate(self: subprocess.Popen[bytes], *args: object, **kwargs: object) -> object:
        made.append(self)
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess.Popen, "communicate", communicate)
    with pytest.raises(KeyboardInterrupt):
        process.run([PYTHON, "-c", "import time; time.sleep(600)"])
    assert made[0].poll() is not None
    assert real is not None


def test_a_stream_is_read_while_the_command_runs() -> None:
    """Output comes as it is written; a command read to its end must have succeeded."""
    gate = "import sys; print('one', flush=True); print('two', flush=True)"
    with process.stream([PYTHON, "-c", gate]) as output:
        assert [line.strip() for line in output] == [b"one", b"two"]
    with (
        pytest.raises(ProcessError, match="failed with status 4") as caught,
        process.stream([PYTHON, "-c", "import sys; print('x'); print('why', file=sys.stderr); sys.exit(4)"]) as output,
    ):
        output.read()
    assert caught.value.stderr == "why"


@pytest.mark.skipif(os.name == "nt", reason="/proc")
@pytest.mark.parametrize("closes", [True, False])
def test_a_stream_may_be_left_early(tmp_path: Path, closes: bool) -> None:
    """A command whose output is not read to the end is killed, without an error."""
    code = "import os\nopen('pid', 'w').write(str(os.getpid()))\nwhile True: print('x' * 1000, flush=True)"
    with process.stream([PYTHON, "-c", code], cwd=tmp_path) as output:
        assert output.readline()
        if closes:
            output.close()
    assert _eventually(lambda: _gone(int((tmp_path / "pid").read_text())))


def test_an_error_while_reading_a_stream_passes() -> None:
    """What the reader raises comes out, and the command is gone."""
    with pytest.raises(ValueError, match="mine"), process.stream([PYTHON, "-c", "print('x')"]) as output:
        output.read()
        raise ValueError("mine")


def test_killing_twice_is_no_error() -> None:
    """A process that is gone already can be killed all the same."""
    child = subprocess.Popen([PYTHON, "-c", ""], start_new_session=True)
    child.wait()
    process.kill_group(child)
    assert child.returncode == 0


def test_commands_run_in_threads_too() -> None:
    """Nothing in here needs the main thread."""
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(process.run([PYTHON, "-c", "print(1)"], timeout=60).text))
    thread.start()
    thread.join()
    assert found == ["1"]


def test_a_signal_while_a_child_is_being_started_does_not_lose_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interruption that comes when the child runs and its starter does not know it yet still ends the child."""
    started: list[int] = []
    original = subprocess.Popen._execute_child  # type: ignore[attr-defined]

    def interrupted(self: Any, *args: Any) -> None:
        original(self, *args)
        started.append(self.pid)
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess.Popen, "_execute_child", interrupted)
    with pytest.raises(KeyboardInterrupt):
        process.run([sys.executable, "-c", "import time; time.sleep(600)"])
    with pytest.raises(ProcessLookupError):
        os.kill(started[0], 0)


def test_an_argument_that_no_program_can_take() -> None:
    """A NUL byte in an argument is an error with words."""
    with pytest.raises(ProcessError, match="cannot start"):
        process.run([sys.executable, "a\0b"])
