"""Histories of customers out of the fact tables, by declared reductions."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

from salescore.metrics import (
    IS_PURCHASE,
    Aggregate,
    AnyFacts,
    Exclusion,
    FigureSource,
    Measure,
    Reduced,
    Reduction,
    source_of,
)
from salescore.purchases._history import (
    WEEK,
    PurchaseHistories,
    PurchaseHistory,
    a_day,
    histories_of_days,
    history,
)
from salescore.purchases._numbers import above_zero
from salescore.rules import F, Term

_TABLE = "sales_lines"
_NOBODY = "no customer"
_UNDATED = "no day"


def history_reduction(as_of: date) -> Reduction:
    """
    Return the reduction behind histories without values: one row per customer.

    Args:
        as_of: Last day whose purchases count.

    Returns:
        By customer the first and last day of a purchase, and on how many days there was one.
    """
    return Reduction(
        name="purchase_history",
        table=_TABLE,
        keys=("customer_id",),
        measures=[
            _measure("first_on", Aggregate.MIN, F.sold_on, as_of),
            _measure("last_on", Aggregate.MAX, F.sold_on, as_of),
            _measure("days", Aggregate.DISTINCT, F.sold_on, as_of),
        ],
    )


def purchase_day_reduction(as_of: date) -> Reduction:
    """
    Return the reduction behind histories with values: one row per customer and day of purchase.

    Args:
        as_of: Last day whose purchases count.

    Returns:
        By customer and day how many sales lines were a purchase, and what they brought.
    """
    return Reduction(
        name="purchase_days",
        table=_TABLE,
        keys=("customer_id", "sold_on"),
        measures=[
            _measure("lines", Aggregate.COUNT, None, as_of),
            _measure("value", Aggregate.SUM, F.net_amount, as_of),
        ],
    )


def purchase_histories_of(
    facts: AnyFacts,
    as_of: date,
    *,
    unit_days: Decimal = WEEK,
    with_values: bool = True,
) -> PurchaseHistories:
    """
    Return the histories of all who bought, out of the sales lines of a book or of another source.

    A purchase is a line that was sold, as `rfm_inputs` of `metrics` says: goods that came back and
    credit notes are none and lessen nothing here. What a customer bought on one day is one
    purchase.

    Args:
        facts: The fact tables of a book, or a source such as a dataframe; looked at as of the day.
        as_of: Last day whose purchases count, at which ages end.
        unit_days: Days of the unit in which times are stated, above 0.
        with_values: Whether mean values are wanted; without them the table that is reduced has one
            row per customer instead of one per customer and day.

    Returns:
        One history per customer who bought, by id. Rows without a customer or a day are counted as
        left out; a day with a line of unknown value leaves the customer without a mean value.

    Raises:
        InvalidValue: `as_of` is no day, the unit is not above 0, or the source is none.
    """
    end = a_day("as_of", as_of)
    unit = above_zero("unit_days", unit_days)
    source = source_of(facts).at(end)
    return _with_values(source, end, unit) if with_values else _without(source, end, unit)


def _without(source: FigureSource, end: date, unit: Decimal) -> PurchaseHistories:
    (found,) = source.reduce([history_reduction(end)], None)
    gone = Counter({_UNDATED: found.undated[0]})
    histories: list[PurchaseHistory] = []
    cells = zip(found.keys, *found.values, found.counts[0], strict=True)
    for (key,), first, last, days, n in cells:
        if key is None:
            gone[_NOBODY] += n
        elif n:
            repeats: list[Decimal | None] = [None] * (int(days) - 1)
            histories.append(history(key, (first, last, end), repeats, unit))
    histories.sort(key=lambda one: one.key)
    return PurchaseHistories(
        histories=histories, as_of=end, unit_days=unit, excluded=_exclusions(gone)
    )


def _with_values(source: FigureSource, end: date, unit: Decimal) -> PurchaseHistories:
    (found,) = source.reduce([purchase_day_reduction(end)], None)
    gone = Counter({_UNDATED: found.undated[0]})
    days: defaultdict[str, dict[date, Decimal | None]] = defaultdict(dict)
    for key, day, n, value in _rows(found):
        if key is None:
            gone[_NOBODY] += n
        else:
            days[key][date.fromisoformat(day)] = value
    return histories_of_days(days, end, unit, _exclusions(gone))


def _rows(found: Reduced) -> list[tuple[str | None, str, int, Decimal | None]]:
    """Return customer, day, number of lines, and value where all of it is known."""
    cells = zip(found.keys, found.counts[0], found.values[1], found.missing[1], strict=True)
    return [
        (key, day, n, None if unknown else value)
        for (key, day), n, value, unknown in cells
        if n and day is not None
    ]


def _exclusions(gone: Counter[str]) -> list[Exclusion]:
    return [Exclusion(_TABLE, reason, n) for reason, n in sorted(gone.items()) if n]


def _measure(name: str, aggregate: Aggregate, of: Term | None, as_of: date) -> Measure:
    return Measure(
        name=name,
        table=_TABLE,
        aggregate=aggregate,
        of=of,
        # A row without a day is asked about too, so that it is counted as left out.
        where=(F.sold_on.is_null() | (F.sold_on <= as_of)) & IS_PURCHASE,
        date="sold_on",
    )
