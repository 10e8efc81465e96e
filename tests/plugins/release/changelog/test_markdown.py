import pytest
from vwmp_release.plugins.release.changelog.markdown import one_line, safe, safe_block, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("thanks @octocat, @acme/team!", "thanks `@octocat`, `@acme/team`!"),
        ("mail a.b@example.com", "mail `a.b@example.com`"),
        ("pin pkg@1.2.3 @", "pin `pkg@1.2.3` @"),
        ("in `@code` spans", "in `@code` spans"),
        ("`a`@b and @c`d`", "`a` `@b` and `@c` `d`"),
        ("&#64;octocat &copy", "&amp;#64;octocat &copy"),
        ("a <b>bold</b> & `<i>`", "a &lt;b&gt;bold&lt;/b&gt; & `<i>`"),
        ("List<String> -> x", "List&lt;String&gt; -&gt; x"),
        ("one\r\ntwo\u2028three\x85four\tfive", "one two three four five"),
        ("red \x1b[31m and \u202eevil\u202c", "red \\x1b[31m and \\u202eevil\\u202c"),
        ("zero\u200bwidth, family 👨\u200d👩\u200d👧", "zero\\u200bwidth, family 👨\u200d👩\u200d👧"),
        ("`in \u202e code`", "`in \\u202e code`"),
        ("lone \ud800 half", "lone \\ud800 half"),
        ("*args and **kwargs", "\\*args and \\*\\*kwargs"),
        ("__init__ of snake_case _x", "\\_\\_init\\_\\_ of snake_case \\_x"),
        ("~~gone~~ ~1", "\\~\\~gone\\~\\~ \\~1"),
        ("a stray ` tick", "a stray \\` tick"),
        ("``two ` one`` and `", "``two ` one`` and \\`"),
        (r"C:\path and \* and \\", r"C:\path and \\\* and \\\\"),
        ("# heading", "\\# heading"),
        ("#12 first", "#12 first"),
        ("- dash", "\\- dash"),
        ("+ plus", "\\+ plus"),
        ("* star", "\\* star"),
        ("1. one", "1\\. one"),
        ("2) two", "2\\) two"),
        ("1.2 is out", "1.2 is out"),
        ("--- rule", "\\--- rule"),
        ("===", "\\==="),
        ("> quote", "&gt; quote"),
        ("[x] task", "\\[x] task"),
        ("[1.2.3]: https://evil.example", "\\[1.2.3]: <https://evil.example>"),
        ("[skip ci] later", "\\[skip ci] later"),
        ("[ok](https://e.com/a_b_) x", "[ok](https://e.com/a_b_) x"),
        ("[@bob](https://e.com)", "[`@bob`](https://e.com)"),
        ("![i](https://e.com/p.png)", "\\![i](https://e.com/p.png)"),
        ("a [x](javascript:alert(1))", "a [x]\\(javascript:alert(1))"),
        ("see https://e.com/a_b_, then", "see <https://e.com/a_b>\\_, then"),
        ("see https://e.com/@me_(x).", "see <https://e.com/@me_(x)>."),
        ("see <https://e.com/*>", "see <https://e.com/*>"),
        ("www.example.com", "www\\.example.com"),
        ("$(rm -rf /) %0A ::error::x", "$(rm -rf /) %0A ::error::x"),
        ("", ""),
    ],
)
def test_foreign_text_shows_as_it_is(text, shown):
    """Commit text pings nobody, renders nothing, breaks no structure and stays readable."""
    assert safe(text) == shown


def test_references_become_links():
    """References are linked where the forge is known, outside code, links and longer words."""

    def link(reference):
        return f"https://f/{reference[1:]}" if reference[0] in "#!" else None

    assert safe("#12 (#13) a#14 `#15` o/n#16 !17", link=link) == (
        "[#12](https://f/12) ([#13](https://f/13)) a#14 `#15` o/n#16 [!17](https://f/17)"
    )
    assert safe("[see #1](https://e.com)", link=link) == "[see #1](https://e.com)"


def test_markers_inside_a_line_need_no_escape():
    """After a scope, a marker has no meaning and stays as it is."""
    assert safe("- dash", leading=False) == "- dash"


def test_long_hostile_text_takes_no_time():
    """Patterns stay linear on text that is made to make them slow."""
    for text in ["a" * 200_000, "[" * 100_000, "`" * 50_001, "https://" + "(" * 50_000, "@a/" * 50_000, "_" * 100_000]:
        assert safe(text)


def test_one_line_and_visible():
    """White space is folded to one blank; `visible` keeps line feeds."""
    assert one_line(" a\n\n b ") == "a b"
    assert visible("a\n\x00") == "a\n\\x00"


def test_a_block_keeps_lists_emphasis_and_code():
    """What a person writes for a release may use Markdown, but cannot break out of its section."""
    text = (
        "# Big\r\n## Two\n### Three\n\n- **bold** by @bob\n  - nested <b>\n1. one\n\n```sh\n# code @x <y>\n```\n"
        "        deep\n===\n---\n[1.0]: https://e.com\n~~~ open\ntail \x1b\n"
    )
    assert safe_block(text) == (
        "\\# Big\n\\## Two\n### Three\n\n- **bold** by `@bob`\n  - nested &lt;b&gt;\n1. one\n\n```sh\n"
        "# code @x <y>\n```\n  deep\n\\===\n\\---\n\\[1.0]: <https://e.com>\n\\~~~ open\ntail \\x1b"
    )


def test_an_inner_fence_does_not_close_a_longer_one():
    """A fence ends at one of its own length or more."""
    text = "````\n```\n@a\n````\n@b"
    assert safe_block(text) == "````\n```\n@a\n````\n`@b`"
