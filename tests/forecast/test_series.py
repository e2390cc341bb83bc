from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.book import Facts, SalesBook
from salescore.entities import Order, OrderId, OrderLine, OrderLineId
from salescore.errors import InvalidNumber, InvalidPeriod, InvalidValue, UnknownName
from salescore.forecast import Series, Unfinished, series_by
from salescore.frames import FrameFacts, fact_frames, open_frame
from salescore.metrics import trend
from salescore.render import Language
from salescore.values import Calendar, CalendarUnit, Money, Period, WorkingCalendar

CALENDAR = Calendar()
MONTHS = CALENDAR.periods(CALENDAR.parse("2026"), CalendarUnit.MONTH)


def whole(*values: int | None) -> list[Decimal | None]:
    """Return whole numbers as decimals, gaps as they are."""
    return [None if one is None else Decimal(one) for one in values]


def test_units_that_nobody_names_become_gaps() -> None:
    """March and May without April have a gap, in whatever order they come; so has a year's end."""
    march, may = CALENDAR.parse("2026-03"), CALENDAR.parse("2026-05")
    found = Series.over([(may, Decimal(5)), (march, Decimal(3))], name="pieces", unit="pieces")
    assert found.values == (Decimal(3), None, Decimal(5))
    assert [one.key for one in found.periods] == ["2026-03", "2026-04", "2026-05"]
    assert (found.season, found.known, found.gaps) == (12, 2, 1)
    assert found.as_of == date(2026, 5, 31)


def test_a_gap_that_is_named_stays_one() -> None:
    """A period with the value None is missing, at an end or between."""
    found = Series.over(list(zip(MONTHS[:4], whole(None, 1, None, 2), strict=True)))
    assert found.values == tuple(whole(None, 1, None, 2))
    assert (found.known, found.gaps) == (2, 1)


@pytest.mark.parametrize(
    ("key", "season"), [("2026-Q1", 4), ("2026-W05", 52), ("2026", 1), ("2026-03-01", 7)]
)
def test_the_season_is_that_of_the_unit(key: str, season: int) -> None:
    """Four quarters, 52 weeks and seven days repeat; years do not."""
    assert Series.over([(CALENDAR.parse(key), Decimal(1))]).season == season
    assert Series.over([(CALENDAR.parse(key), Decimal(1))], season=3).season == 3


def test_a_series_of_nothing() -> None:
    """No value is a series too; nothing is known of it."""
    for one in (Series.of([]), Series.over([]), Series.of([None, None])):
        assert (one.known, one.gaps, one.as_of) == (0, 0, None)


def test_bad_values_are_refused() -> None:
    """No float, no NaN, nothing beyond reason, no season of nothing."""
    with pytest.raises(InvalidNumber):
        Series.of([1.5])  # type: ignore[list-item]
    with pytest.raises(InvalidNumber):
        Series.of([Decimal("NaN")])
    with pytest.raises(InvalidValue, match="1E\\+30"):
        Series.of([Decimal("1E+31")])
    for season in (0, True, 1001):
        with pytest.raises(InvalidValue, match="season"):
            Series.of([Decimal(1)], season=season)


def test_bad_periods_are_refused() -> None:
    """Periods are of one unit and calendar, adjoin, and are as many as values."""
    jan, feb, mar = MONTHS[:3]
    one = Decimal(1)
    with pytest.raises(InvalidPeriod, match="named once"):
        Series.over([(jan, one), (jan, one)])
    with pytest.raises(InvalidPeriod, match="one unit"):
        Series.over([(jan, one), (CALENDAR.parse("2026-Q2"), one)])
    with pytest.raises(InvalidPeriod, match="one unit"):
        Series.over([(Period.custom(date(2026, 1, 1), date(2026, 1, 9)), one)])
    with pytest.raises(InvalidPeriod, match="calendar nrf"):
        Series.over([(jan, one)], calendar=Calendar.named("nrf"))
    with pytest.raises(InvalidPeriod, match="does not follow"):
        Series(values=[one, one], periods=[jan, mar])
    with pytest.raises(InvalidValue, match="number of periods"):
        Series(values=[one], periods=[jan, feb])


def test_the_first_values_are_what_was_known_then() -> None:
    """Cut after two months, the series ends with the second; cut at its end it is itself."""
    series = Series.over(list(zip(MONTHS[:4], whole(1, 2, 3, 4), strict=True)))
    found = series.first(2)
    assert (found.values, found.as_of) == (tuple(whole(1, 2)), date(2026, 2, 28))
    assert series.first(4) is series
    assert series.first(0).periods == ()
    for many in (-1, 5, True):
        with pytest.raises(InvalidValue, match="number of values"):
            series.first(many)


