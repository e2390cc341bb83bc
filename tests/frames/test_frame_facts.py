"""Figures over dataframes: equal to those of a book, figure by figure and slice by slice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import attrs
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.frames.engine_cases import ENGINES
from tests.metrics.small_books import (
    RATES,
    book_of,
    crowded_books,
    facts_of,
    opportunity,
    sale,
)

from salescore.book import Facts, SalesBook
from salescore.errors import InvalidFrame, InvalidValue, UnknownCurrency, UnknownName
from salescore.frames import FrameFacts, fact_frames, open_frame
from salescore.metrics import (
    CATALOGUE,
    DIMENSIONS,
    Aggregate,
    Exclusion,
    Figure,
    FigureDefinition,
    Measure,
    Part,
    Slice,
    abc,
    attainment,
    compare,
    figure,
    figures,
    slices,
    slices_by_each,
    trend,
)
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import F, when
from salescore.testing import books
from salescore.values import Calendar, CalendarUnit, Money

pytestmark = pytest.mark.engine

SOME_DIMENSIONS = ("product", "segment", "region", "rep", "month", "stage", "currency", "source")
BOOK = book_of(
    [
        sale(1, "2024-01-31", "60", customer="c1", cost="20"),
        sale(2, "2024-02-29", "25", customer="c2"),
        sale(3, "2024-12-31", Money.of("900", "JPY"), customer="c9"),
    ],
    opportunities=[opportunity(1, "open", amount="7", created_on="2024-01-02")],
)
YEAR = Calendar().parse("2024")


def frames_of(facts: Facts, engine: str, memory: int = 2**30) -> FrameFacts:
    """Return the fact tables of a book as dataframes, with those of any earlier day."""
    names = {
        one.records: {
            key: facts.label(one.records, key) for key in facts.known.book.index(one.records)
        }
        for one in DIMENSIONS
        if one.records is not None
    }
    native = fact_frames(facts, engine)
    return FrameFacts.of(
        {name: open_frame(one, facts.schema(name)) for name, one in native.items()},
        currency=facts.currency,
        calendar=facts.calendar,
        as_of=facts.as_of,
        labels=names,
        at=lambda day: frames_of(facts.at(day), engine, memory),
        memory=memory,
    )


def told(found: Figure) -> Figure:
    """Return a figure as dataframes can tell it: they do not know why a rate is missing."""
    kinds = ("no exchange rate from", "the exchange rate from")

    def general(reason: str | None) -> str | None:
        if reason is None or not any(kind in reason for kind in kinds):
            return reason
        return "no exchange rate"

    counts: dict[tuple[str, str], int] = {}
    for one in found.excluded:
        place = one.table, str(general(one.reason))
        counts[place] = counts.get(place, 0) + one.n
    left = tuple(Exclusion(*place, n) for place, n in sorted(counts.items()))
    return attrs.evolve(found, reason=general(found.reason), excluded=left)


def by_key(parts: tuple[Slice, ...] | None) -> dict[Any, tuple[Figure, tuple[str, ...]]] | None:
    """Return slices by their keys; where keys tie the order is free."""
    return None if parts is None else {one.keys: (one.figure, one.labels) for one in parts}


@pytest.mark.parametrize("engine", ENGINES)
@given(
    book=crowded_books(),
    during=st.sampled_from([None, "2024", "2023-Q3"]),
    dimensions=st.lists(st.sampled_from(SOME_DIMENSIONS), min_size=1, max_size=4, unique=True),
    memory=st.sampled_from([0, 2**30]),
)
@settings(max_examples=3)
def test_all_figures_of_crowded_books_are_equal(
    engine: str, book: SalesBook, during: str | None, dimensions: list[str], memory: int
) -> None:
    """The whole catalogue, sliced and not, says the same of dataframes as of the book."""
    facts = facts_of(book, rates=RATES, as_of=date(2024, 9, 30))
    asked = frames_of(facts, engine, memory)
    period = None if during is None else facts.calendar.parse(during)
    assert figures(CATALOGUE, asked, during=period) == figures(CATALOGUE, facts, during=period)
    mine = slices_by_each(CATALOGUE, asked, by=dimensions, during=period)
    rows = slices_by_each(CATALOGUE, facts, by=dimensions, during=period)
    for ours, theirs in zip(mine, rows, strict=True):
        assert list(map(by_key, ours)) == list(map(by_key, theirs))
        assert [len(one or ()) for one in ours] == [len(one or ()) for one in theirs]


@given(book=books(), during=st.sampled_from([None, "2017", "2017-Q1"]))
@settings(max_examples=5)
def test_all_figures_of_any_book_are_equal(book: SalesBook, during: str | None) -> None:
    """Books with every fault that data have give the same figures by every dimension."""
    facts = Facts.of(book)
    asked = frames_of(facts, "polars")
    period = None if during is None else facts.calendar.parse(during)
    totals = figures(CATALOGUE, asked, during=period)
    assert list(map(told, totals)) == list(map(told, figures(CATALOGUE, facts, during=period)))
    names = [one.name for one in DIMENSIONS]
    mine = slices_by_each(CATALOGUE, asked, by=names, during=period)
    rows = slices_by_each(CATALOGUE, facts, by=names, during=period)
    for ours, theirs in zip(mine, rows, strict=True):
        assert list(map(by_key, ours)) == list(map(by_key, theirs))


@pytest.mark.parametrize("engine", ENGINES)
@given(book=crowded_books())
@settings(max_examples=1)
def test_comparison_trend_and_abc_are_equal(engine: str, book: SalesBook) -> None:
    """What stands on figures takes dataframes too."""
    facts = facts_of(book, rates=RATES, as_of=date(2024, 9, 30))
    asked = frames_of(facts, engine)
    names = ("revenue", "gross_margin", "customers", "open_pipeline", "win_rate")
    period = facts.calendar.parse("2024-Q2")
    assert compare(names, asked, during=period) == compare(names, facts, during=period)
    for name in ("revenue", "open_pipeline"):
        assert trend(name, asked, periods=6) == trend(name, facts, periods=6)
    until = date(2024, 3, 31)
    assert trend("orders", asked, until=until, unit=CalendarUnit.QUARTER) == trend(
        "orders", facts, until=until, unit=CalendarUnit.QUARTER
    )
    mine, rows = (abc(slices("revenue", one, by="customer")) for one in (asked, facts))
    assert (mine.items, mine.classes, mine.total) == (rows.items, rows.classes, rows.total)
    assert attainment(facts, over=asked) == attainment(facts)


def test_a_four_four_five_calendar_slices_alike() -> None:
    """Weeks and months of a 4-4-5 calendar come from the same table of days."""
    facts = facts_of(BOOK, currency="USD", calendar=Calendar.named("nrf"))
    asked = frames_of(facts, "duckdb")
    for unit in ("week", "month", "quarter", "year"):
        assert slices("revenue", asked, by=unit) == slices("revenue", facts, by=unit)


def test_rows_left_out_are_told_with_their_reason() -> None:
    """A price without a rate, a cost that is not recorded: each row once, by reason."""
    facts = facts_of(BOOK, currency="USD")
    found = figure("gross_profit", frames_of(facts, "polars"))
    assert found.excluded == (
        Exclusion("sales_lines", "cost unknown", 1),
        Exclusion("sales_lines", "no exchange rate from JPY to USD", 1),
    )
    assert found == figure("gross_profit", facts)


def test_a_rule_without_an_answer_is_told() -> None:
    """Where every column has a value and no case holds, the reason names the rule."""
    measure = Measure(
        name="m",
        table="order_lines",
        aggregate=Aggregate.SUM,
        of=when((F.net_amount > 50, F.net_amount)),
        date="ordered_on",
    )
    own = FigureDefinition(
        name="large",
        labels=("Large", "大"),
        words="Large lines.",
        unit="money",
        source="test",
        numerator=[Part(measure)],
    )
    facts = facts_of(BOOK, currency="USD")
    found = figure(own, facts)
    assert found.value == 60
    assert [one.n for one in found.excluded if "no case of if" in one.reason] == [1]
    assert figure(own, frames_of(facts, "polars")) == found


def test_a_table_that_is_not_there_has_no_rows() -> None:
    """Figures of it are undefined with the reason that a book without such facts gives."""
    none = FrameFacts.of({}, currency="USD")
    assert figures(CATALOGUE, none) == figures(CATALOGUE, Facts.of(SalesBook(), currency="USD"))
    assert slices("revenue", none, by="region") == ()
    assert trend("revenue", none).points == ()
    with pytest.raises(UnknownName):
        none.has_rows("moons")


def test_a_few_columns_are_enough() -> None:
    """What no figure asked for reads may be missing, even an id; what it reads may not."""
    lines = pl.DataFrame(
        {"sold_on": [date(2024, 1, 1)], "net_amount": [Decimal("2.50")], "region": ["West"]}
    )
    facts = FrameFacts.of({"sales_lines": lines}, currency="USD")
    assert figure("revenue", facts, during=YEAR).value == Decimal("2.50")
    assert [one.label for one in slices("revenue", facts, by="region")] == ["West"]
    ids = Measure(name="m", table="sales_lines", aggregate=Aggregate.DISTINCT, of=F.id)
    own = FigureDefinition(
        name="ids", labels=("a", "b"), words="w", unit="lines", source="s", numerator=[Part(ids)]
    )
    with pytest.raises(InvalidFrame, match="column 'id' is missing"):
        figure(own, facts)


def test_an_earlier_day_is_unknown_unless_somebody_knows_it() -> None:
    """Flat tables hold one day: what stood open before is undefined, sales of the past are not."""
    facts = facts_of(BOOK, currency="USD", as_of=date(2024, 12, 31))
    native = fact_frames(facts, "polars")
    alone = FrameFacts.of(native, currency="USD", as_of=facts.as_of)
    january = Calendar().parse("2024-01")
    found = figure("open_pipeline", alone, during=january)
    assert (found.value, found.n) == (None, 0)
    assert found.reason == (
        "the dataframes are as of 2024-12-31; how things stood on 2024-01-31 they do not tell"
    )
    assert slices("open_pipeline", alone, by="stage", during=january) == ()
    assert figure("revenue", alone, during=january).value == 60
    assert figure("open_pipeline", alone, during=YEAR).value == 7
    assert figure("open_pipeline", alone).value == 7
    (point,) = trend("revenue", alone, until=date(2024, 3, 31)).points
    assert "as of 2024-12-31" in str(point.figure.reason)
    whole = FrameFacts.of(native, currency="USD")
    assert "of an unknown day" in str(figure("open_pipeline", whole, during=YEAR).reason)
    asked = frames_of(facts, "polars")
    assert figure("open_pipeline", asked, during=january) == figure(
        "open_pipeline", facts, during=january
    )
    assert asked.at(date(2030, 1, 1)) is asked


def test_amounts_in_another_currency_need_a_rate() -> None:
    """A sum of dollars and unpriced euros is refused with the rows and what would be right."""
    columns: dict[str, list[Any]] = {
        "sold_on": [date(2024, 1, 1)] * 3,
        "net_amount": [Decimal(1), Decimal(2), None],
        "currency": ["USD", "EUR", "JPY"],
    }
    mixed = FrameFacts.of({"sales_lines": pl.DataFrame(columns)}, currency="USD")
    with pytest.raises(InvalidFrame, match="net_amount: 1 rows hold amounts in EUR without"):
        figure("revenue", mixed)
    rates = [Decimal(1), Decimal("1.25"), None]
    priced = pl.DataFrame(columns | {"exchange_rate": rates})
    facts = FrameFacts.of({"sales_lines": priced}, currency="USD")
    found = figure("revenue", facts)
    assert (found.value, found.excluded) == (
        3,
        (Exclusion("sales_lines", "no exchange rate from JPY to USD", 1),),
    )
    assert [one.key for one in slices("revenue", facts, by="currency")] == ["EUR", "USD", "JPY"]
    yen = FrameFacts.of({"sales_lines": pl.DataFrame(columns)}, currency="JPY")
    with pytest.raises(InvalidFrame, match="EUR, USD without an exchange rate; price them in JPY"):
        figure("revenue", yen)


def test_registered_fields_are_dimensions() -> None:
    """A frame opened with more columns slices by them."""
    schema = Facts.of(SalesBook()).schema("sales_lines")
    custom = Field(
        name="fair", kind=Kind.BOOLEAN, nullable=True, labels=("Fair", "展会"), is_custom=True
    )
    wider = FieldTable(name="sales_lines", fields=(*schema.fields, custom))
    lines = pl.DataFrame(
        {
            "sold_on": [date(2024, 1, 1)] * 3,
            "net_amount": [Decimal(1), Decimal(2), Decimal(4)],
            "fair": [True, None, True],
        }
    )
    names = [field.name for field in wider.fields if field.nullable]
    opened = open_frame(lines, wider, columns=names)
    facts = FrameFacts.of({"sales_lines": opened}, currency="USD")
    assert [(one.key, one.value) for one in slices("revenue", facts, by="fair")] == [
        ("true", Decimal(5)),
        (None, Decimal(2)),
    ]
    with pytest.raises(InvalidValue, match="the frame is of sales_lines"):
        FrameFacts.of({"cases": opened}, currency="USD")


def test_what_frames_cannot_be_is_refused() -> None:
    """Unknown tables and currencies, instants for days and wrong columns are told at once."""
    lines = pl.DataFrame({"net_amount": [1.5], "sold_on": ["2024-01-01"]})
    with pytest.raises(UnknownName):
        FrameFacts.of({"moons": lines}, currency="USD")
    with pytest.raises(InvalidFrame) as caught:
        FrameFacts.of({"sales_lines": lines}, currency="USD")
    assert len(caught.value.faults) == 2
    with pytest.raises(UnknownCurrency):
        FrameFacts.of({}, currency="Dollar")
    with pytest.raises(InvalidValue, match="as_of"):
        FrameFacts.of({}, currency="USD", as_of=datetime(2024, 1, 1, tzinfo=UTC))


def test_a_source_says_what_it_is() -> None:
    """The representation names currency, day, tables and engines."""
    facts = facts_of(BOOK, currency="USD", as_of=date(2024, 12, 31))
    text = repr(frames_of(facts, "duckdb"))
    assert text == "<FrameFacts in USD, as of 2024-12-31: 14 tables on duckdb>"
    assert repr(FrameFacts.of({}, currency="USD")) == "<FrameFacts in USD: 0 tables on no engine>"


@pytest.mark.slow
def test_spark_tells_the_same_figures(spark: Any) -> None:  # noqa: ANN401 - a Spark session
    """The five quantities and a slice of each, on Spark."""
    facts = facts_of(BOOK, currency="USD")
    names = ["sales_lines", "order_lines", "expenses"]
    native = fact_frames(facts, "spark", tables=names, session=spark)
    asked = FrameFacts.of(native, currency="USD")
    wanted = ["revenue", "volume", "gross_profit", "gross_margin", "revenue_per_customer"]
    assert figures(wanted, asked, during=YEAR) == figures(wanted, facts, during=YEAR)
    mine = slices_by_each(wanted, asked, by=["customer", "month", "region"], during=YEAR)
    rows = slices_by_each(wanted, facts, by=["customer", "month", "region"], during=YEAR)
    for ours, theirs in zip(mine, rows, strict=True):
        assert [[one.figure for one in part or ()] for part in ours] == [
            [one.figure for one in part or ()] for part in theirs
        ]
