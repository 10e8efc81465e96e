"""Remotes that refuse, hang, or cannot be reached."""

from __future__ import annotations

import os
import time

import pytest

_ONE = 'while read -r _ _ ref; do case "$ref" in refs/{}/*) echo "no push to $ref" >&2; exit 1;; esac; done'
REFUSALS = {
    "all": "echo 'no releases on fridays' >&2; exit 1",
    "branch": _ONE.format("heads"),
    "tag": _ONE.format("tags"),
}
SAID = {"all": "no releases on fridays", "branch": "no push to refs/heads/main", "tag": "no push to refs/tags/v1.0.1"}


@pytest.mark.parametrize("kind", REFUSALS)
@pytest.mark.parametrize("args", ["run --yes", "run --yes --json"])
def test_the_remote_refuses(kind, args, project, origin, refuse):
    """A refusal of one ref is a refusal of the whole release, in the remote's own words; nothing moves anywhere."""
    origin(project).hook("pre-receive", REFUSALS[kind])
    refuse(project, 5, SAID[kind], args=args)


@pytest.mark.parametrize("ref", ["refs/heads/main", "refs/tags/v1.0.1"])
def test_the_remote_refuses_one_ref_by_its_update_hook(ref, project, origin, refuse):
    """An update hook decides ref by ref; the push is atomic all the same."""
    origin(project).hook("update", f'test "$1" != {ref} || {{ echo "not $1" >&2; exit 1; }}')
    refuse(project, 5, f"not {ref}")


def test_the_remote_cannot_push_atomically(project, origin, refuse):
    """A remote that cannot take several refs at once gets none."""
    origin(project).git("config", "receive.advertiseAtomic", "false")
    refuse(project, 5, "atomic")


UNREACHABLE = [
    pytest.param("/nowhere/at/all.git", {}, "/nowhere/at/all.git", id="no-such-path"),
    pytest.param("http://127.0.0.1:1/x", {}, "http://127.0.0.1:1/x", id="closed-port"),
    pytest.param(
        "ssh://git@example.invalid/x",
        {"GIT_SSH_COMMAND": "echo 'host key is wrong' >&2; false"},
        "host key is wrong",
        id="ssh",
    ),
    pytest.param("ext::sh -c 'touch pwned'", {}, "ext", id="forbidden-protocol"),
    pytest.param("https://user:s3cr3t-token@127.0.0.1:1/x", {}, "127.0.0.1:1/x", id="credentials"),
]


@pytest.mark.parametrize(("url", "env", "words"), UNREACHABLE)
@pytest.mark.parametrize("args", ["run --yes", "run --yes --json"])
def test_the_remote_cannot_be_reached(url, env, words, args, project, refuse):
    """Without the remote nothing begins; the address is told without credentials, and --no-push is named."""
    project.git("remote", "set-url", "origin", url)
    ended = refuse(project, 4, "the remote origin", "cannot be reached", words, "--no-push", args=args, env=env)
    assert "s3cr3t" not in ended.out + ended.err
    assert not list(project.path.parent.rglob("pwned"))


def test_a_plan_asks_no_remote(project, refuse):
    """A plan works whatever the remote is."""
    project.git("remote", "set-url", "origin", "ssh://git@example.invalid/x")
    refuse(project, 0, "1.0.1", args="plan", env={"GIT_SSH_COMMAND": "touch asked; false"})


def _running(marker: str) -> list[str]:
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/cmdline", "rb") as file:
                    line = file.read()
            except OSError:  # it ended meanwhile
                continue
            if marker.encode() in line and str(os.getpid()) != name:
                found.append(f"{name} {line!r}")
    return found


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc")
@pytest.mark.parametrize("args", ["run --yes -p timeout=1", "run --yes --json -p timeout=1"])
def test_the_remote_hangs(args, project, tmp_path, refuse):
    """A remote that never answers is given up at the time limit, with every child process."""
    script = tmp_path / "hang-in-there.sh"
    script.write_text("#!/bin/sh\nsleep 86399 & wait\n", encoding="utf-8")
    script.chmod(0o755)
    project.git("remote", "set-url", "origin", "ssh://git@example.invalid/x")
    refuse(
        project, 4, "cannot be reached", "no answer within 1 s", args=args, env={"GIT_SSH_COMMAND": str(script)},
        timeout=30,
    )  # fmt: skip
    deadline = time.monotonic() + 5
    while (found := _running(str(script))) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not found
