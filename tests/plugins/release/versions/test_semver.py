"""Semantic Versioning 2.0.0: reading, order and bumps."""

from __future__ import annotations

import pytest
import semver
from hypothesis import given
from hypothesis import strategies as st
from vwmp_release.plugins.release.versions.semver import SemVer
from vwmp_release.plugins.release.versions.version import Version, after, channel_of, counter_of, next_build

from vwmp_release.errors import PermanentError

S = SemVer()


@pytest.mark.parametrize(
    "text",
    ["0.0.0", "1.2.3", "10.20.30", "1.2.3-beta.1", "1.2.3--", "1.2.3-0a.x-y.7", "1.2.3+007", "1.2.3-rc.1+b.001"],
)
def test_what_is_read_is_written_the_same(text: str) -> None:
    """Every version of the grammar survives reading and writing."""
    assert S.render(S.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("v1.2.3", "belongs to the tag"),
        ("1.2", "has 2 numbers"),
        ("1.2.3.4", "has 4 numbers"),
        ("01.2.3", "leading zero"),
        ("1.2.x", "its form is not"),
        ("1.2.3-01", "what follows the numbers"),
        ("1.2.3-", "what follows the numbers"),
        ("1.2.3+a+b", "what follows the numbers"),
        ("１.2.3", "its form is not"),
        ("9" * 300, "more than 256"),
    ],
)
def test_refusals_say_why(text: str, why: str) -> None:
    """A version that cannot be read is refused with the reason and a way out."""
    with pytest.raises(PermanentError) as caught:
        S.parse(text)
    assert why in caught.value.why
    assert "scheme" in caught.value.hint
    assert S.read(text) is None


def test_order_is_that_of_the_specification() -> None:
    """SemVer 2.0.0 §11: the example of the specification, in order."""
    texts = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11"]
    texts += ["1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0"]
    versions = [S.parse(text) for text in texts]
    assert sorted([*versions[3:], *versions[:3]], key=S.key) == versions
    assert S.key(S.parse("1.0.0+1")) == S.key(S.parse("1.0.0+2"))


@pytest.mark.parametrize(
    ("old", "level", "channel", "new"),
    [
        ("1.2.3", "patch", None, "1.2.4"),
        ("1.2.3", "minor", None, "1.3.0"),
        ("1.2.3", "feature", None, "1.3.0"),
        ("1.2.3", "feature_set", None, "1.3.0"),
        ("1.2.3", "major", None, "2.0.0"),
        ("1.2.3+7", "patch", None, "1.2.4"),
        ("1.2.3+7", "build", None, "1.2.3+8"),
        ("1.2.3", "build", None, "1.2.3+1"),
        ("1.2.3", "minor", "beta", "1.3.0-beta.1"),
        ("1.3.0-beta.1", "minor", "beta", "1.3.0-beta.2"),
        ("1.3.0-beta.1", "patch", "beta", "1.3.0-beta.2"),
        ("1.3.0-beta.9", "patch", "beta", "1.3.0-beta.10"),
        ("1.3.0-beta.2", "major", "beta", "2.0.0-beta.1"),
        ("1.2.4-beta.2", "minor", "beta", "1.3.0-beta.1"),
        ("1.3.0-beta.2", "patch", "rc", "1.3.0-rc.1"),
        ("1.3.0-beta.2", "patch", None, "1.3.0"),
        ("1.3.0-beta.2", "minor", None, "1.3.0"),
        ("1.3.0-beta.2", "major", None, "2.0.0"),
        ("2.0.0-rc.1", "major", None, "2.0.0"),
        ("1.2.3", "prerelease", None, "1.2.4-rc.1"),
        ("1.2.4-beta.1", "prerelease", None, "1.2.4-beta.2"),
        ("1.2.3", "prepatch", "beta", "1.2.4-beta.1"),
        ("1.2.3", "preminor", None, "1.3.0-rc.1"),
        ("1.3.0-rc.1", "preminor", None, "1.4.0-rc.1"),
        ("1.2.3", "premajor", "a.b", "2.0.0-a.b.1"),
        ("1.3.0-rc1", "prerelease", None, "1.3.0-rc2"),
        ("1.3.0-rc", "prerelease", None, "1.3.0-rc.1"),
    ],
)
def test_bumps(old: str, level: str, channel: str | None, new: str) -> None:
    """Each level raises its number; a prerelease keeps its base where this covers the level."""
    assert S.render(S.bump(S.parse(old), level, prerelease=channel)) == new


