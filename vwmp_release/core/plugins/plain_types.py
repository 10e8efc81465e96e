"""The workflow types that always exist by name: without rules or templates until a plugin gives them some."""

from __future__ import annotations

from typing import Any

from ...interfaces import ValidationResult, WorkflowTemplate, WorkflowTypeMetadata, WorkflowTypePlugin

DESCRIPTIONS = {
    "ci_cd": "Continuous integration and delivery",
    "deployment": "Deployment to an environment",
    "testing": "Test runs",
    "documentation": "Documentation builds and checks",
}


class PlainWorkflowType(WorkflowTypePlugin):
    """A workflow type whose workflows bring their own steps and run in the user's tree.

    Args:
        name: One of `DESCRIPTIONS`.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def get_metadata(self) -> WorkflowTypeMetadata:
        """Return its name and description."""
        return WorkflowTypeMetadata(self._name, "0.1.0", DESCRIPTIONS[self._name])

    def get_templates(self) -> list[WorkflowTemplate]:
        """Return no templates."""
        return []

    def validate_workflow(self, workflow: dict[str, Any]) -> ValidationResult:
        """Accept every workflow that the engine accepts.

        Args:
            workflow: The definition.
        """
        return ValidationResult(valid=True)

    def get_default_step_types(self) -> list[str]:
        """Return no names."""
        return []
