"""The step that marks released tasks, and the stories and epics they complete, in the kanban documents."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any, ClassVar

from vwmp_release.interfaces import DeclaredHandler, StepContext, StepResult, StepStatus
from vwmp_release.support import textfile

from ..kb import release as releases
from ..kb.finder import Finder, named
from ..kb.release import Release
from ..kb.update import Change, Options, Plan, plan

_EPIC_BRANCH = re.compile(r"(?:^|/)epic[/_-]?0*(\d{1,3})(?!\d)", re.IGNORECASE)


class KanbanUpdateHandler(DeclaredHandler):
    """Writes a release into the documents of its epics, stories and tasks, and into the board."""

    handler_path: ClassVar[str] = "vwmp.kanban_update"
    info: ClassVar[dict[str, Any]] = {
        "name": "Update kanban documents",
        "description": "Marks released tasks, and the stories and epics that they complete",
        "icon": "📊",
        "category": "documentation",
    }

    def get_dependencies(self, config: dict[str, Any]) -> list[str]:
        """Return the version, unless the configuration gives it.

        Args:
            config: The step's effective configuration.
        """
        return [] if config.get("version") else ["*.new_version"]

    def execute(self, context: StepContext) -> StepResult:
        """Mark the released tasks in every document that names them.

        Args:
            context: The step's context; `new_version`, `summary`, `commits` and `tasks` of earlier steps are used.

        Returns:
            SUCCESS with `epic_doc`, `tasks_updated`, `version` and `docs`; SKIPPED where nothing is to be written.

        Raises:
            PermanentError: A path is outside the workspace, a document cannot be read or written, no version is known.
        """
        config = context.step_config
        release = releases.read(context)
        board = PurePath(config.get("kanban_board") or "").as_posix()
        epic, found = self._documents(context, release, board)
        output: dict[str, Any] = {"epic_doc": epic, "tasks_updated": [], "version": release.version, "docs": []}
        if not release.tasks or not found:
            reason = "the release names no task" if not release.tasks else "no kanban document was found"
            return StepResult(context.step_id, StepStatus.SKIPPED, output, reason)
        files = [(name, textfile.read(context.workspace_root / name)) for name in found]
        options = Options(bool(config.get("update_stories", True)), bool(config.get("update_last_updated", True)))
        planned = plan(files, board, release, options)
        logs = [f"warning: {name} stands in no kanban document" for name in planned.unknown]
        if not planned.changes:
            return StepResult(context.step_id, StepStatus.SKIPPED, output, _why_nothing(release, planned), logs=logs)
        for change in planned.changes:
            textfile.write(change.file)
        output["tasks_updated"] = list(planned.tasks)
        output["docs"] = [change.name for change in planned.changes]
        logs[:0] = [_line(change) for change in planned.changes]
        return StepResult(context.step_id, StepStatus.SUCCESS, output, logs=logs)

    def _documents(self, context: StepContext, release: Release, board: str) -> tuple[str | None, list[str]]:
        root, config = context.workspace_root, context.step_config
        finder = Finder(root, str(config.get("epic_doc_pattern") or "{epic}"))
        branch = _EPIC_BRANCH.search(context.branch or "")
        epics = dict.fromkeys([int(branch[1])] if branch else [])
        epics |= dict.fromkeys(key[0] for key in release.tasks)
        by_epic = {number: finder.epic(number) for number in epics}
        epic = next((path for path in by_epic.values() if path), None)
        if config.get("docs") is not None:
            return epic, named(root, [str(path) for path in config["docs"]], key="docs")
        found = [
            path
            for number, own in by_epic.items()
            for path in ([own] if own else []) + finder.stories(number, release.tasks)
        ]
        if textfile.inside(root, board, key="kanban_board").is_file():
            found.append(board)
        return epic, list(dict.fromkeys(found))


def _why_nothing(release: Release, planned: Plan) -> str:
    if len(planned.unknown) == len(release.tasks):
        return "no released task stands in the kanban documents"
    return "the released tasks are marked already"


def _line(change: Change) -> str:
    names = [
        "E{:02}:S{:02}:T{:03}".format(*key) if len(key) > 2 else f"story {key[1]}" if len(key) > 1 else f"epic {key[0]}"
        for key in change.completed
    ]
    return f"{change.name}: {', '.join(names)}"