def test_what_follows_are_the_next_units() -> None:
    """After April come May and June; plain positions have no periods."""
    series = Series.over([(MONTHS[3], Decimal(1))])
    assert series.following(2) == MONTHS[4:6]
    assert Series.of([Decimal(1)]).following(2) == (None, None)


def test_an_unfinished_period_is_left_out_by_default() -> None:
    """Half a month is no value; it is told, and the next forecast begins with it."""
    series = Series.over([(MONTHS[2], Decimal(90))])
    found = series.with_unfinished(MONTHS[3], Decimal(40), as_of=date(2026, 4, 15))
    assert found.values == series.values
    assert found.following(1) == (MONTHS[3],)
    assert found.unfinished is not None
    assert (found.unfinished.scaled, found.as_of) == (None, date(2026, 4, 15))
    assert "15 of 30 days" in found.unfinished.words()
    assert "未计入" in found.unfinished.words(Language.ZH)


def test_an_unfinished_period_is_scaled_by_elapsed_working_days() -> None:
    """Of 22 working days of April 2026 eleven are over on the 15th: 40 stand for 80."""
    office = WorkingCalendar.of("office", years="all")
    found = Series.over([(MONTHS[2], Decimal(90))]).with_unfinished(
        MONTHS[3], Decimal(40), as_of=date(2026, 4, 15), policy=Unfinished.SCALE, working=office
    )
    assert found.values == (Decimal(90), Decimal(80))
    assert found.following(1) == (MONTHS[4],)
    assert found.unfinished is not None
    assert found.unfinished.words().endswith("(11 of 22 working days) and was scaled from 40 to 80")
    assert found.unfinished.words(Language.ZH).endswith("按比例折算：40 → 80")
    assert found.first(1).unfinished is None


def test_a_period_without_an_elapsed_working_day_cannot_be_scaled() -> None:
    """On Sunday the 1st of March no working day is over, so the month is left out."""
    office = WorkingCalendar.of("office", years="all")
    found = Series.over([(MONTHS[1], Decimal(90))]).with_unfinished(
        MONTHS[2], Decimal(0), as_of=date(2026, 3, 1), policy=Unfinished.SCALE, working=office
    )
    assert found.values == (Decimal(90),)


def test_what_is_no_unfinished_period_is_refused() -> None:
    """A day outside or the last, a period out of order, a second one, an unknown year."""
    series = Series.over([(MONTHS[2], Decimal(90))])
    value = Decimal(1)
    for day in (date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 1)):
        with pytest.raises(InvalidPeriod, match="finished"):
            series.with_unfinished(MONTHS[3], value, as_of=day)
    with pytest.raises(InvalidPeriod, match="follow"):
        series.with_unfinished(MONTHS[4], value, as_of=date(2026, 5, 2))
    with pytest.raises(InvalidPeriod, match="plain"):
        Series.of([value]).with_unfinished(MONTHS[4], value, as_of=date(2026, 5, 2))
    again = series.with_unfinished(MONTHS[3], value, as_of=date(2026, 4, 2))
    with pytest.raises(InvalidValue, match="already"):
        again.with_unfinished(MONTHS[4], value, as_of=date(2026, 5, 2))
    unknown = WorkingCalendar.of("old", years=[2020])
    with pytest.raises(InvalidValue, match="does not know"):
        series.with_unfinished(MONTHS[3], value, as_of=date(2026, 4, 2), working=unknown)


@given(st.integers(1, 28), st.decimals(-1000, 1000, places=2))
def test_scaling_never_shrinks_what_was_seen(day: int, value: Decimal) -> None:
    """The scaled value has the sign of what was seen and at least its size."""
    found = Series.over([(MONTHS[2], Decimal(1))]).with_unfinished(
        MONTHS[3], value, as_of=date(2026, 4, day), policy=Unfinished.SCALE
    )
    assert found.unfinished is not None
    assert found.unfinished.scaled is not None
    assert found.unfinished.scaled * value >= value * value


