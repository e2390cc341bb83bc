"""What the fact table of opportunities tells of funnels, first wins and leads."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from salescore.book import Facts, SalesBook
from salescore.entities import (
    Lead,
    LeadId,
    Opportunity,
    OpportunityId,
    StageKind,
    StageVisit,
    StageVisitId,
)


def visit(number: int, funnel: str | None, day: int, left: int | None, **more: Any) -> StageVisit:  # noqa: ANN401
    """Return a visit of opportunity O to a stage."""
    return StageVisit(
        id=StageVisitId(f"V{number}"),
        opportunity_id=OpportunityId("O"),
        stage=f"stage {number}",
        funnel=funnel,
        entered_on=date(2026, 3, day),
        left_on=None if left is None else date(2026, 3, left),
        **more,
    )


def row(*visits: StageVisit, leads: tuple[Lead, ...] = (), **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the row of opportunity O."""
    given: dict[str, Any] = {"kind": StageKind.OPEN} | fields
    one = Opportunity(id=OpportunityId("O"), stage="talk", **given)
    book = SalesBook(opportunities=(one,), stage_visits=visits, leads=leads)
    table = Facts.of(book, as_of=date(2026, 3, 31)).table("opportunities")
    return {name: table.column(name)[0] for name in table.schema.names}


def test_the_funnel_is_that_of_the_running_visit_or_else_the_last() -> None:
    """The one that runs, however long; of several that ended the latest; without visits none."""
    ended, later = visit(1, "deal", 2, 9), visit(2, "renewal", 9, 12)
    assert row()["funnel"] is None
    assert row(later, ended)["funnel"] == "renewal"
    assert row(later, attrs.evolve(ended, left_on=None))["funnel"] == "deal"
    assert row(attrs.evolve(ended, opportunity_id=None))["funnel"] is None
    assert row(visit(1, None, 2, None))["funnel"] is None


def test_the_first_win_stays_where_it_was_undone() -> None:
    """The earliest of the visits that are won and the day of a win that stands."""
    won = visit(1, "deal", 9, 12, kind=StageKind.WON)
    again = visit(2, "deal", 20, None, kind=StageKind.WON)
    assert row()["first_won_on"] is None
    assert row(again, won, kind=StageKind.LOST)["first_won_on"] == date(2026, 3, 9)
    stands: dict[str, Any] = {"kind": StageKind.WON, "closed_on": date(2026, 3, 5)}
    assert row(won, **stands)["first_won_on"] == date(2026, 3, 5)
    assert row(kind=StageKind.WON)["first_won_on"] is None
    lost: dict[str, Any] = {"kind": StageKind.LOST, "closed_on": date(2026, 3, 5)}
    assert row(**lost)["first_won_on"] is None


def test_the_cycle_from_the_lead_begins_with_its_creation() -> None:
    """Of several leads the earliest tells; without a lead, or its day, nobody knows."""
    leads = tuple(
        Lead(
            id=LeadId(f"L{day}"),
            name="A",
            created_on=date(2026, 3, day) if day else None,
            opportunity_id=OpportunityId("O"),
            converted_on=date(2026, 3, 9),
        )
        for day in (4, 2, 0)
    )
    won: dict[str, Any] = {"kind": StageKind.WON, "closed_on": date(2026, 3, 22)}
    found = row(leads=leads, **won)
    assert found["lead_created_on"] == date(2026, 3, 2)
    assert found["cycle_days_from_lead"] == Decimal(20)
    for none in ((), leads[2:]):
        found = row(leads=none, **won)
        assert (found["lead_created_on"], found["cycle_days_from_lead"]) == (None, None)
