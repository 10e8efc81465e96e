"""Reads where headings, releases and link references stand in a Markdown document; passes over code and comments."""

from __future__ import annotations

import re
from typing import NamedTuple

_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(?!\s*\n)(?:.*\r?\n)*?---[ \t]*(?:\r?\n|$)")
_MARK = re.compile(
    r"(?:^|(?<=\ufeff)) {0,3}(?:"
    r"(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})"
    r"|(?P<comment><!--)"
    r"|(?P<level>\#{1,6})(?:[ \t]+(?P<text>[^\n]*?))?[ \t]*\r?$"
    r"|(?P<under>=+|-{2,})[ \t]*\r?$"
    r"|\[(?P<label>[^\]\^\n][^\]\n]*)\]:[ \t]*<?(?P<url>[^\s>]+)"
    r")",
    re.MULTILINE,
)
_RELEASE = re.compile(
    r"[\[*_ ]*(?:(?:version|release)[ :]+)?\[?(?:[@\w][\w./-]*?(?:@|[-/](?=v\d)))?[vV]?"
    r"(?P<version>(?:\d+!)?\d+(?:\.\d+)+(?:[-+_.!]?[0-9A-Za-z]+(?:[-.+_][0-9A-Za-z]+)*)?)(?![\w.]*/)",
    re.IGNORECASE,
)
_UNRELEASED = re.compile(r"[\[*_ ]*unreleased\b", re.IGNORECASE)
_VERSION_LIST = re.compile(r"<!--\s*version list\s*-->", re.IGNORECASE)
_NOT_TEXT = re.compile(r" {0,3}(?:[-*+>|]|\d+[.)]|\[[^\]]+\]:)(?:\s|$)")
_INTRODUCES = re.compile(
    r"keep ?a ?changelog|semantic versioning|semver|conventional ?commits|all notable changes|this file", re.IGNORECASE
)


class Heading(NamedTuple):
    """A heading.

    Args:
        start: Offset of its first character.
        end: Offset after its line end; for an underlined heading after the underline.
        level: 1 to 6.
        text: Its words.
        version: The version that it is about; empty when it is no release's heading.
    """

    start: int
    end: int
    level: int
    text: str
    version: str = ""

    @property
    def is_unreleased(self) -> bool:
        """Whether it is the heading of what is not released yet."""
        return _UNRELEASED.match(self.text) is not None


class Reference(NamedTuple):
    """A link reference definition, `[label]: url`.

    Args:
        start: Offset of its line.
        end: Offset after its line end.
        label: The label as written.
        url: The address.
        at: Offset of the address.
    """

    start: int
    end: int
    label: str
    url: str
    at: int


class Outline(NamedTuple):
    """What stands where in a document.

    Args:
        text: The document.
        top: Offset behind byte order mark and front matter.
        headings: In order.
        references: In order.
        marker: Offset behind the line `<!-- version list -->`; None without one.
    """

    text: str
    top: int
    headings: tuple[Heading, ...]
    references: tuple[Reference, ...]
    marker: int | None = None

    @property
    def unreleased(self) -> Heading | None:
        """The heading of what is not released yet."""
        return next((heading for heading in self.headings if heading.is_unreleased), None)

    @property
    def first_release(self) -> Heading | None:
        """The heading of the release that stands first, below a marker where there is one."""
        pending = self.unreleased
        inside = range(pending.end, self.end_of(pending)) if pending else range(0)
        floor = self.marker if self.marker is not None else self.top
        return next((h for h in self.headings if h.version and h.start >= floor and h.start not in inside), None)

    @property
    def tail(self) -> int:
        """Offset of the block of link references that ends the document; the document's end without one."""
        at = len(self.text)
        for reference in reversed(self.references):
            if self.text[reference.end : at].strip():
                break
            at = reference.start
        return at

    def end_of(self, heading: Heading) -> int:
        """Return the offset where the section of a heading ends.

        Args:
            heading: One of this outline.
        """
        after = (other.start for other in self.headings if other.start > heading.start and other.level <= heading.level)
        return min(next(after, len(self.text)), max(self.tail, heading.end))

    def release_end(self, heading: Heading) -> int:
        """Return the offset where a release's section ends: the next release, whatever its heading's level.

        Args:
            heading: A release's heading.
        """
        after = (h.start for h in self.headings if h.start > heading.start and (h.version or h.is_unreleased))
        return min(next(after, len(self.text)), self.end_of(heading))

    @property
    def intro_end(self) -> int:
        """Offset behind title and introduction, where a document without any release takes its first."""
        first = self.headings[0] if self.headings else None
        titled = first is not None and first.level == 1 and not self.text[self.top : first.start].strip()
        at = first.end if first is not None and titled else self.top
        limit = min((h.start for h in self.headings if h.start >= at), default=len(self.text))
        return _behind_intro(self.text, at, min(limit, max(self.tail, at))) if titled else at


def outline(text: str) -> Outline:
    """Read a document.

    Args:
        text: The document, with its own newlines.
    """
    front = _FRONT_MATTER.match(text)
    top = front.end() if front else len(text) - len(text.removeprefix("\ufeff"))
    headings: list[Heading] = []
    references: list[Reference] = []
    marker = None
    at = top
    while match := _MARK.search(text, at):
        at = _line_end(text, match.end())
        if match["fence"]:
            at = _behind_fence(text, match["fence"], at)
        elif match["comment"]:
            closing = text.find("-->", match.start())
            at = _line_end(text, closing) if closing >= 0 else len(text)
            marker = at if _VERSION_LIST.match(text, match.start("comment")) else marker
        elif match["level"]:
            headings.append(_heading(match.start(), at, len(match["level"]), match["text"] or ""))
        elif match["under"]:
            headings += _underlined(text, match, at, top)
        else:
            references.append(Reference(match.start(), at, match["label"], match["url"], match.start("url")))
    return Outline(text, top, tuple(headings), tuple(references), marker)


def _heading(start: int, end: int, level: int, words: str) -> Heading:
    text = re.sub(r"[ \t]+#+$", "", words).strip()
    release = _RELEASE.match(text)
    return Heading(start, end, level, text, release["version"] if release and level <= 3 else "")


def _underlined(text: str, match: re.Match[str], end: int, top: int) -> list[Heading]:
    above = text[max(top, match.start() - 1000) : match.start()].split("\n")[-3:]
    words = above[-2].strip() if len(above) > 1 else ""
    alone = len(above) < 3 or not above[0].strip()
    if not words or not alone or words.startswith("#") or _NOT_TEXT.match(words):
        return []
    start = match.start() - len(above[-2]) - 1
    return [_heading(start, end, 1 if match["under"].startswith("=") else 2, words)]


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _behind_fence(text: str, fence: str, at: int) -> int:
    closing = re.compile(rf"^ {{0,3}}{fence[0]}{{{len(fence)},}}[ \t]*\r?$", re.MULTILINE).search(text, at)
    return _line_end(text, closing.end()) if closing else len(text)


def _behind_intro(text: str, at: int, limit: int) -> int:
    """Return the offset behind the first paragraph, comments and further paragraphs that introduce the document."""
    position, paragraphs = at, 0
    for block in re.finditer(r"(?:[^\S\n]*\n)*((?:[^\n]*\S[^\n]*(?:\n|$))+)", text[at:limit]):
        words = block[1].lstrip()
        if words.startswith("<!--"):
            position = at + block.end()
            continue
        if _NOT_TEXT.match(block[1]) or (paragraphs and not _INTRODUCES.search(words)):
            break
        paragraphs += 1
        position = at + block.end()
    return position
