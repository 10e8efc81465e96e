"""Release tags: reading their names, and learning the prefix that a repository gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from vwmp_release.errors import PermanentError
from vwmp_release.support import git

from ..versions.scheme import Scheme
from ..versions.version import Version

DEFAULT_TEMPLATE = "v{version}"
_STANDARD = ("v", "")
"""Prefixes that belong to the repository as a whole; others may belong to a part of it."""
_NUMBER = re.compile(r"(?<![0-9.])[0-9]")
_AT_ONCE = 500
"""Tag names that one call to git is asked about."""


class TagName(NamedTuple):
    """A tag, and the commit that it names."""

    name: str
    commit: str


class ReleaseTag(NamedTuple):
    """A tag that names a version.

    Args:
        name: Its name.
        commit: Object id of the commit.
        version: What it says after the prefix.
        prefix: What stands before the version.
    """

    name: str
    commit: str
    version: Version
    prefix: str = "v"


def listing(root: Path) -> list[TagName]:
    """Return all tags, in one call to git.

    Args:
        root: A folder of the repository.

    Raises:
        ProcessError: git failed.
    """
    done = git.run(
        "for-each-ref", "--format=%(refname:strip=2)%00%(objectname)%00%(*objectname)", "refs/tags", cwd=root
    )
    fields = (line.split("\0") for line in done.text.splitlines())
    return [TagName(name, peeled or own) for name, own, peeled in fields]


def split_template(template: str) -> tuple[str, str]:
    """Return what stands before and after the version in tag names.

    Args:
        template: The key `tag_template`, e.g. `v{version}`.

    Raises:
        PermanentError: It does not hold `{version}` exactly once, or holds another placeholder.
    """
    prefix, found, suffix = template.partition("{version}")
    if not found or "{" in prefix + suffix or "}" in prefix + suffix:
        raise PermanentError(
            f"tag_template: {template!r} must hold {{version}} once and no other placeholder",
            hint="write it as in v{version}",
        )
    return prefix, suffix


def matching(tags: Iterable[TagName], template: str, scheme: Scheme) -> list[ReleaseTag]:
    """Return the tags of a template whose versions the scheme can read.

    Args:
        tags: All tags.
        template: The key `tag_template`.
        scheme: The version scheme.

    Raises:
        PermanentError: The template is none.
    """
    prefix, suffix = split_template(template)
    out = []
    for tag in tags:
        if tag.name.startswith(prefix) and tag.name.endswith(suffix):
            version = scheme.read(tag.name[len(prefix) : len(tag.name) - len(suffix)])
            if version is not None:
                out.append(ReleaseTag(tag.name, tag.commit, version, prefix))
    return out


def candidates(tags: Iterable[TagName], scheme: Scheme) -> list[ReleaseTag]:
    """Return the tags that may be releases, where no template is given.

    Tags that are a bare version, or one after `v`, are the repository's own; only where there are none do tags with
    other text before the version count.

    Args:
        tags: All tags.
        scheme: The version scheme.
    """
    read = [release for tag in tags if (release := _read(tag, scheme))]
    return [tag for tag in read if tag.prefix in _STANDARD] or read


def _read(tag: TagName, scheme: Scheme) -> ReleaseTag | None:
    for match in _NUMBER.finditer(tag.name):
        version = scheme.read(tag.name[match.start() :])
        if version is not None:
            return ReleaseTag(tag.name, tag.commit, version, tag.name[: match.start()])
    return None


def reachable(root: Path, head: str, tags: Sequence[ReleaseTag]) -> list[ReleaseTag]:
    """Return those of some tags that are part of the history of a commit, in one call to git.

    Args:
        root: A folder of the repository.
        head: The commit.
        tags: The tags in question; only the last 500 are asked about.

    Raises:
        ProcessError: git failed.
    """
    asked = tags[-_AT_ONCE:]
    names = [f"refs/tags/{tag.name}" for tag in asked]
    done = git.run("for-each-ref", f"--merged={head}", "--format=%(refname:strip=2)", *names, cwd=root)
    merged = set(done.text.splitlines())
    return [tag for tag in asked if tag.name in merged]
