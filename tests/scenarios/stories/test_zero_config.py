"""Six kinds of project without any configuration: the version changes, and nothing else does."""

from __future__ import annotations

import pytest

PEP_621 = b"""\
\xef\xbb\xbf# Kept as it is: BOM, comment, quotes and the final blanks.
[build-system]
requires = ["tool==1.2.3"]

[project]
name = 'sample'
dependencies = ["other==1.2.3"]
version = '1.2.3'   # not "1.2.3"

[tool.other]
version = "1.2.3"
"""
POETRY = b"""\
[tool.poetry]\r
name = "sample"\r
version = "1.2.3"\r
\r
[tool.poetry.dependencies]\r
other = "1.2.3"\r
another = { version = "1.2.3" }\r
"""
PACKAGE = """\
{
   "dependencies": { "other": "1.2.3", "version": "1.2.3" },
\t"version" :  "1.2.3",
   "name": "sämple"
}""".encode()
CARGO = b"""\
[dependencies]
other = { version = "1.2.3" }

[package]
name = "sample"
version = "1.2.3"
rust-version = "1.2.3"
"""
SETUP = b"""\
[metadata]
name = sample
version = 1.2.3

[options]
install_requires =
    other==1.2.3
[tool:thing]
version = 1.2.3
"""

PROJECTS = {
    "pep-621": ({"pyproject.toml": PEP_621}, {"pyproject.toml": PEP_621.replace(b"'1.2.3' ", b"'1.3.0' ")}),
    "poetry": ({"pyproject.toml": POETRY}, {"pyproject.toml": POETRY.replace(b'1.2.3"\r\n\r', b'1.3.0"\r\n\r')}),
    "npm": ({"package.json": PACKAGE}, {"package.json": PACKAGE.replace(b':  "1.2.3"', b':  "1.3.0"')}),
    "cargo": ({"Cargo.toml": CARGO}, {"Cargo.toml": CARGO.replace(b'e"\nversion = "1.2.3"', b'e"\nversion = "1.3.0"')}),
    "plain": ({"VERSION": b"1.2.3", "other.txt": b"1.2.3\n"}, {"VERSION": b"1.3.0"}),
    "setup.cfg": ({"setup.cfg": SETUP}, {"setup.cfg": SETUP.replace(b"1.2.3\n\n[options", b"1.3.0\n\n[options")}),
}
CHANGELOG = """\
# Changelog

## 1.3.0 (2026-01-31)

### Features

- count the words (6e9a5b1)

### Bug Fixes

- **cli:** say why (6e9a5b2)
"""


@pytest.mark.parametrize(("files", "expected"), PROJECTS.values(), ids=PROJECTS)
def test_release_without_configuration(project, release, tag_message, origin, files, expected):
    """Version files change byte-faithfully, decoys stay; changelog, tag and commit are there and on the remote."""
    repo = project(files)
    ids = [repo.commit("feat: count the words")[:7], repo.commit("fix(cli): say why")[:7], repo.commit("docs: x")[:7]]
    document = release(repo)
    assert (document["previous_version"], document["version"], document["bump"]) == ("1.2.3", "1.3.0", "minor")
    changed = repo.git("diff", "--name-only", "HEAD~1", "HEAD").splitlines()
    assert sorted(changed) == sorted([*expected, "CHANGELOG.md"])
    for name, content in expected.items():
        assert content not in files.values()
        assert repo.show(name) == content == (repo.path / name).read_bytes()
    text = CHANGELOG.replace("6e9a5b1", ids[0]).replace("6e9a5b2", ids[1])
    assert repo.show("CHANGELOG.md").decode() == text
    assert repo.git("log", "-1", "--format=%B").strip() == "chore(release): 1.3.0"
    words, identity = tag_message(origin(repo), "v1.3.0")
    assert words == "Release v1.3.0: count the words and 1 more change"
    assert identity == document["run"]["id"]


def test_first_release(make_repo, release):
    """Neither tag nor version file: 0.1.0; nothing but the changelog is written."""
    repo = make_repo()
    repo.commit("feat: begin", {"a.txt": "a\n"})
    repo.remote()
    document = release(repo)
    assert document["tag"] == "v0.1.0"
    assert [change["path"] for change in document["files"]] == ["CHANGELOG.md"]


def test_first_release_of_a_version_file(project, release):
    """A version file but no tag: the file's version itself is released."""
    repo = project({"VERSION": "0.4.0\n"}, tag="")
    assert release(repo)["version"] == "0.4.0"
    assert repo.show("VERSION") == b"0.4.0\n"


def test_nothing_to_release(project, tool, says_of_each):
    """Commits that ask for none: exit status 0, each with its reason; 3 with --strict; nothing changes."""
    repo = project({"VERSION": "1.2.3\n"})
    repo.commit("docs: one")
    repo.commit("chore: two")
    before = repo.snapshot()
    ended = tool(repo, "run")
    says_of_each(ended.out, ["docs: one", "chore: two"])
    assert tool(repo, "run", "--strict", status=3).out.count("Nothing to release") == 1
    assert tool(repo, "run", "--json").json["status"] == "nothing"
    assert repo.snapshot() == before


@pytest.fixture
def says_of_each():
    """Assert that each subject stands in exactly one line of the ending, with a reason behind it."""

    def check(text, subjects):
        ending = text.partition("Nothing to release")[2]
        for subject in subjects:
            (line,) = [line for line in ending.splitlines() if subject in line]
            assert line.partition(subject)[2].strip(" :–-"), line

    return check
