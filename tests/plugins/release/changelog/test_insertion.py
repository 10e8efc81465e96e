from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vwmp_release.plugins.release.changelog.insertion import bullet, insert, load
from vwmp_release.plugins.release.changelog.outline import outline
from vwmp_release.plugins.release.changelog.sections import Section

from vwmp_release.errors import PermanentError
from vwmp_release.support import textfile

SECTION = Section("## 1.2.3 (2026-01-31)", "### ⚠ BREAKING CHANGES\n\n- a")
TEXT = SECTION.text
KEEP = (
    "# Changelog\n\nAll notable changes.\n\n## [Unreleased]\n\n- soon\n\n"
    "{}## [1.2.2] - 2026-01-01\n\n- old\n\n[1.2.2]: https://e\n"
)
SEMANTIC = "{}## [1.2.2](https://e/c) (2026-01-01)\n\n\n### Bug Fixes\n\n* x\n\n# [1.2.0](https://e) (2025-01-01)\n"
PLEASE = "# Changelog\n\n{}## [1.2.2](https://e/c) (2026-01-01)\n\n\n### Features\n\n* x\n"
COMMITIZEN = "{}## 1.2.2 (2026-01-01)\n\n### Fix\n\n- x\n"
PSR = "# CHANGELOG\n\n<!-- version list -->\n\n{}## v1.2.2 (2026-01-01)\n\n### Bug Fixes\n\n- x\n"
PSR_EMPTY = "# CHANGELOG\n\n<!-- version list -->\n\n{}## Notes\n"
PROSE = "---\ntitle: x\n---\n# History\n\nWhat happened.\n\n{}In May we moved.\nIn June we moved back.\n"
EXPRESS = "{}1.2.2 / 2026-01-01\n==================\n\n  * x\n"
MONTHS = "# News\n\nWelcome.\n\n{}## January 2026\n\nIt snowed.\n"
HANDS = [KEEP, SEMANTIC, PLEASE, COMMITIZEN, PSR, PSR_EMPTY, PROSE, EXPRESS, MONTHS]


def put(path, section=SECTION, *, prepend=True, recent=False, version="1.2.3"):
    done = insert(load(path), section, version, prepend=prepend, recent=recent, root=path.parent)
    if done.changed:
        textfile.write(done.file)
    return done


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("hand", HANDS)
def test_changelogs_in_other_hands(tmp_path, hand, mark, newline):
    """The section stands where each tool's newest release does, and taking it out gives the old bytes back."""
    path = tmp_path / "CHANGELOG.md"
    before = (mark + hand.format("")).replace("\n", newline).encode()
    inserted = f"{TEXT}\n\n".replace("\n", newline).encode()
    path.write_bytes(before)
    done = put(path)
    assert path.read_bytes() == (mark + hand.format(f"{TEXT}\n\n")).replace("\n", newline).encode()
    assert path.read_bytes().replace(inserted, b"", 1) == before
    assert done.notes == SECTION.body


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# C\n\n## 1.0\n\n- a", "# C\n\n## 1.0\n\n- a\n\n{}"),
        ("# C\n\n## 1.0\n\n- a\n", "# C\n\n## 1.0\n\n- a\n\n{}\n"),
        ("## 1.0\n\n[1.0]: https://e", "## 1.0\n\n{}\n\n[1.0]: https://e"),
    ],
)
def test_appending(tmp_path, before, after):
    """`prepend: false` puts the section behind the last release; a missing last newline stays missing."""
    path = tmp_path / "C.md"
    path.write_text(before, encoding="utf-8")
    put(path, prepend=False)
    assert path.read_text(encoding="utf-8") == after.format(TEXT)


@pytest.mark.parametrize("before", ["# C", "# C\n", "# C\n\nAll notable changes.", "# C\r\n\r\n## [Unreleased]\r\n"])
def test_a_document_without_releases(tmp_path, before):
    """The first release goes behind title, introduction and Unreleased; nothing before it changes."""
    path = tmp_path / "C.md"
    path.write_bytes(before.encode())
    put(path)
    newline = "\r\n" if "\r" in before else "\n"
    after = path.read_bytes().decode()
    assert after.startswith(before)
    assert after[len(before) :].strip() == TEXT.replace("\n", newline)
    assert after.endswith("\n") is before.endswith("\n")


@pytest.mark.parametrize("before", [None, b"", b"\xef\xbb\xbf", b"\n"])
def test_a_new_changelog_gets_a_title(tmp_path, before):
    """A missing or empty changelog begins with the title."""
    path = tmp_path / "docs" / "CHANGELOG.md"
    if before is not None:
        path.parent.mkdir()
        path.write_bytes(before)
    put(path)
    assert path.read_bytes() == (before or b"") + f"# Changelog\n\n{TEXT}\n".encode()


