"""Finished runs, kept beside the repository's git data for `vwmp-release runs`: one small file a run, the newest 50."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

_KEPT = 50
_STATUSES = ("released", "done", "failed", "superseded", "in-doubt")
"""Runs that changed nothing by their nature (planned, nothing, blocked) are not kept."""


def record(common_dir: Path, report: Mapping[str, Any]) -> None:
    """Keep a finished run; a folder that cannot be written is no reason to fail.

    Args:
        common_dir: The repository's common git dir.
        report: The run's report as a document; needs `run.id` and `status`.
    """
    run = report.get("run", {})
    identity = str(run.get("id", "") if isinstance(run, Mapping) else "")
    if report.get("status") not in _STATUSES or not identity.replace("-", "").isalnum():
        return
    folder = common_dir / "vwmp" / "runs"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / f"{identity}.json").write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
        for old in _newest_first(folder)[_KEPT:]:
            old.unlink(missing_ok=True)


def entries(common_dir: Path) -> list[dict[str, Any]]:
    """Return the kept runs' reports, newest first; files that are no reports are passed over.

    Args:
        common_dir: The repository's common git dir.
    """
    found = []
    for path in _newest_first(common_dir / "vwmp" / "runs"):
        with suppress(OSError, ValueError):
            data = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(data, dict):
                found.append(data)
    return found


def _newest_first(folder: Path) -> list[Path]:
    paths = list(folder.glob("*.json")) if folder.is_dir() else []
    return sorted(paths, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
