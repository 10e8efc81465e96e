from datetime import UTC, datetime

import pytest
from vwmp_release.plugins.release.changelog.release import release, task_ids

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import RunIdentity, StepContext, StepResult, StepStatus

CLOCK = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
OUTPUT = {
    "new_version": "1.2.3", "tag": "w-v1.2.3", "tag_template": "w-v{version}", "previous_tag": "w-v1.2.2",
    "summary": "derived", "change_type": "fix",
    "commits": [
        {"sha": "1", "type": "feat", "description": "x for E01:S01:T002",
         "body": "and E1:S1:T2, E01S3T001", "verdict": "ignored"},
        {"sha": "2", "description": "undone E9:S9:T9", "verdict": "reverted"},
    ],
}  # fmt: skip


@pytest.fixture
def made(tmp_path):
    """Read the release from a context."""

    def run(config=None, parameters=None, output=OUTPUT, adapters=None, branch=None):
        outputs = {"version_bump": StepResult("version_bump", StepStatus.SUCCESS, output)} if output else {}
        context = StepContext(
            "id", "release", "s", "S", config or {}, parameters or {}, tmp_path, outputs, {}, adapters or {},
            run=RunIdentity(started_at=CLOCK), branch=branch,
        )  # fmt: skip
        return release(context)

    return run


def test_the_run_gives_the_release(made):
    """Outputs of version_bump and the run's clock are what is released."""
    found = made(branch="main")
    assert (found.version, found.tag, found.previous_tag, found.date) == ("1.2.3", "w-v1.2.3", "w-v1.2.2", CLOCK)
    assert (found.summary, found.told, found.change_type, found.branch) == ("derived", False, "fix", "main")
    assert found.tasks == ("E01:S01:T002", "E01S3T001")
    assert found.links is None and found.address("#1") is None
    assert found.listed == [] and found.headline == "derived"


def test_configuration_and_parameters_stand_over_it(made):
    """The step's own keys win over parameters, parameters over what was derived."""
    found = made({"version": "2.0.0", "date": "2025-02-03"}, {"summary": "told", "change_type": "security"})
    assert (found.version, found.tag, found.previous_tag) == ("2.0.0", "w-v2.0.0", None)
    assert (found.date, found.summary, found.told) == (datetime(2025, 2, 3, tzinfo=UTC), "told", True)
    assert found.change_type == "security"
    assert made({"summary": "mine"}, {"summary": "told"}).summary == "mine"


def test_a_step_on_its_own(made):
    """Without any earlier step, version and date in the configuration are enough."""
    found = made({"version": "2.0.0"}, {"detailed_changes": " - E2:S2:T2 done\n", "task": "E1:S4:T7"}, output=None)
    assert (found.tag, found.change_type, found.changes, found.details) == (
        "v2.0.0",
        "maintenance",
        (),
        "- E2:S2:T2 done",
    )
    assert found.headline == "Release 2.0.0"
    assert found.tasks == ("E1:S4:T7", "E2:S2:T2")
    assert made({"version": "2.0.0"}, {"tasks": ["E1:S1:T1"]}, output=None).tasks == ("E1:S1:T1",)
    assert made(output={"new_version": "1.0.0", "task": "E1:S4:T7"}).tasks == ("E1:S4:T7",)


def test_the_change_type_comes_from_the_commits(made):
    """Without a change type the listed commits decide, and the first of them is the headline."""
    commits = [{"type": "fix", "description": "a"}, {"type": "feat", "description": "b"}]
    found = made(output={"new_version": "1.2.3", "commits": commits})
    assert (found.change_type, found.headline, found.tag) == ("feature", "a", "v1.2.3")


@pytest.mark.parametrize("version", ["../../etc/passwd", "1.2.3\n## x", "-1", "a b"])
def test_a_version_that_would_break_out_is_refused(made, version):
    """A version becomes a file name and a heading, and may hold nothing but its own signs."""
    with pytest.raises(PermanentError, match="cannot be part of a file name"):
        made({"version": version})


def test_no_version_is_refused(made):
    """Without a version the message says what to do."""
    with pytest.raises(PermanentError) as caught:
        made(output=None)
    assert "release.version_bump" in caught.value.hint


def test_links_come_from_the_git_adapter(made):
    """The remote's URL, asked of the git adapter, decides where links lead."""

    class Git:
        def remote_url(self):
            return "git@github.com:acme/widget.git"

    assert made(adapters={"git": Git()}).address("#1") == "https://github.com/acme/widget/issues/1"


def test_task_ids():
    """Ids stay as written, each task once, one to three digits a part; look-alikes are none."""
    texts = ["E01:S01:T002 E1:S1:T2", "E1:S1:T1 xE1:S1:T9 E1:S1:T1000 E1234:S1:T1 E1S2T3."]
    assert task_ids(texts) == ("E01:S01:T002", "E1:S1:T1", "E1S2T3")
