"""A release to write about."""

from datetime import UTC, datetime
from typing import Any

import pytest
from vwmp_release.plugins.release.changelog.changes import Change
from vwmp_release.plugins.release.changelog.links import links
from vwmp_release.plugins.release.changelog.release import Release


@pytest.fixture
def make_release():
    """Make a release of 1.2.3; commits are given as the output `commits` has them."""

    def make(*commits, remote="https://github.com/acme/widget.git", **fields):
        values: dict[str, Any] = {
            "version": "1.2.3",
            "date": datetime(2026, 1, 31, 12, 30, 15, tzinfo=UTC),
            "tag": "v1.2.3",
            "previous_tag": "v1.2.2",
            "links": links(remote),
            "changes": tuple(Change.of(commit) for commit in commits),
        }
        return Release(**(values | fields))

    return make
