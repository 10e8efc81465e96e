from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from vwmp_release.core.transaction.history import entries, record


def _report(identity: str = "vwmp-1", status: str = "released", **more: Any) -> dict[str, Any]:
    return {"run": {"id": identity}, "status": status, **more}


def test_the_newest_fifty_runs_are_kept(tmp_path: Path) -> None:
    """Runs come back newest first, and the oldest are forgotten."""
    for number in range(52):
        record(tmp_path, _report(f"vwmp-{number}"))
        os.utime(tmp_path / "vwmp" / "runs" / f"vwmp-{number}.json", (number, number))
    record(tmp_path, _report("vwmp-last"))
    found = [entry["run"]["id"] for entry in entries(tmp_path)]
    assert len(found) == 50
    assert found[:2] == ["vwmp-last", "vwmp-51"]
    assert "vwmp-1" not in found


@pytest.mark.parametrize(
    "report",
    [_report(status="planned"), _report(status="nothing"), _report(""), _report("../../evil"), {"status": "done"},
     {"status": "done", "run": "x"}],
)  # fmt: skip
def test_what_changed_nothing_or_has_no_name_is_not_kept(tmp_path: Path, report: dict[str, Any]) -> None:
    """Plans, empty runs and ids that are no plain names leave no file."""
    record(tmp_path, report)
    assert entries(tmp_path) == []
    assert list(tmp_path.rglob("*.json")) == []


def test_what_cannot_be_written_or_read_is_passed_over(tmp_path: Path) -> None:
    """A history that is in the way is no reason to fail."""
    (tmp_path / "vwmp").write_text("a file in place of the folder")
    record(tmp_path, _report())
    assert entries(tmp_path) == []
    (tmp_path / "vwmp").unlink()
    record(tmp_path, _report())
    runs = tmp_path / "vwmp" / "runs"
    (runs / "torn.json").write_text('{"run":')
    (runs / "list.json").write_text("[]")
    (runs / "bytes.json").write_bytes(b"\xff")
    assert [entry["run"]["id"] for entry in entries(tmp_path)] == ["vwmp-1"]
