"""`check.clean_tree`: looks at the user's own tree."""

from __future__ import annotations

from typing import Any

from vwmp_release.plugins.git.handlers.clean_tree import CleanTreeCheck

from vwmp_release.interfaces import StepStatus


def test_clean_and_dirty(project: Any, release: Any) -> None:
    """Each changed or untracked path of the user's tree is named; the shadow's files do not count."""
    release.open()
    release.write("VERSION", "1.0.0\n")
    assert CleanTreeCheck().execute(release.context()).status is StepStatus.SUCCESS
    project.write({f"new {number}": "x" for number in range(6)})
    project.write({"VERSION": "mine\n"})
    result = CleanTreeCheck().execute(release.context())
    assert (result.status, result.permanent) == (StepStatus.FAILED, True)
    assert [(note.file, note.message) for note in result.annotations][:2] == [
        ("VERSION", "has uncommitted changes"),
        ("new 0", "not tracked by git"),
    ]
    assert len(result.annotations) == 7
    assert (result.error or "").endswith("and 2 more")
    result = CleanTreeCheck().execute(release.context())
    assert result.output == {"dirty": ["VERSION", *(f"new {number}" for number in range(6))]}
