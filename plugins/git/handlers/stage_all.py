"""`git.stage_all`: stages what the release changed."""

from __future__ import annotations

import os
from typing import Any, ClassVar

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import DeclaredHandler, StepContext, StepResult, StepStatus
from vwmp_release.support import redact

from .. import workspace

_EVERYTHING = frozenset({"*", ".", "./"})


class GitStageHandler(DeclaredHandler):
    """Stages the release's files."""

    handler_path = "git.stage_all"
    info: ClassVar[dict[str, Any]] = {
        "name": "Stage all",
        "description": "Stages what the release changed",
        "icon": "📦",
        "category": "git",
    }

    def execute(self, context: StepContext) -> StepResult:
        """Stage the files.

        Args:
            context: `paths` and `exclude` are paths or patterns; `force` takes ignored files too.

        Returns:
            Output `paths_staged`, sorted; empty when nothing changed.

        Raises:
            PermanentError: A path is ignored by git, or no file fits it.
        """
        config = context.step_config
        force = bool(config.get("force"))
        specs = _specs(list(config.get("paths") or ["*"]), list(config.get("exclude") or []))
        opened = workspace.session(context)
        if force and opened is not None:
            specs += [f":(top,exclude,literal){name}" for name in opened.links]
        options = ["--force"] if force else []
        done = workspace.call(
            context, "add", "-A", *options, "--pathspec-from-file=-", "--pathspec-file-nul",
            stdin=b"".join(os.fsencode(spec) + b"\0" for spec in specs), check=False,
        )  # fmt: skip
        if done.returncode:
            raise _refusal(done.error_text)
        staged = workspace.staged(context)
        logs = [f"staged {len(staged)} path{'' if len(staged) == 1 else 's'}"] if staged else ["nothing changed"]
        return StepResult(context.step_id, StepStatus.SUCCESS, {"paths_staged": staged}, logs=logs)


def _specs(paths: list[str], exclude: list[str]) -> list[str]:
    """Return pathspecs in which nothing that a user writes is taken for git's own magic."""
    found = [":(top)" if path in _EVERYTHING else f":(top{_magic(path)}){path}" for path in paths]
    return found + [f":(top,exclude{_magic(path)}){path}" for path in exclude]


def _magic(path: str) -> str:
    if "**" in path:
        return ",glob"
    return "" if any(char in path for char in "*?[") else ",literal"


def _refusal(said: str) -> PermanentError:
    lines = said.splitlines()
    if lines and "ignored by one of your .gitignore" in lines[0]:
        named = [redact.one_line(line) for line in lines[1:] if not line.startswith("hint:")]
        return PermanentError(
            f"git ignores {', '.join(named)}", hint="take it out of .gitignore or of paths, or set force: true"
        )
    return PermanentError(
        "the files cannot be staged",
        why=redact.visible(said.replace(":(top,literal)", "").replace(":(top)", ""))[:4000],
    )
