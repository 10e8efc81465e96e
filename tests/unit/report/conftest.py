"""Hand-made events for the report tests."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from vwmp_release.core.execution.events import (
    Event,
    Published,
    RunFinished,
    RunStarted,
    Sealed,
    StepFinished,
    StepLine,
    StepReport,
    StepStarted,
    StepView,
    Warned,
    WorkspaceOpened,
)
from vwmp_release.interfaces import Annotation, FileChange, Publication, RunIdentity, Seal, TagRef
from vwmp_release.report.model import Push, Report, Why

BASE, COMMIT, TAG = "a" * 40, "c" * 40, "d" * 40
DIFF = "--- a/VERSION\n+++ b/VERSION\n@@ -1 +1 @@\n-1.1.0\n+1.2.0\n"
ROWS = [
    {"short": "1111111", "subject": "feat: add exports", "type": "feat", "level": "minor", "rule": "feat is minor",
     "verdict": "counted"},
    {"short": "2222222", "subject": "docs: mend a link", "type": "docs", "level": "", "rule": "docs bumps nothing",
     "verdict": "ignored"},
]  # fmt: skip


def view(name: str, effect: str = "workspace", *, after: tuple[str, ...] = (), **values: Any) -> StepView:
    """Return a step."""
    given = {"required": True, "enabled": True, "handler": f"demo.{name}", **values}
    return StepView(id=name, name=name, effect=effect, dependencies=after, **given)


VIEWS = (
    view("version_bump"),
    view("readme_update", after=("version_bump",), required=False),
    view("commit", "repository", after=("version_bump", "readme_update")),
    view("push", "remote", after=("commit",)),
)
SEAL = Seal(
    BASE, "main", COMMIT, ((COMMIT, "chore(release): 1.2.0\n\nbody\n"),), "Ann <ann@example.invalid>",
    (TagRef("v1.2.0", TAG, COMMIT, "Release v1.2.0: exports\n\nvwmp-1\n"),),
    (FileChange("VERSION", "modified", DIFF),),
)  # fmt: skip
BUMP = StepReport(
    VIEWS[0], "success", "success", attempts=1, seconds=0.25, logs=("found VERSION",),
    output={"new_version": "1.2.0", "old_version": "1.1.0", "bump": "minor", "commits": ROWS, "summary": "add exports",
            "packages": [{"name": "demo", "old_version": "1.1.0", "new_version": "1.2.0"}], "previous_tag": "v1.1.0"},
)  # fmt: skip
README = StepReport(VIEWS[1], "skipped", "skipped", reason="no README", attempts=1, seconds=0.01)
MADE = StepReport(VIEWS[2], "success", "success", attempts=1, seconds=1.5, output={"commit_hash": COMMIT})
PUSHED = StepReport(VIEWS[3], "success", "success", attempts=2, seconds=2.0, output={"remote": "origin"})


def run_events(
    *middle: Event, finished: RunFinished, command: Any = "run", workspace: Any = "shadow", asked: bool = True
) -> list[Event]:
    """Return a run's events around those in the middle."""
    run = RunIdentity("vwmp-1", datetime(2026, 1, 31, 12, 0, tzinfo=UTC))
    opened = [WorkspaceOpened(BASE, "main", "origin", "https://example.invalid/demo.git", asked)]
    return [
        RunStarted(run, command, "release", "release", workspace, VIEWS),
        *(opened if workspace == "shadow" else []),
        *middle,
        finished,
    ]


RELEASED = run_events(
    StepStarted(VIEWS[0]),
    StepLine("version_bump", "found VERSION"),
    StepFinished(BUMP),
    StepFinished(README),
    StepFinished(MADE),
    Sealed(SEAL),
    StepFinished(PUSHED),
    Published(Publication("published", "origin", "main", ("v1.2.0",))),
    Warned("the changelog was edited by hand", "look at it"),
    finished=RunFinished("released", 0, seconds=4.0),
)
PLANNED = run_events(
    StepFinished(BUMP), StepFinished(README), StepFinished(MADE), Sealed(SEAL),
    command="plan", asked=False, finished=RunFinished("planned", 0, seconds=2.0, undone=True),
)  # fmt: skip
FAILED_STEP = StepReport(
    VIEWS[2], "failed", "failed", reason="the hook refused\nline two", attempts=1, seconds=0.5, logs=("hook: no",),
    annotations=(Annotation("bad line", "error", "src/a.py", 3, 7, "lint"), Annotation("odd", "warning")),
)  # fmt: skip
FAILED = run_events(
    StepFinished(BUMP), StepFinished(FAILED_STEP),
    finished=RunFinished("failed", 1, "step commit failed: the hook refused", "run the hook by hand", 1.0, True),
)  # fmt: skip


@pytest.fixture
def released() -> list[Event]:
    """A whole release."""
    return list(RELEASED)


@pytest.fixture
def planned() -> list[Event]:
    """A whole plan whose remote was not asked."""
    return list(PLANNED)


