"""Dates as changelogs write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from vwmp_release.errors import PermanentError

_TOKENS = {"YYYY": "%Y", "YY": "%y", "MM": "%m", "DD": "%d"}
_TOKEN = re.compile("YYYY|YY|MM|DD")


def render(date: datetime, form: str) -> str:
    """Return a date in a form.

    Args:
        date: The release's date.
        form: Text with `YYYY`, `YY`, `MM`, `DD`, or any strftime form (known by its `%`).

    Raises:
        PermanentError: The form names no part of a date.
    """
    trouble = problem(form)
    if trouble:
        raise PermanentError(f"date_format: {trouble}", hint="write YYYY-MM-DD, DD-MM-YY or a form such as %d %B %Y")
    pattern = form if "%" in form else _TOKEN.sub(lambda match: _TOKENS[match[0]], form)
    return " ".join(date.strftime(pattern).split())


def problem(form: str) -> str:
    """Say what is wrong with a form; empty when nothing is.

    Args:
        form: As `date_format` has it.
    """
    return "" if "%" in form or _TOKEN.search(form) else f"{form!r} names no part of a date"


def parse(value: str) -> datetime:
    """Read a date that stands in a step's configuration; one without a zone is UTC.

    Args:
        value: `YYYY-MM-DD`, with or without a time (`2026-01-31 12:00:00 UTC`).

    Raises:
        PermanentError: It is no such date.
    """
    try:
        found = datetime.fromisoformat(value.strip().removesuffix("UTC").strip())
    except ValueError as error:
        raise PermanentError(f"date: {value!r} is no date", hint="write it as YYYY-MM-DD") from error
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
