"""
A book small enough to work out its review by hand.

Tea costs 4 and sells at 10, rice costs 5 and sells at 8. Ann sells in the North, Bo in the South.

| day | order | customer | rep | line | quantity | gross | net | cost |
|---|---|---|---|---|---|---|---|---|
| 2023-03-01 | o1 | Acme | Ann | tea | 2 | 20 | 20 | 8 |
| 2024-02-10 | o2 | Acme | Ann | tea | 10 | 100 | 90 | 40 |
| 2024-02-10 | o2 | Acme | Ann | rice | 5 | 40 | 40 | 25 |
| 2024-06-30 | o3 | Bolt | Bo | rice | 10 | 80 | 70 | unknown |

Expenses: 5 in 2023, 30 in 2024. Opportunities: one won in 2023 for 20 after 10 days; in 2024 one
won for 130 after 30 days, one lost for 100, one void for 50; one open for 200 at 0.25.
"""

from datetime import date
from decimal import Decimal

from salescore.book import SalesBook
from salescore.entities import (
    Customer,
    CustomerId,
    Expense,
    ExpenseId,
    Opportunity,
    OpportunityId,
    Order,
    OrderId,
    OrderLine,
    OrderLineId,
    Product,
    ProductId,
    SalesRep,
    SalesRepId,
    StageKind,
    Team,
    TeamId,
)
from salescore.values import Money

ACME, BOLT = CustomerId("acme"), CustomerId("bolt")
ANN, BO = SalesRepId("ann"), SalesRepId("bo")
TEA, RICE = ProductId("tea"), ProductId("rice")


def usd(amount: int) -> Money:
    """Return dollars."""
    return Money.of(amount, "USD")


def _order(number: int, on: date, customer: CustomerId, rep: SalesRepId) -> Order:
    return Order(id=OrderId(f"o{number}"), ordered_on=on, customer_id=customer, rep_id=rep)


def _line(
    number: int, order: int, product: ProductId, quantity: int, amounts: tuple[int, int, int | None]
) -> OrderLine:
    gross, net, cost = amounts
    return OrderLine(
        id=OrderLineId(f"l{number}"),
        order_id=OrderId(f"o{order}"),
        product_id=product,
        quantity=Decimal(quantity),
        gross_amount=usd(gross),
        net_amount=usd(net),
        cost=None if cost is None else usd(cost),
    )


BOOK = SalesBook(
    teams=[
        Team(id=TeamId("n"), name="North", region="North"),
        Team(id=TeamId("s"), name="South", region="South"),
    ],
    sales_reps=[
        SalesRep(id=ANN, name="Ann", team_id=TeamId("n")),
        SalesRep(id=BO, name="Bo", team_id=TeamId("s")),
    ],
    customers=[
        Customer(id=ACME, name="Acme", segment="large", created_on=date(2023, 1, 1)),
        Customer(id=BOLT, name="Bolt", segment="small", created_on=date(2024, 5, 5)),
    ],
    products=[
        Product(id=TEA, name="Tea", family="Drinks"),
        Product(id=RICE, name="Rice", family="Food"),
    ],
    orders=[
        _order(1, date(2023, 3, 1), ACME, ANN),
        _order(2, date(2024, 2, 10), ACME, ANN),
        _order(3, date(2024, 6, 30), BOLT, BO),
    ],
    order_lines=[
        _line(1, 1, TEA, 2, (20, 20, 8)),
        _line(2, 2, TEA, 10, (100, 90, 40)),
        _line(3, 2, RICE, 5, (40, 40, 25)),
        _line(4, 3, RICE, 10, (80, 70, None)),
    ],
    expenses=[
        Expense(id=ExpenseId("e1"), spent_on=date(2023, 3, 2), amount=usd(5), rep_id=ANN),
        Expense(id=ExpenseId("e2"), spent_on=date(2024, 2, 11), amount=usd(30), rep_id=BO),
    ],
    opportunities=[
        Opportunity(
            id=OpportunityId("p1"),
            customer_id=ACME,
            product_id=TEA,
            rep_id=ANN,
            stage="Won",
            kind=StageKind.WON,
            amount=usd(20),
            first_contact_on=date(2023, 2, 19),
            closed_on=date(2023, 3, 1),
        ),
        Opportunity(
            id=OpportunityId("p2"),
            customer_id=ACME,
            product_id=TEA,
            rep_id=ANN,
            stage="Won",
            kind=StageKind.WON,
            amount=usd(130),
            first_contact_on=date(2024, 1, 11),
            closed_on=date(2024, 2, 10),
        ),
        Opportunity(
            id=OpportunityId("p3"),
            rep_id=BO,
            customer_id=BOLT,
            stage="Lost",
            kind=StageKind.LOST,
            amount=usd(100),
            created_on=date(2024, 1, 1),
            closed_on=date(2024, 3, 1),
            loss_reason="price",
        ),
        Opportunity(
            id=OpportunityId("p4"),
            rep_id=BO,
            customer_id=BOLT,
            stage="Void",
            kind=StageKind.VOID,
            amount=usd(50),
            created_on=date(2024, 1, 1),
            closed_on=date(2024, 4, 1),
        ),
        Opportunity(
            id=OpportunityId("p5"),
            rep_id=BO,
            customer_id=BOLT,
            stage="Talks",
            kind=StageKind.OPEN,
            amount=usd(200),
            probability=Decimal("0.25"),
            created_on=date(2024, 6, 1),
            expected_close_on=date(2024, 6, 15),
        ),
    ],
)
