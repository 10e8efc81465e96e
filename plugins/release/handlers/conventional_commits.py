"""The check `conventional_commits`: every commit of a range has a conventional message."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from vwmp_release.interfaces import Annotation, DeclaredHandler, StepContext, StepResult, StepStatus

from ..commits.history import walk
from ..commits.lint import check_message
from ..commits.message import Commit
from ..current import commits_since_release


class ConventionalCommitsCheck(DeclaredHandler):
    """Fails where a commit's message is no conventional one; what git itself writes passes."""

    handler_path = "check.conventional_commits"
    info: ClassVar[dict[str, Any]] = {
        "name": "Conventional commits",
        "description": "Check that commit messages follow Conventional Commits",
        "icon": "📝",
        "category": "check",
    }

    def execute(self, context: StepContext) -> StepResult:
        """Check the commits of `range`, or those since the last release.

        Args:
            context: The step's context; its workspace is a git work tree.

        Returns:
            `checked` and `bad`, numbers of commits; FAILED with an annotation for each bad one; SKIPPED where there
            are no commits to check.

        Raises:
            PermanentError: git does not know the range, or the history is incomplete.
        """
        checked, annotations, bad = 0, [], []
        for commit in _commits(context.workspace_root, context.step_config):
            checked += 1
            findings = check_message(commit.message, comments=False) if not commit.is_merge else []
            if findings:
                bad.append(f"{commit.sha[:7]} {commit.subject}")
                words = "; ".join(f"{f.message} ({f.hint})" if f.hint else f.message for f in findings)
                annotations.append(Annotation(f"{bad[-1]}: {words}", title="Commit message"))
        if not checked:
            return StepResult(context.step_id, StepStatus.SKIPPED, error="there are no commits to check")
        output = {"checked": checked, "bad": len(bad)}
        if not bad:
            return StepResult(context.step_id, StepStatus.SUCCESS, output=output)
        verb = "has" if len(bad) == 1 else "have"
        return StepResult(
            context.step_id,
            StepStatus.FAILED,
            output=output,
            error=f"{len(bad)} of {checked} commits {verb} no conventional message",
            logs=bad,
            annotations=annotations,
            permanent=True,
        )


def _commits(root: Path, config: dict[str, Any]) -> Iterable[Commit]:
    if config.get("range"):
        return walk(root, str(config["range"]))
    return commits_since_release(root, config).span.commits
