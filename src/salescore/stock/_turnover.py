"""How fast stock turns over, and how long it lasts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import cast

import attrs

from salescore.book import Facts
from salescore.errors import InvalidValue
from salescore.metrics import Exclusion
from salescore.plain import as_tuple
from salescore.render import Language, number, text_table
from salescore.stock._amounts import as_fraction, from_zero, shown
from salescore.stock._ledger import exclusions, read_stock
from salescore.stock._receipts import Receipt
from salescore.stock._unit_costs import unit_costs
from salescore.values import Period

_SHOWN = 2
_OF_UNITS = (("Sold", "销售"), ("Mean stock", "平均库存"))
_AT_COST = (("Cost of sales", "销售成本"), ("Mean stock at cost", "平均库存成本"))
_HEAD = (
    ("Turns", "周转次数"),
    ("Days in stock", "周转天数"),
    ("On hand", "现有库存"),
    ("Days of cover", "可售天数"),
)


class TurnoverBasis(Enum):
    """
    What turnover divides.

    Attributes:
        UNITS: Units sold by mean units in stock.
        COST: Cost of sales by mean stock at cost.
    """

    UNITS = "units"
    COST = "cost"


@attrs.frozen(kw_only=True)
class ProductTurnover:
    """
    Turnover of one product over a period.

    Attributes:
        product_id: Product.
        label: What to call it.
        sold: What was sold less what came back, free goods among it: units, or their recorded cost;
            `None` when unknown.
        mean_stock: Mean stock at the end of the known days: units, or at cost; `None` when unknown.
        known_days: Days of the period on which the stock of all its places is known.
        turns: sold ÷ mean_stock; `None` where undefined.
        stock_days: Days that a unit stays: days of the period ÷ turns; `None` where undefined.
        on_hand: Units at the end; `None` where a place was counted only later.
        cover_days: Days that these last at the pace of the period; `None` where nothing was sold.
        reasons: Why something is `None`, or should be looked at.
    """

    product_id: str
    label: str
    sold: Decimal | None
    mean_stock: Decimal | None
    known_days: int
    turns: Decimal | None
    stock_days: Decimal | None
    on_hand: Decimal | None
    cover_days: Decimal | None
    reasons: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class StockTurnover:
    """
    Turnover of all products that have a stock record.

    Attributes:
        rows: The products, in order of their ids.
        turns: All products together, cost by cost, of those with both; `None` for units, which do
            not add up, and where nothing is in stock.
        basis: What was divided.
        during: Period asked for.
        days: Days of it up to the day as of which the facts are seen.
        as_of: Last day whose facts are seen.
        currency: Reporting currency of costs.
        excluded: Rows left out, with reasons.
    """

    rows: tuple[ProductTurnover, ...] = attrs.field(converter=as_tuple)
    turns: Decimal | None
    basis: TurnoverBasis
    during: Period
    days: int
    as_of: date
    currency: str
    excluded: tuple[Exclusion, ...]

    def text(self, language: Language = Language.EN) -> str:
        """
        Return turnover as a table.

        Args:
            language: Language of the words.
        """
        rows = [
            [
                one.label,
                *(
                    number(each, _SHOWN)
                    for each in (
                        *(one.sold, one.mean_stock, one.turns),
                        *(one.stock_days, one.on_hand, one.cover_days),
                    )
                ),
            ]
            for one in self.rows
        ]
        amounts = [language.pick(one) for one in _OF_UNITS]
        if self.basis is TurnoverBasis.COST:
            amounts = [f"{language.pick(one)} ({self.currency})" for one in _AT_COST]
        rest = [language.pick(one) for one in _HEAD]
        return "\n".join(text_table([language.pick(("Product", "产品")), *amounts, *rest], rows))


@attrs.frozen
class _Sale:
    """
    What was sold of a product, less what came back.

    Attributes:
        units: Units.
        cost: Their recorded cost; `None` where some line states none.
    """

    units: Fraction
    cost: Fraction | None


_NO_SALE = _Sale(Fraction(0), Fraction(0))
_NO_COST = "unit cost unknown"
_LACKS = ("product unknown", "sold on an unknown day", "quantity unknown")


def days_of_cover(stock: Decimal, daily_demand: Decimal) -> Decimal | None:
    """
    Return for how many days a stock lasts.

    Args:
        stock: Units; at or below 0 it lasts for none.
        daily_demand: Units per day, from 0 on.

    Returns:
        Days to 28 significant digits; `None` where nothing is demanded.

    Raises:
        InvalidNumber: A number is no finite decimal.
        InvalidValue: The demand lies below 0.

    Examples:
        >>> days_of_cover(Decimal(90), Decimal("1.5"))
        Decimal('60')

    Source:
        Usual definition of the field.
    """
    there, pace = as_fraction("stock", stock), from_zero("daily demand", daily_demand)
    return shown(max(there, Fraction(0)) / pace) if pace else None


def stock_turnover(
    facts: Facts,
    *,
    during: Period,
    as_of: date,
    basis: TurnoverBasis = TurnoverBasis.UNITS,
    receipts: Iterable[Receipt] = (),
    costs: Mapping[str, Decimal] | None = None,
    restocks_returns: bool = True,
) -> StockTurnover:
    """
    Return how often the stock of each product was sold over a period.

    Turnover is units sold ÷ mean units in stock, or cost of sales ÷ mean stock at cost; the basis
    says which.
    The mean is that of what `stock_positions` finds on hand at the end of every day from which on
    all places of a product have been counted; days before are unknown.

    Args:
        facts: The fact tables of a book.
        during: Period; one that is not over counts up to `as_of`.
        as_of: Last day whose facts are seen.
        basis: What is divided.
        receipts: What suppliers delivered; without it a stock that was refilled looks too small.
        costs: Cost per unit by product in the reporting currency; for others those on record hold,
            else the mean recorded cost of what was sold.
        restocks_returns: Whether what customers sent back is sold again.

    Returns:
        One row per product with a stock record.

    Raises:
        InvalidNumber: A stated cost is no finite decimal.
        InvalidValue: `during` is no period or begins after `as_of`, or as of `stock_positions`.

    Source:
        Usual definitions of the field: inventory turnover is cost of goods sold ÷ average
        inventory.
    """
    if not isinstance(cast("object", during), Period):
        raise InvalidValue("during", during, "it must be a Period")
    if type(basis) is not TurnoverBasis:
        raise InvalidValue("basis", basis, "it must be a TurnoverBasis")
    reading = read_stock(facts, as_of=as_of, receipts=receipts, restocks_returns=restocks_returns)
    if during.start > as_of:
        raise InvalidValue("during", during.key, f"it begins after {as_of}, as of which is asked")
    last = min(during.last_day, as_of)
    days = (last - during.start).days + 1
    excluded = Counter(reading.excluded)
    sales = _sold(reading.facts, during.start, last, excluded)
    each: dict[str, Fraction] | None = None
    if basis is TurnoverBasis.COST:
        each = unit_costs(reading.facts, as_of, costs)
        excluded["products", "unit cost unknown"] += sum(
            1 for one in reading.ledgers if one not in each
        )
    rows: list[ProductTurnover] = []
    top, below = Fraction(0), Fraction(0)
    for product, ledger in reading.ledgers.items():
        unit_days, known_days = ledger.unit_days(during.start, last)
        mean = unit_days / known_days if known_days else None
        sale = sales.get(product, _NO_SALE)
        amount: Fraction | None = sale.units
        if each is not None:
            amount = sale.cost
            price = each.get(product)
            mean = None if mean is None or price is None else mean * price
            if amount is not None and mean is not None:
                top, below = top + amount, below + mean
        label = reading.facts.label("products", product)
        row = _row(product, label, amount, mean, known_days, days, sale.units, ledger.on_hand(last))
        rows.append(row)
    return StockTurnover(
        rows=rows,
        turns=shown(top / below) if each is not None and below > 0 else None,
        basis=basis,
        during=during,
        days=days,
        as_of=as_of,
        currency=facts.currency,
        excluded=exclusions(+excluded),
    )


def _row(
    product: str,
    label: str,
    sold: Fraction | None,
    mean: Fraction | None,
    known_days: int,
    days: int,
    units: Fraction,
    on_hand: Decimal | None,
) -> ProductTurnover:
    turns: Fraction | None = None
    reasons: list[str] = []
    if sold is None:
        reasons.append("cost of sales unknown, as some lines state none")
    if mean is None:
        reasons.append(
            "not counted everywhere up to the end of the period" if not known_days else _NO_COST
        )
    elif mean <= 0:
        reasons.append("mean stock is not above 0")
    elif sold is not None:
        turns = sold / mean
    if units <= 0:
        reasons.append("nothing was sold, or as much came back")
    if 0 < known_days < days:
        reasons.append(f"stock known for {known_days} of {days} days")
    cover: Fraction | None = None
    if on_hand is not None and units > 0:
        cover = max(Fraction(on_hand), Fraction(0)) * days / units
    return ProductTurnover(
        product_id=product,
        label=label,
        sold=None if sold is None else shown(sold),
        mean_stock=None if mean is None else shown(mean),
        known_days=known_days,
        turns=None if turns is None else shown(turns),
        stock_days=shown(days / turns) if turns is not None and turns > 0 else None,
        on_hand=on_hand,
        cover_days=None if cover is None else shown(cover),
        reasons=tuple(reasons),
    )


def _sold(
    facts: Facts, first: date, last: date, excluded: Counter[tuple[str, str]]
) -> dict[str, _Sale]:
    """Return what was sold less what came back, by product."""
    table = facts.table("sales_lines")
    found: dict[str, _Sale] = {}
    columns = (table.column(name) for name in ("product_id", "sold_on", "quantity", "cost"))
    for row in zip(*columns, strict=True):
        product, on, quantity, cost = row
        if on is not None and not first <= on <= last:
            continue
        lack = next((why for one, why in zip(row, _LACKS, strict=False) if one is None), None)
        if lack is not None:
            excluded["sales_lines", lack] += 1
            continue
        before = found.get(product, _NO_SALE)
        spent = None
        if cost is not None and before.cost is not None:
            spent = before.cost + Fraction(cost)
        found[product] = _Sale(before.units + Fraction(quantity), spent)
    return found
