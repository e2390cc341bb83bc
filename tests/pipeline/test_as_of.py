"""What was recorded later changes no figure of an earlier day, reopenings and pushes included."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import attrs
import pytest
from tests.pipeline.passing import FUNNEL, Sale, book_of, on, sale

from salescore.book import Facts, SalesBook
from salescore.entities import Event, Opportunity, StageKind
from salescore.metrics import figure
from salescore.pipeline import (
    close_date_event,
    compare_reps,
    funnel_chain,
    losses,
    passages,
    slippage,
    snapshot_ratio,
    stage_times,
    stale_opportunities,
    velocity,
    weighted_pipeline,
    win_curves,
)

DAY = 50
ASKED: Sequence[Callable[[Facts], Any]] = (
    lambda facts: figure("win_rate", facts),
    lambda facts: figure("open_opportunities", facts),
    lambda facts: figure("stage_win_rate", facts),
    lambda facts: win_curves(facts).total.table,
    lambda facts: passages(FUNNEL, facts),
    lambda facts: stage_times(facts, funnel=FUNNEL),
    lambda facts: funnel_chain(facts, funnel=FUNNEL),
    lambda facts: stale_opportunities(facts, fewest_won=1),
    losses,
    slippage,
    compare_reps,
    weighted_pipeline,
    velocity,
    lambda facts: snapshot_ratio(facts, "talk", "offer"),
)


def as_of_day(*sales: Sale) -> Facts:
    """Return the facts of sales as of a day before some of what they tell."""
    return Facts.of(book_of(sales), as_of=on(DAY))


def told_why(one: Sale, place: int, reason: str) -> Sale:
    """Return a sale with the reason why a visit of its ended."""
    visits = list(one.visits)
    visits[place] = attrs.evolve(visits[place], reason=reason)
    return attrs.evolve(one, visits=tuple(visits))


FIRST_END = (("talk", 1), ("offer", 9), ("won", 30))
OTHERS = (sale("b", ("talk", 2), ("lost", 12)), sale("c", ("talk", 5), ("offer", 6)))


@pytest.mark.parametrize(
    "later",
    [
        [("offer", 60)],
        [("offer", 60), ("won", 80)],
        [("offer", 60), ("lost", 80)],
        [("offer", 60), ("hold", 70)],
    ],
)
def test_who_reopens_later_was_won_until_then(later: list[tuple[str, int]]) -> None:
    """Whatever becomes of a reopened sale, it was won on the days before."""
    told = as_of_day(sale("a", *FIRST_END, *later), *OTHERS)
    untold = as_of_day(sale("a", *FIRST_END), *OTHERS)
    for number, ask in enumerate(ASKED):
        assert ask(told) == ask(untold), number
    assert figure("win_rate", told).n == 2


def test_a_loss_that_is_reopened_later_keeps_its_reason() -> None:
    """The visit that a loss ended says why, though the opportunity no longer does."""
    path = (("talk", 1), ("lost", 20))
    told = as_of_day(told_why(sale("a", *path, ("talk", 60)), 0, "price"))
    untold = as_of_day(told_why(sale("a", *path, loss_reason="price"), 0, "price"))
    assert losses(told) == losses(untold)
    assert [(one.stage, one.loss_reason) for one in losses(told).rows] == [("talk", "price")]
    assert losses(as_of_day(sale("a", *path, ("talk", 60)))).rows[0].loss_reason is None


def test_who_was_lost_before_any_other_visit_has_no_reason() -> None:
    """With no visit before the loss nobody said why."""
    told = as_of_day(sale("a", ("lost", 20), ("talk", 60)))
    assert [(one.stage, one.loss_reason) for one in losses(told).rows] == [(None, None)]


def test_a_win_of_unknown_day_was_open_while_visits_say_so() -> None:
    """A sale that nobody dated is at the stage that it left later, without its later reason."""
    path = (("talk", 1), ("offer", 9), ("lost", 60))
    told = as_of_day(sale("a", *path, closed_on=None, loss_reason="price"), *OTHERS)
    untold = as_of_day(sale("a", *path[:2]), *OTHERS)
    for number, ask in enumerate(ASKED):
        assert ask(told) == ask(untold), number
    assert told.known.book.opportunities[0].loss_reason is None


def pushed(*days: int | None, read: bool = True) -> SalesBook:
    """Return an open sale whose expected day of closing moved every 30 days from day 30 on."""
    now = days[-1]
    one = sale("a", ("talk", 1), amount=100, expected_close_on=None if now is None else on(now))
    events: list[Event] = []
    for number, (before, after) in enumerate(pairwise(days), start=1):
        event = close_date_event(
            _due(one.opportunity, before),
            _due(one.opportunity, after),
            at=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=30 * number),
        )
        assert event is not None
        events.append(event if read else attrs.evolve(event, detail="postponed"))
    return book_of([one], events=events[::-1])


def _due(one: Opportunity, day: int | None) -> Opportunity:
    return attrs.evolve(one, expected_close_on=None if day is None else on(day))


@pytest.mark.parametrize(
    ("day", "past_due", "due", "pushes"),
    [(10, 0, 30, None), (40, 0, 45, 1), (50, 1, 45, 1), (70, 0, 90, 2), (95, 1, 90, 2)],
)
def test_a_day_of_closing_is_that_of_before_later_pushes(
    day: int, past_due: int, due: int, pushes: int | None
) -> None:
    """What was overdue on a day stays overdue in a look back, though it was pushed since."""
    facts = Facts.of(pushed(30, 45, 90), as_of=on(day))
    assert facts.table("opportunities").row(0)["expected_close_on"] == on(due)
    found = slippage(facts).total
    assert (found.past_due, found.pushes) == (past_due, pushes)


def test_a_day_of_closing_that_nobody_can_read_is_unknown() -> None:
    """Before a change that cannot be read, or from no day at all, there is none."""
    for book in (pushed(30, 45, read=False), pushed(None, 45)):
        facts = Facts.of(book, as_of=on(10))
        assert facts.table("opportunities").row(0)["expected_close_on"] is None
        assert facts.table("opportunities").row(0)["kind"] == StageKind.OPEN.value
