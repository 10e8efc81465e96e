"""Names of refs and ids of objects: what may reach a git command line."""

from __future__ import annotations

import re

from vwmp_release.errors import PermanentError

_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//")
_TAG = re.compile(r"[A-Za-z0-9._/+-]+")


def object_id(text: str) -> str:
    """Return an object id, checked: git can end well with empty output on a full disk.

    Args:
        text: What git printed.

    Raises:
        PermanentError: It is no full object id, or the null id.
    """
    if not is_id(text):
        raise PermanentError(f"git gave {text!r} where an object id was expected", hint="check the disk and git fsck")
    return text


def is_id(text: str) -> bool:
    """Say whether a text is a full object id, SHA-1 or SHA-256, other than the null id.

    Args:
        text: Any text.
    """
    return _ID.fullmatch(text) is not None and text.strip("0") != ""


def null_id(object_format: str) -> str:
    """Return the id that stands for no object.

    Args:
        object_format: `sha1` or `sha256`.
    """
    return "0" * (64 if object_format == "sha256" else 40)


def ref_trouble(name: str) -> str:
    """Say what is wrong with a branch or tag name; empty when nothing is (git-check-ref-format).

    Args:
        name: Without `refs/heads/` or `refs/tags/`.
    """
    if not name or name in ("@", "HEAD"):
        return "it is no name for a branch or tag"
    if name.startswith("-"):
        return "it begins with a dash"
    if _FORBIDDEN.search(name):
        return "it holds characters that git does not allow"
    if name.startswith("/") or name.endswith(("/", ".")):
        return "it begins or ends with a character that git does not allow there"
    if any(part.startswith(".") or part.endswith(".lock") for part in name.split("/")):
        return "a part of it begins with a dot or ends with .lock"
    return ""


def tag_name(name: str) -> str:
    """Return a tag name that is safe everywhere, also where a shell or a web page reads it.

    Args:
        name: The name, filled in.

    Raises:
        PermanentError: It holds anything but ASCII letters, digits and `._/+-`, or git does not allow it.
    """
    trouble = ref_trouble(name) or (
        "" if _TAG.fullmatch(name) else "only letters, digits and . _ / + - may stand in it"
    )
    if trouble:
        raise PermanentError(f"{name!r} cannot be the name of a tag", why=trouble, hint="change tag_template")
    return name
