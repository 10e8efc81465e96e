from datetime import UTC, datetime
from typing import Any, cast

import pytest
from vwmp_release.plugins.release.handlers.changelog_update import ChangelogUpdateHandler

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import RunIdentity, StepContext, StepResult, StepStatus

OUTPUT = {
    "new_version": "1.2.3", "tag": "v1.2.3", "previous_tag": "v1.2.2", "summary": "close files", "change_type": "fix",
    "commits": [{"sha": "b" * 40, "type": "fix", "description": "close files"}],
}  # fmt: skip
FIX = f"- close files ([bbbbbbb](https://github.com/acme/widget/commit/{'b' * 40}))"


class Git:
    """The part of the git adapter that is asked."""

    def remote_url(self):
        return "https://github.com/acme/widget"


@pytest.fixture
def execute(tmp_path):
    """Run the step in a folder; returns result, context and what the changelog holds."""

    def run(config=None, before=None, output=OUTPUT, detailed=None):
        config = config or {}
        path = tmp_path / config.get("main_changelog", "CHANGELOG.md")
        if before is not None:
            path.write_bytes(before)
        outputs = {"version_bump": StepResult("version_bump", StepStatus.SUCCESS, output)}
        if detailed:
            outputs["create"] = StepResult(
                "create", StepStatus.SUCCESS, {"changelog_file": detailed, "version": "1.2.3"}
            )
        clock = RunIdentity(started_at=datetime(2026, 1, 31, tzinfo=UTC))
        context = StepContext(
            "id", "release", "update", "U", config, {}, tmp_path, outputs, {}, cast(Any, {"git": Git()}), run=clock
        )
        return ChangelogUpdateHandler().execute(context), context, path.read_bytes().decode()

    return run


def test_the_default_style(execute):
    """With no configuration, a new changelog gets a section with links, and the outputs carry the notes."""
    result, context, text = execute()
    head = "## [1.2.3](https://github.com/acme/widget/compare/v1.2.2...v1.2.3) (2026-01-31)"
    assert text == f"# Changelog\n\n{head}\n\n### Bug Fixes\n\n{FIX}\n"
    assert result.status is StepStatus.SUCCESS and result.logs == ["CHANGELOG.md: section 1.2.3"]
    assert result.output == {
        "main_changelog": "CHANGELOG.md", "version": "1.2.3", "notes": f"### Bug Fixes\n\n{FIX}", "notes_file": None
    }  # fmt: skip
    assert context.logger.lines == []


def test_again(execute):
    """Running twice changes nothing and says so."""
    _, _, once = execute()
    result, _, again = execute()
    assert again == once and result.logs == ["CHANGELOG.md has this section already"]


@pytest.mark.parametrize(
    ("config", "start"),
    [
        ({"style": "keep-a-changelog"}, "## [1.2.3] - 2026-01-31\n\n### Fixed\n\n"),
        ({"style": "summary", "date_format": "DD-MM-YY"}, "### [1.2.3] - 31-01-26\n\n- 🐞 Fix: close files\n"),
        ({"version": "2.0.0", "date": "2025-02-03", "summary": "mine"}, "## 2.0.0 (2025-02-03)\n\nmine\n\n### Bug"),
        ({"prepend": False}, "## [1.2.3]("),
    ],
)
def test_keys(execute, config, start):
    """Style, date and overrides decide about the section."""
    result, _, text = execute(config, before=b"# C\n\n## Recent Releases\n\n## 1.0.0\n")
    inserted = text.replace("# C\n\n## Recent Releases\n\n", "").replace("## 1.0.0\n", "").strip()
    assert inserted.startswith(start.strip("\n"))
    assert inserted.endswith(result.output["notes"])
    assert text.endswith("## 1.0.0\n") is config.get("prepend", True)


def test_the_link_to_the_detailed_changelog(execute):
    """It is relative to the main changelog's folder, with blanks escaped; it can be switched off."""
    _, _, text = execute(detailed="KB/My Logs/CHANGELOG_v0.1+2.md")
    assert text.endswith(f"{FIX}\n\n[Detailed changelog](KB/My%20Logs/CHANGELOG_v0.1+2.md)\n")
    _, _, text = execute({"main_changelog": "S.md", "style": "summary"}, detailed="a/CHANGELOG_v1.2.3.md")
    assert text.endswith("- See [CHANGELOG_v1.2.3.md](a/CHANGELOG_v1.2.3.md)\n")
    _, _, text = execute({"main_changelog": "T.md", "link_to_detailed": False}, detailed="a/b.md")
    assert "Detailed" not in text
    _, _, text = execute({"main_changelog": "V.md", "version": "9.9.9"}, detailed="a/b.md")
    assert "Detailed" not in text


def test_a_link_from_another_folder(execute, tmp_path):
    """A changelog in a folder of its own leads out of it."""
    (tmp_path / "docs").mkdir()
    _, _, text = execute({"main_changelog": "docs/C.md"}, detailed="KB/x.md")
    assert "[Detailed changelog](../KB/x.md)" in text


def test_a_template_of_the_repository(execute, tmp_path):
    """A path as style is a Jinja2 template."""
    (tmp_path / "notes.j2").write_text("## {{ version }}\n\n{{ detailed }} {{ summary }}\n", encoding="utf-8")
    result, _, text = execute({"style": "notes.j2"}, before=b"# C\n\n## 1.0.0\n", detailed="d.md")
    assert text == "# C\n\n## 1.2.3\n\nd.md close files\n\n## 1.0.0\n"
    assert result.output["notes"] == "d.md close files"


@pytest.mark.parametrize(
    ("config", "message", "hint"),
    [
        ({"style": "keepachangelog"}, "is neither a style nor the path of a template", "keep-a-changelog"),
        ({"style": "../x.j2"}, "outside the repository", ""),
        ({"main_changelog": "/etc/x.md"}, "outside the repository", ""),
        ({"date_format": "yyyy"}, "names no part of a date", ""),
    ],
)
def test_wrong_configuration(execute, config, message, hint):
    """Mistakes are named, with what would be right."""
    with pytest.raises(PermanentError, match=message) as caught:
        execute(config)
    assert hint in caught.value.hint


def test_another_section_stays(execute):
    """A section of this version with other text is refused with its place, and nothing is written."""
    before = b"# C\r\n\r\n## 1.2.3\r\n\r\nmine\r\n"
    with pytest.raises(PermanentError, match=r"^CHANGELOG\.md:3:1: "):
        execute(before=before)


def test_long_notes_are_announced(execute):
    """Notes that a forge will not take are warned about, and written in full."""
    commits = [{"sha": f"{n:040x}", "type": "fix", "description": f"change number {n}"} for n in range(1500)]
    result, context, text = execute(output={**OUTPUT, "commits": commits})
    assert "takes 125000" in context.logger.lines[0] and "number 1499" in text
    assert len(result.output["notes"]) > 125_000


@pytest.mark.parametrize(("form", "valid"), [("%d.%m.", True), ("yyyy", False)])
def test_the_date_format_is_checked_beforehand(form, valid):
    """A wrong date format is found before anything runs."""
    found = ChangelogUpdateHandler().validate_config({"date_format": form})
    assert found.valid is valid and bool(found.errors) is not valid
