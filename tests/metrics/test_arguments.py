"""What figures refuse to take, and what they do with days at the end of time."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from salescore.book import Facts, SalesBook
from salescore.entities import Expense, ExpenseId
from salescore.errors import InvalidValue
from salescore.metrics import abc, compare, figure, figures, rows_behind, slices
from salescore.values import Calendar, Money

BOOK = SalesBook(
    expenses=[
        Expense(id=ExpenseId(str(day)), spent_on=day, amount=Money.of(1, "USD"), category="x")
        for day in (date(2017, 3, 1), date(1, 1, 1), date(9999, 12, 31))
    ]
)


@pytest.mark.parametrize("during", ["2017-Q4", (date(2017, 1, 1), date(2017, 3, 31)), 2017])
def test_during_is_a_period(during: Any) -> None:  # noqa: ANN401 - anything at all
    """A text or a pair of dates is refused with the way to make a period, never taken for empty."""
    facts = Facts.of(BOOK)
    for ask in (
        lambda: figure("selling_expenses", facts, during=during),
        lambda: slices("selling_expenses", facts, by="rep", during=during),
        lambda: rows_behind("selling_expenses", facts, during=during),
        lambda: compare("selling_expenses", facts, during=during),
    ):
        with pytest.raises(InvalidValue, match="Calendar"):
            ask()


def test_one_name_is_as_good_as_a_list_of_one() -> None:
    """`figures` and `compare` take a single name too."""
    facts = Facts.of(BOOK)
    assert figures("selling_expenses", facts) == figures(["selling_expenses"], facts)
    during = Calendar().parse("2017")
    assert compare("selling_expenses", facts, during=during)[0].figure.value == 1


def test_abc_needs_one_dimension() -> None:
    """Items of two dimensions at once would share their keys."""
    found = slices("selling_expenses", Facts.of(BOOK), by=("rep", "month"))
    with pytest.raises(InvalidValue, match="by one dimension"):
        abc(found)


def test_abc_needs_an_additive_figure() -> None:
    """Shares of a margin mean nothing."""
    found = slices("sales_margin", Facts.of(BOOK), by="year")
    with pytest.raises(InvalidValue, match="do not sum"):
        abc(found)


def test_a_day_that_no_period_holds_has_no_key() -> None:
    """The first days of all time belong to no year from April, and still count in the total."""
    facts = Facts.of(BOOK, calendar=Calendar.months(4))
    parts = {one.key: one.value for one in slices("selling_expenses", facts, by="year")}
    assert parts == {"2016": Decimal(1), "9999": Decimal(1), None: Decimal(1)}
    assert figure("selling_expenses", facts).value == Decimal(3)
    (row,) = rows_behind("selling_expenses", facts, where={"year": None})
    assert row.id == "0001-01-01"


def test_the_future_is_unknown() -> None:
    """A period that begins after the last day known has no figures, rather than figures of 0."""
    facts = Facts.of(BOOK, as_of=date(2017, 6, 30))
    found = figure("selling_expenses", facts, during=Calendar().parse("2017-Q3"))
    assert found.value is None
    assert found.reason == "2017-Q3 begins after the last day known (2017-06-30)"


def test_a_moment_is_the_last_day_of_the_period() -> None:
    """Figure, slices and rows of a moment look at the same day, that of the period's end."""
    from salescore.entities import Opportunity, OpportunityId, StageKind  # noqa: PLC0415

    def chance(key: str, opened: date, closed: date | None) -> Opportunity:
        return Opportunity(
            id=OpportunityId(key),
            stage="s",
            kind=StageKind.OPEN if closed is None else StageKind.WON,
            created_on=opened,
            closed_on=closed,
            amount=Money.of(7 if closed else 3, "USD"),
        )

    book = SalesBook(
        opportunities=[
            chance("A", date(2017, 1, 1), date(2018, 1, 15)),
            chance("B", date(2018, 1, 10), None),
        ]
    )
    facts, quarter = Facts.of(book), Calendar().parse("2017-Q4")
    assert figure("open_pipeline", facts, during=quarter).value == 7
    assert compare("open_pipeline", facts, during=quarter)[0].figure.value == 7
    assert [one.id for one in rows_behind("open_pipeline", facts, during=quarter)] == ["A"]
    assert slices("open_pipeline", facts, by="stage", during=quarter)[0].value == 7
    assert figure("open_pipeline", facts).value == 3
