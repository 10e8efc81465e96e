"""The check conventional_commits, in real repositories."""

from __future__ import annotations

from typing import Any

import pytest
from vwmp_release.plugins.release.handlers.conventional_commits import ConventionalCommitsCheck

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import StepContext, StepResult, StepStatus


def _run(repo: Any, **config: Any) -> StepResult:
    return ConventionalCommitsCheck().execute(StepContext("id", "w", "check", "Check", config, {}, repo.path, {}, {}))


@pytest.fixture
def history(repo: Any) -> Any:
    """Give a repository with a release, and a good, a bad and a merge commit after it."""
    repo.commit("long ago")
    repo.tag("v1.0.0")
    repo.commit("fix: good\n\nbody\n")
    repo.git("switch", "-q", "-c", "side")
    repo.commit("feature: bad\n")
    repo.git("switch", "-q", "main")
    repo.git("merge", "-q", "--no-ff", "-m", "some merge", "side")
    return repo


def test_commits_since_the_release_are_checked(history: Any) -> None:
    """Each bad commit has an annotation with the mistake and the way out; merges and older commits pass."""
    result = _run(history)
    assert result.status is StepStatus.FAILED
    assert result.output == {"checked": 3, "bad": 1}
    assert result.error == "1 of 3 commits has no conventional message"
    (annotation,) = result.annotations
    assert "feature: bad: the type 'feature' is unknown (did you mean `feat`?" in annotation.message


def test_a_range_may_be_given(history: Any) -> None:
    """`range` decides which commits are checked."""
    assert _run(history, range="HEAD~1..HEAD~1").status is StepStatus.SKIPPED
    assert _run(history, range="v1.0.0..HEAD~1").output == {"checked": 1, "bad": 0}
    with pytest.raises(PermanentError, match="cannot list"):
        _run(history, range="--all")


def test_good_commits_pass(repo: Any) -> None:
    """A history of good messages is a success."""
    repo.commit("feat: a\n")
    assert _run(repo).status is StepStatus.SUCCESS
