"""At a prompt a small book shows its records, a large one how many there are."""

from datetime import date
from typing import TYPE_CHECKING

from salescore.book import Facts, SalesBook
from salescore.plain import CustomFields, Kind, custom_field

if TYPE_CHECKING:
    from tests.book.conftest import Make


def test_a_small_book_shows_its_records(make: "Make") -> None:
    """What is empty is left out; registered fields stand where there are some."""
    book = SalesBook(teams=[make.team()])
    assert repr(book) == f"SalesBook(teams={book.teams!r})"
    assert repr(SalesBook()) == "SalesBook()"
    fields = CustomFields.of({"teams": [custom_field("desk", Kind.TEXT, "Desk", "工位")]})
    assert "custom_fields=CustomFields(" in repr(SalesBook(custom_fields=fields))


def test_a_large_book_shows_counts(make: "Make") -> None:
    """So that a notebook is not flooded; facts say how they are seen, too."""
    orders = [make.order(id=f"O-{number}") for number in range(50)]
    book = SalesBook(orders=orders, teams=[make.team()])
    assert repr(book) == "<SalesBook: 1 team, 50 orders>"
    facts = Facts.of(book, currency="USD", as_of=date(2017, 12, 31))
    seen = "in USD, gregorian calendar, booked, as of 2017-12-31"
    assert repr(facts) == f"<Facts {seen}: <SalesBook: 1 team, 50 orders>>"
    assert ", as of" not in repr(Facts.of(book))
