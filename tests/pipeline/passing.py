"""A funnel of three open stages, and sales that pass through it, for the tests of the pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import attrs
from tests.metrics.small_books import usd

from salescore.book import Facts, SalesBook
from salescore.entities import (
    Opportunity,
    OpportunityId,
    ProductId,
    SalesRep,
    SalesRepId,
    StageKind,
    StageVisit,
    StageVisitId,
    TeamId,
)
from salescore.frames import FrameFacts, fact_frames, open_frame
from salescore.funnel import Funnel, Stage
from salescore.metrics import DIMENSIONS

KINDS = {
    "won": StageKind.WON,
    "lost": StageKind.LOST,
    "void": StageKind.VOID,
    "hold": StageKind.HOLD,
}
"""Stages that are no open ones."""

FUNNEL = Funnel(
    name="talks",
    version="1",
    stages=[
        *(Stage(key=key) for key in ("talk", "offer", "deal")),
        *(Stage(key=key, kind=kind) for key, kind in KINDS.items()),
    ],
    transitions=[],
)
FIRST = date(2024, 1, 1)


def on(number: int) -> date:
    """Return a day by its number, the first of January being 0."""
    return FIRST + timedelta(days=number)


@attrs.frozen(kw_only=True)
class Sale:
    """An opportunity with its visits."""

    opportunity: Opportunity
    visits: tuple[StageVisit, ...]


def sale(key: str, *stays: tuple[str, int], **fields: Any) -> Sale:  # noqa: ANN401
    """Return a sale that entered stages on days by number; its state is that of the last one."""
    last, began = stays[-1]
    kind = KINDS.get(last, StageKind.OPEN)
    closed = kind in (StageKind.WON, StageKind.LOST, StageKind.VOID)
    ends: Sequence[int | None] = [*(start for _, start in stays[1:]), None]
    given = {"created_on": on(stays[0][1]), "closed_on": on(began) if closed else None} | fields
    if isinstance(given.get("amount"), int):
        given["amount"] = usd(given["amount"])
    rep = given.pop("rep", None)
    product = given.pop("product", None)
    return Sale(
        opportunity=Opportunity(
            id=OpportunityId(key),
            stage=last,
            kind=given.pop("kind", kind),
            rep_id=None if rep is None else SalesRepId(rep),
            product_id=None if product is None else ProductId(product),
            **given,
        ),
        visits=tuple(
            StageVisit(
                id=StageVisitId(f"{key}-{number}"),
                opportunity_id=OpportunityId(key),
                stage=stage,
                kind=KINDS.get(stage, StageKind.OPEN),
                funnel="talks",
                entered_on=on(start),
                left_on=None if end is None else on(end),
            )
            for number, ((stage, start), end) in enumerate(zip(stays, ends, strict=True), start=1)
        ),
    )


def rep(key: str, team: str | None = None) -> SalesRep:
    """Return a rep of a team."""
    team_id = None if team is None else TeamId(team)
    return SalesRep(id=SalesRepId(key), name=key.title(), team_id=team_id)


def book_of(sales: Iterable[Sale], **records: Any) -> SalesBook:  # noqa: ANN401
    """Return a book of sales."""
    found = list(sales)
    return SalesBook(
        opportunities=[one.opportunity for one in found],
        stage_visits=[visit for one in found for visit in one.visits],
        **records,
    )


def facts_of(
    sales: Iterable[Sale],
    *,
    as_of: int | None = 1000,
    **records: Any,  # noqa: ANN401
) -> Facts:
    """Return the facts of sales as of a day by number."""
    return Facts.of(book_of(sales, **records), as_of=None if as_of is None else on(as_of))


def frames_of(facts: Facts, engine: str) -> FrameFacts:
    """Return the fact tables of a book as dataframes of an engine, with the names of records."""
    native = fact_frames(facts, engine)
    return FrameFacts.of(
        {name: open_frame(one, facts.schema(name)) for name, one in native.items()},
        currency=facts.currency,
        calendar=facts.calendar,
        as_of=facts.as_of,
        labels={
            one.records: {
                key: facts.label(one.records, key) for key in facts.known.book.index(one.records)
            }
            for one in DIMENSIONS
            if one.records is not None
        },
    )
