"""Laws of figures that hold for every book."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.small_books import RATES, book_of, crowded_books, facts_of, sale

from salescore.book import Facts, SalesBook
from salescore.metrics import (
    CATALOGUE,
    Figure,
    FigureDefinition,
    dimensions_of,
    figure,
    figures,
    slices,
    slices_of,
)
from salescore.testing import books
from salescore.values import Calendar, CalendarUnit, Money, Period, exact_sum

PERIOD = Period.custom(date(2023, 9, 1), date(2024, 6, 30))
ADDITIVE = [one for one in CATALOGUE if one.is_additive]
FLOWS = [one for one in ADDITIVE if not one.is_stock]


def total_of(found: Iterable[Figure]) -> Decimal:
    """Return the sum of what is defined."""
    return exact_sum(one.value for one in found if one.value is not None)


def adds_up(whole: Figure, parts: list[Figure]) -> bool:
    """Return whether parts sum to the whole; an undefined whole has no part with an amount."""
    if whole.value is None:
        return not any(one.value for one in parts)
    return whole.value == total_of(parts)


@settings(deadline=None, max_examples=100)
@given(crowded_books(), st.sampled_from([None, PERIOD]))
def test_slices_sum_to_the_total(book: SalesBook, during: Period | None) -> None:
    """The slices of an additive figure by any dimension sum exactly to its total."""
    facts = facts_of(book, rates=RATES)
    wholes = figures(ADDITIVE, facts, during=during)
    for dimension in {name for one in ADDITIVE for name in dimensions_of(one)}:
        sliced = [one for one in ADDITIVE if dimension in dimensions_of(one)]
        found = slices_of(sliced, facts, by=dimension, during=during)
        for definition, parts in zip(sliced, found, strict=True):
            whole = wholes[ADDITIVE.index(definition)]
            assert adds_up(whole, [one.figure for one in parts]), definition.name
            assert len({one.keys for one in parts}) == len(parts)


@settings(deadline=None, max_examples=40)
@given(books(faulty=True))
def test_slices_by_two_dimensions_sum_to_the_total(book: SalesBook) -> None:
    """The same holds for two dimensions at once, also over faulty books and long numbers."""
    facts = facts_of(book)
    for definition in FLOWS:
        by = [name for name in ("product", "rep", "month") if name in dimensions_of(definition)]
        parts = slices(definition, facts, by=by[-2:])
        whole = figure(definition, facts)
        assert adds_up(whole, [one.figure for one in parts]), definition.name


@settings(deadline=None, max_examples=60)
@given(crowded_books(), st.sampled_from([Calendar(), Calendar.months(4)]))
def test_months_sum_to_the_year(book: SalesBook, calendar: Calendar) -> None:
    """
    A figure of a year is the sum of the same figure of its months, and of its quarters.

    A figure of several parts is asked of each month anew, and one whose costs are all unknown has
    no profit; then the year cannot be their sum. Its slices by month are, see above.
    """
    facts = facts_of(book, rates=RATES, calendar=calendar)
    year = calendar.parse("2023")
    whole = figures(FLOWS, facts, during=year)
    for unit in (CalendarUnit.MONTH, CalendarUnit.QUARTER):
        parts = [figures(FLOWS, facts, during=one) for one in calendar.periods(year, unit)]
        for number, definition in enumerate(FLOWS):
            found = [part[number] for part in parts]
            if len(definition.numerator) > 1 and None in {one.value for one in found}:
                continue
            assert adds_up(whole[number], found), definition.name


def names_of(book: SalesBook) -> list[str]:
    """Return the names of the record types."""
    return [table.name for table in book.tables]


def in_another_order(book: SalesBook, seed: int) -> SalesBook:
    """Return the book with the records of every type shuffled."""
    shuffled: dict[str, Any] = {}
    for name in names_of(book):
        records = list(book.records(name))
        Random(seed).shuffle(records)  # noqa: S311 - no secret
        shuffled[name] = records
    return SalesBook(**shuffled)


@settings(deadline=None, max_examples=60)
@given(crowded_books(), st.integers(0, 1000))
def test_the_order_of_records_changes_nothing(book: SalesBook, seed: int) -> None:
    """Figures, exclusions and slices are the same whatever the order of the records."""
    one, other = (facts_of(each, rates=RATES) for each in (book, in_another_order(book, seed)))
    assert figures(CATALOGUE, one, during=PERIOD) == figures(CATALOGUE, other, during=PERIOD)
    for definition in CATALOGUE:
        assert slices(definition, one, by="rep") == slices(definition, other, by="rep")


def scaled(book: SalesBook, factor: int) -> SalesBook:
    """Return the book with all money multiplied."""
    scaled_records = {
        name: [
            attrs.evolve(
                record,
                **{
                    field.name: Money(value.amount * factor, value.currency)
                    for field in attrs.fields(type(record))
                    if isinstance(value := getattr(record, field.name), Money)
                },
            )
            for record in book.records(name)
        ]
        for name in names_of(book)
    }
    return SalesBook(**scaled_records)


@settings(deadline=None, max_examples=60)
@given(crowded_books())
def test_money_times_a_hundred(book: SalesBook) -> None:
    """Amounts grow a hundredfold; rates, counts and days stay, and so does what is undefined."""
    small, large = (
        figures(CATALOGUE, facts_of(one, rates=RATES)) for one in (book, scaled(book, 100))
    )
    for definition, one, other in zip(CATALOGUE, small, large, strict=True):
        factor = 100 if definition.unit.startswith("money") else 1
        assert other.exact == (None if one.exact is None else one.exact * factor), one.name
        assert (one.n, one.reason) == (other.n, other.reason)


def later(book: SalesBook, after: date) -> SalesBook:
    """Return the book with copies of its records that were made known after a day."""
    extra: dict[str, Any] = {}
    soon = datetime(after.year, after.month, after.day, tzinfo=UTC) + timedelta(days=1)
    lines = []
    for name in names_of(book):
        records = book.records(name)
        extra[name] = [
            *records,
            *(
                attrs.evolve(record, id=f"new-{record.id}", recorded_at=soon)
                for record in records
                if hasattr(record, "recorded_at")
            ),
        ]
    lines = [
        attrs.evolve(line, id=f"new-{line.id}", order_id=f"new-{line.order_id}")
        for line in book.order_lines
        if line.order_id in book.index("orders")
    ]
    extra["order_lines"] = [*book.order_lines, *lines]
    return SalesBook(**extra)


@settings(deadline=None, max_examples=60)
@given(crowded_books(), st.dates(date(2023, 7, 1), date(2024, 10, 1)))
def test_what_is_recorded_later_changes_nothing(book: SalesBook, as_of: date) -> None:
    """A fact recorded after `as_of` changes no figure and no slice."""
    before, after = (facts_of(one, rates=RATES, as_of=as_of) for one in (book, later(book, as_of)))
    assert figures(CATALOGUE, before) == figures(CATALOGUE, after)
    for by in ("region", "month"):
        sliced = [one for one in CATALOGUE if by in dimensions_of(one)]
        assert slices_of(sliced, before, by=by) == slices_of(sliced, after, by=by)


def without(book: SalesBook, after: date) -> SalesBook:
    """Return the book without the records all of which happened after a day, or names such."""
    kept: dict[str, Any] = {}
    gone: set[str] = set()
    for table in book.tables:
        kept[table.name] = []
        for one in book.records(table.name):
            dates = [getattr(one, field.name) for field in table.happened]
            days = [day for day in dates if day is not None]
            named = {
                getattr(one, field.name)
                for field in table.fields
                if field.refers and (not field.nullable or "recorded_at" not in table)
            }
            created = getattr(one, "created_on", None)
            # A stage entered later is one in which nothing was before.
            tells = table.name == "stage_visits" and one.entered_on > after
            if tells or ((created or min(days)) <= after if days else not named & gone):
                kept[table.name].append(one)
            else:
                gone.add(one.id)
    return SalesBook(**kept)


@settings(deadline=None, max_examples=40)
@given(crowded_books(), st.dates(date(2023, 7, 1), date(2024, 10, 1)))
def test_what_happens_later_changes_nothing(book: SalesBook, as_of: date) -> None:
    """Without a recording time, the business date makes a record known: later ones are unseen."""
    unrecorded = SalesBook(
        **{
            name: [
                attrs.evolve(one, recorded_at=None) if hasattr(one, "recorded_at") else one
                for one in book.records(name)
            ]
            for name in names_of(book)
        }
    )
    cut = without(unrecorded, as_of)
    found = [
        figures(CATALOGUE, facts_of(one, rates=RATES, as_of=as_of)) for one in (unrecorded, cut)
    ]
    assert found[0] == found[1]


@settings(deadline=None, max_examples=60)
@given(crowded_books())
def test_a_figure_alone_equals_the_figure_among_others(book: SalesBook) -> None:
    """Sharing the work between figures changes none of them."""
    facts = facts_of(book, rates=RATES)
    assert figures(CATALOGUE, facts) == tuple(figure(one, facts) for one in CATALOGUE)


def test_distinct_counts_do_not_add_up() -> None:
    """One customer who buys two products is one customer, though one of each product."""
    book = book_of(
        [
            sale(1, "2024-01-01", "1", customer="c", product="tea", order="o"),
            sale(2, "2024-01-01", "1", customer="c", product="rice", order="o"),
        ]
    )
    facts = facts_of(book)
    for name in ("customers", "orders"):
        assert figure(name, facts).value == 1
        assert [one.value for one in slices(name, facts, by="product")] == [1, 1]


@pytest.mark.parametrize("definition", CATALOGUE, ids=lambda one: one.name)
def test_an_empty_book_defines_nothing(definition: FigureDefinition) -> None:
    """Without facts a figure is undefined and says which facts there are none of; it is not 0."""
    found = figure(definition, Facts.of(SalesBook()))
    assert (found.value, found.numerator, found.denominator, found.n) == (None, None, None, 0)
    assert found.exact is None
    assert found.reason is not None
    assert found.reason.endswith("among the facts")
    assert slices(definition, Facts.of(SalesBook()), by="region") == ()
