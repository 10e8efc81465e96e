from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vwmp_release.plugins.release.changelog.changes import Change
from vwmp_release.plugins.release.changelog.insertion import load
from vwmp_release.plugins.release.changelog.keep import insert
from vwmp_release.plugins.release.changelog.release import Release

from vwmp_release.errors import PermanentError
from vwmp_release.support import textfile

FEAT = {"sha": "a" * 40, "short": "aaaaaaa", "type": "feat", "description": "add streams", "refs": ["#4"]}
FIX = {"sha": "b" * 40, "short": "bbbbbbb", "type": "fix", "description": "close files"}
LINK = "https://github.com/acme/widget"
FEAT_LINE = f"- add streams ([aaaaaaa]({LINK}/commit/{'a' * 40})), refs [#4]({LINK}/issues/4)"
FIX_LINE = f"- close files ([bbbbbbb]({LINK}/commit/{'b' * 40}))"
OLD = "# Changelog\n\nAll notable changes.\n\n## [Unreleased]\n{}\n## [1.2.2] - 2026-01-01\n\n### Fixed\n\n- old\n"


@pytest.fixture
def put(tmp_path):
    """Write a changelog, insert a release, and return what is in the file then."""

    def run(before, release, prepend=True, detailed=""):
        path = tmp_path / "CHANGELOG.md"
        if before is not None:
            path.write_bytes(before.encode())
        done = insert(load(path), release, "2026-01-31", prepend=prepend, detailed=detailed, root=tmp_path)
        textfile.write(done.file)
        return path.read_bytes().decode(), done

    return run


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_empty_unreleased_stays_and_the_release_follows(put, make_release, newline):
    """Commits alone make the section, behind Unreleased."""
    before = OLD.format("").replace("\n", newline)
    after, done = put(before, make_release(FEAT, FIX))
    section = f"## [1.2.3] - 2026-01-31\n\n### Added\n\n{FEAT_LINE}\n\n### Fixed\n\n{FIX_LINE}\n\n".replace(
        "\n", newline
    )
    assert after == before.replace(f"## [Unreleased]{newline}{newline}", f"## [Unreleased]{newline}{newline}{section}")
    assert done.notes == f"### Added\n\n{FEAT_LINE}\n\n### Fixed\n\n{FIX_LINE}"
    assert after.replace(section, "", 1) == before


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_hand_written_text_moves_verbatim(put, make_release, newline):
    """What people wrote stands under the new heading byte for byte, and the commits join its groups."""
    hand = "\n### Added\n\n*  hand-made,   with  blanks  \n\n  more\n\n### Changed\n\nProse.\n"
    before = OLD.format(hand).replace("\n", newline)
    after, done = put(before, make_release(FEAT, FIX), detailed="[Detailed changelog](d.md)")
    assert after == OLD.format(
        "\n## [1.2.3] - 2026-01-31\n\n### Added\n\n*  hand-made,   with  blanks  \n\n  more\n\n* add streams"
        f"{FEAT_LINE[13:]}\n\n### Changed\n\nProse.\n\n### Fixed\n\n{FIX_LINE}\n\n[Detailed changelog](d.md)\n"
    ).replace("\n", newline)
    assert done.notes.startswith("### Added\n\n*  hand-made")


def test_what_the_hand_names_is_not_repeated(put, make_release):
    """A commit whose subject, id or issue stands in the hand-written text already adds nothing."""
    hand = "\n### Added\n\n- Streams, see #4\n- Close files.\n"
    after, _ = put(OLD.format(hand), make_release(FEAT, FIX))
    assert after == OLD.format(f"\n## [1.2.3] - 2026-01-31\n{hand}")


def test_groups_grow_in_place(put, make_release):
    """Entries follow the list of their group with its bullet; an empty group gets its first."""
    hand = "\n### Added\n### Fixed\n\n* other\n"
    after, _ = put(OLD.format(hand), make_release(FEAT, FIX))
    new = f"\n## [1.2.3] - 2026-01-31\n\n### Added\n\n{FEAT_LINE}\n### Fixed\n\n* other\n*{FIX_LINE[1:]}\n"
    assert after == OLD.format(new)


def test_text_directly_below_the_heading(put, make_release):
    """Text without a blank line before it moves as well."""
    after, _ = put("# C\n\n## Unreleased\n- soon", make_release(FIX))
    assert after == f"# C\n\n## Unreleased\n\n## [1.2.3] - 2026-01-31\n\n- soon\n\n### Fixed\n\n{FIX_LINE}"


