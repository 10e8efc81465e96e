from pathlib import Path

import pytest
from vwmp_release.plugins.release.readme.markers import marked
from vwmp_release.plugins.release.readme.versions import quoted

from vwmp_release.errors import PermanentError
from vwmp_release.support import textfile
from vwmp_release.support.textfile import TextFile

OPEN, CLOSE = "<!-- vwmp:version -->", "<!-- /vwmp:version -->"
ROOT = Path("/r")


def rewrite(text, old="1.2.2", passed=()):
    file = TextFile(ROOT / "docs" / "README.md", text)
    found = marked(file, quoted(text), "1.2.3", old, "2026-01-31", passed=list(passed), root=ROOT)
    edits = [edit for item in found for edit in item.edits]
    return textfile.apply(file, edits).text, [item.what for item in found if item.edits]


@pytest.mark.parametrize(
    ("inside", "after"),
    [
        ("1.2.2", "1.2.3"),
        ("v1.2.2", "v1.2.3"),
        ("\n```sh\npip install widget==1.2.2\n```\n", "\n```sh\npip install widget==1.2.3\n```\n"),
        ("needs Python 3.11, version 1.2.2 or v1.2.2", "needs Python 3.11, version 1.2.3 or v1.2.3"),
        ("1.2.3 on 2020-01-01", "1.2.3 on 2020-01-01"),
        ("no version", "no version"),
        ("**Version (SemVer):** 1.2.2 | **Internal:** 0.1.2.2+4 | **Last Updated:** 2026-01-01",
         "**Version (SemVer):** 1.2.3 | **Internal:** 0.1.2.2+4 | **Last Updated:** 2026-01-31"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("close", [CLOSE, "<!-- vwmp:version:end -->"])
def test_what_stands_between_markers(inside, after, close):
    """The version changes, with or without v; other numbers stay, Last Updated gets the date."""
    text, want = f"1.2.2 {OPEN}{inside}{close} 1.2.2\n", f"1.2.2 {OPEN}{after}{close} 1.2.2\n"
    assert rewrite(text)[0] == want


@pytest.mark.parametrize(
    ("inside", "after"),
    [
        ("Python 3.11 | SemVer: 9.9.9", "Python 3.11 | SemVer: 1.2.3"),
        ("Python 3.11 | **Version:** 9.9.9 | Internal: 8.8.8", "Python 3.11 | **Version:** 1.2.3 | Internal: 8.8.8"),
        ("9.9.9 and 8.8.8", "1.2.3 and 8.8.8"),
    ],
)
def test_when_the_old_version_is_not_there(inside, after):
    """A stale version is found by its field's name, else it is the first."""
    assert rewrite(f"{OPEN}{inside}{CLOSE}", old="")[0] == f"{OPEN}{after}{CLOSE}"


def test_several_pairs_and_quoted_markers():
    """Every pair counts; markers in code are only quoted."""
    text = f"`{OPEN}`\n\n```md\n{OPEN}1.2.2\n```\n\n{OPEN}1.2.2{CLOSE}\n{OPEN} 1.2.2 {CLOSE}\n"
    after, what = rewrite(text)
    assert after.count("1.2.3") == 2 and after.count("1.2.2") == 1
    assert what == ["marker 1.2.2 → 1.2.3"] * 2


def test_what_something_else_edits_is_passed_over():
    """A badge between markers is not edited twice."""
    text = f"{OPEN}1.2.2 1.2.2{CLOSE}"
    at = text.index("1.2.2")
    assert rewrite(text, passed=[(at, at + 5)])[0] == f"{OPEN}1.2.2 1.2.3{CLOSE}"


def test_an_open_marker_is_an_error():
    """A marker without its end is named with its place."""
    with pytest.raises(PermanentError) as caught:
        rewrite(f"# x\n\n  {OPEN}1.2.2\n")
    assert str(caught.value) == "docs/README.md:3:3: the marker vwmp:version is not closed"
    assert CLOSE in caught.value.hint
