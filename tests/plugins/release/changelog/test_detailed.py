import pytest
from vwmp_release.plugins.release.changelog.detailed import check, render

GOLDEN = """\
# Changelog v1.2.3

**Release Date:** 2026-01-31 12:30:15 UTC

**Epic:** Epic 21 – Workflow Platform

**Story:** Story 3

**Type:** 🐞 Fix

## Summary

close files

## Changes

### Bug Fixes

- close files (bbbbbbb)

## Related Tasks

- E21:S03:T002
- E21S3T004
"""
FIX = {"sha": "b" * 40, "type": "fix", "description": "close files"}


def written(release, form="full_timestamp", include_summary=True, include_tasks=True):
    return render(release, form=form, include_summary=include_summary, include_tasks=include_tasks)


def test_golden(make_release):
    """All fields in their order, epic from the branch, story from the tasks."""
    release = make_release(
        FIX, remote=None, change_type="fix", summary="close files", branch="epic/21-workflow-platform",
        tasks=("E21:S03:T002", "E21S3T004"),
    )  # fmt: skip
    assert written(release) == GOLDEN


def test_what_is_unknown_or_unwanted_is_absent(make_release):
    """Fields without a value and sections that are switched off do not appear."""
    release = make_release(details="## Mine @x\n\n- one", tasks=("E1:S2:T3",), branch="main")
    text = written(release, "date_only", False, False)
    assert text == (
        "# Changelog v1.2.3\n\n**Release Date:** 2026-01-31\n\n**Epic:** Epic 1\n\n**Story:** Story 2\n\n"
        "**Type:** 🚧 Maintenance\n\n## Changes\n\n\\## Mine `@x`\n\n- one\n"
    )
    bare = written(make_release())
    assert "**Epic" not in bare and "**Story" not in bare and "Related Tasks" not in bare
    assert bare.endswith("## Summary\n\nRelease 1.2.3\n\n## Changes\n\n- Release 1.2.3\n")


@pytest.mark.parametrize(
    ("branch", "tasks", "epic", "story"),
    [
        ("epic/21", (), "Epic 21", None),
        ("feature/epic-07-new_ui", (), "Epic 7 – New Ui", None),
        ("story/12-login-page", ("E3:S1:T1",), "Epic 3", "Story 12 – Login Page"),
        ("epic/4-core/story/2-parser", (), "Epic 4 – Core", "Story 2 – Parser"),
        ("epic/4-<b>@x", (), "Epic 4 – &lt;b&gt;`@x`", None),
        ("epics/4", ("E1:S2:T3", "E01:S3:T1"), "Epic 1", "Story 2, Story 3"),
        (None, (), None, None),
    ],
)
def test_epic_and_story(make_release, branch, tasks, epic, story):
    """The branch names epic and story; the task ids do where it does not."""
    text = written(make_release(branch=branch, tasks=tasks))
    lines = dict(line[2:].split(":** ") for line in text.split("\n") if line.startswith("**"))
    assert (lines.get("Epic"), lines.get("Story")) == (epic, story)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("v1.2.3", "v1.2.4", 1, "the title does not name the version 1.2.3: write '# Changelog v1.2.3'"),
        ("12:30:15 UTC", "12:30", 3, "the release date is '2026-01-31 12:30': write it as YYYY-MM-DD HH:MM:SS UTC"),
        ("2026-01-31 12", "2026-13-31 12", 3, "the release date is '2026-13-31 12:30:15 UTC': write it as"),
        ("2026-01-31 12:30:15 UTC", "", 3, "the field **Release Date:** is empty"),
        ("**Type:**", "Type:", 1, "the field **Type:** is missing"),
        ("**Release Date:**", "**Date:**", 1, "the field **Release Date:** is missing"),
        ("## Changes", "## Stuff", 24, "the section '## Changes' is missing"),
    ],
)
def test_findings(tmp_path, old, new, line, message):
    """Each thing that is wrong is found with its line."""
    path = tmp_path / "log" / "CHANGELOG_v1.2.3.md"
    path.parent.mkdir()
    path.write_text(GOLDEN.replace(old, new), encoding="utf-8")
    (found,) = check(path, form="full_timestamp", root=tmp_path)
    assert (found.file, found.line, found.level) == ("log/CHANGELOG_v1.2.3.md", line, "error")
    assert found.message.startswith(message)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (GOLDEN, "full_timestamp"),
        (GOLDEN.replace(" 12:30:15 UTC", ""), "date_only"),
        ("\ufeff" + GOLDEN.replace("\n", "\r\n"), "full_timestamp"),
        (GOLDEN.replace("UTC", "UTC  ").replace("**Type", "- **Type"), "full_timestamp"),
    ],
)
def test_right_ones(tmp_path, text, form):
    """What the step writes passes, as do its variants in line endings and lists."""
    path = tmp_path / "CHANGELOG_v1.2.3.md"
    path.write_bytes(text.encode())
    assert check(path, form=form, root=tmp_path) == []


def test_all_findings_at_once(tmp_path):
    """An empty file lacks everything."""
    path = tmp_path / "CHANGELOG_v1.2.3.md"
    path.write_bytes(b"")
    assert len(check(path, form="date_only", root=tmp_path)) == 4
