from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from math import exp, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.forecast import (
    MovingHoliday,
    Naive,
    RegressorRole,
    SeasonalNaive,
    Series,
    WorkingDays,
    calendar_adjustment,
    calendar_forecast,
    series_forecast,
)
from salescore.render import Language
from salescore.values import Calendar, CalendarUnit, Period, WorkingCalendar

CALENDAR = Calendar()
OFFICE = WorkingCalendar.of("office", years="all")
# Chinese New Year, as in every almanac.
NEW_YEARS = [
    date(2017, 1, 28),
    date(2018, 2, 16),
    date(2019, 2, 5),
    date(2020, 1, 25),
    date(2021, 2, 12),
    date(2022, 2, 1),
    date(2023, 1, 22),
    date(2024, 2, 10),
]
SPRING = MovingHoliday(name="Chinese New Year", days=NEW_YEARS, before=2, after=12)


def months(first: int, years: int) -> list[Period]:
    """Return the months of some years."""
    found: list[Period] = []
    for year in range(first, first + years):
        found += CALENDAR.periods(CALENDAR.parse(str(year)), CalendarUnit.MONTH)
    return found


def test_the_share_of_a_window_in_a_month() -> None:
    """All 15 days from 14 February 2018 lie in February; of those of 2020 nine in January."""
    assert SPRING.at(CALENDAR.parse("2018-02")) == 1.0
    assert SPRING.at(CALENDAR.parse("2020-01")) == pytest.approx(9 / 15)
    assert SPRING.at(CALENDAR.parse("2020-02")) == pytest.approx(6 / 15)
    assert SPRING.at(CALENDAR.parse("2020-06")) == 0.0
    assert SPRING.at(CALENDAR.parse("2020-Q1")) == 1.0


@given(st.integers(2017, 2024))
def test_the_shares_of_a_year_add_up_to_one(year: int) -> None:
    """Every day of the window lies in exactly one month."""
    whole = sum(SPRING.at(one) for one in months(year, 1))
    assert whole == pytest.approx(1)


def test_an_unknown_year_is_no_year_without_the_holiday() -> None:
    """Nobody stated 2025, so it is refused; so are working days of an unknown year."""
    with pytest.raises(InvalidValue, match="2025"):
        SPRING.at(CALENDAR.parse("2025-03"))
    with pytest.raises(InvalidValue, match="does not know"):
        WorkingDays(calendar=WorkingCalendar.of("old", years=[2020])).at(CALENDAR.parse("2025-03"))
    for days in (-1, True, 366, 1.5):
        with pytest.raises(InvalidValue, match="days of a holiday"):
            MovingHoliday(name="x", days=[], after=days)


def daily_sales(periods: list[Period], rate: int) -> Series:
    """Return sales of so much on each working day."""
    return Series.over([(one, Decimal(rate * (OFFICE.working_days(one) or 0))) for one in periods])


def test_sales_in_proportion_to_working_days_are_forecast_by_theirs() -> None:
    """With 100 a day, each month to come brings 100 for each of its working days."""
    series = daily_sales(months(2022, 2), 100)
    found = calendar_forecast(series, [WorkingDays(calendar=OFFICE)], horizon=3, method=Naive())
    for one in found.periods:
        assert one.during is not None
        days = OFFICE.working_days(one.during)
        assert days is not None
        assert float(one.point) == pytest.approx(100 * days)
        assert [part.name for part in one.parts] == ["base", "working days (office)"]
        assert sum(part.amount for part in one.parts) == one.point
    assert found.series is series
    assert "in proportion to working days (office)" in found.text()
    assert "成比例" in found.text(Language.ZH)
    plain = series_forecast(series, horizon=3, method=Naive())
    assert plain.points != found.points


def test_adjusting_and_putting_back_gives_the_values_again() -> None:
    """Value = adjusted × factors, for every value; a gap stays one."""
    values = list(daily_sales(months(2022, 2), 100).values)
    values[5] = None
    series = Series.over(list(zip(months(2022, 2), values, strict=True)))
    found = calendar_adjustment(series, [WorkingDays(calendar=OFFICE), SPRING])
    for place, value in enumerate(series.values):
        adjusted = found.series.values[place]
        if value is None:
            assert adjusted is None
            continue
        assert adjusted is not None
        product = adjusted * found.factors[0][place] * found.factors[1][place]
        assert float(product) == pytest.approx(float(value))


