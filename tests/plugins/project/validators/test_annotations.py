from __future__ import annotations

from pathlib import Path

import pytest
from vwmp_release.plugins.project.validators.annotations import Level, findings

from vwmp_release.interfaces import Annotation


def read(root: Path, *lines: str, otherwise: Level = "warning") -> list[Annotation]:
    return list(findings(lines, [root], otherwise=otherwise))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("src/a.py:3:7: error: bad", Annotation("bad", "error", "src/a.py", 3, 7)),
        ("src/a.py:3: error: bad  [code]", Annotation("bad  [code]", "error", "src/a.py", 3)),
        ("src/a b.py:3: Warning : odd", Annotation("odd", "warning", "src/a b.py", 3)),
        ("./src/../a.c:3:7: fatal error: no header", Annotation("no header", "error", "a.c", 3, 7)),
        ("a.py:3:7: note: see", Annotation("see", "notice", "a.py", 3, 7)),
        ("a.py:3:7: F401 unused", Annotation("F401 unused", "warning", "a.py", 3, 7)),
        ("\x1b[1ma.py\x1b[0m:3:7: \x1b[31mF401\x1b[0m x", Annotation("F401 x", "warning", "a.py", 3, 7)),
        ("Makefile:2:1: tabs", Annotation("tabs", "warning", "Makefile", 2, 1)),
        ("a.py:0:0: error: whole file", Annotation("whole file", "error", "a.py")),
        ("../other/a.py:3: error: bad", Annotation("../other/a.py:3: bad", "error")),
        ("::error::plain", Annotation("plain", "error")),
        (
            "  ::warning file=src/a.py,line=3,endLine=4,col=7,title=A%2CB%3A::one%0Atwo 50%25 %3A",
            Annotation("one\ntwo 50% %3A", "warning", "src/a.py", 3, 7, "A,B:"),
        ),
        ("::Notice file=a.py::x", Annotation("x", "notice", "a.py")),
        ("::error file=a%0Ab.py,line=1::x", Annotation("a\nb.py:1: x", "error")),
        ('{"file": "a.py", "line": 3, "column": 7, "level": "error", "message": "m"}',
         Annotation("m", "error", "a.py", 3, 7)),
        ('{"path": "a.js", "row": 3, "col": 7, "severity": 1, "text": "t", "ruleId": "r"}',
         Annotation("t", "warning", "a.js", 3, 7, "r")),
        (
            '{"filename": "a.py", "location": {"row": 3, "column": 7}, "code": "F401", "message": "m"}',
            Annotation("m", "warning", "a.py", 3, 7, "F401"),
        ),
        ('{"severity": "fatal", "message": "m", "line": true}', Annotation("m", "error")),
        ('{"path": "/elsewhere/a.py", "message": "m"}', Annotation("/elsewhere/a.py: m", "warning")),
    ],
)  # fmt: skip
def test_reads(tmp_path: Path, line: str, expected: Annotation) -> None:
    """Each of the known forms becomes an annotation with its place."""
    (tmp_path / "Makefile").write_text("")
    assert read(tmp_path, line) == [expected]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "12:30:45: started",
        "2026-01-31T10:30:45: started",
        "a.py:3: plain words",
        "localhost:80:1: up",
        "see https://example.org:80:1: x",
        "::add-mask::secret",
        "::error",
        "##vso[task.logissue type=error]x",
        '{"level": "info"}',
        '{"message": "just a log line"}',
        "{not json}",
        "a.py:1: error: " + "x" * 20_001,
    ],
)
def test_ignores(tmp_path: Path, line: str) -> None:
    """Lines that only look alike are no findings."""
    assert read(tmp_path, line) == []


def test_absolute_paths(tmp_path: Path) -> None:
    """Absolute paths inside the workspace become relative, also past a link; outside ones stay in the message."""
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    for base in (real, link):
        assert read(link, f"{base}/src/a.py:1: error: x")[0].file == "src/a.py"
    [outside] = read(link, f"{tmp_path}/b.py:1: error: x")
    assert (outside.file, outside.line, outside.message) == (None, None, f"{tmp_path}/b.py:1: x")
    assert read(link, f"{real}/../b.py:1: error: x")[0].file is None


def test_level_and_length(tmp_path: Path) -> None:
    """A finding without a level gets the given one; long messages are cut."""
    [found] = read(tmp_path, "a.py:1:1: " + "x" * 5000, otherwise="error")
    assert found.level == "error"
    assert (len(found.message), found.message[-1]) == (4000, "…")
