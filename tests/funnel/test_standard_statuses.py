"""The standard states of quotes, contracts and orders, and what moves lead through them."""

from datetime import date
from decimal import Decimal

import pytest
from tests.funnel.documents import SETTLED, TODAY, contract, moved, order, quote, refused

from salescore.entities import (
    ContractClause,
    ContractClauseId,
    ContractId,
    DeliveryId,
    DeliveryLine,
    DeliveryLineId,
    DocumentKind,
    OrderId,
    OrderLine,
    OrderLineId,
)
from salescore.errors import InvalidValue, UnknownName
from salescore.funnel import (
    STANDARD_CLAUSES,
    STANDARD_STATUS_TABLES,
    RefusalCode,
    clause_gaps,
    delivery_row,
    standard_status_table,
)
from salescore.values import Money

QUOTES, CONTRACTS, ORDERS = STANDARD_STATUS_TABLES


def lines(*quantities: int) -> list[OrderLine]:
    """Return order lines of some quantities."""
    return [
        OrderLine(
            id=OrderLineId(f"L{number}"),
            order_id=OrderId("D1"),
            quantity=Decimal(quantity),
            net_amount=Money(Decimal(1), "EUR"),
        )
        for number, quantity in enumerate(quantities)
    ]


def sent(*quantities: int) -> list[DeliveryLine]:
    """Return delivery lines of some quantities, one for each order line."""
    return [
        DeliveryLine(
            id=DeliveryLineId(f"E{number}"),
            delivery_id=DeliveryId("E"),
            quantity=Decimal(quantity),
            order_line_id=OrderLineId(f"L{number}"),
        )
        for number, quantity in enumerate(quantities)
    ]


def test_tables_are_found_by_name() -> None:
    """A wrong name is refused with the closest one."""
    assert standard_status_table("contract") is CONTRACTS
    with pytest.raises(UnknownName, match="did you mean 'order'"):
        standard_status_table("orders")


def test_no_status_is_won_or_lost() -> None:
    """Documents have kinds of their own."""
    kinds = {one.key: one.kind for table in STANDARD_STATUS_TABLES for one in table.statuses}
    assert set(kinds.values()) == set(DocumentKind)
    assert not {"won", "lost"} & set(kinds)


def test_a_quote_is_sent_and_accepted_while_it_is_valid() -> None:
    """The day of acceptance stands on it; after its last day it only expires."""
    one = moved(QUOTES, quote(status="draft", valid_until=TODAY), "sent")
    assert moved(QUOTES, one, "accepted").accepted_on == TODAY
    assert refused(QUOTES, one, "expired").codes == (RefusalCode.CRITERION_FAILED,)
    late = quote(status="sent", valid_until=date(2026, 3, 1))
    assert refused(QUOTES, late, "accepted").codes == (RefusalCode.CRITERION_FAILED,)
    gone = moved(QUOTES, late, "expired")
    assert gone.kind is DocumentKind.CLOSED
    assert refused(QUOTES, gone, "sent").codes == (RefusalCode.CRITERION_FAILED,)
    longer = quote(status="expired", valid_until=TODAY)
    assert moved(QUOTES, longer, "sent").status == "sent"
    assert moved(QUOTES, quote(status="sent"), "accepted").status == "accepted"


def test_a_quote_without_an_end_does_not_expire() -> None:
    """Whether it has run out is unknown, which is no."""
    assert refused(QUOTES, quote(), "expired").codes == (RefusalCode.CRITERION_UNKNOWN,)


def test_a_quote_is_declined_or_withdrawn_with_a_reason() -> None:
    """It is void since that day."""
    assert refused(QUOTES, quote(), "declined").codes == (RefusalCode.REASON_MISSING,)
    for to in ("declined", "void"):
        found = moved(QUOTES, quote(), to, reason="too dear")
        assert (found.kind, found.voided_on) == (DocumentKind.VOID, TODAY)
    nobody = quote(status="draft", customer_id=None)
    assert [one.name for one in refused(QUOTES, nobody, "sent").reasons] == ["customer_id"]


def clause(key: str, *, settled: bool | None) -> ContractClause:
    """Return a clause of the contract."""
    return ContractClause(
        id=ContractClauseId(key), contract_id=ContractId("D1"), clause=key, is_settled=settled
    )


def test_a_contract_is_signed_when_every_clause_is_settled() -> None:
    """What is open is counted, and without the count nobody can tell."""
    reviewed = moved(CONTRACTS, contract(status="draft"), "in_review")
    assert refused(CONTRACTS, reviewed, "signed").codes == (RefusalCode.CRITERION_UNREADABLE,)
    agreed = [clause(key, settled=True) for key in STANDARD_CLAUSES]
    short = clause_gaps(reviewed, agreed[1:])
    assert refused(CONTRACTS, reviewed, "signed", row=short.row).codes == (
        RefusalCode.CRITERION_FAILED,
    )
    full = clause_gaps(reviewed, agreed)
    signed = moved(CONTRACTS, reviewed, "signed", row=full.row)
    assert (signed.signed_on, signed.kind) == (TODAY, DocumentKind.OPEN)


