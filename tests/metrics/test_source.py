"""`FigureSource`: what figures ask, so that facts may be kept anywhere."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.small_books import RATES, book_of, crowded_books, facts_of, opportunity, sale

from salescore.book import FACT_TABLES, Facts, SalesBook
from salescore.entities import Target, TargetId
from salescore.errors import CurrencyMismatch, InvalidValue, UnknownName
from salescore.metrics import (
    CATALOGUE,
    AnyFacts,
    Dimension,
    Exclusion,
    FactsSource,
    FigureSource,
    Measure,
    Reduced,
    Reduction,
    attainment,
    compare,
    figure,
    figures,
    find_dimension,
    reduce_rows,
    slices,
    slices_by_each,
    slices_of,
    source_of,
    trend,
)
from salescore.metrics._reduce import Key
from salescore.plain import FieldTable
from salescore.values import Calendar, Money, Period

BOOK = book_of(
    [
        sale(1, "2024-01-31", "60", customer="c1", cost="20"),
        sale(2, "2024-02-29", "25", customer="c2"),
        sale(3, "2024-12-31", Money.of("900", "JPY"), customer="c9"),
    ],
    opportunities=[opportunity(1, "open", amount="7", created_on="2024-01-02")],
)
YEAR = Calendar().parse("2024")


@attrs.define
class Backwards:
    """A source that gives keys in the opposite order, and notes what it is asked for."""

    facts: Facts
    lack: str | None = None
    asked: list[int] = attrs.Factory(list[int])

    @property
    def currency(self) -> str:
        """Return the reporting currency."""
        return self.facts.currency

    @property
    def calendar(self) -> Calendar:
        """Return the calendar of periods."""
        return self.facts.calendar

    @property
    def as_of(self) -> date | None:
        """Return the last day whose facts are seen."""
        return self.facts.as_of

    @property
    def last_day(self) -> date | None:
        """Return the last day seen."""
        return FactsSource(self.facts).last_day

    def schema(self, table: str, /) -> FieldTable:
        """Return the columns of a fact table."""
        return self.facts.schema(table)

    def at(self, day: date, /) -> FigureSource:
        """Return the facts as of an earlier day."""
        return attrs.evolve(self, facts=self.facts.at(day))

    def label(self, records: str, key: str, /) -> str:
        """Return the name of a record."""
        return self.facts.label(records, key)

    def has_rows(self, table: str, column: str | None = None, /) -> bool:
        """Return whether a table has a row, or a value in a column."""
        return FactsSource(self.facts).has_rows(table, column)

    def reduce(
        self, reductions: Sequence[Reduction], during: Period | None, /
    ) -> tuple[Reduced, ...]:
        """Return small tables whose keys stand in the opposite order."""
        self.asked.append(len(reductions))
        return tuple(
            attrs.evolve(
                one,
                keys=one.keys[::-1],
                values=[column[::-1] for column in one.values],
                counts=[column[::-1] for column in one.counts],
                missing=[column[::-1] for column in one.missing],
            )
            for one in (reduce_rows(self.facts, reduction, during) for reduction in reductions)
        )

    def left_out(
        self,
        requests: Sequence[Sequence[Measure]],
        by: Sequence[Dimension],
        during: Period | None,
        /,
    ) -> tuple[Mapping[Key, tuple[Exclusion, ...]], ...]:
        """Return the rows left out."""
        return FactsSource(self.facts).left_out(requests, by, during)


@given(crowded_books(), st.sampled_from([None, "2024", "2023-Q3"]))
@settings(max_examples=15)
def test_any_source_gives_the_figures_of_the_book(book: SalesBook, during: str | None) -> None:
    """Figures, comparison, attainment, trend and slices need no more than the protocol."""
    facts = facts_of(book, rates=RATES, as_of=date(2024, 9, 30))
    source = Backwards(facts)
    period = None if during is None else facts.calendar.parse(during)
    assert figures(CATALOGUE, source, during=period) == figures(CATALOGUE, facts, during=period)
    names = ["revenue", "customers", "gross_margin", "open_pipeline"]
    for by in ("region", ("rep", "month"), "stage"):
        for mine, rows in zip(
            slices_by_each(names, source, by=[by], during=period)[0],
            slices_by_each(names, facts, by=[by], during=period)[0],
            strict=True,
        ):
            assert mine == rows
    if period is not None:
        assert compare(names, source, during=period) == compare(names, facts, during=period)
    assert trend("orders", source, periods=4) == trend("orders", facts, periods=4)
    assert attainment(facts, over=source) == attainment(facts)


@given(crowded_books(), st.sampled_from(["region", "rep", "currency"]))
@settings(max_examples=15)
def test_what_is_left_out_by_key_is_all_that_is_left_out(book: SalesBook, by: str) -> None:
    """Rows left out by the keys of a dimension sum to those of the total, reason by reason."""
    source = source_of(facts_of(book, rates=RATES))
    requests = [one.measures for one in CATALOGUE]
    total = source.left_out(requests, (), YEAR)
    parts = source.left_out(requests, [find_dimension(by)], YEAR)
    for whole, those in zip(total, parts, strict=True):
        counts: dict[tuple[str, str], int] = {}
        for excluded in those.values():
            for one in excluded:
                counts[one.table, one.reason] = counts.get((one.table, one.reason), 0) + one.n
        assert counts == {(one.table, one.reason): one.n for one in whole.get((), ())}


def test_slices_by_each_are_those_of_each() -> None:
    """All slices at once are those one by one; a figure without the dimension has `None`."""
    facts = facts_of(BOOK, currency="USD")
    source = Backwards(facts)
    names = ["revenue", "open_pipeline", "customers"]
    by = ["customer", ("product", "month"), "stage"]
    found = slices_by_each(names, source, by=by, during=YEAR)
    assert found[0][0] == slices("revenue", facts, by="customer", during=YEAR)
    assert found[1][0] == slices("revenue", facts, by=("product", "month"), during=YEAR)
    assert found[2] == (None, slices("open_pipeline", facts, by="stage", during=YEAR), None)
    assert source.asked == [2, 2]
    assert slices_by_each([], facts, by=by) == ((), (), ())
    assert slices_by_each("revenue", facts, by=[]) == ()
    with pytest.raises(UnknownName):
        slices_by_each(names, facts, by=["moon"])
    with pytest.raises(InvalidValue, match="at least one dimension"):
        slices_by_each(names, facts, by=[()])


def test_a_source_that_knows_nothing_has_a_reason() -> None:
    """Every figure is undefined with the reason, nothing is reduced, and there is no slice."""
    source = Backwards(facts_of(BOOK, currency="USD"), lack="the tables are locked")
    for one in figures(CATALOGUE, source):
        assert (one.value, one.reason) == (None, "the tables are locked")
    assert slices_of(["revenue", "customers"], source, by="region") == ((), ())
    assert {point.figure.reason for point in trend("revenue", source).points} == {
        "the tables are locked"
    }
    assert source.asked == []


def test_facts_are_wrapped_and_sources_left_alone() -> None:
    """`source_of` takes both, and refuses what is neither with a word of how to make one."""
    facts = facts_of(BOOK, currency="USD", as_of=date(2024, 6, 30))
    source = source_of(facts)
    assert source == FactsSource(facts)
    assert source_of(source) is source
    wrong: AnyFacts = BOOK  # type: ignore[assignment]
    with pytest.raises(InvalidValue, match=r"Facts\.of\(book\)"):
        figure("revenue", wrong)


def test_the_facts_of_a_book_keep_the_laws_of_a_source() -> None:
    """As of its own day and later a source is itself; a table without rows has no values."""
    facts = facts_of(BOOK, currency="USD", as_of=date(2024, 6, 30))
    source = source_of(facts)
    assert source.last_day == source.as_of == date(2024, 6, 30)
    assert source.at(date(2024, 6, 30)) is source
    assert source.at(date(2024, 6, 30) + timedelta(9)) is source
    assert source.at(date(2024, 1, 31)) != source
    assert source_of(facts_of(BOOK)).last_day == date(2024, 12, 31)
    assert source.has_rows("sales_lines")
    assert source.has_rows("sales_lines", "cost")
    assert not source.has_rows("sales_lines", "region")
    assert not source.has_rows("cases")
    assert {source.schema(one.name).name for one in FACT_TABLES} == {
        one.name for one in FACT_TABLES
    }


def test_attainment_over_another_source_is_in_one_currency() -> None:
    """Targets of a small book beside sales kept elsewhere; dollars are not set beside euros."""
    target = Target(
        id=TargetId("t"),
        figure="revenue",
        starts_on=date(2024, 1, 1),
        ends_on=date(2024, 12, 31),
        amount=Money.of(170, "USD"),
    )
    plans = Facts.of(SalesBook(targets=[target]), currency="USD")
    assert attainment(plans)[0].value is None
    (found,) = attainment(plans, over=facts_of(BOOK, currency="USD"))
    assert str(found.value) == "0.5"
    with pytest.raises(CurrencyMismatch):
        attainment(plans, over=facts_of(BOOK, currency="JPY"))
