"""The step `release.version_bump`: computes the next version and writes it into the version files."""

from __future__ import annotations

from typing import Any, ClassVar

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import Annotation, DeclaredHandler, StepContext, StepResult, StepStatus

from ..current import VersionAnswer, current_and_next
from ..files.kinds import project_name
from ..files.writing import write_all
from ..parameters import derive_change_type, derive_summary


class VersionBumpHandler(DeclaredHandler):
    """Bumps the version; skipped, with the reason of every commit, where there is nothing to release."""

    handler_path = "release.version_bump"
    info: ClassVar[dict[str, Any]] = {
        "name": "Bump Version",
        "description": "Compute the next version and write it into the version files",
        "icon": "🔢",
        "category": "version",
    }

    def execute(self, context: StepContext) -> StepResult:
        """Compute and write the version.

        Args:
            context: The step's context; its workspace is a git work tree.

        Returns:
            `old_version`, `new_version`, `files` and the rest of what later steps read; SKIPPED with `nothing`, a line
            a commit, where there is nothing to release.

        Raises:
            PermanentError: The version cannot be determined or written.
        """
        _check_documents(context)
        answer = current_and_next(context.workspace_root, context.step_config, run_date=context.run.started_at)
        if answer.next is None:
            return _nothing(context, answer)
        files = write_all(context.workspace_root, answer.found, answer.next)
        logs = [f"warning: {warning}" for warning in answer.warnings]
        logs.append(f"{answer.current or 'first version'} → {answer.next}: {answer.reason}")
        unparsed = sum(row.verdict == "unparsed" for row in answer.rows)
        if unparsed:
            logs.append(f"{unparsed} of {len(answer.rows)} commits are no conventional ones and did not count")
        return StepResult(context.step_id, StepStatus.SUCCESS, output=_output(context, answer, files), logs=logs)


def _check_documents(context: StepContext) -> None:
    if context.config.get("require_kb_docs_ok") and context.parameters.get("kb_docs_ok") is not True:
        raise PermanentError(
            "kb_docs_ok must be given as true: the configuration sets require_kb_docs_ok",
            hint="bring the documents up to date, then pass -p kb_docs_ok=true",
        )


def _nothing(context: StepContext, answer: VersionAnswer) -> StepResult:
    annotations = [
        Annotation(f"{row.line}; it did not count", level="warning", title="Commit not understood")
        for row in answer.rows
        if row.verdict == "unparsed"
    ]
    return StepResult(
        context.step_id,
        StepStatus.SKIPPED,
        output={"nothing": [row.line for row in answer.rows] or [answer.reason.partition(": ")[2]]},
        error=answer.reason,
        logs=[f"warning: {warning}" for warning in answer.warnings],
        annotations=annotations,
    )


def _output(context: StepContext, answer: VersionAnswer, files: list[str]) -> dict[str, Any]:
    new = str(answer.next)
    given = context.parameters
    output: dict[str, Any] = {
        "old_version": answer.current,
        "new_version": new,
        "files": files,
        "bump": answer.bump,
        "scheme": answer.scheme,
        "previous_tag": answer.previous_tag,
        "tag_template": answer.tag_template,
        "tag": answer.tag,
        "summary": given.get("summary") or derive_summary(answer.rows, new),
        "change_type": given.get("change_type") or derive_change_type(answer.rows),
        "rule": answer.reason,
        "commits": [row.as_output() for row in answer.rows],
        "packages": [
            {
                "name": _project_name(answer) or (context.repository_root or context.workspace_root).name,
                "path": ".",
                "old_version": answer.current,
                "new_version": new,
                "bump": answer.bump,
                "tag": answer.tag,
            }
        ],
    }
    if context.step_config.get("task"):
        output["task"] = context.step_config["task"]
    return output


def _project_name(answer: VersionAnswer) -> str:
    """Return the name that a manifest among the version files gives the project; empty where none does."""
    return next((name for item in answer.found if (name := project_name(item.file))), "")
