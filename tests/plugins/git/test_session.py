"""What git is told in its environment."""

from __future__ import annotations

from pathlib import Path

from vwmp_release.plugins.git.session import path_list


def test_alternate_paths_are_quoted_where_needed() -> None:
    """A path that the list would split is quoted as git reads it."""
    assert path_list(Path("/plain/x")) == "/plain/x"
    assert path_list(Path('/a:b"c')) == '"/a:b\\"c"'
