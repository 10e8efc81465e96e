"""Text between `<!-- vwmp:version -->` and `<!-- /vwmp:version -->` (or `<!-- vwmp:version:end -->`)."""

from __future__ import annotations

import re
from pathlib import Path

from vwmp_release.errors import PermanentError
from vwmp_release.support import textfile
from vwmp_release.support.textfile import Edit, TextFile

from .versions import TOKEN, Found, within

_OPEN = re.compile(r"<!--\s*vwmp:version\s*-->")
_CLOSE = re.compile(r"<!--\s*(?:/vwmp:version|vwmp:version:end)\s*-->")
_UPDATED = re.compile(r"Last Updated:?(?:\*\*)?:?\s*(?P<date>\d{4}-\d\d-\d\d)", re.IGNORECASE)
_NAMED = (re.compile(r"SemVer[^|\n\d]*$", re.IGNORECASE), re.compile(r"Version[^|\n\d]*$", re.IGNORECASE))


def marked(
    file: TextFile,
    skipped: list[tuple[int, int]],
    version: str,
    old: str,
    date: str,
    *,
    passed: list[tuple[int, int]],
    root: Path,
) -> list[Found]:
    """Return what stands between markers, with the edits that it needs.

    Args:
        file: The document.
        skipped: Code blocks and spans, where markers are only quoted.
        version: The new version.
        old: The version before; empty when unknown.
        date: The release's date, `YYYY-MM-DD`.
        passed: Spans that something else has edited.
        root: Folder that paths are shown relative to.

    Raises:
        PermanentError: A marker is not closed.
    """
    found, at = [], 0
    while opening := _OPEN.search(file.text, at):
        at = opening.end()
        if within(skipped, opening.start()):
            continue
        closing = _CLOSE.search(file.text, at)
        if closing is None:
            raise PermanentError(
                "the marker vwmp:version is not closed",
                hint="write <!-- /vwmp:version --> behind the version",
                place=textfile.place(file, opening.start(), root),
            )
        edits = _edits(file.text, at, closing.start(), version, old, date, passed)
        steps = dict.fromkeys(f"{file.text[edit.start : edit.end]} → {edit.new}" for edit in edits)
        what = f"marker {', '.join(steps)}"
        found.append(Found(opening.start(), closing.end(), tuple(edits), what))
        at = closing.end()
    return found


def _edits(
    text: str, start: int, end: int, version: str, old: str, date: str, passed: list[tuple[int, int]]
) -> list[Edit]:
    tokens = [match for match in TOKEN.finditer(text, start, end) if not within(passed, match.start("version"))]
    edits = []
    if not any(token["version"] == version for token in tokens):
        chosen = [token for token in tokens if token["version"] == old] or _first(text, start, tokens)
        edits = [Edit(token.start("version"), token.end("version"), version) for token in chosen]
    edits += [
        Edit(match.start("date"), match.end("date"), date)
        for match in _UPDATED.finditer(text, start, end)
        if match["date"] != date
    ]
    return edits


def _first(text: str, start: int, tokens: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return the version that a field names as SemVer or as the version, else the first."""
    for name in _NAMED:
        for token in tokens:
            if name.search(text[start : token.start()]):
                return [token]
    return tokens[:1]
