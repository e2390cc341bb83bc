"""RFM: how lately, how often and for how much each customer bought."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import cast

import attrs

from salescore.book import Facts
from salescore.errors import InvalidValue
from salescore.metrics._measures import Aggregate, Measure, Reduction
from salescore.metrics._needs_facts import check_facts
from salescore.metrics._reduce import reduce_rows
from salescore.metrics._rfm_schemes import (
    Columns,
    QuantileCuts,
    RfmCuts,
    RfmScheme,
    Thresholds,
    cuts_of,
    scores,
)
from salescore.rules import F, Term, coalesce
from salescore.values import Period

_NOTHING = Decimal(0)
_MOST_DIGITS = 100
"""Largest exponent of an amount, up or down; a sum of admissible money stays far below."""


@attrs.frozen
class RfmInput:
    """
    What RFM asks of one customer.

    Attributes:
        key: Id of the customer.
        last_on: Day of the last purchase; `None` for a customer without one.
        orders: Orders; 0 without a purchase, above 0 with one.
        revenue: Net revenue in the reporting currency; `None` when unknown.
        unpriced: Sales lines whose revenue is unknown; they are no part of `revenue`, and with one
            of them money is not scored.
    """

    key: str
    last_on: date | None
    orders: Decimal
    revenue: Decimal | None
    unpriced: int = 0


@attrs.frozen
class RfmScore:
    """
    The scores of one customer; 0 in all three for a customer without a purchase.

    Attributes:
        key: Id of the customer.
        recency_days: Days from the last purchase to the day of the scores; `None` without one.
        orders: Orders.
        revenue: Net revenue in the reporting currency; `None` when unknown, also in part.
        r: Score of recency, from 1; fewer days score higher.
        f: Score of frequency, from 1; more orders score higher.
        m: Score of money, from 1; more revenue scores higher; `None` when revenue is unknown.
    """

    key: str
    recency_days: int | None
    orders: Decimal
    revenue: Decimal | None
    r: int
    f: int
    m: int | None

    @property
    def code(self) -> str:
        """Return the three scores side by side, such as `543`; `?` stands for an unknown one."""
        return f"{self.r}{self.f}{'?' if self.m is None else self.m}"


def rfm(customers: Sequence[RfmInput], as_of: date, scheme: RfmScheme) -> tuple[RfmScore, ...]:
    """
    Return the scores of customers by recency, frequency and money.

    Equal values have equal scores, whatever the order of the customers. A customer without a
    purchase scores 0 and moves nobody else's score: quantiles and ranks are of those who bought.
    Those of money are of whom all revenue is known.

    Args:
        customers: One entry each; `rfm_inputs` makes them out of facts.
        as_of: Day to which days are counted; no purchase lies after it.
        scheme: Fixed thresholds, quantile cuts, or mid-ranks.

    Returns:
        One score per customer, in the order of the customers.

    Raises:
        InvalidValue: `as_of` is no day, a customer stands twice, a purchase lies after `as_of`, or
            what is told of a customer contradicts itself.

    Examples:
        >>> from salescore.metrics import MidRanks
        >>> ann = RfmInput("ann", date(2026, 3, 1), Decimal(4), Decimal(900))
        >>> rfm([ann], date(2026, 3, 31), MidRanks(parts=5))[0].code
        '333'

    Source:
        Usual definition of the field (Hughes, Strategic Database Marketing, 1994); quantile cuts as
        in the R package rfm.
    """
    columns = _columns(customers, as_of)
    recency, frequency, monetary = map(iter, scores(columns, scheme))
    days = iter(columns.days)
    found: list[RfmScore] = []
    for one in customers:
        key, orders, revenue = one.key, one.orders, _money(one)
        if one.last_on is None:
            found.append(RfmScore(key, None, orders, revenue, 0, 0, 0))
            continue
        m = None if revenue is None else next(monetary)
        found.append(RfmScore(key, next(days), orders, revenue, next(recency), next(frequency), m))
    return tuple(found)


def rfm_cuts(
    customers: Sequence[RfmInput], as_of: date, scheme: Thresholds | QuantileCuts
) -> RfmCuts:
    """
    Return the bounds by which `rfm` would score customers, to be shown or to be fixed.

    Args:
        customers: As for `rfm`.
        as_of: As for `rfm`.
        scheme: Fixed thresholds, or quantile cuts; mid-ranks have no bounds.

    Returns:
        Exact bounds, ascending; none where quantiles are asked for and nobody bought.

    Raises:
        InvalidValue: As for `rfm`.
    """
    return cuts_of(_columns(customers, as_of), scheme)


def _columns(customers: Sequence[RfmInput], as_of: date) -> Columns:
    """Return what is scored, of those who bought, after checking what is told of everybody."""
    _check_day("as_of", as_of)
    if len({one.key for one in customers}) < len(customers):
        seen: set[str] = set()
        twice = next(one.key for one in customers if one.key in seen or seen.add(one.key))  # type: ignore[func-returns-value]
        raise InvalidValue("customer", twice, "give each customer once")
    bought = [one for one in customers if _has_bought(one)]
    days = [(as_of - one.last_on).days for one in bought if one.last_on is not None]
    if days and min(days) < 0:
        later = bought[days.index(min(days))]
        fault = f"it lies after {as_of}, as of which scores are asked"
        raise InvalidValue(f"last purchase of {later.key}", str(later.last_on), fault)
    revenue = [money for one in bought if (money := _money(one)) is not None]
    return Columns(days, [one.orders for one in bought], revenue)


def _money(one: RfmInput) -> Decimal | None:
    """Return revenue where all of it is known, as of a part nobody knows how much it leaves out."""
    return None if one.unpriced else one.revenue


def _has_bought(one: RfmInput) -> bool:
    """Return whether a customer bought, once what is told of it is sound."""
    _check_amount(one.key, "orders", one.orders)
    if one.revenue is not None:
        _check_amount(one.key, "revenue", one.revenue)
    if one.last_on is None:
        if one.orders:
            fault = "without a last purchase it must be 0"
            raise InvalidValue(f"orders of {one.key}", str(one.orders), fault)
        return False
    _check_day(f"last purchase of {one.key}", one.last_on)
    if one.orders <= 0:
        fault = "with a last purchase it must be above 0"
        raise InvalidValue(f"orders of {one.key}", str(one.orders), fault)
    return True


def _check_day(thing: str, value: object) -> None:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise InvalidValue(thing, value, "it must be a day, such as date(2026, 3, 31)")


def _check_amount(key: str, name: str, value: object) -> None:
    if (
        type(value) is Decimal
        and value.is_finite()
        and -_MOST_DIGITS < value.adjusted() < _MOST_DIGITS
    ):
        return
    raise InvalidValue(f"{name} of {key}", value, "it must be a finite Decimal of usual size")


def rfm_inputs(facts: Facts, as_of: date, during: Period | None = None) -> tuple[RfmInput, ...]:
    """
    Return what RFM asks of each customer, out of the sales lines.

    A purchase is a line that was sold: goods that came back and lines of a credit note are none,
    but lessen revenue. Lines of one order are one purchase; so are those of an invoice without an
    order. Lines without a customer or a day are nobody's.

    Args:
        facts: The fact tables; they are looked at as of the day.
        as_of: Last day whose sales count.
        during: Window in which a sale counts, such as the last twelve months; `None` takes all.

    Returns:
        Every known customer, then who bought without being listed; with 0 orders and no last
        purchase where the window has none. Revenue is `None` where no line of it has a price.

    Raises:
        InvalidValue: `as_of` is no day, `during` no period, or another source than `Facts`.
    """
    check_facts("rfm_inputs", facts, "rfm_frame of frames scores the sales lines of a dataframe")
    _check_day("as_of", as_of)
    if during is not None and not isinstance(cast("object", during), Period):
        fault = "it must be a Period; Calendar().parse('2017') makes one"
        raise InvalidValue("during", during, fault)
    seen = facts.at(as_of)
    found = dict.fromkeys(seen.table("customers").column("customer_id"), _NO_SALES)
    reduced = reduce_rows(seen, _reduction(as_of), during)
    cells = zip(*reduced.values, reduced.missing[-1], reduced.counts[-1], strict=True)
    for (key,), cell in zip(reduced.keys, cells, strict=True):
        *_, unpriced, priced = cell
        if key is not None and (unpriced or priced):
            found[key] = cell
    return tuple(
        RfmInput(
            key, last_on, orders + loose, None if unpriced and not priced else revenue, unpriced
        )
        for key, (last_on, orders, loose, revenue, unpriced, priced) in found.items()
    )


_NO_SALES = (None, _NOTHING, _NOTHING, _NOTHING, 0, 0)

IS_PURCHASE = (
    (F.record != "return_lines") & (coalesce(F.quantity, 0) >= 0) & (coalesce(F.net_amount, 0) >= 0)
)
"""Which rows of sales lines are a purchase: no goods that came back, no credit note."""


def _reduction(as_of: date) -> Reduction:
    """Return the last day, the orders, the invoices without an order, and revenue by customer."""
    known = F.sold_on <= as_of

    def measure(name: str, aggregate: Aggregate, of: Term, where: Term = known) -> Measure:
        return Measure(
            name=name,
            table="sales_lines",
            aggregate=aggregate,
            of=of,
            where=where,
            date="sold_on",
        )

    return Reduction(
        name="rfm",
        table="sales_lines",
        keys=["customer_id"],
        measures=[
            measure("last_on", Aggregate.MAX, F.sold_on, known & IS_PURCHASE),
            measure("orders", Aggregate.DISTINCT, F.order_id, known & IS_PURCHASE),
            measure(
                "invoices_without_order",
                Aggregate.DISTINCT,
                F.invoice_id,
                known & IS_PURCHASE & F.order_id.is_null(),
            ),
            measure("revenue", Aggregate.SUM, F.net_amount),
        ],
    )
