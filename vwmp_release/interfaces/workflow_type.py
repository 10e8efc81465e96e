"""The interface of workflow types."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from .results import ValidationResult


@dataclass
class WorkflowTypeMetadata:
    """Metadata for a workflow type.

    Args:
        name: Its name, e.g. `release`.
        version: The plugin's version.
        description: One sentence.
        author: Who wrote it.
        icon: An emoji or an icon's name.
    """

    name: str
    version: str
    description: str
    author: str | None = None
    icon: str | None = None


@dataclass
class WorkflowTemplate:
    """Template for creating new workflows of this type.

    Args:
        name: Its name, e.g. `Standard Release`.
        description: One sentence.
        template: A workflow definition: `steps`, and optionally `parameters`.
        default_config: Values for configuration keys; plugin defaults in the resolution order.
    """

    name: str
    description: str
    template: dict[str, Any]
    default_config: dict[str, Any]


class WorkflowTypePlugin(ABC):
    """Base class for workflow type plugins.

    `workspace` says where the type's workflows run: in a shadow that is published as a whole, or in the user's tree.
    """

    workspace: ClassVar[Literal["shadow", "in_place"]] = "in_place"

    @abstractmethod
    def get_metadata(self) -> WorkflowTypeMetadata:
        """Return workflow type metadata."""

    @abstractmethod
    def get_templates(self) -> list[WorkflowTemplate]:
        """Return available workflow templates for this type; the first is the default."""

    @abstractmethod
    def validate_workflow(self, workflow: dict[str, Any]) -> ValidationResult:
        """Validate a workflow definition by this type's own rules.

        Args:
            workflow: The definition: `name`, `type`, and `steps` with `id`, `handler`, `required`, `enabled`,
                `dependencies`, `config`.
        """

    @abstractmethod
    def get_default_step_types(self) -> list[str]:
        """Return the names of the handlers that workflows of this type usually use."""

    def get_config_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the workflow-level configuration."""
        return {}

    def initialize(self, config: dict[str, Any]) -> None:
        """Initialize the plugin.

        Args:
            config: The type's workflow-level configuration.
        """

    def cleanup(self) -> None:
        """Release what `initialize` took."""
