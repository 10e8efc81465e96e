"""Which files hold the version, what they hold, and writing all or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from vwmp_release.plugins.release.files import writing
from vwmp_release.plugins.release.files.targets import Target, agreed, detect, from_config, read_all
from vwmp_release.plugins.release.files.writing import write_all

from vwmp_release.errors import PermanentError
from vwmp_release.support import textfile
from vwmp_release.support.textfile import TextFile


def _write(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def test_detection_knows_manifests_and_packages(tmp_path: Path) -> None:
    """Manifests, VERSION and the modules of packages are found in a fixed order; decoys are not."""
    module = '__version__ = "1.0.0"\n'
    root = _write(
        tmp_path,
        {
            "src/pkg/__init__.py": "",
            "src/pkg/__about__.py": module,
            "flat/__init__.py": module,
            "pyproject.toml": '[project]\nversion = "1.0.0"\n',
            "setup.cfg": "[metadata]\nversion = attr: x\n",
            "package.json": '{"private": true}',
            "Cargo.toml": '[package]\nversion = "1.0.0"\n',
            "VERSION": "1.0.0\n",
            "tests/__init__.py": module,
            ".hidden/__init__.py": module,
            "_private/__init__.py": module,
            "nopackage/_version.py": module,
            "deep/er/__init__.py": module,
            "version.py": b"\0",
        },
    )
    assert detect(root) == [
        Target("pyproject.toml", "pyproject"),
        Target("Cargo.toml", "cargo"),
        Target("VERSION", "plain"),
        Target("flat/__init__.py", "python"),
        Target("src/pkg/__about__.py", "python"),
    ]
    assert agreed(read_all(root, detect(root))) == "1.0.0"


def test_links_out_of_the_repository_are_not_followed(tmp_path: Path) -> None:
    """A VERSION that leads out of the root is no target."""
    outside = tmp_path / "outside"
    outside.write_text("1.0.0\n", encoding="utf-8")
    root = tmp_path / "root"
    root.mkdir()
    (root / "VERSION").symlink_to(outside)
    assert detect(root) == []
    with pytest.raises(PermanentError, match="outside the repository"):
        from_config(root, ["VERSION"])


def test_configured_targets(tmp_path: Path) -> None:
    """A target is a path, or a mapping with a kind or a pattern; doubled ones count once."""
    items = [
        "VERSION",
        "VERSION",
        {"path": "a.txt", "kind": "json"},
        {"path": "b.txt", "type": "cfg", "matches": 2},
        {"path": "c.md", "pattern": "v{version}"},
        {"path": "d.md", "pattern": "v{version}", "kind": "regex", "matches": 3},
    ]
    assert from_config(tmp_path, items) == [
        Target("VERSION", "plain"),
        Target("a.txt", "json"),
        Target("b.txt", "cfg", "", 2),
        Target("c.md", "pattern", "v{version}", 1),
        Target("d.md", "pattern", "v{version}", 3),
    ]


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (3, "a version file is a path"),
        ({"kind": "json"}, "a version file is a path"),
        ({"path": ""}, "a version file is a path"),
        ({"path": "a", "pathern": "x"}, "unknown key 'pathern'"),
        ({"path": "a", "kind": "jsn"}, "no kind of version file 'jsn'"),
        ({"path": "a", "kind": "pattern"}, "no kind of version file 'pattern'"),
        ({"path": "a", "matches": 0}, "matches must be 1 or more"),
        ({"path": "a", "matches": True}, "matches must be 1 or more"),
        ({"path": "a", "pattern": "x"}, "does not say where"),
        ("../a", "outside the repository"),
        ("/etc/passwd", "outside the repository"),
    ],
)
def test_wrong_targets_are_refused(tmp_path: Path, item: Any, words: str) -> None:
    """A wrong item is refused and named by its key."""
    with pytest.raises(PermanentError, match=words) as caught:
        from_config(tmp_path, ["VERSION", item])
    assert "version_files[1]" in str(caught.value)


def test_all_wrong_targets_come_at_once(tmp_path: Path) -> None:
    """Several mistakes are one error."""
    with pytest.raises(PermanentError, match="2 problems with version_files") as caught:
        from_config(tmp_path, [1, {"path": "a", "kind": "jsn"}])
    assert "version_files[0]" in caught.value.why
    assert "did you mean 'json'" in caught.value.why


@pytest.mark.parametrize(
    ("content", "item", "words"),
    [
        ("x 1.0.0\nx 1.0.0\n", {"path": "f", "pattern": "x {version}"}, r"holds 2 versions .* f:1:3 \(1.0.0\), f:2:3"),
        ("the Version is\n", {"path": "f", "pattern": "x {version}"}, "holds 0 versions .* near misses: f:1"),
        ("x\n", "f", "holds 0 versions by the kind plain, expected 1"),
        ('__version__ = "1"\n__version__ = "2"\n', {"path": "f", "kind": "python"}, "holds 2 versions"),
        ('{"version": "1", "version": "1"}', {"path": "f", "kind": "json"}, "holds 2 versions"),
        ("x 1.0.0\n", {"path": "f", "pattern": "x {version}", "matches": 2}, "holds 1 versions .* expected 2"),
        ("version https://git-lfs.github.com/spec/v1\n", "f", "Git LFS pointer"),
        (b"a\0b", "f", "no text file"),
        (b"1" * (5 << 20) + b"1", "f", "too large"),
        (None, "f", "f does not exist"),
    ],
)
def test_wrong_counts_and_files_are_refused(tmp_path: Path, content: Any, item: Any, words: str) -> None:
    """Too few or too many versions, and files that are none, are refused with their places."""
    if content is not None:
        _write(tmp_path, {"f": content})
    with pytest.raises(PermanentError, match=words):
        read_all(tmp_path, from_config(tmp_path, [item]))


def test_expected_counts_and_two_sorts(tmp_path: Path) -> None:
    """The count may be set; a manifest that knows two places holds one version in each."""
    _write(
        tmp_path, {"f": "x1.0 x1.0", "pyproject.toml": '[project]\nversion = "1.0"\n[tool.poetry]\nversion = "1.0"\n'}
    )
    found = read_all(
        tmp_path, from_config(tmp_path, [{"path": "f", "pattern": "x{version}", "matches": 2}, "pyproject.toml"])
    )
    assert [str(item.place) for item in found] == ["f:1:2", "f:1:7", "pyproject.toml:2:12", "pyproject.toml:4:12"]


def test_disagreement_names_every_place(tmp_path: Path) -> None:
    """Files that disagree are refused, each with its line and version; none changes."""
    _write(tmp_path, {"VERSION": "1.0.0\n", "package.json": '{\n "version": "1.1.0"\n}'})
    with pytest.raises(PermanentError, match="the version files disagree") as caught:
        agreed(read_all(tmp_path, detect(tmp_path)))
    assert "package.json:2:14: 1.1.0" in caught.value.why
    assert "VERSION:1:1: 1.0.0" in caught.value.why
    assert agreed([]) is None


CORPUS: dict[str, bytes] = {
    "pyproject.toml": b"\xef\xbb\xbf# k\xc3\xb6mmentar\r\n[project]\r\nversion   =  '1.0.0'  # 1.0.0\r\nx = \"1.0.0\"",
    "setup.cfg": b"[metadata]\r\nversion: 1.0.0\r\nauthor = J\xf6rg\r\n",
    "package.json": b'{\n\t"name": "x",\n\t"version":"1.0.0",\n\n  "deps": {"y": "1.0.0"}\n}',
    "Cargo.toml": b'[package]\nversion = "1.0.0"\n\n[dependencies]\nserde = { version = "1.0.0" }\n',
    "VERSION": b"1.0.0",
    "pkg/__init__.py": b'# -*- coding: latin-1 -*-\n"""J\xf6rg 1.0.0"""\n__version__ = "1.0.0"\n\n\n',
}


def test_only_the_version_changes(tmp_path: Path) -> None:
    """Encoding, byte order mark, newlines, comments and quotes stay: the bytes differ in the version only."""
    _write(tmp_path, dict(CORPUS))
    changed = write_all(tmp_path, read_all(tmp_path, detect(tmp_path)), "1.10.0-rc.1")
    assert changed == list(CORPUS)
    for name, before in CORPUS.items():
        expected = before.replace(b"1.0.0", b"1.10.0-rc.1", 1)
        if name.endswith("__init__.py"):
            expected = before.replace(b'= "1.0.0"', b'= "1.10.0-rc.1"')
        assert (tmp_path / name).read_bytes() == expected


def test_nothing_to_change_writes_nothing(tmp_path: Path) -> None:
    """A file that holds the version already is not touched."""
    _write(tmp_path, {"VERSION": "1.0.0\n"})
    before = (tmp_path / "VERSION").stat()
    assert write_all(tmp_path, read_all(tmp_path, detect(tmp_path)), "1.0.0") == []
    assert (tmp_path / "VERSION").stat() == before


@pytest.mark.parametrize("failure", [PermanentError("disk full"), KeyboardInterrupt()])
def test_a_failed_write_restores_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException) -> None:
    """When one file cannot be written, those written before are as they were."""
    _write(tmp_path, dict(CORPUS))
    found = read_all(tmp_path, detect(tmp_path))
    write = textfile.write

    def fail(file: TextFile) -> None:
        if file.path.name == "Cargo.toml" and "2.0.0" in file.text:
            raise failure
        write(file)

    monkeypatch.setattr(writing.textfile, "write", fail)
    with pytest.raises(type(failure)):
        write_all(tmp_path, found, "2.0.0")
    assert {name: (tmp_path / name).read_bytes() for name in CORPUS} == CORPUS


def test_files_that_do_not_read_back_are_restored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not read back as it was written fails, and is undone."""
    _write(tmp_path, {"VERSION": "1.0.0\n"})
    found = read_all(tmp_path, detect(tmp_path))
    write = textfile.write
    monkeypatch.setattr(
        writing.textfile, "write", lambda file: write(file._replace(text=file.text.replace("2.", "3.")))
    )
    with pytest.raises(PermanentError, match="does not read back"):
        write_all(tmp_path, found, "2.0.0")
    assert (tmp_path / "VERSION").read_text(encoding="utf-8") == "1.0.0\n"


