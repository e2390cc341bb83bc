"""Figures of what was sold, to whom, and what it brought."""

from __future__ import annotations

from salescore.metrics._figures import FRACTION, MONEY, FigureDefinition, Part
from salescore.metrics._measures import Aggregate, Measure
from salescore.metrics._sources import BUYERS, MARGINS
from salescore.rules import F, Term


def _sold(
    name: str, aggregate: Aggregate, of: Term | None = None, where: Term | None = None
) -> Measure:
    return Measure(
        name=name, table="sales_lines", aggregate=aggregate, of=of, where=where, date="sold_on"
    )


def _ordered(
    name: str, aggregate: Aggregate, of: Term | None = None, where: Term | None = None
) -> Measure:
    return Measure(
        name=name, table="order_lines", aggregate=aggregate, of=of, where=where, date="ordered_on"
    )


_KNOWN_CUSTOMER = ~F.customer_id.is_null()

_REVENUE = _sold("revenue", Aggregate.SUM, F.net_amount)
_REVENUE_WITH_COST = _sold("revenue_with_cost", Aggregate.SUM, F.net_amount, ~F.cost.is_null())
_REVENUE_OF_KNOWN = _sold("revenue_of_known", Aggregate.SUM, F.net_amount, _KNOWN_CUSTOMER)
_GROSS_PROFIT = _sold("gross_profit", Aggregate.SUM, F.net_amount - F.cost)
_EXPENSES = Measure(
    name="selling_expenses",
    table="expenses",
    aggregate=Aggregate.SUM,
    of=F.amount,
    date="spent_on",
)

QUANTITIES = (
    FigureDefinition(
        name="revenue",
        labels=("Revenue", "销售额"),
        words="Net amount of what was sold: invoiced, or ordered where the book has no invoices, "
        "less returns.",
        unit=MONEY,
        source=MARGINS,
        numerator=[Part(_REVENUE)],
    ),
    FigureDefinition(
        name="gross_revenue",
        labels=("Gross revenue", "销售总额"),
        words="Amount of what was sold before discount, where it is recorded.",
        unit=MONEY,
        source=MARGINS,
        numerator=[Part(_sold("gross_revenue", Aggregate.SUM, F.gross_amount))],
    ),
    FigureDefinition(
        name="volume",
        labels=("Volume", "销售量"),
        words="Base units sold, free goods apart.",
        unit="units",
        source=MARGINS,
        numerator=[
            Part(_sold("volume", Aggregate.SUM, F.quantity, F.is_free.is_null() | ~F.is_free))
        ],
    ),
    FigureDefinition(
        name="free_volume",
        labels=("Free volume", "赠品量"),
        words="Base units given away.",
        unit="units",
        source=MARGINS,
        numerator=[Part(_sold("free_volume", Aggregate.SUM, F.quantity, F.is_free))],
    ),
    FigureDefinition(
        name="gross_profit",
        labels=("Gross profit", "毛利"),
        words="Revenue less cost of the sales lines whose cost is known.",
        unit=MONEY,
        source=MARGINS,
        numerator=[Part(_GROSS_PROFIT)],
    ),
    FigureDefinition(
        name="gross_margin",
        labels=("Gross margin", "毛利率"),
        words="Gross profit as a share of the revenue of the same sales lines.",
        unit=FRACTION,
        source=MARGINS,
        numerator=[Part(_GROSS_PROFIT)],
        denominator=[Part(_REVENUE_WITH_COST)],
    ),
    FigureDefinition(
        name="selling_expenses",
        labels=("Selling expenses", "销售费用"),
        words="Direct selling expenses of the period.",
        unit=MONEY,
        source=MARGINS,
        numerator=[Part(_EXPENSES)],
        is_lower_better=True,
    ),
    FigureDefinition(
        name="sales_profit",
        labels=("Sales profit", "销售利润"),
        words="Gross profit less direct selling expenses; a contribution, no accounts' profit.",
        unit=MONEY,
        source=MARGINS,
        numerator=[Part(_GROSS_PROFIT), Part(_EXPENSES, -1)],
    ),
    FigureDefinition(
        name="sales_margin",
        labels=("Sales margin", "销售利润率"),
        words="Sales profit as a share of the revenue of the sales lines whose cost is known.",
        unit=FRACTION,
        source=MARGINS,
        numerator=[Part(_GROSS_PROFIT), Part(_EXPENSES, -1)],
        denominator=[Part(_REVENUE_WITH_COST)],
    ),
)
"""The five quantities but for collections."""

CUSTOMERS = (
    FigureDefinition(
        name="orders",
        labels=("Orders", "订单数"),
        words="Different orders with at least one line.",
        unit="orders",
        source=BUYERS,
        numerator=[Part(_ordered("orders", Aggregate.DISTINCT, F.order_id))],
    ),
    FigureDefinition(
        name="customers",
        labels=("Customers", "客户数"),
        words="Different customers who bought; who only sent goods back did not.",
        unit="customers",
        source=BUYERS,
        numerator=[
            Part(_sold("customers", Aggregate.DISTINCT, F.customer_id, F.record != "return_lines"))
        ],
    ),
    FigureDefinition(
        name="new_customers",
        labels=("New customers", "新客户"),
        words="Customers whose first order ever falls in the period.",
        unit="customers",
        source=BUYERS,
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
        source=BUYERS,
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
        words="Net amount ordered per order; orders without a price enter neither side.",
        unit="money per order",
        source=BUYERS,
        numerator=[Part(_ordered("ordered_amount", Aggregate.SUM, F.net_amount))],
        denominator=[
            Part(_ordered("priced_orders", Aggregate.DISTINCT, F.order_id, ~F.net_amount.is_null()))
        ],
    ),
    FigureDefinition(
        name="revenue_per_customer",
        labels=("Revenue per customer", "客单价"),
        words="Revenue per customer who bought, over the sales lines whose customer is known; who "
        "only sent goods back did not buy.",
        unit="money per customer",
        source=BUYERS,
        numerator=[Part(_REVENUE_OF_KNOWN)],
        denominator=[
            Part(
                _sold(
                    "priced_customers",
                    Aggregate.DISTINCT,
                    F.customer_id,
                    ~F.net_amount.is_null() & _KNOWN_CUSTOMER & (F.record != "return_lines"),
                )
            )
        ],
    ),
)
"""Orders, customers, and what one of each brings."""
