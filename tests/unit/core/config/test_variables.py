"""Replacing `${…}`."""

from typing import Any

import pytest

from vwmp_release.core.config import Reference, Scope, Settled, references, substitute
from vwmp_release.core.config.variables import waits_for_outputs
from vwmp_release.errors import ConfigError, Place

CONFIG = {
    "a": "${config.b}", "b": 3, "tag": "v${config.b}", "zero": {"breaking": "minor", "x.y": [1, {"k": "v"}]},
    "late": "x${config.b}y${step-outputs.bump.version}", "latelist": ["${step-outputs.bump.version}"],
    "one": "${config.two}", "two": "z${config.one}", "me": ["${config.me}"], "literal": "$${HOME}",
    "adapted": "${adapter.git.remote}",
}  # fmt: skip
ATTACK = "x ${env.TOKEN} ${step-outputs.bump.version} $${y}"
SCOPE = {
    "config": CONFIG,
    "parameters": {"summary": ATTACK, "none": None, "yes": True, "list": [ATTACK, {"k": ATTACK}]},
    "env": {"TOKEN": "secret", "HOME": "/home", "LOUD": "${config.b}"},
    "adapters": {"git": {"remote": "${env.HOME}", "loop": "${adapter.git.loop}"}},
}
OUTPUTS = {"bump": {"version": "1.0", "files": ["a"], "bad": "${env.TOKEN}"}, "step-1": {"a": {"b": 1}}}


def put(value, *, outputs=OUTPUTS, **scope):
    return substitute(value, Scope(**{**SCOPE, **scope}, outputs=outputs), where="w", place=Place("f", 1, 2))


def problems(value, **scope):
    with pytest.raises(ConfigError) as caught:
        put(value, **scope)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("plain", "plain"), (1, 1), (None, None),
        ("${config.b}", 3), ("${config.a}", 3), ("is ${config.a}", "is 3"), ("${config.tag}-${config.b}", "v3-3"),
        ("${config.zero.breaking}", "minor"), ("${config.zero.x.y}", [1, {"k": "v"}]), ("${config.zero.x.y.1.k}", "v"),
        ("= ${config.zero.x.y}", '= [1, {"k": "v"}]'), ("${config.zero}", CONFIG["zero"]),
        ("${parameters.none}|${parameters.yes}", "|true"), ("${parameters.none}", None),
        ("${env.HOME}/x", "/home/x"), ("${adapter.git.remote}", "/home"), ("${config.adapted}", "/home"),
        ("${step-outputs.bump.version}", "1.0"), ("${step-outputs.bump.files}", ["a"]),
        ("${step-outputs.step-1.a.b}", 1), ("${config.late}", "x3y1.0"), ("${config.latelist}", ["1.0"]),
        ("$${config.b}", "${config.b}"), ("$$${x}", "$${x}"), ("a $${ b", "a ${ b"), ("${config.literal}", "${HOME}"),
        ("cost $5 {x} $x", "cost $5 {x} $x"),
        ({"k": ["${config.b}", ("n${config.b}",)]}, {"k": [3, ["n3"]]}),
        ({"${config.b}": 1}, {"${config.b}": 1}),
    ],
)  # fmt: skip
def test_replaced(value, result):
    """References are replaced; a whole value keeps its type; `$${` is a literal."""
    found = put(value)
    assert (found, type(found) is type(result) or isinstance(found, Settled)) == (result, True)


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("${config.tga}", "f:1:2: w: ${config.tga} is unknown\n    did you mean 'tag'?"),
        ("${config.zero.braking}", "f:1:2: w: ${config.zero.braking} is unknown\n    did you mean 'breaking'?"),
        ("${config.b.c}", "f:1:2: w: ${config.b.c} is unknown"),
        ("${config.zero.x.y.7}", "f:1:2: w: ${config.zero.x.y.7} is unknown\n    known: breaking, x.y"),
        ("${config.zero.x.y.k}", "f:1:2: w: ${config.zero.x.y.k} is unknown\n    known: breaking, x.y"),
        ("${step-outputs.bmp.version}", "f:1:2: w: ${step-outputs.bmp.version} is unknown\n    did you mean 'bump'?"),
        ("${step-outputs.bump.verson}", "f:1:2: w: ${step-outputs.bump.verson} is unknown\n"
         "    did you mean 'version'?"),
        ("${env.TOKN}", "f:1:2: w: ${env.TOKN}: the environment variable is not set\n    did you mean 'TOKEN'?"),
        ("${env.OTHER}", "f:1:2: w: ${env.OTHER}: the environment variable is not set"),
        ("${config.one}", "f:1:2: w: references go in a circle: ${config.one} -> ${config.two} -> ${config.one}"),
        ("${config.me}", "f:1:2: w[0]: references go in a circle: ${config.me} -> ${config.me}"),
        ("${adapter.git.loop}", "f:1:2: w: references go in a circle: ${adapter.git.loop} -> ${adapter.git.loop}"),
    ],
)  # fmt: skip
def test_unknown_names_and_circles(value, line):
    """Unknown names come with the nearest known one, circles with their way."""
    assert problems(value) == [line]


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("${HOME}", "unknown reference ${HOME}"), ("a ${} b", "unknown reference ${}"),
        ("${confg.a}", "unknown reference ${confg.a}"), ("${config", "${config is no complete reference"),
        ("${{ github.ref }}", "${ is no complete reference"), ("${config}", "${config} names nothing"),
        ("${config.}", "${config.} names nothing"), ("${step-outputs.bump}", "${step-outputs.bump} names nothing"),
    ],
)  # fmt: skip
def test_wrong_forms(value, what):
    """What is no reference is an error that shows all five forms and the literal."""
    [line] = problems(value)
    first, _, hint = line.partition("\n")
    assert first == f"f:1:2: w: {what}"
    for form in ("${config.", "${parameters.", "${step-outputs.", "${env.", "${adapter.", "write $${"):
        assert form in hint
    assert ("did you mean 'config'?" in hint) == ("confg" in value)


