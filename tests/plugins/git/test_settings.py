"""The user's configuration, read and added to."""

from __future__ import annotations

from typing import Any

import pytest
from vwmp_release.plugins.git import settings


def test_settings_keep_what_the_environment_sets(repo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Added configuration comes after what GIT_CONFIG_COUNT holds already; keys without a value are true."""
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "a.b")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "c")
    assert settings.variables([("x.y", "z")]) == {
        "GIT_CONFIG_KEY_1": "x.y", "GIT_CONFIG_VALUE_1": "z", "GIT_CONFIG_COUNT": "2",
    }  # fmt: skip
    with (repo.path / ".git" / "config").open("a") as config:
        config.write("[flag]\n\ton\n[multi]\n\tkey = 1\n\tkey = two\\nlines\n")
    found = settings.read(repo.path)
    assert (found.get("flag.on"), found.get("multi.key"), found.get("none")) == ("true", "two\nlines", None)
    assert found.all("multi.key") == ["1", "two\nlines"]
    assert ("a.b", "c") in found.under("a.")
