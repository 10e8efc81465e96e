"""The real standard output is for reports alone."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import Any

import pytest

from vwmp_release.cli.streams import Output, split

NOISE = """
import os, subprocess, sys
from vwmp_release.cli.streams import split
print("before")
with split() as (out, err):
    print("plugin prints")
    sys.stdout.flush()
    os.write(1, b"raw write\\n")
    subprocess.run(["echo", "child"])
    out.write("report\\n")
    err.write("note\\n")
print("after")
"""


def test_only_reports_reach_standard_output(child: Callable[..., Any]) -> None:
    """What a plugin prints, writes to descriptor 1 or has a child print goes to standard error."""
    done = child(code=NOISE)
    assert done.out == "before\nreport\nafter\n"
    assert set(done.err.splitlines()) == {"plugin prints", "raw write", "child", "note"}


def test_without_standard_output(child: Callable[..., Any]) -> None:
    """A closed standard output is no error."""
    code = "import sys; sys.stdout = None\n" + NOISE.replace('print("before")', "").replace('print("after")', "")
    done = child(code=code)
    assert done.status == 0
    assert "report" not in done.out + done.err


class Broken(io.StringIO):
    """A stream whose reader has gone."""

    def write(self, text: str) -> int:
        """Fail."""
        raise BrokenPipeError

    def flush(self) -> None:
        """Fail."""
        raise BrokenPipeError


def test_a_reader_that_goes_away() -> None:
    """A closed pipe ends the output, not the run."""
    for stream in (Output(Broken()), Output(Broken())):
        stream.flush()
        assert stream.write("x") == 1
        assert not stream.isatty()
        with pytest.raises(OSError, match="closed"):
            stream.fileno()
    writer = Output(Broken())
    writer.write("x")
    assert writer.encoding == "utf-8"


def test_head_ends_quietly(child: Callable[..., Any]) -> None:
    """Output into a pipe that is closed early leaves no traceback."""
    code = """
import os, sys
from vwmp_release.cli.streams import split
read, write = os.pipe()
os.dup2(write, 1); os.close(write); os.close(read)
with split() as (out, err):
    for _ in range(3):
        out.write("x" * 100_000); out.flush()
print("unseen")
sys.stdout.flush()
"""
    done = child(code=code)
    assert "Traceback" not in done.err or "BrokenPipe" in done.err.splitlines()[-1]


def test_characters_beyond_the_encoding() -> None:
    """What the stream cannot hold is written as an escape."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", errors="strict")
    output = Output(stream)
    output.write("née →\n")
    output.flush()
    assert raw.getvalue() == b"n\\xe9e \\u2192\n"
    assert output.encoding == "ascii"


def test_without_a_descriptor(capsys: pytest.CaptureFixture[str]) -> None:
    """Where standard output is an object, the object is kept and `print` goes to standard error."""
    real = sys.stdout
    with split() as (out, _):
        print("noise")
        out.write("report\n")
    assert sys.stdout is real
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("report\n", "noise\n")


def test_another_descriptor(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where standard output is a file of its own, descriptor 1 stays as it is."""
    with (tmp_path / "f").open("w", encoding="utf-8") as file:
        monkeypatch.setattr(sys, "stdout", file)
        with split() as (out, _):
            out.write("report\n")
            assert out.fileno() == file.fileno()
        os.fstat(1)
    assert (tmp_path / "f").read_text(encoding="utf-8") == "report\n"
