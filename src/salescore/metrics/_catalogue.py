"""The catalogue: every figure that ships, as data."""

from __future__ import annotations

from decimal import Decimal

from salescore.errors import UnknownName
from salescore.metrics._figures import FRACTION, MONEY, FigureDefinition, Part
from salescore.metrics._measures import Aggregate, Measure
from salescore.rules import F, Term

_BOOK = "Farris, Bendle, Pfeifer and Reibstein, Marketing Metrics, 3rd edition (2015), chapter "
_MARGINS = f"{_BOOK}3, margins and profits"
_BUYERS = f"{_BOOK}5, customer profitability"
_PIPELINE = f"{_BOOK}6, sales force and channel management"
_QUANTILES = "Hyndman and Fan, Sample quantiles in statistical packages (1996), definition 7"


def _lines(
    name: str, aggregate: Aggregate, of: Term | None = None, where: Term | None = None
) -> Measure:
    return Measure(
        name=name, table="order_lines", aggregate=aggregate, of=of, where=where, date="ordered_on"
    )


_REVENUE = _lines("revenue", Aggregate.SUM, F.net_amount)
_REVENUE_WITH_COST = _lines("revenue_with_cost", Aggregate.SUM, F.net_amount, ~F.cost.is_null())
_REVENUE_OF_KNOWN = _lines(
    "revenue_of_known", Aggregate.SUM, F.net_amount, ~F.customer_id.is_null()
)
_GROSS_PROFIT = _lines("gross_profit", Aggregate.SUM, F.net_amount - F.cost)
_EXPENSES = Measure(
    name="selling_expenses",
    table="expenses",
    aggregate=Aggregate.SUM,
    of=F.amount,
    date="spent_on",
)

_QUANTITIES = (
    FigureDefinition(
        name="revenue",
        labels=("Revenue", "销售额"),
        words="Net amount of the order lines, booked on the day of the order.",
        unit=MONEY,
        source=_MARGINS,
        numerator=[Part(_REVENUE)],
    ),
    FigureDefinition(
        name="gross_revenue",
        labels=("Gross revenue", "销售总额"),
        words="Amount of the order lines before discount, where it is recorded.",
        unit=MONEY,
        source=_MARGINS,
        numerator=[Part(_lines("gross_revenue", Aggregate.SUM, F.gross_amount))],
    ),
    FigureDefinition(
        name="volume",
        labels=("Volume", "销售量"),
        words="Units on the order lines.",
        unit="units",
        source=_MARGINS,
        numerator=[Part(_lines("volume", Aggregate.SUM, F.quantity))],
    ),
    FigureDefinition(
        name="gross_profit",
        labels=("Gross profit", "毛利"),
        words="Revenue less cost of the order lines whose cost is known.",
        unit=MONEY,
        source=_MARGINS,
        numerator=[Part(_GROSS_PROFIT)],
    ),
    FigureDefinition(
        name="gross_margin",
        labels=("Gross margin", "毛利率"),
        words="Gross profit as a share of the revenue of the same order lines.",
        unit=FRACTION,
        source=_MARGINS,
        numerator=[Part(_GROSS_PROFIT)],
        denominator=[Part(_REVENUE_WITH_COST)],
    ),
    FigureDefinition(
        name="selling_expenses",
        labels=("Selling expenses", "销售费用"),
        words="Direct selling expenses of the period.",
        unit=MONEY,
        source=_MARGINS,
        numerator=[Part(_EXPENSES)],
    ),
    FigureDefinition(
        name="sales_profit",
        labels=("Sales profit", "销售利润"),
        words="Gross profit less direct selling expenses; a contribution, no accounts' profit.",
        unit=MONEY,
        source=_MARGINS,
        numerator=[Part(_GROSS_PROFIT), Part(_EXPENSES, -1)],
    ),
    FigureDefinition(
        name="sales_margin",
        labels=("Sales margin", "销售利润率"),
        words="Sales profit as a share of the revenue of the order lines whose cost is known.",
        unit=FRACTION,
        source=_MARGINS,
        numerator=[Part(_GROSS_PROFIT), Part(_EXPENSES, -1)],
        denominator=[Part(_REVENUE_WITH_COST)],
    ),
)

