"""The commit point: races, refusals, hooks and silence, and that a push that fails changes nothing anywhere."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import PushOrder

pytestmark = pytest.mark.skipif(os.name == "nt", reason="hooks and stand-ins are shell scripts")


def _refs(repo: Any) -> str:
    return str(repo.git("for-each-ref"))


def test_remote_that_moved_is_seen(project: Any, release: Any, manifest: Any) -> None:
    """Somebody pushed meanwhile: the push ends as moved, and neither side changes."""
    before = manifest(project)
    release.open()
    seal = release.make()
    other = project.bare.clone("other")
    other.commit("feat: theirs", {"theirs": "1"})
    other.git("push", "-q")
    refs = _refs(project.bare)
    publication = release.publish(seal)
    assert (publication.verdict, publication.retryable) == ("moved", False)
    assert other.head[:10] in publication.detail
    assert _refs(project.bare) == refs
    release.adapter.abandon()
    assert manifest(project) == before


@pytest.mark.parametrize("moved", [True, False])
def test_race_for_the_same_version_is_superseded(project: Any, release: Any, releases: Any, moved: bool) -> None:
    """Another run's tag is there first: superseded, whether the branch moved too or not."""
    release.open()
    seal = release.make()
    other = project.bare.clone("other")
    if moved:
        rival = releases(other.path, 2)
        rival.open()
        assert rival.publish(rival.make()).verdict == "published"
    else:
        other.tag("v1.0.0")
        other.git("push", "-q", "origin", "v1.0.0")
    refs = _refs(project.bare)
    for answer in (release.publish(seal), release.adapter.confirm(seal, PushOrder("origin"))):
        assert (answer.verdict, answer.retryable) == ("superseded", False)
        assert "v1.0.0" in answer.detail
    assert _refs(project.bare) == refs


@pytest.mark.parametrize("ref", ["refs/heads/main", "refs/tags/v1.0.0"])
@pytest.mark.parametrize("hook", ["update", "pre-receive"])
def test_refusal_of_one_ref_moves_neither(project: Any, release: Any, manifest: Any, hook: str, ref: str) -> None:
    """Branch and tag go together: a remote that refuses one gets none, for good, with its words."""
    condition = f'[ "$1" = {ref} ]' if hook == "update" else f"grep -q {ref}"
    project.bare.hook(hook, f'if {condition}; then printf "the \\033[31mrule\\033[0m says no\\n" >&2; exit 1; fi')
    before = manifest(project)
    refs = _refs(project.bare)
    release.open()
    publication = release.publish(release.make())
    assert (publication.verdict, publication.retryable) == ("refused", False)
    assert "rule" in publication.detail
    assert "declined" in publication.detail
    assert "\033" not in publication.detail
    assert _refs(project.bare) == refs
    release.adapter.abandon()
    assert manifest(project) == before


def test_remote_without_atomic_pushes(project: Any, release: Any) -> None:
    """A remote that cannot do it is refused with the explanation, and nothing is sent."""
    project.bare.git("config", "receive.advertiseAtomic", "false")
    refs = _refs(project.bare)
    release.open()
    publication = release.publish(release.make())
    assert publication.verdict == "refused"
    assert "does not support atomic pushes" in publication.detail
    assert _refs(project.bare) == refs


def test_accident_on_the_other_side_may_be_tried_again(project: Any, release: Any) -> None:
    """A leftover lock there is no refusal: the next attempt asks first, then lands."""
    release.open()
    seal = release.make()
    lock = project.bare.path / "refs" / "heads" / "main.lock"
    lock.touch()
    first = release.publish(seal)
    assert (first.verdict, first.retryable) == ("refused", True)
    lock.unlink()
    assert release.publish(seal).verdict == "published"
    assert release.publish(seal).verdict == "published"


def test_confirm_before_a_push_finds_the_old_state(project: Any, release: Any) -> None:
    """Nothing of ours is there, so pushing is still possible."""
    release.open()
    seal = release.make()
    asked = release.adapter.confirm(seal, PushOrder("origin"))
    assert (asked.verdict, asked.retryable) == ("refused", True)


def test_push_on_top_of_ours_is_published(project: Any, release: Any) -> None:
    """Somebody built on the release before its answer came: it is published all the same."""
    release.open()
    seal = release.make()
    assert release.publish(seal).verdict == "published"
    other = project.bare.clone("other")
    other.commit("feat: next", {"next": "1"})
    other.git("push", "-q")
    assert release.adapter.confirm(seal, PushOrder("origin")).verdict == "published"


def test_half_a_release_stays_in_doubt(project: Any, release: Any) -> None:
    """A server that was killed between two refs shows half: never called refused, finished by the next push."""
    release.open()
    seal = release.make()
    assert release.publish(seal).verdict == "published"
    project.bare.git("tag", "-d", "v1.0.0")
    asked = release.adapter.confirm(seal, PushOrder("origin"))
    assert (asked.verdict, asked.retryable) == ("in-doubt", True)
    assert release.publish(seal).verdict == "published"
    assert project.bare.git("rev-parse", "v1.0.0") == seal.tags[0].object_id


