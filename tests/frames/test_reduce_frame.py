"""Reductions on dataframes: the tables of `reduce_rows`, from every engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.frames.engine_cases import ENGINES
from tests.metrics.small_books import crowded_books, facts_of

from salescore.book import FACT_TABLES, Facts, SalesBook
from salescore.errors import EngineRefused, InvalidFrame, InvalidValue, UnknownName
from salescore.frames import fact_frames, native_frame, open_frame, reduce_frame, reduce_frames
from salescore.metrics import (
    CATALOGUE,
    DIMENSIONS,
    Aggregate,
    Measure,
    Reduced,
    Reduction,
    reduce_rows,
)
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import F, Term, coalesce, when
from salescore.values import Calendar, CalendarUnit, Period

pytestmark = pytest.mark.engine

D = Decimal
UNITS = {unit.value for unit in CalendarUnit}
LINES = next(one for one in FACT_TABLES if one.name == "sales_lines")
COLUMNS: dict[str, list[Any]] = {
    "id": ["a", "b", "c", "d", "e", "f"],
    "record": ["order_lines"] * 6,
    "sold_on": [
        date(2024, 1, 31),
        date(2024, 1, 31),
        date(2024, 2, 1),
        date(2024, 12, 31),
        date(2023, 12, 31),
        None,
    ],
    "region": ["West", "West", None, "", "华东", "West"],
    "is_free": [True, False, None, False, None, True],
    "customer_id": ["c1", "c1", "c2", None, "c1", "c1"],
    "net_amount": [D("10.50"), D("0.25"), D("3"), None, D("7"), D("1")],
    "cost": [D("4"), None, D("5"), D("1"), D("7"), D("1")],
}


def ranked(found: Reduced) -> tuple[Any, ...]:
    """Return all that a small table says, its keys ascending and null first."""
    order = sorted(
        range(len(found.keys)),
        key=lambda place: [(one is not None, one or "") for one in found.keys[place]],
    )

    def put(column: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(column[place] for place in order)

    columns = (tuple(map(put, one)) for one in (found.values, found.counts, found.missing))
    return put(found.keys), *columns, found.undated


def plain(found: Reduced) -> tuple[Any, ...]:
    """Return all that a small table says, in its own order."""
    return found.keys, found.values, found.counts, found.missing, found.undated


def line(
    aggregate: Aggregate, of: Term | None = None, where: Term | None = None, *, dated: bool = True
) -> Measure:
    """Return a measure of sales lines."""
    date_column = "sold_on" if dated else None
    return Measure(
        name="m", table="sales_lines", aggregate=aggregate, of=of, where=where, date=date_column
    )


def by(keys: Sequence[str], *measures: Measure) -> Reduction:
    """Return a reduction of sales lines."""
    return Reduction(name="r", table="sales_lines", keys=keys, measures=measures)


def frame(engine: str, **columns: Any) -> Any:  # noqa: ANN401 - a column of anything
    """Return the small sales lines on an engine, some columns of them replaced or dropped."""
    held = {name: column for name, column in (COLUMNS | columns).items() if column is not None}
    return native_frame(LINES, held, engine)


def catalogue_reductions(facts: Facts, draw: Any) -> list[Reduction]:  # noqa: ANN401 - of Hypothesis
    """Return all measures of the catalogue by some keys, and extremes beside them."""
    measures: dict[tuple[str, str | None], dict[Measure, None]] = {}
    for definition in CATALOGUE:
        for measure in definition.measures:
            measures.setdefault((measure.table, measure.date), {})[measure] = None
    table, day = draw(st.sampled_from(sorted(measures, key=str)))
    schema = facts.schema(table)
    columns = [
        one.column
        for one in DIMENSIONS
        if (day is not None if one.column in UNITS else one.is_in(schema))
    ]
    every = draw(
        st.lists(
            st.lists(st.sampled_from(columns), max_size=2, unique=True), min_size=1, max_size=5
        )
    )
    those = tuple(measures[table, day])
    return [Reduction(name="r", table=table, keys=keys, measures=those) for keys in every]


@pytest.mark.parametrize("engine", ENGINES)
@given(
    book=crowded_books(),
    during=st.sampled_from([None, "2024", "2023-Q3", "2031"]),
    memory=st.sampled_from([0, 2**30]),
    data=st.data(),
)
@settings(max_examples=12)
def test_a_reduction_equals_that_of_rows(
    engine: str, book: SalesBook, during: str | None, memory: int, data: st.DataObject
) -> None:
    """Values, counts, missing and undated rows are those of Python rows, whatever is shared."""
    facts = facts_of(book)
    period = None if during is None else facts.calendar.parse(during)
    asked = catalogue_reductions(facts, data.draw)
    table = asked[0].table
    native = fact_frames(facts, engine, tables=[table])[table]
    found = reduce_frames(
        open_frame(native, facts.schema(table)), asked, during=period, memory=memory
    )
    for reduction, one in zip(asked, found, strict=True):
        want = reduce_rows(facts, reduction, None if reduction.date is None else period)
        assert plain(one) == ranked(want)
        assert one.reduction is reduction


KNOWN = ~F.cost.is_null()
TALL = [
    (line(Aggregate.SUM, F.net_amount), D("20.75"), 4, 1, 1),
    (line(Aggregate.SUM, F.net_amount, F.region == "nowhere"), D(0), 0, 0, 0),
    (line(Aggregate.SUM, F.net_amount - F.cost), D("4.50"), 3, 2, 1),
    (line(Aggregate.SUM, F.net_amount, dated=False), D("21.75"), 5, 1, 0),
    (line(Aggregate.COUNT), D(5), 5, 0, 1),
    (line(Aggregate.COUNT, None, F.is_free), D(1), 1, 0, 1),
    (line(Aggregate.COUNT, F.cost), D(4), 4, 1, 1),
    (line(Aggregate.COUNT, F.cost, ~F.is_free), D(1), 1, 1, 0),
    (line(Aggregate.DISTINCT, F.customer_id), D(2), 4, 1, 1),
    (line(Aggregate.DISTINCT, F.customer_id, KNOWN), D(2), 3, 1, 1),
    (line(Aggregate.DISTINCT, F.customer_id, F.net_amount > 5), D(1), 2, 0, 0),
    (line(Aggregate.DISTINCT, F.cost), D(4), 4, 1, 1),
    (line(Aggregate.DISTINCT, F.is_free), D(2), 3, 2, 1),
    (line(Aggregate.VALUES, F.net_amount), (D("0.25"), D(3), D(7), D("10.5")), 4, 1, 1),
    (line(Aggregate.VALUES, F.cost, F.region == "West"), (D(4),), 1, 1, 1),
    (line(Aggregate.MIN, F.net_amount), D("0.25"), 4, 1, 1),
    (line(Aggregate.MAX, F.net_amount - F.cost), D("6.50"), 3, 2, 1),
    (line(Aggregate.MAX, F.net_amount, F.region == "nowhere"), None, 0, 0, 0),
    (line(Aggregate.MIN, F.sold_on), date(2023, 12, 31), 5, 0, 1),
    (line(Aggregate.SUM, when((F.is_free, 1))), D(1), 1, 4, 1),
    (line(Aggregate.SUM, coalesce(F.cost, 0) * F.net_amount), D("106.00"), 4, 1, 1),
    (line(Aggregate.COUNT, when((F.is_free, 1), otherwise=2)), D(5), 5, 0, 1),
]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_aggregate_leaves_out_what_is_unknown(engine: str) -> None:
    """Sums, counts, different values, values and extremes have their rows and those they miss."""
    for measure, value, count, missing, undated in TALL:
        (found,) = reduce_frames(frame(engine), [by((), measure)])
        assert plain(found) == (((),), ((value,),), ((count,),), ((missing,),), (undated,)), measure


@pytest.mark.parametrize("engine", ENGINES)
def test_all_aggregates_in_one_pass_are_those_of_each_alone(engine: str) -> None:
    """Measures that share a scan do not disturb each other."""
    dated = [measure for measure, *_ in TALL if measure.date is not None]
    together = reduce_frame(frame(engine), by(("region", "month"), *dated))
    for place, measure in enumerate(dated):
        alone = reduce_frame(frame(engine), by(("region", "month"), measure))
        assert alone.keys == together.keys
        assert alone.values[0] == together.values[place]
        assert alone.counts[0] == together.counts[place]
        assert alone.missing[0] == together.missing[place]
        assert alone.undated[0] == together.undated[place]


@pytest.mark.parametrize("engine", ENGINES)
def test_keys_are_texts_in_order(engine: str) -> None:
    """Dates are ISO, truth values as in JSON, null comes first, and an empty text is no null."""
    count = line(Aggregate.COUNT)
    found = reduce_frame(frame(engine), by(("is_free",), count))
    assert found.keys == ((None,), ("false",), ("true",))
    found = reduce_frame(frame(engine), by(("region",), count))
    assert found.keys == ((None,), ("",), ("West",), ("华东",))
    found = reduce_frame(frame(engine), by(("sold_on",), count))
    assert [one for (one,) in found.keys] == [
        *("2023-12-31", "2024-01-31", "2024-02-01", "2024-12-31")
    ]
    found = reduce_frame(frame(engine), by(("region", "is_free"), count))
    assert found.keys[:2] == ((None, None), ("", "false"))
    twice = reduce_frame(frame(engine), by(("region", "year", "region"), count))
    assert twice.keys[0] == (None, "2024", None)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_instant_is_a_key_in_utc(engine: str) -> None:
    """The text of an instant is that of Python rows."""
    moments = [datetime(2024, 1, 1, 12, 30, tzinfo=UTC), None]
    schema = FieldTable(
        name="cases",
        fields=(Field(name="seen_at", kind=Kind.INSTANT, nullable=True, labels=("Seen", "见")),),
    )
    native = native_frame(schema, {"seen_at": moments}, engine)
    count = Measure(name="n", table="cases", aggregate=Aggregate.COUNT)
    asked = Reduction(name="r", table="cases", keys=["seen_at"], measures=[count])
    found = reduce_frame(open_frame(native, schema), asked)
    assert found.keys == ((None,), ("2024-01-01 12:30:00+00:00",))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", ["gregorian", "gregorian-04", "nrf", "iso"])
def test_units_are_those_of_the_calendar(engine: str, name: str) -> None:
    """Weeks, months, quarters and years of fiscal and 4-4-5 calendars are looked up by day."""
    calendar = Calendar.named(name)
    known = [day for day in COLUMNS["sold_on"] if day is not None]
    for unit in calendar.units:
        if unit is CalendarUnit.DAY:
            continue
        found = reduce_frame(
            frame(engine), by((unit.value,), line(Aggregate.COUNT)), calendar=calendar
        )
        want = sorted({calendar.key(day, unit) for day in known})
        assert [key for (key,) in found.keys] == want


@pytest.mark.parametrize("engine", ENGINES)
def test_a_day_outside_the_calendar_or_far_away_has_its_place(engine: str) -> None:
    """A day that no unit holds is under null, and the year 9999 no table of days."""
    days = [date(1, 1, 1), date(2024, 5, 1), date(9999, 12, 31), None, date(2024, 5, 2), None]
    asked = by(("year",), line(Aggregate.COUNT))
    april = Calendar.months(4)
    found = reduce_frame(frame(engine, sold_on=days), asked, calendar=april)
    assert found.keys == tuple(
        (key,) for key in sorted(april.keys(days[:3], CalendarUnit.YEAR), key=lambda one: one or "")
    )
    assert found.keys[0] == (None,)
    assert found.undated == (2,)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_period_takes_its_days_only(engine: str) -> None:
    """Both ends count; a row without a date is told, whatever the period."""
    asked = [by((), line(Aggregate.COUNT)), by(("month",), line(Aggregate.COUNT))]
    for first, last, n in (
        (date(2024, 1, 31), date(2024, 2, 1), 3),
        (date(2023, 12, 31), date(2024, 12, 31), 5),
        (date(2024, 2, 1), date(2030, 1, 1), 2),
        (date(2000, 1, 1), date(2024, 1, 1), 1),
        (date(2024, 3, 1), date(2024, 4, 1), 0),
        (date(1999, 3, 1), date(1999, 4, 1), 0),
    ):
        total, months = reduce_frames(frame(engine), asked, during=Period.custom(first, last))
        assert (total.counts, total.undated) == (((n,),), (1,))
        assert sum(months.counts[0]) == n


@pytest.mark.parametrize("engine", ENGINES)
def test_absent_columns_are_null(engine: str) -> None:
    """A frame without the column of a key, a date or a number says that all of it is unknown."""
    lacking = open_frame(frame(engine, region=None, cost=None), "sales_lines", absent_as_null=True)
    found = reduce_frame(lacking, by(("region", "year"), line(Aggregate.SUM, F.cost)))
    assert plain(found)[:4] == (
        ((None, "2023"), (None, "2024")),
        ((D(0), D(0)),),
        ((0, 0),),
        ((1, 4),),
    )
    undated = open_frame(frame(engine, sold_on=None), "sales_lines", absent_as_null=True)
    total, years = reduce_frames(
        undated,
        [by((), line(Aggregate.COUNT, None, F.is_free)), by(("year",), line(Aggregate.COUNT))],
    )
    assert plain(total) == (((),), ((D(0),),), ((0,),), ((0,),), (2,))
    assert plain(years) == ((), ((),), ((),), ((),), (6,))


@pytest.mark.parametrize("engine", ENGINES)
def test_no_rows_reduce_to_nothing(engine: str) -> None:
    """Without rows a total is 0, an extreme unknown, and there is no key at all."""
    none = native_frame(LINES, {name: [] for name in COLUMNS}, engine)
    for dated in (True, False):
        measures = [
            line(one, F.net_amount, dated=dated) for one in Aggregate if one is not Aggregate.COUNT
        ]
        total, regions, both = reduce_frames(
            none,
            [by((), *measures), by(("region",), *measures), by(("region", "is_free"), *measures)],
        )
        assert [one for (one,) in total.values] == [D(0), D(0), (), None, None]
        assert regions.keys == both.keys == ()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_sum_that_could_need_more_digits_is_refused(engine: str) -> None:
    """A decimal type that is too wide is measured first; what is too large in truth is refused."""
    wide = by((), line(Aggregate.SUM, F.net_amount))
    large = [D(10) ** 37] * 6
    with pytest.raises(EngineRefused, match="sum over 6 rows"):
        reduce_frame(frame(engine, net_amount=large), wide)
    fitting = [D(10) ** 36] * 6
    assert reduce_frame(frame(engine, net_amount=fitting), wide).values == ((D(5) * 10**36,),)


def test_a_wide_type_of_small_numbers_is_summed() -> None:
    """The type of a sum, as wide as a decimal can be, can be summed again."""
    native = frame("polars").with_columns(pl.col("net_amount").cast(pl.Decimal(38, 2)))
    found = reduce_frame(native, by((), line(Aggregate.SUM, F.net_amount)))
    assert found.values == ((D("20.75"),),)


def test_numbers_and_sets_are_no_keys() -> None:
    """What engines write in several ways is refused by name."""
    with pytest.raises(EngineRefused, match="by net_amount"):
        reduce_frame(frame("polars"), by(("net_amount",), line(Aggregate.COUNT)))


def test_amounts_of_several_currencies_are_never_summed() -> None:
    """Without a rate amounts of one currency sum; two are refused; a rate makes them one."""
    asked = by((), line(Aggregate.SUM, F.net_amount))
    one = ["USD"] * 6
    two = ["USD", "EUR", "USD", "JPY", None, "USD"]
    rates = [D(1), D("1.25"), D(1), None, None, D(1)]
    assert reduce_frame(frame("polars", currency=one), asked).values == ((D("20.75"),),)
    with pytest.raises(InvalidFrame, match=r"net_amount: 4 rows hold amounts in EUR, USD without"):
        reduce_frame(frame("polars", currency=two), asked)
    # The amount in yen is unknown, so that it needs no rate.
    found = reduce_frame(frame("polars", currency=two, exchange_rate=rates), asked)
    assert found.values == ((D("20.75"),),)
    counted = by((), line(Aggregate.DISTINCT, F.customer_id))
    assert reduce_frame(frame("polars", currency=two), counted).values == ((D(2),),)


def test_what_does_not_belong_together_is_refused() -> None:
    """Reductions are of one table, which is that of the frame; keys and units must exist."""
    count = line(Aggregate.COUNT)
    other = Measure(name="n", table="cases", aggregate=Aggregate.COUNT)
    cases = Reduction(name="c", table="cases", measures=[other])
    with pytest.raises(InvalidValue, match="one fact table"):
        reduce_frames(frame("polars"), [by((), count), cases])
    with pytest.raises(InvalidValue, match="the frame is of sales_lines"):
        reduce_frame(open_frame(frame("polars"), "sales_lines"), cases)
    with pytest.raises(UnknownName):
        reduce_frame(frame("polars"), by(("moon",), count))
    with pytest.raises(UnknownName):
        reduce_frame(frame("polars"), by(("month",), count), calendar=Calendar.named("iso"))
    assert reduce_frames(frame("polars"), []) == ()


def test_texts_held_as_codes_are_texts() -> None:
    """Categories of Polars are keys and different values like any text."""
    native = frame("polars").with_columns(pl.col("region", "customer_id").cast(pl.Categorical))
    asked = by(("region",), line(Aggregate.DISTINCT, F.customer_id))
    assert plain(reduce_frame(native, asked)) == plain(reduce_frame(frame("polars"), asked))


@pytest.mark.slow
def test_spark_reduces_alike(spark: Any) -> None:  # noqa: ANN401 - a Spark session
    """Spark gives the same tables, joint aggregates and units of a calendar included."""
    native = native_frame(LINES, COLUMNS, "spark", session=spark)
    dated = [measure for measure, *_ in TALL if measure.date is not None]
    asked = [by(keys, *dated) for keys in ((), ("region",), ("month",), ("region", "is_free"))]
    for keys, found, want in zip(
        asked, reduce_frames(native, asked), reduce_frames(frame("polars"), asked), strict=True
    ):
        assert plain(found) == plain(want), keys
