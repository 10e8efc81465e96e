"""Plugins of a project and of an installed distribution: handlers, adapters and workflow types that a workflow uses."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

SOURCE = '''\
"""Greets: an adapter that knows the words, a handler that writes them, and a type of workflow."""

from vwmp_release.interfaces import (
    IntegrationAdapter,
    StepHandler,
    StepResult,
    StepStatus,
    ValidationResult,
    WorkflowTemplate,
    WorkflowTypeMetadata,
    WorkflowTypePlugin,
)


class Words(IntegrationAdapter):
    """Knows the words."""

    word = ""

    def get_adapter_name(self):
        return "NAME_words"

    def initialize(self, config):
        self.word = config.get("word", "Hello")
        return True

    def validate_config(self, config):
        return ValidationResult(valid=True)

    def get_config_schema(self):
        return {"type": "object", "properties": {"word": {"type": "string", "default": "Hello"}}}

    def test_connection(self):
        return True

    def cleanup(self):
        self.word = ""


class Greet(StepHandler):
    """Writes a greeting."""

    effect = "workspace"

    def execute(self, context):
        version = context.find_output("new_version") or "nobody"
        text = f"{context.adapters['NAME_words'].word} {version}"
        (context.workspace_root / context.step_config["greeting_file"]).write_text(f"{text}\\n", encoding="utf-8")
        return StepResult(context.step_id, StepStatus.SUCCESS, output={"greeting": text})

    def validate_config(self, config):
        return ValidationResult(valid=True)

    def get_config_schema(self):
        return {"type": "object", "properties": {"greeting_file": {"type": "string", "default": "NAME.txt"}}}

    def get_step_info(self):
        return {"name": "Greet", "description": "Writes a greeting", "icon": "👋", "category": "test"}

    def get_dependencies(self, config):
        return []


class Greeting(WorkflowTypePlugin):
    """A type of workflow with one step."""

    def get_metadata(self):
        return WorkflowTypeMetadata(
            name="NAME_type", version="1.0.0", description="Greets", author="Nobody", icon="👋"
        )

    def get_templates(self):
        steps = [{"id": "greet", "name": "Greet", "type": "greet", "handler": "NAME.greet", "config": {}}]
        return [WorkflowTemplate("Plain", "One greeting", {"parameters": [], "steps": steps}, {})]

    def get_default_step_types(self):
        return ["NAME.greet"]

    def get_config_schema(self):
        return {"type": "object", "properties": {}}

    def validate_workflow(self, workflow):
        return ValidationResult(valid=True)
'''
REGISTER = '''

def register_plugin(registry):
    """Offer all three."""
    registry.register_integration_adapter(Words())
    registry.register_step_handler("NAME.greet", Greet())
    registry.register_workflow_type(Greeting())
'''
RELEASE_STEPS = """
workflows:
  release:
    type: release
    steps:
      - {id: version_bump, handler: release.version_bump}
      - {id: greet, handler: NAME.greet, config: {greeting_file: greeting.txt}}
      - {id: stage_all, handler: git.stage_all}
      - {id: commit, handler: git.commit}
      - {id: create_tag, handler: git.create_tag}
      - {id: push, handler: git.push}
  hello:
    type: NAME_type
integration_adapters:
  NAME_words:
    config: {word: Welcome}
"""


def _named(text: str, name: str) -> str:
    return text.replace("NAME", name)


@pytest.fixture
def folder_plugin(project):
    """Give a project with a plugin in a folder of its own."""
    text = "plugins: {discovery: {directories: [tools/plugins]}}\n" + RELEASE_STEPS
    return project(
        {
            "VERSION": "1.2.3\n",
            "vwmp_config.yaml": _named(text, "local"),
            "tools/plugins/local/__init__.py": _named(SOURCE + REGISTER, "local"),
        }
    )


def _distribution(site: Path, name: str, entry_points: str) -> None:
    """Install a distribution as pip would: a package, its metadata and its entry points."""
    package = site / f"{name}_package"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(_named(SOURCE + REGISTER, name), encoding="utf-8")
    info = site / f"{name}_package-3.1.4.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-package\nVersion: 3.1.4\n", encoding="utf-8")
    (info / "RECORD").write_text(f"{name}_package/__init__.py,,\n{info.name}/METADATA,,\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(_named(entry_points, name), encoding="utf-8")


SINGLE = """\
[vwmp.workflow_types]
NAME_type = NAME_package:Greeting

[vwmp.step_handlers]
NAME.greet = NAME_package:Greet