def test_without_unreleased(put, make_release):
    """Without an Unreleased section the release goes before the newest, in the form of its heading."""
    after, _ = put("# C\n\n## v1.2.2 - 2026-01-01\n\n* old\n", make_release(FIX))
    assert (
        after == f"# C\n\n## v1.2.3 - 2026-01-31\n\n### Fixed\n\n*{FIX_LINE[1:]}\n\n## v1.2.2 - 2026-01-01\n\n* old\n"
    )
    after, _ = put("# C\n\n## [v1.2.2]\n", make_release(summary="quiet"), prepend=False)
    assert after == "# C\n\n## [v1.2.2]\n\n## [v1.2.3] - 2026-01-31\n\n### Changed\n\n- quiet\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            f"[Unreleased]: {LINK}/compare/v1.2.2...HEAD\n[1.2.2]: {LINK}/compare/v1.2.1...v1.2.2\n",
            f"[Unreleased]: {LINK}/compare/v1.2.3...HEAD\n[1.2.3]: {LINK}/compare/v1.2.2...v1.2.3\n"
            f"[1.2.2]: {LINK}/compare/v1.2.1...v1.2.2\n",
        ),
        (
            "[unreleased]: https://e.org/x/compare/v1.2.2..main?a=b",
            "[unreleased]: https://e.org/x/compare/v1.2.3..main?a=b\n[1.2.3]: https://e.org/x/compare/v1.2.2..v1.2.3?a=b",
        ),
        (
            "[v1.2.2]: https://e.org/x/compare/v1.2.1...v1.2.2\n",
            "[v1.2.3]: https://e.org/x/compare/v1.2.2...v1.2.3\n[v1.2.2]: https://e.org/x/compare/v1.2.1...v1.2.2\n",
        ),
        (
            f"[1.2.2]: {LINK}/releases/tag/v1.2.2\n",
            f"[1.2.3]: {LINK}/compare/v1.2.2...v1.2.3\n[1.2.2]: {LINK}/releases/tag/v1.2.2\n",
        ),
        (f"[1.2.3]: {LINK}\n", f"[1.2.3]: {LINK}\n"),
        ("[docs]: https://e.org\n", "[docs]: https://e.org\n"),
    ],
)
@pytest.mark.parametrize("hand", ["", "\n- soon\n"])
def test_link_references(put, make_release, hand, before, after):
    """References at the bottom follow in the document's own form; a document without any gets none."""
    written, _ = put(f"{OLD.format(hand)}\n{before}", make_release(FIX))
    assert written.endswith(f"- old\n\n{after}")


def test_references_without_a_known_forge(put, make_release):
    """No address can be made up where neither the document nor the remote has a form for it."""
    text = f"{OLD.format('')}\n[1.2.2]: https://e.org/1.2.2\n"
    written, _ = put(text, make_release(FIX, remote=None))
    assert written.endswith("- old\n\n[1.2.2]: https://e.org/1.2.2\n")
    written, _ = put(text, make_release(FIX, previous_tag=None))
    assert f"[1.2.3]: {LINK}/releases/tag/v1.2.3\n[1.2.2]: https://e.org" in written


def test_release_right_before_the_references(put, make_release):
    """Section and reference go to the same place in a document that has no release yet."""
    written, _ = put("# C\n\n[1.0.0]: https://e.org/compare/v0...v1\n", make_release(FIX, remote=None))
    assert written == (
        "# C\n\n## [1.2.3] - 2026-01-31\n\n### Fixed\n\n- close files (bbbbbbb)\n\n"
        "[1.2.3]: https://e.org/compare/v1...v1.2.3\n[1.0.0]: https://e.org/compare/v0...v1\n"
    )


def test_a_new_changelog(put, make_release):
    """A new file has title, introduction, Unreleased, the release and its references."""
    after, done = put(None, make_release(FIX))
    assert after == (
        "# Changelog\n\nAll notable changes to this project are documented in this file, in the form of\n"
        "[Keep a Changelog](https://keepachangelog.com/en/1.1.0/).\n\n## [Unreleased]\n\n"
        f"## [1.2.3] - 2026-01-31\n\n### Fixed\n\n{FIX_LINE}\n\n"
        f"[Unreleased]: {LINK}/compare/v1.2.3...HEAD\n[1.2.3]: {LINK}/compare/v1.2.2...v1.2.3\n"
    )
    assert done.notes == f"### Fixed\n\n{FIX_LINE}"


@pytest.mark.parametrize(
    ("remote", "end"),
    [
        (None, ""),
        ("https://dev.azure.com/o/p/_git/w", "\n[1.2.3]: https://dev.azure.com/o/p/_git/w?version=GTv1.2.3\n"),
    ],
)
def test_a_new_changelog_elsewhere(put, make_release, remote, end):
    """References appear only as far as the forge has addresses."""
    after, _ = put(None, make_release(summary="first", remote=remote, previous_tag=None))
    assert after.endswith(f"### Changed\n\n- first\n{end}")


def test_twice(put, make_release):
    """The same release again changes nothing, with hand-written text as well; another text is refused."""
    release = make_release(FEAT, FIX)
    once, _ = put(OLD.format("\n### Added\n\n- hand\n"), release)
    again, done = put(None, release)
    assert again == once and done.changed is False and "- hand" in done.notes
    with pytest.raises(PermanentError, match=r"^CHANGELOG\.md:7:1: CHANGELOG\.md already has a section for 1\.2\.3"):
        put(None, make_release({"type": "feat", "description": "something else"}))
    with pytest.raises(PermanentError, match="already has a section"):
        put(once.replace("## [Unreleased]\n", "## [Unreleased]\n\n- more\n"), release)


LINES = st.sampled_from(
    [
        "# T",
        "## [Unreleased]",
        "## [1.0.0] - x",
        "### Added",
        "### Fixed",
        "- a",
        "* b",
        "text",
        "",
        "",
        "```",
        "---",
        "  ",
    ]
)


@given(lines=st.lists(LINES, max_size=12), newline=st.sampled_from(["\n", "\r\n"]), last=st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_document_keeps_every_line(lines, newline, last):
    """Whatever stands there, all of it is still there, in order, and the commit has its entry."""
    before = newline.join(lines) + (newline if last else "")
    changes = (Change("fix", "", "close files"),)
    release = Release("1.2.3", datetime(2026, 1, 31, tzinfo=UTC), "v1.2.3", changes=changes)
    file = textfile.TextFile(Path("C.md"), before)
    after = insert(file, release, "2026-01-31", prepend=True, detailed="", root=Path()).file.text
    rest = iter(after.splitlines())
    assert all(line in rest for line in before.splitlines())
    assert "close files" in after and "## [1.2.3] - 2026-01-31" in after
