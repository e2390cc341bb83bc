"""What is asked of the facts to find stale opportunities, as declared reductions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from salescore.metrics import Aggregate, FigureSource, Measure, Reduction
from salescore.pipeline._visited import CLOSED, HOLD
from salescore.rules import F, Term, days_between

_OPEN = F.kind.is_in(("open", "hold"))
_IN_PLACE = F.kind.is_null() | ~F.kind.is_in(CLOSED)


@attrs.frozen(kw_only=True)
class OpenSale:
    """
    An opportunity that is open or on hold.

    Attributes:
        id: Its id.
        stage: Its stage; `None` where nobody can tell.
        is_on_hold: Whether it is on hold.
        rep_id: Sales rep in charge; `None` when in nobody's hands.
        customer_id: Customer; `None` when unknown.
        began_on: Day it was created, or first contacted; `None` when unknown.
        expected_close_on: Day it should close; `None` when nobody stated one.
        amount: Amount in the reporting currency; `None` when unknown.
    """

    id: str
    stage: str | None
    is_on_hold: bool
    rep_id: str | None
    customer_id: str | None
    began_on: date | None
    expected_close_on: date | None
    amount: Decimal | None


@attrs.frozen
class Stay:
    """
    The running stay of an opportunity in a stage.

    Attributes:
        funnel: Name of the funnel; `None` where the visit names none.
        stage: The stage.
        days: How long it lasts.
    """

    funnel: str | None
    stage: str
    days: int


def stale_reductions(began: str, day: date) -> tuple[Reduction, ...]:
    """
    Return the reductions behind `stale_opportunities`.

    Args:
        began: Column of the day from which on the age counts.
        day: Last day seen.
    """
    return (
        _open_reduction(began),
        _won_ages_reduction(began),
        _won_stays_reduction(),
        _running_reduction(day),
        _activity_reduction(day),
    )


def _open_reduction(began: str) -> Reduction:
    measures = [
        _measure("opportunities", "open", Aggregate.COUNT, None, _OPEN),
        _measure("opportunities", "began_on", Aggregate.MIN, F[began], _OPEN),
        _measure("opportunities", "due_on", Aggregate.MIN, F.expected_close_on, _OPEN),
        _measure("opportunities", "amount", Aggregate.SUM, F.amount, _OPEN),
    ]
    keys = ("id", "stage", "kind", "rep_id", "customer_id")
    return Reduction(name="open", table="opportunities", keys=keys, measures=measures)


def open_sales(source: FigureSource, began: str) -> list[OpenSale]:
    """Return the opportunities that are open or on hold, by id; `began` is when their age began."""
    (found,) = source.reduce([_open_reduction(began)], None)
    sales: list[OpenSale] = []
    cells = zip(found.keys, *found.values, found.counts[-1], strict=True)
    for (key, stage, kind, rep, customer), n, began_on, due_on, amount, priced in cells:
        if n and key is not None:
            sales.append(
                OpenSale(
                    id=key,
                    stage=stage,
                    is_on_hold=kind == HOLD,
                    rep_id=rep,
                    customer_id=customer,
                    began_on=began_on,
                    expected_close_on=due_on,
                    amount=amount if priced else None,
                )
            )
    return sorted(sales, key=lambda one: one.id)


def _won_ages_reduction(began: str) -> Reduction:
    age = days_between(F[began], F.closed_on)
    where = (F.kind == "won") & (age >= 0)
    measure = _measure("opportunities", "ages", Aggregate.VALUES, age, where)
    return Reduction(name="won_ages", table="opportunities", measures=[measure])


def ages_of_won(source: FigureSource, began: str) -> Sequence[Decimal]:
    """Return the days to the end of all that were won, ascending."""
    (found,) = source.reduce([_won_ages_reduction(began)], None)
    values: Sequence[Decimal] = found.values[0][0]
    return values


def _won_stays_reduction() -> Reduction:
    days = days_between(F.since_on, F.until_on)
    where = F.is_won & (days >= 0) & _IN_PLACE
    measure = _measure("stage_visits", "stays", Aggregate.VALUES, days, where)
    return Reduction(
        name="won_stays", table="stage_visits", keys=("funnel", "stage"), measures=[measure]
    )


def stays_of_won(
    source: FigureSource,
) -> Iterator[tuple[tuple[str | None, str], Sequence[Decimal]]]:
    """Yield by funnel and stage the days, ascending, that those that were won stayed there."""
    (found,) = source.reduce([_won_stays_reduction()], None)
    for (funnel, stage), values in zip(found.keys, found.values[0], strict=True):
        if values and stage is not None:
            yield (funnel, stage), values


def _running_reduction(day: date) -> Reduction:
    runs = _IN_PLACE & F.until_on.is_null() & F.next_kind.is_null() & (F.since_on <= day)
    measure = _measure("stage_visits", "since_on", Aggregate.MAX, F.since_on, runs)
    keys = ("opportunity_id", "funnel", "stage")
    return Reduction(name="running", table="stage_visits", keys=keys, measures=[measure])


def running_stays(source: FigureSource, day: date) -> Mapping[str, Sequence[Stay]]:
    """Return by opportunity the stays that last, with their days up to a day."""
    (found,) = source.reduce([_running_reduction(day)], None)
    stays: defaultdict[str, list[Stay]] = defaultdict(list)
    for (key, funnel, stage), since in zip(found.keys, found.values[0], strict=True):
        if since is not None and key is not None and stage is not None:
            stays[key].append(Stay(funnel, stage, (day - since).days))
    return {
        key: sorted(those, key=lambda one: (one.funnel or "", one.stage))
        for key, those in stays.items()
    }


def _activity_reduction(day: date) -> Reduction:
    measure = _measure("activities", "last_on", Aggregate.MAX, F.happened_on, F.happened_on <= day)
    keys = ("opportunity_id",)
    return Reduction(name="last_activity", table="activities", keys=keys, measures=[measure])


def last_activities(source: FigureSource, day: date) -> Mapping[str, date]:
    """Return by opportunity the day of its last activity up to a day."""
    (found,) = source.reduce([_activity_reduction(day)], None)
    return {
        key: last
        for (key,), last in zip(found.keys, found.values[0], strict=True)
        if key is not None and last is not None
    }


def _measure(table: str, name: str, aggregate: Aggregate, of: Term | None, where: Term) -> Measure:
    return Measure(name=name, table=table, aggregate=aggregate, of=of, where=where)
