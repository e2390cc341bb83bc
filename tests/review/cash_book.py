"""
A book of the whole way from lead to payment, small enough to work out by hand.

Two leads came up in January 2024, one became a customer. The opportunity went through two stages
and was won; an order of 100 USD was shipped late, invoiced and paid in euros at 1.10 and 1.20.
Ann has a target of 200 USD for the quarter, of which she reached 100.
"""

from datetime import date
from decimal import Decimal

from salescore.book import SalesBook
from salescore.entities import (
    Customer,
    CustomerId,
    Delivery,
    DeliveryId,
    ExchangeRate,
    ExchangeRateId,
    Invoice,
    InvoiceId,
    Lead,
    LeadId,
    Opportunity,
    OpportunityId,
    Order,
    OrderId,
    OrderLine,
    OrderLineId,
    Payment,
    PaymentId,
    SalesRep,
    SalesRepId,
    StageKind,
    StageVisit,
    StageVisitId,
    Target,
    TargetId,
)
from salescore.values import Money

ANN, ACME = SalesRepId("ann"), CustomerId("acme")
DEAL, ORDER = OpportunityId("deal"), OrderId("order")


def _rate(month: int, rate: str) -> ExchangeRate:
    return ExchangeRate(
        id=ExchangeRateId(f"r{month}"),
        base="EUR",
        quote="USD",
        rate=Decimal(rate),
        valid_from=date(2024, month, 1),
    )


def _visit(number: int, stage: str, entered: date, left: date | None) -> StageVisit:
    return StageVisit(
        id=StageVisitId(f"v{number}"),
        stage=stage,
        kind=StageKind.WON if stage == "Won" else StageKind.OPEN,
        entered_on=entered,
        left_on=left,
        opportunity_id=DEAL,
    )


BOOK = SalesBook(
    sales_reps=[SalesRep(id=ANN, name="Ann")],
    customers=[Customer(id=ACME, name="Acme", rep_id=ANN)],
    leads=[
        Lead(
            id=LeadId("l1"),
            name="Acme",
            created_on=date(2024, 1, 2),
            converted_on=date(2024, 1, 9),
            customer_id=ACME,
        ),
        Lead(id=LeadId("l2"), name="Bolt", created_on=date(2024, 1, 3)),
    ],
    opportunities=[
        Opportunity(
            id=DEAL,
            stage="Won",
            kind=StageKind.WON,
            customer_id=ACME,
            rep_id=ANN,
            amount=Money.of(100, "USD"),
            created_on=date(2024, 1, 9),
            closed_on=date(2024, 2, 1),
        )
    ],
    stage_visits=[
        _visit(1, "Talks", date(2024, 1, 9), date(2024, 2, 1)),
        _visit(2, "Won", date(2024, 2, 1), None),
    ],
    orders=[
        Order(
            id=ORDER,
            ordered_on=date(2024, 2, 1),
            customer_id=ACME,
            required_on=date(2024, 2, 10),
        )
    ],
    order_lines=[
        OrderLine(
            id=OrderLineId("line"),
            order_id=ORDER,
            quantity=Decimal(10),
            net_amount=Money.of(100, "USD"),
        )
    ],
    deliveries=[Delivery(id=DeliveryId("d"), order_id=ORDER, shipped_on=date(2024, 2, 11))],
    invoices=[
        Invoice(
            id=InvoiceId("i"),
            issued_on=date(2024, 2, 11),
            amount=Money.of(110, "USD"),
            customer_id=ACME,
            order_id=ORDER,
        )
    ],
    payments=[
        Payment(
            id=PaymentId(f"p{month}"),
            received_on=date(2024, month, 15),
            amount=Money.of(10 * month, "EUR"),
            customer_id=ACME,
        )
        for month in (2, 3)
    ],
    targets=[
        Target(
            id=TargetId("t"),
            name="Ann, first quarter",
            figure="revenue",
            starts_on=date(2024, 1, 1),
            ends_on=date(2024, 3, 31),
            amount=Money.of(200, "USD"),
            rep_id=ANN,
        )
    ],
    exchange_rates=[_rate(2, "1.10"), _rate(3, "1.20")],
)
