from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from textwrap import dedent
from typing import Any

import pytest

from vwmp_release import app
from vwmp_release.core.execution.events import RunFinished, Sealed, StepFinished, StepReport, Warned
from vwmp_release.errors import Blocked, ConfigError, UsageError

PLUGIN = """
import threading
from vwmp_release.interfaces import *

class Base(StepHandler):
    keys = {}
    def validate_config(self, config): return ValidationResult(True)
    def get_config_schema(self): return {"properties": self.keys}
    def get_step_info(self): return {"name": type(self).__name__}

class Write(Base):
    keys = {"text": {"type": "string", "default": "x"}}
    def execute(self, context):
        (context.workspace_root / "written.txt").write_text(context.step_config["text"])
        return StepResult(context.step_id, StepStatus.SUCCESS, output={"where": str(context.workspace_root)})

class Fail(Base):
    def execute(self, context):
        (context.workspace_root / "spoiled.txt").write_text("x")
        raise SystemExit(7)

class Announce(Base):
    effect = "remote"
    def execute(self, context):
        path = context.repository_root.parent / "announced"
        path.write_text(str(context.find_output("new_version")))
        return StepResult(context.step_id, StepStatus.SUCCESS)

def register_plugin(registry):
    for cls in (Write, Fail, Announce):
        registry.register_step_handler("mine." + cls.__name__.lower(), cls())
"""

Events = Callable[..., list[Any]]


@pytest.fixture
def project(repo: Any) -> Iterator[Any]:
    """A repository with a plugin, a first release and something to release."""
    repo.commit("feat: begin", {"VERSION": "0.1.0\n", "tools/mine/__init__.py": PLUGIN})
    repo.tag("v0.1.0")
    repo.commit("feat: go on")
    yield repo
    for name in [name for name in sys.modules if name.startswith("vwmp_folder_plugin_")]:
        del sys.modules[name]


def _configure(repo: Any, text: str) -> None:
    discovery = "plugins: {discovery: {directories: [tools]}}\n"
    repo.commit("chore: configure", {"vwmp_config.yaml": discovery + dedent(text)})


def _request(repo: Any, **fields: Any) -> app.Request:
    return app.Request(directory=repo.path, **fields)


def _steps(events: list[Any]) -> dict[str, StepReport]:
    return {event.report.view.id: event.report for event in events if isinstance(event, StepFinished)}


def _end(events: list[Any]) -> RunFinished:
    assert isinstance(events[-1], RunFinished)
    assert sum(isinstance(event, RunFinished) for event in events) == 1
    return events[-1]


def test_a_workflow_of_folder_plugins_runs_in_place(project: Any) -> None:
    """A workflow of a plain type runs a folder plugin's handlers in the user's tree."""
    _configure(
        project,
        """
        workflows:
          docs: {type: documentation, steps: [{id: w, handler: mine.write, config: {text: "${parameters.t}"}}],
                 parameters: [{name: t, default: hello}]}
        """,
    )
    events = list(app.run(_request(project, workflow="docs", parameters={"t": "given"})))
    assert (project.path / "written.txt").read_text() == "given"
    assert _steps(events)["w"].output == {"where": str(project.path)}
    assert _end(events).status == "done"
    assert _steps(list(app.plan(_request(project, workflow="docs"))))["w"].outcome == "not-run"
    assert (project.path / "written.txt").read_text() == "given"


