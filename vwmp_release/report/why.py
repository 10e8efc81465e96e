"""The why-table: each commit with the rule that it met."""

from __future__ import annotations

from ..support.redact import one_line
from .model import Report, Why
from .style import Style

_COLORS = {"major": "red", "minor": "green", "patch": "cyan"}
_SUBJECT = 60


def short_id(object_id: str) -> str:
    """Return the first nine digits of an object id.

    Args:
        object_id: The id; may be empty.
    """
    return one_line(object_id[:9])


def why_lines(report: Report, style: Style, *, limit: int | None = None) -> list[str]:
    """Return each commit with the rule that it met, as a block with a heading.

    Args:
        report: The report.
        style: How they look; a verbose one shows all.
        limit: How many commits at most; None shows all.
    """
    rows = report.why if limit is None or style.level > 0 else report.why[:limit]
    if not rows:
        return []
    found = [_line(row, style, rows) for row in rows]
    more = len(report.why) - len(rows)
    if more:
        found.append(style.paint(f"    {style.symbol('…')} and {more} more, -v shows them", "dim"))
    return ["", f"  {style.paint('Why', 'bold')}", *found]


def _line(row: Why, style: Style, rows: tuple[Why, ...]) -> str:
    subject = cut(one_line(row.subject), _SUBJECT, style)
    subjects = min(_SUBJECT, max(len(one_line(other.subject)) for other in rows))
    level = one_line(row.level or "none")
    levels = max(len(one_line(other.level or "none")) for other in rows)
    reason = one_line(row.rule or row.verdict)
    color = _COLORS.get(level, "dim")
    text = f"    {style.paint(one_line(row.short), 'yellow')}  {style.paint(level.ljust(levels), color)}"
    return f"{text}  {subject.ljust(subjects)}  {style.paint(reason, 'dim')}".rstrip()


def cut(text: str, width: int, style: Style) -> str:
    """Return text of at most so many characters, with a mark where it was cut.

    Args:
        text: One line.
        width: Characters.
        style: Whether the mark may be a symbol.
    """
    if len(text) <= width:
        return text
    mark = style.symbol("…")
    return text[: width - len(mark)] + mark
