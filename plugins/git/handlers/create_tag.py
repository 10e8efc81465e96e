"""`git.create_tag`: tags the release's commit, with the run's id as the last line."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import DeclaredHandler, StepContext, StepResult, StepStatus

from .. import names, remote, wording, workspace


class _Existing(NamedTuple):
    object_id: str
    commit: str
    remote: str = ""

    def refusal(self, name: str) -> PermanentError:
        where = f"on {self.remote}" if self.remote else "here"
        remove = f"git push {self.remote} --delete refs/tags/{name}" if self.remote else f"git tag -d {name}"
        return PermanentError(
            f"the tag {name} exists already {where}, on {self.commit[:10]}",
            hint=f"release another version, or remove the tag if nothing was released from it: {remove}",
        )


class GitTagHandler(DeclaredHandler):
    """Makes the release's tags."""

    handler_path = "git.create_tag"
    info: ClassVar[dict[str, Any]] = {
        "name": "Create tag",
        "description": "Tags the release's commit",
        "icon": "🏷️",
        "category": "git",
    }

    def execute(self, context: StepContext) -> StepResult:
        """Tag HEAD.

        Args:
            context: `tag_template`, `message_template`, `annotated`, `sign_tag`, `force`, `floating`.

        Returns:
            Output `tag_name`, `tag_message`, `tag_hash`, `floating_tags`, and `commit_hash` of the tagged commit.

        Raises:
            PermanentError: The tag exists on another commit, or its name or message cannot be used.
        """
        config = context.step_config
        name = wording.release_tag(context)
        floating = wording.floating_tags(context, name)
        head = names.object_id(workspace.output(context, "rev-parse", "--verify", "HEAD^{commit}"))
        existing = _find(context, name)
        if existing is not None and existing.commit == head:
            output = _output(name, "", existing.object_id, [], head)
            return StepResult(context.step_id, StepStatus.SUCCESS, output, logs=[f"{name} is on this commit already"])
        if existing is not None and not config.get("force"):
            raise existing.refusal(name)
        if config.get("annotated", True):
            text = _annotate(context, name, head, force=existing is not None)
        else:
            head, text = _lightweight(context, name, head, force=existing is not None)
        if existing is not None:
            _movable(context, name)
        for other in floating:
            _movable(context, other)
            if config.get("annotated", True):
                _annotate(context, other, head, force=True)
            else:
                workspace.call(context, "tag", "--no-sign", "-f", "--", other, head)
        identity = names.object_id(workspace.output(context, "rev-parse", "--verify", f"refs/tags/{name}"))
        logs = [f"tagged {head[:10]} as {', '.join([name, *floating])}"]
        return StepResult(context.step_id, StepStatus.SUCCESS, _output(name, text, identity, floating, head), logs=logs)


def _output(name: str, text: str, identity: str, floating: list[str], head: str) -> dict[str, Any]:
    return {
        "tag_name": name,
        "tag_message": text.rstrip("\n"),
        "tag_hash": identity,
        "floating_tags": floating,
        "commit_hash": head,
    }


def _find(context: StepContext, name: str) -> _Existing | None:
    """Look for the tag here, and on the remote as it was seen when the run began."""
    listed = workspace.output(
        context, "for-each-ref", "--format=%(objectname) %(*objectname) %(refname)", f"refs/tags/{name}"
    )
    for line in listed.splitlines():
        identity, peeled, ref = line.split(" ", 2)
        if ref == f"refs/tags/{name}":
            return _Existing(identity, peeled or identity)
    opened = workspace.session(context)
    if opened is not None and name in opened.remote.tags:
        identity = opened.remote.tags[name]
        return _Existing(identity, opened.peeled.get(name, identity), opened.remote.name)
    return None


def _annotate(context: StepContext, name: str, commit: str, *, force: bool) -> str:
    """Make an annotated tag; returns its message."""
    template = str(context.step_config.get("message_template") or "Release {tag}: {summary}")
    text = f"{wording.message(template, wording.values(context, name))}\n\n{context.run.id}\n"
    signing = workspace.signing(context, context.step_config.get("sign_tag"), yes="-s", no="--no-sign")
    options = [*signing, *(["-f"] if force else [])]
    args = ("tag", "-a", *options, "-F", "-", "--cleanup=verbatim", "--", name, commit)
    done = workspace.call(context, *args, stdin=text.encode("utf-8", "replace"), check=False)
    if done.returncode:
        hint = "check user.signingkey, or set sign_tag: false" if "sign" in done.error_text else ""
        raise PermanentError(f"the tag {name} cannot be made", why=remote.words(done.error_text), hint=hint)
    return text


def _lightweight(context: StepContext, name: str, head: str, *, force: bool) -> tuple[str, str]:
    """Make a lightweight tag on a commit whose message ends with the run's id; returns that commit."""
    if context.step_config.get("sign_tag"):
        raise PermanentError("sign_tag: a lightweight tag cannot be signed", hint="set annotated: true")
    if context.find_output("commit_hash") == head:
        head = _with_id(context, head)
    done = workspace.call(context, "tag", "--no-sign", *(["-f"] if force else []), "--", name, head, check=False)
    if done.returncode:
        raise PermanentError(f"the tag {name} cannot be made", why=remote.words(done.error_text))
    return head, ""


def _with_id(context: StepContext, head: str) -> str:
    """Put the run's id under the commit's message: a lightweight tag has none of its own."""
    text = workspace.output(context, "log", "-1", "--no-show-signature", "--format=%B", head).rstrip("\n")
    if text.rpartition("\n")[2] == context.run.id:
        return head
    signed = workspace.output(context, "cat-file", "commit", head).partition("\n\n")[0]
    signing = workspace.signing(context, True if "\ngpgsig" in signed else None, yes="-S", no="--no-gpg-sign")
    args = ("commit", "--amend", "--only", "--no-verify", "-q", *signing, "-F", "-", "--cleanup=verbatim")
    message = f"{text}\n\n{context.run.id}\n".encode("utf-8", "replace")
    workspace.call(context, *workspace.NO_HOOKS, *args, stdin=message)
    return names.object_id(workspace.output(context, "rev-parse", "--verify", "HEAD^{commit}"))


def _movable(context: StepContext, name: str) -> None:
    opened = workspace.session(context)
    if opened is not None:
        opened.movable.add(name)
