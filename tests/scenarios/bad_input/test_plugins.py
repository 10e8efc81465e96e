"""Plugins that cannot be loaded: named with their file, and fatal only where they are needed."""

from __future__ import annotations

import pytest

NAME = "vwmp_config.yaml"
FOLDER = "tools/plugins"
CONFIG = f"""\
plugins: {{discovery: {{directories: [{FOLDER}]}}}}
workflows:
  mine:
    type: testing
    steps:
      - {{id: a, handler: bad.do}}
"""
HANDLER = """\
from vwmp_release.interfaces import StepHandler, StepResult, StepStatus, ValidationResult

class Do(StepHandler):
    effect = "none"
    def execute(self, context):
        return StepResult(context.step_id, StepStatus.SUCCESS)
    def validate_config(self, config):
        return ValidationResult(True)
    def get_config_schema(self):
        return {"type": "object", "properties": {}}
    def get_step_info(self):
        return {"name": "Do", "description": "Does", "icon": "", "category": "x"}
    def get_dependencies(self, config):
        return []

"""
REGISTER = 'def register_plugin(registry):\n    registry.register_step_handler("bad.do", Do())\n'
MISSING = HANDLER.replace("def get_step_info", "def get_info")

LAZY, LAZIER = ("nowhere",), ("has no attribute 'Do'", "there:Do")
"""What is only known once the handler is used."""

BROKEN = [
    ("syntax", {"__init__.py": "def register_plugin(registry:\n"}, ("bad/__init__.py:1",)),
    ("import", {"__init__.py": "import nobody_has_this\n"}, ("bad/__init__.py:1", "nobody_has_this")),
    ("import-exit", {"__init__.py": "import sys\nsys.exit(0)\n"}, ("bad/__init__.py:2", "SystemExit")),
    ("import-raise", {"__init__.py": "\n\n1 / 0\n"}, ("bad/__init__.py:3", "ZeroDivisionError")),
    ("no-register", {"__init__.py": "x = 1\n"}, ("no register_plugin",)),
    (
        "register-raises",
        {"__init__.py": "def register_plugin(registry):\n    raise RuntimeError('no luck')\n"},
        ("bad/__init__.py:2", "no luck"),
    ),
    ("missing-method", {"__init__.py": MISSING + REGISTER}, ("get_step_info",)),
    ("not-a-handler", {"__init__.py": REGISTER.replace("Do()", "object()")}, ("object is no StepHandler",)),
    (
        "engine",
        {"__init__.py": HANDLER + REGISTER, "config.yaml": "plugin: {name: bad, requires: {engine: '>=99'}}\n"},
        (">=99",),
    ),
    (
        "manifest-syntax",
        {"__init__.py": HANDLER + REGISTER, "config.yaml": "plugin: {name: bad\n"},
        ("bad/config.yaml:",),
    ),
    (
        "manifest-key",
        {"__init__.py": HANDLER + REGISTER, "config.yaml": "plugin: {name: bad}\nstep_handlres: {}\n"},
        ("bad/config.yaml", "step_handlres"),
    ),
    (
        "missing-module",
        {"__init__.py": 'def register_plugin(registry):\n    registry.register_step_handler("bad.do", "nowhere:Do")\n'},
        LAZY,
    ),
    (
        "missing-class",
        {
            "__init__.py": 'def register_plugin(registry):\n    registry.register_step_handler("bad.do", "there:Do")\n',
            "there.py": "x = 1\n",
        },
        LAZIER,
    ),
]


def _files(files):
    return {NAME: CONFIG, **{f"{FOLDER}/bad/{name}": text for name, text in files.items()}}


BROKEN_PARAMS = [pytest.param(*rest, id=name) for name, *rest in BROKEN]


@pytest.mark.parametrize(("files", "words"), BROKEN_PARAMS)
def test_a_workflow_that_needs_a_broken_plugin(files, words, make_project, refuse):
    """A workflow whose step needs the plugin is refused, with the plugin's file and what is wrong with it."""
    refuse(make_project(_files(files)), 2, "bad.do", *words, "1 problem in the configuration", args="run mine --yes")


