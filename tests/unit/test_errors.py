from __future__ import annotations

import pytest

from vwmp_release import errors
from vwmp_release.errors import ConfigError, PermanentError, Place, Problem, ProcessError, StepError, VwmpError, nearest


@pytest.mark.parametrize(
    ("place", "text"),
    [(Place("a.yaml"), "a.yaml"), (Place("a.yaml", 3), "a.yaml:3"), (Place("a.yaml", 3, 7), "a.yaml:3:7")],
)
def test_places_are_shown_as_far_as_they_are_known(place: Place, text: str) -> None:
    """A place is a file, with line and column where there are any."""
    assert str(place) == text


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("is wrong"), "is wrong"),
        (Problem("is wrong", "key"), "key: is wrong"),
        (Problem("is wrong", "key", Place("f", 1, 2)), "f:1:2: key: is wrong"),
        (Problem("is wrong", "", Place("f"), "mend it"), "f: is wrong\n    mend it"),
    ],
)
def test_a_problem_says_where_and_what_and_the_way_out_on_the_next_line(problem: Problem, text: str) -> None:
    """Place, name and sentence stand in one line, the hint below."""
    assert str(problem) == text


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (VwmpError("it broke"), "it broke"),
        (VwmpError("it broke", why="rust"), "it broke: rust"),
        (VwmpError("it broke", why="rust", hint="oil", place=Place("f", 2)), "f:2: it broke: rust"),
        (ConfigError([Problem("one"), Problem("two", hint="h")]), "one\ntwo\n    h"),
    ],
)
def test_an_error_says_what_and_why(error: VwmpError, text: str) -> None:
    """An error's text holds place, sentence and reason; the hint is kept beside it."""
    assert str(error) == text


@pytest.mark.parametrize(
    ("cls", "slug", "status"),
    [
        (errors.UsageError, "usage", 2),
        (errors.PluginError, "plugin", 2),
        (errors.Blocked, "blocked", 4),
        (errors.RemoteRefused, "remote-refused", 5),
        (errors.InDoubt, "in-doubt", 6),
        (errors.Interrupted, "interrupted", 130),
        (StepError, "step", 1),
        (PermanentError, "step-permanent", 1),
    ],
)
def test_each_kind_has_its_exit_status(cls: type[VwmpError], slug: str, status: int) -> None:
    """The exit statuses are those of the product's contract."""
    error = cls("x")
    assert (error.slug, error.exit_status) == (slug, status)
    assert isinstance(error, VwmpError)


def test_a_failed_process_keeps_its_command_and_streams() -> None:
    """The reason of a failed process is its error output, or what it printed."""
    error = ProcessError("git failed", ["git", "x"], 3, "out\n", "err\n")
    assert (error.argv, error.returncode, error.stdout, error.stderr, error.why) == (
        ("git", "x"), 3, "out\n", "err\n", "err",
    )  # fmt: skip
    assert ProcessError("x", ["x"], None, "out", "").why == "out"


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("remot", ["remote", "branch"], "did you mean 'remote'?"),
        ("zzz", ["b", "a"], "known: a, b"),
        ("zzz", [], ""),
        ("zzz", [str(number) for number in range(13)], ""),
    ],
)
def test_the_nearest_name_is_offered(name: str, known: list[str], hint: str) -> None:
    """A near name is offered, else all of them where they are few."""
    assert nearest(name, known) == hint
