"""The rules that decide the next version, as tables."""

from __future__ import annotations

from typing import Any

import pytest
from vwmp_release.plugins.release.versions import registry
from vwmp_release.plugins.release.versions.decision import Request, Situation, decide, difference

from vwmp_release.errors import PermanentError


def _situation(
    scheme: str = "semver", file: str = "", base: str = "", passed: str = "", taken: str = "", **more: Any
) -> Situation:
    own = registry.get(scheme)
    tags = [own.parse(text) for text in passed.split()]
    start = own.parse(base) if base else None
    everything = [*tags, *([start] if start else []), *(own.parse(text) for text in taken.split())]
    return Situation(own, own.parse(file) if file else None, start, tags, everything, **more)


@pytest.mark.parametrize(
    ("known", "asked", "new", "bump"),
    [
        # first releases
        ({}, {}, "0.1.0", "first"),
        ({}, {"first": "1.0.0"}, "1.0.0", "first"),
        ({}, {"level": "major"}, "0.1.0", "first"),
        ({}, {"channel": "beta"}, "0.1.0-beta.1", "first"),
        ({}, {"version": "3.0.0"}, "3.0.0", "first"),
        ({"file": "1.4.0"}, {}, "1.4.0", "first"),
        ({"file": "1.4.0", "level": "major"}, {}, "1.4.0", "first"),
        ({"file": "1.4.0"}, {"level": "minor"}, "1.5.0", "minor"),
        ({"file": "1.4.0"}, {"channel": "rc"}, "1.4.0-rc.1", "first"),
        ({"file": "1.4.0-rc.2"}, {"channel": "rc"}, "1.4.0-rc.2", "first"),
        ({"file": "1.4.0-rc.2"}, {"graduate": True}, "1.4.0", "graduate"),
        ({"file": "1.4.0"}, {"version": "1.4.0"}, "1.4.0", "version"),
        # auto
        ({"base": "1.2.3", "level": "minor"}, {}, "1.3.0", "minor"),
        ({"base": "1.2.3", "file": "1.2.3", "level": "patch"}, {}, "1.2.4", "patch"),
        ({"base": "1.2.3", "file": "1.4.0", "level": "patch"}, {}, "1.4.1", "patch"),
        ({"base": "1.2.3", "file": "1.0.0", "level": "patch"}, {}, "1.2.4", "patch"),
        ({"base": "1.2.3"}, {}, None, ""),
        ({"base": "1.2.3"}, {"level": "patch"}, "1.2.4", "patch"),
        # prereleases
        ({"base": "1.2.3", "level": "minor"}, {"channel": "beta"}, "1.3.0-beta.1", "minor"),
        (
            {"base": "1.3.0-beta.1", "level": "patch", "fresh": "patch"},
            {"channel": "beta"},
            "1.3.0-beta.2",
            "prerelease",
        ),
        ({"base": "1.2.4-rc.1", "level": "major", "fresh": "major"}, {"channel": "rc"}, "2.0.0-rc.1", "major"),
        ({"base": "1.3.0-beta.1"}, {"channel": "beta"}, None, ""),
        ({"base": "1.2.3", "passed": "1.3.0-beta.2", "level": "minor"}, {"channel": "rc"}, "1.3.0-rc.1", "prerelease"),
        (
            {"base": "1.3.0-alpha.1", "passed": "1.3.0-beta.1", "level": "patch", "fresh": "patch"},
            {"channel": "alpha"},
            "1.3.0-alpha.2",
            "prerelease",
        ),
        ({"base": "1.2.3", "taken": "1.3.0-beta.3", "level": "minor"}, {"channel": "beta"}, "1.3.0-beta.4", "minor"),
        (
            {"base": "1.2.3", "file": "1.3.0-beta.1", "level": "minor"},
            {"level": "prerelease"},
            "1.3.0-beta.2",
            "prerelease",
        ),
        # graduation
        ({"base": "1.2.3", "passed": "1.3.0-rc.2", "level": "minor"}, {"graduate": True}, "1.3.0", "graduate"),
        ({"base": "1.2.3", "passed": "1.3.0-rc.2"}, {"graduate": True}, "1.3.0", "graduate"),
        ({"base": "1.2.3", "passed": "1.3.0-rc.2", "level": "major"}, {"graduate": True}, "1.3.0", "graduate"),
        (
            {"base": "1.2.3", "passed": "1.3.0-rc.2", "level": "major", "fresh": "major"},
            {"graduate": True},
            "2.0.0",
            "major",
        ),
        ({"base": "1.2.3", "passed": "1.3.0-rc.2", "level": "minor"}, {}, "1.3.0", "graduate"),
        # given versions
        ({"base": "1.2.3"}, {"version": "2.0.0"}, "2.0.0", "major"),
        ({"base": "1.2.3"}, {"version": "1.2.4-rc.1"}, "1.2.4-rc.1", "patch"),
        ({"base": "1.2.3", "file": "1.3.0"}, {"version": "1.3.0"}, "1.3.0", "version"),
        # four numbers
        ({"scheme": "four-part", "base": "0.21.0.1", "level": "feature_set"}, {}, "0.22.0.0", "feature_set"),
        # epic
        ({"scheme": "epic", "taken": "0.1.4.7+2"}, {"task": "E1:S4:T7"}, "0.1.4.7+3", "build"),
        ({"scheme": "epic", "file": "1.1.4.7+2", "base": "1.1.4.7+1"}, {"task": "E1:S4:T7"}, "1.1.4.7+3", "build"),
        ({"scheme": "epic", "base": "0.9.9.9+9", "file": "0.1.1.1+1", "level": "build"}, {}, "0.1.1.1+2", "build"),
        ({"scheme": "epic", "base": "0.9.9.9+9"}, {"version": "0.1.1.1+1"}, "0.1.1.1+1", "feature_set"),
        ({"scheme": "epic"}, {"task": "E2:S1:T3"}, "0.2.1.3+1", "build"),
    ],
)
def test_decisions(known: dict[str, Any], asked: dict[str, Any], new: str | None, bump: str) -> None:
    """What is known and what is asked for lead to one version, and the decision names its rule."""
    situation = _situation(**known)
    decision = decide(situation, Request(**asked))
    shown = situation.scheme.render(decision.new) if decision.new else None
    assert (shown, decision.bump) == (new, bump)


