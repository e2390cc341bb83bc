"""A book holds all facts at one moment, and nothing in it changes."""

from datetime import date
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.book import NO_CURRENCY, SalesBook
from salescore.entities import RECORD_TABLES
from salescore.errors import UnknownName
from salescore.plain import Kind
from salescore.values import Money

if TYPE_CHECKING:
    from tests.book.conftest import Make

NAMES = tuple(table.name for table in RECORD_TABLES)


def test_a_book_has_one_field_per_record_type() -> None:
    """The fields of a book are the record types, in the order of their tables."""
    fields = tuple(attribute.name for attribute in attrs.fields(SalesBook))
    assert fields == (*NAMES, "custom_fields")


def test_an_empty_book_is_a_book() -> None:
    """Nothing is required; a book without facts has no currency and no last day."""
    book = SalesBook()
    assert [book.records(name) for name in NAMES] == [()] * len(NAMES)
    assert (book.currencies, book.currency, book.last_day) == ((), NO_CURRENCY, None)


def test_a_book_takes_any_iterable_and_keeps_tuples(make: "Make") -> None:
    """Lists and generators become tuples; the book is frozen and equal to its copy."""
    book = SalesBook(teams=[make.team()], orders=(make.order() for _ in range(1)))
    assert (book.teams, book.orders) == ((make.team(),), (make.order(),))
    assert book == SalesBook(teams=(make.team(),), orders=(make.order(),))
    with pytest.raises(FrozenInstanceError):
        book.teams = ()  # type: ignore[misc]


def test_records_are_found_by_type_and_id(make: "Make") -> None:
    """An index maps ids to records, and cannot be written to."""
    book = SalesBook(teams=[make.team(), make.team(id="T-2")])
    assert book.index("teams") == {"T-1": make.team(), "T-2": make.team(id="T-2")}
    assert book.index("teams") is book.index("teams")
    with pytest.raises(TypeError):
        book.index("teams")["T-3"] = make.team()  # type: ignore[index]


@pytest.mark.parametrize("ask", ["records", "index"])
def test_a_record_type_that_does_not_exist_is_refused(ask: str) -> None:
    """The closest record type is offered."""
    with pytest.raises(UnknownName, match="did you mean 'orders'"):
        getattr(SalesBook(), ask)("order")


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), max_size=6))
def test_of_two_with_one_id_the_first_wins(pairs: list[tuple[str, int]]) -> None:
    """References mean the first record of an id, however many share it."""
    teams = [record_of(key, str(number)) for key, number in pairs]
    expected: dict[str, Any] = {}
    for team in teams:
        expected.setdefault(team.id, team)
    assert SalesBook(teams=teams).index("teams") == expected


def record_of(key: str, name: str) -> Any:  # noqa: ANN401 - a team
    """Return a team."""
    record: Any = RECORD_TABLES[0].record
    return record(id=key, name=name)


def test_currencies_are_counted_over_all_money(make: "Make") -> None:
    """Every amount counts, the most frequent currency first, ties by code."""
    book = SalesBook(
        products=[make.product(list_price=make.money("1", "JPY"))],
        opportunities=[make.opportunity(amount=make.money("1", "EUR"))],
        order_lines=[
            make.line(net_amount=make.money("1", "CNY"), cost=make.money("1", "CNY")),
            make.line(id="L-2", net_amount=make.money("1", "EUR")),
        ],
        expenses=[make.expense(amount=make.money("1", "CNY"))],
    )
    assert book.currencies == (("CNY", 3), ("EUR", 2), ("JPY", 1))
    assert book.currency == "CNY"
    tie = SalesBook(expenses=[make.expense(), make.expense(amount=make.money("1", "EUR"))])
    assert tie.currency == "EUR"


def test_the_last_day_is_of_what_has_happened(make: "Make") -> None:
    """Any business date counts but the expected one; `recorded_at` does not."""
    book = SalesBook(
        orders=[make.order()],
        opportunities=[
            make.opportunity(created_on=date(2017, 3, 2), expected_close_on=date(2030, 1, 1))
        ],
    )
    assert book.last_day == date(2017, 3, 2)
    later = attrs.evolve(book, expenses=[make.expense(spent_on=date(2017, 4, 1))])
    assert later.last_day == date(2017, 4, 1)


@settings(max_examples=25)
@given(testing.books(faulty=True))
def test_what_a_book_says_of_itself_is_what_its_records_say(book: SalesBook) -> None:
    """Currencies count each amount once, and no day that happened is later than the last."""
    moneys: list[Money] = []
    days: list[date] = []
    for table in RECORD_TABLES:
        for record in book.records(table.name):
            for field in table.fields:
                value = getattr(record, field.name)
                if isinstance(value, Money):
                    moneys.append(value)
                if value is not None and field.kind is Kind.DATE:
                    days += [value] * (field.has_happened and 1900 <= value.year <= 2199)
    assert sum(count for _, count in book.currencies) == len(moneys)
    assert {code for code, _ in book.currencies} == {money.currency for money in moneys}
    assert book.last_day == max(days, default=None)
