"""Puts a release's section into a changelog: insertions only, every other byte stays."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from vwmp_release.errors import PermanentError
from vwmp_release.support import textfile
from vwmp_release.support.textfile import Edit, TextFile

from .outline import Heading, Outline, outline
from .sections import Section

TITLE = "# Changelog"
RECENT = "Recent Releases"
_BLANK_END = re.compile(r"(?:\A\ufeff?|\n[ \t]*\r?\n|\A\ufeff?[ \t]*\r?\n)\Z")
_BULLET = re.compile(r"^([-*+])[ \t]+\S", re.MULTILINE)


class Inserted(NamedTuple):
    """A changelog with its new section.

    Args:
        file: The document, edited.
        notes: The section's body, with line feeds.
        changed: False when the very section stood there already.
    """

    file: TextFile
    notes: str
    changed: bool = True


def load(path: Path) -> TextFile:
    """Read a changelog; one that is missing is empty.

    Args:
        path: Where it is, or will be.

    Raises:
        PermanentError: It cannot be read as text.
    """
    return textfile.read(path) if path.exists() else TextFile(path, "")


def is_blank(file: TextFile) -> bool:
    """Say whether a changelog holds nothing yet.

    Args:
        file: The document.
    """
    return not file.text.strip("\ufeff \t\r\n")


def begun(file: TextFile, text: str) -> TextFile:
    """Return a blank changelog with its first text.

    Args:
        file: The document, blank.
        text: Title and first section.
    """
    blanks = file.text.removeprefix("\ufeff")
    return apply(file, [(len(file.text), f"\n{text}" if blanks and not blanks.endswith("\n") else text)])


def bullet(plan: Outline) -> str:
    """Return the bullet that a document's releases use; `-` where they use none.

    Args:
        plan: The document.
    """
    first = plan.first_release
    match = _BULLET.search(plan.text, first.end) if first else None
    return match[1] if match else "-"


def insert(file: TextFile, section: Section, version: str, *, prepend: bool, recent: bool, root: Path) -> Inserted:
    """Insert a section where the document takes its newest release.

    Args:
        file: The document as it is.
        section: What to insert.
        version: Its version.
        prepend: Whether it goes before the first release; otherwise behind the last.
        recent: Whether it belongs under `## Recent Releases`.
        root: Folder that paths are shown relative to.

    Raises:
        PermanentError: The version has a section already, and that is another one.
    """
    plan = outline(file.text)
    there = existing(plan, version)
    if there is not None:
        end = plan.release_end(there)
        if same_text(file.text[there.start : end], fitting(file, section.text)):
            return Inserted(file, section.body, changed=False)
        raise refusal(file, there, version, root)
    text = section.text
    if is_blank(file):
        head = f"{TITLE}\n\n## {RECENT}" if recent else TITLE
        return Inserted(begun(file, f"{head}\n\n{text}\n"), section.body)
    at = anchor(plan, prepend=prepend)
    if recent:
        home = next((h for h in plan.headings if h.text.casefold() == RECENT.casefold()), None)
        at = _recent_anchor(plan, home, prepend=prepend) if home else at
        text = text if home else f"## {RECENT}\n\n{text}"
    return Inserted(apply(file, [(at, spaced(file.text, at, text))]), section.body)


def anchor(plan: Outline, *, prepend: bool) -> int:
    """Return the offset where a new section goes.

    Args:
        plan: The document.
        prepend: Whether it goes before the first release.
    """
    if not prepend:
        return plan.tail
    first, pending = plan.first_release, plan.unreleased
    if first is not None:
        return first.start
    if plan.marker is not None:
        return plan.marker
    return plan.end_of(pending) if pending is not None else plan.intro_end


def _recent_anchor(plan: Outline, home: Heading, *, prepend: bool) -> int:
    end = plan.end_of(home)
    inside = (h.start for h in plan.headings if h.version and home.end <= h.start < end)
    return next(inside, end) if prepend else end


def existing(plan: Outline, version: str) -> Heading | None:
    """Return the heading of a version's section, or None.

    Args:
        plan: The document.
        version: The version.
    """
    return next((heading for heading in plan.headings if heading.version == version), None)


def same_text(one: str, other: str) -> bool:
    """Say whether two texts are equal but for line endings and white space at their ends.

    Args:
        one: A text.
        other: A text.
    """
    return [line.rstrip() for line in one.strip().split("\n")] == [line.rstrip() for line in other.strip().split("\n")]


def refusal(file: TextFile, there: Heading, version: str, root: Path) -> PermanentError:
    """Return the error for a version that has another section already.

    Args:
        file: The document.
        there: The heading of that section.
        version: The version.
        root: Folder that paths are shown relative to.
    """
    return PermanentError(
        f"{file.path.name} already has a section for {version}, with other text",
        hint="remove that section, or release another version",
        place=textfile.place(file, there.start, root),
    )


def spaced(text: str, at: int, new: str) -> str:
    """Return new text with the blank lines that it needs around itself.

    Args:
        text: The document.
        at: Offset of a line's start in it, or its end.
        new: The text, without blank lines around.
    """
    before, after = text[max(0, at - 200) : at], text[at : at + 200]
    lead = 1 if before.endswith("\n") else 2
    if not before.strip("\ufeff") or _BLANK_END.search(before):
        lead = 0
    if not text[at:].strip():
        trail = 1 if after[:1] in (" ", "\t") or (before.endswith("\n") and not after) else 0
    else:
        trail = 1 if after.lstrip(" \t\r").startswith("\n") else 2
    return "\n" * lead + new + "\n" * trail


def apply(file: TextFile, insertions: list[tuple[int, str]], replacements: list[Edit] | None = None) -> TextFile:
    """Make insertions in the document's own newline and encoding.

    Args:
        file: The document.
        insertions: `(offset, text)` with line feeds, at different offsets.
        replacements: Other edits.
    """
    edits = [Edit(at, at, fitting(file, text)) for at, text in insertions]
    return textfile.apply(file, [*edits, *(replacements or [])])


def fitting(file: TextFile, text: str) -> str:
    """Return text with the document's newline; what its encoding lacks becomes a character reference.

    Args:
        file: The document.
        text: Text with line feeds.
    """
    text = text.encode(file.encoding, "xmlcharrefreplace").decode(file.encoding)
    return text.replace("\n", file.newline)
