"""Versions that name the task they release."""

from __future__ import annotations

from typing import Any

import pytest
from vwmp_release.plugins.release.versions.epic import Epic, parse_task

from vwmp_release.errors import PermanentError

S = Epic()


@pytest.mark.parametrize("task", ["E1:S4:T7", "E01:S04:T007", "E01S04T007", "e1:s4:t7", " E1S4:T7 "])
def test_task_ids_have_several_forms(task: str) -> None:
    """Colons and leading zeros do not matter."""
    assert parse_task(task) == (1, 4, 7)


@pytest.mark.parametrize("task", ["", "E1:S4", "1.4.7", "E1:S4:T7:X"])
def test_other_ids_are_refused(task: str) -> None:
    """What is no task id is refused with an example."""
    with pytest.raises(PermanentError, match="no task id"):
        parse_task(task)


@pytest.mark.parametrize(
    ("task", "taken", "new"),
    [
        ("E1:S4:T7", ["0.1.4.7+1", "0.1.4.7+12", "0.1.4.8+30", "1.1.4.7+40"], "0.1.4.7+13"),
        ("E1:S4:T7", ["0.1.4.8+30"], "0.1.4.7+1"),
        ("E1:S4:T7", ["0.1.4.7"], "0.1.4.7+1"),
        ("E2:S1:T1", [], "0.2.1.1+1"),
    ],
)
def test_the_next_build_of_a_task(task: str, taken: list[str], new: str) -> None:
    """BUILD is that task's last plus one, or 1 for its first release; other tasks do not count."""
    assert S.render(S.next_of_task(task, 0, [S.parse(text) for text in taken])) == new


@pytest.mark.parametrize(
    ("old", "level", "new"),
    [
        ("0.1.4.7+2", "build", "0.1.4.7+3"),
        ("0.1.4.7+2", "patch", "0.1.4.8+1"),
        ("0.1.4.7+2", "minor", "0.1.5.0+1"),
        ("0.1.4.7+2", "feature_set", "0.2.0.0+1"),
        ("0.1.4.7+2", "major", "1.0.0.0+1"),
    ],
)
def test_bumps(old: str, level: str, new: str) -> None:
    """Another number starts again with BUILD 1."""
    assert S.render(S.bump(S.parse(old), level)) == new


@pytest.mark.parametrize("text", ["0.1.4.7-rc.1", "0.1.4.7+a", "0.1.4", "0.1.4.7+01"])
def test_only_its_own_form_is_read(text: str) -> None:
    """The scheme has neither prereleases nor builds that are no numbers."""
    assert S.read(text) is None


def test_prereleases_are_refused() -> None:
    """The scheme has no prereleases."""
    given: list[dict[str, Any]] = [{"level": "patch", "prerelease": "beta"}, {"level": "prepatch"}]
    for options in given:
        with pytest.raises(PermanentError, match="no prereleases"):
            S.bump(S.parse("0.1.4.7+2"), **options)
