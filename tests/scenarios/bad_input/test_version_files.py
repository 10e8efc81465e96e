"""Version files that cannot be used, and odd ones that can."""

from __future__ import annotations

import pytest

FILES = "workflow_types: {{release: {{config: {{version_files: {}}}}}}}\n"
ONE = "workflow_types: {release: {config: {version_file: %s}}}\n"
TWICE = "[project]\nname = 'x'\nversion = '1.0.0'\n"

REFUSED = [
    pytest.param(ONE % "NOPE", {}, ("the version file NOPE does not exist", "correct `version_file`"), id="missing"),
    pytest.param(ONE % "dir", {"dir/x": "1.0.0\n"}, ("the version file dir does not exist",), id="folder"),
    pytest.param(ONE % "VER", {"VER": "nothing here\n"}, ("VER holds 0 versions", "`pattern`"), id="no-match"),
    pytest.param(ONE % "VER", {"VER": ""}, ("VER holds 0 versions",), id="empty"),
    pytest.param(
        FILES.format("[{path: two.txt, pattern: 'version={version}'}]"),
        {"two.txt": "version=1.0.0\nversion=1.0.0\n"},
        ("two.txt holds 2 versions", "two.txt:1:9 (1.0.0), two.txt:2:9 (1.0.0)", "set `matches`"),
        id="two-matches",
    ),
    pytest.param(
        FILES.format("[{path: odd.txt, pattern: 'version={version}'}]"),
        {"odd.txt": "a\nversion=1.x\n"},
        ("odd.txt:2:9: '1' is a version of no known scheme",),
        id="near-miss",
    ),
    pytest.param(ONE % "VER", {"VER": "one.two\n"}, ("VER",), id="unreadable"),
    pytest.param(
        FILES.format("[VERSION, package.json, sub/VERSION]"),
        {"package.json": '{\n  "version": "1.0.2"\n}\n', "sub/VERSION": "1.0.1\n"},
        ("the version files disagree", "VERSION:1:1: 1.0.0", "package.json:2:15: 1.0.2", "sub/VERSION:1:1: 1.0.1"),
        id="disagree",
    ),
    pytest.param(
        FILES.format("[NOPE, VERSION, {path: VERSION, pattern: 'x{version}'}]"),
        {},
        ("2 problems with the version files", "NOPE does not exist", "VERSION holds 0 versions"),
        id="several-at-once",
    ),
    pytest.param(ONE % "bin.dat", {"bin.dat": b"\0\1\2" * 50}, ("bin.dat",), id="binary"),
    pytest.param(ONE % "big.txt", {"big.txt": "x" * 6_000_000}, ("big.txt is too large",), id="too-large"),
    pytest.param(
        ONE % "VER",
        {"VER": "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 6\n"},
        ("VER is a Git LFS pointer", "git lfs pull"),
        id="lfs-pointer",
    ),
    pytest.param(ONE % "pyproject.toml", {"pyproject.toml": "[project\n"}, ("pyproject.toml",), id="broken-toml"),
    pytest.param(
        FILES.format("[{path: VERSION, kind: tmol}]"), {}, ("no kind of version file 'tmol'", "toml"), id="kind"
    ),
    pytest.param(
        FILES.format("[{path: VERSION, patern: x}]"), {}, ("unknown key 'patern'", "did you mean 'pattern'?"), id="key"
    ),
]


@pytest.mark.parametrize(("config", "files", "words"), REFUSED)
def test_version_files_that_cannot_be_used(config, files, words, make_project, refuse):
    """Each is refused with its name, its place and a way out; no file changes."""
    refuse(make_project({"vwmp_config.yaml": config, **files}), 1, "step version_bump failed", *words)


@pytest.mark.parametrize(("config", "files", "words"), [REFUSED[0], REFUSED[4], REFUSED[7]])
@pytest.mark.parametrize("args", ["plan", "run --yes --json"])
def test_the_same_in_a_plan_and_as_json(config, files, words, args, make_project, refuse):
    """A plan, and JSON, tell the same problems."""
    refuse(make_project({"vwmp_config.yaml": config, **files}), 1, *words, args=args)


def test_version_files_that_disagree_without_configuration(make_project, refuse):
    """Files that were found by themselves must agree, too."""
    words = "the version files disagree", "package.json:2:15: 1.0.7", "VERSION:1:1: 1.0.0"
    refuse(make_project({"package.json": '{\n  "version": "1.0.7"\n}\n'}), 1, *words)


BYTES = [
    ("VERSION", b"1.0.0\r\n"),
    ("VERSION", b"1.0.0"),
    ("VERSION", b"\xef\xbb\xbf1.0.0\r\n"),
    ("package.json", b'{\r\n\t"name": "x",\r\n\t"version" : "1.0.0",\r\n\t"b": 1}\r\n'),
    ("package.json", b'\xef\xbb\xbf{"version":"1.0.0"}'),
    ("setup.cfg", "[metadata]\nauthor = J\u00fcrgen\nversion = 1.0.0 ; x\n".encode("latin-1")),
    ("pyproject.toml", b"[project]\r\nname='x'\r\nversion = '1.0.0'  # keep\r\n[tool.x]\r\nversion = '1.0.0'\r\n"),
    ("src/x/__init__.py", "# \u00e9t\u00e9\n__version__='1.0.0'\n".encode("latin-1")),
    ("Cargo.toml", b'[package]\nname = "x"\nversion="1.0.0"\n\n[dependencies]\ny = "1.0.0"\n'),
]


@pytest.mark.parametrize(("name", "raw"), BYTES)
def test_a_release_changes_the_version_only(name, raw, make_repo, released):
    """Encoding, BOM, newlines, quotes, spaces and comments stay: only the version differs, once."""
    repo = make_repo()
    repo.commit("feat: one", {name: raw})
    repo.tag("v1.0.0")
    repo.commit("fix: two")
    repo.remote()
    released(repo)
    at = raw.index(b"1.0.0")
    assert repo.show(name) == raw[:at] + b"1.0.1" + raw[at + 5 :]
    assert (repo.path / name).read_bytes() == repo.show(name)


CHANGELOGS = [
    b"# Changelog\r\n\r\n## [1.0.0] (2020-01-01)\r\n\r\n- one \r\n",
    b"\xef\xbb\xbf# Changelog\n\n## 1.0.0 (2020-01-01)\n\n- one",
    "# Changelog\n\n## 1.0.0 (2020-01-01)\n\n- f\u00fcr alle\n".encode("latin-1"),
    b"",
    b"no heading at all\r\nonly words\r\n",
]


@pytest.mark.parametrize("raw", CHANGELOGS)
def test_a_changelog_keeps_its_older_bytes(raw, make_project, released):
    """A new section goes in with the file's own newlines; every older byte stays, in its order."""
    repo = make_project({"CHANGELOG.md": raw})
    released(repo)
    new = repo.show("CHANGELOG.md")
    assert new == (repo.path / "CHANGELOG.md").read_bytes()
    assert b"1.0.1" in new
    start = next(i for i in range(len(raw) + 1) if new.endswith(raw[i:]) and new.startswith(raw[:i]))
    added = new[start : len(new) - len(raw) + start]
    assert b"two" in added
    if b"\r\n" in raw:
        assert b"\n" not in added.replace(b"\r\n", b"")
