"""Slippage: pushes of the close date, and what is past its day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import attrs
import pytest
from tests.pipeline.passing import Sale, book_of, on, rep, sale

from salescore.book import Facts, SalesBook
from salescore.entities import Event
from salescore.errors import InvalidValue, UnknownName
from salescore.metrics import Exclusion
from salescore.pipeline import close_date_event, slippage
from salescore.values import Calendar

D = Decimal


def moves(one: Sale, *days: int) -> list[Event]:
    """Return the events of an opportunity whose expected day moved from day to day."""
    versions = [attrs.evolve(one.opportunity, expected_close_on=on(number)) for number in days]
    start = datetime(2024, 1, 2, tzinfo=UTC)
    found = (
        close_date_event(*pair, at=start + timedelta(hours=hour))
        for hour, pair in enumerate(pairwise(versions))
    )
    return [event for event in found if event is not None]


ANN = sale("a", ("talk", 0), rep="ann", expected_close_on=on(40), amount=100)
ANN_2 = sale("b", ("offer", 0), rep="ann", expected_close_on=on(20), amount=70)
BOB = sale("c", ("talk", 0), rep="bob", expected_close_on=on(30))
HELD = sale("d", ("talk", 0), ("hold", 1), expected_close_on=on(5))
DONE = sale("e", ("talk", 0), ("won", 9), expected_close_on=on(5), rep="bob")
EVENTS = [*moves(ANN, 10, 20, 15, 40), *moves(BOB, 30, 25, 30), *moves(DONE, 3, 5)]
SALES = [ANN, ANN_2, BOB, HELD, DONE]


def facts(events: list[Event] = EVENTS, as_of: int | None = 30) -> Facts:
    """Return the facts of the five sales."""
    book = book_of(SALES, events=events, sales_reps=[rep("ann"), rep("bob")])
    return Facts.of(book, as_of=None if as_of is None else on(as_of))


def test_pushes_of_what_is_open() -> None:
    """Three pushes of 40 days in two of four open opportunities; moving in is none."""
    found = slippage(facts())
    total = found.total
    assert (total.pushes, total.pushed_days, total.pushed) == (3, D(40), 2)
    assert (total.pushed_share.value, total.pushed_share.n) == (D("0.5"), 4)
    assert total.pushed_share.interval is not None
    assert (total.mean_pushes, total.mean_push_days) == (
        D("0.75"),
        D("13.33333333333333333333333333"),
    )
    assert (found.slices, found.by, found.currency, found.as_of) == ((), (), "USD", on(30))


def test_past_due_is_flagged_and_today_is_not_past() -> None:
    """Of days 20, 5, 30 and 40 two lie before day 30; the amount of one of them is unknown."""
    total = slippage(facts()).total
    assert (total.past_due, total.past_due_amount, total.past_due_unpriced) == (2, D(70), 1)
    early = slippage(facts(), as_of=on(5)).total
    assert (early.past_due, early.past_due_amount) == (0, None)


def test_by_rep_and_stage() -> None:
    """Each slice has its own pushes; they add up to the total, nobody's come last."""
    found = slippage(facts(), by=("rep", "stage"))
    told = {one.keys: (one.pushes, one.pushed_days, one.past_due) for one in found.slices}
    assert told == {
        ("ann", "offer"): (0, D(0), 1),
        ("ann", "talk"): (2, D(35), 0),
        ("bob", "talk"): (1, D(5), 0),
        (None, "hold"): (0, D(0), 1),
    }
    assert [one.keys for one in found.slices][-1] == (None, "hold")
    assert found.slices[0].labels == ("Ann", "offer")
    assert found.slices[0].mean_push_days is None
    assert sum(one.pushes or 0 for one in found.slices) == found.total.pushes


def test_closed_ones_by_the_day_they_closed() -> None:
    """What was won in January was pushed once by two days; past its day is not asked of it."""
    found = slippage(facts(), during=Calendar().parse("2024-01"))
    assert (found.total.pushes, found.total.pushed_days, found.total.pushed_share.n) == (1, D(2), 1)
    assert found.total.past_due is None
    none = slippage(facts(), during=Calendar().parse("2024-02")).total
    assert (none.pushes, none.pushed_share.reason) == (None, "no opportunities")


def test_where_nobody_kept_changes_nothing_is_said() -> None:
    """Without any event the pushes are unknown, not 0; what is past its day is known."""
    total = slippage(facts([])).total
    assert (total.pushes, total.pushed, total.mean_pushes, total.mean_push_days) == (None,) * 4
    assert total.pushed_share.reason == "changes of the close date unknown"
    left = Exclusion("opportunities", "changes of the close date unknown", 4)
    assert total.pushed_share.excluded == (left,)
    assert total.past_due == 2


def test_without_a_day_nothing_is_past() -> None:
    """Where no fact has a day nobody can tell what is past due."""
    found = slippage(Facts.of(SalesBook())).total
    assert (found.past_due, found.past_due_amount, found.pushes) == (None, None, None)


def test_bad_questions_are_refused() -> None:
    """No such dimension, no period, no day."""
    with pytest.raises(UnknownName):
        slippage(facts(), by="planet")
    with pytest.raises(InvalidValue, match="during"):
        slippage(facts(), during=date(2024, 1, 1))  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="must be a day"):
        slippage(facts(), as_of="2024-01-01")  # type: ignore[arg-type]
