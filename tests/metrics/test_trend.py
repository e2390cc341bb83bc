"""A trend: the figure in each unit of the calendar, its slope, and how sure that is."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.small_books import RATES, book_of, crowded_books, facts_of, opportunity, sale

from salescore.book import Facts, SalesBook
from salescore.errors import InvalidValue, UnknownName
from salescore.metrics import Tendency, figure, trend
from salescore.stats import median_slope
from salescore.values import Calendar, CalendarUnit, CustomYear, Period

MONTHS = [f"2024-{month:02}" for month in range(1, 13)]


def monthly(*amounts: int | None) -> Facts:
    """Return the facts of one sale a month of 2024, none where the amount is missing."""
    return facts_of(
        book_of(
            sale(number, f"{MONTHS[number]}-15", str(amount))
            for number, amount in enumerate(amounts)
            if amount is not None
        )
    )


def test_a_worked_example() -> None:
    """Sales that grow by about ten a month: up, and the interval says how surely."""
    facts = monthly(100, 112, 119, 131, 140, 149, 161)
    found = trend("revenue", facts, until=date(2024, 7, 31))
    assert [one.during.key for one in found.points] == MONTHS[:7]
    assert [one.figure.value for one in found.points] == [100, 112, 119, 131, 140, 149, 161]
    assert found.slope == 10
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == (9, Decimal("10.5"))
    assert (found.tendency, found.n, found.reason) == (Tendency.UP, 7, None)


def test_down_and_none() -> None:
    """A fall is down; ups and downs are no tendency."""
    until = date(2024, 6, 30)
    assert trend("revenue", monthly(9, 8, 6, 5, 3, 1), until=until).tendency is Tendency.DOWN
    found = trend("revenue", monthly(5, 9, 1, 7, 3, 6), until=until)
    assert found.tendency is Tendency.NONE
    assert found.interval is not None
    assert found.interval.low < 0 < found.interval.high


def test_an_unfinished_month_is_shown_and_not_fitted() -> None:
    """The last day known is June 15: June stands there, flagged, and bends nothing."""
    facts = monthly(10, 20, 30, 40, 50, 1)
    found = trend("revenue", facts)
    assert [one.is_finished for one in found.points] == [True] * 5 + [False]
    assert found.points[-1].figure.value == 1
    assert (found.slope, found.n) == (10, 5)
    assert trend("revenue", facts, until=date(2024, 6, 30)).n == 6


def test_a_month_without_a_value() -> None:
    """A month without opportunities closed has no win rate: a gap, not a zero."""
    kinds = ["won", "won", None, "lost", "won", "won", "won"]
    book = SalesBook(
        opportunities=[
            opportunity(number, kind, closed_on=f"{MONTHS[number]}-10", amount=1)
            for number, kind in enumerate(kinds)
            if kind
        ]
    )
    found = trend("win_rate", facts_of(book), until=date(2024, 7, 31))
    assert [one.figure.value for one in found.points] == [1, 1, None, 0, 1, 1, 1]
    assert (found.n, found.slope) == (6, 0)
    assert found.points[2].figure.reason is not None


def test_a_month_without_sales_is_zero() -> None:
    """
    Revenue of a month between two others is 0 where nothing was sold; before the first sale
    there is no month.
    """
    found = trend("revenue", monthly(None, 5, None, 5), until=date(2024, 4, 30))
    assert [one.figure.value for one in found.points] == [5, 0, 5]


def test_a_figure_of_a_moment() -> None:
    """The open opportunities at the end of each month, as they were known then."""
    book = SalesBook(
        opportunities=[
            opportunity(number, "open", created_on=f"{MONTHS[number]}-10", amount=1)
            for number in range(6)
        ]
    )
    found = trend("open_opportunities", facts_of(book), until=date(2024, 6, 30))
    assert [one.figure.value for one in found.points] == [1, 2, 3, 4, 5, 6]
    assert (found.slope, found.tendency) == (1, Tendency.UP)


def test_too_few_points() -> None:
    """Four months reach no 95 %; they are shown, without a slope."""
    found = trend("revenue", monthly(1, 2, 3, 4), until=date(2024, 4, 30))
    assert (found.slope, found.interval, found.tendency, found.n) == (None, None, None, 4)
    assert found.reason == "too few points: 4 finished and defined, 5 needed"
    assert len(found.points) == 4
    assert trend(
        "revenue", monthly(1, 2, 3, 4), until=date(2024, 4, 30), level=Decimal("0.9")
    ).slope


def test_no_facts() -> None:
    """Without any date there is no unit to begin with."""
    found = trend("revenue", Facts.of(SalesBook()))
    assert (found.points, found.slope) == ((), None)
    assert found.reason == "too few points: 0 finished and defined, 5 needed"
    (only,) = trend("revenue", Facts.of(SalesBook()), until=date(2024, 1, 31)).points
    assert only.figure.reason == "no sales lines among the facts"


def test_units_and_numbers() -> None:
    """Weeks, quarters and years of any calendar, as many as asked for."""
    facts = monthly(*range(1, 13))
    until = date(2024, 12, 31)
    quarters = trend("revenue", facts, unit=CalendarUnit.QUARTER, until=until)
    assert [one.figure.value for one in quarters.points] == [6, 15, 24, 33]
    assert len(trend("revenue", facts, periods=3, until=until).points) == 3
    weeks = trend("revenue", facts, unit=CalendarUnit.WEEK, periods=520, until=until)
    assert weeks.points[0].during.key == "2024-W03"
    fiscal = facts_of(facts.book, calendar=Calendar.months(4))
    years = trend("revenue", fiscal, unit=CalendarUnit.YEAR, until=until)
    assert [one.during.key for one in years.points] == ["2023", "2024"]
    assert [one.is_finished for one in years.points] == [True, False]


@settings(deadline=None, max_examples=60)
@given(crowded_books(), st.sampled_from(["revenue", "win_rate", "orders", "gross_margin"]))
def test_each_point_is_the_figure_of_its_unit(book: SalesBook, name: str) -> None:
    """All months in one pass are what each month alone is; the slope is that of these points."""
    facts = facts_of(book, rates=RATES)
    found = trend(name, facts, periods=20, until=date(2024, 10, 31))
    for point in found.points:
        alone = figure(name, facts.at(date(2024, 10, 31)), during=point.during)
        assert point.figure.value == alone.value
        assert (point.figure.n, point.figure.during) == (alone.n, point.during)
    points = [
        (place, one.figure.exact)
        for place, one in enumerate(found.points)
        if one.figure.exact is not None
    ]
    slope = median_slope(points)
    assert found.slope == (None if slope is None else slope.value)


@given(
    st.lists(st.integers(-500, 500), min_size=5, max_size=12),
    st.integers(-100, 100),
    st.integers(1, 9),
)
@settings(deadline=None, max_examples=60)
def test_shift_and_scale(amounts: list[int], shift: int, scale: int) -> None:
    """A constant more each month changes no slope; twice the money doubles it."""
    until = Calendar().parse(MONTHS[len(amounts) - 1]).last_day
    plain = trend("revenue", monthly(*amounts), until=until)
    shifted = trend("revenue", monthly(*(one + shift for one in amounts)), until=until)
    scaled = trend("revenue", monthly(*(one * scale for one in amounts)), until=until)
    assert (shifted.slope, shifted.interval) == (plain.slope, plain.interval)
    assert plain.slope is not None
    assert scaled.slope is not None
    assert abs(scaled.slope - scale * plain.slope) < Decimal("1E-20")
    assert scaled.tendency is shifted.tendency is plain.tendency


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"unit": CalendarUnit.DAY}, "unit"),
        ({"unit": "month"}, "unit"),
        ({"periods": 0}, "periods"),
        ({"periods": 521}, "periods"),
        ({"periods": True}, "periods"),
        ({"periods": 2.0}, "periods"),
        ({"until": datetime(2024, 1, 1)}, "until"),  # noqa: DTZ001 - refused because it has no zone
        ({"until": Period.custom(date(2024, 1, 1), date(2024, 1, 1))}, "until"),
        ({"level": Decimal(95)}, "level"),
    ],
)
def test_what_it_refuses(options: dict[str, Any], fault: str) -> None:
    """A slip of the caller is named, never taken for something else."""
    with pytest.raises(InvalidValue, match=fault):
        trend("revenue", monthly(1), **options)
    with pytest.raises(UnknownName, match="did you mean 'revenue'"):
        trend("revenu", monthly(1))


def test_a_calendar_of_listed_years_ends_where_its_list_does() -> None:
    """Before the first listed year there are no points, and after the last none at all."""
    listed = Calendar.custom(
        "house",
        [
            CustomYear(
                year=2026,
                start=date(2026, 1, 1),
                last_day=date(2026, 12, 31),
                months=tuple(date(2026, month, 1) for month in range(1, 13)),
            )
        ],
    )
    book = book_of([sale(1, "2025-06-01", "10"), sale(2, "2026-03-01", "20")])
    found = trend("revenue", Facts.of(book, calendar=listed, as_of=date(2026, 4, 30)))
    assert [point.during.key for point in found.points] == [
        "2026-01",
        "2026-02",
        "2026-03",
        "2026-04",
    ]
    later = trend("revenue", Facts.of(book, calendar=listed, as_of=date(2027, 1, 1)))
    assert (later.points, later.slope) == ((), None)
    assert later.reason is not None