def test_latin_1_stays_latin_1(tmp_path):
    """A sign that the document's encoding lacks becomes a character reference, and the section is known again."""
    path = tmp_path / "C.md"
    before = "# Änderungen\n\n## 1.2.2\n\n- Größe\n".encode("latin-1")
    path.write_bytes(before)
    put(path)
    inserted = (TEXT + "\n\n").replace("⚠", "&#9888;").encode("latin-1")
    assert inserted in path.read_bytes()
    assert path.read_bytes().replace(inserted, b"") == before
    assert put(path).changed is False


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_same_section_again_changes_nothing(tmp_path, newline):
    """Writing a release twice is a success without a change."""
    path = tmp_path / "C.md"
    path.write_bytes(KEEP.format("").replace("\n", newline).encode())
    put(path)
    once = path.read_bytes()
    assert put(path).changed is False
    assert path.read_bytes() == once


def test_another_section_of_the_version_is_refused(tmp_path):
    """A section that somebody wrote for this version is not overwritten; the message names its place."""
    path = tmp_path / "C.md"
    path.write_text("# C\n\n## v1.2.3\n\nmine\n", encoding="utf-8")
    with pytest.raises(PermanentError) as caught:
        put(path)
    assert str(caught.value) == "C.md:3:1: C.md already has a section for 1.2.3, with other text"
    assert path.read_text(encoding="utf-8") == "# C\n\n## v1.2.3\n\nmine\n"


RECENT = Section("### [1.2.3] - 26-01-31", "- 🐞 Fix: x")


@pytest.mark.parametrize(
    ("hand", "prepend"),
    [
        ("# C\n\n## Recent Releases\n\n{}### [1.2.2] - 26-01-01\n\n- x\n\n## Older\n", True),
        ("# C\n\n## Recent Releases\n\nThe newest first.\n\n{}## Older\n\n### [0.1]\n", True),
        ("# C\n\n## Recent Releases\n\n### [1.2.2] - 26-01-01\n\n- x\n\n{}## Older\n", False),
    ],
)
def test_recent_releases(tmp_path, hand, prepend):
    """The one-entry form goes under Recent Releases, before what stands there."""
    path = tmp_path / "C.md"
    path.write_text(hand.format(""), encoding="utf-8")
    put(path, RECENT, recent=True, prepend=prepend)
    assert path.read_text(encoding="utf-8") == hand.format(f"{RECENT.text}\n\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "# Changelog\n\n## Recent Releases\n\n{}\n"),
        ("# C\n\n## [0.1.4.7+2] - 26-05-26\n", "# C\n\n## Recent Releases\n\n{}\n\n## [0.1.4.7+2] - 26-05-26\n"),
    ],
)
def test_recent_releases_where_the_heading_is_missing(tmp_path, before, after):
    """The heading Recent Releases comes with the first entry."""
    path = tmp_path / "C.md"
    path.write_text(before, encoding="utf-8")
    put(path, RECENT, recent=True)
    assert path.read_text(encoding="utf-8") == after.format(RECENT.text)


@pytest.mark.parametrize(("hand", "mark"), [(SEMANTIC, "*"), (KEEP, "-"), ("", "-"), ("## 1.0.0\n\ntext\n", "-")])
def test_the_bullet_follows_the_document(hand, mark):
    """New lists use the bullet of the old ones, `-` where there are none."""
    assert bullet(outline(hand.format(""))) == mark


LINES = st.sampled_from(
    [
        "# T", "## [Unreleased]", "## 1.0.0", "### [0.9.0]", "## Recent Releases", "### Fixed", "- a", "text", "", "",
        "```", "<!-- x", "-->", "---", "===", "\ufeff", "  ", "[1.0.0]: https://e/compare/a...b",
        "[Unreleased]: https://e/compare/b...HEAD",
    ]
)  # fmt: skip


@given(
    lines=st.lists(LINES, max_size=12),
    newline=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
    prepend=st.booleans(),
    recent=st.booleans(),
)
@settings(max_examples=300, deadline=None)
def test_any_document_keeps_every_byte(lines, newline, last, prepend, recent):
    """Whatever the document is, it is cut in two at one place and the section stands between."""
    before = newline.join(lines) + (newline if last else "")
    file = textfile.TextFile(Path("C.md"), before)
    after = insert(file, SECTION, "1.2.3", prepend=prepend, recent=recent, root=Path()).file.text
    cuts = (cut for cut in range(len(before) + 1) if after.startswith(before[:cut]))
    assert any(after.endswith(before[cut:]) for cut in cuts)
    assert TEXT in after.replace("\r\n", "\n")
