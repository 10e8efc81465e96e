"""Helpers of the configuration tests."""

import pytest

from vwmp_release.core.config import load
from vwmp_release.errors import ConfigError


@pytest.fixture
def write(tmp_path):
    """Write files below a repository's root, by path; the content under no name is the configuration."""

    def do(text="", /, **files):
        root = tmp_path / "repo"
        root.mkdir(exist_ok=True)
        for name, content in ({"vwmp_config.yaml": text} | files).items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return root

    return do


@pytest.fixture
def config(write):
    """Load a configuration from its text."""
    return lambda text, **files: load(write(text, **files))


@pytest.fixture
def problems_of(config):
    """Load a configuration that is wrong; return its problems as lines without hints."""

    def do(text, **files):
        with pytest.raises(ConfigError) as caught:
            config(text, **files)
        return [str(problem._replace(hint="")) for problem in caught.value.problems]

    return do
