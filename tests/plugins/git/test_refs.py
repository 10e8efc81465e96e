"""Branch, tags and tracking ref move together, and nobody else's are touched."""

from __future__ import annotations

from typing import Any

import pytest

from vwmp_release.errors import StepError


def test_branch_that_moved_meanwhile(project: Any, release: Any) -> None:
    """After publishing a moved branch is left and said; before it, without a push, it stops everything."""
    release.open()
    seal = release.make()
    assert release.publish(seal).verdict == "published"
    mine = project.commit("fix: meanwhile", {"mine": "1"})
    with pytest.raises(StepError, match="has moved"):
        release.adapter.move_refs(seal, None)
    assert project.tags == []
    (note,) = release.finish(seal)
    assert "has moved" in note
    assert project.head == mine
    assert project.tags == ["v1.0.0"]
    assert project.git("rev-parse", "origin/main") == seal.commit
    assert (project.path / "VERSION").read_text() == "0.9.0\n"


def test_foreign_tag_of_the_same_name(project: Any, release: Any) -> None:
    """A tag that the user made meanwhile is kept after publishing and stops a release without a push."""
    release.open()
    seal = release.make()
    mine = project.tag("v1.0.0", "mine", at="HEAD~1")
    with pytest.raises(StepError, match=r"v1\.0\.0"):
        release.adapter.move_refs(seal, None)
    assert release.publish(seal).verdict == "published"
    (note,) = release.finish(seal)
    assert "left alone" in note
    assert project.git("rev-parse", "v1.0.0") == mine
    assert project.head == seal.commit


def test_git_that_refuses_the_ref_transaction(project: Any, release: Any) -> None:
    """A veto of the user's reference-transaction hook moves nothing and is said."""
    release.open()
    seal = release.make()
    project.hook("reference-transaction", '[ "$1" != prepared ] || { echo vetoed >&2; exit 1; }')
    release.adapter.import_objects(seal)
    with pytest.raises(StepError) as caught:
        release.adapter.move_refs(seal, None)
    assert "hook" in str(caught.value)
    assert project.head == seal.base
    assert project.tags == []


def test_user_who_switched_branches_keeps_the_files(project: Any, release: Any) -> None:
    """Files are only synced where the released branch is still checked out."""
    project.git("branch", "topic")
    release.open()
    seal = release.make()
    assert release.publish(seal).verdict == "published"
    project.git("switch", "-q", "topic")
    assert release.finish(seal) == []
    assert (project.path / "VERSION").read_text() == "0.9.0\n"
    assert project.git("status", "--porcelain") == ""
    assert project.git("rev-parse", "main") == seal.commit
