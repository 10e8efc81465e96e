from pathlib import Path

import pytest
from vwmp_release.plugins.release.readme.badges import badges, escape, form, unescape

from vwmp_release.errors import PermanentError
from vwmp_release.support import textfile
from vwmp_release.support.textfile import TextFile

HOST = "https://img.shields.io/badge/"


def rewrite(text, version="1.2.3", template="version-{version}-blue"):
    found = badges(text, form(template), version)
    edits = [edit for item in found for edit in item.edits]
    return textfile.apply(TextFile(Path("README.md"), text), edits).text, [item.what for item in found if item.edits]


@pytest.mark.parametrize(
    ("before", "version", "after"),
    [
        (f"![v]({HOST}version-1.2.2-blue)", "1.2.3", f"![v]({HOST}version-1.2.3-blue)"),
        (f"[![v]({HOST}version-1.2.2-green.svg?style=flat)](x)", "1.2.3",
         f"[![v]({HOST}version-1.2.3-green.svg?style=flat)](x)"),
        (f'<img src="{HOST}Version-v1.2.2-orange.svg" alt="Version 1.2.2">', "1.2.3",
         f'<img src="{HOST}Version-v1.2.3-orange.svg" alt="Version 1.2.3">'),
        (f"<img alt='v1.2.2' src='{HOST}version-1.2.2-blue'>", "1.2.3",
         f"<img alt='v1.2.3' src='{HOST}version-1.2.3-blue'>"),
        (f'<img alt="it\'s 1.2.2" src="{HOST}version-1.2.2-blue">', "1.2.3",
         f'<img alt="it\'s 1.2.3" src="{HOST}version-1.2.3-blue">'),
        (f'<img src="{HOST}version-1.2.2-blue">', "1.2.3", f'<img src="{HOST}version-1.2.3-blue">'),
        (f"[version-shield]: {HOST}version-0.0.0%2B7-blue.svg?style=for-the-badge", "0.0.0+8",
         f"[version-shield]: {HOST}version-0.0.0%2B8-blue.svg?style=for-the-badge"),
        (f"![version 1.0.0--rc]({HOST}version-1.0.0--rc.1-blue)", "1.0.0-rc.2",
         f"![version 1.0.0--rc]({HOST}version-1.0.0--rc.2-blue)"),
        (f"![]({HOST}version-1.0-blue)", "1.0-a_b", f"![]({HOST}version-1.0--a__b-blue)"),
        (f".. image:: {HOST}version-1.2.2-blue", "1.2.3", f".. image:: {HOST}version-1.2.3-blue"),
        (f"![1.2.2, not 1.2.22]({HOST}version-1.2.2-blue)", "1.2.3", f"![1.2.3, not 1.2.22]({HOST}version-1.2.3-blue)"),
    ],
)  # fmt: skip
def test_forms_of_badges(before, version, after):
    """Inline, HTML and reference badges keep colour, suffix and style; only the version changes, escaped."""
    assert rewrite(before, version)[0] == after


@pytest.mark.parametrize(
    "text",
    [
        f"![]({HOST}python-3.11-blue)",
        f"![]({HOST}version-1.2.3-red)",
        f"![]({HOST}version-unreleased-blue)",
        "![](https://img.shields.io/pypi/v/widget)",
        "![](https://github.com/o/r/actions/workflows/x/badge.svg)",
        f"![]({HOST}version)",
        "version-1.2.2-blue",
    ],
)
def test_other_badges_stay(text):
    """Badges of other things, live badges and those that are up to date are left alone."""
    assert rewrite(text) == (text, [])


@pytest.mark.parametrize(
    ("template", "before", "after"),
    [
        ("release-v{version}-green", "release-v1.2.2-blue.svg", "release-v1.2.3-blue.svg"),
        ("release-v{version}-green", "release-1.2.2-blue.svg", "release-v1.2.3-green.svg"),
        ("my_app-{version}-blue", "my_app-1.2.2-red", "my_app-1.2.3-red"),
        ("{version}-blue", "1.2.2-red", "1.2.3-red"),
        ("version-{version}_stable-blue", "version-1.2.2_stable-red", "version-1.2.3%20stable-red"),
    ],
)
def test_the_badge_format_recognises_and_writes(template, before, after):
    """The format says which badge is meant; a badge of another message form is written anew."""
    assert rewrite(HOST + before, template=template)[0] == HOST + after


@pytest.mark.parametrize(
    "template", ["version", "version-blue", "{version}", "a-{version}{version}-b", "a-b-c-{version}"]
)
def test_a_wrong_format_is_refused(template):
    """A format that is no badge of a version is named."""
    with pytest.raises(PermanentError, match="is no badge of a version"):
        form(template)


@pytest.mark.parametrize("text", ["1.0.0-rc.1+b_2 x", "a--b__c", "é"])
def test_escaping_can_be_undone(text):
    """Escaping and reading are inverse."""
    assert unescape(escape(text)) == text


def test_changes_are_described():
    """The report names old and new version."""
    assert rewrite(f"![]({HOST}version-1.2.2-blue)")[1] == ["badge 1.2.2 → 1.2.3"]
