"""Workflows that cannot run, told before any step does."""

from __future__ import annotations

import pytest

NAME = "vwmp_config.yaml"
OK = "{id: ok, handler: vwmp.run_validators, config: {validators: [[touch, done]]}}"


def _steps(*steps: str, extra: str = "") -> str:
    lines = "".join(f"      - {step}\n" for step in steps)
    return f"workflows:\n  mine:\n    type: testing\n{extra}    steps:\n{lines}"


def _validators(text: str) -> str:
    return _steps(f"{{id: a, handler: vwmp.run_validators, config: {{branch_pattern: '{text}'}}}}")


WRONG = [
    (
        "cycle",
        _steps(
            "{id: a, handler: check.clean_tree, dependencies: [c]}",
            "{id: b, handler: check.clean_tree}",
            "{id: c, handler: check.clean_tree}",
        ),
        (f"{NAME}:5:", "in a cycle", "a -> c -> b -> a"),
    ),
    (
        "itself",
        _steps("{id: a, handler: check.clean_tree, dependencies: [a]}"),
        (f"{NAME}:5:", "in a cycle", "a -> a"),
    ),
    (
        "handler",
        _steps("{id: a, handler: git.comit}"),
        (f"{NAME}:5:26", "unknown handler 'git.comit'", "did you mean 'git.commit'?"),
    ),
    (
        "missing-step",
        _steps(OK, "{id: b, handler: git.commit, dependencies: [okk]}"),
        (f"{NAME}:6:53", "depends on a step 'okk' that does not exist", "did you mean 'ok'?"),
    ),
    (
        "same-id",
        _steps(OK, "{id: ok, handler: git.commit}"),
        (f"{NAME}:6:14", "two steps have the id 'ok'", f"the first is at {NAME}:5:14"),
    ),
    ("no-steps", "workflows: {mine: {type: testing, steps: []}}\n", (f"{NAME}:1:", "has no steps")),
    ("no-id", _steps("{handler: git.commit}"), (f"{NAME}:5:9", "id")),
    ("no-handler", _steps("{id: a}"), (f"{NAME}:5:9", "handler")),
    ("step-key", _steps("{id: a, handler: check.clean_tree, requird: true}"), (f"{NAME}:5:44", "'required'")),
    (
        "config-key",
        _steps("{id: a, handler: git.commit, config: {mesage_template: x}}"),
        (f"{NAME}:5:64", "unknown key 'mesage_template'", "did you mean 'message_template'?"),
    ),
    ("timeout", _steps("{id: a, handler: check.clean_tree, timeout: 0}"), (f"{NAME}:5:", "timeout")),
    ("isolation", _steps("{id: a, handler: check.clean_tree, isolation: jail}"), (f"{NAME}:5:", "'jail'", "thread")),
    (
        "process",
        _steps("{id: a, handler: check.clean_tree, isolation: process}"),
        (f"{NAME}:5:", "not available in this version", "use thread"),
    ),
    (
        "type",
        "workflows: {mine: {type: tseting, steps: []}}\n",
        (f"{NAME}:1:26", "unknown workflow type 'tseting'", "did you mean 'testing'?"),
    ),
    (
        "template",
        "workflows: {mine: {type: release, template: Standart Release}}\n",
        (f"{NAME}:1:45", "unknown template 'Standart Release'", "did you mean 'Standard Release'?"),
    ),
    ("no-template", "workflows: {mine: {type: testing}}\n", (f"{NAME}:1:", "has no template")),
    (
        "dash",
        _steps("{id: '-rf', handler: check.clean_tree}", "{id: 'a b', handler: check.clean_tree}"),
        (f"{NAME}:5:14", "'-rf' is not allowed as a name", f"{NAME}:6:14", "'a b' is not allowed"),
    ),
    ("dash-handler", _steps("{id: a, handler: '--exec=touch pwned'}"), ("'--exec=touch pwned'",)),
    ("config", _validators("${config.nope}"), (f"{NAME}:5:72", "${config.nope}")),
    ("parameters", _validators("${parameters.nope}"), (f"{NAME}:5:72", "${parameters.nope}")),
    ("step-outputs", _validators("${step-outputs.nope.x}"), (f"{NAME}:5:", "${step-outputs.nope.x}", "does not exist")),
    ("env", _validators("${env.NOPE_NOT_SET}"), (f"{NAME}:5:72", "NOPE_NOT_SET")),
    ("adapter", _validators("${adapter.gti.remote}"), (f"{NAME}:5:72", "gti")),
    ("adapter-key", _validators("${adapter.git.remot}"), (f"{NAME}:5:72", "remot")),
    ("kind", _validators("${secrets.TOKEN}"), (f"{NAME}:5:72", "secrets")),
    ("open", _validators("${config.x"), (f"{NAME}:5:72", "${config.x")),
    (
        "circle",
        _steps(
            "{id: a, handler: vwmp.run_validators}",
            extra="    config: {branch_pattern: '${config.timeout}', timeout: '${config.branch_pattern}'}\n",
        ),
        (f"{NAME}:4:", "circle"),
    ),
    (
        "later-step",
        _steps(
            "{id: a, handler: check.branch_context, config: {branch_pattern: '${step-outputs.b.x}'}}",
            "{id: b, handler: check.clean_tree}",
        ),
        (f"{NAME}:5:", "names the step 'b', which does not run before this one"),
    ),
    ("file", "workflows: {mine: nowhere.yaml}\n", (f"{NAME}:1:19", "'nowhere.yaml' does not exist")),
    ("file-outside", "workflows: {mine: ../x.yaml}\n", (f"{NAME}:1:19", "outside the repository")),
]


