"""Objects come whole, durable and read-only, or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from vwmp_release.plugins.git import importer

from vwmp_release.errors import StepError


def test_objects_that_are_there_already(tmp_path: Path) -> None:
    """Only object files are taken, existing ones are kept, and a pack's index comes last."""
    source, target = tmp_path / "source", tmp_path / "target"
    loose = source / "ab" / ("c" * 38)
    files = [loose, source / "ab" / "tmp_obj_x", source / "info" / "alternates"]
    files += [source / "pack" / f"pack-{'d' * 40}.{kind}" for kind in ("idx", "pack", "rev", "keep")]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("new")
    (target / "ab").mkdir(parents=True)
    (target / "ab" / loose.name).write_text("old")
    assert importer.import_objects(source, target) == 3
    assert (target / "ab" / loose.name).read_text() == "old"
    assert sorted(path.suffix for path in (target / "pack").iterdir()) == [".idx", ".pack", ".rev"]
    assert importer.import_objects(source, target) == 0


def test_repository_on_another_file_system_gets_copies(
    project: Any, release: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where hard links do not work, objects are copied whole, durable and read-only."""

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(18, "Invalid cross-device link")

    release.open()
    seal = release.make()
    release.adapter.session.shadow("repack", "-adlq")
    release.write("VERSION", "more\n")
    release.adapter.stage_files(["VERSION"])
    assert release.adapter.commit("fix: loose").returncode == 0
    seal = release.adapter.seal()
    assert release.publish(seal).verdict == "published"
    monkeypatch.setattr(os, "link", refuse)
    assert release.finish(seal) == []
    assert project.git("fsck", "--strict") == ""
    assert project.head == seal.commit
    objects = [path for path in (project.path / ".git" / "objects").rglob("*") if path.is_file()]
    assert not [path for path in objects if path.name.startswith("tmp_")]
    assert {path.stat().st_mode & 0o222 for path in objects if path.parent.name != "info"} == {0}


def test_store_that_cannot_be_written(project: Any, release: Any) -> None:
    """An object that cannot be put into the store is an error in words, and no ref names it."""
    release.open()
    seal = release.make()
    fan = project.path / ".git" / "objects" / seal.commit[:2]
    if fan.exists():
        pytest.skip("the store has this folder already")
    fan.write_text("in the way")
    with pytest.raises(StepError, match="objects"):
        release.adapter.import_objects(seal)
    fan.unlink()
    assert project.head == seal.base
