"""`git.commit`: the message, the author, and the repository's own hooks."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from vwmp_release.errors import PermanentError


def _ready(release: Any, **given: Any) -> None:
    release.open()
    release.gives(**{"new_version": "1.0.0", "old_version": "0.9.0", "tag": "v1.0.0", "change_type": "fix", **given})
    release.write("VERSION", "1.0.0\n")
    release.step("stage_all")


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("chore(release): {version}", "chore(release): 1.0.0"),
        ("{version} - {summary}", "1.0.0 - A summary of the release"),
        ("-m {tag} {type} {date}\n\n# {old_version} {previous_version}\n", "-m v1.0.0 fix 2026-01-31\n\n# 0.9.0 0.9.0"),
        ("$(touch x) `id` \"'; {{literal}} {not a name}", "$(touch x) `id` \"'; {literal} {not a name}"),
        ("ünïcode 🚀 {version}", "ünïcode 🚀 1.0.0"),
    ],
)
def test_message(release: Any, template: str, message: str) -> None:
    """Templates are filled; whatever stands in them reaches the commit as it is."""
    _ready(release)
    result = release.step("commit", message_template=template)
    assert result.output == {"commit_hash": release.adapter.git("rev-parse", "HEAD"), "commit_message": message}
    assert release.adapter.git("log", "-1", "--format=%at %ct") == "1769860800 1769860800"
    assert not (release.tree / "x").exists()


def test_message_without_a_summary(release: Any) -> None:
    """A separator whose text is missing does not dangle."""
    _ready(release)
    context = release.context(message_template="{version} - {summary}")
    context.parameters.clear()
    from vwmp_release.plugins.git.handlers.commit import GitCommitHandler

    result = GitCommitHandler().execute(context)
    assert result.output is not None
    assert result.output["commit_message"] == "1.0.0"


@pytest.mark.parametrize(("details", "body"), [("By hand\n", "By hand"), (None, "The notes"), ("x\n" * 50_000, None)])
def test_changes_in_the_body(release: Any, details: str | None, body: str | None) -> None:
    """The body holds what a person wrote, else the notes, never without bound."""
    _ready(release, notes="The notes\n")
    context = release.context(include_changes=True)
    if details:
        context.parameters["detailed_changes"] = details
    from vwmp_release.plugins.git.handlers.commit import GitCommitHandler

    message = (GitCommitHandler().execute(context).output or {})["commit_message"]
    head, _, rest = message.partition("\n\n")
    assert head == "chore(release): 1.0.0"
    if body is None:
        assert rest.endswith("x\n…")
        assert len(rest) < 60_010
    else:
        assert rest == body


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"author": "nobody"}, "Name <email>"),
        ({"author": "--amend"}, "Name <email>"),
        ({"message_template": "{nope}"}, "{nope}"),
        ({"message_template": "\n \n"}, "empty"),
    ],
)
def test_configuration_that_cannot_be_used(release: Any, config: dict[str, Any], words: str) -> None:
    """Mistakes are said for good, and nothing is committed."""
    _ready(release)
    with pytest.raises(PermanentError) as caught:
        release.step("commit", **config)
    assert words in str(caught.value)
    assert release.adapter.git("rev-parse", "HEAD") == release.workspace.base


def test_author(release: Any) -> None:
    """The author may be another person; the committer stays."""
    _ready(release)
    release.step("commit", author="Jane Doe <jane@example.org>")
    assert release.adapter.git("log", "-1", "--format=%an %ae %cn") == "Jane Doe jane@example.org Test Author"
    assert release.adapter.seal().author == "Jane Doe <jane@example.org>"


def test_nothing_staged_and_no_version(release: Any) -> None:
    """Without staged files or a version there is nothing to commit."""
    release.open()
    with pytest.raises(PermanentError, match="nothing is staged"):
        release.step("commit")
    release.write("VERSION", "1\n")
    release.step("stage_all")
    with pytest.raises(PermanentError, match="no version"):
        release.step("commit")


def test_unknown_author(release: Any, home: Path) -> None:
    """Without an identity the two commands that set it are named; a guessed one is never used."""
    (home / "gitconfig").write_text("")
    _ready(release)
    with pytest.raises(PermanentError) as caught:
        release.step("commit")
    assert caught.value.hint.splitlines() == [
        "git config user.name 'Your Name'",
        "git config user.email 'you@example.com'",
    ]


def test_identity_from_a_conditional_include(project: Any, releases: Any, home: Path) -> None:
    """An identity that only applies to this folder signs plan and run alike."""
    (home / "work").write_text("[user]\n\tname = At Work\n\temail = work@example.org\n")
    with (home / "gitconfig").open("a") as config:
        config.write(f'[includeIf "gitdir:{project.path}/"]\n\tpath = {home}/work\n')
    for number, purpose in enumerate(("plan", "run")):
        release = releases(project.path, number)
        release.open(purpose)
        assert release.make().author == "At Work <work@example.org>"
        release.adapter.abandon()


_FIX = 'git diff --cached --name-only -z | xargs -0 sed -i "s/bad/good/"'


@pytest.mark.skipif(os.name == "nt", reason="hooks use sed")
@pytest.mark.parametrize(
    "script",
    [
        f"grep -q bad VERSION || exit 0; {_FIX}; exit 1",
        f"grep -q bad VERSION || exit 0; {_FIX}; git add VERSION new*; exit 1",
        f"{_FIX}; git add VERSION new*",
        _FIX,
    ],
    ids=["fails and rewrites", "fails and stages", "stages", "only rewrites"],
)
def test_hooks_that_rewrite_files(project: Any, release: Any, script: str) -> None:
    """What a hook writes becomes part of the release; other work of the shadow does not."""
    project.hook("pre-commit", f"echo run >> {project.path}/.git/log; {script}")
    release.open()
    release.gives(new_version="1.0.0")
    release.write("VERSION", "bad\n")
    release.write("new name.txt", "bad\n")
    release.step("stage_all")
    release.write("README.md", "not staged\n")
    release.step("commit")
    assert release.adapter.git("show", "HEAD:VERSION") == "good"
    assert release.adapter.git("show", "HEAD:new name.txt") == "good"
    seal = release.adapter.seal()
    assert len(seal.commits) == 1
    assert seal.leftovers == ("README.md",)
    assert len((project.path / ".git" / "log").read_text().splitlines()) == 1 + ("exit 1" in script)
    assert (project.path / "VERSION").read_text() == "0.9.0\n"


@pytest.mark.skipif(os.name == "nt", reason="hooks are shell scripts")
@pytest.mark.parametrize("name", ["pre-commit", "commit-msg"])
def test_hook_that_refuses(project: Any, release: Any, name: str) -> None:
    """A hook that fails stops the step with its output; `hooks: skip` runs none."""
    log = project.path / ".git" / "log"
    for hook in (name, "prepare-commit-msg", "post-commit"):
        project.hook(hook, f"echo {hook} >> {log}; echo 'line too long'; exit {int(hook == name)}")
    _ready(release)
    with pytest.raises(PermanentError) as caught:
        release.step("commit")
    assert "line too long" in caught.value.why
    assert "hooks: skip" in caught.value.hint
    log.unlink()
    release.step("commit", hooks="skip")
    assert not log.exists()


@pytest.mark.skipif(os.name == "nt", reason="hooks are shell scripts")
def test_hook_that_never_has_enough(project: Any, release: Any) -> None:
    """A hook that rewrites and fails each time is tried once more, not for ever."""
    log = project.path / ".git" / "log"
    project.hook("pre-commit", f"echo x >> VERSION; echo run >> {log}; exit 1")
    _ready(release)
    with pytest.raises(PermanentError, match="git commit ended"):
        release.step("commit")
    assert log.read_text() == "run\nrun\n"


@pytest.mark.skipif(os.name == "nt", reason="hooks are shell scripts")
@pytest.mark.parametrize("tracked", [True, False])
def test_hooks_of_the_work_tree(project: Any, releases: Any, tracked: bool) -> None:
    """A relative core.hooksPath means the release's own copy where it is tracked, else the user's folder."""
    project.git("config", "core.hooksPath", ".hooks")
    project.write({".hooks/pre-commit": "#!/bin/sh\necho $0 > hook-ran\n"})
    (project.path / ".hooks" / "pre-commit").chmod(0o755)
    if tracked:
        project.git("add", ".hooks")
        project.git("commit", "-qm", "hooks", "--no-verify")
        project.git("push", "-q")
    release = releases(project.path)
    _ready(release)
    release.step("commit")
    root = release.tree if tracked else project.path
    assert Path((release.tree / "hook-ran").read_text().strip()) in (
        root / ".hooks/pre-commit",
        Path(".hooks/pre-commit"),
    )
    assert not (project.path / "hook-ran").exists()


@pytest.fixture
def signing_key(project: Any, tmp_path: Path) -> None:
    """Sign with a key of SSH."""
    if not shutil.which("ssh-keygen"):
        pytest.skip("ssh-keygen is missing")
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    project.git("config", "gpg.format", "ssh")
    project.git("config", "user.signingKey", str(key))


@pytest.mark.usefixtures("signing_key")
@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("purpose", ["run", "plan"])
def test_signing(project: Any, release: Any, purpose: str, own: bool) -> None:
    """Commit and tag are signed by git's configuration or the step's; a plan never signs."""
    if not own:
        project.git("config", "commit.gpgSign", "true")
        project.git("config", "tag.gpgSign", "true")
    release.open(purpose)
    release.gives(new_version="1.0.0")
    release.write("VERSION", "1.0.0\n")
    release.step("stage_all")
    release.step("commit", sign_commit=True if own else None)
    release.step("create_tag", sign_tag=True if own else None, floating=["v{major}"])
    seal = release.adapter.seal()
    signed = ["BEGIN SSH SIGNATURE" in release.adapter.git("cat-file", "-p", name) for name in ("HEAD", "v1.0.0", "v1")]
    assert signed == [purpose == "run"] * 3
    assert {tag.message.splitlines()[-1] for tag in seal.tags} == {release.run.id}


def test_signing_that_fails(project: Any, release: Any) -> None:
    """A key that does not work is said as such."""
    project.git("config", "gpg.program", "false")
    _ready(release)
    with pytest.raises(PermanentError, match="signed"):
        release.step("commit", sign_commit=True)
    release.step("commit")
    with pytest.raises(PermanentError) as caught:
        release.step("create_tag", sign_tag=True)
    assert "sign_tag: false" in caught.value.hint
