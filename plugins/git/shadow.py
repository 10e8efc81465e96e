"""Builds and removes the shadow: a repository of its own that borrows the user's objects and gives none back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from vwmp_release.support import git

from .session import Session, environment

DETACHED = "vwmp-release-detached"
"""The shadow's branch where the released one is not known."""
KEPT = "kept"
"""A file that marks a folder under `work` whose release may still have to be finished."""
_TAKEN = (
    "user.", "author.", "committer.", "gpg.", "commit.gpgsign", "tag.gpgsign", "tag.forcesignannotated",
    "i18n.commitencoding", "core.autocrlf", "core.eol", "core.safecrlf", "core.attributesfile", "core.excludesfile",
    "core.filemode", "core.symlinks", "core.ignorecase", "core.precomposeunicode", "filter.",
)  # fmt: skip
"""Identity, signing and what decides about bytes: taken by value, because conditional includes see another git dir in
the shadow of a plan than in that of a run."""
_OWN = {
    "core.bare": "false", "core.fsmonitor": "false", "core.sparsecheckout": "false", "core.untrackedcache": "false",
    "core.splitindex": "false", "index.sparse": "false", "gc.auto": "0", "maintenance.auto": "false",
    "submodule.recurse": "false", "user.useconfigonly": "true", "log.showsignature": "false",
}  # fmt: skip
_UNSIGNED = {"commit.gpgsign": "false", "tag.gpgsign": "false", "tag.forcesignannotated": "false"}
_DURABLE = {"core.fsync": "all", "core.fsyncmethod": "fsync"}


def build(session: Session, hooks: Path) -> None:
    """Make the shadow's repository; its work tree stays empty.

    Args:
        session: The open transaction; its folder exists.
        hooks: Where the user's hooks are.
    """
    branch = session.branch or DETACHED
    git.run(
        "-c", "init.defaultRefFormat=files", "init", "-q", "--template=",
        f"--object-format={session.where.object_format}", "-b", branch, str(session.tree), cwd=session.folder,
    )  # fmt: skip
    common, own = session.where.common_dir, session.git_dir
    (own / "info").mkdir(exist_ok=True)
    (own / "objects" / "info").mkdir(parents=True, exist_ok=True)
    (own / "objects" / "info" / "alternates").write_bytes(b"".join(_alternates(common / "objects")))
    for name in ("shallow", "info/attributes", "info/exclude"):
        if (common / name).is_file():
            shutil.copyfile(common / name, own / name)
    _write_refs(session, branch)
    with (own / "config").open("a", encoding="utf-8", errors="surrogateescape") as config:
        config.write("".join(_sections(session)))


def check_out(session: Session, hooks: Path) -> None:
    """Fill the work tree with the base commit, or with the user's uncommitted work on top of it.

    Args:
        session: The open transaction.
        hooks: Where the user's hooks are.
    """
    quiet = ("-c", f"core.hooksPath={os.devnull}")
    env = environment(session.opening.run)
    git.run(*quiet, "read-tree", "-u", "--reset", session.snapshot or session.base, cwd=session.tree, env=env)
    if session.snapshot:
        git.run(*quiet, "read-tree", "--reset", session.base, cwd=session.tree, env=env)
    with suppress(ValueError):  # hooks that are part of the work tree: the shadow's own copy, if it has one
        relative = hooks.relative_to(session.where.root)
        hooks = session.tree / relative if (session.tree / relative).is_dir() else hooks
    with (session.git_dir / "config").open("a", encoding="utf-8", errors="surrogateescape") as config:
        config.write(_setting("core.hookspath", str(hooks)))


def hooks_folder(session: Session) -> Path:
    """Return where the shadow's hooks are.

    Args:
        session: The open transaction.
    """
    done = session.shadow("rev-parse", "--path-format=absolute", "--git-path", "hooks")
    return Path(os.fsdecode(done.stdout.removesuffix(b"\n")))


def link(session: Session, names: Iterable[str]) -> list[str]:
    """Link untracked folders of the user's tree into the shadow and keep them out of the release.

    Args:
        session: The open transaction.
        names: Paths relative to the root, checked.

    Returns:
        Warnings, a sentence each.
    """
    warnings = []
    linked = []
    for name in names:
        place = session.tree / name
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(session.where.root / name, target_is_directory=True)
        except OSError as error:
            warnings.append(f"workspace_link: {name} cannot be linked: {error.strerror or error}")
            continue
        linked.append(name)
    with (session.git_dir / "info" / "exclude").open("a", encoding="utf-8") as exclude:
        exclude.write("".join(f"\n/{_ignored(name)}" for name in linked) + "\n")
    session.links = tuple(linked)
    return warnings


def remove(folder: Path) -> None:
    """Remove a folder with everything in it, read-only files too; links are removed, never followed.

    Args:
        folder: The folder; may be missing.
    """
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError:
        for parent, folders, files in os.walk(folder):
            for name in (".", *folders, *files):
                path = os.path.join(parent, name)
                if not os.path.islink(path):
                    with suppress(OSError):
                        os.chmod(path, 0o700)
        shutil.rmtree(folder, ignore_errors=True)


def clear_leftovers(work: Path) -> None:
    """Remove the shadows of runs that were killed; only for the holder of the lock.

    Args:
        work: The folder of all shadows.
    """
    with suppress(OSError):
        for entry in list(work.iterdir()):
            if not (entry / KEPT).exists():
                remove(entry)


def _alternates(objects: Path) -> list[bytes]:
    found = [os.fsencode(objects) + b"\n"]
    with suppress(OSError):
        for line in (objects / "info" / "alternates").read_bytes().splitlines():
            if line and not line.startswith((b"#", b'"')):  # relative ones are only allowed in the first repository
                found.append(os.fsencode(os.path.normpath(objects / os.fsdecode(line))) + b"\n")
    return found


def _write_refs(session: Session, branch: str) -> None:
    refs = {**session.refs, f"refs/heads/{branch}": session.base}
    lines = sorted((os.fsencode(name), identity.encode()) for name, identity in refs.items())
    # Without a head line: its word `sorted` would save git a check, but GitPython only reads it together with `peeled`.
    text = b"".join(identity + b" " + name + b"\n" for name, identity in lines)
    (session.git_dir / "packed-refs").write_bytes(text)


def _sections(session: Session) -> Iterable[str]:
    yield "\n"
    settings, where = session.settings, session.where
    for path in (where.common_dir / "config", where.git_dir / "config.worktree"):
        if path.is_file():
            yield _setting("include.path", str(path))
    partial = settings.get("extensions.partialclone")
    if partial:
        yield _setting("core.repositoryformatversion", "1") + _setting("extensions.partialclone", partial)
    for key, value in settings.under(*_TAKEN):
        yield _setting(key, value)
    own = {**_OWN, **(_UNSIGNED if session.plans else _DURABLE), "core.worktree": str(session.tree)}
    for key, value in own.items():
        yield _setting(key, value)


def _setting(key: str, value: str) -> str:
    section, _, rest = key.partition(".")
    middle, _, name = rest.rpartition(".")
    header = f'{section} "{_escaped(middle)}"' if middle else section
    text = _escaped(value).replace("\n", "\\n").replace("\t", "\\t")
    return f'[{header}]\n\t{name} = "{text}"\n'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _ignored(name: str) -> str:
    return "".join("\\" + char if char in "\\*?[ " else char for char in name.rstrip("/"))