def test_all_problems_at_once():
    """Every wrong reference is reported, at its place inside the value."""
    lines = problems({"a": ["${config.x1}", {"b": "${HOME} ${env.NO}"}]})
    assert [line.partition("\n")[0] for line in lines] == [
        "f:1:2: w.a[0]: ${config.x1} is unknown",
        "f:1:2: w.a[1].b: unknown reference ${HOME}",
        "f:1:2: w.a[1].b: ${env.NO}: the environment variable is not set",
    ]


@pytest.mark.parametrize("value", ["${parameters.summary}", "s: ${parameters.summary}", "${step-outputs.bump.bad}",
                                   "${env.LOUD}"])  # fmt: skip
def test_data_is_never_a_template(value):
    """What people, programs and the environment give is not looked at again, however often it passes through."""
    once = put(value, outputs=None)
    twice = put([once, "${step-outputs.bump.version}"])
    assert "secret" not in str(twice)
    assert twice[0].endswith(("${y}", "${env.TOKEN}", "${config.b}"))
    assert put(twice) == twice


def test_data_inside_lists_is_never_a_template():
    """That holds for texts inside lists and mappings as well."""
    once = put({"k": "${parameters.list}"}, outputs=None)
    assert put(once) == {"k": [ATTACK, {"k": ATTACK}]}


@pytest.mark.parametrize(
    "value",
    ["${step-outputs.bump.version}", "${config.b}-${step-outputs.bump.version}", "v${config.late}", "${config.late}",
     "l ${config.latelist}", "$${x} ${step-outputs.bump.version}"],
)  # fmt: skip
def test_without_outputs_a_text_that_needs_them_stays_whole(value):
    """A text that needs outputs is left as it is until they are known; the second pass fills all of it."""
    first = put(value, outputs=None)
    assert first == value
    assert "1.0" in put(first)


def test_without_outputs_the_rest_is_replaced():
    """In a list, only the texts that need outputs wait."""
    assert put(["${config.b}", "${config.latelist}"], outputs=None) == [3, ["${step-outputs.bump.version}"]]


def test_without_outputs_names_are_checked():
    """A wrong name beside a reference to outputs is found in the first pass."""
    assert problems("${config.no} ${step-outputs.bump.version}", outputs=None)


@pytest.mark.parametrize(
    ("first", "link", "word"),
    [
        ("x" * 100, "${{config.a{0}}}${{config.a{0}}}", "grows to more than"),
        ("x", ["${{config.a{0}}}"] * 10, "leads through too many"),
        ("x", ["${{config.a{0}}}"], "leads through too many"),
    ],
)
def test_bombs(first, link, word):
    """References that multiply or go deep are stopped, and said once."""
    config = {"a0": first}
    for index in range(1, 200):
        config[f"a{index}"] = (
            link.format(index - 1) if isinstance(link, str) else [item.format(index - 1) for item in link]
        )
    [line] = problems("${config.a60}" if isinstance(link, str) or len(link) > 1 else "${config.a199}", config=config)
    assert word in line


def test_deep_values():
    """A value that is nested too deep is an error, not a crash."""
    value: Any = "x"
    for _ in range(150):
        value = [value]
    [line] = problems(value)
    assert line.endswith("is nested more than 100 levels deep")


def test_references():
    """References are listed with kind and path, from everything inside; literals and data hold none."""
    value = {"a": ["${config.x.y}", "$${no} ${step-outputs.s-1.k}"], "b": Settled("${env.X}"), "c": 1}
    assert references(value) == [
        Reference("config", ("x", "y"), "${config.x.y}"),
        Reference("step-outputs", ("s-1", "k"), "${step-outputs.s-1.k}"),
    ]


def test_waits_for_outputs():
    """Only texts with references to outputs wait."""
    assert waits_for_outputs("a ${step-outputs.a.b}")
    assert not any(map(waits_for_outputs, ["${config.a}", Settled("${step-outputs.a.b}"), ["${step-outputs.a.b}"], 1]))
