"""Where a validator works: in the shadow, in the user's tree, with folders that are linked."""

from __future__ import annotations

import pytest

NAME = "vwmp_config.yaml"


def _config(command: str, more: str = "") -> dict[str, str | bytes]:
    validators = f"validators: [['sh', '-c', '{command}']]"
    return {
        NAME: f"workflow_types: {{release: {{config: {{{more}}}}}}}\n"
        f"step_handlers: {{vwmp.run_validators: {{config: {{{validators}}}}}}}\n",
        ".gitignore": "node_modules/\n.venv/\n*.log\n",
    }


def _modules(repo) -> None:
    repo.write({"node_modules/tool.txt": "tool\n", "note.txt": "untracked\n"})


def test_a_validator_sees_the_release_only(make_project, released):
    """A validator works on the release: new version, and nothing that is not committed."""
    repo = make_project(_config("grep -q 1.0.1 VERSION && test ! -e node_modules && test ! -e note.txt"))
    _modules(repo)
    released(repo)


def test_a_linked_folder_is_visible(make_project, released):
    """`workspace_link` makes an untracked folder visible; it is neither released nor removed."""
    repo = make_project(_config("cat node_modules/tool.txt", "workspace_link: [node_modules]"))
    _modules(repo)
    released(repo)
    assert (repo.path / "node_modules/tool.txt").read_bytes() == b"tool\n"
    assert repo.git("diff", "--name-only", "HEAD~1", "HEAD").split() == ["CHANGELOG.md", "VERSION"]


def test_a_linked_folder_that_is_not_there(make_project, released):
    """A folder that cannot be linked is a warning."""
    repo = make_project(_config("true", "workspace_link: [node_modules]"))
    ended = released(repo)
    assert "node_modules" in ended.out


@pytest.mark.parametrize("path", ["../outside", "/etc", "src.txt/../.."])
def test_a_linked_folder_outside(path, make_project, refuse, tmp_path):
    """Only folders of the repository are linked."""
    (tmp_path / "outside").mkdir()
    repo = make_project(_config("true", f"workspace_link: [{path!r}]"))
    for args in ("run --yes", "plan"):
        refuse(repo, 4, f"workspace_link: {path!r} is outside the repository", "name a path inside it", args=args)


def test_a_validator_in_place(make_project, released):
    """`workspace: in_place` runs a validator in the user's tree, on the user's files."""
    workflow = (
        "workflows:\n  release:\n    type: release\n    steps:\n"
        "      - {id: bump, handler: release.version_bump}\n"
        "      - {id: stage, handler: git.stage_all}\n"
        "      - {id: look, handler: vwmp.run_validators, config: {workspace: in_place, "
        "validators: [['sh', '-c', 'grep -q 1.0.0 VERSION && cat note.txt && pwd > seen.log']]}}\n"
        "      - {id: commit, handler: git.commit}\n"
        "      - {id: tag, handler: git.create_tag}\n"
        "      - {id: push, handler: git.push}\n"
    )
    repo = make_project({NAME: workflow})
    _modules(repo)
    released(repo)
    assert (repo.path / "seen.log").read_text(encoding="utf-8").strip() == str(repo.path)


@pytest.mark.parametrize("handler", ["git.commit", "git.stage_all", "release.version_bump"])
def test_a_step_that_changes_the_release_cannot_work_in_place(handler, make_project, refuse):
    """Only a step of effect none may work in the user's tree during a release."""
    steps = f"      - {{id: a, handler: {handler}, config: {{workspace: in_place}}}}\n"
    config = f"workflows:\n  mine:\n    type: release\n    steps:\n{steps}"
    refuse(make_project({NAME: config}), 2, "must run in the shadow", args="run mine --yes")
