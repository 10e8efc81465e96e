"""Fixtures of the git plugin: a repository with a bare remote, and a release driven through the port."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from vwmp_release.plugins.git.adapter import GitAdapter
from vwmp_release.plugins.git.handlers.commit import GitCommitHandler
from vwmp_release.plugins.git.handlers.create_tag import GitTagHandler
from vwmp_release.plugins.git.handlers.push import GitPushHandler
from vwmp_release.plugins.git.handlers.stage_all import GitStageHandler

from vwmp_release.interfaces import (
    Opening,
    Publication,
    PushOrder,
    RunIdentity,
    Seal,
    StepContext,
    StepHandler,
    StepResult,
    StepStatus,
    Workspace,
)

_HANDLERS: dict[str, Callable[[], StepHandler]] = {
    "stage_all": GitStageHandler,
    "commit": GitCommitHandler,
    "create_tag": GitTagHandler,
    "push": GitPushHandler,
}


class Release:
    """One release of a repository, driven as the engine drives it."""

    def __init__(self, root: Path, number: int = 1) -> None:
        self.root = root
        self.run = RunIdentity(f"vwmp-{number:032x}", datetime(2026, 1, 31, 12, tzinfo=UTC))
        self.adapter = GitAdapter()
        self.adapter.initialize({"workspace_root": str(root)})
        self.outputs: dict[str, StepResult] = {}
        self.workspace: Workspace

    def open(self, purpose: str = "run", **options: Any) -> Workspace:
        """Begin the transaction; `remote` is `origin` unless given."""
        options.setdefault("remote", "origin")
        options.setdefault("timeout", 20.0)
        self.workspace = self.adapter.begin(Opening(self.root, self.run, purpose, **options))  # type: ignore[arg-type]
        return self.workspace

    @property
    def tree(self) -> Path:
        """The shadow's work tree."""
        return self.workspace.root

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file of the shadow."""
        path = self.tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def gives(self, **output: Any) -> None:
        """Pretend that an earlier step gave this output."""
        self.outputs[f"given{len(self.outputs)}"] = StepResult("given", StepStatus.SUCCESS, output)

    def context(self, **config: Any) -> StepContext:
        """Make a step's context."""
        shadow = self.adapter.session is not None
        return StepContext(
            workflow_id=self.run.id,
            workflow_name="release",
            step_id="step",
            step_name="step",
            step_config=config,
            parameters={"summary": "A summary of the release"},
            workspace_root=self.tree if shadow else self.root,
            step_outputs=self.outputs,
            config={},
            adapters={"git": self.adapter},
            run=self.run,
            repository_root=self.root,
        )

    def step(self, name: str, **config: Any) -> StepResult:
        """Run a handler; later steps see its output."""
        result = _HANDLERS[name]().execute(self.context(**config))
        self.outputs[name] = result
        return result

    def make(self, version: str = "1.0.0", files: dict[str, str | bytes] | None = None, **config: Any) -> Seal:
        """Change files, stage, commit, tag and seal."""
        self.gives(new_version=version, old_version="0.9.0", tag_template="v{version}")
        for name, content in (files or {"VERSION": f"{version}\n"}).items():
            self.write(name, content)
        self.step("stage_all")
        self.step("commit")
        self.step("create_tag", **config)
        return self.adapter.seal()

    def publish(self, seal: Seal, **order: Any) -> Publication:
        """Push the release."""
        order.setdefault("timeout", 20.0)
        return self.adapter.publish(seal, PushOrder("origin", **order))

    def finish(self, seal: Seal, order: PushOrder | None = PushOrder("origin")) -> list[str]:  # noqa: B008
        """Everything after the commit point."""
        self.adapter.import_objects(seal)
        self.adapter.move_refs(seal, order)
        notes = self.adapter.sync(seal)
        self.adapter.abandon()
        return notes


@pytest.fixture
def releases() -> Iterator[Callable[..., Release]]:
    """Make releases: `releases(root, number=1)`; what is open at the end is closed."""
    made: list[Release] = []

    def make(root: Path, number: int = 1) -> Release:
        made.append(Release(root, number))
        return made[-1]

    yield make
    for release in made:
        release.adapter.cleanup()


@pytest.fixture
def project(repo: Any) -> Any:
    """Give a repository on `main` with two commits, as `repo.bare` its bare remote."""
    repo.commit("feat: first", {"VERSION": "0.9.0\n", "README.md": "# Project\n", "src/mod ule.py": "x = 1\n"})
    repo.commit("fix: second", {"notes.txt": "one\n"})
    repo.bare = repo.remote()
    return repo


@pytest.fixture
def release(project: Any, releases: Callable[..., Release]) -> Release:
    """Give a release of `project`, not yet open."""
    return releases(project.path)


@pytest.fixture
def manifest() -> Callable[[Any], dict[str, Any]]:
    """Read everything of a repository, with the times of its files: `manifest(repo)`."""

    def read(repo: Any) -> dict[str, Any]:
        parts: dict[str, Any] = repo.snapshot()
        git_dir = Path(repo.git("rev-parse", "--path-format=absolute", "--git-common-dir"))
        parts["times"] = {
            str(path.relative_to(repo.path)): (path.lstat().st_mtime_ns, path.lstat().st_mode)
            for path in sorted(repo.path.rglob("*"))
            if ".git" not in path.parts and not path.is_dir()
        }
        parts["stores"] = sorted(os.fsencode(path) for path in (git_dir / "objects").rglob("*"))
        parts["tool"] = (git_dir / "vwmp").exists()
        return parts

    return read
