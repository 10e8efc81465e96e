"""Commit messages by Conventional Commits 1.0.0; the header is read at once, the rest when somebody asks."""

from __future__ import annotations

import re
from typing import NamedTuple

_HEADER = re.compile(r"(?P<type>[A-Za-z][\w-]*)(?:\((?P<scope>[^\r\n]*?)\))?(?P<bang>!)?:[ \t]+(?P<text>\S.*)")
_GIT_REVERT = re.compile(r'(?:Revert|Reapply) "(?P<text>.+)"')
_FOOTER = re.compile(
    r"(?P<token>BREAKING[ -]CHANGE|[A-Za-z][A-Za-z0-9-]*)(?P<separator>:[ \t]+|:$|[ \t]+(?=#))(?P<value>.*)"
)
_BREAKING = re.compile(r"^[ \t]*BREAKING[ -]CHANGE:(?=\s|$)", re.MULTILINE)
_LISTED = re.compile(r"[*-][ \t]+[A-Za-z][\w-]*(?:\([^)\r\n]*\))?!?:[ \t]")
_REFERENCE = re.compile(r"(?<![\w/#.-])(?:[\w.-]+/[\w.-]+)?#[0-9]+\b")
_CLOSES = re.compile(
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)[: \t]+(?P<refs>(?:[\w.-]+/[\w.-]+)?#[0-9]+(?:[ \t]*,[ \t]*#[0-9]+)*)",
    re.IGNORECASE,
)


class Sections(NamedTuple):
    """What follows the header.

    Args:
        body: Free text, without the blank lines around it.
        footers: Token and value, in order; the value of a ` #` footer keeps its `#`.
    """

    body: str
    footers: tuple[tuple[str, str], ...]


class Commit(NamedTuple):
    """A commit of the history.

    Args:
        sha: Object id.
        message: The whole message.
        author: Name of the author.
        parents: Object ids.
        subject: First line.
        type: In lower case, e.g. `feat`; `revert` also for git's own reverts; None where the header is no conventional
            one.
        scope: What stands in the parentheses; None without.
        description: The header's text; the whole subject where it is no conventional one.
        bang: Whether `!` marks a breaking change.
    """

    sha: str
    message: str
    author: str = ""
    parents: tuple[str, ...] = ()
    subject: str = ""
    type: str | None = None
    scope: str | None = None
    description: str = ""
    bang: bool = False

    @property
    def is_breaking(self) -> bool:
        """Whether it breaks compatibility, by `!` or by a footer."""
        return self.bang or ("BREAKING" in self.message and _has_breaking_footer(self.message))

    @property
    def is_merge(self) -> bool:
        """Whether it has several parents."""
        return len(self.parents) > 1

    @property
    def sections(self) -> Sections:
        """Body and footers; read again at every call."""
        return read_sections(self.message)

    @property
    def breaking(self) -> tuple[str, ...]:
        """The descriptions of breaking changes; the header's own where `!` stands alone."""
        if not self.is_breaking:
            return ()
        return breaking_of(self, self.sections)

    @property
    def references(self) -> tuple[str, ...]:
        """Issues and pull requests it names, e.g. `#12` or `owner/name#12`, each once."""
        return references_of(self, self.sections)


def parse(sha: str, message: str, author: str = "", parents: tuple[str, ...] = ()) -> Commit:
    """Read a commit's message; a message of any form is accepted.

    Args:
        sha: Object id.
        message: The whole message.
        author: Name of the author.
        parents: Object ids.
    """
    subject = message.lstrip().partition("\n")[0].rstrip()
    header = _HEADER.fullmatch(subject)
    if header:
        return Commit(
            sha, message, author, parents, subject,
            header["type"].lower(), (header["scope"] or "").strip() or None, header["text"], header["bang"] is not None,
        )  # fmt: skip
    if subject.startswith("Re"):
        revert = _GIT_REVERT.match(subject)
        if revert:
            return Commit(sha, message, author, parents, subject, "revert", None, revert["text"])
    return Commit(sha, message, author, parents, subject, description=subject)


def read_sections(message: str) -> Sections:
    """Split what follows the header into body and footers.

    Footers are the last paragraphs that begin with a token (Conventional Commits 1.0.0 §8–10). A breaking change counts
    wherever its token begins a line (§12): squashed commits carry it in the middle, and it must not get lost.

    Args:
        message: The whole message.
    """
    lines = message.strip().splitlines()[1:]
    start = _footers_start(lines)
    body = [*lines[:start]]
    footers: list[tuple[str, str]] = []
    for paragraph in _values(lines[start:]):
        if isinstance(paragraph, str):
            body.append(paragraph)
        else:
            footers.append(paragraph)
    return Sections("\n".join(body).strip(), tuple(footers))


def _values(lines: list[str]) -> list[tuple[str, str] | str]:
    """Return footers, and the lines of squashed commits among them, in order."""
    out: list[tuple[str, str] | str] = []
    blank = True
    for line in lines:
        footer = _FOOTER.fullmatch(line.strip())
        if footer:
            prefix = "" if footer["separator"].startswith(":") else " "
            out.append((footer["token"], (prefix + footer["value"]).strip()))
        elif not out or isinstance(out[-1], str) or (blank and _LISTED.match(line)):
            out.append(line)
        else:
            token, value = out[-1]
            out[-1] = (token, f"{value}\n{line.strip()}")
        blank = not line.strip()
    return [item if isinstance(item, str) else (item[0], item[1].strip()) for item in out]


def _footers_start(lines: list[str]) -> int:
    start = len(lines)
    index = len(lines)
    while index:
        end = index
        while index and lines[index - 1].strip():
            index -= 1
        if end > index and not _FOOTER.fullmatch(lines[index].strip()):
            break
        start = index
        while index and not lines[index - 1].strip():
            index -= 1
    breaking = next((i for i, line in enumerate(lines) if _BREAKING.match(line)), start)
    return min(start, breaking)


def _has_breaking_footer(message: str) -> bool:
    match = _BREAKING.search(message)
    return match is not None and "\n" in message[: match.start() + 1].lstrip()


def breaking_of(commit: Commit, sections: Sections) -> tuple[str, ...]:
    """Return the descriptions of breaking changes, given the sections that were read already.

    Args:
        commit: A commit that is breaking.
        sections: Its sections.
    """
    texts = tuple(value for token, value in sections.footers if token.startswith("BREAKING") and value)
    return texts or (commit.description,)


def references_of(commit: Commit, sections: Sections) -> tuple[str, ...]:
    """Return the issues and pull requests that the header, footers and closing words name.

    Args:
        commit: The commit.
        sections: Its sections.
    """
    if "#" not in commit.message:
        return ()
    texts = [commit.subject, *(match["refs"] for match in _CLOSES.finditer(sections.body))]
    texts += [value for token, value in sections.footers if not token.startswith("BREAKING")]
    return tuple(dict.fromkeys(ref for text in texts for ref in _REFERENCE.findall(text)))