def test_a_pattern_that_loses_its_hit_is_undone(tmp_path: Path) -> None:
    """A new version that its own pattern no longer finds is refused, and the file is as before."""
    _write(tmp_path, {"f": "x 1.0.0\n"})
    found = read_all(tmp_path, from_config(tmp_path, [{"path": "f", "pattern": r"x (?P<version>1\.\d+\.\d+)$"}]))
    with pytest.raises(PermanentError, match="holds 0 versions"):
        write_all(tmp_path, found, "2.0.0")
    assert (tmp_path / "f").read_text(encoding="utf-8") == "x 1.0.0\n"


def test_a_pattern_that_cuts_the_version_is_undone(tmp_path: Path) -> None:
    """A pattern that sees only part of the new version is refused."""
    _write(tmp_path, {"f": "x 1.0.0\n"})
    found = read_all(tmp_path, from_config(tmp_path, [{"path": "f", "pattern": r"x (?P<version>\d+\.\d+\.\d+)"}]))
    with pytest.raises(PermanentError, match=r"holds 1\.0\.1 after"):
        write_all(tmp_path, found, "1.0.1-rc.1")
    assert (tmp_path / "f").read_text(encoding="utf-8") == "x 1.0.0\n"


def test_two_targets_in_one_file(tmp_path: Path) -> None:
    """Several targets of one file are edited together."""
    _write(tmp_path, {"f": "a 1.0.0\nb 1.0.0\n"})
    items = [{"path": "f", "pattern": "a {version}"}, {"path": "f", "pattern": "b {version}"}]
    assert write_all(tmp_path, read_all(tmp_path, from_config(tmp_path, items)), "1.10.0") == ["f"]
    assert (tmp_path / "f").read_text(encoding="utf-8") == "a 1.10.0\nb 1.10.0\n"
