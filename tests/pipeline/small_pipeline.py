"""Small books for the tests of curves, chains and stays: opportunities and their visits by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from salescore.book import Facts, SalesBook
from salescore.entities import Opportunity, OpportunityId, StageKind, StageVisit, StageVisitId

TODAY = date(2026, 6, 30)
"""Last day whose facts are seen."""


def ago(days: int) -> date:
    """Return a day so many days before the last one seen."""
    return TODAY - timedelta(days=days)


def sale(number: int, kind: str, age: int, **fields: Any) -> Opportunity:  # noqa: ANN401
    """Return an opportunity that closed at an age, or is open at it today."""
    is_open = kind in {"open", "hold"}
    began = ago(age if is_open else 100 + age)
    given: dict[str, Any] = {
        "stage": f"stage {kind}",
        "created_on": began,
        "closed_on": None if is_open else began + timedelta(days=age),
    }
    return Opportunity(id=OpportunityId(f"p{number}"), kind=StageKind(kind), **{**given, **fields})


def closed(number: int, kind: str, days: int = 0) -> Opportunity:
    """Return an opportunity that closed so many days ago, a year after it came up."""
    return sale(number, kind, 365, created_on=ago(365 + days), closed_on=ago(days))


def sales(*told: tuple[str, int]) -> list[Opportunity]:
    """Return opportunities by kind and age."""
    return [sale(number, kind, age) for number, (kind, age) in enumerate(told)]


def visit(
    number: int,
    of: str | None,
    stage: str,
    entered: int,
    left: int | None = None,
    kind: str | None = "open",
    **fields: Any,  # noqa: ANN401
) -> StageVisit:
    """Return a visit that began and ended so many days ago."""
    given: dict[str, Any] = {
        "opportunity_id": None if of is None else OpportunityId(of),
        "entered_on": ago(entered),
        "left_on": None if left is None else ago(left),
        "kind": None if kind is None else StageKind(kind),
    }
    return StageVisit(id=StageVisitId(f"v{number}"), stage=stage, **{**given, **fields})


def facts_of(
    opportunities: Iterable[Opportunity] = (),
    visits: Iterable[StageVisit] = (),
    *,
    as_of: date | None = TODAY,
    **records: Any,  # noqa: ANN401
) -> Facts:
    """Return the fact tables of a book of opportunities and visits."""
    book = SalesBook(opportunities=tuple(opportunities), stage_visits=tuple(visits), **records)
    return Facts.of(book, currency="USD", as_of=as_of)
