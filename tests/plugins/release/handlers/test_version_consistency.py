"""The check version_consistency."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from vwmp_release.plugins.release.handlers.version_consistency import VersionConsistencyCheck

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import StepContext, StepResult, StepStatus


def _run(root: Path, files: dict[str, str], new: str = "", **config: Any) -> StepResult:
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    outputs = {"bump": StepResult("bump", StepStatus.SUCCESS, {"new_version": new})} if new else {}
    return VersionConsistencyCheck().execute(StepContext("id", "w", "check", "Check", config, {}, root, outputs, {}))


AGREED = {"VERSION": "1.0.0\n", "package.json": '{"version": "1.0.0"}'}


def test_files_that_agree_pass(tmp_path: Path) -> None:
    """Equal versions are a success, with the version and the files."""
    result = _run(tmp_path, AGREED)
    assert result.status is StepStatus.SUCCESS
    assert result.output == {"version": "1.0.0", "files": ["package.json", "VERSION"]}


def test_each_file_that_differs_is_annotated(tmp_path: Path) -> None:
    """The odd one out is named with line and column."""
    result = _run(tmp_path, AGREED | {"setup.cfg": "[metadata]\nversion = 1.1.0\n"})
    assert result.status is StepStatus.FAILED
    assert [(a.file, a.line, a.column, a.message) for a in result.annotations] == [
        ("setup.cfg", 2, 11, "setup.cfg says 1.1.0, expected 1.0.0")
    ]
    assert result.error is not None
    assert "setup.cfg 1.1.0" in result.error


def test_the_version_of_the_run_is_expected(tmp_path: Path) -> None:
    """In a release the files must hold the version that it releases."""
    assert _run(tmp_path, AGREED, new="1.0.0").status is StepStatus.SUCCESS
    assert len(_run(tmp_path, AGREED, new="1.1.0").annotations) == 2


def test_without_files_there_is_nothing_to_check(tmp_path: Path) -> None:
    """No version file: skipped."""
    assert _run(tmp_path, {}).status is StepStatus.SKIPPED


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    """A file that the configuration names and that is missing is refused."""
    with pytest.raises(PermanentError, match="VERSION does not exist"):
        _run(tmp_path, {}, version_files=["VERSION"])
