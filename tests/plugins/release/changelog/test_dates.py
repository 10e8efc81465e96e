from datetime import UTC, datetime

import pytest
from vwmp_release.plugins.release.changelog.dates import parse, problem, render

from vwmp_release.errors import PermanentError

DATE = datetime(2026, 1, 31, 12, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("YYYY-MM-DD", "2026-01-31"),
        ("DD-MM-YY", "31-01-26"),
        ("YY-MM-DD", "26-01-31"),
        ("DD.MM.YYYY", "31.01.2026"),
        ("%d %B %Y", "31 January 2026"),
        ("%Y%n%m", "2026 01"),
    ],
)
def test_forms(form, shown):
    """Tokens and strftime forms are both read, and a date never spans lines."""
    assert render(DATE, form) == shown


def test_a_form_without_any_part_of_a_date_is_refused():
    """A typing error such as yyyy does not end up in the changelog."""
    assert problem("yyyy") and not problem("YYYY")
    with pytest.raises(PermanentError, match="'yyyy' names no part of a date"):
        render(DATE, "yyyy")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31 12:30:15 UTC", DATE),
        ("2026-01-31T13:30:15+01:00", DATE),
    ],
)
def test_dates_of_a_configuration(text, date):
    """A configured date may have a time and a zone; without one it is UTC."""
    assert parse(text) == date


def test_no_date_is_refused():
    """What is no date is named with the form to write."""
    with pytest.raises(PermanentError) as caught:
        parse("31.1.2026")
    assert "'31.1.2026' is no date" in str(caught.value) and "YYYY-MM-DD" in caught.value.hint
