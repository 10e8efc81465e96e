"""`git.stage_all`: stages what the release changed."""

from __future__ import annotations

import os
from typing import Any, ClassVar

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import Annotation, DeclaredHandler, StepContext, StepResult, StepStatus
from vwmp_release.support import redact

from .. import workspace

_EVERYTHING = frozenset({"*", ".", "./"})
_WRITTEN = ("files", "changelog_file", "main_changelog", "readme_file")
"""Outputs in which steps name the files that they wrote."""
_IGNORED = "git ignores it, so it is not part of the release; take it out of .gitignore, or set force: true"


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
        found = [Annotation(_IGNORED, "warning", file=path) for path in _ignored(context, set(staged))]
        return StepResult(context.step_id, StepStatus.SUCCESS, {"paths_staged": staged}, logs=logs, annotations=found)


def _ignored(context: StepContext, staged: set[str]) -> list[str]:
    """Return the files that earlier steps say they wrote and that git ignores."""
    written: set[str] = set()
    for result in context.step_outputs.values():
        for key in _WRITTEN:
            value = (result.output or {}).get(key)
            written |= {path for path in (value if isinstance(value, list) else [value]) if isinstance(path, str)}
    if not (missing := written - staged - {""}):
        return []
    names = b"".join(os.fsencode(path) + b"\0" for path in sorted(missing))
    return workspace.paths(workspace.call(context, "check-ignore", "-z", "--stdin", stdin=names, check=False).stdout)


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
