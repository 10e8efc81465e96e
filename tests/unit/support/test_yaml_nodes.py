"""What unquoted texts mean."""

import math

import pytest

from vwmp_release.support.yaml_nodes import convert


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("NULL", None),
        ("true", True), ("True", True), ("FALSE", False),
        ("0", 0), ("-12", -12), ("+3", 3), ("0o17", 15), ("0x1F", 31), ("012", 12),
        ("1.10", 1.1), (".5", 0.5), ("1e3", 1000.0), ("-2.5E-1", -0.25), ("1.", 1.0),
        (".inf", math.inf), ("-.INF", -math.inf),
    ],
)  # fmt: skip
def test_core_schema(text, value):
    """Null, booleans and numbers of YAML 1.2's core schema are converted."""
    assert convert(text) == value
    assert type(convert(text)) is type(value)


@pytest.mark.parametrize(
    "text",
    ["yes", "no", "on", "Off", "y", "1_000", "2026-01-31", "1:30", "0b1", "1.2.3", "v1", "+", "-", ".", "0x", "nUll",
     "tRue", "1.0.0+7", "e5", "٣"],
)  # fmt: skip
def test_texts_stay_texts(text):
    """Versions, dates, and the further words and numbers of YAML 1.1 stay text."""
    assert convert(text) == text


def test_not_a_number():
    """`.nan` is the float that equals nothing."""
    assert math.isnan(convert(".nan"))


def test_endless_digits_stay_text():
    """A run of digits that no float can hold stays text instead of failing in int()."""
    assert convert("9" * 5000) == "9" * 5000
