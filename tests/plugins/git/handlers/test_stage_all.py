"""`git.stage_all`: what is staged, what is left out, and which mistakes are named."""

from __future__ import annotations

from typing import Any

import pytest

from vwmp_release.errors import PermanentError


def _fill(release: Any) -> None:
    release.open()
    release.write("VERSION", "1.0.0\n")
    release.write("a b.txt", "x")
    release.write("docs/deep/one.md", "x")
    release.write("docs/two.md", "x")
    release.write("[x].md", "x")
    release.write("-dash", "x")
    (release.tree / "notes.txt").unlink()


_ALL = ["-dash", "VERSION", "[x].md", "a b.txt", "docs/deep/one.md", "docs/two.md", "notes.txt"]


@pytest.mark.parametrize(
    ("config", "staged"),
    [
        ({}, _ALL),
        ({"paths": ["*"], "exclude": ["docs", "-dash"]}, ["VERSION", "[x].md", "a b.txt", "notes.txt"]),
        ({"paths": ["."], "exclude": ["*.md"]}, ["-dash", "VERSION", "a b.txt", "notes.txt"]),
        ({"paths": ["VERSION", "a b.txt", "-dash"]}, ["-dash", "VERSION", "a b.txt"]),
        ({"paths": ["notes.txt"]}, ["notes.txt"]),
        ({"paths": ["[x].md"]}, ["[x].md"]),
        ({"paths": ["docs/**/*.md"]}, ["docs/deep/one.md", "docs/two.md"]),
        ({"paths": ["*.md"], "exclude": ["docs/**"]}, ["[x].md"]),
        ({"paths": ["README.md"]}, []),
    ],
)
def test_paths_and_patterns(release: Any, config: dict[str, Any], staged: list[str]) -> None:
    """Plain paths are literal, patterns are git's, deletions count, and excluded paths stay out."""
    _fill(release)
    assert release.step("stage_all", **config).output == {"paths_staged": staged}


def test_nothing_changed(release: Any) -> None:
    """No change is a success with no paths."""
    release.open()
    result = release.step("stage_all")
    assert (result.output, result.logs) == ({"paths_staged": []}, ["nothing changed"])


@pytest.mark.parametrize("force", [False, True])
def test_ignored_files(project: Any, release: Any, force: bool) -> None:
    """An ignored file that is named is refused by name, and staged only with force."""
    project.write({".git/info/exclude": "out/\n"})
    release.open()
    release.write("out/file", "x")
    if force:
        assert release.step("stage_all", paths=["out/file"], force=True).output == {"paths_staged": ["out/file"]}
        return
    with pytest.raises(PermanentError, match="out") as caught:
        release.step("stage_all", paths=["out/file"])
    assert "force: true" in caught.value.hint
    assert release.step("stage_all").output == {"paths_staged": []}


@pytest.mark.parametrize("path", ["missing.txt", "none*", "../outside", ":(exclude)VERSION", "--force"])
def test_paths_that_fit_nothing(release: Any, path: str) -> None:
    """A path without a file is an error that names it; git's own magic and options have no effect."""
    release.open()
    with pytest.raises(PermanentError) as caught:
        release.step("stage_all", paths=[path])
    assert path in str(caught.value)
