"""Which level a commit asks for."""

from __future__ import annotations

import pytest
from vwmp_release.plugins.release.commits.message import parse
from vwmp_release.plugins.release.versions import registry
from vwmp_release.plugins.release.versions.policy import from_config, highest

from vwmp_release.errors import PermanentError


@pytest.mark.parametrize(
    ("scheme", "major", "zero", "message", "level"),
    [
        ("semver", 1, None, "feat!: x", "major"),
        ("semver", 1, None, "chore: x\n\nBREAKING CHANGE: y", "major"),
        ("semver", 1, None, "feat: x", "minor"),
        ("semver", 1, None, "fix: x", "patch"),
        ("semver", 1, None, "perf: x", "patch"),
        ("semver", 1, None, "revert: x", "patch"),
        ("semver", 1, None, "docs: x", ""),
        ("semver", 0, None, "feat!: x", "minor"),
        ("semver", 0, {"breaking": "major"}, "feat!: x", "major"),
        ("semver", 0, None, "feat: x", "minor"),
        ("semver", 0, {"feat": "patch"}, "feat: x", "patch"),
        ("semver", 1, {"feat": "patch"}, "feat: x", "minor"),
        ("semver", 0, None, "fix: x", "patch"),
        ("four-part", 0, None, "feat!: x", "feature_set"),
        ("four-part", 0, {"breaking": "major"}, "feat!: x", "major"),
        ("four-part", 1, None, "feat!: x", "major"),
        ("four-part", 0, None, "feat: x", "minor"),
        ("epic", 0, None, "feat!: x", "build"),
        ("epic", 0, None, "fix: x", "build"),
        ("epic", 0, None, "docs: x", ""),
    ],
)
def test_levels(scheme: str, major: int, zero: dict[str, str] | None, message: str, level: str) -> None:
    """Breaking, feat and the rest have their levels, and 0.x is spared its major number."""
    ruling = from_config(registry.get(scheme), major, zero).judge(parse("a" * 40, message))
    assert ruling.level == level
    assert level in ruling.rule


def test_wrong_values_are_refused() -> None:
    """`zero_version` takes the documented values only."""
    with pytest.raises(PermanentError, match="zero_version"):
        from_config(registry.get("semver"), 0, {"breaking": "patch"})


def test_the_highest_level_wins() -> None:
    """Levels have an order, and no level at all is empty."""
    assert highest(["patch", "", "minor", "patch"]) == "minor"
    assert highest(["minor", "feature_set"]) == "feature_set"
    assert highest(["", ""]) == ""
