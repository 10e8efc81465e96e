"""Text of others inside Markdown."""

from __future__ import annotations

from vwmp_release.report import markdown


def test_markdown_pieces() -> None:
    """Signs become entities, mentions cannot ping, fences outgrow their content."""
    assert markdown.text("a_b@c\n") == "a&#95;b&#64;&#8203;c&#92;n"
    assert markdown.code("") == ""
    assert markdown.fence("a````b") == "`````\na````b\n`````\n"
    assert markdown.cut_lines("ab\ncd\nef", 6) == "ab\ncd\n… cut: 3 more characters"
    assert markdown.cut_lines("abcdef", 3) == "abc\n… cut: 3 more characters"
    assert markdown.assemble(["a\n", "b\n"], 500) == "a\nb\n"
