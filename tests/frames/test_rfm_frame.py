"""RFM scores on frames are those of `rfm`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.frames.grading_cases import (
    ENGINES,
    by_key,
    fact_schema,
    frame_of,
    session_of,
    tables_of,
)

from salescore.book import Facts, FactTable, SalesBook
from salescore.entities import Customer, CustomerId, Order, OrderId, OrderLine, OrderLineId
from salescore.errors import EngineRefused, InvalidFrame, InvalidValue
from salescore.frames import rfm_frame
from salescore.metrics import (
    RFM_SEGMENTS,
    MidRanks,
    QuantileCuts,
    RfmScheme,
    RfmScore,
    Thresholds,
    rfm,
    rfm_inputs,
    rfm_segment,
)
from salescore.testing import books
from salescore.values import Money, Period

pytestmark = pytest.mark.engine

AS_OF = date(2024, 6, 30)
FIXED = Thresholds(
    recency=[Decimal(-3), Decimal("9.5"), Decimal(20), Decimal(10**9)],
    frequency=[Decimal(2), Decimal(3)],
    monetary=[Decimal(-999), Decimal("2.335"), Decimal(4), Decimal("1E+30")],
)
WINDOWS = [
    None,
    Period.trailing(AS_OF, 1),
    Period.custom(AS_OF - timedelta(days=30), AS_OF - timedelta(days=2)),
]
schemes = st.one_of(
    st.builds(MidRanks, parts=st.integers(2, 9)),
    st.builds(
        QuantileCuts,
        parts=st.integers(2, 9),
        offset=st.sampled_from([Decimal(0), Decimal(1), Decimal("0.005")]),
    ),
    st.just(FIXED),
)

Line = tuple[str | None, int, int, str, Decimal | None]
lines = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "客", "É", "stranger", None]),  # who
        st.one_of(st.integers(-3, 40), st.just(400)),  # how many days ago
        st.integers(1, 6),  # which order
        st.sampled_from(["order_lines", "order_lines", "return_lines"]),
        st.one_of(st.none(), st.integers(-2, 6).map(Decimal), st.decimals(-5, 400, places=2)),
    ),
    max_size=18,
)


def rows_of_lines(some: Sequence[Line]) -> list[dict[str, Any]]:
    """Return sales lines as rows; some are of an invoice without an order, some of neither."""
    return [
        {
            "id": f"L{number}",
            "record": record,
            "sold_on": AS_OF - timedelta(days=days),
            "customer_id": who,
            "order_id": f"O{order}" if order < 5 else None,
            "invoice_id": f"I{order % 2}" if order >= 5 else None,
            "quantity": Decimal(-1 if days % 7 == 3 else 2),
            "net_amount": amount,
        }
        for number, (who, days, order, record, amount) in enumerate(some)
    ]


def lone(some: Sequence[dict[str, Any]]) -> Facts:
    """Return facts whose sales lines are some rows, and whose customers are four."""
    book = SalesBook(customers=[Customer(id=CustomerId(key), name=key) for key in "abcd"])
    facts = Facts.of(book, currency="USD", as_of=AS_OF)
    schema = fact_schema("sales_lines")
    known = [row for row in some if row["sold_on"] <= AS_OF]
    columns = [[row.get(name) for row in known] for name in schema.names]
    facts._tables["sales_lines"] = FactTable(schema=schema, sources=tuple(columns))
    return facts


def told(scores: Sequence[RfmScore]) -> dict[str, dict[str, Any]]:
    """Return what a frame tells of scores."""
    return {
        one.key: {
            "customer_id": one.key,
            "recency_days": one.recency_days,
            "orders": one.orders,
            "revenue": one.revenue,
            "r": one.r,
            "f": one.f,
            "m": one.m,
            "segment": rfm_segment(one),
        }
        for one in scores
    }


@pytest.mark.parametrize("engine", ENGINES)
@given(lines, schemes, st.sampled_from(WINDOWS))
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
def test_the_scores_are_those_of_the_rows(
    engine: str, some: list[Line], scheme: RfmScheme, during: Period | None
) -> None:
    """On every engine each customer has days, orders, revenue and scores as `rfm` gives them."""
    rows = rows_of_lines(some)
    facts = lone(rows)
    expected = told(rfm(rfm_inputs(facts, AS_OF, during), AS_OF, scheme))
    session = session_of(engine)
    sold = frame_of(fact_schema("sales_lines"), rows, engine, session)
    listed = tables_of(facts, engine, session, "customers")["customers"]
    found = rfm_frame(
        sold, scheme, as_of=AS_OF, customers=listed, during=during, segments=RFM_SEGMENTS
    )
    assert type(found) is type(sold)
    assert by_key(found) == expected


@given(books(), schemes, st.sampled_from(ENGINES))
@settings(max_examples=8, suppress_health_check=list(HealthCheck))
def test_the_scores_of_any_book_are_those_of_the_rows(
    book: SalesBook, scheme: RfmScheme, engine: str
) -> None:
    """Invoices, returns and credit notes in several currencies make no difference either."""
    day = book.last_known or AS_OF
    facts = Facts.of(book, as_of=day)
    session = session_of(engine)
    tables = tables_of(facts, engine, session, "customers", "sales_lines")
    found = rfm_frame(
        tables["sales_lines"], scheme, as_of=day, customers=tables["customers"], segments=()
    )
    inputs = rfm_inputs(facts, day)
    expected = told(rfm(inputs, day, scheme))
    got = by_key(found)
    for key, row in expected.items():
        assert {**got.pop(key), "segment": None} == {**row, "segment": None}
    assert not got


def test_a_sale_counts_up_to_the_day_before_its_window_ends() -> None:
    """A window takes sales from its first to its last day, and none of the days around it."""
    first, last = AS_OF - timedelta(days=9), AS_OF - timedelta(days=3)
    some: list[Line] = [("a", days, 1, "order_lines", Decimal(days)) for days in (2, 3, 9, 10)]
    sold = frame_of(fact_schema("sales_lines"), rows_of_lines(some), "polars", None)
    found = by_key(rfm_frame(sold, FIXED, as_of=AS_OF, during=Period.custom(first, last)))
    assert found["a"]["revenue"] == Decimal(12)


@pytest.mark.parametrize("engine", ENGINES)
def test_equal_customers_score_alike(engine: str) -> None:
    """Of ten customers who bought alike all have the middle score; who never bought has 0."""
    rows = rows_of_lines([(f"c{n}", 5, 1, "order_lines", Decimal(9)) for n in range(10)])
    rows += rows_of_lines([("back", 5, 1, "return_lines", Decimal(-2))])
    for number, row in enumerate(rows):
        row["id"] = f"L{number}"
    sold = frame_of(fact_schema("sales_lines"), rows, engine, session_of(engine))
    found = by_key(rfm_frame(sold, MidRanks(parts=5), as_of=AS_OF))
    assert {(row["r"], row["f"], row["m"]) for key, row in found.items() if key != "back"} == {
        (3, 3, 3)
    }
    back = found["back"]
    assert (back["r"], back["f"], back["m"], back["recency_days"]) == (0, 0, 0, None)


def order(number: int, days: int, worth: str) -> list[Any]:
    """Return an order of one line."""
    made = Order(
        id=OrderId(f"O{number}"),
        ordered_on=AS_OF - timedelta(days=days),
        customer_id=CustomerId(f"c{number}"),
    )
    line = OrderLine(
        id=OrderLineId(f"L{number}"),
        order_id=made.id,
        quantity=Decimal(1),
        net_amount=Money.of(worth, "USD"),
    )
    return [made, line]


def test_lines_without_optional_columns() -> None:
    """Without quantities and invoices, which may be unknown, every order line is a purchase."""
    facts = Facts.of(
        SalesBook(orders=[order(1, 3, "5")[0]], order_lines=[order(1, 3, "5")[1]]), as_of=AS_OF
    )
    sold = tables_of(facts, "polars", None, "sales_lines")["sales_lines"]
    few = sold.select("id", "record", "sold_on", "customer_id", "order_id", "net_amount")
    found = by_key(rfm_frame(few, QuantileCuts(), as_of=AS_OF))
    assert found["c1"]["orders"] == 1
    assert found["c1"]["revenue"] == Decimal(5)


def test_what_cannot_be_scored_is_refused() -> None:
    """A day that is none, a customer listed twice, a purchase of no document and huge sums."""
    schema = fact_schema("sales_lines")
    rows = rows_of_lines([("a", 5, 1, "order_lines", Decimal(9))])
    sold = frame_of(schema, rows, "polars", None)
    with pytest.raises(InvalidValue, match="as_of"):
        rfm_frame(sold, MidRanks(), as_of="2024-06-30")  # type: ignore[arg-type]
    twice = sold.select("customer_id").vstack(sold.select("customer_id"))
    with pytest.raises(InvalidFrame, match="twice"):
        rfm_frame(sold, MidRanks(), as_of=AS_OF, customers=twice)
    with pytest.raises(InvalidFrame, match="net_amount"):
        rfm_frame(sold.cast({"net_amount": float}), MidRanks(), as_of=AS_OF)
    nobody = frame_of(schema, [{**rows[0], "order_id": None}], "polars", None)
    with pytest.raises(InvalidValue, match="orders of a"):
        rfm_frame(nobody, MidRanks(), as_of=AS_OF)
    huge = [{**rows[0], "id": str(n), "net_amount": Decimal("9" * 38)} for n in range(2)]
    with pytest.raises(EngineRefused, match="38 digits"):
        rfm_frame(frame_of(schema, huge, "polars", None), MidRanks(), as_of=AS_OF)
