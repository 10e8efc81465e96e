"""The step that puts the release's section into the main changelog."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from vwmp_release.errors import PermanentError, nearest
from vwmp_release.interfaces import DeclaredHandler, StepContext, StepResult, StepStatus, ValidationResult
from vwmp_release.support import textfile

from ..changelog import dates, insertion, keep, sections
from ..changelog.insertion import Inserted
from ..changelog.outline import outline
from ..changelog.release import Release, release
from ..changelog.sections import Section

STYLES = ("conventional", "keep-a-changelog", "summary")
_FORGE_LIMIT = 125_000
"""Characters that GitHub takes as the text of a release."""


class ChangelogUpdateHandler(DeclaredHandler):
    """Inserts a section into the main changelog; every other byte stays."""

    handler_path = "release.changelog_update"
    info: ClassVar = {
        "name": "Update the changelog",
        "description": "Inserts the release's section into the main changelog",
        "icon": "📋",
        "category": "changelog",
    }

    def validate_config(self, config: dict[str, Any]) -> ValidationResult:
        """Refuse a date format that names no part of a date.

        Args:
            config: The step's effective configuration.
        """
        trouble = dates.problem(str(config.get("date_format", "YYYY-MM-DD")))
        return ValidationResult(not trouble, [f"date_format: {trouble}"] if trouble else [])

    def execute(self, context: StepContext) -> StepResult:
        """Insert the section; a version that has the very section already is left as it is.

        Args:
            context: The step's context.

        Returns:
            Outputs `main_changelog`, `version`, `notes`, `notes_file` (None: the notes stand in the changelog).

        Raises:
            PermanentError: No version is known, the version has another section already, or the template is wrong.
        """
        config, root = context.step_config, context.workspace_root
        path = textfile.inside(root, config.get("main_changelog", "CHANGELOG.md"), key="main_changelog")
        current = release(context)
        done = _insert(context, path, current)
        shown = textfile.shown(path, root)
        if done.changed:
            textfile.write(done.file)
        if len(done.notes) > _FORGE_LIMIT:
            context.logger.warning(
                f"the notes have {len(done.notes)} characters; a release on GitHub takes {_FORGE_LIMIT}"
            )
        said = f"{shown}: section {current.version}" if done.changed else f"{shown} has this section already"
        output = {"main_changelog": shown, "version": current.version, "notes": done.notes, "notes_file": None}
        return StepResult(context.step_id, StepStatus.SUCCESS, output=output, logs=[said])


def _insert(context: StepContext, path: Path, current: Release) -> Inserted:
    config, root = context.step_config, context.workspace_root
    style, prepend = config.get("style", STYLES[0]), config.get("prepend", True)
    date = dates.render(current.date, config.get("date_format", "YYYY-MM-DD"))
    target = _target(context, path, current) if config.get("link_to_detailed", True) else ""
    line = f"[Detailed changelog]({target})" if target else ""
    file = insertion.load(path)
    if style == "keep-a-changelog":
        return keep.insert(file, current, date, prepend=prepend, detailed=line, root=root)
    bullet = insertion.bullet(outline(file.text))
    makers: dict[str, Callable[[], Section]] = {
        "conventional": lambda: sections.conventional(current, date, bullet=bullet, detailed=line),
        "summary": lambda: sections.summary(current, date, bullet=bullet, detailed=target),
    }
    section = makers[style]() if style in makers else _from_template(style, current, date, target, root)
    return insertion.insert(file, section, current.version, prepend=prepend, recent=style == "summary", root=root)


def _from_template(style: str, current: Release, date: str, target: str, root: Path) -> Section:
    path = textfile.inside(root, style, key="style")
    if not path.is_file():
        raise PermanentError(
            f"style: {style!r} is neither a style nor the path of a template", hint=nearest(style, STYLES)
        )
    from ..changelog import template  # lazily: needs an optional extra

    return template.render(path, current, date, detailed=target, root=root)


def _target(context: StepContext, path: Path, current: Release) -> str:
    """Return the detailed changelog's path as a link target, relative to the main changelog's folder."""
    name = context.find_output("changelog_file")
    if not name or context.find_output("version", current.version) != current.version:
        return ""
    return quote(Path(os.path.relpath(context.workspace_root / name, path.parent)).as_posix(), safe="/+")
