"""The project plugin: kanban documents and validators."""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` is not imported: the hook that checks messages passes here
if TYPE_CHECKING:
    from vwmp_release.interfaces import PluginRegistry


def register_plugin(registry: PluginRegistry) -> None:
    """Register the handlers, all lazily.

    Args:
        registry: The engine's registry.
    """
    registry.register_step_handler("vwmp.kanban_update", "handlers.kanban_update:KanbanUpdateHandler")
    registry.register_step_handler("vwmp.run_validators", "handlers.run_validators:ValidatorExecutionHandler")
    registry.register_step_handler("check.branch_context", "handlers.branch_context:BranchContextCheck")
