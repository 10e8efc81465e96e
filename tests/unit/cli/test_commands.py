"""The commands that show things: check, config, graph, plugins, runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from vwmp_release.errors import ConfigError, Place, Problem, UsageError

Call = Callable[..., Any]


def test_check_in_order(call: Call, engine: Any) -> None:
    """Without findings it says so, with 0; -q says nothing."""
    done = call("check")
    assert (done.status, done.out, done.err) == (0, "✓ everything is in order\n", "")
    assert call("check", "-q").out == ""
    assert call("check", "--json").json == {"schema": 1, "kind": "check", "status": "in-order", "problems": []}


PROBLEMS = [Problem("is unknown", "steps[0]", Place("c.yaml", 2, 3), "did you mean 'x'?"), Problem("bad \x1b[2J")]


@pytest.mark.parametrize("raised", [True, False])
def test_check_with_problems(call: Call, engine: Any, raised: bool) -> None:
    """All problems at once, each with its fix, whether the project opens or not; status 1."""
    if raised:
        engine.error = ConfigError(PROBLEMS)
    else:
        engine.problems = PROBLEMS
    done = call("check")
    assert done.status == 1
    assert done.out == "c.yaml:2:3: steps[0]: is unknown\n    did you mean 'x'?\nbad \\x1b[2J\n"
    assert done.err == "2 problems\n"
    found = call("check", "--json")
    assert (found.status, found.json["status"], len(found.json["problems"])) == (1, "problems", 2)


def test_check_under_a_runner(call: Call, engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Findings are annotations too."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    engine.problems = PROBLEMS
    assert "::error file=c.yaml,line=2,col=3,title=steps[0]::is unknown%0Adid you mean" in call("check").err


def test_check_outside_a_repository(call: Call, engine: Any) -> None:
    """What is no finding about the setup keeps its own status."""
    engine.error = UsageError("not in a git repository")
    assert call("check").status == 2


def test_config_show(call: Call, engine: Any) -> None:
    """Effective values, with --origin where each comes from."""
    assert call("config", "show").out == 'a.b = [1, "x"]\n'
    assert call("config", "show", "--origin").out == 'a.b = [1, "x"]  # global: defaults\n'
    document = call("config", "--json", "show", "docs").json
    assert document["values"] == [{"path": "a.b", "value": [1, "x"], "origin": "global: defaults"}]
    assert document["workflow"] == "docs"


def test_config_show_masks_secrets(call: Call, engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that is a secret of the environment is not shown."""
    monkeypatch.setenv("A_TOKEN", "global: defaults")
    assert call("config", "show", "--origin").out == 'a.b = [1, "x"]  # ***\n'


def test_config_schema(call: Call, engine: Any) -> None:
    """The schema is a JSON document with and without --json."""
    assert call("config", "schema").json == call("config", "schema", "--json").json == {"$schema": "x"}


def test_graph(call: Call, engine: Any) -> None:
    """The workflow is drawn; an unknown one is named with the nearest."""
    done = call("graph")
    assert done.out.startswith("flowchart LR\n")
    assert "s0 --> s1" in done.out
    assert call("graph", "docs", "--json").json["steps"][1]["effect"] == "remote"
    wrong = call("graph", "dosc")
    assert wrong.status == 2
    assert "did you mean 'docs'?" in wrong.err


def test_plugins_list(call: Call, engine: Any) -> None:
    """Each plugin with origin and state; what failed says why."""
    lines = call("plugins", "list").out.splitlines()
    assert lines == [
        "git  0.1.0  built-in  loaded  2 offered",
        "bad         folder    failed  it raises\\nhere  plugins/bad",
    ]
    assert [row["name"] for row in call("plugins", "list", "--json").json["plugins"]] == ["git", "bad"]


def test_plugins_show(call: Call, engine: Any) -> None:
    """One plugin in full, with what it offers."""
    out = call("plugins", "show", "git").out
    assert "git 0.1.0\n" in out
    assert "  step handler git.push  [remote]  Pushes\n" in out
    assert "  integration adapter git\n" in out
    assert "problem" in call("plugins", "show", "bad").out
    assert call("plugins", "show", "git", "--json").json["offers"][0]["effect"] == "remote"
    wrong = call("plugins", "show", "gti")
    assert (wrong.status, "did you mean 'git'?" in wrong.err) == (2, True)


RUNS = [
    {"id": "vwmp-4be1", "started": "2026-01-31T12:00:00Z", "workflow": "release", "status": "released",
     "version": "1.2.0", "tag": "v1.2.0", "seconds": 2.5, "report": {"kind": "run"}},
    {"id": "vwmp-4c00", "started": "2026-01-30T12:00:00Z", "workflow": "docs", "status": "failed", "version": "",
     "tag": "", "seconds": 0.1, "report": {}},
]  # fmt: skip


def test_runs(call: Call, engine: Any) -> None:
    """The runs, newest first, without their reports; none is said beside the answer."""
    assert (call("runs").out, call("runs").err) == ("", "no run was kept yet\n")
    engine.history = RUNS
    assert call("runs").out.splitlines() == [
        "vwmp-4be1  2026-01-31T12:00:00Z  release  released  1.2.0  v1.2.0  2.5 s",
        "vwmp-4c00  2026-01-30T12:00:00Z  docs     failed                   0.1 s",
    ]
    assert call("runs", "list").out == call("runs").out
    for arguments in (("runs", "--json"), ("--json", "runs", "list"), ("runs", "list", "--json")):
        document = call(*arguments).json
        assert [row["id"] for row in document["runs"]] == ["vwmp-4be1", "vwmp-4c00"]
        assert "report" not in document["runs"][0]


@pytest.mark.parametrize("wanted", ["vwmp-4be1", "4b", "vwmp-4b"])
def test_runs_show(call: Call, engine: Any, wanted: str) -> None:
    """A run is found by the beginning of its id, with or without the prefix."""
    engine.history = RUNS
    assert "version     1.2.0\n" in call("runs", "show", wanted).out
    assert call("runs", "show", wanted, "--json").json["report"] == {"kind": "run"}


@pytest.mark.parametrize(("wanted", "said"), [("4", "2 runs begin with"), ("9", "there is no run")])
def test_runs_that_cannot_be_shown(call: Call, engine: Any, wanted: str, said: str) -> None:
    """An id that names several runs, or none, is refused."""
    engine.history = RUNS
    done = call("runs", "show", wanted)
    assert (done.status, said in done.err) == (2, True)


def test_colours(call: Call, engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """FORCE_COLOR colours lines, --no-color wins over it."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    engine.history = RUNS
    assert "\x1b[32m" in call("runs").out
    assert "\x1b[" not in call("runs", "--no-color").out
