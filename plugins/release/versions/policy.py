"""Which level a commit asks for: Conventional Commits 1.0.0, and the caution that versions 0.x are owed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from vwmp_release.errors import PermanentError

from ..commits.message import Commit
from .scheme import Scheme

LEVELS = ("build", "patch", "minor", "feature_set", "major")
"""The levels that commits can ask for, lowest first."""
_PATCH_TYPES = ("fix", "perf", "revert")


class Ruling(NamedTuple):
    """What a commit asks for.

    Args:
        level: One of `LEVELS`; empty for a commit that asks for no release.
        rule: Why, a few words.
    """

    level: str
    rule: str


class Policy(NamedTuple):
    """The rules for one release.

    Args:
        scheme: Name of the scheme.
        zero: Whether the current version is 0.x: nothing is promised yet (SemVer 2.0.0 §4).
        zero_breaking: What a breaking change asks for then: `minor` or `major`. On four-part versions `minor` means
            the second number, feature_set: the third is what every feature raises.
        zero_feat: What a feature asks for then: `minor` or `patch`.
    """

    scheme: str = "semver"
    zero: bool = False
    zero_breaking: str = "minor"
    zero_feat: str = "minor"

    def judge(self, commit: Commit) -> Ruling:
        """Return what a commit asks for.

        Args:
            commit: A commit that is neither reverted nor a plain merge.
        """
        if commit.is_breaking:
            ruling = self._breaking()
        elif commit.type == "feat":
            ruling = self._feature()
        elif commit.type in _PATCH_TYPES:
            ruling = Ruling("patch", f"{commit.type} → patch")
        else:
            return Ruling("", f"the type {commit.type} asks for no release")
        if self.scheme == "epic":  # the numbers name the work, only BUILD counts
            return Ruling("build", f"{ruling.rule.partition(' →')[0]} → build")
        return ruling

    def _breaking(self) -> Ruling:
        if not self.zero:
            return Ruling("major", "breaking change → major")
        if self.zero_breaking == "major":
            return Ruling("major", "breaking change → major (zero_version.breaking: major)")
        level = "feature_set" if self.scheme == "four-part" else "minor"
        return Ruling(level, f"breaking change → {level} on 0.x")

    def _feature(self) -> Ruling:
        if self.zero and self.zero_feat == "patch":
            return Ruling("patch", "feat → patch on 0.x (zero_version.feat: patch)")
        return Ruling("minor", "feat → minor")


def from_config(scheme: Scheme, major: int, zero_version: Mapping[str, str] | None) -> Policy:
    """Return the rules for a release.

    Args:
        scheme: The version scheme.
        major: First number of the current version.
        zero_version: The key of this name: `breaking` and `feat`, both optional.

    Raises:
        PermanentError: A value of `zero_version` is none of those allowed.
    """
    zero = zero_version or {}
    breaking, feat = zero.get("breaking", "minor"), zero.get("feat", "minor")
    if breaking not in {"minor", "major"} or feat not in {"minor", "patch"}:
        raise PermanentError(
            f"zero_version: {dict(zero)} is not understood", hint="breaking is minor or major, feat is minor or patch"
        )
    return Policy(scheme.name, major == 0, breaking, feat)


def highest(levels: Iterable[str]) -> str:
    """Return the highest of some levels; empty where there is none.

    Args:
        levels: Levels of `LEVELS`; empty ones are passed over.
    """
    return max((level for level in levels if level), key=LEVELS.index, default="")
