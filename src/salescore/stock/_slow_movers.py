"""Stock that does not sell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs

from salescore.book import Facts
from salescore.errors import InvalidValue
from salescore.metrics import Exclusion
from salescore.plain import as_tuple
from salescore.render import NOTHING, Language, number, percent, text_table
from salescore.stock._amounts import shown
from salescore.stock._ledger import exclusions, read_stock
from salescore.stock._receipts import Receipt
from salescore.stock._unit_costs import unit_costs

_SHOWN = 2
_HEAD = (
    ("Product", "产品"),
    ("On hand", "现有库存"),
    ("Last sold", "最近销售"),
    ("Days", "天数"),
    ("Value", "金额"),
    ("Share of stock value", "占库存金额"),
)


@attrs.frozen(kw_only=True)
class SlowMover:
    """
    A product in stock that was not sold for long.

    Attributes:
        product_id: Product.
        label: What to call it.
        on_hand: Units, above 0.
        last_sold_on: Day of its last sale; `None` when none is known.
        days: Days since then; `None` likewise.
        value: Units at cost, in the reporting currency; `None` when nobody knows the cost.
        share: Of the value of all stock, from 0 to 1; `None` likewise, and where that value is 0.
    """

    product_id: str
    label: str
    on_hand: Decimal
    last_sold_on: date | None
    days: int | None
    value: Decimal | None
    share: Decimal | None


@attrs.frozen(kw_only=True)
class SlowMovers:
    """
    The stock that does not sell.

    Attributes:
        rows: The products, the highest value first, those of unknown value last.
        days: Days without a sale from which on a product is among them.
        value: Their value in the reporting currency, of those whose cost is known; 0 where there
            are none, `None` where there are and nobody knows the cost of any.
        stock_value: Value of all stock, likewise.
        share: value ÷ stock_value, from 0 to 1; `None` where either is, or no stock has a value.
        as_of: Last day whose facts are seen.
        currency: Reporting currency.
        excluded: Rows left out, with reasons.
    """

    rows: tuple[SlowMover, ...] = attrs.field(converter=as_tuple)
    days: int
    value: Decimal | None
    stock_value: Decimal | None
    share: Decimal | None
    as_of: date
    currency: str
    excluded: tuple[Exclusion, ...]

    def text(self, language: Language = Language.EN) -> str:
        """
        Return the products as a table.

        Args:
            language: Language of the words.
        """
        rows = [
            [
                one.label,
                number(one.on_hand, _SHOWN),
                NOTHING if one.last_sold_on is None else one.last_sold_on.isoformat(),
                NOTHING if one.days is None else str(one.days),
                number(one.value, _SHOWN),
                percent(one.share),
            ]
            for one in self.rows
        ]
        total = [language.pick(("Total", "合计")), *[""] * 3, number(self.value, _SHOWN)]
        rows.append([*total, percent(self.share)])
        head = [language.pick(one) for one in _HEAD]
        head[4] = f"{head[4]} ({self.currency})"
        return "\n".join(text_table(head, rows))


def slow_movers(
    facts: Facts,
    *,
    as_of: date,
    days: int,
    receipts: Iterable[Receipt] = (),
    costs: Mapping[str, Decimal] | None = None,
    restocks_returns: bool = True,
) -> SlowMovers:
    """
    Return the products in stock that were not sold for some days, and their share of its value.

    Args:
        facts: The fact tables of a book; what counts as sold is their basis, what came back is no
            sale.
        as_of: Last day whose facts are seen.
        days: Days without a sale, from 1 on: the last sale lies as many days back, or more.
        receipts: What suppliers delivered.
        costs: Cost per unit by product in the reporting currency; for others those on record hold,
            else the mean recorded cost of what was sold.
        restocks_returns: Whether what customers sent back is sold again.

    Returns:
        Products with units on hand; one that was never sold is among them.

    Raises:
        InvalidNumber: A stated cost is no finite decimal.
        InvalidValue: `days` is no whole number from 1 on, or as of `stock_positions`.

    Source:
        Usual definition of the field.
    """
    if type(days) is not int or days < 1:
        raise InvalidValue("days", days, "it must be a whole number from 1 on")
    reading = read_stock(facts, as_of=as_of, receipts=receipts, restocks_returns=restocks_returns)
    seen, excluded = reading.facts, Counter(reading.excluded)
    last, each = _last_sold(seen), unit_costs(seen, as_of, costs)
    values: list[Fraction | None] = []
    found: list[tuple[Fraction | None, SlowMover]] = []
    for product, ledger in reading.ledgers.items():
        on_hand = ledger.on_hand(as_of)
        if on_hand is None or on_hand <= 0:
            continue
        price = each.get(product)
        value = None if price is None else Fraction(on_hand) * price
        if value is None:
            excluded["products", "unit cost unknown"] += 1
        values.append(value)
        sold_on = last.get(product)
        since = None if sold_on is None else (as_of - sold_on).days
        if since is not None and since < days:
            continue
        found.append(
            (
                value,
                SlowMover(
                    product_id=product,
                    label=seen.label("products", product),
                    on_hand=on_hand,
                    last_sold_on=sold_on,
                    days=since,
                    value=None if value is None else shown(value),
                    share=None,
                ),
            )
        )
    found.sort(key=lambda item: (item[0] is None, -(item[0] or 0), item[1].product_id))
    slow, total = _sum([value for value, _ in found]), _sum(values)
    return SlowMovers(
        rows=[
            attrs.evolve(one, share=None if value is None or not total else shown(value / total))
            for value, one in found
        ],
        days=days,
        value=None if slow is None else shown(slow),
        stock_value=None if total is None else shown(total),
        share=shown(slow / total) if slow is not None and total else None,
        as_of=as_of,
        currency=facts.currency,
        excluded=exclusions(excluded),
    )


def _sum(values: Sequence[Fraction | None]) -> Fraction | None:
    """Return the sum of known values; 0 of none at all, `None` where there are only unknown."""
    known = [one for one in values if one is not None]
    return sum(known, Fraction(0)) if known or not values else None


def _last_sold(facts: Facts) -> dict[str, date]:
    """Return the day of the last sale of each product."""
    table = facts.table("sales_lines")
    found: dict[str, date] = {}
    columns = (table.column(name) for name in ("product_id", "sold_on", "quantity"))
    for product, on, quantity in zip(*columns, strict=True):
        is_sale = None not in (product, on, quantity) and quantity > 0
        if is_sale and (product not in found or on > found[product]):
            found[product] = on
    return found
