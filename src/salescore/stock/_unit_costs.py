"""What a unit of each product costs, to value a stock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from salescore.book import Facts
from salescore.entities import ProductCost
from salescore.stock._amounts import check_kind, from_zero
from salescore.values import EXACT, UsedRate

_LONG_AGO = date.min


def unit_costs(
    facts: Facts, as_of: date, stated: Mapping[str, Decimal] | None
) -> dict[str, Fraction]:
    """
    Return what a unit of each product costs in the reporting currency.

    Stated costs hold; else those on record that are valid on the day, the whole cost before its
    components; else the mean recorded cost of what was sold.

    Args:
        facts: The facts as they were known on the day.
        as_of: The day.
        stated: Costs by product; `None` where nobody states any.

    Returns:
        Money per unit, from 0 on; a product that nobody knows the cost of is not in it.

    Raises:
        InvalidNumber: A stated cost is no finite decimal.
        InvalidValue: A stated cost lies below 0, or costs are no mapping.
    """
    check_kind("costs", {} if stated is None else stated, Mapping, "costs by product, or None")
    found = _sold(facts)
    found.update(_recorded(facts, as_of))
    found.update({key: from_zero("unit cost", one) for key, one in (stated or {}).items()})
    return found


def _recorded(facts: Facts, as_of: date) -> dict[str, Fraction]:
    valid: defaultdict[str, dict[str | None, ProductCost]] = defaultdict(dict)
    for one in facts.known.book.product_costs:
        begin = one.valid_from or _LONG_AGO
        if begin > as_of or (one.valid_until is not None and one.valid_until < as_of):
            continue
        other = valid[one.product_id].get(one.component)
        if other is None or (other.valid_from or _LONG_AGO) <= begin:
            valid[one.product_id][one.component] = one
    found: dict[str, Fraction] = {}
    for product, costs in valid.items():
        parts = [costs[None]] if None in costs else list(costs.values())
        priced = [_priced(facts, one, as_of) for one in parts]
        if all(one is not None and one >= 0 for one in priced):
            found[product] = sum((one for one in priced if one is not None), Fraction(0))
    return found


def _priced(facts: Facts, cost: ProductCost, as_of: date) -> Fraction | None:
    used = facts.rates.convert_rate(cost.cost.currency, as_of, None)
    if not isinstance(used, UsedRate):
        return None
    return Fraction(cost.cost.amount) * Fraction(used.rate)


def _sold(facts: Facts) -> dict[str, Fraction]:
    """Return the mean recorded cost of units sold, of lines that state one."""
    table = facts.table("sales_lines")
    units: defaultdict[str, Decimal] = defaultdict(Decimal)
    costs: defaultdict[str, Decimal] = defaultdict(Decimal)
    columns = (table.column(name) for name in ("product_id", "quantity", "cost"))
    for product, quantity, cost in zip(*columns, strict=True):
        if None not in (product, quantity, cost) and quantity > 0 and cost >= 0:
            units[product] = EXACT.add(units[product], quantity)
            costs[product] = EXACT.add(costs[product], cost)
    return {key: Fraction(costs[key]) / Fraction(one) for key, one in units.items()}
