from __future__ import annotations

import pytest

from vwmp_release.errors import PermanentError
from vwmp_release.support.placeholders import fill


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("v{version}", "v1.2.0"),
        ("{version}{version}", "1.2.01.2.0"),
        ("{{version}}", "{version}"),
        ("{{{version}}}", "{1.2.0}"),
        ("{none}|{number}", "|5"),
        ("{} {0} {a b} {version!r} {version.x} { }", "{} {0} {a b} {version!r} {version.x} { }"),
        ("{trap}", "{version}"),
        ("", ""),
    ],
)
def test_plain_names_are_filled_in(template: str, text: str) -> None:
    """Names are replaced once, doubled braces are braces, and no other brace means anything."""
    values = {"version": "1.2.0", "none": None, "number": 5, "trap": "{version}"}
    assert fill(template, values) == text


def test_an_unknown_placeholder_is_refused_with_the_nearest() -> None:
    """A name that has no value here is an error that says which template and what was meant."""
    with pytest.raises(PermanentError, match=r"tag_template: unknown placeholder \{versoin\}") as caught:
        fill("v{versoin}", {"version": "1"}, where="tag_template")
    assert caught.value.hint == "did you mean 'version'?"
