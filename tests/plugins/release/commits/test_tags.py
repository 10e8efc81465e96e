"""Release tags and their templates."""

from __future__ import annotations

from typing import Any

import pytest
from vwmp_release.plugins.release.commits.tags import TagName, candidates, listing, matching, reachable, split_template
from vwmp_release.plugins.release.versions import registry

from vwmp_release.errors import PermanentError

S = registry.get("semver")


def _named(*names: str) -> list[TagName]:
    return [TagName(name, "c") for name in names]


@pytest.mark.parametrize("template", ["v", "v{versio}", "{version}{version}", "{name}-v{version}", "v{version}}"])
def test_bad_templates_are_refused(template: str) -> None:
    """A template holds `{version}` once and nothing else in braces."""
    with pytest.raises(PermanentError, match="tag_template"):
        split_template(template)


def test_a_template_selects_tags() -> None:
    """Text before and after the version is taken off; what the scheme cannot read is no release."""
    tags = _named("app-1.2.3-final", "app-1.3.0-final", "app-x-final", "1.2.3", "app-1.4.0")
    assert [tag.name for tag in matching(tags, "app-{version}-final", S)] == ["app-1.2.3-final", "app-1.3.0-final"]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["v1.0.0", "1.1.0", "v1", "latest", "app-2.0.0"], {"v1.0.0": "v", "1.1.0": ""}),
        (["app-2.0.0", "py3-v1.0.0"], {"app-2.0.0": "app-", "py3-v1.0.0": "py3-v"}),
        (["release/1.2.3-rc.1"], {"release/1.2.3-rc.1": "release/"}),
        (["1.2.3.4", "v01.2.3", "x"], {}),
    ],
)
def test_candidates(names: list[str], found: dict[str, str]) -> None:
    """Bare versions and those after `v` come first; other prefixes count where there are none of them."""
    assert {tag.name: tag.prefix for tag in candidates(_named(*names), S)} == found


def test_listing_and_reachability(repo: Any) -> None:
    """Tags are listed with the commits they name, annotated or not; reachable are those in the history."""
    first = repo.commit("feat: a")
    repo.tag("v1.0.0")
    repo.git("switch", "-q", "-c", "side")
    second = repo.commit("feat: b")
    repo.tag("v2.0.0", "")
    assert sorted(listing(repo.path)) == [TagName("v1.0.0", first), TagName("v2.0.0", second)]
    releases = candidates(listing(repo.path), S)
    assert [tag.name for tag in reachable(repo.path, first, releases)] == ["v1.0.0"]