[vwmp.integration_adapters]
NAME_words = NAME_package:Words
"""
WHOLE = """\
[vwmp.plugins]
NAME = NAME_package
"""


@pytest.fixture(params=[SINGLE, WHOLE], ids=["single groups", "vwmp.plugins"])
def installed_plugin(request, project, tmp_path, monkeypatch):
    """Give a project that uses the plugin of an installed distribution, by each kind of entry point."""
    site = tmp_path / "site"
    _distribution(site, "remote", request.param)
    monkeypatch.setenv("PYTHONPATH", str(site))
    text = "plugins: {discovery: {method: entry_points}}\n" + RELEASE_STEPS
    return project({"VERSION": "1.2.3\n", "vwmp_config.yaml": _named(text, "remote")})


def _uses_all_three(repo, name, release, tool):
    repo.commit("feat: more")
    document = release(repo)
    assert repo.show("greeting.txt").decode() == "Welcome 1.3.0\n"
    assert "greeting.txt" in {change["path"] for change in document["files"]}
    done = tool(repo, "run", "hello", "--json").json
    assert (done["status"], done["workflow"]["type"]) == ("done", f"{name}_type")
    assert (repo.path / f"{name}.txt").read_text() == "Welcome nobody\n"


def _offers(row):
    return {(offer["kind"], offer["name"]) for offer in row["offers"]}


def test_folder_plugin(folder_plugin, release, tool):
    """Handler, adapter and workflow type of a folder work, and the list says from where."""
    _uses_all_three(folder_plugin, "local", release, tool)
    rows = {row["name"]: row for row in tool(folder_plugin, "plugins", "list", "--json").json["plugins"]}
    assert {"release", "git", "project", "local"} == set(rows)
    assert rows["local"]["path"].endswith("tools/plugins/local")
    assert {name for _, name in _offers(rows["local"])} == {"local.greet", "local_words", "local_type"}
    shown = tool(folder_plugin, "plugins", "show", "local").out
    assert "step handler local.greet  [workspace]  Writes a greeting" in shown
    assert "tools/plugins/local" in tool(folder_plugin, "plugins", "list").out


def test_installed_plugin(installed_plugin, release, tool):
    """The same from a distribution's entry points; the list names distribution and version."""
    _uses_all_three(installed_plugin, "remote", release, tool)
    rows = tool(installed_plugin, "plugins", "list", "--json").json["plugins"]
    mine = [row for row in rows if row["path"] == "remote-package 3.1.4" and row["origin"] == "entry point"]
    assert {name for row in mine for _, name in _offers(row)} == {"remote.greet", "remote_words", "remote_type"}
    assert {row["version"] for row in mine} == {"3.1.4"}


def test_installed_plugins_need_a_word(project, tool, tmp_path):
    """Without `method: entry_points` nothing that happens to be installed is imported."""
    _distribution(tmp_path / "site", "remote", WHOLE)
    (tmp_path / "site" / "remote_package" / "__init__.py").write_text("raise SystemExit('imported')\n")
    repo = project({"VERSION": "1.2.3\n"})
    repo.commit("feat: more")
    env = {"PYTHONPATH": str(tmp_path / "site")}
    tool(repo, "plan", env=env)
    assert "remote" not in tool(repo, "plugins", "list", env=env).out


def test_a_wheel(folder_plugin, tool, release, tmp_path, call):
    """A wheel that pip builds and installs elsewhere adds its handler to that of the folder."""
    pytest.importorskip("setuptools")
    source = tmp_path / "source"
    (source / "wheeled_package").mkdir(parents=True)
    (source / "wheeled_package" / "__init__.py").write_text(_named(SOURCE + REGISTER, "wheeled"), encoding="utf-8")
    (source / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "wheeled-package"\nversion = "2.0"\n'
        '[project.entry-points."vwmp.plugins"]\nwheeled = "wheeled_package"\n'
    )
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    built = call([*pip, "wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", "dist", "."], source)
    assert built.code == 0, built
    (wheel,) = (source / "dist").glob("*.whl")
    done = call([*pip, "install", "--no-deps", "--no-index", "--target", str(tmp_path / "site"), str(wheel)], tmp_path)
    assert done.code == 0, done
    text = (folder_plugin.path / "vwmp_config.yaml").read_text().replace("{directories", "{method: both, directories")
    text = text.replace("id: stage_all", "id: wheeled, handler: wheeled.greet}\n      - {id: stage_all")
    folder_plugin.commit("feat: both", {"vwmp_config.yaml": text})
    env = {"PYTHONPATH": str(tmp_path / "site")}
    release(folder_plugin, env=env)
    assert folder_plugin.show("wheeled.txt").decode() == "Hello 1.3.0\n"
    assert folder_plugin.show("greeting.txt").decode() == "Welcome 1.3.0\n"
    listed = tool(folder_plugin, "plugins", "list", env=env).out
    assert "wheeled-package 2.0" in " ".join(listed.split())
