"""Names and values in messages."""

import pytest

from vwmp_release.core.config.words import dotted, shown, text_of


def test_dotted():
    """Paths are written with dots and brackets, below what they begin in."""
    assert dotted(["workflows", "docs", "steps", 2, "retry"]) == "workflows.docs.steps[2].retry"
    assert dotted([0, "a"], "x") == "x[0].a"
    assert dotted([]) == ""


@pytest.mark.parametrize(
    ("value", "name", "text"),
    [
        (None, "nothing", ""), (True, "true", "true"), (False, "false", "false"), (1.5, "the number 1.5", "1.5"),
        ("a", "'a'", "a"), ([1, None], "a list", "[1, null]"), ({"ä": True}, "a mapping", '{"ä": true}'),
        ("x" * 61, f"'{'x' * 60}…'", "x" * 61),
    ],
)  # fmt: skip
def test_values(value, name, text):
    """A value has a name for messages, and a form inside a text."""
    assert (shown(value), text_of(value)) == (name, text)
