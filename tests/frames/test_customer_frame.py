"""The table of customers on frames is that of `customer_table`."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.frames.grading_cases import (
    ENGINES,
    by_key,
    fact_schema,
    frame_of,
    rows_of,
    session_of,
    tables_of,
)

from salescore.book import Facts, SalesBook
from salescore.entities import (
    Activity,
    ActivityId,
    Customer,
    CustomerId,
    Order,
    OrderId,
    OrderLine,
    OrderLineId,
)
from salescore.errors import InvalidFrame, InvalidValue, UnknownName
from salescore.frames import CustomerFrame, customer_frame, grade_frame
from salescore.grading import (
    STANDARD_POLICIES,
    AbcField,
    CustomerField,
    CustomerFigure,
    DerivedField,
    EventLine,
    ExponentialDecay,
    RfmFields,
    ScoreCard,
    ScoreField,
    ScoreGroup,
    ScoreLine,
    TableFields,
    customer_table,
    grade_customers,
)
from salescore.metrics import Aggregate, Measure, MidRanks
from salescore.plain import CustomFields, FieldTable, Kind, custom_field, custom_values
from salescore.rules import Band, DecisionTable, F, HitPolicy, Input, Output, Row, when
from salescore.testing import books
from salescore.values import Money

pytestmark = pytest.mark.engine

DAY = date(2024, 6, 30)
LABELS = ("Field", "字段")


def figure(name: str, aggregate: Aggregate, of: Any = None, **given: Any) -> CustomerFigure:  # noqa: ANN401
    """Return a figure of sales lines by customer."""
    measure = Measure(
        name=name,
        table="sales_lines",
        aggregate=aggregate,
        of=of,
        where=given.pop("where", None),
        date="sold_on",
    )
    return CustomerFigure(name=name, measure=measure, labels=LABELS, **given)


CARD = ScoreCard(
    name="card",
    labels=LABELS,
    highest=Decimal(30),
    groups=[
        ScoreGroup(
            key="fit",
            labels=LABELS,
            lines=[ScoreLine(key="big", points=20, when=F.revenue_all > 5, labels=LABELS)],
        ),
        ScoreGroup(
            key="contact",
            labels=LABELS,
            lines=[
                EventLine(
                    key="contacts",
                    points=10,
                    table="activities",
                    date="happened_on",
                    decay=ExponentialDecay(30),
                    labels=LABELS,
                )
            ],
        ),
    ],
)
DISCOUNT = DecisionTable(
    name="discount",
    version="1",
    hit_policy=HitPolicy.FIRST,
    inputs=[Input("revenue", F.revenue_all)],
    outputs=[Output("percent"), Output("club")],
    rows=[Row([Band(5, None)], [Decimal("2.5"), "金"]), Row([Band(0, None)], [0, "base"])],
)
FIELDS: tuple[CustomerField, ...] = (
    figure("revenue_all", Aggregate.SUM, F.net_amount),
    figure("revenue_2m", Aggregate.SUM, F.net_amount, months=2, unit="money"),
    figure("weighed", Aggregate.SUM, F.net_amount * F.quantity, where=F.quantity > 0),
    figure("lines", Aggregate.COUNT, months=12),
    figure("priced", Aggregate.COUNT, F.net_amount),
    figure("orders", Aggregate.DISTINCT, F.order_id),
    figure("prices", Aggregate.DISTINCT, F.net_amount),
    figure("first_on", Aggregate.MIN, F.sold_on),
    figure("best", Aggregate.MAX, F.net_amount, months=3),
    DerivedField(name="mood", of=when((F.lines > 1, "多"), otherwise="少"), labels=LABELS),
    DerivedField(name="twice", of=F.revenue_all * 2 - F.revenue_2m, labels=LABELS),
    AbcField(name="class", by="revenue_all"),
    RfmFields(name="rfm", months=6),
    RfmFields(name="fine", scheme=MidRanks(parts=9)),
    ScoreField(name="points", card=CARD),
    TableFields(table=DISCOUNT),
)


def plain(value: Any) -> Any:  # noqa: ANN401 - any value of a row
    """Return a value as a frame keeps it."""
    if isinstance(value, frozenset):
        return "\x1f" + "".join(f"{one}\x1f" for one in sorted(value))
    return value


def check(
    facts: Facts, engine: str, fields: Sequence[CustomerField], session: object = None
) -> CustomerFrame:
    """Hold every field of every customer to that of `customer_table`."""
    assert facts.as_of is not None
    expected = customer_table(facts, fields)
    session = session or session_of(engine)
    tables = tables_of(facts, engine, session)
    found = customer_frame(tables, fields, as_of=facts.as_of)
    assert found.schema == expected.schema
    assert type(found.native) is type(tables["customers"])
    got = by_key(found.native)
    assert set(got) == set(expected.keys)
    for row in expected.rows():
        seen = got[row["customer_id"]]
        assert {name: seen.get(name) for name in row} == {
            name: plain(value) for name, value in row.items()
        }
    return found


def sales_of(chance: random.Random) -> SalesBook:
    """Return a few customers, listed or not, with orders and contacts; a chance decides which."""

    def who() -> CustomerId:
        return CustomerId(chance.choice(["a", "b", "客", "stranger"]))

    def some_day() -> date:
        return DAY + timedelta(days=chance.randint(-270, 20))

    orders = range(chance.randint(1, 7))
    currencies = ["USD", "USD", "USD", "EUR"]  # the last has no rate
    return SalesBook(
        customers=[Customer(id=CustomerId(key), name=key) for key in ("a", "b", "客", "quiet")],
        orders=[
            Order(id=OrderId(f"O{n}"), ordered_on=some_day(), customer_id=who()) for n in orders
        ],
        order_lines=[
            OrderLine(
                id=OrderLineId(f"L{n}"),
                order_id=OrderId(f"O{chance.choice(orders)}"),
                quantity=Decimal(chance.randint(-1, 3)),
                net_amount=Money(
                    Decimal(chance.randint(-500, 9000)).scaleb(-2), chance.choice(currencies)
                ),
            )
            for n in range(chance.randint(0, 10))
        ],
        activities=[
            Activity(id=ActivityId(f"A{n}"), happened_on=some_day(), customer_id=who())
            for n in range(chance.randint(0, 5))
        ],
    )


@pytest.mark.parametrize("engine", ENGINES)
@given(st.randoms(use_true_random=False))
@settings(max_examples=5)
def test_the_fields_are_those_of_the_rows(engine: str, chance: random.Random) -> None:
    """Figures, expressions, classes, scores and decisions are those of the rows, for everybody."""
    check(Facts.of(sales_of(chance), currency="USD", as_of=DAY), engine, FIELDS)


@given(books(), st.sampled_from(ENGINES), st.sampled_from(STANDARD_POLICIES))
@settings(max_examples=6, suppress_health_check=list(HealthCheck))
def test_any_book_under_the_standard_policies(book: SalesBook, engine: str, policy: Any) -> None:  # noqa: ANN401
    """Whatever a book holds, the fields of the standard policies are those of the rows."""
    facts = Facts.of(book, as_of=book.last_known or DAY)
    found = check(facts, engine, policy.fields)
    expected = grade_customers(policy, facts, {})
    graded = by_key(grade_frame(found, policy, as_of=found.as_of).decisions)
    assert {key: row["after"] for key, row in graded.items()} == {
        one.customer_id: one.after for one in expected.decisions
    }


def book_of_two() -> SalesBook:
    """Return a customer who bought, and one who did not."""
    return SalesBook(
        customers=[Customer(id=CustomerId(key), name=key) for key in "ab"],
        orders=[Order(id=OrderId("O"), ordered_on=DAY, customer_id=CustomerId("a"))],
        order_lines=[
            OrderLine(
                id=OrderLineId("L"),
                order_id=OrderId("O"),
                quantity=Decimal(1),
                net_amount=Money(Decimal("9.5"), "USD"),
            )
        ],
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_tags_come_with_the_customers(engine: str) -> None:
    """A column of tags is read by rules; who has none in it has no tags."""
    session = session_of(engine)
    facts = Facts.of(book_of_two(), as_of=DAY)
    tables = tables_of(facts, engine, session)
    schema = customer_table(facts).schema
    rows = [
        {"customer_id": "a", "tags": frozenset({"club:gold", "区:北"})},
        {"customer_id": "b", "tags": None},
    ]
    tables["customers"] = frame_of(
        attrs.evolve(schema, fields=(schema.field("customer_id"), schema.field("tags"))),
        rows,
        engine,
        session,
    )
    field = DerivedField(name="north", of=F.tags.has_any(["区:北"]), labels=LABELS)
    found = by_key(customer_frame(tables, [field], as_of=DAY).native)
    assert {key: (row["tags"], row["north"]) for key, row in found.items()} == {
        "a": ("\x1fclub:gold\x1f区:北\x1f", True),
        "b": ("\x1f", False),
    }


def test_registered_fields_are_read() -> None:
    """A field that the application registered is a field of customers where it is said so."""
    field = custom_field("rank", Kind.DECIMAL, "Rank", "名次")
    custom = CustomFields.of({"customers": [field]})
    book = SalesBook(
        customers=[Customer(id=CustomerId("a"), name="a", custom=custom_values(rank=Decimal(3)))],
        custom_fields=custom,
    )
    facts = Facts.of(book, as_of=DAY)
    twice = DerivedField(name="twice", of=F.rank * 2, labels=LABELS)
    tables = tables_of(facts, "polars", None)
    found = customer_frame(tables, [twice], as_of=DAY, custom_fields=custom)
    assert rows_of(found.native)[0]["twice"] == Decimal(6)
    with pytest.raises(UnknownName, match="rank"):
        customer_frame(tables, [twice], as_of=DAY)


def test_what_cannot_be_made_is_refused() -> None:
    """A table that is missing, a field of another's name and one that reads ahead are refused."""
    tables = tables_of(Facts.of(book_of_two(), as_of=DAY), "polars", None)
    revenue, orders = FIELDS[0], FIELDS[5]
    with pytest.raises(InvalidFrame, match="sales_lines"):
        customer_frame({"customers": tables["customers"]}, [revenue], as_of=DAY)
    with pytest.raises(InvalidFrame, match="customers"):
        customer_frame({"sales_lines": tables["sales_lines"]}, as_of=DAY)
    with pytest.raises(InvalidValue, match="this name already"):
        customer_frame(tables, [orders, orders], as_of=DAY)
    with pytest.raises((InvalidValue, UnknownName), match="revenue_all"):
        customer_frame(tables, [AbcField(name="class", by="revenue_all"), revenue], as_of=DAY)
    alone = customer_frame({"customers": tables["customers"]}, as_of=DAY)
    assert set(by_key(alone.native)) == {"a", "b"}


