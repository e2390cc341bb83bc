"""The exchange rates that facts were asked for with, and what came of them after a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from salescore.book import Facts, RateChoice
from salescore.errors import SalesCoreError
from salescore.values import EXACT, Rate, RatePolicy, RateTable

RATES = "asked_rates"
"""What stands for a record type where an exchange rate is meant that was asked for."""

Asked = RatePolicy | RateChoice
"""Exchange rates that were asked for, or which of those of the book."""

_Place = tuple[str, str]
_TWO = Decimal(2)


def later_rates(facts: Facts, day: date, until: date | None) -> dict[_Place, date | None]:
    """
    Return the exchange rates that were asked for and begin after a day, with that of each.

    A policy that shows no table of rates stands as one, without a day, where it is another as it
    was on the day. Rates of the book itself are records.

    Args:
        facts: All facts.
        day: Day up to which everything is known.
        until: Last day on which they begin; `None` for all that the facts see.
    """
    asked = facts.asked_rates
    if isinstance(asked, RateChoice):
        return {}
    last = min((one for one in (until, facts.as_of) if one is not None), default=date.max)
    table = _table(asked)
    if table is None:
        is_other = day < last and asked.at(day) != asked.at(last)
        return {(RATES, asked.name): None} if is_other else {}
    return {_place(one): one.valid_from for one in table.rates if day < one.valid_from <= last}


def altered_rates(facts: Facts, day: date, wanted: Collection[_Place], how: str) -> Asked:
    """
    Return the exchange rates to ask for in another future.

    Args:
        facts: All facts.
        day: Last day whose facts are seen.
        wanted: What is another there.
        how: `removed` for rates that were never recorded, `lost` and `won` for rates twice as high;
            otherwise they stay.
    """
    asked: Any = facts.asked_rates
    names = {place for place in wanted if place[0] == RATES}
    if not names or how not in ("removed", "lost", "won"):
        return facts.asked_rates
    table = _table(asked)
    if table is None:
        known: Asked = asked.at(day)
        return known
    rates = [
        _doubled(one) if _place(one) in names else one
        for one in table.rates
        if how != "removed" or _place(one) not in names
    ]
    found: Asked = attrs.evolve(asked, table=RateTable(tuple(rates)))
    return found


def _table(asked: RatePolicy) -> RateTable | None:
    """Return the rates of a policy whose rates can be replaced."""
    kind: Any = type(asked)
    has_table = attrs.has(kind) and "table" in attrs.fields_dict(kind)
    table = getattr(asked, "table", None) if has_table else None
    return table if isinstance(table, RateTable) else None


def _doubled(one: Rate) -> Rate:
    try:
        return attrs.evolve(one, rate=EXACT.multiply(one.rate, _TWO))
    except SalesCoreError:
        return one


def _place(one: Rate) -> _Place:
    return RATES, f"{one.base}/{one.quote} {one.kind.value} {one.valid_from}"
