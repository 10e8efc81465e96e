"""The step that writes one detailed changelog per release."""

from __future__ import annotations

from typing import ClassVar

from vwmp_release.errors import PermanentError, Place
from vwmp_release.interfaces import DeclaredHandler, StepContext, StepResult, StepStatus
from vwmp_release.support import textfile
from vwmp_release.support.textfile import TextFile

from ..changelog import detailed
from ..changelog.insertion import same_text
from ..changelog.release import release


class ChangelogCreateHandler(DeclaredHandler):
    """Writes `CHANGELOG_v{version}.md` into the folder of detailed changelogs."""

    handler_path = "release.changelog_create"
    info: ClassVar = {
        "name": "Create the detailed changelog",
        "description": "Writes one file per release: date, epic, story, type, summary, changes and tasks",
        "icon": "📝",
        "category": "changelog",
    }

    def execute(self, context: StepContext) -> StepResult:
        """Write the file; one that is there already must be the same.

        Args:
            context: The step's context.

        Returns:
            Outputs `changelog_file`, `version`, `notes`, `tasks`; SKIPPED where no folder is set or found.

        Raises:
            PermanentError: No version is known, or the file exists with other text.
        """
        config, root = context.step_config, context.workspace_root
        given = config.get("changelog_dir")
        folder = textfile.inside(root, given or detailed.FOLDER, key="changelog_dir")
        if not given and not folder.is_dir():
            if context.parameters.get("detailed_changes"):
                context.logger.warning("detailed_changes is not written: there is no folder of detailed changelogs")
            reason = f"no folder {detailed.FOLDER}; changelog_dir is not set"
            return StepResult(context.step_id, StepStatus.SKIPPED, error=reason)
        current = release(context)
        text = detailed.render(
            current,
            form=config.get("format", "full_timestamp"),
            include_summary=config.get("include_summary", True),
            include_tasks=config.get("include_tasks", True),
        )
        path = folder / detailed.file_name(current.version)
        shown = textfile.shown(path, root)
        written = not path.exists()
        if written:
            textfile.write(TextFile(path, text))
        elif not same_text(textfile.read(path).text, text):
            raise PermanentError(
                f"{path.name} exists already, with other text",
                hint="remove it, or release another version",
                place=Place(shown),
            )
        output = {
            "changelog_file": shown,
            "version": current.version,
            "notes": detailed.changes(current),
            "tasks": list(current.tasks),
        }
        said = f"wrote {shown}" if written else f"{shown} is there already"
        return StepResult(context.step_id, StepStatus.SUCCESS, output=output, logs=[said])
