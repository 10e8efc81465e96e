"""The documentation holds what it says: the generated page is current, and every example works."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```", re.M | re.S)
_DOCUMENTS = ["README.md", *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md"))]


def _blocks(language: str) -> list[Any]:
    found = []
    for name in _DOCUMENTS:
        text = (ROOT / name).read_text(encoding="utf-8")
        for match in _BLOCK.finditer(text):
            if match["language"] == language:
                line = text.count("\n", 0, match.start()) + 1
                found.append(pytest.param(match["text"], id=f"{name}:{line}"))
    return found


def test_reference_is_current() -> None:
    """`docs/reference/steps.md` is what the manifests say: `python docs/reference/generate.py` writes it."""
    path = ROOT / "docs" / "reference" / "generate.py"
    spec = importlib.util.spec_from_file_location("generate_reference", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.TARGET.read_text(encoding="utf-8") == module.text()


@pytest.fixture
def sample(repo: Any) -> Any:
    """Give a repository that has the files which the examples name."""
    repo.commit(
        "feat: begin",
        {
            "VERSION": "1.2.3\n",
            "pyproject.toml": '[project]\nname = "app"\nversion = "1.2.3"\n',
            "src/app/__init__.py": '__version__ = "1.2.3"\n',
            "tools/plugins/mine/__init__.py": _MINE,
            "tools/links.py": "",
            "tests/test_app.py": "def test_app():\n    pass\n",
        },
    )
    repo.tag("v1.2.3")
    repo.commit("feat: more")
    repo.remote()
    return repo


_MINE = """\
from vwmp_release.interfaces import DeclaredHandler, StepHandler, StepResult, StepStatus, ValidationResult

class Build(StepHandler):
    def execute(self, context):
        return StepResult(context.step_id, StepStatus.SUCCESS)
    def validate_config(self, config):
        return ValidationResult(valid=True)
    def get_config_schema(self):
        return {"type": "object", "properties": {}}
    def get_step_info(self):
        return {"name": "Build"}
    def get_dependencies(self, config):
        return []

def register_plugin(registry):
    registry.register_step_handler("mine.build_docs", Build())
"""


@pytest.mark.parametrize("text", _blocks("yaml"))
def test_yaml_examples(text: str, sample: Any, cli: Callable[..., Any]) -> None:
    """A configuration is in order, as the program sees it; workflows, hooks and manifests are well-formed."""
    document = yaml.safe_load(text)
    assert isinstance(document, dict)
    if {"step_handlers", "plugin"} <= document.keys():
        sample.write({"tools/plugins/stamp/config.yaml": text, "tools/plugins/stamp/__init__.py": _python_example()})
        text = "plugins: {discovery: {directories: [tools/plugins]}}\n"
    elif "steps" in document or "repos" in document:
        return  # GitHub's and pre-commit's own formats; tests/doors runs both
    sample.write({"vwmp_config.yaml": text})
    ended = cli("check", cwd=sample.path)
    assert ended.code == 0, ended
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # `python` of the example
    for command in (["plan"], ["config", "show", "--origin"], ["graph"]):
        ended = cli(*command, cwd=sample.path, env={"PATH": path})
        assert ended.code == 0, ended


def _python_example() -> str:
    ((text, *_),) = [param.values for param in _blocks("python")]
    return str(text)


def test_plugin_example(sample: Any, cli: Callable[..., Any]) -> None:
    """The plugin of `docs/plugins.md`, copied as it stands, takes part in a release."""
    source = _python_example()
    name = re.match(r"# (\S+)", source)
    assert name is not None
    configuration = (
        "plugins:\n  discovery: {directories: [tools/plugins]}\nworkflows:\n  release:\n    type: release\n    steps:\n"
        "      - {id: version_bump, handler: release.version_bump}\n"
        "      - {id: stamp, handler: stamp.write, config: {stamp_file: built/STAMP}}\n"
        "      - {id: stage_all, handler: git.stage_all}\n      - {id: commit, handler: git.commit}\n"
        "      - {id: create_tag, handler: git.create_tag}\n      - {id: push, handler: git.push}\n"
    )
    sample.commit("feat: stamp", {name[1]: source, "vwmp_config.yaml": configuration, "built/.keep": ""})
    ended = cli("run", "--yes", "--json", cwd=sample.path)
    assert ended.code == 0, ended
    assert sample.show("built/STAMP") == b"1.3.0\n"
    shown = cli("plugins", "show", "stamp", cwd=sample.path)
    assert "Writes the version into a file" in shown.out


@pytest.mark.parametrize("text", _blocks("toml"))
def test_toml_examples(text: str) -> None:
    """Examples of project metadata are TOML, and name only groups that are read."""
    import tomllib

    from vwmp_release.core.plugins import entry_points

    groups = tomllib.loads(text)["project"]["entry-points"].keys()
    assert groups
    assert groups <= {*entry_points.KINDS, entry_points.PLUGINS}


_STATUS = re.compile(r"^\| (\d+) \| (.+) \|$", re.M)


def test_exit_statuses() -> None:
    """The table of exit statuses lists exactly those that the program has."""
    from vwmp_release import errors

    table = dict(_STATUS.findall((ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")))
    known = {str(value) for name, value in vars(errors).items() if name.startswith("EXIT_")}
    assert set(table) == known


@pytest.mark.parametrize("name", _DOCUMENTS)
def test_commands_exist(name: str) -> None:
    """Every `vwmp-release` command that a document names is one that the program has."""
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"`?vwmp-release ([a-z][a-z-]+)", text)) - {"is"}
    known = subprocess.run(
        [sys.executable, "-m", "vwmp_release", "--help"], capture_output=True, text=True, check=True
    ).stdout
    listed = set(re.findall(r"^  ([a-z][a-z-]+)  ", known.partition("Commands:")[2], re.M))
    assert named <= listed
