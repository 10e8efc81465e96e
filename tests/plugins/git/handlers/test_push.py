"""`git.push`: the commit point of a release, and the plain push of a workflow in place."""

from __future__ import annotations

from typing import Any

import pytest
from vwmp_release.plugins.git.handlers.push import GitPushHandler

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import Publication, PushOrder, StepStatus


class _Point:
    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self.order: PushOrder | None = None

    def publish(self, order: PushOrder) -> Publication:
        self.order = order
        return self.publication


def _push(release: Any, publication: Publication, **config: Any) -> tuple[Any, _Point]:
    context = release.context(**config)
    point = context.commit_point = _Point(publication)
    return GitPushHandler().execute(context), point


def test_order_and_success(release: Any) -> None:
    """The configuration becomes the order; the publication becomes the output."""
    done = Publication("published", "up", "main", ("v1",))
    config = {"remote": "up", "branch": "b", "push_tags": False, "force": True, "upstream": True, "timeout": 5}
    result, point = _push(release, done, **config)
    assert point.order == PushOrder("up", "b", False, True, True, 5.0)
    assert result.status is StepStatus.SUCCESS
    assert result.output == {"remote": "up", "branch": "main", "tags_pushed": ["v1"]}


@pytest.mark.parametrize("verdict", ["refused", "superseded", "moved", "in-doubt"])
@pytest.mark.parametrize("retryable", [True, False])
def test_failures(release: Any, verdict: Any, retryable: bool) -> None:
    """Each verdict has its words, and only what may end otherwise is tried again."""
    result, _ = _push(release, Publication(verdict, "origin", "main", (), "their words", retryable))
    assert (result.status, result.permanent) == (StepStatus.FAILED, not retryable)
    assert result.output["verdict"] == verdict
    assert result.error.endswith(": their words")
    assert GitPushHandler().can_retry(result.error)


def test_in_place(project: Any, release: Any) -> None:
    """Without a shadow, HEAD's branch and the tags of earlier steps go in one push; tracking follows."""
    project.commit("feat: more", {"a": "1"})
    release.gives(new_version="1.0.0")
    project.tag("private")
    release.step("create_tag", floating=["v{major}"])
    result = release.step("push", upstream=True)
    assert result.output == {"remote": "origin", "branch": "main", "tags_pushed": ["v1.0.0", "v1"]}
    assert project.bare.tags == ["v1", "v1.0.0"]
    assert project.bare.git("rev-parse", "main") == project.head == project.git("rev-parse", "main@{upstream}")
    assert release.step("push", push_tags=False, branch="copy").output["tags_pushed"] == []
    assert project.bare.git("rev-parse", "copy") == project.head


def test_in_place_race(project: Any, release: Any) -> None:
    """A tag that is there on another object, and a branch that is ahead, are refused; neither ref moves."""
    release.gives(new_version="1.0.0")
    release.step("create_tag")
    other = project.bare.clone("other")
    other.tag("v1.0.0")
    other.git("push", "-q", "origin", "v1.0.0")
    project.commit("feat: mine", {"a": "1"})
    result = release.step("push")
    assert (result.output["verdict"], result.permanent) == ("superseded", True)
    other.commit("feat: theirs", {"b": "1"})
    other.git("push", "-q")
    assert release.step("push").output["verdict"] == "moved"
    assert project.bare.git("rev-parse", "main") == other.head


def test_in_place_pre_push_hook(project: Any, release: Any) -> None:
    """In place git itself runs the user's hook."""
    project.hook("pre-push", "exit 1")
    project.commit("feat: mine", {"a": "1"})
    assert release.step("push").status is StepStatus.FAILED


def test_in_place_mistakes(project: Any, release: Any) -> None:
    """A missing remote or branch is said for good; an unreachable remote may be tried again."""
    with pytest.raises(PermanentError, match="no remote"):
        release.step("push", remote="nowhere")
    project.git("remote", "add", "broken", "/no/such/place")
    result = release.step("push", remote="broken")
    assert (result.output["verdict"], result.permanent) == ("refused", False)
    project.git("checkout", "-q", "--detach")
    with pytest.raises(PermanentError, match="which branch"):
        release.step("push")


def test_release_without_a_commit_point(release: Any) -> None:
    """In a shadow the handler never pushes by itself."""
    release.open()
    with pytest.raises(PermanentError, match="commit point"):
        release.step("push")
