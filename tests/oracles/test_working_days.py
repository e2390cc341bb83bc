"""Working days against published special days and the ground truth of the shared data sets."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import holidays
import pytest

from salescore.values import (
    Calendar,
    CalendarUnit,
    DayKind,
    WorkingCalendar,
    calendar_disagreements,
    join_calendars,
    parse_special_days,
    public_holidays,
    years_on_record,
)

pytestmark = pytest.mark.shared

DAY = timedelta(days=1)


@pytest.fixture(scope="session")
def calendars(truths: dict[str, Any]) -> dict[str, Any]:
    """Return the ground truth of calendars."""
    found: dict[str, Any] = truths["calendars"]["values"]
    return found


@pytest.fixture(scope="session")
def china(shared: Path) -> WorkingCalendar:
    """Return China's working calendar from the published list of special days."""
    path = shared / "data" / "calendars" / "china_special_days.csv"
    with path.open(encoding="utf-8", newline="") as file:
        special = parse_special_days(csv.DictReader(file))
    return WorkingCalendar.of(
        "china",
        years=years_on_record(special),
        zone="Asia/Shanghai",
        special_days=special,
    )


def by_month(calendar: WorkingCalendar, year: str) -> list[int | None]:
    """Return the working days of each month of a year."""
    months = (Calendar().parse(f"{year}-{month:02d}") for month in range(1, 13))
    return [calendar.working_days(month) for month in months]


def test_working_days_of_china(china: WorkingCalendar, calendars: dict[str, Any]) -> None:
    """
    The working days of each month from 2018 to 2026, extra working days included.

    Source:
        `china_workdays_per_month` of the shared data sets, made with chinesecalendar 1.11.0.
    """
    truth = calendars["china_workdays_per_month"]
    assert {year: by_month(china, year) for year in truth} == truth
    assert min(truth) == "2018"
    assert max(truth) == "2026"


def test_years_of_china_that_are_on_record(
    china: WorkingCalendar, calendars: dict[str, Any]
) -> None:
    """The list ends on 2026-10-10 and holds 2026 as a whole; of 2027 it knows nothing."""
    first, last = (date.fromisoformat(day) for day in calendars["china_range"])
    assert china.years == set(range(first.year, last.year + 1))
    assert china.special_days[-1].day == last
    assert china.is_working_day(date(2026, 12, 31)) is True
    assert china.is_working_day(date(2027, 1, 4)) is None
    assert by_month(china, "2027") == [None] * 12


def test_each_special_day_of_china_differs_from_its_weekday_or_is_a_free_day(
    china: WorkingCalendar,
) -> None:
    """Every extra working day of the list falls on a weekend, and is worked."""
    extra = [day.day for day in china.special_days if day.kind is DayKind.WORKDAY_IN_LIEU]
    assert len(extra) > 100
    assert {day.weekday() for day in extra} == {5, 6}
    assert all(china.is_working_day(day) for day in extra)


@pytest.mark.parametrize("country", ["US", "GB", "DE", "BR", "JP", "IN"])
def test_business_days(calendars: dict[str, Any], country: str) -> None:
    """
    Monday to Friday less national holidays, month by month from 2023 to 2025.

    Source:
        `business_days_per_month` of the shared data sets, made with holidays 0.109.
    """
    truth = calendars["business_days_per_month"][country]
    calendar = public_holidays(country, map(int, truth))
    found = {year: by_month(calendar, year) for year in truth}
    assert found == truth, f"holidays {holidays.__version__} here, 0.109 behind the ground truth"


def test_two_sources_for_china_disagree_on_one_day(china: WorkingCalendar) -> None:
    """
    The package and the list agree on 22 years but for one Saturday, which is named, not chosen.

    The notice for the year 2006 made 2005-12-31 a working day in lieu; the list has no such row.
    """
    package = public_holidays("CN", range(2004, 2027), zone="Asia/Shanghai")
    found = calendar_disagreements(china, package)
    version = f"holidays {holidays.__version__}"
    assert [finding.subject for finding in found] == ["2005-12-31"], version
    since = [day for day in china.special_days if day.day.year > 2005]
    recent = WorkingCalendar.of(
        "recent",
        years=range(2006, 2027),
        zone="Asia/Shanghai",
        special_days=since,
    )
    joined = join_calendars(recent, package)
    assert joined.years == set(range(2004, 2027))
    assert joined.is_working_day(date(2005, 12, 31)) is True


def test_years_of_53_weeks(calendars: dict[str, Any]) -> None:
    """
    The ISO years with a week 53 from 2004 to 2037.

    Source:
        `isoweek53_years` of the shared data sets.
    """
    truth = calendars["isoweek53_years"]
    found = [year for year in range(min(truth), max(truth) + 1) if len(_weeks(year)) == 53]
    assert found == truth


def _weeks(year: int) -> set[str]:
    """Return the keys of the weeks that a calendar gives to an ISO year."""
    first, end = date.fromisocalendar(year, 1, 1), date.fromisocalendar(year + 1, 1, 1)
    days = [first + n * DAY for n in range((end - first).days)]
    return {Calendar().key(day, CalendarUnit.WEEK) for day in days}