def test_a_release_runs_plugins_in_the_shadow_and_announces_afterwards(project: Any) -> None:
    """A release with own steps: what they write is released, and the remote one runs after the push."""
    _configure(
        project,
        """
        workflows:
          ship:
            steps:
              - {id: bump, handler: release.version_bump}
              - {id: write, handler: mine.write, config: {text: "v${step-outputs.bump.new_version}"}}
              - {id: bad, handler: mine.fail, required: false}
              - {id: stage, handler: git.stage_all}
              - {id: commit, handler: git.commit}
              - {id: tag, handler: git.create_tag}
              - {id: push, handler: git.push}
              - {id: tell, handler: mine.announce}
        """,
    )
    bare = project.remote()
    before = project.snapshot()
    planned = list(app.plan(_request(project, workflow="ship")))
    assert _end(planned).status == "planned"
    assert [change.path for event in planned if isinstance(event, Sealed) for change in event.seal.files] == [
        "VERSION", "written.txt",
    ]  # fmt: skip
    assert project.snapshot() == before
    events = list(app.run(_request(project, workflow="ship")))
    steps = _steps(events)
    assert _end(events).status == "released", _end(events)
    assert (steps["bad"].outcome, steps["bad"].conclusion) == ("failed", "success")
    assert "sys.exit(7)" in steps["bad"].reason
    assert bare.show("written.txt", "v0.2.0") == b"v0.2.0"
    assert (project.path / "written.txt").read_bytes() == b"v0.2.0"
    assert not (project.path / "spoiled.txt").exists()
    assert (project.path.parent / "announced").read_text() == "0.2.0"
    assert steps["write"].output["where"] != str(project.path)


def test_a_failed_release_leaves_everything_as_it_was(project: Any) -> None:
    """A required step that fails leaves the repository byte for byte as before."""
    _configure(
        project,
        """
        workflows:
          ship: {steps: [{id: bump, handler: release.version_bump}, {id: bad, handler: mine.fail}]}
        """,
    )
    before = project.snapshot()
    end = _end(list(app.run(_request(project, workflow="ship"))))
    assert (end.status, end.exit_status, end.undone) == ("failed", 1, True)
    assert project.snapshot() == before


def test_nothing_to_release_ends_the_run(project: Any) -> None:
    """`version_bump` ends the run where no commit counts; with `strict` that is status 3."""
    project.tag("v0.2.0")
    project.commit("docs: words")
    end = _end(list(app.run(_request(project, push=False))))
    assert (end.status, end.exit_status) == ("nothing", 0)
    assert end.details
    assert _end(list(app.run(_request(project, push=False, strict=True)))).exit_status == 3


def test_without_push_the_release_is_local(project: Any) -> None:
    """`push=False` makes commit and tag locally."""
    project.remote()
    end = _end(list(app.run(_request(project, push=False))))
    assert end.status == "released"
    assert "v0.2.0" in project.tags
    assert "v0.2.0" not in project.git("ls-remote", "origin")