_CUSTOMERS = (
    FigureDefinition(
        name="orders",
        labels=("Orders", "订单数"),
        words="Different orders with at least one line.",
        unit="orders",
        source=_BUYERS,
        numerator=[Part(_lines("orders", Aggregate.DISTINCT, F.order_id))],
    ),
    FigureDefinition(
        name="customers",
        labels=("Customers", "客户数"),
        words="Different customers who ordered.",
        unit="customers",
        source=_BUYERS,
        numerator=[Part(_lines("customers", Aggregate.DISTINCT, F.customer_id))],
    ),
    FigureDefinition(
        name="new_customers",
        labels=("New customers", "新客户"),
        words="Customers whose first order ever falls in the period.",
        unit="customers",
        source=_BUYERS,
        numerator=[
            Part(
                Measure(
                    name="new_customers",
                    table="customers",
                    aggregate=Aggregate.COUNT,
                    where=~F.first_ordered_on.is_null(),
                    date="first_ordered_on",
                )
            )
        ],
    ),
    FigureDefinition(
        name="new_customers_acquired",
        labels=("Customers acquired", "新增客户"),
        words="Customers whose record was created in the period, whether they ordered or not.",
        unit="customers",
        source=_BUYERS,
        numerator=[
            Part(
                Measure(
                    name="new_customers_acquired",
                    table="customers",
                    aggregate=Aggregate.COUNT,
                    date="created_on",
                )
            )
        ],
    ),
    FigureDefinition(
        name="average_order_value",
        labels=("Average order value", "笔单价"),
        words="Revenue per order; orders without a price are left out above and below the line.",
        unit="money per order",
        source=_BUYERS,
        numerator=[Part(_REVENUE)],
        denominator=[
            Part(_lines("priced_orders", Aggregate.DISTINCT, F.order_id, ~F.net_amount.is_null()))
        ],
    ),
    FigureDefinition(
        name="revenue_per_customer",
        labels=("Revenue per customer", "客单价"),
        words="Revenue per customer who ordered, over the order lines whose customer is known.",
        unit="money per customer",
        source=_BUYERS,
        numerator=[Part(_REVENUE_OF_KNOWN)],
        denominator=[
            Part(
                _lines(
                    "priced_customers",
                    Aggregate.DISTINCT,
                    F.customer_id,
                    ~F.net_amount.is_null() & ~F.customer_id.is_null(),
                )
            )
        ],
    ),
)


def _closed(
    name: str, aggregate: Aggregate, kinds: tuple[str, ...], of: Term | None = None
) -> Measure:
    return Measure(
        name=name,
        table="opportunities",
        aggregate=aggregate,
        of=of,
        where=F.kind.is_in(kinds),
        date="closed_on",
    )


def _open(name: str, aggregate: Aggregate, of: Term | None = None) -> Measure:
    return Measure(
        name=name, table="opportunities", aggregate=aggregate, of=of, where=F.kind == "open"
    )


_WON = _closed("won", Aggregate.COUNT, ("won",))
_WON_AMOUNT = _closed("won_amount", Aggregate.SUM, ("won",), F.amount)
_WON_PRICED = _closed("won_priced", Aggregate.COUNT, ("won",), F.amount)