@pytest.mark.parametrize(("files", "words"), BROKEN_PARAMS)
def test_a_release_without_a_broken_plugin(files, words, make_project, released, refuse, says):
    """`check` names the plugin with status 1; a release that does not need it goes on, with a warning if it knows."""
    repo = make_project(_files(files))
    refuse(repo, 1, *words, args="check")
    ended = released(repo)
    if words not in (LAZY, LAZIER):
        says(ended, *words, "mend the plugin, or take it out of the configuration")


@pytest.mark.parametrize("args", ["run mine --yes --json", "plan mine", "plan mine --json"])
def test_the_same_in_a_plan_and_as_json(args, make_project, refuse):
    """A plan, and JSON, tell the same."""
    refuse(make_project(_files(BROKEN[1][1])), 2, "bad.do", *BROKEN[1][2], args=args)


def test_two_plugins_with_one_handler(make_project, refuse):
    """The second plugin that registers a name is refused, and both are named."""
    files = {
        NAME: CONFIG,
        f"{FOLDER}/bad/__init__.py": HANDLER + REGISTER,
        f"{FOLDER}/worse/__init__.py": HANDLER + REGISTER,
    }
    refuse(make_project(files), 1, "bad.do", "worse", "bad", args="check")


def test_a_plugin_that_takes_a_built_in_name(make_project, refuse):
    """A built-in handler is replaced by a manifest that says so only."""
    files = {f"{FOLDER}/bad/__init__.py": HANDLER + REGISTER.replace("bad.do", "git.push"), NAME: CONFIG}
    refuse(make_project(files), 1, "git.push", "bad", args="check")


def _directory(path: str) -> str:
    return f"plugins:\n  discovery:\n    directories:\n      - {path}\n"


@pytest.mark.parametrize("args", ["run --yes", "plan", "plan --json"])
def test_a_plugin_folder_that_does_not_exist(args, make_project, refuse):
    """A folder that is named must be there."""
    repo = make_project({NAME: _directory("tools/nowhere")})
    refuse(repo, 2, f"{NAME}:4:9", "'tools/nowhere' does not exist", args=args)


@pytest.mark.parametrize(("mode", "status"), [(0o777, 2), (0o770, 2), (0o755, 0)])
def test_a_plugin_folder_outside(mode, status, make_project, tmp_path, refuse):
    """A folder outside the repository is used only if nobody else may write to it."""
    outside = tmp_path / "outside"
    (outside / "good").mkdir(parents=True)
    (outside / "good" / "__init__.py").write_text(HANDLER + REGISTER, encoding="utf-8")
    outside.chmod(mode)
    words = (f"{NAME}:4:9", "others may write to it") if status else ("1.0.1",)
    refuse(make_project({NAME: _directory(str(outside))}), status, *words, args="plan")


@pytest.mark.parametrize("level", ["good", "good/__init__.py"])
def test_a_plugin_outside_that_others_may_write_to(level, make_project, tmp_path, tool):
    """The plugin's own folder and file outside must be closed to others, too: its code is not run."""
    outside = tmp_path / "outside"
    (outside / "good").mkdir(parents=True)
    text = f"open({str(tmp_path / 'pwned')!r}, 'w').close()\n" + HANDLER + REGISTER
    (outside / "good" / "__init__.py").write_text(text, encoding="utf-8")
    (outside / level).chmod(0o777)
    name = "it" if level == "good" else "__init__.py"
    repo = make_project({NAME: _directory(str(outside)) + CONFIG.partition("\n")[2]})
    ended = tool(repo, "run", "mine", "--yes")
    assert ended.code == 2, str(ended)
    assert f"others may write to {name}" in ended.out + ended.err
    assert not (tmp_path / "pwned").exists()


def test_a_plugin_that_the_configuration_does_not_name(make_project, released):
    """A folder called plugins is only a folder."""
    repo = make_project({"plugins/evil/__init__.py": "open('pwned', 'w').close()\n"})
    released(repo)
    assert not list(repo.path.parent.rglob("pwned"))


@pytest.mark.parametrize("args", ["version", "lint-message README"])
def test_commands_that_never_import_plugins(args, make_project, tool):
    """Commands that need no plugin of the repository leave its code alone."""
    files = {NAME: CONFIG, f"{FOLDER}/bad/__init__.py": "open('pwned', 'w').close()\n1 / 0\n", "README": "fix: x\n"}
    repo = make_project(files)
    ended = tool(repo, *args.split())
    assert ended.code == 0, str(ended)
    assert not list(repo.path.parent.rglob("pwned"))
