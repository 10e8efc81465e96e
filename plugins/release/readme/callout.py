"""The line `**🎉 Latest Release: v1.2.3** - 🐞 Fix: summary`."""

from __future__ import annotations

import re

from vwmp_release.support.textfile import Edit

from ..changelog.labels import LABELS
from .versions import VERSION, Found, swap

_LINE = re.compile(
    r"\*\*[^*\n]*?Latest Release:?(?:\*\*)?:?[ \t]*\[?[vV]?"
    rf"(?P<version>{VERSION})(?P<link>\]\([^)\n]*\))?(?:\*\*)?(?P<tail>[^\r\n]*)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:[-–—|]|:)\s+"
    r"(?P<words>(?P<emoji>[^\w\s]+\s+)?(?:(?P<label>[A-Za-z]+)(?P<colon>:\s+))?\S.*?)"
    r"[ \t]*"
)


def callouts(text: str, version: str, change_type: str, summary: str) -> list[Found]:
    """Return the lines that announce the latest release, with the edits that they need.

    Args:
        text: The document.
        version: The new version.
        change_type: A key of `LABELS`.
        summary: One line of safe Markdown; empty leaves the line's words as they are.
    """
    found = []
    for match in _LINE.finditer(text):
        edits = [Edit(match.start("version"), match.end("version"), version)]
        if match["link"]:
            edits += swap(match["link"], match["version"], version, at=match.start("link"))
        tail = _TAIL.fullmatch(match["tail"])
        if tail and summary:
            start = match.start("tail")
            words = _words(tail, change_type, summary)
            edits.append(Edit(start + tail.start("words"), start + tail.end("words"), words))
        edits = [edit for edit in edits if text[edit.start : edit.end] != edit.new]
        what = f"latest release {match['version']} → {version}"
        found.append(Found(match.start(), match.end(), tuple(edits), what))
    return found


def _words(old: re.Match[str], change_type: str, summary: str) -> str:
    """Return emoji, label and summary, each only where the old words have it."""
    emoji, label = LABELS.get(change_type, ("", change_type))
    known = (old["label"] or "").casefold() in {name.casefold() for _, name in LABELS.values()}
    emojis = {sign for sign, _ in LABELS.values()}
    shown = f"{emoji} " if emoji and old["emoji"] and (known or old["emoji"].strip() in emojis) else ""
    return f"{shown}{label}{old['colon']}{summary}" if known else f"{shown}{summary}"
