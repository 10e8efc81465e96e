"""The outputs of the Action."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from vwmp_release.core.execution.events import (
    Event,
    StepReport,
    StepView,
)
from vwmp_release.interfaces import FileChange
from vwmp_release.report import github_outputs
from vwmp_release.report.model import Report
from vwmp_release.report.summary import fold

Counted = Callable[[], Callable[[], str]]
Reader = Callable[[str], dict[str, str]]


def test_hostile_text_forges_no_output(hostile: str, hostile_report: Report, counted: Counted, read: Reader) -> None:
    """Every output comes out of the runner's parser as it went in, also where a text guesses the delimiter."""
    values = github_outputs.outputs(hostile_report, plan_file=hostile, report_file=hostile)
    parsed = read(github_outputs.file_text(values, counted()))
    assert parsed == {name: value.encode("utf-8", "backslashreplace").decode() for name, value in values.items()}
    assert json.loads(parsed["json"])["status"] == "failed"


def test_outputs_are_always_all_set(released: list[Event]) -> None:
    """A release sets every output; without one the same names are there, `released` and the like empty."""
    values = github_outputs.outputs(fold(released), report_file="r.json")
    assert list(values) == list(github_outputs.outputs(Report()))
    for name, value in {
        "status": "released", "released": "true", "version": "1.2.0", "previous-version": "1.1.0", "tag": "v1.2.0",
        "bump": "minor", "commit-sha": "c" * 40, "report-file": "r.json", "plan-file": "", "release_created": "true",
        "tag_name": "v1.2.0", "major": "1", "minor": "2", "patch": "0", "sha": "c" * 40,
        "new_release_published": "true", "new_release_version": "1.2.0", "new_release_git_tag": "v1.2.0",
        "last_release_version": "1.1.0", "last_release_git_tag": "v1.1.0", "previous_version": "1.1.0",
        "commit_sha": "c" * 40, "is_prerelease": "false",
    }.items():  # fmt: skip
        assert values[name] == value, name
    assert json.loads(values["json"])["version"] == "1.2.0"
    nothing = github_outputs.outputs(Report(status="nothing", previous_version="1.1.0"))
    assert (nothing["released"], nothing["release_created"], nothing["new_release_published"]) == ("", "", "false")


@pytest.mark.parametrize(
    ("status", "shown", "tag"),
    [("refused", "failed", ""), ("interrupted", "failed", ""), ("failed", "failed", ""), ("", "failed", ""),
     ("planned", "planned", "v1"), ("in-doubt", "in-doubt", "v1"), ("blocked", "blocked", "")],
)  # fmt: skip
def test_output_status(status: str, shown: str, tag: str) -> None:
    """The status is one of the Action's words, and a thrown-away release leaves no tag."""
    values = github_outputs.outputs(Report(status=status, tag="v1", commit_sha="c"))
    assert (values["status"], values["tag"], bool(values["sha"])) == (shown, tag, bool(tag))


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.2.3", "1 2 3 false"),
        ("1.3.0-beta.1", "1 3 0 true"),
        ("1.3.0b1", "1 3 0 true"),
        ("1.3.0.dev2", "1 3 0 true"),
        ("1.2.3+build-7", "1 2 3 false"),
        ("0.21.0.2+1", "0 21 0 false"),
        ("7", "7   false"),
        ("", "   false"),
    ],
)
def test_numbers_of_a_version(version: str, expected: str) -> None:
    """Major, minor and patch are read off any version, and prereleases of SemVer and PEP 440 are recognised."""
    values = github_outputs.outputs(Report(version=version))
    assert " ".join(values[name] for name in ("major", "minor", "patch", "is_prerelease")) == expected


def test_large_outputs_are_cut() -> None:
    """No output is longer than an environment variable may be; the JSON stays JSON."""
    big = "line\n" * 50_000
    step = StepReport(StepView("a", "a", "a", "none", True, True, ()), "success", "success", logs=(big,))
    reports = [
        Report(files=(FileChange("f", "added", big),)),
        Report(notes=big, steps=(step,)),
        Report(notes="x" * 200_000, reason=big),
    ]
    for report in reports:
        values = github_outputs.outputs(report)
        assert all(len(value.encode()) <= 100_000 for value in values.values())
        assert json.loads(values["json"])["cut"] is True
    assert "cut here" in github_outputs.outputs(reports[1])["notes"]
    assert github_outputs.outputs(reports[2])["notes"].startswith("xxx")


def test_a_guessed_delimiter_is_passed_over(counted: Counted, read: Reader) -> None:
    """A value that holds the delimiter gets another one (CVE-2022-35954)."""
    values = {"notes": "vwmp-1\nversion=9\nvwmp-2", "tag": "v1"}
    text = github_outputs.file_text(values, counted())
    assert text == "notes<<vwmp-3\nvwmp-1\nversion=9\nvwmp-2\nvwmp-3\ntag<<vwmp-4\nv1\nvwmp-4\n"
    assert read(text) == values
