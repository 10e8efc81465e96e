"""A stand-in for the engine behind the command line, and ways to call the program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from vwmp_release import app
from vwmp_release.__main__ import main
from vwmp_release.core.execution.events import (
    Event,
    RunFinished,
    RunStarted,
    StepFinished,
    StepReport,
    StepStarted,
    StepView,
    WorkspaceOpened,
)
from vwmp_release.errors import Problem
from vwmp_release.interfaces import RunIdentity

VIEWS = (
    StepView("version_bump", "version_bump", "release.version_bump", "workspace", True, True, ()),
    StepView("push", "push", "git.push", "remote", True, True, ("version_bump",)),
)

OFFERS = [("step handler", "git.push"), ("integration adapter", "git")]


def events_of(command: Any, finished: RunFinished) -> list[Event]:
    """Return a short run."""
    run = RunIdentity("vwmp-1", datetime(2026, 1, 31, 12, 0, tzinfo=UTC))
    output = {"new_version": "1.2.0", "old_version": "1.1.0", "tag": "v1.2.0"}
    return [
        RunStarted(run, command, "release", "release", "shadow", VIEWS),
        WorkspaceOpened("a" * 40, "main", "origin", "https://example.invalid/x.git", True),
        StepStarted(VIEWS[0]),
        StepFinished(StepReport(VIEWS[0], "success", "success", attempts=1, output=output)),
        finished,
    ]


@dataclass
class Engine:
    """What the fake engine was asked, and what it answers."""

    requests: list[app.Request] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    finished: RunFinished = field(default_factory=lambda: RunFinished("released", 0))
    error: BaseException | None = None
    events: Callable[[app.Request, str], Iterator[Event]] | None = None
    problems: list[Problem] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)
    config: dict[str, Any] = field(default_factory=dict)

    def answer(self, request: app.Request, command: str) -> Iterator[Event]:
        """Yield a run's events."""
        self.requests.append(request)
        if self.error is not None:
            raise self.error
        if self.events is not None:
            yield from self.events(request, command)
        else:
            yield from events_of(command, self.finished)

    def open_project(self, request: app.Request, *, built_in_only: bool = False, importing: bool = True) -> Any:
        """Return a project of few words."""
        self.requests.append(request)
        if self.error is not None:
            raise self.error
        plugins = [
            SimpleNamespace(name="git", version="0.1.0", description="Git", origin="built-in", path="git",
                            state="loaded", problem="", kinds=OFFERS),
            SimpleNamespace(name="bad", version="", description="", origin="folder", path="plugins/bad",
                            state="failed", problem="it raises\nhere", kinds=[]),
        ]  # fmt: skip
        registry = SimpleNamespace(
            plugins=plugins,
            list_step_handlers=lambda: [{"handler": "git.push", "effect": "remote", "description": "Pushes"}],
        )
        return SimpleNamespace(
            registry=registry,
            workflow_names=lambda: ["release", "docs"],
            views=lambda name: VIEWS,
            effective=lambda name: [SimpleNamespace(path="a.b", value=[1, "x"], origin="global: defaults")],
            check=lambda: self.problems,
            step_config=lambda handler: dict(self.config),
        )


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The fake engine, in place of the real one; no runner's environment, temporary files in a place of their own."""
    fake = Engine()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path_factory.mktemp("tmp")))
    monkeypatch.setattr(app, "run", lambda request: fake.answer(request, "run"))
    monkeypatch.setattr(app, "plan", lambda request: fake.answer(request, "plan"))
    monkeypatch.setattr(app, "open_project", fake.open_project)
    monkeypatch.setattr(app, "record", lambda request, report: fake.records.append(report))
    monkeypatch.setattr(app, "history", lambda request: fake.history)
    monkeypatch.setattr(app, "schema", lambda request: {"$schema": "x"})
    for name in list(os.environ):
        if name.startswith("GITHUB_") or name in ("NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name)
    return fake


@dataclass(frozen=True)
class Done:
    """A finished call."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON document."""
        return json.loads(self.out)


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Calls the program in this process."""

    def run(*arguments: str) -> Done:
        capsys.readouterr()
        status = main(list(arguments))
        captured = capsys.readouterr()
        return Done(status, captured.out, captured.err)

    return run


@pytest.fixture
def child(tmp_path: Path) -> Callable[..., Done]:
    """Runs Python code or the program in a process of its own."""

    def run(*arguments: str, code: str = "", cwd: Path = tmp_path, stdin: str = "", env: Any = None) -> Done:
        argv = [sys.executable, *(["-c", code] if code else ["-m", "vwmp_release"]), *arguments]
        done = subprocess.run(
            argv,
            cwd=cwd,
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, **(env or {})},
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return run
