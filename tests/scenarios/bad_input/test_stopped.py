"""Releases that are stopped: by a validator, a hook, a missing identity or a signal. Everything is as before."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

NAME = "vwmp_config.yaml"
UNDONE = "Everything is as it was before"


def _validators(text: str, **more: str) -> dict[str, str | bytes]:
    rest = "".join(f", {key}: {value}" for key, value in more.items())
    return {NAME: f"step_handlers: {{vwmp.run_validators: {{config: {{validators: {text}{rest}}}}}}}\n"}


VALIDATORS = [
    ("[['sh', '-c', 'echo src.txt:1:2: error: too short; exit 1']]", {}, ("src.txt:1:2: error: too short",)),
    ("['no/such.py']", {}, ("no/such.py",)),
    ("['no_such_check']", {}, ("no_such_check",)),
    ("[['no-such-program-anywhere']]", {}, ("no-such-program-anywhere",)),
    ("['check.py']", {"check.py": "raise SystemExit('nope')\n"}, ("check.py", "nope")),
    ("[['sleep', '86394']]", {"timeout": "1"}, ("sleep", "1 s")),
    ("['branch_context']", {"branch_pattern": "'^main(?P<epic>)'"}, ("branch_context",)),
    ("['../outside.py']", {}, ("../outside.py",)),
]


@pytest.mark.parametrize(("validators", "more", "words"), VALIDATORS)
def test_a_failing_validator(validators, more, words, make_project, refuse):
    """A validator that fails, hangs or is not there fails the release, with its words; everything is undone."""
    files = {name: text for name, text in more.items() if "." in name}
    keys = {name: text for name, text in more.items() if "." not in name}
    refuse(make_project({**_validators(validators, **keys), **files}), 1, "run_validators failed", UNDONE, *words)


def test_a_failing_validator_as_json(make_project, refuse):
    """JSON says that it is undone, and gives the validator's finding its place."""
    import json

    ended = refuse(make_project(_validators(VALIDATORS[0][0])), 1, "too short", args="run --yes --json")
    document = json.loads(ended.out)
    assert (document["status"], document["undone"]) == ("failed", True)
    found = document["annotations"] or [a for step in document["steps"] for a in step["annotations"]]
    assert [(a["file"], a["line"], a["column"]) for a in found] == [("src.txt", 1, 2)]


HOOKS = [
    ("pre-commit", "echo 'lint: no'; exit 1", 1, ("lint: no", "commit failed")),
    ("commit-msg", "grep -q Ticket \"$1\" || { echo 'no Ticket in it' >&2; exit 1; }", 1, ("no Ticket in it",)),
    ("prepare-commit-msg", "echo 'not today' >&2; exit 3", 1, ("not today",)),
    ("pre-push", "echo 'nothing leaves' >&2; exit 1", 5, ("nothing leaves", "pre-push")),
    ("pre-commit", "kill -9 $$", 1, ("pre-commit",)),
]


@pytest.mark.parametrize(("hook", "script", "status", "words"), HOOKS)
def test_a_hook_that_refuses(hook, script, status, words, project, refuse):
    """A hook that refuses stops the release with its own words; everything is undone."""
    project.hook(hook, script)
    refuse(project, status, *words, UNDONE)


def test_hooks_can_be_skipped(project, released):
    """Hooks are left out only where the configuration says so."""
    project.hook("pre-commit", "exit 1")
    released(project, "-p", "hooks=skip")


def test_a_hook_that_rewrites_a_release_file(project, released):
    """What a pre-commit hook makes of a release file is released."""
    project.hook("pre-commit", "grep -q formatted CHANGELOG.md || { echo formatted >> CHANGELOG.md; exit 1; }")
    released(project)
    assert project.show("CHANGELOG.md").endswith(b"formatted\n")
    assert (project.path / "CHANGELOG.md").read_bytes() == project.show("CHANGELOG.md")


def test_a_hook_that_is_no_program(project, released):
    """A hook that is not executable is none, as for git."""
    project.hook("pre-commit", "exit 1").chmod(0o644)
    released(project)


NOBODY = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": None,
    "GIT_AUTHOR_EMAIL": None,
    "GIT_COMMITTER_NAME": None,
    "GIT_COMMITTER_EMAIL": None,
    "EMAIL": None,
}


@pytest.mark.parametrize("args", ["run --yes", "plan", "run --yes --json"])
def test_no_identity(args, project, refuse):
    """Without a name and an e-mail the release is refused with the two commands that set them."""
    project.git("config", "user.useConfigOnly", "true")
    words = "git config user.name", "git config user.email"
    refuse(project, 1, *words, args=args, env=NOBODY)


def test_a_name_only(project, refuse):
    """A name without an e-mail is not enough."""
    project.git("config", "user.useConfigOnly", "true")
    project.git("config", "user.name", "Somebody")
    refuse(project, 1, "git config user.email", env=NOBODY)


def test_signing_without_a_key(project, refuse):
    """A release that cannot be signed is refused, with the key to set."""
    project.git("config", "commit.gpgSign", "true")
    project.git("config", "gpg.program", "no-such-gpg")
    refuse(project, 1, "sign", UNDONE)


def _wait(path, process) -> None:
    deadline = time.monotonic() + 30
    while not path.exists():
        assert process.poll() is None, "it ended before it was interrupted"
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("options", [(), ("--json",)], ids=["text", "json"])
def test_a_signal_while_a_validator_runs(number, options, make_project, tmp_path, scratch, same):
    """An interrupted release is undone at once: nothing moves, no shadow and no child process remain."""
    mark = tmp_path / "begun"
    script = f"echo $$ > {mark}.pid; mv {mark}.pid {mark}; sleep 86393"
    repo = make_project(_validators(f"[['sh', '-c', '{script}']]"))
    with same(repo):
        process = subprocess.Popen(
            [sys.executable, "-m", "vwmp_release", "run", "--yes", *options],
            cwd=repo.path, env={**os.environ, "TMPDIR": str(scratch)}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            _wait(mark, process)
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 130, out + err
    assert "interrupted" in (out + err).casefold()
    assert "Traceback" not in out + err
    if options:
        import json

        document = json.loads(out)
        assert (document["exit_status"], document["status"], document["undone"]) == (130, "interrupted", True)
    assert {path.name for path in (repo.path / ".git").glob("vwmp/*")} <= {"lock", "runs"}
    assert list(scratch.iterdir()) == []
    child = int(mark.read_text(encoding="utf-8"))
    deadline = time.monotonic() + 5
    while _is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _is_alive(child)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_release_after_one_that_was_killed(project, tmp_path, released):
    """What SIGKILL leaves of a release neither stops nor spoils the next one, and goes away with it."""
    mark = tmp_path / "begun"
    script = f"test -e {mark} || {{ echo $$ > {mark}.pid; mv {mark}.pid {mark}; sleep 86392; }}"
    project.commit("chore: validators", _validators(f"[['sh', '-c', '{script}']]"))
    project.git("push", "--quiet", "origin", "main")
    process = subprocess.Popen(
        [sys.executable, "-m", "vwmp_release", "run", "--yes"], cwd=project.path, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        _wait(mark, process)
    finally:
        process.kill()
        process.communicate(timeout=30)
    try:
        released(project)
        assert project.tags == ["v1.0.0", "v1.0.1"]
    finally:
        os.killpg(int(mark.read_text(encoding="utf-8")), signal.SIGKILL)  # nobody can end it for a killed program
