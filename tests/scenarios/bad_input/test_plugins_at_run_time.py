"""Plugins that misbehave while they run: the step fails, the engine goes on."""

from __future__ import annotations

import json
import time

import pytest

NAME = "vwmp_config.yaml"
PLUGIN = """\
import os, sys, threading, time
from vwmp_release.interfaces import StepHandler, StepResult, StepStatus, ValidationResult

class Do(StepHandler):
    effect = "none"
    def execute(self, context):
{body}
    def validate_config(self, config):
        return ValidationResult(True)
    def get_config_schema(self):
        return {{"type": "object", "properties": {{}}}}
    def get_step_info(self):
        return {{"name": "Do", "description": "Does", "icon": "", "category": "x"}}
    def get_dependencies(self, config):
        return []

def register_plugin(registry):
    registry.register_step_handler("bad.do", Do())
"""
OK = "return StepResult(context.step_id, StepStatus.SUCCESS)"
IN_PLACE = """\
plugins: {{discovery: {{directories: [tools]}}}}
workflows:
  mine:
    type: testing
    steps:
      - {{id: odd, handler: bad.do{extra}}}
      - {{id: after, handler: vwmp.run_validators, config: {{validators: [[touch, done]]}}}}
"""
RELEASE = """\
plugins: {{discovery: {{directories: [tools]}}}}
workflows:
  release:
    type: release
    steps:
      - {{id: bump, handler: release.version_bump}}
      - {{id: odd, handler: bad.do{extra}}}
      - {{id: stage, handler: git.stage_all}}
      - {{id: commit, handler: git.commit}}
      - {{id: tag, handler: git.create_tag}}
      - {{id: push, handler: git.push}}
"""

FAILING = [
    ("raises", "raise ValueError('no luck')", "", ("ValueError: no luck", "bad/__init__.py:7")),
    ("none", "return None", "", ("the handler returned nothing, not a StepResult",)),
    ("text", "return 'done'", "", ("the handler returned a str",)),
    ("exit", "sys.exit(0)", "", ("the handler called sys.exit(0)",)),
    ("interrupt", "raise KeyboardInterrupt", "", ("the handler raised KeyboardInterrupt",)),
    ("generator-exit", "raise GeneratorExit", "", ("GeneratorExit",)),
    ("recursion", "return self.execute(context)", "", ("RecursionError",)),
    ("hangs", "time.sleep(86397)", ", timeout: 1", ("timed out after 1 s",)),
    ("busy", "while True: pass", ", timeout: 1", ("timed out after 1 s",)),
    ("status", "return StepResult(context.step_id, StepStatus.RUNNING)", "", ("returned the status running",)),
    ("no-reason", "return StepResult(context.step_id, StepStatus.FAILED)", "", ("the handler gave no reason",)),
    ("output", "return StepResult(context.step_id, StepStatus.SUCCESS, output=[1])", "", ("as output, not a mapping",)),
    ("forged", "raise ValueError('::error::x\\x1b[31m\\n::set-output name=a::b')", "", ("ValueError",)),
]
FAILING_PARAMS = [pytest.param(*rest, id=name) for name, *rest in FAILING]

FINE = [
    ("prints", "print('noise'); print('{', flush=True); os.write(1, b'raw\\n'); os.system('echo child'); " + OK),
    ("environment", "os.environ.clear(); " + OK),
    ("folder", "os.makedirs('/tmp', exist_ok=True); os.chdir('/tmp'); " + OK),
    ("streams", "sys.stdout.close(); sys.stderr.close(); " + OK),
    ("umask", "os.umask(0o077); " + OK),
    ("thread", "threading.Thread(target=time.sleep, args=(86396,), daemon=True).start(); " + OK),
    ("signals", "sys.setrecursionlimit(200); " + OK),
]
FINE_PARAMS = [pytest.param(body, id=name) for name, body in FINE]


@pytest.fixture
def plugged(make_project):
    """Make a project with the plugin."""

    def make(config: str, body: str, extra: str = ""):
        plugin = PLUGIN.format(body="        " + body)
        return make_project({NAME: config.format(extra=extra), "tools/bad/__init__.py": plugin})

    return make


@pytest.mark.parametrize(("body", "extra", "words"), FAILING_PARAMS)
def test_it_fails_a_workflow_in_place(body, extra, words, plugged, refuse):
    """The step fails with the reason, later steps do not run, and the run says that nothing is undone."""
    started = time.monotonic()
    ended = refuse(plugged(IN_PLACE, body, extra), 1, *words, "nothing is undone", args="run mine --yes")
    assert "\x1b" not in ended.out
    assert time.monotonic() - started < 60


@pytest.mark.parametrize(("body", "extra", "words"), FAILING_PARAMS)
def test_it_fails_a_release(body, extra, words, plugged, refuse):
    """A release whose required step fails is undone."""
    refuse(plugged(RELEASE, body, extra), 1, *words, "Everything is as it was before")


@pytest.mark.parametrize(("body", "extra", "words"), [FAILING_PARAMS[i] for i in (0, 1, 3)])
def test_an_optional_step_that_fails(body, extra, words, plugged, released, says):
    """A release goes on over an optional step that fails, and says why it did."""
    says(released(plugged(RELEASE, body, extra + ", required: false")), *words)


def test_an_optional_step_that_hangs(plugged, refuse):
    """A step that hangs fails the release even where it is optional."""
    repo = plugged(RELEASE, "time.sleep(86395)", ", required: false, timeout: 1")
    refuse(repo, 1, "timed out after 1 s", "still runs after its time limit")


@pytest.mark.parametrize("body", FINE_PARAMS)
def test_it_does_no_harm_in_place(body, plugged, tool):
    """What a step does to its process breaks neither the engine nor the report."""
    repo = plugged(IN_PLACE, body)
    ended = tool(repo, "run", "mine", "--yes", "--json")
    assert ended.code == 0, str(ended)
    assert json.loads(ended.out)["status"] == "done"
    assert (repo.path / "done").exists()


@pytest.mark.parametrize("body", FINE_PARAMS)
def test_it_does_no_harm_to_a_release(body, plugged, released):
    """A release comes out right after it, with one document on standard output."""
    ended = released(plugged(RELEASE, body), "--json")
    assert json.loads(ended.out)["status"] == "released"


def test_its_files_become_part_of_the_release(plugged, released):
    """What a step writes into its workspace is released, and reaches the user's tree with the release only."""
    body = "p = context.workspace_root; assert p != context.repository_root; (p / 'extra.txt').write_text('x'); " + OK
    repo = plugged(RELEASE, body)
    released(repo)
    assert (repo.show("extra.txt"), (repo.path / "extra.txt").read_bytes()) == (b"x", b"x")
