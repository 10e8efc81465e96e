"""Where errors end: words, statuses and documents for each kind."""

from __future__ import annotations

import json
import signal
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from vwmp_release.cli import boundary, bug
from vwmp_release.errors import (
    Blocked,
    ConfigError,
    InDoubt,
    Interrupted,
    PermanentError,
    Place,
    PluginError,
    Problem,
    RemoteRefused,
    UsageError,
    VwmpError,
)


def raising(error: BaseException) -> Callable[[], int]:
    """Return a program that raises."""

    def program() -> int:
        raise error

    return program


@pytest.mark.parametrize(
    ("error", "status", "word", "code"),
    [
        (UsageError("x"), 2, "failed", "usage"), (ConfigError([Problem("x")]), 2, "failed", "configuration"),
        (PluginError("x"), 2, "failed", "plugin"), (Blocked("x"), 4, "blocked", "blocked"),
        (RemoteRefused("x"), 5, "refused", "remote-refused"), (InDoubt("x"), 6, "in-doubt", "in-doubt"),
        (Interrupted("x"), 130, "interrupted", "interrupted"), (PermanentError("x"), 1, "failed", "step-permanent"),
        (KeyboardInterrupt(), 130, "interrupted", "interrupted"), (click.Abort(), 130, "interrupted", "interrupted"),
        (click.UsageError("x"), 2, "failed", "usage"), (click.ClickException("x"), 2, "failed", "usage"),
        (ValueError("x"), 70, "failed", "bug"),
    ],
)  # fmt: skip
def test_statuses(
    error: BaseException, status: int, word: str, code: str, capsys: pytest.CaptureFixture[str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Every kind of error has its exit status; with --json it is one document on standard output."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert boundary.call(raising(error), as_json=True) == status
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert (document["kind"], document["status"], document["code"], document["exit_status"]) == (
        "error",
        word,
        code,
        status,
    )
    assert document["problems"][0]["what"]
    assert boundary.call(raising(error)) == status
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "error: " in captured.err
    assert "Traceback" not in captured.err


@pytest.mark.parametrize(("result", "status"), [(None, 0), (0, 0), (3, 3)])
def test_results(result: int | None, status: int) -> None:
    """What the program returns is the exit status."""
    assert boundary.call(lambda: result) == status


def test_words(capsys: pytest.CaptureFixture[str]) -> None:
    """An error says place, what, why and what to do next; nothing in it acts on the terminal."""
    error = VwmpError("cannot \x1b[2J", why="because\nof this", hint="do that", place=Place("a.yaml", 3, 1))
    boundary.call(raising(error))
    assert capsys.readouterr().err == ("error: a.yaml:3:1: cannot \\x1b[2J\n    because\n    of this\n  → do that\n")


def test_every_problem_on_its_own_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A configuration error lists all its problems with their places and fixes, then counts them."""
    problems = [Problem("must be 1", "retry", Place("a.yaml", 2, 5), "write 1"), Problem("odd\nsecond")]
    boundary.call(raising(ConfigError(problems)))
    assert capsys.readouterr().err == (
        "a.yaml:2:5: retry: must be 1\n    write 1\nodd\n    second\nerror: 2 problems in the configuration\n"
    )


def test_a_bug_leaves_a_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The traceback goes to a file, with versions, without secrets and without local variables."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("A_TOKEN", "opensesame")
    assert boundary.call(raising(RuntimeError("no opensesame"))) == 70
    (file,) = tmp_path.iterdir()
    text = file.read_text(encoding="utf-8")
    assert "Traceback" in text
    assert "RuntimeError: no ***" in text
    assert "vwmp-release " in text
    said = capsys.readouterr().err
    assert str(file) in said
    assert "opensesame" not in text + said


def test_a_bug_without_a_place_for_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no file can be written, the report itself is shown."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    summary, where = bug.written(RuntimeError("x"))
    assert summary.startswith("RuntimeError: x (vwmp-release ")
    assert where.startswith("no file could be written, so here it is:\n")
    assert "RuntimeError: x" in where


def test_secrets_in_errors(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Words and documents of errors hold no secret."""
    monkeypatch.setenv("A_TOKEN", "opensesame")
    boundary.call(raising(Blocked("cannot fetch https://x:opensesame@host", why="opensesame")), as_json=True)
    captured = capsys.readouterr()
    assert "opensesame" not in captured.out + captured.err


def test_annotations_under_a_runner(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Under GitHub Actions every problem is an annotation with file and line."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    boundary.call(raising(ConfigError([Problem("must be 1", "a", Place("c.yaml", 2, 3), "write 1")])))
    assert "::error file=c.yaml,line=2,col=3,title=a::must be 1%0Awrite 1\n" in capsys.readouterr().err


def test_termination_is_an_interruption(child: Callable[..., Any]) -> None:
    """SIGTERM runs what has to be cleaned up and ends with 130."""
    code = """
import os, signal, sys
from vwmp_release.cli import boundary
def program():
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        for _ in range(1000): pass
    finally:
        print("cleaned")
sys.exit(boundary.call(program))
"""
    done = child(code=code)
    assert (done.status, done.out) == (130, "cleaned\n")
    assert done.err.startswith("error: interrupted")


def test_the_handler_is_put_back() -> None:
    """The signal handler of whoever calls the program is as before; other threads have none to set."""
    before = signal.getsignal(signal.SIGTERM)
    boundary.call(lambda: 0)
    assert signal.getsignal(signal.SIGTERM) is before
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(boundary.call(lambda: 3)))
    thread.start()
    thread.join()
    assert found == [3]


def test_a_reader_that_goes_away(child: Callable[..., Any]) -> None:
    """A closed pipe ends without words."""
    code = """
import sys
from vwmp_release.cli import boundary
def program():
    raise BrokenPipeError
sys.exit(boundary.call(program))
"""
    done = child(code=code)
    assert (done.status, done.out, done.err) == (141, "", "")