def test_a_contract_runs_from_its_first_day_to_its_last() -> None:
    """It is active when the day has come, and expires when the last has passed."""
    signed = contract(status="signed", starts_on=TODAY, ends_on=TODAY)
    active = moved(CONTRACTS, signed, "active")
    assert refused(CONTRACTS, active, "expired").codes == (RefusalCode.CRITERION_FAILED,)
    early = contract(status="signed", starts_on=date(2026, 3, 3))
    assert refused(CONTRACTS, early, "active").codes == (RefusalCode.CRITERION_FAILED,)
    over = contract(status="active", ends_on=date(2026, 3, 1))
    assert moved(CONTRACTS, over, "expired").kind is DocumentKind.CLOSED


def test_a_contract_goes_back_to_draft_or_is_terminated_with_a_reason() -> None:
    """Review may send it back; a signed one is terminated and void since that day."""
    one = contract(status="in_review")
    assert refused(CONTRACTS, one, "draft").codes == (RefusalCode.REASON_MISSING,)
    assert moved(CONTRACTS, one, "draft", reason="price").kind is DocumentKind.DRAFT
    ended = moved(CONTRACTS, contract(status="active"), "terminated", reason="breach")
    assert (ended.voided_on, ended.kind) == (TODAY, DocumentKind.VOID)
    poor = contract(status="in_review", amount=None)
    assert [one.name for one in refused(CONTRACTS, poor, "signed", row=SETTLED).reasons] == [
        "amount"
    ]


def test_an_order_goes_through_its_deliveries() -> None:
    """Nothing, something, everything: the lines tell which status fits."""
    confirmed = moved(ORDERS, order(status="draft"), "confirmed")
    nothing = delivery_row(confirmed, lines(2, 3), [])
    some = delivery_row(confirmed, lines(2, 3), sent(2, 1))
    everything = delivery_row(confirmed, lines(2, 3), [*sent(2, 1), *sent(0, 2)])
    assert [*some.values()] == [2, 1]
    assert refused(ORDERS, confirmed, "partly_delivered", row=nothing).codes == (
        RefusalCode.CRITERION_FAILED,
    )
    part = moved(ORDERS, confirmed, "partly_delivered", row=some)
    assert len(refused(ORDERS, part, "delivered", row=some).reasons) == 1
    assert len(refused(ORDERS, confirmed, "delivered", row=nothing).reasons) == 2
    done = moved(ORDERS, part, "delivered", row=everything)
    assert moved(ORDERS, done, "closed").kind is DocumentKind.CLOSED
    assert moved(ORDERS, confirmed, "delivered", row=everything).status == "delivered"


def test_an_order_is_cancelled_only_before_anything_is_delivered() -> None:
    """Afterwards it is closed with a reason, and what came back is a return."""
    some = delivery_row(order(), lines(2), sent(1))
    found = refused(ORDERS, order(), "cancelled", row=some, reason="changed mind")
    assert found.codes == (RefusalCode.CRITERION_FAILED,)
    nothing = delivery_row(order(), lines(2), [])
    gone = moved(ORDERS, order(), "cancelled", row=nothing, reason="changed mind")
    assert (gone.voided_on, gone.kind) == (TODAY, DocumentKind.VOID)
    part = order(status="partly_delivered")
    assert refused(ORDERS, part, "closed").codes == (RefusalCode.REASON_MISSING,)
    assert moved(ORDERS, part, "closed", reason="the rest is not wanted").status == "closed"
    assert moved(ORDERS, order(status="draft"), "cancelled", reason="a slip").voided_on == TODAY


def test_deliveries_are_counted_by_line() -> None:
    """Free lines wait for nothing, strange deliveries count nowhere, other orders are refused."""
    stray = DeliveryLine(id=DeliveryLineId("E9"), delivery_id=DeliveryId("E"), quantity=Decimal(5))
    found = delivery_row(order(), lines(0, 1), [stray])
    assert [*found.items()] == [("delivered_lines", 0), ("undelivered_lines", 1)]
    with pytest.raises(InvalidValue, match="L0"):
        delivery_row(order(id="D2"), lines(1), [])


def test_every_move_of_every_table_is_possible() -> None:
    """No guard of a standard table asks for what no document can have."""
    facts = {
        "open_clauses": Decimal(0),
        "delivered_lines": Decimal(1),
        "undelivered_lines": Decimal(0),
    }
    documents = {"quotes": quote, "contracts": contract, "orders": order}
    dates = {
        ("quotes", "expired"): {"valid_until": date(2026, 3, 1)},
        ("contracts", "expired"): {"ends_on": date(2026, 3, 1)},
        ("contracts", "active"): {"starts_on": TODAY},
    }
    for table in STANDARD_STATUS_TABLES:
        for (source, target), move in table.ways.items():
            document = documents[table.records](
                status=source, **dates.get((table.records, target), {})
            )
            is_undelivered = any(one.key == "none_delivered" for one in move.guards)
            row = {**facts, "delivered_lines": Decimal(not is_undelivered)}
            assert moved(table, document, target, row=row, reason="so").status == target
