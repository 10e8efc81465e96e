"""The registry as plugins see it, in `register_plugin(registry)`."""

from __future__ import annotations

from typing import Any, Protocol

from .adapter import IntegrationAdapter
from .step_handler import StepHandler
from .workflow_type import WorkflowTypeMetadata, WorkflowTypePlugin


class PluginRegistry(Protocol):
    """Manages registration and lookup of plugins."""

    def register_workflow_type(
        self, plugin: WorkflowTypePlugin | str, *, name: str = "", replaces: bool = False
    ) -> None:
        """Register a workflow type.

        Args:
            plugin: The plugin, or `"module:Class"` relative to the plugin's package, to load it when first used.
            name: The type's name; needed with a string.
            replaces: True to take the place of a type of this name that is registered already.

        Raises:
            PluginError: It breaks the interface, or the name is taken.
        """

    def register_step_handler(self, handler_path: str, handler: StepHandler | str, *, replaces: bool = False) -> None:
        """Register a step handler.

        Args:
            handler_path: Its name, e.g. `release.version_bump`.
            handler: The handler, or `"module:Class"` relative to the plugin's package.
            replaces: True to take the place of a handler of this name that is registered already.

        Raises:
            PluginError: It breaks the interface, or the name is taken.
        """

    def register_integration_adapter(
        self, adapter: IntegrationAdapter | str, *, name: str = "", replaces: bool = False
    ) -> None:
        """Register an integration adapter.

        Args:
            adapter: The adapter, or `"module:Class"` relative to the plugin's package.
            name: The adapter's name; needed with a string.
            replaces: True to take the place of an adapter of this name that is registered already.

        Raises:
            PluginError: It breaks the interface, or the name is taken.
        """

    def get_workflow_type(self, type_name: str) -> WorkflowTypePlugin | None:
        """Return the workflow type of this name, or None."""

    def get_handler(self, handler_path: str) -> StepHandler | None:
        """Return the step handler of this name, or None."""

    def get_adapter(self, adapter_name: str) -> IntegrationAdapter | None:
        """Return the integration adapter of this name, or None."""

    def list_workflow_types(self) -> list[WorkflowTypeMetadata]:
        """List all registered workflow types."""

    def list_step_handlers(self) -> list[dict[str, Any]]:
        """List all registered step handlers: their step info with `handler`, `origin` and `effect`."""

    def list_integration_adapters(self) -> list[dict[str, Any]]:
        """List all registered integration adapters: `name` and `origin`."""
