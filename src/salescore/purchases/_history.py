"""What models of purchases ask of each customer: how often, how lately, for how long, how much."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import cast

import attrs

from salescore.errors import InvalidValue
from salescore.metrics import Exclusion
from salescore.plain import as_tuple
from salescore.purchases._numbers import (
    a_text,
    above_zero,
    all_of_kind,
    as_number,
    count,
    from_zero,
    of_kind,
    total_of,
)
from salescore.values import EXACT

WEEK = Decimal(7)
"""Days of the unit of time unless another is asked for: a week."""


@attrs.frozen(kw_only=True)
class PurchaseHistory:
    """
    What models of purchases ask of one customer.

    Attributes:
        key: Id of the customer.
        repeats: Purchases after the first; several on one day are one. Whole, from 0 on.
        recency: Time from the first purchase to the last; 0 where nothing was repeated.
        age: Time from the first purchase to the day of the summary, from the recency on.
        mean_value: Mean value of the repeated purchases, in the reporting currency; `None` where
            nothing was repeated, or the value of one of them is unknown.

    Raises:
        InvalidValue: A figure lies below 0, the recency lies beyond the age, repeated purchases
            have no recency or a recency no repeated purchase, or a value stands without one.

    Examples:
        >>> one = PurchaseHistory(
        ...     key="0001", repeats=2, recency=Decimal("30.43"), age=Decimal("38.86")
        ... )
        >>> one.silence
        Decimal('8.43')
    """

    key: str
    repeats: int
    recency: Decimal
    age: Decimal
    mean_value: Decimal | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what cannot have happened."""
        of = f" of {a_text('key of a customer', self.key)}"
        repeats = count("repeats" + of, self.repeats)
        recency = from_zero("recency" + of, self.recency)
        age = from_zero("age" + of, self.age)
        if recency > age:
            fault = f"the last purchase lies within the age of {age}"
            raise InvalidValue("recency" + of, recency, fault)
        if bool(repeats) != bool(recency):
            fault = f"it is 0 with no repeated purchase, above 0 with some; there are {repeats}"
            raise InvalidValue("recency" + of, recency, fault)
        value = self.mean_value
        if value is None:
            return
        if not repeats:
            fault = "without a repeated purchase it is None"
            raise InvalidValue("mean value" + of, value, fault)
        if not isinstance(cast("object", value), Decimal) or not value.is_finite():
            raise InvalidValue("mean value" + of, value, "it must be a finite Decimal, or None")

    @property
    def silence(self) -> Decimal:
        """Time since the last purchase."""
        return EXACT.subtract(self.age, self.recency)


