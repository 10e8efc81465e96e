"""The throw-away repository that `demo` makes: what a release leaves on the remote, to the last line."""

from __future__ import annotations

import tomllib


def test_what_the_remote_has(cli, tmp_path, git):
    """Exactly one commit and one annotated tag are new; files, changelog and messages are as they should be."""
    ended = cli("demo", "--keep", str(tmp_path / "kept"), env={"SOURCE_DATE_EPOCH": "1769860800"})
    assert ended.code == 0, ended
    (remote,) = (tmp_path / "kept").glob("*.git")

    def ask(*args: str) -> str:
        return git(*args, cwd=remote)

    assert ask("for-each-ref", "--format=%(refname) %(objecttype)").splitlines() == [
        "refs/heads/main commit",
        "refs/tags/v0.1.0 tag",
        "refs/tags/v0.2.0 tag",
    ]
    assert ask("rev-list", "--count", "v0.1.0..main") == "4"
    assert ask("rev-parse", "v0.2.0^{commit}") == ask("rev-parse", "main")
    assert ask("log", "-1", "--format=%B", "main").strip() == "chore(release): 0.2.0"
    assert "Release" not in ask("log", "--format=%s", "main~1")
    names = ask("diff", "--name-only", "main~1", "main").splitlines()
    assert names == ["CHANGELOG.md", "README.md", "pyproject.toml"]
    pyproject = tomllib.loads(ask("show", "main:pyproject.toml"))
    assert pyproject["project"]["version"] == "0.2.0"
    ids = ask("log", "--reverse", "--format=%h", "--abbrev=7", "v0.1.0..main~1").split()
    section = f"""\
## 0.2.0 (2026-01-31)

### Features

* greet in French and German ({ids[0]})

### Bug Fixes

* ignore blanks around the name ({ids[1]})
"""
    changelog = ask("show", "main:CHANGELOG.md")
    assert section in f"{changelog}\n"
    message = ask("for-each-ref", "--format=%(contents)", "refs/tags/v0.2.0").splitlines()
    assert message[0] == "Release v0.2.0: greet in French and German and 1 more change"
    assert message[-1].startswith("vwmp-")
    assert section.splitlines()[0] in ended.out
    assert message[-1] in ended.out


def test_nothing_is_left(cli, tmp_path):
    """Without --keep every file is removed again."""
    (tmp_path / "tmp").mkdir()
    ended = cli("demo", env={"TMPDIR": str(tmp_path / "tmp")})
    assert ended.code == 0, ended
    assert list((tmp_path / "tmp").iterdir()) == []
