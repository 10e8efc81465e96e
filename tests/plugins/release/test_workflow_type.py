"""The workflow type release: templates and rules."""

from __future__ import annotations

from typing import Any

import pytest
from vwmp_release.plugins.release.workflow_type import ReleaseWorkflowTypePlugin

PLUGIN = ReleaseWorkflowTypePlugin()

TABLE = """\
version_bump release.version_bump yes -
changelog_create release.changelog_create yes version_bump
changelog_update release.changelog_update yes changelog_create
readme_update release.readme_update no version_bump
kanban_update vwmp.kanban_update no version_bump
stage_all git.stage_all yes version_bump,changelog_create,changelog_update,readme_update,kanban_update
run_validators vwmp.run_validators yes stage_all
commit git.commit yes run_validators
create_tag git.create_tag yes commit
push git.push yes commit,create_tag"""


def _step(identifier: str, handler: str, *dependencies: str, **more: Any) -> dict[str, Any]:
    return {"id": identifier, "handler": handler, "dependencies": list(dependencies), **more}


def _errors(*steps: dict[str, Any]) -> list[str]:
    result = PLUGIN.validate_workflow({"name": "r", "type": "release", "steps": list(steps)})
    assert result.valid == (not result.errors)
    return result.errors


def test_standard_release_is_the_documented_table() -> None:
    """Ids, handlers, required flags and dependencies are those of the specification, in its order."""
    standard = PLUGIN.get_templates()[0]
    rows = [
        " ".join(
            [step["id"], step["handler"], "yes" if step["required"] else "no", ",".join(step["dependencies"]) or "-"]
        )
        for step in standard.template["steps"]
    ]
    assert standard.name == "Standard Release"
    assert rows == TABLE.splitlines()
    assert all(step["enabled"] and step["name"] for step in standard.template["steps"])
    assert standard.template["parameters"][0]["name"] == "summary"
    assert PLUGIN.get_default_step_types() == [row.split()[1] for row in rows]


def test_quick_release_leaves_the_readme_out() -> None:
    """Quick Release is the same without the README step, and nothing waits for that."""
    standard, quick = (template.template["steps"] for template in PLUGIN.get_templates())
    assert [step["id"] for step in quick] == [step["id"] for step in standard if step["id"] != "readme_update"]
    assert not any("readme_update" in step["dependencies"] for step in quick)
    assert PLUGIN.get_templates()[1].default_config == {"skip_readme": True}


def test_templates_are_valid_and_independent() -> None:
    """Both templates pass the type's own rules, and no caller can change another's copy."""
    for template in PLUGIN.get_templates():
        assert PLUGIN.validate_workflow({"steps": template.template["steps"]}).errors == []
    PLUGIN.get_templates()[0].template["steps"][0]["config"]["x"] = 1
    assert PLUGIN.get_templates()[0].template["steps"][0]["config"] == {}


def test_metadata_and_schema() -> None:
    """The type runs in a shadow and declares the keys that belong to the workflow."""
    assert PLUGIN.workspace == "shadow"
    assert (PLUGIN.get_metadata().name, PLUGIN.get_metadata().icon) == ("release", "🚀")
    properties = PLUGIN.get_config_schema()["properties"]
    assert set(properties) == {"require_kb_docs_ok", "include_uncommitted", "workspace", "workspace_link"}
    assert properties["include_uncommitted"]["default"] is False


BUMP = _step("bump", "release.version_bump")
COMMIT = _step("commit", "git.commit", "bump")
TAG = _step("tag", "git.create_tag", "commit")
PUSH = _step("push", "git.push", "tag")


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([], "needs an enabled step with the handler release.version_bump or git.commit"),
        ([BUMP | {"enabled": False}], "needs an enabled step"),
        ([BUMP, COMMIT, TAG, PUSH, PUSH | {"id": "again"}], "published once, but 2 steps"),
        (
            [BUMP, COMMIT, TAG | {"dependencies": ["bump"]}, PUSH],
            "step tag (git.create_tag) must depend on step commit",
        ),
        ([BUMP, COMMIT, TAG, PUSH | {"dependencies": ["commit"]}], "step push (git.push) must depend on step tag"),
        ([BUMP, COMMIT, PUSH | {"dependencies": []}], "step push (git.push) must depend on step commit"),
        ([BUMP | {"required": False}, COMMIT], "step bump (release.version_bump) must be required"),
        ([BUMP, COMMIT, TAG | {"required": False}, PUSH], "step tag (git.create_tag) must be required"),
        ([BUMP, COMMIT, TAG, PUSH | {"required": False}], "step push (git.push) must be required"),
        (
            [BUMP, COMMIT, _step("note", "x.y", "commit", required=False), PUSH | {"dependencies": ["note"]}],
            "step note is optional and stands between commit and push",
        ),
    ],
)
def test_broken_releases_are_refused(steps: list[dict[str, Any]], words: str) -> None:
    """A workflow that could publish half a release is refused with the step's name."""
    assert any(words in error for error in _errors(*steps))


@pytest.mark.parametrize(
    "steps",
    [
        [BUMP],
        [{"id": "commit", "handler": "git.commit"}],
        [BUMP, COMMIT, TAG],
        [BUMP, COMMIT, TAG, PUSH | {"enabled": False}],
        [BUMP, COMMIT, TAG | {"enabled": False, "required": False}, PUSH],
        [{key: value for key, value in step.items() if key != "dependencies"} for step in (BUMP, COMMIT, TAG, PUSH)],
        [BUMP, COMMIT, TAG, PUSH, _step("note", "x.y", "push", required=False)],
        [BUMP, _step("note", "x.y", "bump", required=False), COMMIT | {"dependencies": ["note"]}, TAG, PUSH],
    ],
)
def test_other_forms_are_allowed(steps: list[dict[str, Any]]) -> None:
    """Parts of a release, disabled steps, omitted dependencies and optional steps elsewhere are fine."""
    assert _errors(*steps) == []