@attrs.frozen(kw_only=True)
class PurchaseHistories:
    """
    The histories of customers who bought, as of a day.

    Attributes:
        histories: One per customer, by id.
        as_of: Last day whose purchases count, at which ages end.
        unit_days: Days of the unit in which times are stated; 7 for weeks.
        excluded: Rows that entered no history, with the reason.

    Raises:
        InvalidValue: One is no history, a customer stands twice, `as_of` is no day, or the unit is
            not above 0.
    """

    histories: tuple[PurchaseHistory, ...] = attrs.field(converter=as_tuple)
    as_of: date
    unit_days: Decimal
    excluded: tuple[Exclusion, ...] = attrs.field(default=(), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        """Refuse customers that count twice."""
        counts = Counter(one.key for one in checked_histories(self.histories))
        twice = next((key for key, n in counts.items() if n > 1), None)
        if twice is not None:
            raise InvalidValue("history", twice, "each customer stands once, with all that is seen")
        a_day("as_of", self.as_of)
        above_zero("unit_days", self.unit_days)

    def __iter__(self) -> Iterator[PurchaseHistory]:
        return iter(self.histories)

    def __len__(self) -> int:
        return len(self.histories)


@attrs.frozen
class Purchase:
    """
    A purchase, or a part of one.

    Attributes:
        key: Id of the customer.
        day: Day of the purchase.
        value: What it brought, in the reporting currency; `None` where unknown.
    """

    key: str
    day: date
    value: Decimal | None = None


def checked_histories(histories: object) -> list[PurchaseHistory]:
    """Return histories as a list; refuse what is none."""
    advice = "it must be a PurchaseHistory; purchase_histories makes them of purchases"
    return all_of_kind("history", histories, PurchaseHistory, advice)


def purchase_histories(
    purchases: Iterable[Purchase], as_of: date, *, unit_days: Decimal = WEEK
) -> PurchaseHistories:
    """
    Return the histories that single purchases make.

    What one customer bought on one day is one purchase, and its values add up.

    Args:
        purchases: In any order.
        as_of: Last day whose purchases count; later ones are left out and counted.
        unit_days: Days of the unit in which times are stated, above 0.

    Returns:
        One history per customer who bought by that day, by id.

    Raises:
        InvalidValue: One is no purchase, a day is none, a value is no finite decimal, or the unit
            is not above 0.

    Examples:
        >>> bought = [Purchase("ann", date(2026, 1, day), Decimal(5)) for day in (1, 8, 8, 22)]
        >>> found = purchase_histories(bought, date(2026, 1, 29)).histories[0]
        >>> found.repeats, found.recency, found.age, found.mean_value
        (2, Decimal('3'), Decimal('4'), Decimal('7.5'))

    Source:
        The summary of P. S. Fader, B. G. S. Hardie, K. L. Lee, *"Counting Your Customers" the Easy
        Way*, Marketing Science 24 (2005): repeat transactions x, recency t_x, age T.
    """
    days: defaultdict[str, dict[date, Decimal | None]] = defaultdict(dict)
    later = 0
    end = a_day("as_of", as_of)
    advice = 'it must be a Purchase, such as Purchase("ann", date(2026, 1, 8), Decimal(5))'
    for one in all_of_kind("purchase", purchases, Purchase, advice):
        a_text("key of a customer", one.key)
        if a_day(f"day of a purchase of {one.key}", one.day) > end:
            later += 1
            continue
        of_customer = days[one.key]
        before = of_customer.get(one.day, Decimal(0))
        of_customer[one.day] = _sum(one.key, before, one.value)
    gone = [Exclusion("purchases", "after the day of the summary", later)] if later else []
    return histories_of_days(days, end, unit_days, gone)


def histories_of_days(
    days: dict[str, dict[date, Decimal | None]],
    as_of: date,
    unit_days: Decimal,
    excluded: Iterable[Exclusion],
) -> PurchaseHistories:
    """Return the histories of customers by the days of their purchases."""
    unit = above_zero("unit_days", unit_days)
    found: list[PurchaseHistory] = []
    for key in sorted(days):
        bought = days[key]
        first, last = min(bought), max(bought)
        values = [value for day, value in bought.items() if day != first]
        found.append(history(key, (first, last, as_of), values, unit))
    return PurchaseHistories(histories=found, as_of=as_of, unit_days=unit, excluded=excluded)


def history(
    key: str, span: tuple[date, date, date], values: list[Decimal | None], unit: Decimal
) -> PurchaseHistory:
    """Return the history of a customer: first, last and summary day, and what repeats brought."""
    first, last, end = span
    known = [value for value in values if value is not None]
    is_valued = bool(known) and len(known) == len(values)
    return PurchaseHistory(
        key=key,
        repeats=len(values),
        recency=in_units((last - first).days, unit),
        age=in_units((end - first).days, unit),
        mean_value=as_number(float(Fraction(total_of(known)) / len(known))) if is_valued else None,
    )


def in_units(days: int, unit: Decimal) -> Decimal:
    """Return a number of days in units of so many days, to twelve digits."""
    return as_number(days / float(unit))


def _sum(key: str, before: Decimal | None, value: Decimal | None) -> Decimal | None:
    if value is None or before is None:
        return None
    if not isinstance(cast("object", value), Decimal) or not value.is_finite():
        fault = "it must be a finite Decimal, or None where unknown"
        raise InvalidValue(f"value of a purchase of {key}", value, fault)
    return EXACT.add(before, value)


def a_history(value: object) -> PurchaseHistory:
    """Return a history unchanged; refuse what is none."""
    advice = "it must be a PurchaseHistory, of one customer"
    return of_kind("history of a customer", value, PurchaseHistory, advice)


def a_day(thing: str, value: object) -> date:
    """Return a day unchanged; refuse what is none."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise InvalidValue(thing, value, "it must be a day, such as date(2026, 3, 31)")
    return value
