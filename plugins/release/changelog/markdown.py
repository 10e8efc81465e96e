"""Makes foreign text safe to stand in Markdown: it pings nobody, renders nothing and breaks no structure.

A mention becomes a code span: that shows the same text, is not notified by any forge, and puts no invisible
characters into a file. Code spans and links to http(s) addresses stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_BREAKS = re.compile(r"[\t\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029 ]+")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff"
    r"\U000e0000-\U000e007f]"
)
"""Control, bidi, zero-width and tag characters, and lone surrogates; joiners stay, emoji and scripts need them."""
_TOKEN = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<link>!?\[(?P<text>[^\[\]]*)\]\((?P<url>https?://[^\s()<>`]+)\))"
    r"|<(?P<angle>https?://[^\s<>`]+)>"
    r"|(?P<bare>https?://(?:[^\s<>`()]|\([^\s<>`()]*\))*(?:[^\s<>`.,;:!?'\"()\]}*_~\\]|\([^\s<>`()]*\)))"
    r"|(?P<handle>[\w.+-]{0,64}@\w[\w./@-]*(?<![./@-]))"
    r"|(?P<ref>(?<![\w&#!/])(?:(?:[\w.-]{1,100}/[\w.-]{1,100})?#|!)\d{1,10}\b)"
)
_HTML = r"\\(?=[!-/:-@\[-`{-~]|$)|&(?=#?\w{1,32};)|[<>`]|(?<=\])\(|\bwww(?=\.)"
_ACTIVE = re.compile(_HTML)
_LITERAL = re.compile(_HTML + r"|\*|~|(?<![^\W_])_+|_+(?![^\W_])")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "www": "www\\"}
_LEADING = re.compile(r"(?:#{1,6}|[-+])(?=\s|$)|-{2,}|={2,}|(\d{1,9})[.)](?=\s|$)|\[")
_LIST_OR_HEADING = re.compile(r"(\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)?(?:#{3,6}\s+)?)(.*)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


def one_line(text: str) -> str:
    r"""Return the text on one line, with what cannot be seen written as an escape such as `\u202e`.

    Args:
        text: Any text.
    """
    return visible(_BREAKS.sub(" ", text).strip())


def visible(text: str) -> str:
    """Return the text with control, bidi and zero-width characters written as escapes; tabs and line feeds stay.

    Args:
        text: Any text.
    """
    return _INVISIBLE.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def safe(text: str, *, link: Callable[[str], str | None] | None = None, leading: bool = True) -> str:
    """Return foreign text as one line of Markdown that shows that text.

    Args:
        text: A commit's subject, a summary and the like.
        link: Gives the address of a reference such as `#12`; None where there is none.
        leading: Whether it stands at the start of a block, where list and heading markers have a meaning.
    """
    line = one_line(text)
    shown = _inline(line, link, _LITERAL)
    return _without_marker(shown) if leading and not _starts_with_link(line, shown) else shown


def safe_block(text: str, *, link: Callable[[str], str | None] | None = None) -> str:
    """Return text of several lines in which lists, emphasis, code and lower headings keep their meaning.

    Args:
        text: What a person wrote for this release.
        link: Gives the address of a reference such as `#12`; None where there is none.
    """
    lines = visible(text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)).strip("\n").split("\n")
    done: list[str] = []
    fence = ""
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        if fence:
            done.append(line.rstrip())
            fence = "" if mark and mark[1].startswith(fence) and not line.strip(" `~") else fence
        elif mark and any(_closes(other, mark[1]) for other in lines[number + 1 :]):
            fence = mark[1]
            done.append(line.rstrip())
        else:
            done.append(_block_line(line, link))
    return "\n".join(done).strip("\n")


def _closes(line: str, fence: str) -> bool:
    mark = _FENCE.match(line)
    return bool(mark and mark[1].startswith(fence) and not line.strip(" `~"))


def _block_line(line: str, link: Callable[[str], str | None] | None) -> str:
    match = _LIST_OR_HEADING.match(line)
    marker, rest = (match[1], match[2]) if match else ("", line)
    if not marker.strip() and len(marker) > 3:
        marker = "  "  # four blanks would make it code
    shown = _inline(rest.rstrip(), link, _ACTIVE)
    if re.match(r"#{1,2}(?=\s|$)|-{2,}|={2,}|~{3,}|\[[^\]]*\]:", shown):
        shown = f"\\{shown}"
    return (marker + shown).rstrip()


def _starts_with_link(line: str, shown: str) -> bool:
    match = _TOKEN.match(line)
    return shown.startswith("[") and match is not None and bool(match["link"] or match["ref"])


def _without_marker(shown: str) -> str:
    match = _LEADING.match(shown)
    if match is None:
        return shown
    at = len(match[1] or "")  # of `1.` the point is escaped, a digit cannot be
    return f"{shown[:at]}\\{shown[at:]}"


def _inline(line: str, link: Callable[[str], str | None] | None, special: re.Pattern[str]) -> str:
    parts: list[str] = []
    position = 0
    for match in _TOKEN.finditer(line):
        parts.append(_plain(line[position : match.start()], special))
        parts.append(_token(match, link, special))
        position = match.end()
    parts.append(_plain(line[position:], special))
    shown = ""
    for part in filter(None, parts):
        # two code spans that touch would become one run of backticks
        shown += f" {part}" if part.startswith("`") and shown.endswith("`") and not shown.endswith("\\`") else part
    return shown


def _token(match: re.Match[str], link: Callable[[str], str | None] | None, special: re.Pattern[str]) -> str:
    if match["code"]:
        return match["code"]
    if match["link"]:
        image = "\\!" if match["link"].startswith("!") else ""
        return f"{image}[{_inline(match['text'], None, special)}]({match['url']})"
    if match["handle"]:
        return f"`{match['handle']}`"
    if match["ref"]:
        address = link(match["ref"]) if link else None
        return f"[{match['ref']}]({address})" if address else match["ref"]
    return f"<{match['angle'] or match['bare']}>"


def _plain(text: str, special: re.Pattern[str]) -> str:
    return special.sub(lambda match: _ESCAPES.get(match[0]) or "".join(f"\\{char}" for char in match[0]), text)
