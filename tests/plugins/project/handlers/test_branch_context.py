from __future__ import annotations

from typing import Any

import pytest
from vwmp_release.plugins.project.handlers.branch_context import BranchContextCheck

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import StepStatus


def run(make_context: Any, branch: str | None, version: str | None, **config: Any) -> Any:
    outputs = {"new_version": version} if version else None
    return BranchContextCheck().execute(make_context(config, outputs=outputs, branch=branch))


@pytest.mark.parametrize(
    ("branch", "version"),
    [
        ("epic/21-workflow-platform", "0.21.0.2"),
        ("epic/21-workflow-platform", "v0.21.4.3+1"),
        ("epic/021", "1.21.0"),
        ("epic/1-core", "0.1.4.7+2"),
        ("main", "0.4.0.1"),
        ("feature/epic/21", "0.4.0.1"),
    ],
)
def test_passes(make_context: Any, branch: str, version: str) -> None:
    """A version of the branch's epic passes, and so does any version on a branch of no epic."""
    assert run(make_context, branch, version).status is StepStatus.SUCCESS


@pytest.mark.parametrize(
    ("branch", "version", "expected"),
    [
        ("epic/21-workflow-platform", "0.22.0.2", "0.21.x.x"),
        ("epic/21-workflow-platform", "0.2.21.1+4", "0.21.x.x"),
        ("epic/2", "1.21.0", "1.2.x"),
        ("epic/2", "1.21", "1.2.x"),
        ("epic/2", "nightly", "x.2.x"),
    ],
)
def test_fails_and_says_what_was_expected(make_context: Any, branch: str, version: str, expected: str) -> None:
    """Another epic's version fails for good, with an annotation for the whole run that names the right form."""
    result = run(make_context, branch, version)
    assert (result.status, result.permanent) == (StepStatus.FAILED, True)
    [annotation] = result.annotations
    assert annotation.file is None
    assert annotation.message == f"branch {branch} may only release {expected}, not {version}" == result.error


def test_own_pattern(make_context: Any) -> None:
    """A configured pattern decides which part of the branch is the epic; where its group is empty none is."""
    pattern = r"^work(?:-E(?P<epic>\d+))?"
    assert run(make_context, "work-E7", "0.7.1.0", branch_pattern=pattern).status is StepStatus.SUCCESS
    assert run(make_context, "work-E7", "0.8.1.0", branch_pattern=pattern).status is StepStatus.FAILED
    assert run(make_context, "work-x", "0.8.1.0", branch_pattern=pattern).output == {"epic": None}


@pytest.mark.parametrize(
    ("branch", "version", "why"),
    [(None, "0.1.0.0", "the branch is unknown"), ("epic/1", None, "no version is known")],
)
def test_skipped(make_context: Any, branch: str | None, version: str | None, why: str) -> None:
    """Without a branch or a version there is nothing to compare."""
    result = run(make_context, branch, version)
    assert (result.status, result.error) == (StepStatus.SKIPPED, why)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(?P<epic>", "is no regular expression"),
        ("(?P<epic>x)" + "a" * 500, "at most 500"),
        (r"^epic/(\d+)", "has no group epic"),
        (r"^(?P<epic>epic)", "must match a number"),
    ],
)
def test_wrong_pattern(make_context: Any, pattern: str, words: str) -> None:
    """A pattern that cannot name an epic is the user's mistake, said so."""
    with pytest.raises(PermanentError, match=words):
        run(make_context, "epic/1", "0.1.0.0", branch_pattern=pattern)


def test_describes_itself() -> None:
    """The check has a description and the schema of the manifest."""
    check = BranchContextCheck()
    assert check.get_step_info()["category"] == "validation"
    assert set(check.get_config_schema()["properties"]) == {"branch_pattern"}
