"""The release plugin: version, changelog and README steps, and the workflow type `release`."""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` is not imported: the hook that checks messages passes here
if TYPE_CHECKING:
    from vwmp_release.interfaces import PluginRegistry


def register_plugin(registry: PluginRegistry) -> None:
    """Register the workflow type and the handlers, all lazily.

    Args:
        registry: The engine's registry.
    """
    registry.register_workflow_type("workflow_type:ReleaseWorkflowTypePlugin", name="release")
    registry.register_step_handler("release.version_bump", "handlers.version_bump:VersionBumpHandler")
    registry.register_step_handler("release.changelog_create", "handlers.changelog_create:ChangelogCreateHandler")
    registry.register_step_handler("release.changelog_update", "handlers.changelog_update:ChangelogUpdateHandler")
    registry.register_step_handler("release.readme_update", "handlers.readme_update:ReadmeUpdateHandler")
    registry.register_step_handler("check.version_consistency", "handlers.version_consistency:VersionConsistencyCheck")
    registry.register_step_handler("check.changelog_format", "handlers.changelog_format:ChangelogFormatCheck")
    registry.register_step_handler(
        "check.conventional_commits", "handlers.conventional_commits:ConventionalCommitsCheck"
    )
