"""The check `version_consistency`: every version file holds the same version."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar

from vwmp_release.interfaces import Annotation, DeclaredHandler, StepContext, StepResult, StepStatus

from ..current import version_files


class VersionConsistencyCheck(DeclaredHandler):
    """Fails where version files disagree, with each file and line."""

    handler_path = "check.version_consistency"
    info: ClassVar[dict[str, Any]] = {
        "name": "Version consistency",
        "description": "Check that all version files hold the same version",
        "icon": "🔎",
        "category": "check",
    }

    def execute(self, context: StepContext) -> StepResult:
        """Compare the versions of the files with each other, and with the version that the run releases.

        Args:
            context: The step's context.

        Returns:
            `version` and `files`; FAILED with an annotation for each file that differs from the rest; SKIPPED without
            version files.

        Raises:
            PermanentError: A file is missing, or holds too few or too many versions.
        """
        found = version_files(context.workspace_root, context.step_config)
        if not found:
            return StepResult(context.step_id, StepStatus.SKIPPED, error="there are no version files")
        counted = Counter(item.match.text for item in found)
        expected = context.find_output("new_version") or max(counted, key=lambda text: counted[text])
        wrong = [item for item in found if item.match.text != expected]
        annotations = [
            Annotation(
                f"{item.place.file} says {item.match.text}, expected {expected}",
                file=item.place.file,
                line=item.place.line,
                column=item.place.column,
                title="Version files disagree",
            )
            for item in wrong
        ]
        output = {"version": expected, "files": list(dict.fromkeys(item.target.path for item in found))}
        if not wrong:
            return StepResult(context.step_id, StepStatus.SUCCESS, output=output)
        return StepResult(
            context.step_id,
            StepStatus.FAILED,
            output=output,
            error="the version files disagree: " + ", ".join(f"{i.place.file} {i.match.text}" for i in found),
            annotations=annotations,
            permanent=True,
        )
