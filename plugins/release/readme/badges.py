"""Version badges of shields.io and its kin: `…/badge/label-message-colour`."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote

from vwmp_release.errors import PermanentError
from vwmp_release.support.textfile import Edit

from .versions import Found, swap

_ADDRESS = re.compile(r"https?://[^\s/\"'<>()]+/badge/(?P<content>[^\s/?#\"'<>()\[\]]+)")
_CONTENT = re.compile(
    r"(?:(?P<label>(?:[^-]|--)*)-)?(?P<message>(?:[^-]|--)+)-(?P<colour>(?:[^-.]|--)+)(?P<suffix>\.(?:svg|png|json))?"
)
_MESSAGE = re.compile(r"(?P<v>[vV]?)(?P<version>\d[0-9A-Za-z.+!_-]*)")


class Form(NamedTuple):
    """How a badge is written.

    Args:
        label: Its left half, unescaped.
        before: What stands before the version in its right half.
        after: What stands behind it.
        template: The whole, with `{version}`.
    """

    label: str
    before: str
    after: str
    template: str


def form(template: str) -> Form:
    """Read the key `badge_format`.

    Args:
        template: E.g. `version-{version}-blue`.

    Raises:
        PermanentError: It is no badge, or has no `{version}` in its message.
    """
    match = _CONTENT.fullmatch(template)
    if match is None or match["message"].count("{version}") != 1:
        raise PermanentError(
            f"badge_format: {template!r} is no badge of a version", hint="write it as label-{version}-colour"
        )
    before, _, after = unescape(match["message"]).partition("{version}")
    return Form(unescape(match["label"] or ""), before, after, template)


def escape(text: str) -> str:
    """Write text as badges need it: `-` and `_` doubled, the rest percent-encoded.

    Args:
        text: A label or message.
    """
    return quote(text.replace("-", "--").replace("_", "__"), safe="")


def unescape(text: str) -> str:
    """Read a part of a badge's address.

    Args:
        text: As it stands in the address.
    """
    signs = {"--": "-", "__": "_", "_": " "}
    return re.sub("--|__|_", lambda match: signs[match[0]], unquote(text))


def badges(text: str, wanted: Form, version: str) -> list[Found]:
    """Return the version badges of a document, with the edits that they need.

    Args:
        text: The document.
        wanted: How the badge is written.
        version: The new version.
    """
    found = []
    for address in _ADDRESS.finditer(text):
        content = _CONTENT.fullmatch(address["content"])
        if content and unescape(content["label"] or "").casefold() == wanted.label.casefold():
            badge = _badge(text, address, content, wanted, version)
            found += [badge] if badge else []
    return found


def _badge(text: str, address: re.Match[str], content: re.Match[str], wanted: Form, version: str) -> Found | None:
    message = unescape(content["message"])
    inner = message.removeprefix(wanted.before).removesuffix(wanted.after)
    own = message == f"{wanted.before}{inner}{wanted.after}"
    match = _MESSAGE.fullmatch(inner if own else message)
    if match is None:
        return None
    old, start = match["version"], address.start("content")
    prefix = match["v"]
    if own and (not prefix or not wanted.before):
        new = escape(f"{wanted.before}{prefix}{version}{wanted.after}")
        edit = Edit(start + content.start("message"), start + content.end("message"), new)
    else:
        new = wanted.template.replace("{version}", escape(version)) + (content["suffix"] or "")
        edit = Edit(start, address.end("content"), new)
    if text[edit.start : edit.end] == new or (own and old == version):
        return Found(address.start(), address.end(), ())
    edits = [edit, *_alternative(text, address.start(), old, version)]
    return Found(address.start(), address.end(), tuple(edits), f"badge {old} → {version}")


def _alternative(text: str, at: int, old: str, version: str) -> list[Edit]:
    """Return the edits of the text that stands for the image where it cannot be seen."""
    line = text.rfind("\n", 0, at) + 1
    image = re.search(r"!\[([^\[\]\n]*)\]\(\s*<?$", text[line:at])
    if image:
        return swap(image[1], old, version, at=line + image.start(1))
    tag = text.rfind("<img", 0, at)
    end = text.find(">", at)
    if tag < 0 or end < 0 or ">" in text[tag:at]:
        return []
    alt = re.search(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", text[tag:end])
    if alt is None:
        return []
    group = 1 if alt[1] is not None else 2
    return swap(alt[group], old, version, at=tag + alt.start(group))
