"""A remote that hangs, cuts its answer or vanishes, reached through a stand-in for ssh."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from vwmp_release.interfaces import PushOrder

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")


def _stand_in(tmp_path: Path, project: Any, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Reach the remote through a stand-in for ssh; `$*` is the command on the other side."""
    path = tmp_path / "fake-ssh"
    path.write_text(f"#!/bin/sh\nfor last; do :; done\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(path))
    monkeypatch.setenv("GIT_SSH_VARIANT", "ssh")
    project.git("remote", "set-url", "origin", f"ssh://git@example.invalid{project.bare.path}")


_HANG = 'case "$last" in git-receive-pack*) sleep 300;; *) exec sh -c "$last";; esac'
_LANDED = 'case "$last" in git-receive-pack*) sh -c "$last"; sleep 300;; *) exec sh -c "$last";; esac'
_CUTTER = """
import sys
read, write = sys.stdin.buffer, sys.stdout.buffer
while (head := read.read(4)) != b"0000":
    write.write(head + read.read(int(head, 16) - 4))
write.write(b"0000")
write.flush()
read.read()
"""
_CUT = (
    'case "$last" in git-receive-pack*) sh -c "$last" | ' + f"{sys.executable} -c '{_CUTTER}'" + "; exit 0;; "
    '*) exec sh -c "$last";; esac'
)
_GONE = (
    'case "$last" in git-receive-pack*) touch {mark}; sh -c "$last" >/dev/null; sleep 300;; esac\n'
    '[ -e {mark} ] && exit 255; exec sh -c "$last"'
)


def test_push_that_hangs_is_not_taken_for_done(
    project: Any, release: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A push that hangs before anything arrived shows the old state there, so it may be tried again."""
    _stand_in(tmp_path, project, monkeypatch, _HANG)
    release.open()
    publication = release.publish(release.make(), timeout=2.0)
    assert (publication.verdict, publication.retryable) == ("refused", True)
    assert "did not answer in time" in publication.detail


@pytest.mark.parametrize("script", [_LANDED, _CUT], ids=["answer hangs", "answer is cut"])
def test_push_whose_answer_is_lost_is_found(
    project: Any, release: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    """The release landed but nobody said so: asking the remote finds it."""
    _stand_in(tmp_path, project, monkeypatch, script)
    release.open()
    seal = release.make()
    assert release.publish(seal, timeout=4.0).verdict == "published"
    assert project.bare.git("rev-parse", "main") == seal.commit


def test_remote_that_vanishes_leaves_doubt(
    project: Any, release: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the remote cannot be asked nobody knows, and the objects are kept; once it can, it says how it stands."""
    mark = tmp_path / "gone"
    _stand_in(tmp_path, project, monkeypatch, _GONE.replace("{mark}", str(mark)))
    release.open()
    seal = release.make()
    publication = release.publish(seal, timeout=2.0)
    assert (publication.verdict, publication.retryable) == ("in-doubt", True)
    assert "cannot be asked" in publication.detail
    mark.unlink()
    asked = release.adapter.confirm(seal, PushOrder("origin"))
    assert (asked.verdict, asked.retryable) == ("refused", True)
    folder = release.tree.parent
    release.adapter.cleanup()
    assert folder.exists()
