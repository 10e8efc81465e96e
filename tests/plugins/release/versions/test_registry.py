"""Finding a scheme by name, and by the look of a version."""

from __future__ import annotations

import pytest
from vwmp_release.plugins.release.versions import registry

from vwmp_release.errors import PermanentError


@pytest.mark.parametrize(
    ("name", "own"), [("semver", "semver"), ("four-part", "four-part"), ("n-part", "four-part"), ("epic", "epic")]
)
def test_every_name_leads_to_a_scheme(name: str, own: str) -> None:
    """Each name, aliases included, gives a scheme."""
    assert registry.get(name).name == own


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    """A typo is answered with the name that was meant."""
    with pytest.raises(PermanentError, match="no version scheme 'semvar'") as caught:
        registry.get("semvar")
    assert "semver" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "name"),
    [("1.2.3", "semver"), ("1.2.3-rc.1", "semver"), ("0.21.0.1", "four-part"), ("0.1.4.7+2", "four-part")],
)
def test_versions_are_recognised_by_their_numbers(text: str, name: str) -> None:
    """Three numbers are semver, four are four-part."""
    assert registry.recognise(text) == name


@pytest.mark.parametrize("text", ["", "1.2", "1.2.3b1", "2024", "x" * 80])
def test_other_versions_are_refused(text: str) -> None:
    """A version of no known scheme is refused, with a hint at the key."""
    with pytest.raises(PermanentError) as caught:
        registry.recognise(text)
    assert "scheme" in caught.value.hint


def test_schemes_without_tasks_refuse_them() -> None:
    """A task needs a scheme whose versions name tasks."""
    with pytest.raises(PermanentError, match="does not name tasks"):
        registry.get("semver").next_of_task("E1:S1:T1", 0, [])
