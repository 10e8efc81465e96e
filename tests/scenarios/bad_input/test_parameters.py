"""Parameters that do not fit, told before any step runs."""

from __future__ import annotations

import pytest

NAME = "vwmp_config.yaml"
REQUIRED = """\
workflows:
  mine:
    type: testing
    parameters:
      - {name: target, required: true, description: where to}
      - {name: count, type: integer, validation: {minimum: 1, maximum: 9}}
      - {name: code, validation: {pattern: '^[A-Z]+$'}}
      - {name: color, type: enum, options: [red, green]}
      - {name: sure, type: boolean}
    steps:
      - {id: a, handler: check.clean_tree}
"""

OF_RELEASE = [
    (("-p", "sumary=a fine release"), ("unknown parameter 'sumary'", "did you mean 'summary'?")),
    (("--summary", "x" * 201), ("summary", "at most 200 characters; has 201")),
    (("--summary", "short"), ("summary", "at least 10 characters; has 5")),
    (("--summary", "two lines\nin one summary"), ("summary", "must be one line")),
    (("--summary", "carriage\rreturn in a summary"), ("summary", "must be one line")),
    (("-p", "change_type=fetaure"), ("change_type", "'fetaure'", "did you mean 'feature'?")),
    (("-p", "skip_readme=maybe"), ("skip_readme", "must be true or false; got 'maybe'")),
    (("-p", "detailed_changes=" + "x" * 2001), ("detailed_changes", "at most 2000 characters")),
    (("-p", "summary"), ("-p 'summary' is no parameter", "-p NAME=VALUE")),
    (("-p", "=x"), ("-p '=x' is no parameter",)),
    (("-p", ""), ("-p '' is no parameter",)),
    (("-p", "bump=minor"), ("unknown parameter 'bump'",)),
    (("--bump", "mayor"), ("'mayor'", "major")),
    (("-p", "increment_type=mayor"), ("increment_type", "'mayor'", "major")),
    (("--summary", "one fine summary", "-p", "summary=another fine one"), ("summary is given twice",)),
    (("-p", "timeout=soon"), ("timeout", "'soon'")),
    (("--report", "pdf"), ("'pdf'", "console")),
    (("--verison", "1.0.0"), ("--verison", "--version")),
    (("release", "again"), ("again",)),
    (("--json", "--report", "json-lines"), ("both want standard output",)),
]


@pytest.mark.parametrize(("options", "words"), OF_RELEASE)
def test_options_that_do_not_fit(options, words, project, refuse):
    """Each is refused with its name before the run begins."""
    refuse(project, 2, *words, args=("run", "--yes", *options))


@pytest.mark.parametrize("index", [0, 1, 5, 8])
def test_the_same_as_json(index, project, refuse):
    """JSON tells the same."""
    options, words = OF_RELEASE[index]
    refuse(project, 2, *words, args=("plan", "--json", *options))


OF_MINE = [
    ((), ("the parameter 'target' is missing", "-p target=…", "where to")),
    (("-p", "target="), ("the parameter 'target' is missing",)),
    (("-p", "target=x", "-p", "count=ten"), ("count", "must be a whole number; got 'ten'")),
    (("-p", "target=x", "-p", "count=0"), ("count", "must be 1 or more; got 0")),
    (("-p", "target=x", "-p", "count=10"), ("count", "must be 9 or less; got 10")),
    (("-p", "target=x", "-p", "code=abc"), ("code", "must match '^[A-Z]+$'; got 'abc'")),
    (("-p", "target=x", "-p", "color=gren"), ("color", "one of red, green", "did you mean 'green'?")),
    (
        ("-p", "count=x", "-p", "color=blue", "-p", "sure=no way", "-p", "odd=1"),
        ("'target' is missing", "count", "color", "sure", "unknown parameter 'odd'", "5 problems"),
    ),
]


@pytest.mark.parametrize(("options", "words"), OF_MINE)
def test_parameters_of_an_own_workflow(options, words, make_project, refuse):
    """A workflow's own parameters are checked by its own rules, all at once."""
    refuse(make_project({NAME: REQUIRED}), 2, *words, args=("run", "mine", "--yes", *options))


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"VWMP_INPUT_SUMMARY": "short"}, ("summary", "at least 10 characters")),
        ({"VWMP_INPUT_SUMARY": "a fine release"}, ("unknown parameter 'sumary'", "did you mean 'summary'?")),
        ({"VWMP_INPUT_INCREMENT_TYPE": "mayor"}, ("increment_type", "'mayor'")),
        ({"VWMP_CONFIG_SCHEME": "roman"}, ("roman",)),
        ({"SOURCE_DATE_EPOCH": "yesterday"}, ("SOURCE_DATE_EPOCH", "yesterday")),
    ],
)
def test_the_environment(variables, words, project, tool, same, says):
    """Values from the environment are checked like all others."""
    with same(project):
        ended = tool(project, "run", "--yes", env=variables)
    assert ended.code in (1, 2), str(ended)
    says(ended, *words)