@pytest.mark.parametrize("engine", ENGINES)
def test_who_bought_without_being_listed_is_a_customer(engine: str) -> None:
    """Whoever has a sales line has a row, with nothing but what the lines tell."""
    session = session_of(engine)
    tables = tables_of(Facts.of(book_of_two(), as_of=DAY), engine, session)
    listed = FieldTable(name="customers", fields=fact_schema("customers").fields[:1])
    tables["customers"] = frame_of(listed, [{"customer_id": "b"}], engine, session)
    fields = [FIELDS[0], FIELDS[7]]
    plainly = by_key(customer_frame(tables, fields, as_of=DAY).native)
    found = by_key(
        customer_frame(tables, [*fields, RfmFields(scheme=MidRanks())], as_of=DAY).native
    )
    assert {key: row["revenue_all"] for key, row in plainly.items()} == {
        key: row["revenue_all"] for key, row in found.items()
    }
    names = ("revenue_all", "first_on", "rfm_r", "tags", "as_of")
    assert {key: tuple(row[name] for name in names) for key, row in found.items()} == {
        "a": (Decimal("9.5"), DAY, 3, "\x1f", DAY),
        "b": (Decimal(0), None, 0, "\x1f", DAY),
    }


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("sold_on", [None, DAY + timedelta(days=1)])
def test_whoever_stands_on_a_line_is_a_customer_also_with_scores(
    engine: str, sold_on: date | None
) -> None:
    """A line without a day, or of a later one, names a customer; scores leave out nobody."""
    session = session_of(engine)
    lines = [
        {"id": "1", "record": "order_lines", "sold_on": DAY, "customer_id": "a", "order_id": "O"},
        {"id": "2", "record": "order_lines", "sold_on": sold_on, "customer_id": "b"},
    ]
    tables = tables_of(Facts.of(book_of_two(), as_of=DAY), engine, session)
    listed = FieldTable(name="customers", fields=fact_schema("customers").fields[:1])
    tables["customers"] = frame_of(listed, [{"customer_id": "a"}], engine, session)
    tables["sales_lines"] = frame_of(fact_schema("sales_lines"), lines, engine, session)
    plainly = by_key(customer_frame(tables, as_of=DAY).native)
    scores = by_key(customer_frame(tables, [RfmFields(scheme=MidRanks())], as_of=DAY).native)
    assert set(plainly) == set(scores) == {"a", "b"}
    assert {key: row["rfm_r"] for key, row in scores.items()} == {"a": 3, "b": 0}