def test_pre_push_hook_sees_the_refs_once(project: Any, release: Any, tmp_path: Path) -> None:
    """The user's hook gets name and address of the remote and the refs on its input, in the shadow."""
    project.hook("pre-push", f'echo "$1|$2|$(pwd)" >> {tmp_path}/log; cat >> {tmp_path}/log')
    release.open()
    seal = release.make()
    lock = project.bare.path / "refs" / "heads" / "main.lock"
    lock.touch()
    release.publish(seal)
    lock.unlink()
    assert release.publish(seal).verdict == "published"
    null = "0" * 40
    assert (tmp_path / "log").read_text().splitlines() == [
        f"origin|{project.bare.path}|{release.tree}",
        f"refs/heads/main {seal.commit} refs/heads/main {seal.base}",
        f"refs/tags/v1.0.0 {seal.tags[0].object_id} refs/tags/v1.0.0 {null}",
    ]


def test_pre_push_hook_refuses(project: Any, release: Any, manifest: Any) -> None:
    """A hook that fails stops the release before anything is sent, with its output."""
    hook = project.hook("pre-push", "echo tests failed; exit 3")
    hook.write_text(hook.read_text().replace("#!/bin/sh\n", ""))  # git gives such a hook to the shell
    before, refs = manifest(project), _refs(project.bare)
    release.open()
    publication = release.publish(release.make())
    assert (publication.verdict, publication.retryable) == ("refused", False)
    assert "status 3\ntests failed" in publication.detail
    assert _refs(project.bare) == refs
    release.adapter.abandon()
    assert manifest(project) == before


def test_only_the_releases_own_refs_are_pushed(project: Any, release: Any) -> None:
    """Other local tags stay here, whatever the configuration says; without push_tags none goes."""
    project.tag("private")
    project.git("config", "push.followTags", "true")
    release.open()
    seal = release.make()
    assert release.publish(seal, push_tags=False).tags == ()
    assert project.bare.tags == []
    assert release.publish(seal).verdict == "published"
    assert project.bare.tags == ["v1.0.0"]


def test_rewriting_needs_force_and_still_a_lease(project: Any, release: Any) -> None:
    """Another branch that is not an ancestor is only replaced with `force`, and only where it was seen."""
    other = project.bare.clone("other")
    other.git("switch", "-q", "-c", "stable")
    other.commit("feat: theirs", {"theirs": "1"})
    other.git("push", "-q", "origin", "stable")
    release.open()
    seal = release.make()
    assert release.publish(seal, branch="stable").verdict == "moved"
    other.commit("feat: more", {"theirs": "2"})
    other.git("push", "-q", "origin", "stable")
    late = release.publish(seal, branch="stable", force=True)
    assert late.verdict == "moved"
    assert project.bare.git("rev-parse", "stable") == other.head


def test_force_rewrites_what_was_seen(project: Any, release: Any) -> None:
    """With `force` a branch elsewhere is replaced if it is where it was seen."""
    other = project.bare.clone("other")
    other.git("switch", "-q", "-c", "stable")
    other.commit("feat: theirs", {"theirs": "1"})
    other.git("push", "-q", "origin", "stable")
    release.open()
    seal = release.make()
    assert release.publish(seal, branch="stable", force=True).verdict == "published"
    assert project.bare.git("rev-parse", "stable") == seal.commit


@pytest.mark.parametrize(("remote", "branch"), [("nowhere", None), ("origin", "-x"), ("broken", None)])
def test_order_that_cannot_be_followed(project: Any, release: Any, remote: str, branch: str | None) -> None:
    """A remote or branch that does not exist is refused in words."""
    project.git("remote", "add", "broken", "/no/such/place")
    release.open()
    seal = release.make()
    publication = release.adapter.publish(seal, PushOrder(remote, branch))
    assert publication.verdict == "refused"
    assert publication.detail


def test_moved_floating_tag_is_not_overwritten(project: Any, release: Any, releases: Any) -> None:
    """Somebody moved the floating tag after it was seen: the whole push fails and says so."""
    first = releases(project.path, 5)
    first.open()
    seal = first.make("0.9.5", floating=["v{major}"])
    assert first.publish(seal).verdict == "published"
    first.finish(seal)
    release.open()
    seal = release.make(floating=["v{major}", "v0"])
    project.bare.git("tag", "-f", "v0", seal.base)
    publication = release.publish(seal)
    assert publication.verdict == "moved"
    assert "v0" in publication.detail
    assert "v1.0.0" not in project.bare.tags


def test_instead_of_rules_apply_once(project: Any, release: Any) -> None:
    """Rewritten addresses are used as git would, also where rules would chain."""
    project.git("remote", "set-url", "origin", "short:x")
    project.git("config", f"url.{project.bare.path}.insteadOf", "short:x")
    project.git("config", "url./nowhere/.insteadOf", f"{project.bare.path.parent}/")
    release.open()
    assert release.publish(release.make()).verdict == "published"


def test_a_step_must_not_push_by_itself(project: Any, release: Any) -> None:
    """The adapter's own push is closed while a transaction is open."""
    release.open()
    with pytest.raises(PermanentError, match="must not push"):
        release.adapter.push("main")
