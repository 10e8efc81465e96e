"""A project with four-part versions and a knowledge base: each of the ten steps has work to do."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
FIRST = "fix: run the plan to its end (E21:S01:T002)"
SECOND = "feat: read and write the board\n\nRefs: E21:S02:T001, E21:S02:T002"


@pytest.fixture
def platform(project):
    """Give the project on the branch of its epic."""
    return project(HERE / "repository", tag="v0.21.0.1", branch="epic/21-workflow-platform")


def test_two_releases(platform, release, published, same_as, outcomes):
    """All ten steps work; every byte of both releases is as expected, the second one completes story and epic."""
    for name, message, day in (("first", FIRST, 0), ("second", SECOND, 86_400)):
        platform.commit(message)
        document = release(platform, env={"SOURCE_DATE_EPOCH": str(1_769_860_800 + day)})
        assert set(outcomes(document).values()) == {"success"}
        assert len(document["steps"]) == 10
        assert not document["warnings"]
        same_as(HERE / "expected" / f"{name}.txt", published(platform, document))


def test_wrong_epic(platform, tool):
    """A branch of another epic does not release; nothing has changed, and the reason names what it may release."""
    platform.git("checkout", "--quiet", "-b", "epic/22-reports")
    platform.git("push", "--quiet", "--set-upstream", "origin", "epic/22-reports")
    platform.commit(FIRST)
    before = platform.snapshot()
    ended = tool(platform, "run", "--yes", status=1)
    assert "branch epic/22-reports may only release 0.22.x.x, not 0.21.0.2" in ended.out
    assert platform.snapshot() == before


def test_strict_validator(platform, tool):
    """The script gets --strict by default, and its finding is shown with its place; without it, it passes."""
    platform.commit(FIRST, {"README.md": "# no version here\n"})
    before = platform.snapshot()
    ended = tool(platform, "run", "--yes", status=1)
    assert "README.md:1:1: error: 0.21.0.2 is not named" in ended.out
    assert platform.snapshot() == before
    tool(platform, "plan", "-p", "strict_mode=false")
