"""The configuration value."""

from pathlib import Path

from vwmp_release.core.config import Config
from vwmp_release.errors import Place


def test_empty():
    """Without a file there is no data and no place."""
    config = Config(Path())
    assert config.get("plugins", "enabled", default=True) is True
    assert config.get() == {}
    assert config.value_place(("plugins",)) is None
    assert config.key_place(("plugins",)) is None


def test_get(config):
    """Values are found by keys and list indexes; null is a value."""
    loaded = config("workflows: {a: {steps: [{id: x, handler: h, config: {k: null}}]}}\n")
    assert loaded.get("workflows", "a", "steps", 0, "id") == "x"
    assert loaded.get("workflows", "a", "steps", 0, "config", "k", default=1) is None
    assert loaded.get("workflows", "a", "steps", 1) is None
    assert loaded.get("workflows", "a", "steps", "id", default=2) == 2
    assert loaded.get("workflows", "b", default=3) == 3


def test_places(config):
    """A value and its key have places; what is unknown has that of its surroundings."""
    loaded = config("workflow_types:\n  release:\n    enabled: true\n")
    assert loaded.value_place(("workflow_types", "release", "enabled")) == Place("vwmp_config.yaml", 3, 14)
    assert loaded.key_place(("workflow_types", "release", "enabled")) == Place("vwmp_config.yaml", 3, 5)
    assert loaded.value_place(("workflow_types", "release", "config")) == Place("vwmp_config.yaml", 3, 5)
