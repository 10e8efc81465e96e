"""What may reach a git command line."""

from __future__ import annotations

from typing import Any

import pytest
from vwmp_release.plugins.git import names
from vwmp_release.plugins.git.delivery import Delivery

from vwmp_release.errors import PermanentError


@pytest.mark.parametrize("text", ["", "HEAD", "a" * 39, "A" * 40, "0" * 40, "a" * 41, "a" * 40 + "\n"])
def test_only_full_ids_are_ids(text: str) -> None:
    """An empty, short or null id never reaches a refspec, where it could delete."""
    with pytest.raises(PermanentError):
        names.object_id(text)
    with pytest.raises(PermanentError):
        Delivery("origin", "main", text).arguments("origin")


@pytest.mark.parametrize(
    "name", ["", "@", "a//b", "a/", "a.", ".a", "a/.b", "a@{b", "a\\b", "a\x7f", "x:y", "a.lock/b"]
)
def test_ref_names_follow_git(repo: Any, name: str) -> None:
    """What is refused here, git refuses too."""
    assert names.ref_trouble(name)
    assert repo.attempt("check-ref-format", "--branch", name).code != 0 or name == "@"


def test_null_ids() -> None:
    """The null id is as long as the format's ids."""
    assert [len(names.null_id(kind)) for kind in ("sha1", "sha256")] == [40, 64]
