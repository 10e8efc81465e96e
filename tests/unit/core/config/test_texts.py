"""Texts from the command line and the environment."""

import re

import pytest

from vwmp_release.core.config.texts import convert_text

LIST = {"type": "array", "items": {"type": "string"}}


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("1.10", {"type": "string"}, "1.10"),
        ("true", {"type": "string"}, "true"),
        ("[a]", {"type": "string"}, "[a]"),
        ("", {"type": "string"}, ""),
        ("3", {"type": "integer"}, 3),
        (" 3 ", {"type": "integer"}, 3),
        ("3", {"type": "number"}, 3),
        ("2.5", {"type": "number"}, 2.5),
        ("true", {"type": "boolean"}, True),
        ("False", {"type": "boolean"}, False),
        ("", {"type": ["string", "null"]}, None),
        ("null", {"type": ["boolean", "null"]}, None),
        ("main", {"type": ["string", "null"]}, "main"),
        ("a, b,,c", LIST, ["a", "b", "c"]),
        ("a\nb\n", LIST, ["a", "b"]),
        ("1,true", LIST, ["1", "true"]),
        ("", LIST, []),
        ('["a,b", "c"]', LIST, ["a,b", "c"]),
        ("1,2", {"type": "array", "items": {"type": "integer"}}, [1, 2]),
        ("a", {"type": "array"}, ["a"]),
        ('{"breaking": "major"}', {"type": "object"}, {"breaking": "major"}),
        ('[["a", "b"]]', {"type": ["string", "array"]}, [["a", "b"]]),
        ("[not json", {"type": ["string", "array"]}, "[not json"),
        ("5", {}, 5),
        ("x", {"enum": ["x"]}, "x"),
        ("5", {"anyOf": [{"type": "integer"}, {"type": "boolean"}]}, 5),
        ("5", {"oneOf": [{"type": "integer"}, {"type": "string"}]}, "5"),
    ],
)
def test_converted(text, form, value):
    """A text takes the type that the schema wants."""
    result = convert_text(text, form)
    assert (result, type(result)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "form", "message"),
    [
        ("many", {"type": "integer"}, "must be a whole number, got 'many'"),
        ("2.5", {"type": "integer"}, "must be a whole number, got '2.5'"),
        ("true", {"type": "integer"}, "must be a whole number, got 'true'"),
        (".inf", {"type": "number"}, "must be a number, got '.inf'"),
        (".nan", {"type": "number"}, "must be a number, got '.nan'"),
        ("yes", {"type": "boolean"}, "must be true or false, got 'yes'"),
        ("1", {"type": "boolean"}, "must be true or false, got '1'"),
        ("x", {"type": "object"}, "must be a JSON mapping, got 'x'"),
        ("x", {"type": ["integer", "null"]}, "must be a whole number or null, got 'x'"),
        ("1,x", {"type": "array", "items": {"type": "integer"}}, "must be a whole number, got 'x'"),
        ("[a", LIST, "is no valid JSON"),
        ("{}", LIST, "must be a list, got a mapping"),
        ("[]", {"type": "object"}, "must be a mapping, got a list"),
        ("[" * 200 + "]" * 200, LIST, "is nested more than 100 levels deep"),
        ("[" * 100_000, LIST, "is no valid JSON"),
    ],
)
def test_refused(text, form, message):
    """What does not fit is refused with what would."""
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        convert_text(text, form)
