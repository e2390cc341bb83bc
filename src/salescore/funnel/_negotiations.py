"""What is still open before an agreement: room in a negotiation, clauses of a contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import attrs

from salescore.entities import Concession, Contract, ContractClause, Negotiation
from salescore.errors import InvalidValue
from salescore.plain import Field, Kind, as_tuple
from salescore.values import Money, MoneyBag

OPEN_CLAUSES = "open_clauses"

CLAUSE_FIELDS = (
    Field(
        name=OPEN_CLAUSES,
        kind=Kind.DECIMAL,
        nullable=False,
        labels=("Clauses not settled", "未商定条款数"),
        unit="count",
    ),
)
"""Field that a contract's clauses give to guards of a status table."""

STANDARD_CLAUSES = ("subject", "price", "payment", "delivery", "warranty", "liability", "disputes")
"""Keys of the clauses that a contract of sale has, in the order in which it is usually written."""


@attrs.frozen(kw_only=True)
class NegotiationState:
    """
    Where a negotiation stands.

    Attributes:
        negotiation_id: The negotiation.
        room: Money that can still be given before the floor; `None` where our offer or the floor is
            unknown. Negative where the offer lies below the floor.
        given: Money by which our offer lies below the goal; `None` where either is unknown.
        gap: Money by which our offer lies above what the customer offers; `None` where either is
            unknown.
        conceded: What the concessions cost, by currency.
        unpriced: How many concessions state no money.
        unreturned: Concessions for which we got nothing, or nobody wrote down what.
    """

    negotiation_id: str
    room: Money | None
    given: Money | None
    gap: Money | None
    conceded: MoneyBag
    unpriced: int = 0
    unreturned: tuple[Concession, ...] = attrs.field(default=(), converter=as_tuple)

    @property
    def is_below_floor(self) -> bool | None:
        """Return whether our offer lies below the floor; `None` where either is unknown."""
        return None if self.room is None else self.room.amount < 0


def negotiation_state(
    negotiation: Negotiation, concessions: Iterable[Concession] = ()
) -> NegotiationState:
    """
    Return where a negotiation stands.

    Args:
        negotiation: The negotiation.
        concessions: What was given up in it.

    Raises:
        InvalidValue: A concession is of another negotiation.
    """
    found = tuple(concessions)
    for one in found:
        if one.negotiation_id != negotiation.id:
            fault = f"it is one of {one.negotiation_id}"
            raise InvalidValue(f"concession of {negotiation.id}", one.id, fault)
    offer = negotiation.offer
    amounts = [one.amount for one in found if one.amount is not None]
    return NegotiationState(
        negotiation_id=negotiation.id,
        room=_less(offer, negotiation.floor),
        given=_less(negotiation.goal, offer),
        gap=_less(offer, negotiation.counter_offer),
        conceded=MoneyBag.of(*amounts),
        unpriced=len(found) - len(amounts),
        unreturned=(one for one in found if not (one.in_return or "").strip()),
    )


def _less(money: Money | None, other: Money | None) -> Money | None:
    return None if money is None or other is None else money - other


@attrs.frozen(kw_only=True)
class ClauseGaps:
    """
    What of a contract's checklist is open.

    Attributes:
        contract_id: The contract.
        unsettled: Keys of the clauses on record that are not settled.
        missing: Keys of the checklist that no clause on record has.
    """

    contract_id: str
    unsettled: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    missing: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)

    @property
    def is_settled(self) -> bool:
        """Return whether nothing is open."""
        return not self.unsettled and not self.missing

    @property
    def row(self) -> Mapping[str, Decimal]:
        """Return what guards read: the number of clauses that are open, as `CLAUSE_FIELDS` says."""
        return {OPEN_CLAUSES: Decimal(len(self.unsettled) + len(self.missing))}


def clause_gaps(
    contract: Contract,
    clauses: Iterable[ContractClause],
    checklist: Iterable[str] = STANDARD_CLAUSES,
) -> ClauseGaps:
    """
    Return what of a contract's checklist is open.

    A clause is settled where every record of its key says so; unknown is no.

    Args:
        contract: The contract.
        clauses: Its clauses.
        checklist: Keys of the clauses that must be there.

    Raises:
        InvalidValue: A clause is of another contract.
    """
    settled: dict[str, bool] = {}
    for one in clauses:
        if one.contract_id != contract.id:
            fault = f"it is one of {one.contract_id}"
            raise InvalidValue(f"clause of {contract.id}", one.id, fault)
        settled[one.clause] = settled.get(one.clause, True) and one.is_settled is True
    return ClauseGaps(
        contract_id=contract.id,
        unsettled=(key for key, is_settled in settled.items() if not is_settled),
        missing=(key for key in dict.fromkeys(checklist) if key not in settled),
    )
