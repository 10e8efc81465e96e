from datetime import UTC, datetime

import pytest
from vwmp_release.plugins.release.handlers.changelog_create import ChangelogCreateHandler

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import RunIdentity, StepContext, StepResult, StepStatus

ARCHIVE = "KB/Changelog_and_Release_Notes/Changelog_Archive"
OUTPUT = {
    "new_version": "0.1.4.7+2", "summary": "close files", "change_type": "fix",
    "commits": [{"sha": "b" * 40, "type": "fix", "description": "close files, E01:S04:T007"}],
}  # fmt: skip


@pytest.fixture
def context(tmp_path):
    """Make a context in an empty folder."""

    def make(config=None, parameters=None, branch="epic/1-core"):
        outputs = {"version_bump": StepResult("version_bump", StepStatus.SUCCESS, OUTPUT)}
        run = RunIdentity(started_at=datetime(2026, 5, 26, 10, 0, 5, tzinfo=UTC))
        return StepContext(
            "id",
            "release",
            "create",
            "C",
            config or {},
            parameters or {},
            tmp_path,
            outputs,
            {},
            run=run,
            branch=branch,
        )

    return make


def test_writes_into_the_archive(tmp_path, context):
    """Where the archive exists the file appears there, and the outputs name it."""
    (tmp_path / ARCHIVE).mkdir(parents=True)
    result = ChangelogCreateHandler().execute(context())
    name = f"{ARCHIVE}/CHANGELOG_v0.1.4.7+2.md"
    assert result.status is StepStatus.SUCCESS and result.logs == [f"wrote {name}"]
    assert result.output == {
        "changelog_file": name, "version": "0.1.4.7+2", "tasks": ["E01:S04:T007"],
        "notes": "### Bug Fixes\n\n- close files, E01:S04:T007 (bbbbbbb)",
    }  # fmt: skip
    text = (tmp_path / name).read_bytes().decode()
    assert text.startswith(
        "# Changelog v0.1.4.7+2\n\n**Release Date:** 2026-05-26 10:00:05 UTC\n\n**Epic:** Epic 1 – Core"
    )
    assert text.endswith("## Related Tasks\n\n- E01:S04:T007\n")


def test_skipped_without_an_archive(tmp_path, context):
    """Neither folder nor key: skipped with the reason, and details that get lost are said."""
    given = context(parameters={"detailed_changes": "x"})
    result = ChangelogCreateHandler().execute(given)
    assert result.status is StepStatus.SKIPPED and ARCHIVE in str(result.error)
    assert any("detailed_changes is not written" in line for line in given.logger.lines)
    quiet = context()
    ChangelogCreateHandler().execute(quiet)
    assert quiet.logger.lines == [] and list(tmp_path.iterdir()) == []


def test_a_folder_that_is_set_is_made(tmp_path, context):
    """`changelog_dir` is created when missing; its keys decide about the parts."""
    config = {"changelog_dir": "a b/logs", "format": "date_only", "include_summary": False, "include_tasks": False}
    result = ChangelogCreateHandler().execute(context(config, {"detailed_changes": "- mine"}, None))
    assert result.output is not None
    assert (tmp_path / result.output["changelog_file"]).read_text(encoding="utf-8") == (
        "# Changelog v0.1.4.7+2\n\n**Release Date:** 2026-05-26\n\n**Epic:** Epic 1\n\n**Story:** Story 4\n\n"
        "**Type:** 🐞 Fix\n\n## Changes\n\n- mine\n"
    )
    assert result.output["notes"] == "- mine"


def test_twice(tmp_path, context):
    """The very same file is a success; another one of that name is never overwritten."""
    config = {"changelog_dir": "logs"}
    ChangelogCreateHandler().execute(context(config))
    again = ChangelogCreateHandler().execute(context(config))
    assert again.status is StepStatus.SUCCESS and again.logs == ["logs/CHANGELOG_v0.1.4.7+2.md is there already"]
    path = tmp_path / "logs/CHANGELOG_v0.1.4.7+2.md"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(PermanentError, match=r"^logs/CHANGELOG_v0\.1\.4\.7\+2\.md: .* exists already, with other text"):
        ChangelogCreateHandler().execute(context(config))
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_folder_outside_is_refused(context):
    """No file is written outside the repository."""
    with pytest.raises(PermanentError, match="changelog_dir"):
        ChangelogCreateHandler().execute(context({"changelog_dir": "../x"}))


def test_the_handler_describes_itself():
    """Schema and description come from the manifest and the class."""
    handler = ChangelogCreateHandler()
    assert "changelog_dir" in handler.get_config_schema()["properties"]
    assert handler.get_step_info()["category"] == "changelog"
