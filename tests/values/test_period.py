"""A period is a half-open range that knows its unit."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from salescore.errors import InvalidPeriod, InvalidValue
from salescore.values import Calendar, CalendarUnit, Period

JUNE = Period.custom(date(2026, 6, 1), date(2026, 6, 30))


def test_half_open() -> None:
    """The first day is inside, the end is not."""
    assert date(2026, 6, 1) in JUNE
    assert date(2026, 6, 30) in JUNE
    assert date(2026, 7, 1) not in JUNE
    assert date(2026, 5, 31) not in JUNE
    assert (JUNE.days, JUNE.end, JUNE.last_day) == (30, date(2026, 7, 1), date(2026, 6, 30))


def test_equality_includes_unit_and_calendar() -> None:
    """The same days are another period under another unit or calendar."""
    month = Calendar().parse("2026-06")
    assert (month.start, month.end) == (JUNE.start, JUNE.end)
    assert month != JUNE
    assert month != Calendar.months(4).parse("2026-06")
    assert month == Calendar().period(date(2026, 6, 9), CalendarUnit.MONTH)
    assert hash(month) == hash(Calendar().parse("2026-06"))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 6, 1), date(2026, 6, 1)),
        (date(2026, 6, 2), date(2026, 6, 1)),
        (datetime(2026, 6, 1, tzinfo=UTC), date(2026, 7, 1)),
        (date(2026, 6, 1), datetime(2026, 7, 1, tzinfo=UTC)),
        ("2026-06-01", date(2026, 7, 1)),
    ],
)
def test_refuses(start: Any, end: Any) -> None:  # noqa: ANN401 - wrong types on purpose
    """A period starts before it ends, and both are dates without a time."""
    with pytest.raises(InvalidPeriod, match="2026-06"):
        Period(start=start, end=end, unit=None, calendar="gregorian", key="2026-06")


def test_custom_refuses() -> None:
    """A free range ends on or after its first day and before the last day there is."""
    with pytest.raises(InvalidPeriod, match="swap"):
        Period.custom(date(2026, 6, 2), date(2026, 6, 1))
    with pytest.raises(InvalidPeriod, match="must end before"):
        Period.custom(date(2026, 6, 2), date.max)
    assert Period.custom(date(2026, 6, 2), date(2026, 6, 2), "gregorian-04").days == 1


@pytest.mark.parametrize(
    ("last_day", "months", "start"),
    [
        (date(2017, 12, 31), 12, date(2017, 1, 1)),
        (date(2026, 4, 30), 1, date(2026, 4, 1)),
        (date(2024, 2, 29), 12, date(2023, 3, 1)),
        (date(2026, 3, 30), 1, date(2026, 2, 28)),
        (date(2026, 6, 15), 3, date(2026, 3, 16)),
    ],
)
def test_trailing_months_end_with_their_day(last_day: date, months: int, start: date) -> None:
    """Months are counted back from the day after, so that ends of months give whole months."""
    assert Period.trailing(last_day, months) == Period.custom(start, last_day)


@pytest.mark.parametrize("months", [0, -1, 1_201, True, 1.0])
def test_a_number_of_months_has_a_range(months: int) -> None:
    """No months, or no whole number of them, are refused."""
    with pytest.raises(InvalidValue, match="expected a whole number"):
        Period.trailing(date(2026, 6, 30), months)


def test_a_trailing_period_stays_within_the_days_there_are() -> None:
    """A period that would begin before year 1, or end with the last day, is refused."""
    with pytest.raises(InvalidPeriod):
        Period.trailing(date(1, 2, 1), 12)
    with pytest.raises(InvalidPeriod):
        Period.trailing(date.max, 12)
