"""The step that brings the README's version up to date."""

from __future__ import annotations

from typing import Any, ClassVar

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import DeclaredHandler, StepContext, StepResult, StepStatus, ValidationResult
from vwmp_release.support import textfile
from vwmp_release.support.textfile import Edit, TextFile

from ..changelog.markdown import safe
from ..changelog.release import Release, release
from ..readme.badges import badges, form
from ..readme.callout import callouts
from ..readme.markers import marked
from ..readme.versions import Found, quoted, within

_BADGE = "version-{version}-blue"


class ReadmeUpdateHandler(DeclaredHandler):
    """Rewrites the version in badges, in the line Latest Release and between markers; nothing else."""

    handler_path = "release.readme_update"
    info: ClassVar = {
        "name": "Update the README",
        "description": "Writes the new version into badges, the line Latest Release and text between markers",
        "icon": "📖",
        "category": "documentation",
    }

    def validate_config(self, config: dict[str, Any]) -> ValidationResult:
        """Refuse a badge format that is no badge.

        Args:
            config: The step's effective configuration.
        """
        try:
            form(str(config.get("badge_format", _BADGE)))
        except PermanentError as error:
            return ValidationResult(valid=False, errors=[str(error)])
        return ValidationResult(valid=True)

    def execute(self, context: StepContext) -> StepResult:
        """Rewrite the README.

        Args:
            context: The step's context.

        Returns:
            Outputs `readme_file`, `version`, `changes`; SKIPPED where there is no README or nothing to update.

        Raises:
            PermanentError: No version is known, the badge format is wrong, or a marker is not closed.
        """
        config = context.step_config
        if config.get("skip_readme") or context.parameters.get("skip_readme"):
            return StepResult(context.step_id, StepStatus.SKIPPED, error="skip_readme is set")
        path = textfile.inside(context.workspace_root, config.get("readme_file", "README.md"), key="readme_file")
        shown = textfile.shown(path, context.workspace_root)
        if not path.is_file():
            return StepResult(context.step_id, StepStatus.SKIPPED, error=f"there is no {shown}")
        current = release(context)
        file = textfile.read(path)
        found = [item for item in _places(context, file, current) if item.edits]
        if not found:
            reason = f"{shown} names no version that is not up to date"
            return StepResult(context.step_id, StepStatus.SKIPPED, error=reason)
        changes = [f"line {textfile.place(file, item.edits[0].start).line}: {item.what}" for item in found]
        textfile.write(textfile.apply(file, [_fitting(file, edit) for item in found for edit in item.edits]))
        output = {"readme_file": shown, "version": current.version, "changes": changes}
        return StepResult(context.step_id, StepStatus.SUCCESS, output=output, logs=changes)


def _places(context: StepContext, file: TextFile, current: Release) -> list[Found]:
    config, text = context.step_config, file.text
    skipped = quoted(text)
    found: list[Found] = []
    if config.get("update_badge", True):
        found += badges(text, form(config.get("badge_format", _BADGE)), current.version)
    if config.get("update_latest_release", True):
        summary = safe(current.summary, link=current.address, leading=False)
        found += [_apart(item, found) for item in callouts(text, current.version, current.change_type, summary)]
    found = [item for item in found if not within(skipped, item.start)]
    passed = [(item.start, item.end) for item in found]
    old, date = str(context.find_output("old_version", "")), current.date.strftime("%Y-%m-%d")
    found += marked(file, skipped, current.version, old, date, passed=passed, root=context.workspace_root)
    return sorted(found, key=lambda item: item.start)


def _apart(item: Found, others: list[Found]) -> Found:
    """Return the item without edits that touch another: a badge may stand in the line Latest Release."""
    edits = [e for e in item.edits if not any(e.start < other.end and other.start < e.end for other in others)]
    return item._replace(edits=tuple(edits))


def _fitting(file: TextFile, edit: Edit) -> Edit:
    return edit._replace(new=edit.new.encode(file.encoding, "xmlcharrefreplace").decode(file.encoding))