def a_book() -> SalesBook:
    """Return a book of four orders from January to April in two regions."""
    rows = [
        ("O1", date(2026, 1, 5), "north", 100),
        ("O2", date(2026, 3, 9), "north", 50),
        ("O3", date(2026, 2, 2), "south", 70),
        ("O4", date(2026, 4, 10), "north", 20),
    ]
    orders = [
        Order(id=OrderId(name), ordered_on=day, region=region) for name, day, region, _ in rows
    ]
    lines = [
        OrderLine(
            id=OrderLineId(f"{name}-1"),
            order_id=OrderId(name),
            quantity=Decimal(1),
            net_amount=Money(Decimal(amount), "USD"),
        )
        for name, _, _, amount in rows
    ]
    return SalesBook(orders=orders, order_lines=lines)


def test_a_trend_becomes_a_series_without_its_unfinished_unit() -> None:
    """Three months are over on 15 April; the fourth stands apart or is scaled to double."""
    facts = Facts.of(a_book())
    day = date(2026, 4, 15)
    found = Series.of_trend(trend("revenue", facts, until=day), as_of=day)
    assert found.values == tuple(whole(100, 70, 50))
    assert found.unfinished is not None
    scaled = Series.of_trend(
        trend("revenue", facts, until=day), as_of=day, unfinished=Unfinished.SCALE
    )
    assert scaled.values == tuple(whole(100, 70, 50, 40))
    done = Series.of_trend(
        trend("revenue", facts, until=date(2026, 3, 31)), as_of=date(2026, 3, 31)
    )
    assert (done.values, done.unfinished) == (tuple(whole(100, 70, 50)), None)


def test_a_figure_by_a_dimension_becomes_a_series_each() -> None:
    """A month without an order is 0 after the first one, and nothing before it."""
    facts = Facts.of(a_book())
    north, south = series_by("revenue", facts, by="region", as_of=date(2026, 4, 15))
    assert (north.name, north.values) == ("north", tuple(whole(100, 0, 50)))
    assert (south.name, south.values) == ("south", tuple(whole(70, 0)))
    assert south.periods == MONTHS[1:3]
    assert south.unfinished is not None
    assert south.unfinished.value == 0
    both = series_by(
        "revenue", facts, by="region", as_of=date(2026, 4, 15), unfinished=Unfinished.SCALE
    )
    assert both[0].values[-1] == 40


def test_a_figure_that_does_not_add_up_has_gaps() -> None:
    """A month without orders has no average order value, which is not 0."""
    facts = Facts.of(a_book())
    north, _ = series_by("average_order_value", facts, by="region", as_of=date(2026, 3, 31))
    assert north.values == tuple(whole(100, None, 50))


def test_facts_after_the_day_change_nothing() -> None:
    """Seen on the last of March, the order of April is not there."""
    facts = Facts.of(a_book())
    north, _ = series_by("revenue", facts, by="region", as_of=date(2026, 3, 31))
    assert (north.values, north.unfinished) == (tuple(whole(100, 0, 50)), None)
    north, _ = series_by("revenue", facts, by="region", as_of=date(2026, 4, 5))
    assert north.unfinished is not None
    assert north.unfinished.value == 0


def test_what_has_no_slices_over_time_is_refused() -> None:
    """A figure of a moment, units of a day, and a dimension that is none."""
    facts = Facts.of(a_book())
    day = date(2026, 4, 15)
    with pytest.raises(InvalidValue, match="moment"):
        series_by("open_pipeline", facts, by="region", as_of=day)
    with pytest.raises(InvalidValue, match="WEEK"):
        series_by("revenue", facts, by="region", as_of=day, unit=CalendarUnit.DAY)
    with pytest.raises(UnknownName):
        series_by("revenue", facts, by="nothing", as_of=day)


def frames_of(facts: Facts, engine: str) -> FrameFacts:
    """Return the fact tables of a book as dataframes, with those of any earlier day."""
    return FrameFacts.of(
        {
            name: open_frame(one, facts.schema(name))
            for name, one in fact_frames(facts, engine).items()
        },
        currency=facts.currency,
        calendar=facts.calendar,
        at=lambda day: frames_of(facts.at(day), engine),
    )


@pytest.mark.engine
@pytest.mark.parametrize("engine", ["pyarrow", "polars", "duckdb"])
def test_series_are_the_same_on_every_engine(engine: str) -> None:
    """Dataframes reduce the same facts to the same series, whatever happens to the last month."""
    facts = Facts.of(a_book())
    frames = frames_of(facts, engine)
    for name in ("revenue", "average_order_value"):
        for policy in Unfinished:
            found, wanted = (
                series_by(name, source, by="region", as_of=date(2026, 4, 15), unfinished=policy)
                for source in (frames, facts)
            )
            assert found == wanted