def test_a_race_is_planned_again_where_the_configuration_says_so(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `on_race: replan` a lost race is tried again, at most three times, and only the last end is told."""
    from vwmp_release.core.execution.session import Session

    _configure(project, "step_handlers: {git.push: {config: {on_race: replan}}}\n")
    project.remote()
    runs: list[int] = []

    def lost(self: Session) -> Any:
        runs.append(1)
        yield from ()
        return RunFinished("superseded", 0, "lost")

    monkeypatch.setattr(Session, "until_finished", lost)
    monkeypatch.setattr(Session, "raced", True)
    events = list(app.run(_request(project)))
    assert len(runs) == 3
    assert [type(event) for event in events] == [Warned, Warned, RunFinished]
    _configure(project, "")
    runs.clear()
    assert len(list(app.run(_request(project)))) == len(runs) == 1


def test_a_broken_plugin_is_in_nobodys_way_but_its_own(project: Any) -> None:
    """A plugin that cannot be loaded fails the workflows that need it, with the reason, and `check` names it."""
    project.write({"tools/broken/__init__.py": "def register_plugin(registry:\n"})
    _configure(
        project,
        """
        workflows:
          good: {type: testing, steps: [{id: w, handler: mine.write}]}
          bad: {type: testing, steps: [{id: b, handler: broken.go}]}
        """,
    )
    assert _end(list(app.run(_request(project, workflow="good")))).status == "done"
    with pytest.raises(ConfigError, match=r"unknown handler 'broken.go'\n.*tools/broken.*SyntaxError"):
        list(app.run(_request(project, workflow="bad")))
    problems = [str(problem) for problem in app.open_project(_request(project)).check()]
    assert any("tools/broken" in text and "SyntaxError" in text for text in problems)
    assert any("unknown handler 'broken.go'" in text for text in problems)


def test_an_adapter_may_be_switched_off(project: Any) -> None:
    """A release without the git adapter is an error with the place that switched it off."""
    _configure(project, "integration_adapters: {git: {enabled: false}}\n")
    with pytest.raises(ConfigError, match=r"vwmp_config.yaml:2:39: integration_adapters.git.enabled"):
        list(app.run(_request(project)))


def test_an_interrupt_reaches_the_engine(project: Any) -> None:
    """A consumer's interrupt is answered with the run's last event, and everything is undone."""
    before = project.snapshot()
    events: Any = app.run(_request(project, push=False))
    event = next(events)
    while not isinstance(event, StepFinished):
        event = next(events)
    rest = [events.throw(KeyboardInterrupt()), *events]
    assert _end(rest).exit_status == 130
    assert project.snapshot() == before


def test_inputs_of_the_environment_are_runtime_values(project: Any) -> None:
    """`VWMP_INPUT_*` gives values for the run, under those of the command line; empty ones count for nothing."""
    environ = {"VWMP_INPUT_INCREMENT_TYPE": "major", "VWMP_INPUT_SUMMARY": "", "VWMP_INPUT_TAG-TEMPLATE": "x"}
    request = _request(project, environ=environ, parameters={"tag_template": "v{version}"})
    assert request.runtime == {"increment_type": "major", "tag_template": "v{version}"}


def test_a_bare_repository_is_blocked(project: Any) -> None:
    """A release needs a work tree."""
    bare = project.remote()
    with pytest.raises(Blocked, match="bare repository"):
        list(app.run(_request(bare)))


def test_outside_a_repository_nothing_runs(tmp_path: Any) -> None:
    """Without a repository there is a usage error."""
    with pytest.raises(UsageError, match="not in a git repository"):
        list(app.run(app.Request(directory=tmp_path)))


def test_a_project_says_what_it_has(project: Any) -> None:
    """Workflows, steps, effective values with origins, a step's configuration and the schema can be asked for."""
    _configure(project, "workflow_types: {release: {config: {main_changelog: NEWS.md}}}\n")
    opened = app.open_project(_request(project), built_in_only=True)
    assert opened.workflow_names() == ["release"]
    assert [view.id for view in opened.views()][0::9] == ["version_bump", "push"]
    assert opened.step_config("release.changelog_update")["main_changelog"] == "NEWS.md"
    rows = {row.path: row for row in opened.effective()}
    assert rows["steps.changelog_update.main_changelog"].origin == (
        "workflow: workflow_types.release.config.main_changelog (vwmp_config.yaml:2:53)"
    )
    assert rows["adapters.git.remote"].value == "origin"
    assert "mine.write" not in opened.registry.handler_names()
    with pytest.raises(UsageError, match=r"has no step with the handler 'mine\.write'"):
        opened.step_config("mine.write")
    assert opened.check() == []


def test_reading_the_configuration_imports_no_plugin(project: Any) -> None:
    """`config` knows what manifests promise, shows what a workflow says of other handlers, and imports no plugin."""
    bomb = {
        "tools/bare/__init__.py": "raise SystemExit('imported')\n",
        "tools/told/__init__.py": "raise SystemExit('imported')\n",
        "tools/told/config.yaml": "step_handlers: {write: {config_schema: {text: {type: string, default: x}}}}\n",
    }
    project.commit("chore: plugins", bomb)
    _configure(
        project,
        """\
        workflows:
          docs:
            type: documentation
            steps:
              - {id: told, handler: told.write}
              - {id: bare, handler: bare.write, config: {text: y}}
        """,
    )
    opened = app.open_project(_request(project), importing=False)
    rows = {row.path: row for row in opened.effective("docs")}
    assert rows["steps.told.text"].value == "x"
    assert rows["steps.bare.text"].origin == "workflow: step bare.config.text (vwmp_config.yaml:7:56)"
    assert "told.write" in app.schema(_request(project))["properties"]["step_handlers"]["properties"]
    states = {plugin.name: plugin.state for plugin in opened.registry.plugins}
    assert (states["told"], states["bare"], states["mine"]) == ("discovered", "not imported", "not imported")
    assert not [name for name in sys.modules if name.startswith("vwmp_folder_plugin_")]
    with pytest.raises(ConfigError, match="would have to be imported"):
        opened.plan("docs")


def test_checking_without_plugins(project: Any) -> None:
    """The hook's check leaves out what only plugins know, and still compares the version files."""
    _configure(project, "workflows: {docs: {type: documentation, steps: [{id: w, handler: mine.write}]}}\n")
    assert app.open_project(_request(project), importing=False).check() == []
    project.write({"package.json": '{"version": "0.1.1"}\n'})
    [problem] = app.open_project(_request(project), importing=False).check()
    assert str(problem).startswith("VERSION:1:1: Version files disagree: VERSION says 0.1.0, expected 0.1.1")
    assert not [name for name in sys.modules if name.startswith("vwmp_folder_plugin_")]
    assert app.open_project(_request(project)).check() == [problem]


def test_a_release_that_stays_here_is_not_announced(project: Any) -> None:
    """Without a push, steps beyond the machine are disabled along with it."""
    _configure(
        project,
        """\
        workflows:
          release:
            type: release
            steps:
              - {id: bump, handler: release.version_bump}
              - {id: stage, handler: git.stage_all}
              - {id: commit, handler: git.commit}
              - {id: push, handler: git.push}
              - {id: announce, handler: mine.announce}
        """,
    )
    steps = _steps(events := list(app.run(_request(project, push=False))))
    assert (_end(events).status, steps["announce"].outcome) == ("released", "disabled")
    assert not (project.path.parent / "announced").exists()


def test_the_schema_needs_no_repository(tmp_path: Any) -> None:
    """Outside a repository the schema knows the built-in handlers."""
    schema = app.schema(app.Request(directory=tmp_path))
    assert "git.push" in schema["properties"]["step_handlers"]["properties"]


def test_finished_runs_are_kept(project: Any) -> None:
    """A recorded run is found again with its report."""
    report = {
        "run": {"id": "vwmp-1", "clock": "2026-01-31T00:00:00Z"}, "workflow": {"name": "release"},
        "status": "released", "version": "0.2.0", "tag": "v0.2.0", "seconds": 1.5,
    }  # fmt: skip
    app.record(_request(project), report)
    assert app.history(_request(project)) == [
        {"id": "vwmp-1", "started": "2026-01-31T00:00:00Z", "workflow": "release", "status": "released",
         "version": "0.2.0", "tag": "v0.2.0", "seconds": 1.5, "report": report}
    ]  # fmt: skip


def test_unknown_keys_and_other_problems_come_together(project: Any) -> None:
    """An unknown key does not hide what else is wrong with the configuration."""
    _configure(
        project,
        """
        defualts: {}
        workflow_types: {release: {config: {main_changelog: 5, prepnd: true}}}
        """,
    )
    with pytest.raises(ConfigError) as caught:
        list(app.run(_request(project)))
    text = str(caught.value)
    for words in ("unknown key 'defualts'", "unknown key 'prepnd'\n    did you mean 'prepend'?", "must be a string"):
        assert words in text
    _configure(project, "defualts: {}\nplugins2: {}\nworkflow_types: {releas: {config: {a: 1}}}\n")
    with pytest.raises(ConfigError, match="unknown workflow type 'releas'"):
        app.open_project(_request(project))
    with pytest.raises(ConfigError, match="unknown key 'plugins2'"):
        app.open_project(_request(project, workflow="nobody"))


def test_plugins_that_cannot_be_loaded_are_said_in_a_run(project: Any) -> None:
    """A run that does not need a broken plugin still warns of it."""
    project.write({"tools/broken/__init__.py": "import nothing_like_it\n"})
    _configure(project, "workflows: {good: {type: testing, steps: [{id: w, handler: mine.write}]}}\n")
    events = list(app.run(_request(project, workflow="good")))
    assert any("tools/broken" in event.message for event in events if isinstance(event, Warned))
