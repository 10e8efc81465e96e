from __future__ import annotations

import os
from pathlib import Path

import pytest

from vwmp_release.errors import PermanentError, Place
from vwmp_release.support import textfile
from vwmp_release.support.textfile import Edit, TextFile


@pytest.mark.parametrize(
    "raw",
    [b"", b"a\nb\n", b"a\r\nb", b"\xef\xbb\xbfv\r\n", b"caf\xe9\n", "é\r".encode(), b"\r\r\n\n", "\u2028x".encode()],
)
def test_a_file_that_is_not_edited_keeps_every_byte(tmp_path: Path, raw: bytes) -> None:
    """Newlines, byte order mark and encoding survive reading and writing."""
    path = tmp_path / "f"
    path.write_bytes(raw)
    textfile.write(textfile.read(path))
    assert path.read_bytes() == raw


def test_edits_are_made_by_position(tmp_path: Path) -> None:
    """Edits in any order change their characters and nothing else."""
    path = tmp_path / "f"
    path.write_bytes(b"one\r\ntwo\r\nthree")
    file = textfile.read(path)
    edited = textfile.apply(file, [Edit(0, 3, "1"), Edit(10, 15, "3"), Edit(5, 5, ">")])
    textfile.write(edited)
    assert path.read_bytes() == b"1\r\n>two\r\n3"
    assert file.text == "one\r\ntwo\r\nthree"


@pytest.mark.parametrize(
    ("text", "newline"), [("", "\n"), ("a", "\n"), ("a\nb\r\n", "\n"), ("a\r\nb\n", "\r\n"), ("a\r", "\n")]
)
def test_the_first_line_says_which_newline_is_used(text: str, newline: str) -> None:
    """A file's own line ending is known by its first line."""
    assert TextFile(Path("f"), text).newline == newline


@pytest.mark.parametrize(
    ("text", "offset", "line", "column"),
    [("abc", 0, 1, 1), ("abc", 2, 1, 3), ("a\nbc", 3, 2, 2), ("\ufeffabc", 1, 1, 1), ("a\r\nb", 3, 2, 1)],
)
def test_places_count_lines_and_columns_from_one(text: str, offset: int, line: int, column: int) -> None:
    """A byte order mark takes no column."""
    file = TextFile(Path("/srv/d/f"), text)
    assert textfile.place(file, offset, Path("/srv")) == Place("d/f", line, column)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    """Missing files, folders and binary files are errors in words."""
    (tmp_path / "binary").write_bytes(b"a\0b")
    for name, words in (("missing", "cannot read missing: No such file"), ("binary", "binary is no text file")):
        with pytest.raises(PermanentError, match=words):
            textfile.read(tmp_path / name)
    with pytest.raises(PermanentError, match="cannot read"):
        textfile.read(tmp_path)


def test_writing_keeps_the_mode_and_makes_folders(tmp_path: Path) -> None:
    """An executable file stays one; a new file's folders are made, and nothing else is left."""
    path = tmp_path / "f"
    path.write_text("a")
    path.chmod(0o750)
    textfile.write(TextFile(path, "b"))
    textfile.write(TextFile(tmp_path / "new" / "deep" / "g", "c"))
    assert path.stat().st_mode & 0o777 == 0o750
    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*")) == [
        "f",
        "new",
        "new/deep",
        "new/deep/g",
    ]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """Writing through a link edits its target."""
    target = tmp_path / "target"
    target.write_text("a")
    link = tmp_path / "link"
    link.symlink_to("target")
    textfile.write(textfile.read(link)._replace(text="b"))
    assert link.is_symlink()
    assert target.read_text() == "b"


def test_what_cannot_be_written_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    """A character outside the file's encoding, and a folder in place of the file, are refused."""
    path = tmp_path / "f"
    path.write_bytes(b"caf\xe9")
    file = textfile.read(path)
    assert file.encoding == "latin-1"
    with pytest.raises(PermanentError, match=r"is latin-1 and cannot hold '€'"):
        textfile.write(file._replace(text="5 €"))
    assert path.read_bytes() == b"caf\xe9"
    (tmp_path / "folder" / "x").mkdir(parents=True)
    with pytest.raises(PermanentError, match="cannot write folder"):
        textfile.write(TextFile(tmp_path / "folder", "x"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["f", "folder"]


@pytest.mark.parametrize(
    ("path", "root", "shown"),
    [("/r/a/b", "/r", "a/b"), ("/r/a", "/other", "/r/a"), ("/r/a", None, "/r/a")],
)
def test_paths_are_shown_relative_to_the_root(path: str, root: str | None, shown: str) -> None:
    """A path inside the root is shown from there."""
    assert textfile.shown(Path(path), Path(root) if root else None) == shown


@pytest.mark.parametrize("relative", ["a", "a/../b", "./c", "link-inside/x"])
def test_paths_inside_the_root_are_taken(tmp_path: Path, relative: str) -> None:
    """A path may go down, and back up as long as it stays inside."""
    (tmp_path / "a").mkdir()
    (tmp_path / "link-inside").symlink_to("a")
    assert textfile.inside(tmp_path, relative, key="k") == tmp_path / relative


@pytest.mark.parametrize("relative", ["../x", "/etc/passwd", "a/../../x", "link/x"])
def test_paths_that_lead_out_are_refused(tmp_path: Path, relative: str) -> None:
    """Absolute paths, climbing paths and links that lead out are refused with the key."""
    root = tmp_path / "root"
    (root / "a").mkdir(parents=True)
    (root / "link").symlink_to(tmp_path)
    with pytest.raises(PermanentError, match=r"readme_file: .* is outside the repository"):
        textfile.inside(root, relative, key="readme_file")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read and write everything")
def test_what_may_not_be_read_is_said(tmp_path: Path) -> None:
    """A file without permission is an error in words."""
    path = tmp_path / "f"
    path.write_text("x")
    path.chmod(0)
    with pytest.raises(PermanentError, match="Permission denied"):
        textfile.read(path)
