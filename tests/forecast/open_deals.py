"""Open deals and snapshots by hand, for the tests of pipeline forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tests.metrics.small_books import usd

from salescore.book import Facts, SalesBook
from salescore.entities import Opportunity, OpportunityId, StageKind
from salescore.forecast import OpenOpportunity, PipelineSnapshot
from salescore.values import Calendar

D = Decimal
TODAY = date(2026, 2, 10)
QUARTER = Calendar().parse("2026-Q1")
NEXT = Calendar().parse("2026-Q2")
VECTOR = (("100", "0.1"), ("50", "0.5"), ("200", "0.3"), ("80", "0.9"), ("120", "0.6"))
"""Amounts and chances of ORACLES, section 1."""


def deal(number: int, amount: str | None, chance: str | None, **fields: Any) -> OpenOpportunity:  # noqa: ANN401
    """Return an open opportunity as a snapshot shows it."""
    given: dict[str, Any] = {
        "stage": "offer",
        "amount": None if amount is None else D(amount),
        "chance": None if chance is None else D(chance),
    }
    return OpenOpportunity(id=f"d{number}", **{**given, **fields})


def snapshot_of(*deals: OpenOpportunity, as_of: date = TODAY) -> PipelineSnapshot:
    """Return a snapshot of open opportunities in dollars."""
    return PipelineSnapshot(as_of=as_of, currency="USD", opportunities=deals)


def snapshot_of_pairs(pairs: Sequence[tuple[str, str]]) -> PipelineSnapshot:
    """Return a snapshot of amounts and chances."""
    return snapshot_of(*(deal(number, *pair) for number, pair in enumerate(pairs)))


def record(number: int, kind: str = "open", **fields: Any) -> Opportunity:  # noqa: ANN401
    """Return an opportunity as a book holds it; a number as amount is dollars."""
    given: dict[str, Any] = {"stage": "offer", "created_on": date(2026, 1, 5), **fields}
    if isinstance(given.get("amount"), int):
        given["amount"] = usd(given["amount"])
    return Opportunity(id=OpportunityId(f"d{number}"), kind=StageKind(kind), **given)


def facts(*opportunities: Opportunity, as_of: date | None = None, **records: Any) -> Facts:  # noqa: ANN401
    """Return the facts of opportunities in dollars."""
    book = SalesBook(opportunities=opportunities, **records)
    return Facts.of(book, currency="USD", as_of=as_of)
