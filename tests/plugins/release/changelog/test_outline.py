import pytest
from vwmp_release.plugins.release.changelog.outline import outline

FENCED = "# Changelog\n\n```md\n## 9.9.9\n```\n\n<!--\n## 8.8.8\n-->\n\n~~~\n## 7.7.7\n\n## 1.0.0 (2026-01-01)\n"


@pytest.mark.parametrize(
    ("heading", "version"),
    [
        ("## [1.2.3] - 2026-01-31", "1.2.3"),
        ("## 1.2.3 (2026-01-31)", "1.2.3"),
        ("# [2.0.0](https://e.com/compare/v1...v2) (2026-01-31)", "2.0.0"),
        ("## v1.2.3", "1.2.3"),
        ("## [v1.2.3]", "1.2.3"),
        ("### [0.1.4.7+2] - 26-05-26", "0.1.4.7+2"),
        ("## 1.2.3-rc.1+build.5 ##", "1.2.3-rc.1+build.5"),
        ("## 1!2.0rc1", "1!2.0rc1"),
        ("## Version 1.2.3", "1.2.3"),
        ("## Release v1.2.3 / 2026", "1.2.3"),
        ("## @acme/widget@1.2.3", "1.2.3"),
        ("## widget-v1.2.3", "1.2.3"),
        ("1.2.3 / 2026-01-31\n==================", "1.2.3"),
        ("v1.2.3\n------", "1.2.3"),
        ("## Upgrading to 2.0.0", ""),
        ("#### 1.2.3", ""),
        ("## 2026", ""),
        ("##", ""),
        ("## 10.0.0/8 networks", ""),
    ],
)
def test_release_headings(heading, version):
    """The heading forms of the usual tools are known, other headings are not taken for releases."""
    (found,) = outline(f"{heading}\n").headings
    assert found.version == version


@pytest.mark.parametrize("text", ["text\nmore\n---\n", "- item\n---\n", "\n---\n", "---\n", "# x\n---\n"])
def test_rules_are_no_headings(text):
    """Dashes below a list, a long paragraph or nothing make no heading."""
    assert [h.text for h in outline(text).headings] in ([], ["x"])


def test_code_and_comments_are_passed_over():
    """A heading inside a code block or comment is none; a fence without an end reaches to the end."""
    plan = outline(FENCED)
    assert [h.text for h in plan.headings] == ["Changelog"]
    assert outline("<!-- open\n## 1.0.0\n").headings == ()


def test_front_matter_and_mark_are_passed_over():
    """What stands before the document is no part of it."""
    plan = outline("\ufeff---\ntitle: x\n---\n# Changelog\n")
    assert plan.text[plan.top :] == "# Changelog\n"
    assert outline("---\n\n# T\n\n---\n").top == 0
    assert outline("\ufeff# T\n").top == 1


def test_sections_end_where_the_next_begins():
    """A release's section ends at the next release or at the references that close the document."""
    text = "# C\n\n## [Unreleased]\n\n### Added\n\n## [1.1.0]\n\n- b\n\n# [1.0.0]\n\n- a\n\n"
    text += "[1.1.0]: https://e\n[1.0.0]: https://f\n"
    plan = outline(text)
    by_text = {h.text: h for h in plan.headings}
    assert plan.unreleased == by_text["[Unreleased]"]
    assert plan.first_release == by_text["[1.1.0]"]
    assert text[plan.tail :] == "[1.1.0]: https://e\n[1.0.0]: https://f\n"
    assert text[by_text["[1.1.0]"].end : plan.release_end(by_text["[1.1.0]"])] == "\n- b\n\n"
    assert text[by_text["[1.0.0]"].end : plan.release_end(by_text["[1.0.0]"])] == "\n- a\n\n"
    assert text[plan.unreleased.end : plan.end_of(plan.unreleased)] == "\n### Added\n\n"


def test_references_in_the_middle_are_no_tail():
    """Only a block of references at the very end closes the document; footnotes are none."""
    text = "[a]: https://e\n\ntext\n\n[^1]: note\n"
    assert outline(text).tail == len(text)
    assert [ref.label for ref in outline(text).references] == ["a"]


@pytest.mark.parametrize(
    ("text", "intro"),
    [
        ("# C\n\nIntro.\n\n- list\n", "# C\n\nIntro.\n"),
        ("# C\n\nAll notable changes.\n\nThe format is Keep a Changelog,\nand SemVer.\n\nNews.\n",
         "# C\n\nAll notable changes.\n\nThe format is Keep a Changelog,\nand SemVer.\n"),
        ("# C\n\n<!-- lint off -->\n\nIntro.\n\n## News\n", "# C\n\n<!-- lint off -->\n\nIntro.\n"),
        ("# C\n## News\n", "# C\n"),
        ("C\n=\n\nIntro.", "C\n=\n\nIntro."),
        ("# C\n\n[a]: https://e\n", "# C\n"),
        ("News.\n\n# C\n", ""),
        ("prose only\n", ""),
    ],
)  # fmt: skip
def test_where_an_introduction_ends(text, intro):
    """The first release goes behind title, comments and introduction, and before anything else."""
    plan = outline(text)
    assert text[: plan.intro_end] == intro


def test_a_version_list_marker():
    """Releases above the marker of python-semantic-release are not looked at."""
    text = "# C\n\n## 0.1.0\n\n<!-- version list -->\n\n## v1.0.0\n"
    plan = outline(text)
    assert text[: plan.marker].endswith("-->\n")
    assert plan.first_release.text == "v1.0.0"
