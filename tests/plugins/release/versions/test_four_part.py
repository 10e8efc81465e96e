"""Versions of four numbers."""

from __future__ import annotations

import pytest
from vwmp_release.plugins.release.versions.four_part import FourPart

from vwmp_release.errors import PermanentError

S = FourPart()


@pytest.mark.parametrize(
    ("old", "level", "new"),
    [
        ("0.21.0.1", "patch", "0.21.0.2"),
        ("0.21.0.1", "minor", "0.21.1.0"),
        ("0.21.0.1", "feature", "0.21.1.0"),
        ("0.21.0.1", "feature_set", "0.22.0.0"),
        ("0.21.0.1", "major", "1.0.0.0"),
        ("0.21.0.1+3", "patch", "0.21.0.2"),
        ("0.21.0.1+3", "build", "0.21.0.1+4"),
        ("0.21.0.1", "build", "0.21.0.1+1"),
        ("0.21.0.1", "preminor", "0.21.1.0-rc.1"),
    ],
)
def test_bumps(old: str, level: str, new: str) -> None:
    """What stands right of the raised number becomes 0, and build metadata is dropped."""
    assert S.render(S.bump(S.parse(old), level)) == new


def test_builds_order_versions() -> None:
    """A higher build is a later version, compared as a number."""
    texts = ["0.21.0.1", "0.21.0.1+2", "0.21.0.1+10", "0.21.0.1+x", "0.21.0.2"]
    versions = [S.parse(text) for text in texts]
    assert sorted([*versions[3:], *versions[:3]], key=S.key) == versions


def test_three_numbers_are_refused() -> None:
    """A semver version is none of this scheme."""
    with pytest.raises(PermanentError, match="is no four-part version: it has 3 numbers"):
        S.parse("1.2.3")
