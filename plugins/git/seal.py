"""Reads what the shadow holds, checks every object in it, and finds what would meet the user's uncommitted work."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from vwmp_release.errors import PermanentError
from vwmp_release.interfaces import Seal, TagRef

from . import names
from .changes import described
from .conflicts import conflicts
from .session import Session
from .shadow import DETACHED

_SIGNATURE = re.compile(r"^-----BEGIN [A-Z ]*(?:SIGNATURE|MESSAGE)-----$", re.MULTILINE)
_AUTHOR = re.compile(r"(.*<.*>) -?\d+ [+-]\d{4}")


class _Object(NamedTuple):
    kind: str
    headers: Mapping[str, str]
    parents: Sequence[str]
    message: str


def seal(session: Session) -> Seal:
    """Read what the shadow holds.

    Args:
        session: The open transaction.

    Raises:
        PermanentError: An object is missing, or what the steps made is no release on top of the base.
    """
    head, tag_ids = _refs(session)
    new_tags = {
        name: identity for name, identity in tag_ids.items() if session.refs.get(f"refs/tags/{name}") != identity
    }
    listed = session.shadow("rev-list", "--first-parent", "--reverse", head, f"^{session.base}", "--").text.splitlines()
    chain = [names.object_id(line) for line in listed]
    objects = _read(session, [*chain, *new_tags.values()])
    _check_chain(session.base, head, chain, objects)
    tags = tuple(_tag(session, name, identity, objects[identity], chain) for name, identity in sorted(new_tags.items()))
    compared = session.shadow(
        "diff-tree", "-r", "-z", "--raw", "-p", "-M", "--no-ext-diff", "--no-textconv", "--no-color",
        session.base, head,
    )  # fmt: skip
    found, files = described(compared)
    return Seal(
        base=session.base,
        branch=session.branch,
        commit=head,
        commits=tuple((identity, objects[identity].message) for identity in chain),
        author=_author(objects[head]) if chain else "",
        tags=tags,
        files=files,
        conflicts=conflicts(session, found),
        leftovers=_leftovers(session),
    )


def _refs(session: Session) -> tuple[str, dict[str, str]]:
    branch = f"refs/heads/{session.branch or DETACHED}"
    if (session.git_dir / "HEAD").read_bytes().strip() != b"ref: " + os.fsencode(branch):
        raise PermanentError("a step has switched the branch of the release's workspace", hint=f"stay on {branch}")
    listed = session.shadow("for-each-ref", "--format=%(objectname) %(refname)", branch, "refs/tags")
    refs = {
        name: identity for identity, _, name in (ln.partition(" ") for ln in os.fsdecode(listed.stdout).splitlines())
    }
    head = names.object_id(refs.pop(branch, ""))
    tags = {
        name.removeprefix("refs/tags/"): names.object_id(identity)
        for name, identity in refs.items()
        if name.startswith("refs/tags/")
    }
    return head, tags


def _read(session: Session, identities: Iterable[str]) -> dict[str, _Object]:
    """Re-read objects in one call; an object that cannot be read was never written."""
    wanted = list(dict.fromkeys(identities))
    if not wanted:
        return {}
    rest = session.shadow("cat-file", "--batch", stdin="".join(f"{item}\n" for item in wanted).encode()).stdout
    found: dict[str, _Object] = {}
    for identity in wanted:
        head, _, rest = rest.partition(b"\n")
        fields = head.decode("ascii", "replace").split(" ")
        if len(fields) != 3 or fields[0] != identity:
            raise PermanentError(f"the object {identity} of the release cannot be read", hint="check the disk")
        size = int(fields[2])
        found[identity] = _parsed(fields[1], rest[:size])
        rest = rest[size + 1 :]
    return found


def _parsed(kind: str, raw: bytes) -> _Object:
    head, _, message = raw.decode("utf-8", "replace").partition("\n\n")
    headers: dict[str, str] = {}
    parents = []
    for line in head.split("\n"):
        key, _, value = line.partition(" ")
        if key == "parent":
            parents.append(value)
        elif key:  # continued lines begin with a space
            headers.setdefault(key, value)
    return _Object(kind, headers, parents, message)


def _check_chain(base: str, head: str, chain: Sequence[str], objects: Mapping[str, _Object]) -> None:
    before = base
    for identity in chain:
        if objects[identity].kind != "commit" or objects[identity].parents[:1] != [before]:
            break
        before = identity
    if before != head:
        raise PermanentError(
            "what the steps committed does not build on the commit that the release began with",
            hint="a step must not rewrite or leave the branch's history",
        )


def _tag(session: Session, name: str, identity: str, read: _Object, chain: Sequence[str]) -> TagRef:
    annotated = read.kind == "tag"
    target = read.headers.get("object", "") if annotated else identity
    if target not in (session.base, *chain):
        raise PermanentError(f"the tag {name} does not name a commit of this release")
    movable = name in session.movable
    if f"refs/tags/{name}" in session.refs and not movable:
        raise PermanentError(
            f"a step has moved the tag {name}, which existed before", hint="set force: true to move it"
        )
    message = _SIGNATURE.split(read.message)[0] if annotated else ""
    return TagRef(name, identity, names.object_id(target), message, annotated, movable)


def _author(commit: _Object) -> str:
    match = _AUTHOR.fullmatch(commit.headers.get("author", ""))
    return match[1] if match else commit.headers.get("author", "")


def _leftovers(session: Session) -> tuple[str, ...]:
    done = session.shadow(
        "-c", f"core.hooksPath={os.devnull}", "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all",
        "--ignore-submodules=all",
    )  # fmt: skip
    return tuple(os.fsdecode(entry[3:]) for entry in done.stdout.split(b"\0") if entry)
