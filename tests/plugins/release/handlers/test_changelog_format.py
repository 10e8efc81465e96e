import pytest
from vwmp_release.plugins.release.handlers.changelog_format import ChangelogFormatCheck

from vwmp_release.interfaces import Effect, StepContext, StepResult, StepStatus

GOOD = "# Changelog v{0}\n\n**Release Date:** 2026-01-31 12:00:00 UTC\n**Type:** 🐞 Fix\n\n## Changes\n\n- x\n"


@pytest.fixture
def execute(tmp_path):
    """Run the check on changelogs given by version."""

    def run(files, config=None, own=None):
        (tmp_path / "logs").mkdir()
        for version, text in files.items():
            (tmp_path / "logs" / f"CHANGELOG_v{version}.md").write_text(text, encoding="utf-8")
        outputs = {"create": StepResult("create", StepStatus.SUCCESS, {"changelog_file": own})} if own else {}
        config = {"changelog_dir": "logs"} if config is None else config
        return ChangelogFormatCheck().execute(StepContext("i", "w", "check", "C", config, {}, tmp_path, outputs, {}))

    return run


def test_right_changelogs_pass(execute):
    """All files in form: success, and which were read."""
    result = execute({"1.0.0": GOOD.format("1.0.0"), "1.1.0": GOOD.format("1.1.0")})
    assert result.status is StepStatus.SUCCESS
    assert result.output == {"checked": ["logs/CHANGELOG_v1.0.0.md", "logs/CHANGELOG_v1.1.0.md"]}


def test_wrong_changelogs_fail_with_places(execute):
    """Every finding of every file has its file and line."""
    wrong = GOOD.format("1.1.0").replace(" 12:00:00 UTC", "").replace("**Type:**", "Type:")
    result = execute({"1.0.0": GOOD.format("1.0.0"), "1.1.0": wrong})
    assert result.status is StepStatus.FAILED and result.permanent
    assert [(a.file, a.line) for a in result.annotations] == [("logs/CHANGELOG_v1.1.0.md", n) for n in (1, 3)]
    assert str(result.error).startswith("1 of 2 detailed changelogs is not in form; logs/CHANGELOG_v1.1.0.md:1: ")


def test_only_the_one_of_this_run(execute):
    """Where this run made a changelog, older ones are not looked at."""
    result = execute({"1.0.0": "old\n", "1.1.0": GOOD.format("1.1.0")}, own="logs/CHANGELOG_v1.1.0.md")
    assert result.status is StepStatus.SUCCESS and result.output == {"checked": ["logs/CHANGELOG_v1.1.0.md"]}


def test_several_wrong_ones(execute):
    """The reason counts files, not findings."""
    result = execute({"1.0.0": "", "1.1.0": ""}, {"changelog_dir": "logs", "format": "date_only"})
    assert str(result.error).startswith("2 of 2 detailed changelogs are not in form")


@pytest.mark.parametrize("config", [{}, {"changelog_dir": "logs"}])
def test_nothing_to_check(execute, config):
    """Without any detailed changelog the check is skipped."""
    assert execute({}, config).status is StepStatus.SKIPPED


def test_it_only_reads():
    """The check touches nothing."""
    assert ChangelogFormatCheck.effect is Effect.NONE
    assert "format" in ChangelogFormatCheck().get_config_schema()["properties"]
