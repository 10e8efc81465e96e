"""`check.clean_tree`: finds uncommitted changes in the user's tree."""

from __future__ import annotations

from typing import Any, ClassVar

from vwmp_release.interfaces import Annotation, DeclaredHandler, StepContext, StepResult, StepStatus
from vwmp_release.support import git

from ..settings import QUIET
from ..workspace import paths

_NAMED = 5


class CleanTreeCheck(DeclaredHandler):
    """Fails where the user's tree holds uncommitted work."""

    handler_path = "check.clean_tree"
    info: ClassVar[dict[str, Any]] = {
        "name": "Clean tree",
        "description": "Checks that the work tree holds no uncommitted changes",
        "icon": "🧼",
        "category": "check",
    }

    def execute(self, context: StepContext) -> StepResult:
        """Look at the user's tree, not at the shadow.

        Args:
            context: The step's context.

        Returns:
            A failure with an annotation for each path that is changed or not tracked.
        """
        root = context.repository_root or context.workspace_root
        done = git.run(
            *QUIET, "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all",
            "--ignore-submodules=none", cwd=root,
        )  # fmt: skip
        found = [(entry[:2], entry[3:]) for entry in paths(done.stdout)]
        if not found:
            return StepResult(context.step_id, StepStatus.SUCCESS, {"dirty": []}, logs=["the work tree is clean"])
        notes = [
            Annotation(
                "not tracked by git" if state == "??" else "has uncommitted changes", file=path, title="clean_tree"
            )
            for state, path in found
        ]
        dirty = [path for _, path in found]
        more = f" and {len(dirty) - _NAMED} more" if len(dirty) > _NAMED else ""
        error = f"uncommitted changes in {', '.join(dirty[:_NAMED])}{more}"
        return StepResult(
            context.step_id, StepStatus.FAILED, {"dirty": dirty}, error=error, annotations=notes, permanent=True
        )
