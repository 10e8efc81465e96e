import pytest
from vwmp_release.plugins.release.changelog.changes import Change, collapse


def test_a_commit_becomes_a_change():
    """Every key of the output `commits` is read; absent ones are empty."""
    change = Change.of(
        {
            "sha": "a" * 40, "short": "aaaaaaa", "type": "Feat", "scope": "api", "description": "add (#1)",
            "body": "Why.",
            "footers": [["Closes", "#2"], ["Task", "E01:S01:T002"]], "breaking": ["old calls"],
            "refs": ["#1", "#2", {"kind": "fixes", "id": 3}, {"kind": "pr", "id": "x/y#4"}], "verdict": "counted",
        }
    )  # fmt: skip
    assert change == Change(
        type="feat", scope="api", description="add (#1)", body="Why.\nCloses: #2\nTask: E01:S01:T002",
        breaking=("old calls",), commits=(("a" * 40, "aaaaaaa"),),
        references=(("refs", "#1"), ("closes", "#2"), ("closes", "#3"), ("refs", "x/y#4")),
    )  # fmt: skip
    assert Change.of({}) == Change("", "", "")


@pytest.mark.parametrize(("given", "texts"), [(True, ("d",)), ("t", ("t",)), ([""], ("d",)), (None, ()), ([], ())])
def test_breaking_in_any_form(given, texts):
    """A breaking change without a text of its own is described by the subject."""
    assert Change.of({"description": "d", "breaking": given}).breaking == texts


@pytest.mark.parametrize(
    ("verdict", "breaking", "listed"),
    [("counted", [], True), ("ignored", [], False), ("ignored", ["x"], True), ("unparsed", [], False),
     ("reverted", ["x"], False)],
)  # fmt: skip
def test_what_the_notes_name(verdict, breaking, listed):
    """Counted and breaking changes are named, reverted ones never."""
    assert Change.of({"verdict": verdict, "breaking": breaking}).listed is listed


def test_the_same_change_is_named_once():
    """Commits with one subject, with and without the number of a pull request, become one change."""
    one = {"sha": "1", "type": "fix", "description": "crash on start", "refs": ["#7"], "body": "a"}
    two = {"sha": "2", "type": "fix", "description": "Crash on start (#8)", "refs": ["#8"], "breaking": ["b"]}
    other = {"sha": "3", "type": "fix", "scope": "ui", "description": "crash on start"}
    undone = {**one, "sha": "4", "verdict": "reverted"}
    found = collapse(Change.of(commit) for commit in (one, two, other, undone))
    assert [change.commits for change in found] == [(("1", "1"), ("2", "2")), (("3", "3"),), (("4", "4"),)]
    assert found[0].description == "Crash on start (#8)"
    assert found[0].references == (("refs", "#7"), ("refs", "#8"))
    assert (found[0].breaking, found[0].body) == (("b",), "a")
