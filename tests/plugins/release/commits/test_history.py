"""The commits since the last release, in real repositories."""

from __future__ import annotations

from typing import Any

import pytest
from vwmp_release.plugins.release.commits import history
from vwmp_release.plugins.release.commits.history import Span, since_release, walk
from vwmp_release.plugins.release.commits.tags import candidates, listing
from vwmp_release.plugins.release.versions import registry

from vwmp_release.errors import PermanentError

S = registry.get("semver")


def _since(repo: Any, scheme: str = "semver", **options: Any) -> Span:
    own = registry.get(scheme)
    tags = candidates(listing(repo.path), own)
    return since_release(repo.path, repo.head, tags, own, lambda version: not version.prerelease, **options)


def _summary(span: Span) -> tuple[str | None, list[str], list[str]]:
    base = span.base.name if span.base else None
    return base, [commit.subject for commit in span.commits], sorted(tag.name for tag in span.passed)


def test_walking_keeps_every_message(repo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages of any form arrive whole, newest first, also past the first page."""
    monkeypatch.setattr(history, "_FIRST", 3)
    messages = ["feat: ä\n\nbody\n\nwith ünïcode\n", "fix: two\n", "x" * 5000 + "\n", "", "docs: five\n\n\n"]
    for message in messages:
        repo.git("commit", "-q", "--allow-empty", "--allow-empty-message", "--cleanup=verbatim", "-F-", stdin=message)
    commits = list(walk(repo.path, "HEAD"))
    assert [commit.message.rstrip("\n") for commit in commits] == [message.rstrip("\n") for message in messages[::-1]]
    assert {commit.author for commit in commits} == {"Test Author"}
    assert commits[0].parents == (commits[1].sha,)
    assert list(walk(repo.path, "HEAD..HEAD")) == []


@pytest.mark.parametrize("revision", ["nowhere", "--all", "a b", "-n1"])
def test_unknown_revisions_are_refused(repo: Any, revision: str) -> None:
    """What is no revision is refused, and never read as an option."""
    repo.commit("feat: a")
    with pytest.raises(PermanentError, match="cannot list the commits"):
        list(walk(repo.path, revision))


def test_the_line_since_the_last_stable_release(repo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text order, floating tags and prereleases do not mislead: v0.10.0 follows v0.9.0."""
    monkeypatch.setattr(history, "_FIRST", 2)
    repo.commit("feat: a")
    repo.tag("v0.9.0")
    repo.commit("feat: b")
    for name in ("v0.10.0-rc.1", "v0.10.0", "v0", "nightly-3"):
        repo.tag(name)
    repo.commit("fix: c")
    repo.tag("v0.11.0-beta.1")
    repo.tag("v1-base")
    for subject in ("fix: d", "fix: e", "fix: f"):
        repo.commit(subject)
    assert _summary(_since(repo)) == (
        "v0.10.0",
        ["fix: f", "fix: e", "fix: d", "fix: c"],
        ["v0.10.0-rc.1", "v0.11.0-beta.1"],
    )


def test_without_a_release_all_commits_count(repo: Any) -> None:
    """Where no release is part of the history the range is everything; prereleases are reported."""
    repo.commit("feat: a")
    repo.tag("v0.1.0-rc.1")
    repo.commit("fix: b")
    assert _summary(_since(repo)) == (None, ["fix: b", "feat: a"], ["v0.1.0-rc.1"])


def test_nothing_since_the_release(repo: Any) -> None:
    """A release on HEAD leaves no commits."""
    repo.commit("feat: a")
    repo.tag("v1.0.0")
    assert _summary(_since(repo)) == ("v1.0.0", [], [])


def test_a_commit_older_than_the_tag_but_merged_after_it(repo: Any) -> None:
    """Reachability decides and not the date: a branch from before the release counts once it is merged."""
    repo.commit("feat: a")
    repo.git("switch", "-q", "-c", "side")
    repo.commit("feat: old branch")
    repo.git("switch", "-q", "main")
    repo.commit("fix: b")
    repo.tag("v1.0.0")
    repo.git("merge", "-q", "--no-ff", "-m", "Merge side", "side")
    base, subjects, _ = _summary(_since(repo))
    assert (base, sorted(subjects)) == ("v1.0.0", ["Merge side", "feat: old branch"])


def test_a_merged_maintenance_branch_does_not_lower_the_version(repo: Any) -> None:
    """Of two releases in the history the higher one is the last, though the other is newer."""
    repo.commit("feat: a")
    repo.tag("v1.0.0")
    repo.git("switch", "-q", "-c", "maintenance")
    repo.git("switch", "-q", "main")
    repo.commit("feat!: b")
    repo.tag("v2.0.0")
    repo.git("switch", "-q", "maintenance")
    repo.commit("fix: c")
    repo.tag("v1.0.1")
    repo.git("switch", "-q", "main")
    repo.git("merge", "-q", "--no-ff", "-m", "Merge maintenance", "maintenance")
    base, subjects, passed = _summary(_since(repo))
    assert (base, sorted(subjects), passed) == ("v2.0.0", ["Merge maintenance", "fix: c"], ["v1.0.1"])


def test_on_a_maintenance_branch_its_own_release_is_the_last(repo: Any) -> None:
    """Releases that are not part of the history do not count, however high."""
    repo.commit("feat: a")
    repo.tag("v1.0.0")
    repo.git("switch", "-q", "-c", "maintenance")
    repo.commit("fix: c")
    repo.git("switch", "-q", "main")
    repo.commit("feat!: b")
    repo.tag("v2.0.0")
    repo.git("switch", "-q", "maintenance")
    assert _summary(_since(repo)) == ("v1.0.0", ["fix: c"], [])


def test_a_higher_release_further_down_is_the_last(repo: Any) -> None:
    """By version order v2.0.0 is the last release, though v1.9.1 was tagged above it."""
    repo.commit("feat: a")
    repo.tag("v2.0.0")
    repo.commit("fix: b")
    repo.tag("v1.9.1")
    repo.commit("fix: c")
    assert _summary(_since(repo)) == ("v2.0.0", ["fix: c", "fix: b"], ["v1.9.1"])


def test_where_versions_do_not_grow_the_nearest_release_is_the_last(repo: Any) -> None:
    """In the scheme epic a later release may have a lower version."""
    repo.commit("feat: a")
    repo.tag("v0.2.1.1+1")
    repo.commit("feat: b")
    repo.tag("v0.1.4.7+2")
    repo.commit("fix: c")
    assert _summary(_since(repo, "epic")) == ("v0.1.4.7+2", ["fix: c"], [])


def test_a_shallow_clone_says_whether_its_range_is_complete(repo: Any) -> None:
    """A range that reaches the end of a cut history is not complete."""
    repo.commit("feat: a")
    repo.tag("v1.0.0")
    repo.commit("fix: b")
    repo.commit("fix: c")
    cut = repo.clone("cut", "--depth=2")
    assert not _since(cut, shallow=True).complete
    assert _since(repo.clone("deep", "--depth=3"), shallow=True).complete
    assert _since(repo).complete
