import pytest
from vwmp_release.plugins.release.changelog.labels import LABELS, kind_of, label


def test_the_table_has_the_documented_order():
    """The nine change types stand in the order in which the parameter lists them, with their emoji."""
    assert [sign for sign, _ in LABELS.values()] == ["🚀", "🐞", "🔧", "🔒", "🧹", "🔄", "📚", "🧰", "🚧"]
    assert (label("feature"), label("fix"), label("own")) == ("🚀 Feature", "🐞 Fix", "own")


@pytest.mark.parametrize(
    ("types", "kind"),
    [(["fix", "feat"], "feature"), (["perf"], "fix"), (["docs", "chore"], "documentation"), ([], "maintenance")],
)
def test_commits_add_up_to_the_weightiest_kind(types, kind):
    """The first kind in the table's order wins; nothing known is maintenance."""
    assert kind_of(types) == kind
