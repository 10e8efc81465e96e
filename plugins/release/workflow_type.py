"""The workflow type `release`: its templates, and the rules that make a workflow a release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vwmp_release.interfaces import ValidationResult, WorkflowTemplate, WorkflowTypeMetadata, WorkflowTypePlugin

from .parameters import definitions

_STEPS = (
    ("version_bump", "Bump version", "release.version_bump", True, ()),
    ("changelog_create", "Write detailed changelog", "release.changelog_create", True, ("version_bump",)),
    ("changelog_update", "Update changelog", "release.changelog_update", True, ("changelog_create",)),
    ("readme_update", "Update README", "release.readme_update", False, ("version_bump",)),
    ("kanban_update", "Update kanban documents", "vwmp.kanban_update", False, ("version_bump",)),
    (
        "stage_all",
        "Stage",
        "git.stage_all",
        True,
        ("version_bump", "changelog_create", "changelog_update", "readme_update", "kanban_update"),
    ),
    ("run_validators", "Validate", "vwmp.run_validators", True, ("stage_all",)),
    ("commit", "Commit", "git.commit", True, ("run_validators",)),
    ("create_tag", "Tag", "git.create_tag", True, ("commit",)),
    ("push", "Push", "git.push", True, ("commit", "create_tag")),
)
"""Id, name, handler, whether it is required, and dependencies of each step."""
_BUMP, _COMMIT, _TAG, _PUSH = "release.version_bump", "git.commit", "git.create_tag", "git.push"


def _template(without: str = "") -> dict[str, Any]:
    return {
        "parameters": definitions(),
        "steps": [
            {
                "id": identifier,
                "name": name,
                "type": identifier,
                "handler": handler,
                "config": {},
                "required": required,
                "enabled": True,
                "dependencies": [dependency for dependency in dependencies if dependency != without],
            }
            for identifier, name, handler, required, dependencies in _STEPS
            if identifier != without
        ],
    }


class ReleaseWorkflowTypePlugin(WorkflowTypePlugin):
    """Releases run in a shadow of the repository and are published as a whole."""

    workspace = "shadow"

    def get_metadata(self) -> WorkflowTypeMetadata:
        """Return workflow type metadata."""
        return WorkflowTypeMetadata(
            name="release",
            version="0.1.0",
            description="Version, changelog, commit, tag and push in one transaction",
            author="The vwmp-release authors",
            icon="🚀",
        )

    def get_templates(self) -> list[WorkflowTemplate]:
        """Return the templates; Standard Release is the default."""
        return [
            WorkflowTemplate("Standard Release", "Standard release workflow with all steps", _template(), {}),
            WorkflowTemplate(
                "Quick Release",
                "Release workflow without README update",
                _template(without="readme_update"),
                {"skip_readme": True},
            ),
        ]

    def get_default_step_types(self) -> list[str]:
        """Return the handlers of Standard Release, in its order."""
        return [handler for _, _, handler, _, _ in _STEPS]

    def get_config_schema(self) -> dict[str, Any]:
        """Return the schema of the keys that belong to the workflow and to no step."""
        return {
            "type": "object",
            "properties": {
                "require_kb_docs_ok": {
                    "type": "boolean",
                    "default": False,
                    "description": "Whether the parameter kb_docs_ok must be given as true",
                },
                "include_uncommitted": {
                    "type": "boolean",
                    "default": False,
                    "description": "Whether uncommitted work goes into the release",
                },
                "workspace": {
                    "type": "string",
                    "enum": ["shadow", "in_place"],
                    "default": "shadow",
                    "description": "Where steps work: in a shadow that is published as a whole, or in the real tree",
                },
                "workspace_link": {
                    "type": "array",
                    "items": {"type": "string"},
                    "default": [],
                    "description": "Untracked folders to link into the shadow, e.g. .venv",
                },
            },
        }

    def validate_workflow(self, workflow: dict[str, Any]) -> ValidationResult:
        """Check that the steps make a release that happens completely or not at all.

        Args:
            workflow: The definition; disabled steps do not count.
        """
        steps = _completed(workflow.get("steps") or [])
        errors = [*_check_presence(steps), *_check_order(steps), *_check_required(steps)]
        return ValidationResult(valid=not errors, errors=errors)


def _completed(steps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the steps with what they leave out: enabled, required, and dependent on the one listed before."""
    out: list[dict[str, Any]] = []
    for step in steps:
        before = [out[-1]["id"]] if out else []
        dependencies = step.get("dependencies")
        out.append(
            {
                "id": step.get("id", ""),
                "handler": step.get("handler", ""),
                "required": step.get("required", True),
                "enabled": step.get("enabled", True),
                "dependencies": before if dependencies is None else list(dependencies),
            }
        )
    return out


def _of(steps: Sequence[Mapping[str, Any]], handler: str) -> list[Mapping[str, Any]]:
    return [step for step in steps if step["handler"] == handler and step["enabled"]]


def _check_presence(steps: Sequence[Mapping[str, Any]]) -> list[str]:
    errors = []
    if not _of(steps, _BUMP) and not _of(steps, _COMMIT):
        errors.append(f"a release needs an enabled step with the handler {_BUMP} or {_COMMIT}")
    pushes = _of(steps, _PUSH)
    if len(pushes) > 1:
        names = ", ".join(step["id"] for step in pushes)
        errors.append(f"a release is published once, but {len(pushes)} steps have the handler {_PUSH}: {names}")
    return errors


def _above(steps: Sequence[Mapping[str, Any]], identifier: str) -> set[str]:
    """Return the ids of all steps that a step waits for, also through others."""
    dependencies = {step["id"]: step["dependencies"] for step in steps}
    seen: set[str] = set()
    waiting = list(dependencies.get(identifier, []))
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting += dependencies.get(current, [])
    return seen


def _check_order(steps: Sequence[Mapping[str, Any]]) -> list[str]:
    pairs = ((_COMMIT, _TAG), (_COMMIT, _PUSH), (_TAG, _PUSH))
    return [
        f"step {later['id']} ({second}) must depend on step {earlier['id']} ({first}), directly or through others"
        for first, second in pairs
        for earlier in _of(steps, first)
        for later in _of(steps, second)
        if earlier["id"] not in _above(steps, later["id"])
    ]


def _check_required(steps: Sequence[Mapping[str, Any]]) -> list[str]:
    errors = [
        f"step {step['id']} ({handler}) must be required: without it the release is not whole"
        for handler in (_BUMP, _TAG, _PUSH)
        for step in _of(steps, handler)
        if not step["required"]
    ]
    for push in _of(steps, _PUSH):
        before = _above(steps, push["id"])
        for commit in _of(steps, _COMMIT):
            errors += [
                f"step {step['id']} is optional and stands between {commit['id']} and {push['id']}: make it required"
                for step in steps
                if step["enabled"] and not step["required"] and step["handler"] not in {_TAG, _PUSH}
                and step["id"] in before and commit["id"] in _above(steps, step["id"])
            ]  # fmt: skip
    return errors
