"""`git.push`: publishes the release; in a shadow run this is the commit point."""

from __future__ import annotations

from typing import Any, ClassVar

from vwmp_release.interfaces import DeclaredHandler, Publication, PushOrder, StepContext, StepResult, StepStatus

from .. import in_place


class GitPushHandler(DeclaredHandler):
    """Pushes branch and tags in one atomic push."""

    handler_path = "git.push"
    commit_point = True
    info: ClassVar[dict[str, Any]] = {
        "name": "Push",
        "description": "Pushes branch and tags in one atomic push",
        "icon": "🚀",
        "category": "git",
    }

    def execute(self, context: StepContext) -> StepResult:
        """Push.

        Args:
            context: `remote`, `branch`, `push_tags`, `force`, `upstream`, `timeout`.

        Returns:
            Output `remote`, `branch`, `tags_pushed`; a failure says `verdict` too.
        """
        config = context.step_config
        order = PushOrder(
            remote=str(config.get("remote") or "origin"),
            branch=config.get("branch"),
            push_tags=bool(config.get("push_tags", True)),
            force=bool(config.get("force", False)),
            upstream=bool(config.get("upstream", False)),
            timeout=float(config.get("timeout") or 120),
        )
        if context.commit_point is not None:
            publication = context.commit_point.publish(order)
        else:
            publication = in_place.publish(context, order)
        return _result(context, publication)

    def can_retry(self, error: str) -> bool:
        """Say yes: failures that another attempt cannot change are marked permanent.

        Args:
            error: The failed attempt's error text.
        """
        return True


def _result(context: StepContext, publication: Publication) -> StepResult:
    place = f"{publication.branch} on {publication.remote}"
    output: dict[str, Any] = {"remote": publication.remote, "branch": publication.branch}
    if publication.verdict == "published":
        output["tags_pushed"] = list(publication.tags)
        pushed = ", ".join([publication.branch, *publication.tags])
        logs = [f"pushed {pushed} to {publication.remote}"]
        return StepResult(context.step_id, StepStatus.SUCCESS, output, logs=logs)
    words = {
        "refused": f"the push to {place} was refused",
        "superseded": f"the push to {place} came too late",
        "moved": f"{place} has moved",
        "in-doubt": f"it is not known whether {place} has the release",
    }
    reason = words[publication.verdict] + (f": {publication.detail}" if publication.detail else "")
    output |= {"tags_pushed": [], "verdict": publication.verdict}
    return StepResult(context.step_id, StepStatus.FAILED, output, error=reason, permanent=not publication.retryable)
