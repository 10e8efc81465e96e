"""Text of others inside Markdown: no markup, no HTML, no links, no pings; cut on the border of an entry."""

from __future__ import annotations

from collections.abc import Iterable

from ..support.redact import one_line, visible

_NO_PING = "&#8203;"
"""A zero-width space after `@`: GitHub looks for mentions after it has resolved entities."""


def text(value: str) -> str:
    """Return text as one line of literal Markdown; safe in a table cell, a heading and a summary tag.

    Every ASCII sign but the comma becomes a numeric entity, which never is markup (CommonMark 0.31, 2.5).

    Args:
        value: Text of any origin.
    """
    return "".join(_literal(char) for char in one_line(value))


def _literal(char: str) -> str:
    if char.isalnum() or char in " ," or not char.isascii():
        return char
    return f"&#64;{_NO_PING}" if char == "@" else f"&#{ord(char)};"


def code(value: str) -> str:
    """Return text as inline code, safe in a table cell; empty text stays empty.

    Args:
        value: Text of any origin.
    """
    return f"<code>{text(value)}</code>" if value else ""


def fence(value: str, language: str = "") -> str:
    """Return text as a fenced block whose fence is longer than any in the text.

    Args:
        value: Text of any origin; its newlines stay.
        language: Name for highlighting; ours.
    """
    value = visible(value).rstrip("\n")
    longest = run = 0
    for char in value:
        run = run + 1 if char == "`" else 0
        longest = max(longest, run)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}{language}\n{value}\n{ticks}\n"


def folded(title: str, body: str) -> str:
    """Return a block that opens on a click.

    Args:
        title: Markdown that is safe already.
        body: Markdown that is safe already.
    """
    return f"<details><summary>{title}</summary>\n\n{body}\n</details>\n\n"


def cut_lines(value: str, largest: int) -> str:
    """Return the first lines of a text, and a note where lines were left out.

    Args:
        value: The text.
        largest: Characters to keep at most, without the note.
    """
    if len(value) <= largest:
        return value
    kept = value[:largest].rpartition("\n")[0] or value[:largest]
    return f"{kept}\n… cut: {len(value) - len(kept)} more characters"


def assemble(entries: Iterable[str], largest: int) -> str:
    """Join whole entries up to a size, and say how many were left out.

    Args:
        entries: Markdown blocks or table rows, the most important first; each ends in a newline.
        largest: UTF-8 bytes of the result at most.
    """
    note = "\n> [!NOTE]\n> Cut here: {} more entries did not fit.\n"
    room = largest - len(note.encode()) - 20
    kept: list[str] = []
    size = left = 0
    for entry in entries:
        entry = entry.encode("utf-8", "backslashreplace").decode("utf-8")
        size += len(entry.encode("utf-8"))
        if left or size > room:
            left += 1
        else:
            kept.append(entry)
    return "".join(kept) + (note.format(left) if left else "")
