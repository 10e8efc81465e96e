"""Addresses and tracking refs."""

from __future__ import annotations

from typing import Any

import pytest
from vwmp_release.plugins.git import remote, settings


@pytest.mark.parametrize(
    ("fetch", "branch", "tracking"),
    [
        (["+refs/heads/*:refs/remotes/origin/*"], "a/b", "refs/remotes/origin/a/b"),
        (["+refs/heads/main:refs/remotes/up/main"], "main", "refs/remotes/up/main"),
        (["^refs/heads/x", "+refs/heads/rel-*:refs/rel/*"], "rel-1", "refs/rel/1"),
        (["+refs/heads/rel-*:refs/rel/*"], "main", None),
        (["refs/heads/main"], "main", None),
        ([], "main", None),
    ],
)
def test_tracking_ref(fetch: list[str], branch: str, tracking: str | None) -> None:
    """The tracking ref follows the remote's fetch refspecs."""
    assert remote.tracking_ref(settings.Settings({"remote.origin.fetch": fetch}), "origin", branch) == tracking


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://u:p@h/x.git?private_token=1", "https://h/x.git"),
        ("ssh://git@h:22/x", "ssh://h:22/x"),
        ("git@h:x", "git@h:x"),
        ("/a/path", "/a/path"),
    ],
)
def test_addresses_for_people(url: str, shown: str) -> None:
    """User information and queries never show."""
    assert remote.without_user(url) == shown


def test_endpoint(repo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only local paths are made absolute; the remote's own settings come along; ssh never asks, unless told to."""
    root = repo.path
    for url, expected in (
        ("../x", str(root.parent / "x")),
        ("h:x", "h:x"),
        ("file:///x", "file:///x"),
        ("./a:b", str(root / "a:b")),
    ):
        repo.git("config", "remote.r.url", url)
        repo.git("config", "remote.r.receivepack", "other-pack")
        where = remote.endpoint(root, settings.read(root), "r")
        assert where.url == expected
        assert "other-pack" in where.env.values()
        assert where.env["GIT_SSH_COMMAND"] == "ssh -o BatchMode=yes"
        assert "other-pack" not in repr(where)
    monkeypatch.setenv("GIT_SSH", "plink")
    assert "GIT_SSH_COMMAND" not in remote.endpoint(root, settings.read(root), "r").env