@pytest.mark.parametrize(("text", "words"), [pytest.param(*rest, id=name) for name, *rest in WRONG])
def test_a_workflow_that_cannot_run(text, words, make_project, refuse):
    """Each is refused at its place before its first step."""
    refuse(make_project({NAME: text}), 2, *words, args="run mine --yes")


@pytest.mark.parametrize(("text", "words"), [pytest.param(*WRONG[i][1:], id=WRONG[i][0]) for i in (0, 2, 4, 17)])
@pytest.mark.parametrize("args", ["run mine --yes --json", "plan mine --json", "plan mine"])
def test_the_same_in_a_plan_and_as_json(text, words, args, make_project, refuse):
    """A plan, and JSON, tell the same problems at the same places."""
    refuse(make_project({NAME: text}), 2, *words, args=args)


def test_an_unknown_workflow(project, refuse):
    """A workflow that does not exist is named with the nearest one."""
    refuse(project, 2, "there is no workflow 'relaese'", "did you mean 'release'?", args="run relaese --yes")


def test_a_workflow_named_like_an_option(make_project, refuse):
    """A name that begins with a dash is an option, until -- says that it is not."""
    refuse(project := make_project(), 2, "--exec", args="run --exec=x --yes")
    refuse(project, 2, "there is no workflow '--exec=x'", args="run --yes -- --exec=x")


def test_an_unknown_handler_of_an_optional_step(make_project, released):
    """A step that is not required may have an unknown handler: a warning, and the release goes on."""
    steps = (
        "      - {id: bump, handler: release.version_bump}\n"
        "      - {id: odd, handler: nobody.knows, required: false}\n"
        "      - {id: stage, handler: git.stage_all}\n"
        "      - {id: commit, handler: git.commit}\n"
        "      - {id: tag, handler: git.create_tag}\n"
        "      - {id: push, handler: git.push}\n"
    )
    repo = make_project({NAME: f"workflows:\n  release:\n    type: release\n    steps:\n{steps}"})
    ended = released(repo)
    assert f"{NAME}:6:28" in ended.out, str(ended)
    assert "unknown handler 'nobody.knows'" in ended.out


def test_a_step_with_an_odd_name(make_project, tool):
    """A step's name is for people, whatever it holds."""
    validators = "config: {validators: [[touch, done]]}"
    text = _steps(f"{{id: a, name: '--exec=$(touch pwned)', handler: vwmp.run_validators, {validators}}}")
    repo = make_project({NAME: text})
    ended = tool(repo, "run", "mine", "--yes")
    assert ended.code == 0, str(ended)
    assert (repo.path / "done").exists()
    assert not (repo.path / "pwned").exists()


def test_a_failed_step_in_place(make_project, tool):
    """A workflow in place that fails says that nothing is undone."""
    text = _steps(OK, "{id: no, handler: vwmp.run_validators, config: {validators: [['false']]}}")
    repo = make_project({NAME: text})
    ended = tool(repo, "run", "mine", "--yes")
    assert ended.code == 1, str(ended)
    assert "nothing is undone" in ended.out
    assert (repo.path / "done").exists()
