"""What is still open before an agreement: room, concessions, clauses."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.funnel.documents import contract

from salescore.entities import (
    Concession,
    ConcessionId,
    ContractClause,
    ContractClauseId,
    ContractId,
    Negotiation,
    NegotiationId,
    OpportunityId,
)
from salescore.errors import InvalidValue
from salescore.funnel import STANDARD_CLAUSES, ClauseGaps, clause_gaps, negotiation_state
from salescore.values import Money, MoneyBag


def euros(amount: int) -> Money:
    """Return euros."""
    return Money(Decimal(amount), "EUR")


def talks(**given: Money) -> Negotiation:
    """Return a negotiation over some money."""
    return Negotiation(id=NegotiationId("G1"), opportunity_id=OpportunityId("O1"), **given)  # type: ignore[arg-type]


def gave(number: int, amount: Money | None = None, in_return: str | None = None) -> Concession:
    """Return a concession in it."""
    return Concession(
        id=ConcessionId(f"K{number}"),
        negotiation_id=NegotiationId("G1"),
        concession="a discount",
        amount=amount,
        in_return=in_return,
    )


def test_room_is_what_can_still_be_given() -> None:
    """From goal over offer to floor, and to what the customer offers."""
    one = talks(goal=euros(100), floor=euros(80), offer=euros(95), counter_offer=euros(70))
    found = negotiation_state(one)
    assert (found.room, found.given, found.gap) == (euros(15), euros(5), euros(25))
    assert found.is_below_floor is False
    assert negotiation_state(talks(floor=euros(80), offer=euros(80))).is_below_floor is False
    low = negotiation_state(talks(floor=euros(80), offer=euros(79)))
    assert (low.room, low.is_below_floor) == (euros(-1), True)


def test_what_nobody_stated_is_unknown() -> None:
    """No offer, no room."""
    found = negotiation_state(talks(goal=euros(100), floor=euros(80)))
    assert (found.room, found.given, found.gap, found.is_below_floor) == (None, None, None, None)
    assert found.conceded == MoneyBag()


def test_concessions_are_summed_by_currency() -> None:
    """Those without money are counted, those for nothing are told."""
    dollars = Money(Decimal(3), "USD")
    given = [
        gave(1, euros(5), "an earlier order"),
        gave(2, euros(2)),
        gave(3, dollars, " "),
        gave(4, in_return="a reference"),
    ]
    found = negotiation_state(talks(), given)
    assert found.conceded == MoneyBag.of(euros(7), dollars)
    assert (found.unpriced, found.unreturned) == (1, (given[1], given[2]))
    assert found.negotiation_id == "G1"


def test_a_concession_of_another_negotiation_is_refused() -> None:
    """It is the mistake of the caller."""
    other = Negotiation(id=NegotiationId("G2"), opportunity_id=OpportunityId("O1"))
    with pytest.raises(InvalidValue, match="K1"):
        negotiation_state(other, [gave(1)])


@given(st.lists(st.none() | st.integers(0, 99)))
def test_what_is_conceded_is_the_sum(amounts: list[int | None]) -> None:
    """In any order and number."""
    given = [
        gave(number, None if amount is None else euros(amount))
        for number, amount in enumerate(amounts)
    ]
    found = negotiation_state(talks(), given)
    assert found.conceded.amount_in("EUR") == euros(sum(one or 0 for one in amounts))
    assert found.unpriced == amounts.count(None)


def clause(key: str, *, settled: bool | None, of: str = "D1") -> ContractClause:
    """Return a clause of a contract."""
    return ContractClause(
        id=ContractClauseId(key), contract_id=ContractId(of), clause=key, is_settled=settled
    )


def test_open_clauses_are_those_unsettled_and_those_missing() -> None:
    """Unknown is not settled; a clause outside of the checklist must be settled, too."""
    clauses = [
        clause("price", settled=True),
        clause("payment", settled=None),
        clause("secrecy", settled=False),
    ]
    found = clause_gaps(contract(), clauses, ["price", "payment", "delivery"])
    assert found == ClauseGaps(
        contract_id="D1", unsettled=("payment", "secrecy"), missing=("delivery",)
    )
    assert not found.is_settled
    assert found.row == {"open_clauses": Decimal(3)}


def test_a_clause_that_stands_twice_is_settled_where_both_are() -> None:
    """One that is open keeps it open, in any order."""
    both = [clause("price", settled=True), clause("price", settled=False)]
    for clauses in (both, both[::-1]):
        assert clause_gaps(contract(), clauses, ["price"]).unsettled == ("price",)
    agreed = clause_gaps(contract(), [both[0], both[0]], ["price"])
    assert agreed.is_settled
    assert agreed.row == {"open_clauses": Decimal(0)}


def test_without_clauses_the_checklist_is_missing() -> None:
    """An empty checklist asks for nothing; clauses of another contract are refused."""
    assert clause_gaps(contract(), []).missing == STANDARD_CLAUSES
    assert clause_gaps(contract(), [], []).is_settled
    with pytest.raises(InvalidValue, match="price"):
        clause_gaps(contract(), [clause("price", settled=True, of="D2")])