def test_build_metadata_stays_when_it_is_not_reset() -> None:
    """`reset_build: false` carries build metadata over."""
    assert S.render(S.bump(S.parse("1.2.3+7"), "patch", reset_build=False)) == "1.2.4+7"


@pytest.mark.parametrize(("level", "channel"), [("giant", None), ("prehistoric", None), ("patch", "1"), ("patch", "ä")])
def test_unknown_levels_and_channels_are_refused(level: str, channel: str | None) -> None:
    """A level that the scheme lacks and a channel that no version can hold are refused."""
    with pytest.raises(PermanentError):
        S.bump(S.parse("1.2.3"), level, prerelease=channel)


@pytest.mark.parametrize(
    ("text", "channel", "counter"),
    [
        ("1.0.0", "", 0),
        ("1.0.0-beta.2", "beta", 2),
        ("1.0.0-rc3", "rc", 3),
        ("1.0.0-a.b", "a.b", 0),
        ("1.0.0-7", "", 7),
    ],
)
def test_channel_and_counter(text: str, channel: str, counter: int) -> None:
    """The channel is what stands before the counter, with or without a dot between them."""
    assert (channel_of(S.parse(text)), counter_of(S.parse(text))) == (channel, counter)


def test_counters_rise_above_taken_ones() -> None:
    """A counter never repeats one that a tag has taken, and other channels do not count."""
    taken = [S.parse(text) for text in ("1.3.0-beta.4", "1.3.0-rc.9", "1.4.0-beta.8", "1.3.0")]
    assert S.render(after(S.parse("1.3.0-beta.1"), taken)) == "1.3.0-beta.5"
    assert S.render(after(S.parse("1.3.0-beta.7"), taken)) == "1.3.0-beta.7"
    assert S.render(after(S.parse("1.3.0-alpha.1"), taken)) == "1.3.0-alpha.1"
    assert after(Version((1, 3, 0)), taken) == Version((1, 3, 0))


@pytest.mark.parametrize(("build", "expected"), [("", "1"), ("7", "8"), ("b.9.x", "b.10.x"), ("2024-01", "2024-2")])
def test_the_last_number_of_a_build_rises(build: str, expected: str) -> None:
    """The level build raises the last number after the plus sign."""
    assert next_build(build) == expected


def test_a_build_without_numbers_is_refused() -> None:
    """Build metadata without a number cannot be raised."""
    with pytest.raises(PermanentError, match="holds no number"):
        next_build("abc")


_TEXTS = st.from_regex(
    r"(?:0|[1-9][0-9]?)\.[0-9]{1,2}\.[0-9]{1,2}(?:-[0-9A-Za-z.-]{1,8})?(?:\+[0-9A-Za-z.-]{1,6})?", fullmatch=True
)


@given(_TEXTS, _TEXTS)
def test_reading_and_order_agree_with_the_library(first: str, second: str) -> None:
    """What is a version, and which of two is higher, is as the library `semver` has it."""
    read = [S.read(text) for text in (first, second)]
    assert [version is not None for version in read] == [semver.Version.is_valid(text) for text in (first, second)]
    if read[0] is not None and read[1] is not None:
        ours = (S.key(read[0]) > S.key(read[1])) - (S.key(read[0]) < S.key(read[1]))
        assert ours == semver.Version.parse(first).compare(second)
