import pytest
from vwmp_release.plugins.release.readme.versions import TOKEN, quoted, swap, within


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("v1.2.3 and 0.1.4.7+2, 1.0.0-rc.1+b.5.", ["1.2.3", "0.1.4.7+2", "1.0.0-rc.1+b.5"]),
        ("1.0rc1 2.0.dev3 1.0.post2", ["1.0rc1", "2.0.dev3", "1.0.post2"]),
        ("2026-01-31 12 x1.2 1.2.x", []),
    ],
)
def test_versions_in_text(text, versions):
    """Versions are found, dates and words with numbers are not."""
    assert [match["version"] for match in TOKEN.finditer(text)] == versions


def test_swap_replaces_whole_versions_only():
    """1.2.2 is not found in 1.2.22, 11.2.2 or 1.2.2-rc."""
    edits = swap("1.2.2 1.2.22 11.2.2 1.2.2-rc 1.2.2+1 1.2.2.1 v1.2.2, 1.2.2.", "1.2.2", "1.2.3")
    assert [edit.start for edit in edits] == [0, 46, 53]


def test_code_is_quoted():
    """Blocks and spans are code, a lone backtick is not."""
    text = "a `b` ` c\n~~~\nd\n~~~\n```\ne ` f"
    spans = quoted(text)
    assert [name for name in "abcdef" if within(spans, text.index(name))] == ["b", "d", "e", "f"]
