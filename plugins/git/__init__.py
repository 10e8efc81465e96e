"""The git plugin: stage, commit, tag and push, and the adapter that runs a release as a transaction."""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` is not imported: the hook that checks messages passes here
if TYPE_CHECKING:
    from vwmp_release.interfaces import PluginRegistry


def register_plugin(registry: PluginRegistry) -> None:
    """Register the adapter and the handlers, all lazily.

    Args:
        registry: The engine's registry.
    """
    registry.register_integration_adapter("adapter:GitAdapter", name="git")
    registry.register_step_handler("git.stage_all", "handlers.stage_all:GitStageHandler")
    registry.register_step_handler("git.commit", "handlers.commit:GitCommitHandler")
    registry.register_step_handler("git.create_tag", "handlers.create_tag:GitTagHandler")
    registry.register_step_handler("git.push", "handlers.push:GitPushHandler")
    registry.register_step_handler("check.clean_tree", "handlers.clean_tree:CleanTreeCheck")
