"""Diffs for people."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any


def test_kinds_of_changes(project: Any, release: Any) -> None:
    """Binary, huge, empty, retyped and nested changes are described within bounds, each beside its path."""
    project.commit("feat: kinds", {"image": b"\x00\x01", "retyped": "text\n", "swap/inner": "1\n", "flat": "1\n"})
    release.open()
    (release.tree / "retyped").unlink()
    (release.tree / "retyped").symlink_to("VERSION")
    shutil.rmtree(release.tree / "swap")
    (release.tree / "flat").unlink()
    release.adapter.git("init", "-q", "nested")
    (release.tree / "nested" / "x").write_text("1")
    release.adapter.git("-C", "nested", "add", "x")
    release.adapter.git("-C", "nested", "commit", "-qm", "x")
    files = {
        "VERSION": "1.0.0\n",
        "image": b"\x00\x02",
        "huge": "line\n" * 60_000,
        "empty": "",
        "swap": "file\n",
        "flat/in": "1\n",
    }
    seal = release.make(files=files)
    diffs = {file.path: file.diff for file in seal.files}
    assert diffs["image"].startswith("binary file")
    assert len(diffs["huge"]) < 201_000
    assert "more bytes are not shown" in diffs["huge"]
    assert diffs["empty"].startswith("diff --git")
    assert diffs["retyped"].count("diff --git") == 2
    assert "Subproject commit" in diffs["nested"]
    assert "+1.0.0" in diffs["VERSION"]
    assert seal.conflicts == ()
    assert release.publish(seal).verdict == "published"
    assert release.finish(seal) == []
    assert (project.path / "swap").read_text() == "file\n"
    assert (project.path / "flat" / "in").read_text() == "1\n"
    assert (project.path / "retyped").readlink() == Path("VERSION")
    assert project.git("status", "--porcelain") == " D nested"
