"""A project whose versions name the work they release: `RC.EPIC.STORY.TASK+BUILD`, kept as five numbers."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent


def test_releases_of_tasks(project, release, published, same_as, outcomes):
    """The next build of a task, the first of another, and again one of the first: BUILD counts by task."""
    repo = project(HERE / "repository", tag="v0.1.4.7+1")
    for name, message, task, version in (
        ("first", "fix: verify what was wired", "E1:S4:T7", "0.1.4.7+2"),
        ("second", "feat: begin the next story", "E01:S05:T001", "0.1.5.1+1"),
        ("", "fix: verify once more", "E1:S4:T7", "0.1.4.7+3"),
    ):
        repo.commit(message)
        document = release(repo, "-p", f"task={task}")
        assert document["version"] == version
        assert document["tag"] == f"v{version}"
        assert (repo.path / f"docs/changelog-archive/CHANGELOG_v{version}.md").is_file()
        if name:
            same_as(HERE / "expected" / f"{name}.txt", published(repo, document))
            assert outcomes(document)["kanban_update"] == "success"


def test_other_schemes_do_not_know_tasks(project, tool):
    """A task with a scheme that cannot hold it is refused, with the scheme that can."""
    repo = project({"VERSION": "1.2.3\n", "vwmp_config.yaml": "defaults: {scheme: semver}\n"})
    repo.commit("fix: x")
    ended = tool(repo, "run", "--yes", "-p", "task=E1:S4:T7", status=1)
    assert "epic" in ended.out