@pytest.fixture
def failed() -> list[Event]:
    """A run whose required step `commit` failed."""
    return list(FAILED)


@pytest.fixture
def make_view() -> Callable[..., StepView]:
    """Makes a step."""
    return view


@pytest.fixture
def make_events() -> Callable[..., list[Event]]:
    """Makes a run's events around those in the middle."""
    return run_events


HOSTILE = [
    "::set-output name=version::9.9.9",
    "  ::error::indented",
    "\u00a0::error::no-break space",
    "\u3000::warning::ideographic space",
    "\t::add-mask::a",
    "text\n::set-env name=PATH::/tmp",
    "text\r::error::carriage return",
    "text\r\n::stop-commands::x",
    "text\x0b::error::vertical tab",
    "text\x0c::error::form feed",
    "text\x85::error::next line",
    "text\u2028::error::line separator",
    "text\u2029::error::paragraph separator",
    "##[error]old form",
    "in the middle ##[add-path]/tmp",
    "##[set-env name=PATH;]/tmp",
    "%0A::error::percent",
    "%250A::error::double percent",
    "a,b:c=d",
    "EOF",
    "vwmp-1",
    "x\nvwmp-1\nname=version\n",
    "version<<EOF\n9.9.9\nEOF",
    "\x1b[2J\x1b]0;owned\x07",
    "\u202e::desrever",
    "@everyone and @octo/team",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</summary></details><h1>x",
    "[link](javascript:alert(1)) ![i](http://x/y)",
    "https://evil.example/ www.evil.example",
    "| a | b |\n| --- | --- |",
    "`code` ``` fence\n```\n# heading\n````\n",
    "~~~\n- list\n> quote",
    "# heading\n## other",
    "&lt;b&gt; &#60;b&#62;",
    '"] --> x["y',
    "end; subgraph x; click a href",
    "#quot;#lt;",
    "<br/>`md`",
    "\udc80 lone surrogate",
    "a" * 5000,
    "\u200b::zero width before",
    "fixes #1, GH-2, owner/repo#3",
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that takes `hostile` with each hostile text."""
    if "hostile" in metafunc.fixturenames:
        metafunc.parametrize("hostile", HOSTILE, ids=[f"hostile{number}" for number in range(len(HOSTILE))])


@pytest.fixture
def hostile_report(hostile: str) -> Report:
    """Return a report in which every text of others is hostile."""
    text = hostile
    view = StepView(text, text, text, "none", True, True, (text,))
    step = StepReport(
        view, "failed", "failed", reason=text, attempts=1, logs=(text,),
        annotations=(Annotation(text, "error", text, 3, 4, text), Annotation(text, "notice", title=text)),
    )  # fmt: skip
    return Report(
        status="failed", exit_status=1, version=text, previous_version=text, bump=text, tag=text, notes=text,
        notes_file=text, summary=text, why=(Why(text, text, text, text, text, text),),
        files=(FileChange(text, "modified", text),), tags=(TagRef(text, text, text, text),), changelog=text,
        push=Push(text, text, text, wanted=True), steps=(step, replace(step, conclusion="success")),
        warnings=(Warned(text, text),), reason=text, hint=text, details=(text,), workflow=text, commit_sha=text,
        branch=text, commits=((text, text),),
    )  # fmt: skip


def _commands(text: str) -> list[str]:
    """Return what the runner would take for commands, by its own grammar (ActionCommand.cs)."""
    found, stopped = [], ""
    for line in re.split(r"\r\n|\r|\n", text):
        command = re.match(r"::(\S+?)(?: .*?)?::(.*)", line.lstrip())
        if stopped:
            if line.strip() == f"::{stopped}::":
                stopped = ""
        elif command and command[1] == "stop-commands":
            stopped = command[2]
        elif command:
            found.append(command[1])
        elif re.search(r"##\[[^\]]+\]", line):
            found.append("##")
    return found


def _outputs(text: str) -> dict[str, str]:
    """Return the outputs in a file, by the runner's own rules."""
    lines, found = text.split("\n"), {}
    while lines and (head := lines.pop(0)):
        name, sign, delimiter = head.partition("<<")
        assert sign and "=" not in name
        value = []
        while (line := lines.pop(0)) != delimiter:
            value.append(line)
        found[name] = "\n".join(value)
    return found


def _counted() -> Callable[[], str]:
    """Return a source of predictable delimiters."""
    counter = count(1)
    return lambda: str(next(counter))


@pytest.fixture
def commands_in() -> Callable[[str], list[str]]:
    """What a runner takes for commands in a text."""
    return _commands


@pytest.fixture
def read() -> Callable[[str], dict[str, str]]:
    """What a runner reads from an output file."""
    return _outputs


@pytest.fixture
def counted() -> Callable[[], Callable[[], str]]:
    """Makes sources of predictable delimiters."""
    return _counted
