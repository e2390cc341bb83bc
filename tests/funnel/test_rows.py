"""Priced rows of opportunities by id, as criteria read them."""

import pytest
from tests.funnel.sale import deal

from salescore.book import Facts, SalesBook
from salescore.errors import UnknownName
from salescore.funnel import opportunity_row, opportunity_rows

FACTS = Facts.of(SalesBook(opportunities=[deal(id="O2", stage="offer"), deal(id="O1")]))


def test_rows_stand_under_the_ids_of_their_opportunities() -> None:
    """Each row is that of the fact table, whatever the order of the book."""
    found = opportunity_rows(FACTS)
    table = FACTS.table("opportunities")
    assert dict(found) == {table.row(n)["id"]: table.row(n) for n in range(len(found))}
    assert {key: row["stage"] for key, row in found.items()} == {"O1": "new", "O2": "offer"}


def test_one_row_is_that_of_its_opportunity() -> None:
    """It is the row that all rows have under the id; an unknown one is said to be so."""
    for key, row in opportunity_rows(FACTS).items():
        assert opportunity_row(FACTS, key) == row
    with pytest.raises(UnknownName, match="O3"):
        opportunity_row(FACTS, "O3")