def holiday_sales(periods: list[Period], strength: float) -> Series:
    """Return a season that a moving holiday shakes, and a little roughness."""
    rows: list[tuple[Period, Decimal]] = []
    for place, one in enumerate(periods):
        season = 1 + 0.1 * (place % 12 == 10)
        rough = 1 + 0.004 * ((place * 7919) % 5 - 2)
        value = 1000 * season * rough * exp(strength * SPRING.at(one))
        rows.append((one, Decimal(f"{value:.6f}")))
    return Series.over(rows)


def test_the_strength_of_a_moving_holiday_is_found() -> None:
    """Sales 40 % lower in the window, as a logarithm of -0.5, are found to two digits."""
    series = holiday_sales(months(2017, 6), -0.5)
    (effect,) = calendar_adjustment(series, [SPRING]).effects
    assert effect.strength is not None
    assert effect.error is not None
    assert float(effect.strength) == pytest.approx(-0.5, abs=0.02)
    assert abs(float(effect.strength) + 0.5) < 4 * float(effect.error)
    assert effect.role is RegressorRole.REGRESS
    assert effect.reason is None


def test_what_returns_every_year_stays_with_the_season() -> None:
    """Over the years the factors of each month even out, so that an average year is unchanged."""
    found = calendar_adjustment(holiday_sales(months(2017, 6), -0.5), [SPRING])
    for place in range(12):
        assert float(prod(found.factors[0][place::12])) == pytest.approx(1)


def test_a_moving_holiday_is_put_where_it_falls() -> None:
    """In 2023 it moves to January: the forecast follows it there, the plain one does not."""
    periods = months(2017, 7)
    series = holiday_sales(periods, -0.5)
    known = series.first(72)
    january = series.values[72]
    assert january is not None
    with_it = calendar_forecast(known, [SPRING], horizon=2, method=SeasonalNaive())
    without = series_forecast(known, horizon=2, method=SeasonalNaive())
    assert abs(with_it.points[0] - january) < abs(without.points[0] - january) / 5
    assert "on the logarithm" in with_it.text()
    assert "对数" in with_it.text(Language.ZH)


def test_an_effect_that_cannot_be_found_is_left_out_with_a_reason() -> None:
    """Too few seasons, a regressor that never changes, two that are the same."""
    short = holiday_sales(months(2022, 1), -0.5)
    (effect,) = calendar_adjustment(short, [SPRING]).effects
    assert (effect.strength, effect.reason) == (
        None,
        "too few changes over a season: 0, 8 needed",
    )
    found = calendar_forecast(short, [SPRING], horizon=1, method=Naive())
    assert found.points[0] == pytest.approx(float(short.values[-1] or 0))
    assert "without effect" in found.text()
    long = holiday_sales(months(2017, 6), -0.5)
    effects = calendar_adjustment(long, [SPRING, SPRING]).effects
    assert [one.reason for one in effects] == [
        "it never changes, or another one always changes with it"
    ] * 2


def test_a_strong_effect_stays_finite() -> None:
    """Working days as a regressor of sales that jump by powers of ten."""
    days = WorkingDays(calendar=OFFICE, role=RegressorRole.REGRESS)
    values = [Decimal(10) ** ((at * 7) % 13) for at in range(48)]
    series = Series.over(list(zip(months(2017, 4), values, strict=True)))
    found = calendar_forecast(series, [days], horizon=3)
    assert all(one.is_finite() for one in found.points)


def test_what_has_no_calendar_is_refused() -> None:
    """Plain positions, values of 0, and a period without a working day to divide by."""
    days = WorkingDays(calendar=OFFICE)
    with pytest.raises(InvalidValue, match="no calendar"):
        calendar_adjustment(Series.of([Decimal(1)]), [days])
    zero = Series.over([(CALENDAR.parse("2023-01"), Decimal(0))])
    assert calendar_adjustment(zero, [days]).series == zero
    with pytest.raises(InvalidValue, match="at 0 or below"):
        calendar_adjustment(zero, [days, SPRING])
    saturday = date(2023, 1, 7)
    rows = [
        (CALENDAR.period(saturday + timedelta(days=at), CalendarUnit.DAY), Decimal(1))
        for at in range(2)
    ]
    with pytest.raises(InvalidValue, match="divided"):
        calendar_adjustment(Series.over(rows), [days])


def test_nothing_to_adjust_is_nothing() -> None:
    """An empty series and no regressor give the series back."""
    assert calendar_adjustment(Series.over([]), [SPRING]).series.values == ()
    plain = series_forecast(Series.of([Decimal(1)]), horizon=1)
    with pytest.raises(InvalidValue, match="plain positions"):
        calendar_adjustment(Series.over([]), [SPRING]).put_back(plain)
    series = holiday_sales(months(2022, 1), 0.0)
    assert calendar_adjustment(series, []).series == series
    assert all(a.end == b.start for a, b in pairwise(series.periods))