_FUNNEL = (
    FigureDefinition(
        name="won_amount",
        labels=("Won amount", "赢单金额"),
        words="Amount of the opportunities won in the period.",
        unit=MONEY,
        source=_PIPELINE,
        numerator=[Part(_WON_AMOUNT)],
    ),
    FigureDefinition(
        name="won_opportunities",
        labels=("Won", "赢单数"),
        words="Opportunities won in the period.",
        unit="opportunities",
        source=_PIPELINE,
        numerator=[Part(_WON)],
    ),
    FigureDefinition(
        name="lost_opportunities",
        labels=("Lost", "输单数"),
        words="Opportunities lost in the period.",
        unit="opportunities",
        source=_PIPELINE,
        numerator=[Part(_closed("lost", Aggregate.COUNT, ("lost",)))],
    ),
    FigureDefinition(
        name="average_won_amount",
        labels=("Average won amount", "平均赢单金额"),
        words="Won amount per won opportunity whose amount is known.",
        unit="money per opportunity",
        source=_PIPELINE,
        numerator=[Part(_WON_AMOUNT)],
        denominator=[Part(_WON_PRICED)],
    ),
    FigureDefinition(
        name="median_won_amount",
        labels=("Median won amount", "赢单金额中位数"),
        words="Amount that half of the won opportunities stay below.",
        unit=MONEY,
        source=_QUANTILES,
        numerator=[Part(_closed("won_amounts", Aggregate.VALUES, ("won",), F.amount))],
        quantile=Decimal("0.5"),
    ),
    FigureDefinition(
        name="win_rate",
        labels=("Win rate", "赢单率"),
        words="Share of won among won and lost opportunities closed in the period.",
        unit=FRACTION,
        source=_PIPELINE,
        numerator=[Part(_WON)],
        denominator=[Part(_closed("won_or_lost", Aggregate.COUNT, ("won", "lost")))],
    ),
    FigureDefinition(
        name="win_rate_broad",
        labels=("Win rate, broad", "赢单率（含无决定）"),
        words="Share of won among all opportunities closed in the period, without a decision too.",
        unit=FRACTION,
        source=_PIPELINE,
        numerator=[Part(_WON)],
        denominator=[Part(_closed("closed", Aggregate.COUNT, ("won", "lost", "void")))],
    ),
    FigureDefinition(
        name="win_rate_by_value",
        labels=("Win rate by value", "赢单率（按金额）"),
        words="Won amount as a share of the won and lost amount closed in the period.",
        unit=FRACTION,
        source=_PIPELINE,
        numerator=[Part(_WON_AMOUNT)],
        denominator=[Part(_closed("closed_amount", Aggregate.SUM, ("won", "lost"), F.amount))],
    ),
    FigureDefinition(
        name="open_opportunities",
        labels=("Open opportunities", "进行中商机"),
        words="Opportunities open at the moment of the review.",
        unit="opportunities",
        source=_PIPELINE,
        numerator=[Part(_open("open", Aggregate.COUNT))],
    ),
    FigureDefinition(
        name="open_pipeline",
        labels=("Open pipeline", "销售管道"),
        words="Amount of the opportunities open at the moment of the review.",
        unit=MONEY,
        source=_PIPELINE,
        numerator=[Part(_open("open_amount", Aggregate.SUM, F.amount))],
    ),
    FigureDefinition(
        name="weighted_pipeline",
        labels=("Weighted pipeline", "加权管道"),
        words="Sum of amount times probability over the open opportunities that state both.",
        unit=MONEY,
        source=_PIPELINE,
        numerator=[Part(_open("weighted", Aggregate.SUM, F.amount * F.probability))],
    ),
    FigureDefinition(
        name="opportunities",
        labels=("Opportunities", "商机数"),
        words="All opportunities known at the moment of the review, whatever their state.",
        unit="opportunities",
        source=_PIPELINE,
        numerator=[
            Part(Measure(name="opportunities", table="opportunities", aggregate=Aggregate.COUNT))
        ],
    ),
    FigureDefinition(
        name="activities",
        labels=("Activities", "跟进次数"),
        words="Contacts that happened in the period.",
        unit="activities",
        source=_PIPELINE,
        numerator=[
            Part(
                Measure(
                    name="activities",
                    table="activities",
                    aggregate=Aggregate.COUNT,
                    date="happened_on",
                )
            )
        ],
    ),
)


def _cycle(prefix: str, column: str, since: tuple[str, str]) -> tuple[FigureDefinition, ...]:
    """Return mean, median and 90th percentile of one kind of sales cycle."""
    days = _closed(f"{prefix}_days", Aggregate.SUM, ("won",), F[column])
    known = _closed(f"{prefix}_known", Aggregate.COUNT, ("won",), F[column])
    values = _closed(f"{prefix}_values", Aggregate.VALUES, ("won",), F[column])
    mean = FigureDefinition(
        name=f"{prefix}_mean",
        labels=(f"Sales cycle{since[0]}, mean", f"销售周期{since[1]}（平均）"),
        words=f"Mean days{since[0] or ' from first contact'} to close of the opportunities won.",
        unit="days",
        source=_PIPELINE,
        numerator=[Part(days)],
        denominator=[Part(known)],
    )
    return mean, *(
        FigureDefinition(
            name=f"{prefix}_{suffix}",
            labels=(f"Sales cycle{since[0]}, {en}", f"销售周期{since[1]}（{zh}）"),
            words=f"Days{since[0] or ' from first contact'} to close that {p} of the opportunities "
            "won in the period stay within.",
            unit="days",
            source=_QUANTILES,
            numerator=[Part(values)],
            quantile=Decimal(p),
        )
        for suffix, en, zh, p in (
            ("median", "median", "中位数", "0.5"),
            ("p90", "90th percentile", "90 分位", "0.9"),
        )
    )


CATALOGUE: tuple[FigureDefinition, ...] = (
    *_QUANTITIES,
    *_CUSTOMERS,
    *_FUNNEL,
    *_cycle("sales_cycle", "cycle_days", ("", "")),
    *_cycle(
        "sales_cycle_from_creation", "cycle_days_from_creation", (" from creation", "（自创建）")
    ),
)
"""All figures that ship."""

_BY_NAME = {definition.name: definition for definition in CATALOGUE}


def find_figure(name: str | FigureDefinition) -> FigureDefinition:
    """
    Return the definition of a figure; a definition is its own.

    Raises:
        UnknownName: The catalogue has no such figure.
    """
    if isinstance(name, FigureDefinition):
        return name
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownName("figure", name, tuple(_BY_NAME)) from None
