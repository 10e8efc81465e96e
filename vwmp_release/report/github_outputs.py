"""The outputs of the GitHub Action, and the file format that carries them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .document import dump, to_dict
from .model import Report

_STATUS = {"refused": "failed", "interrupted": "failed", "": "failed"}
_ENDED = ("released", "done", "planned", "superseded", "in-doubt")
"""Statuses whose tag and commit exist, or will; after others they were thrown away."""
_LARGEST = 100_000
"""Bytes of one output: a process takes no longer environment variable on Linux (128 KiB), and all count to 1 MB."""


def outputs(report: Report, *, plan_file: str = "", report_file: str = "") -> dict[str, str]:
    """Return every output of the Action; those that do not apply are empty.

    Args:
        report: The report after its last event.
        plan_file: Path of the plan's document.
        report_file: Path of the report's document.
    """
    released = report.status == "released"
    ended = report.status in _ENDED
    notes = _cut(report.notes)
    own = {
        "status": _STATUS.get(report.status, report.status),
        "released": "true" if released else "",
        "version": report.version,
        "previous-version": report.previous_version,
        "tag": report.tag if ended else "",
        "bump": report.bump,
        "commit-sha": report.commit_sha if ended else "",
        "notes": notes,
        "notes-file": report.notes_file,
        "plan-file": plan_file,
        "report-file": report_file,
        "json": _json(report),
    }
    return {**own, **_aliases(report, own)}


def _aliases(report: Report, own: Mapping[str, str]) -> dict[str, str]:
    """Return what users of release-please-action, semantic-release-action and python-semantic-release read."""
    released = bool(own["released"])
    major, minor, patch = _numbers(report.version)
    return {
        "release_created": own["released"],
        "tag_name": own["tag"],
        "major": major,
        "minor": minor,
        "patch": patch,
        "sha": own["commit-sha"],
        "body": own["notes"],
        "new_release_published": "true" if released else "false",
        "new_release_version": report.version if released else "",
        "new_release_git_tag": own["tag"] if released else "",
        "new_release_notes": own["notes"] if released else "",
        "last_release_version": report.previous_version,
        "last_release_git_tag": report.previous_tag,
        "previous_version": report.previous_version,
        "commit_sha": own["commit-sha"],
        "release_notes": own["notes"],
        "is_prerelease": "true" if _prerelease(report.version) else "false",
    }


def file_text(values: Mapping[str, str], random: Callable[[], str]) -> str:
    """Return outputs as lines for `$GITHUB_OUTPUT`, each between random delimiters (CVE-2022-35954).

    Args:
        values: The outputs.
        random: Gives random text; asked again while a value holds it.
    """
    parts = []
    for name, value in values.items():
        value = value.encode("utf-8", "backslashreplace").decode("utf-8")
        delimiter = f"vwmp-{random()}"
        while delimiter in value:
            delimiter = f"vwmp-{random()}"
        parts.append(f"{name}<<{delimiter}\n{value}\n{delimiter}\n")
    return "".join(parts)


def _json(report: Report) -> str:
    document: dict[str, Any] = to_dict(report)
    for reduce in (_unchanged, _without_diffs, _without_logs):
        reduce(document)
        text = dump(document, indent=None)
        if len(text.encode("utf-8", "replace")) <= _LARGEST:
            return text
    keys = ("schema", "kind", "status", "exit_status", "version", "previous_version", "bump", "tag", "commit_sha")
    return dump({**{key: document[key] for key in keys}, "cut": True}, indent=None)


def _unchanged(document: dict[str, Any]) -> None:
    """Leave the document as it is: the first try is the whole of it."""


def _without_diffs(document: dict[str, Any]) -> None:
    document["cut"] = True
    for change in document["files"]:
        change["diff"] = ""


def _without_logs(document: dict[str, Any]) -> None:
    document["notes"] = ""
    for step in document["steps"]:
        step["logs"] = []


def _cut(text: str) -> str:
    raw = text.encode("utf-8", "replace")
    if len(raw) <= _LARGEST:
        return text
    note = "\n\n… cut here: the notes file holds all of it"
    kept = raw[: _LARGEST - len(note.encode())].decode("utf-8", "ignore")
    return (kept.rpartition("\n")[0] or kept) + note


def _numbers(version: str) -> tuple[str, str, str]:
    parts = version.partition("+")[0].partition("-")[0].split(".")
    numbers = ["".join(_leading_digits(part)) for part in parts[:3]]
    major, minor, patch = [*numbers, "", "", ""][:3]
    return major, minor, patch


def _leading_digits(part: str) -> str:
    return part[: len(part) - len(part.lstrip("0123456789"))]


def _prerelease(version: str) -> bool:
    import re  # lazily: only the Action's outputs ask

    public = version.partition("+")[0]
    return "-" in public or re.search(r"\d(?:a|b|rc|\.dev)\d+$", public) is not None