@pytest.mark.parametrize(
    ("known", "asked", "words"),
    [
        ({"base": "1.2.3"}, {"version": "1.2.3"}, "not higher than the current 1.2.3"),
        ({"base": "1.2.3"}, {"version": "1.0.0"}, "not higher"),
        ({"base": "1.2.3"}, {"version": "x"}, "no semver version"),
        ({"base": "1.2.3"}, {"graduate": True}, "no prerelease"),
        ({"base": "1.2.3"}, {"level": "huge"}, "no level"),
        ({"file": "1.2.3"}, {"channel": "ü"}, "no prerelease channel"),
        ({"base": "1.2.3"}, {"task": "E1:S1:T1"}, "does not name tasks"),
    ],
)
def test_refusals(known: dict[str, Any], asked: dict[str, Any], words: str) -> None:
    """Requests that cannot be met are refused."""
    with pytest.raises(PermanentError, match=words):
        decide(_situation(**known), Request(**asked))


@pytest.mark.parametrize(
    ("scheme", "old", "new", "name"),
    [
        ("semver", "1.2.3", "1.3.0", "minor"),
        ("semver", "1.2.3-rc.1", "1.2.3", "graduate"),
        ("semver", "1.2.3-rc.1", "1.2.3-rc.2", "prerelease"),
        ("semver", "1.2.3", "1.2.3+1", "build"),
        ("four-part", "1.2.3.4", "1.3.0.0", "feature_set"),
        ("four-part", "1.2.3.4", "1.2.4.0", "minor"),
    ],
)
def test_differences_have_names(scheme: str, old: str, new: str, name: str) -> None:
    """The first part that differs names the level of a version that was given."""
    own = registry.get(scheme)
    assert difference(own, own.parse(old), own.parse(new)) == name
