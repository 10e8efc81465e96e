"""The check that detailed changelogs have their fields and the right form of date."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from vwmp_release.interfaces import DeclaredHandler, Effect, StepContext, StepResult, StepStatus
from vwmp_release.support import textfile

from ..changelog import detailed


class ChangelogFormatCheck(DeclaredHandler):
    """Checks the detailed changelog of this run, or all of them where the run has none."""

    effect = Effect.NONE
    handler_path = "check.changelog_format"
    info: ClassVar = {
        "name": "Check the changelog's format",
        "description": "Title, release date, type and changes of detailed changelogs",
        "icon": "🔎",
        "category": "check",
    }

    def execute(self, context: StepContext) -> StepResult:
        """Check the files.

        Args:
            context: The step's context.

        Returns:
            Output `checked` (paths); FAILED with an annotation for each finding; SKIPPED where there is no file.
        """
        root = context.workspace_root
        form = context.step_config.get("format", "full_timestamp")
        paths = _files(context)
        if not paths:
            return StepResult(context.step_id, StepStatus.SKIPPED, error="there is no detailed changelog")
        found = [finding for path in paths for finding in detailed.check(path, form=form, root=root)]
        output = {"checked": [textfile.shown(path, root) for path in paths]}
        if not found:
            return StepResult(context.step_id, StepStatus.SUCCESS, output=output)
        wrong = len({finding.file for finding in found})
        reason = f"{wrong} of {len(paths)} detailed changelogs {'is' if wrong == 1 else 'are'} not in form; "
        reason += f"{found[0].file}:{found[0].line}: {found[0].message}"
        return StepResult(
            context.step_id, StepStatus.FAILED, output=output, error=reason, annotations=found, permanent=True
        )


def _files(context: StepContext) -> list[Path]:
    root = context.workspace_root
    own = context.find_output("changelog_file")
    if own:
        return [textfile.inside(root, str(own), key="changelog_file")]
    folder = textfile.inside(root, context.step_config.get("changelog_dir") or detailed.FOLDER, key="changelog_dir")
    return sorted(folder.glob(detailed.file_name("*")))
