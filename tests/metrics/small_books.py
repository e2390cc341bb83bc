"""
Small books for the tests of figures: a few records by hand, and crowded ones by chance.

`salescore.testing.books` draws books of every shape, most of them sparse; `crowded_books` makes a
book out of two numbers, so that every figure has rows, unknowns and strangers to deal with.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st

from salescore.book import Facts, SalesBook
from salescore.entities import (
    Activity,
    ActivityId,
    Case,
    CaseId,
    Customer,
    CustomerId,
    Delivery,
    DeliveryId,
    DocumentKind,
    Expense,
    ExpenseId,
    Invoice,
    InvoiceId,
    Lead,
    LeadId,
    LeadKind,
    Opportunity,
    OpportunityId,
    Order,
    OrderId,
    OrderLine,
    OrderLineId,
    Payment,
    PaymentId,
    Product,
    ProductId,
    Return,
    ReturnId,
    ReturnLine,
    ReturnLineId,
    SalesRep,
    SalesRepId,
    StageKind,
    StageVisit,
    StageVisitId,
    Target,
    TargetId,
    TargetLevel,
    Team,
    TeamId,
)
from salescore.values import ConstantRates, Money

RATES = ConstantRates.of("USD", {"EUR": Decimal("1.25")})
"""Euros have a rate; yen have none, so they are counted and not priced."""

_FIRST_DAY = date(2023, 6, 1)
_GROUPS = (None, "West", "East", "华东")


def usd(amount: str | int) -> Money:
    """Return dollars."""
    return Money.of(amount, "USD")


def day(text: str) -> date:
    """Return a date from its ISO form."""
    return date.fromisoformat(text)


def sale(
    number: int,
    on: str,
    net: str | Money,
    *,
    cost: str | None = None,
    customer: str | None = None,
    product: str | None = None,
    order: str | None = None,
    rep: str | None = None,
) -> tuple[Order, OrderLine]:
    """Return an order of one line, or a further line of an order."""
    key = order or f"o{number}"
    return (
        Order(
            id=OrderId(key),
            ordered_on=day(on),
            customer_id=None if customer is None else CustomerId(customer),
            rep_id=None if rep is None else SalesRepId(rep),
        ),
        OrderLine(
            id=OrderLineId(f"l{number}"),
            order_id=OrderId(key),
            product_id=None if product is None else ProductId(product),
            quantity=Decimal(1),
            net_amount=net if isinstance(net, Money) else usd(net),
            cost=None if cost is None else usd(cost),
        ),
    )


def book_of(sales: Iterable[tuple[Order, OrderLine]], **records: Any) -> SalesBook:  # noqa: ANN401
    """Return a book of sales, each order once, and further records."""
    found = list(sales)
    orders = {order.id: order for order, _ in found}
    return SalesBook(
        orders=tuple(orders.values()), order_lines=tuple(line for _, line in found), **records
    )


def opportunity(number: int, kind: str, **fields: Any) -> Opportunity:  # noqa: ANN401
    """Return an opportunity; dates may be given as text, the amount as a number of dollars."""
    values = {
        name: day(value) if name.endswith("_on") and isinstance(value, str) else value
        for name, value in fields.items()
    }
    if isinstance(values.get("amount"), str | int):
        values["amount"] = usd(values["amount"])
    return Opportunity(
        id=OpportunityId(f"p{number}"), stage=f"stage {kind}", kind=StageKind(kind), **values
    )


def facts_of(book: SalesBook, **options: Any) -> Facts:  # noqa: ANN401
    """Return the facts of a book."""
    return Facts.of(book, **options)


def crowded_books(most: int = 14) -> st.SearchStrategy[SalesBook]:
    """Return books with up to `most` records of each kind, unknowns and strangers among them."""
    return st.builds(crowded_book, st.integers(0, 2**32), st.integers(1, most))


def crowded_book(seed: int, most: int) -> SalesBook:
    """Return the book of a number; the same number makes the same book."""
    return _Chance(Random(seed), most).book()  # noqa: S311 - made-up rows, no secret


class _Chance:
    """Draws the records of one book."""

    def __init__(self, chance: Random, most: int) -> None:
        self._chance = chance
        self._most = most

    def _some(self) -> range:
        return range(self._chance.randint(0, self._most))

    def _any(self, *values: Any) -> Any:  # noqa: ANN401
        return self._chance.choice(values)

    def _id(self, kind: str) -> Any:  # noqa: ANN401
        """Return the id of a record, of nobody, or none."""
        return self._any(None, *(f"{kind}{number}" for number in range(4)))

    def _day(self) -> date:
        return _FIRST_DAY + timedelta(days=self._chance.randrange(500))

    def _day_or_none(self) -> date | None:
        return self._any(None, self._day(), self._day())

    def _recorded(self) -> datetime | None:
        one = self._day()
        return self._any(None, None, datetime(one.year, one.month, one.day, 23, tzinfo=UTC))

    def _money(self, *codes: str) -> Money:
        cents = self._chance.randint(-20_000, 100_000)
        code = self._any(*(codes or ("USD", "USD", "EUR", "JPY")))
        return Money(Decimal(cents).scaleb(-2), code)

    def book(self) -> SalesBook:
        """Return the book."""
        lines = [self._line(number) for number in self._some()]
        return SalesBook(
            teams=[
                Team(id=TeamId(f"t{n}"), name=f"Team {n}", region=self._any(*_GROUPS))
                for n in range(2)
            ],
            sales_reps=[
                SalesRep(
                    id=SalesRepId(f"r{n}"),
                    name=f"Rep {n}",
                    team_id=self._any(None, TeamId("t0"), TeamId("t1")),
                    region=self._any(*_GROUPS),
                )
                for n in range(3)
            ],
            customers=[self._customer(n) for n in range(self._chance.randint(0, 3))],
            products=[
                Product(id=ProductId(f"a{n}"), name=f"Product {n}", family=self._any(*_GROUPS))
                for n in range(3)
            ],
            opportunities=[self._opportunity(n) for n in self._some()],
            activities=[
                Activity(
                    id=ActivityId(f"v{n}"),
                    happened_on=self._day(),
                    customer_id=self._id("c"),
                    opportunity_id=self._id("p"),
                    rep_id=self._id("r"),
                    recorded_at=self._recorded(),
                )
                for n in self._some()
            ],
            orders=[self._order(n) for n in range(self._chance.randint(0, 5))],
            order_lines=lines,
            expenses=[
                Expense(
                    id=ExpenseId(f"e{n}"),
                    spent_on=self._day(),
                    amount=self._money(),
                    product_id=self._id("a"),
                    customer_id=self._id("c"),
                    rep_id=self._id("r"),
                    recorded_at=self._recorded(),
                )
                for n in self._some()
            ],
            leads=[self._lead(n) for n in self._some()],
            stage_visits=[self._visit(n) for n in self._some()],
            invoices=[
                Invoice(
                    id=InvoiceId(f"i{n}"),
                    issued_on=self._day(),
                    amount=self._money(),
                    customer_id=self._id("c"),
                    rep_id=self._id("r"),
                    kind=self._any(None, None, *DocumentKind),
                    recorded_at=self._recorded(),
                )
                for n in self._some()
            ],
            payments=[
                Payment(
                    id=PaymentId(f"y{n}"),
                    received_on=self._day(),
                    amount=self._money(),
                    customer_id=self._id("c"),
                    method=self._any(None, "bank"),
                    recorded_at=self._recorded(),
                )
                for n in self._some()
            ],
            deliveries=[
                Delivery(
                    id=DeliveryId(f"d{n}"),
                    order_id=self._id("o"),
                    shipped_on=self._day_or_none(),
                    delivered_on=self._day_or_none(),
                    promised_on=self._day_or_none(),
                )
                for n in self._some()
            ],
            returns=[
                Return(
                    id=ReturnId(f"b{n}"),
                    returned_on=self._day(),
                    order_id=self._id("o"),
                    customer_id=self._id("c"),
                    recorded_at=self._recorded(),
                )
                for n in range(self._chance.randint(0, 2))
            ],
            return_lines=[self._return_line(n) for n in range(self._chance.randint(0, 3))],
            targets=[self._target(n) for n in self._some()],
            cases=[
                Case(
                    id=CaseId(f"w{n}"),
                    opened_on=self._day(),
                    responded_on=self._day_or_none(),
                    rep_id=self._id("r"),
                    recorded_at=self._recorded(),
                )
                for n in self._some()
            ],
        )

    def _lead(self, number: int) -> Lead:
        return Lead(
            id=LeadId(f"h{number}"),
            name=f"Lead {number}",
            kind=self._any(None, None, *LeadKind),
            source=self._any(None, "fair"),
            rep_id=self._id("r"),
            opportunity_id=self._id("p"),
            created_on=self._day_or_none(),
            qualified_on=self._day_or_none(),
            converted_on=self._day_or_none(),
            disqualified_on=self._day_or_none(),
            recorded_at=self._recorded(),
        )

    def _visit(self, number: int) -> StageVisit:
        owner = self._any("p", "h")
        key = self._id(owner)
        return StageVisit(
            id=StageVisitId(f"s{number}"),
            stage=self._any("New", "Talks", "End"),
            kind=self._any(None, StageKind.OPEN, StageKind.OPEN, StageKind.LOST, StageKind.WON),
            opportunity_id=key if owner == "p" else None,
            lead_id=key if owner == "h" else None,
            entered_on=self._day(),
            left_on=self._day_or_none(),
            recorded_at=self._recorded(),
        )

    def _return_line(self, number: int) -> ReturnLine:
        net = self._money()
        return ReturnLine(
            id=ReturnLineId(f"k{number}"),
            return_id=ReturnId(f"b{self._chance.randrange(3)}"),
            quantity=Decimal(self._chance.randint(0, 20)),
            net_amount=net,
            product_id=self._id("a"),
            cost=self._any(None, self._money(net.currency)),
        )

    def _target(self, number: int) -> Target:
        one, other = self._day(), self._day()
        figure = self._any("revenue", "revenue", "volume", "win_rate", "revenu")
        is_money = figure == "revenue"
        return Target(
            id=TargetId(f"g{number}"),
            figure=figure,
            starts_on=min(one, other),
            ends_on=max(one, other),
            amount=self._any(None, self._money(), self._money()) if is_money else None,
            value=None if is_money else self._any(None, Decimal(0), Decimal("0.5"), Decimal(40)),
            level=self._any(None, None, *TargetLevel),
            rep_id=self._id("r"),
            region=self._any(*_GROUPS),
            channel=self._any(None, None, "web"),
            replaces_id=self._any(None, None, None, TargetId(f"g{number + 1}")),
            recorded_at=self._recorded(),
        )

    def _customer(self, number: int) -> Customer:
        return Customer(
            id=CustomerId(f"c{number}"),
            name=f"Customer {number}",
            segment=self._any(*_GROUPS),
            region=self._any(*_GROUPS),
            rep_id=self._id("r"),
            created_on=self._day_or_none(),
            recorded_at=self._recorded(),
        )

    def _order(self, number: int) -> Order:
        return Order(
            id=OrderId(f"o{number}"),
            ordered_on=self._day(),
            customer_id=self._id("c"),
            rep_id=self._id("r"),
            region=self._any(*_GROUPS),
            channel=self._any(None, "web", "shop"),
            kind=self._any(None, None, None, None, *DocumentKind),
            recorded_at=self._recorded(),
        )

    def _line(self, number: int) -> OrderLine:
        net = self._money()
        return OrderLine(
            id=OrderLineId(f"l{number}"),
            order_id=OrderId(f"o{self._chance.randrange(6)}"),
            product_id=self._id("a"),
            quantity=Decimal(self._chance.randint(-2, 20)),
            net_amount=net,
            gross_amount=self._any(None, self._money(net.currency)),
            cost=self._any(None, self._money(net.currency), self._money(net.currency)),
            is_free=self._any(None, None, False, True),
        )

    def _opportunity(self, number: int) -> Opportunity:
        return Opportunity(
            id=OpportunityId(f"p{number}"),
            stage=self._any("New", "Talks", "End"),
            kind=self._any(*StageKind),
            customer_id=self._id("c"),
            product_id=self._id("a"),
            rep_id=self._id("r"),
            probability=self._any(None, Decimal("0.5"), Decimal("0.99"), Decimal(0)),
            amount=self._any(None, self._money(), self._money()),
            source=self._any(None, "fair"),
            created_on=self._day_or_none(),
            first_contact_on=self._day_or_none(),
            expected_close_on=self._day_or_none(),
            closed_on=self._day_or_none(),
            loss_reason=self._any(None, "price"),
            recorded_at=self._recorded(),
        )
