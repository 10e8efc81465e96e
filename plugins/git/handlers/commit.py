"""`git.commit`: commits what is staged, with the repository's own hooks."""

from __future__ import annotations

import os
import re
from typing import Any, ClassVar

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import DeclaredHandler, StepContext, StepResult, StepStatus
from vwmp_release.support.process import Completed

from .. import names, remote, wording, workspace

_AUTHOR = re.compile(r"[^<>\n]+ <[^<>\n]*>")
_NO_IDENTITY = re.compile(
    r"please tell me who you are|empty ident name|auto-detect|no (?:name|email) was given", re.IGNORECASE
)
_BODY = 60_000
"""Characters of the body: a message is read by people and by every `git log`."""


class GitCommitHandler(DeclaredHandler):
    """Makes the release's commit."""

    handler_path = "git.commit"
    info: ClassVar[dict[str, Any]] = {
        "name": "Commit",
        "description": "Commits the release with the repository's own hooks",
        "icon": "💾",
        "category": "git",
    }

    def execute(self, context: StepContext) -> StepResult:
        """Commit what is staged; hooks that rewrite files get a second try with what they wrote.

        Args:
            context: `message_template`, `include_changes`, `sign_commit`, `author`, `hooks`.

        Returns:
            Output `commit_hash` and `commit_message`.

        Raises:
            PermanentError: Nothing is staged, nobody is the author, or a hook refuses.
        """
        staged = workspace.staged(context)
        if not staged:
            raise PermanentError(
                "nothing is staged, so there is nothing to commit", hint="check the step git.stage_all"
            )
        hooks = context.step_config.get("hooks", "run") != "skip"
        options = _options(context)
        text = _message(context).encode("utf-8", "replace")
        done = _with_hooks(context, options, text, staged) if hooks else _commit(context, options, text, hooks=False)
        if done.returncode:
            raise _refusal(done, hooks=hooks)
        identity, _, message = workspace.output(
            context, "log", "-1", "--no-show-signature", "--format=%H%n%B"
        ).partition("\n")
        output = {"commit_hash": names.object_id(identity), "commit_message": message.rstrip("\n")}
        return StepResult(context.step_id, StepStatus.SUCCESS, output, logs=[f"committed {identity[:10]}"])


def _with_hooks(context: StepContext, options: list[str], text: bytes, staged: list[str]) -> Completed:
    """Commit; a hook that fails but has rewritten files gets one more try, one that succeeds has its files amended."""
    before = _State(context)
    done = _commit(context, options, text, hooks=True)
    if done.returncode and not _NO_IDENTITY.search(done.error_text):
        rewritten = before.rewritten(context) or (staged if before.index_moved(context) else [])
        if rewritten:
            context.logger.info(f"a hook has rewritten {len(rewritten)} files; they are staged and tried once more")
            _stage(context, rewritten)
            before = _State(context)
            done = _commit(context, options, text, hooks=True)
    left = [] if done.returncode else before.rewritten(context)
    if left:
        context.logger.info(f"a hook has rewritten {len(left)} files beside the commit; they go into it")
        _stage(context, left)
        signing = [option for option in options if not option.startswith("--author=")]
        amended = ("commit", "--amend", "--no-verify", "--no-edit", "--cleanup=verbatim", "-q", *signing)
        workspace.call(context, *workspace.NO_HOOKS, *amended)
    return done


class _State:
    """The index, and the tracked files that differ from it, at one moment."""

    def __init__(self, context: StepContext) -> None:
        self.tree = workspace.output(context, "write-tree")
        self.unstaged = {path: _bytes(context, path) for path in _unstaged(context)}

    def rewritten(self, context: StepContext) -> list[str]:
        """Return the tracked files that differ from the index and did not do so, or not that way."""
        now = {path: _bytes(context, path) for path in _unstaged(context)}
        return sorted(path for path in now if path not in self.unstaged or self.unstaged[path] != now[path])

    def index_moved(self, context: StepContext) -> bool:
        """Say whether something was staged since."""
        return workspace.output(context, "write-tree") != self.tree


def _unstaged(context: StepContext) -> list[str]:
    done = workspace.call(
        context, "diff", "-z", "--name-only", "--no-renames", "--no-ext-diff", "--ignore-submodules=all"
    )
    return workspace.paths(done.stdout)


def _bytes(context: StepContext, path: str) -> bytes | None:
    place = context.workspace_root / path
    try:
        return os.fsencode(os.readlink(place)) if place.is_symlink() else place.read_bytes()
    except OSError:  # deleted
        return None


def _stage(context: StepContext, paths: list[str]) -> None:
    listed = b"".join(os.fsencode(path) + b"\0" for path in paths)
    args = ("--literal-pathspecs", "add", "-A", "--pathspec-from-file=-", "--pathspec-file-nul")
    workspace.call(context, *args, stdin=listed)


def _options(context: StepContext) -> list[str]:
    signing = workspace.signing(context, context.step_config.get("sign_commit"), yes="-S", no="--no-gpg-sign")
    author = context.step_config.get("author")
    if author and not _AUTHOR.fullmatch(str(author)):
        raise PermanentError(f"author: {author!r} is not of the form Name <email>")
    return [*signing, *([f"--author={author}"] if author else [])]


def _commit(context: StepContext, options: list[str], text: bytes, *, hooks: bool) -> Completed:
    skip = () if hooks else workspace.NO_HOOKS
    verify = () if hooks else ("--no-verify",)
    args = ("commit", "-q", "-F", "-", "--cleanup=verbatim", *verify, *options)
    return workspace.call(context, *skip, *args, stdin=text, check=False)


def _message(context: StepContext) -> str:
    config = context.step_config
    text = wording.message(str(config.get("message_template") or "chore(release): {version}"), wording.values(context))
    if config.get("include_changes"):
        body = (
            str(context.parameters.get("detailed_changes") or context.find_output("notes") or "")
            .replace("\0", "")
            .strip()
        )
        if len(body) > _BODY:
            body = f"{body[:_BODY].rpartition(chr(10))[0]}\n…"
        text = f"{text}\n\n{body}" if body else text
    return f"{text}\n"


def _refusal(done: Completed, *, hooks: bool) -> PermanentError:
    said = remote.words(f"{done.text}\n{done.error_text}")
    if _NO_IDENTITY.search(done.error_text):
        return PermanentError(
            "git does not know who makes the release",
            hint="git config user.name 'Your Name'\ngit config user.email 'you@example.com'",
        )
    if "failed to sign" in done.error_text or "gpg" in done.error_text:
        return PermanentError(
            "the commit cannot be signed", why=said, hint="check user.signingkey, or sign_commit: false"
        )
    hint = "fix what the repository's hooks report, or set hooks: skip" if hooks else ""
    return PermanentError(f"git commit ended with status {done.returncode}", why=said, hint=hint)
