import sys

import pytest
from vwmp_release.plugins.release.changelog.template import render

from vwmp_release.errors import PermanentError

COMMITS = (
    {"sha": "a" * 40, "short": "aaaaaaa", "type": "feat", "scope": "api", "description": "add @x", "refs": ["#4"],
     "breaking": ["old *calls*"]},
    {"type": "fix", "description": "close", "verdict": "reverted"},
)  # fmt: skip
TEMPLATE = """\
## {{ version }} — {{ date }}
{% for group in groups %}
{{ group.title }}: {{ group.entries | length }}
{% endfor %}
{% for commit in commits if commit.listed %}
- {{ commit.type }} {{ commit.scope }} {{ commit.description }} {{ commit.breaking[0] }}
  {{ commit.references[0] }} {{ commit.url }}
{% endfor %}
{{ label }} {{ summary }} {{ tag }} {{ previous_tag }} {{ compare_url }} {{ detailed }}
{{ tasks | join(" ") }} {{ details }}
"""


@pytest.fixture
def section(tmp_path, make_release):
    """Render a template with the release of two commits."""

    def run(text, **fields):
        path = tmp_path / "templates" / "notes.j2"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
        release = make_release(*COMMITS, **fields)
        return render(path, release, "2026-01-31", detailed="d.md", root=tmp_path)

    return run


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_template_sees_the_release(section, newline):
    """Every value is there, made safe for Markdown; reverted commits are not."""
    found = section(
        TEMPLATE.replace("\n", newline), summary="s <b>", tasks=("E1:S1:T1",), details="- d", change_type="fix"
    )
    assert found.heading == "## 1.2.3 — 2026-01-31"
    assert found.body == (
        "⚠ BREAKING CHANGES: 1\nFeatures: 1\n"
        f"- feat api add `@x` old \\*calls\\*\n  #4 https://github.com/acme/widget/commit/{'a' * 40}\n"
        "🐞 Fix s &lt;b&gt; v1.2.3 v1.2.2 https://github.com/acme/widget/compare/v1.2.2...v1.2.3 d.md\nE1:S1:T1 - d"
    )


def test_without_a_forge(section):
    """Addresses are empty where there are none."""
    assert section("{{ compare_url }}|{{ commits[0].url }}", remote=None).heading == "|"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("# x\n{% for %}\n", 2, "Expected"),
        ("# x\n\n{{ nothing }}\n", 3, "'nothing' is undefined"),
        ("# x\n{{ 1 / 0 }}", 2, "division by zero"),
        ("{{ ().__class__.__bases__[0].__subclasses__() }}", 1, "unsafe"),
        ("{{ groups.append(1) }}", 1, "unsafe"),
        ("{% include '/etc/passwd' %}", 1, "no loader"),
        ("{{ range(10 ** 9) | list }}", 1, "Range too big"),
    ],
)
def test_a_wrong_template_is_named_with_its_line(section, text, line, words):
    """Errors of syntax and of evaluation, and attempts to leave the sandbox, end with file and line."""
    with pytest.raises(PermanentError) as caught:
        section(text)
    assert str(caught.value).startswith(f"templates/notes.j2:{line}: the changelog template cannot be used: ")
    assert words in str(caught.value)


def test_a_template_that_gives_nothing(section):
    """An empty section is refused."""
    with pytest.raises(PermanentError, match=r"notes\.j2: the changelog template gives no text"):
        section("{# only a comment #}\n")


def test_jinja_is_optional(section, monkeypatch):
    """Without the extra the message says what to install."""
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(PermanentError) as caught:
        section("x")
    assert caught.value.hint == "pip install 'vwmp-release[templates]'"
