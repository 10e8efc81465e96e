from pathlib import Path

import pytest
from vwmp_release.plugins.release.readme.callout import callouts

from vwmp_release.support import textfile
from vwmp_release.support.textfile import TextFile


def rewrite(text, version="0.21.0.3", kind="feature", summary="add x"):
    edits = [edit for item in callouts(text, version, kind, summary) for edit in item.edits]
    return textfile.apply(TextFile(Path("README.md"), text), edits).text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("**🎉 Latest Release: v0.21.0.2** - 🐞 Fix: old", "**🎉 Latest Release: v0.21.0.3** - 🚀 Feature: add x"),
        ("> **Latest Release: 0.21.0.2** – Fix: old  \r\n", "> **Latest Release: 0.21.0.3** – Feature: add x  \r\n"),
        ("**🎉 Latest Release: v0.21.0.2** - old words", "**🎉 Latest Release: v0.21.0.3** - add x"),
        ("**🎉 Latest Release: v0.21.0.2** - 🐞 old words", "**🎉 Latest Release: v0.21.0.3** - 🚀 add x"),
        ("**🎉 Latest Release: v0.21.0.2** - Note: old", "**🎉 Latest Release: v0.21.0.3** - add x"),
        ("**🎉 Latest Release: v0.21.0.2**", "**🎉 Latest Release: v0.21.0.3**"),
        ("**🎉 Latest Release: v0.21.0.2** (see notes)", "**🎉 Latest Release: v0.21.0.3** (see notes)"),
        ("**🎉 Latest Release:** v0.21.0.2 - 🐞 Fix: old", "**🎉 Latest Release:** v0.21.0.3 - 🚀 Feature: add x"),
        ("**Latest Release: [v0.21.0.2](https://e/v0.21.0.2)** - Fix: o",
         "**Latest Release: [v0.21.0.3](https://e/v0.21.0.3)** - Feature: add x"),
        ("**🎉 Latest Release: v1.0.0-rc.1+b.2**", "**🎉 Latest Release: v0.21.0.3**"),
        ("The latest release: v0.21.0.2", "The latest release: v0.21.0.2"),
    ],
)  # fmt: skip
def test_the_line_keeps_its_form(before, after):
    """Version, emoji, label and summary change only where the line has them."""
    assert rewrite(before) == after


def test_without_a_summary_the_words_stay():
    """Nothing is invented where the release has no summary."""
    assert (
        rewrite("**Latest Release: v0.1.0** - 🐞 Fix: old", summary="") == "**Latest Release: v0.21.0.3** - 🐞 Fix: old"
    )


def test_an_own_change_type_has_no_emoji():
    """A change type that the table does not know is shown by its name."""
    assert rewrite("**Latest Release: v0.1.0** - 🐞 Fix: old", kind="Own").endswith("** - Own: add x")


def test_a_line_that_is_up_to_date_needs_nothing():
    """No edit, no change."""
    (found,) = callouts("**Latest Release: v1.0.0** - Fix: x", "1.0.0", "fix", "x")
    assert found.edits == ()
