from __future__ import annotations

from typing import Any

import pytest

from vwmp_release.core.workflow.definition import ParameterDefinition
from vwmp_release.core.workflow.parameters import check


def _one(value: Any, **definition: Any) -> tuple[dict[str, Any], list[str]]:
    values, problems = check([ParameterDefinition("p", **definition)], {} if value is None else {"p": value}, [])
    return values, [f"{problem.where}: {problem.what}" for problem in problems]


@pytest.mark.parametrize(
    ("definition", "given", "value"),
    [
        ({}, "text", "text"),
        ({}, 5, "5"),
        ({"default": "d"}, None, "d"),
        ({"default": "d"}, "", "d"),
        ({"type": "text", "default": "d"}, "", ""),
        ({"type": "text"}, "two\nlines", "two\nlines"),
        ({"validation": {"min_length": 2, "max_length": 3}}, "äöü", "äöü"),
        ({"validation": {"pattern": "^[a-z]+$"}}, "abc", "abc"),
        *[({"type": "boolean"}, text, True) for text in ("true", "Yes", "ON", "1", True)],
        *[({"type": "boolean"}, text, False) for text in ("false", "no", "Off", "0", False)],
        ({"type": "boolean", "default": True}, None, True),
        ({"type": "integer", "default": 7}, None, 7),
        ({"type": "integer", "validation": {"minimum": 1, "maximum": 5}}, " +5 ", 5),
        ({"type": "integer"}, "-3", -3),
        ({"type": "enum", "options": ("a", "b")}, "b", "b"),
    ],
)
def test_good_values_are_converted(definition: Any, given: Any, value: Any) -> None:
    """Texts become what the parameter holds; a default fills in for what is not given."""
    assert _one(given, **definition) == ({"p": value}, [])


@pytest.mark.parametrize(
    ("definition", "given", "words"),
    [
        ({"required": True}, None, "parameters: the parameter 'p' is missing"),
        ({"required": True}, "", "parameters: the parameter 'p' is missing"),
        ({}, "two\nlines", "parameters.p: must be one line"),
        ({}, "two\rlines", "parameters.p: must be one line"),
        ({"type": "text"}, "a\0b", "parameters.p: must not hold NUL"),
        ({"validation": {"min_length": 10}}, "short", "parameters.p: must have at least 10 characters; has 5"),
        ({"validation": {"max_length": 3}}, "long", "parameters.p: must have at most 3 characters; has 4"),
        ({"validation": {"pattern": "^a"}}, "b", "parameters.p: must match '^a'; got 'b'"),
        ({"validation": {"pattern": "("}}, "b", "is no regular expression"),
        ({"validation": {"pattern": "a{99999999999999999999}"}}, "b", "is no regular expression"),
        ({"validation": {"pattern": "a" * 501}}, "b", "its pattern is longer than 500 characters"),
        ({"type": "boolean"}, "maybe", "must be true or false; got 'maybe'"),
        *[({"type": "integer"}, text, "must be a whole number") for text in ("x", "1.5", "1_000", "٣", "9" * 5000)],
        ({"type": "integer", "validation": {"minimum": 3}}, "2", "must be 3 or more; got 2"),
        ({"type": "integer", "validation": {"maximum": 3}}, "4", "must be 3 or less; got 4"),
        ({"type": "enum", "options": ("fix", "feature")}, "featur", "(did you mean 'feature'?)"),
        ({"type": "enum", "options": ("fix",), "default": "bad"}, None, "must be one of fix; got 'bad'"),
    ],
)
def test_wrong_values_are_said(definition: Any, given: Any, words: str) -> None:
    """What is wrong with a value is said with the parameter's name, defaults included."""
    values, problems = _one(given, **definition)
    assert values == {}
    assert words in problems[0]


def test_all_problems_are_said_at_once() -> None:
    """Missing, unknown and wrong values come together; configuration keys are no parameters and left out."""
    definitions = [
        ParameterDefinition("summary", required=True, description="One line"),
        ParameterDefinition("count", "integer"),
        ParameterDefinition("note"),
    ]
    given = {"sumary": "x", "count": "many", "remote": "upstream"}
    values, problems = check(definitions, given, ["remote"])
    assert values == {}
    assert [(problem.what, problem.hint) for problem in problems] == [
        ("unknown parameter 'sumary'", "did you mean 'summary'?"),
        ("the parameter 'summary' is missing", "-p summary=…  (One line)"),
        ("must be a whole number; got 'many'", ""),
    ]


def test_a_workflow_that_is_only_looked_at_needs_no_values() -> None:
    """Required parameters may be missing where nothing runs."""
    assert check([ParameterDefinition("p", required=True)], {}, [], complete=False) == ({}, [])
