"""Cases of a lead score come from the opportunities or the leads of the facts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from salescore.book import Facts, SalesBook
from salescore.entities import (
    Customer,
    CustomerId,
    Lead,
    LeadId,
    LeadKind,
    Opportunity,
    OpportunityId,
    StageKind,
    StageVisit,
    StageVisitId,
)
from salescore.errors import InvalidValue, UnknownName
from salescore.grading import LeadExample, LeadField, LeadModel, lead_examples
from salescore.plain import CustomFields, Kind, custom_field, custom_values

STAGES = ("new", "talks", "offer")
SOURCE = (LeadField(name="source"),)


def day(number: int) -> date:
    """Return a day of January 2020."""
    return date(2020, 1, number)


def opportunity(key: str, stage: str, kind: str, **fields: Any) -> Opportunity:  # noqa: ANN401
    """Return an opportunity."""
    return Opportunity(id=OpportunityId(key), stage=stage, kind=StageKind(kind), **fields)


def visit(number: int, stage: str, entered: int, left: int | None = None, **of: Any) -> StageVisit:  # noqa: ANN401
    """Return a stay in a stage."""
    return StageVisit(
        id=StageVisitId(f"v{number}"),
        stage=stage,
        entered_on=day(entered),
        left_on=None if left is None else day(left),
        **of,
    )


def examples(book: SalesBook, as_of: date | None = None, **options: Any) -> dict[str, LeadExample]:  # noqa: ANN401
    """Return the cases of a book by their keys."""
    facts = Facts.of(book, currency="USD", as_of=as_of)
    found = lead_examples(facts, **{"fields": SOURCE, "stages": STAGES, **options})
    return {one.key: one for one in found}


def book() -> SalesBook:
    """Return a book of opportunities of each kind, some of which have stage visits."""
    return SalesBook(
        customers=[Customer(id=CustomerId("c"), name="C", segment="retail")],
        opportunities=[
            opportunity("won", "Won", "won", source="web", created_on=day(1), closed_on=day(20)),
            opportunity("lost", "Lost", "lost", source="fair", closed_on=day(21)),
            opportunity("back", "Lost", "lost", created_on=day(1), closed_on=day(22)),
            opportunity("told", "talks", "lost", closed_on=day(23), customer_id=CustomerId("c")),
            opportunity("open", "talks", "open", source=""),
            opportunity("void", "Void", "void", closed_on=day(5)),
            opportunity("hold", "offer", "hold"),
        ],
        stage_visits=[
            visit(1, "offer", 3, 9, opportunity_id=OpportunityId("back")),
            visit(2, "talks", 1, 3, opportunity_id=OpportunityId("back")),
            visit(3, "new", 9, 22, opportunity_id=OpportunityId("back")),
            visit(4, "Lost", 22, opportunity_id=OpportunityId("back")),
            visit(5, "Lost", 21, opportunity_id=OpportunityId("lost")),
            visit(6, "offer", 2, lead_id=LeadId("back")),
        ],
    )


def test_opportunities_are_cases() -> None:
    """Each has its outcome, its day, and the values that are known; an empty text is unknown."""
    found = examples(book())
    assert {key: one.outcome.value for key, one in found.items()} == {
        "won": "won",
        "lost": "lost",
        "back": "lost",
        "told": "lost",
        "open": "open",
        "void": "void",
        "hold": "hold",
    }
    assert found["won"] == LeadExample(
        key="won", outcome=StageKind.WON, decided_on=day(20), values=[("source", "web")]
    )
    assert found["open"].values == found["void"].values == ()
    assert (found["void"].decided_on, found["hold"].decided_on) == (None, None)


@pytest.mark.parametrize(
    ("key", "stage"),
    [("back", "offer"), ("lost", None), ("told", "talks"), ("open", "talks"), ("won", None)],
)
def test_the_stage_that_was_reached(key: str, stage: str | None) -> None:
    """It is the furthest visit, also after a step back; else the stage on record, if it is one."""
    assert examples(book())[key].stage == stage


def test_what_came_later_is_not_known() -> None:
    """As of a day, an opportunity that closed later is open, at the furthest stage until then."""
    found = examples(book(), day(2))["back"]
    assert (found.outcome, found.stage, found.decided_on) == (StageKind.OPEN, "talks", None)
    assert examples(book(), day(20))["won"].outcome is StageKind.WON
    assert examples(book(), day(19))["won"].outcome is StageKind.OPEN


def test_columns_of_others_and_registered_fields() -> None:
    """The segment of the customer and a registered flag are fields like any other."""
    fields = CustomFields.of(
        {"opportunities": [custom_field("is_tender", Kind.BOOLEAN, "Tender", "招标")]}
    )
    told = opportunity(
        "a",
        "new",
        "open",
        customer_id=CustomerId("c"),
        custom=custom_values(is_tender=True),
    )
    other = opportunity("b", "new", "open", custom=custom_values(is_tender=False))
    made = SalesBook(customers=book().customers, opportunities=[told, other], custom_fields=fields)
    found = examples(made, fields=[LeadField(name="segment"), LeadField(name="is_tender")])
    assert found["a"].values == (("is_tender", "true"), ("segment", "retail"))
    assert found["b"].values == (("is_tender", "false"),)


def test_leads_are_cases() -> None:
    """A converted lead is won, a disqualified one lost, each on its day; the rest are open."""
    made = SalesBook(
        leads=[
            Lead(id=LeadId("a"), name="A", source="web", converted_on=day(3)),
            Lead(
                id=LeadId("b"),
                name="B",
                kind=LeadKind.DISQUALIFIED,
                status="talks",
                disqualified_on=day(4),
            ),
            Lead(id=LeadId("c"), name="C", qualified_on=day(2), status="strange"),
            Lead(id=LeadId("d"), name="D"),
        ],
        stage_visits=[visit(1, "offer", 1, lead_id=LeadId("c"))],
    )
    found = examples(made, table="leads")
    assert found["a"] == LeadExample(
        key="a", outcome=StageKind.WON, decided_on=day(3), values=[("source", "web")]
    )
    assert found["b"] == LeadExample(
        key="b", outcome=StageKind.LOST, stage="talks", decided_on=day(4)
    )
    assert [(found[key].outcome, found[key].stage) for key in "cd"] == [
        (StageKind.OPEN, "offer"),
        (StageKind.OPEN, None),
    ]


@pytest.mark.parametrize(
    ("table", "name", "fault"),
    [
        ("opportunities", "id", "tells the decision"),
        ("opportunities", "kind", "tells the decision"),
        ("opportunities", "loss_reason", "known only since"),
        ("leads", "status", "tells the decision"),
        ("leads", "customer_id", "known only since"),
        ("leads", "opportunity_id", "known only since"),
        ("opportunities", "amount", "holds decimal values"),
        ("opportunities", "closed_on", "holds date values"),
        ("opportunities", "probability", "holds decimal values"),
    ],
)
def test_fields_that_tell_the_outcome(table: str, name: str, fault: str) -> None:
    """What is known only of decided cases, or is no category, is no field to score by."""
    field = LeadField(name=name)
    with pytest.raises(InvalidValue, match=fault):
        examples(book(), table=table, fields=[field])


def test_unknown_names() -> None:
    """A table or column that is none is named with those that are."""
    with pytest.raises(UnknownName, match="orders"):
        examples(book(), table="orders")
    with pytest.raises(UnknownName, match="colour"):
        examples(book(), fields=[LeadField(name="colour")])


def test_cases_make_a_model() -> None:
    """What is read from the facts can be learned from as it is."""
    model = LeadModel.fit(examples(book()).values(), fields=SOURCE, stages=STAGES, minimum_cases=4)
    assert [(one.value, one.won, one.lost) for one in model.stages] == [
        ("new", 1, 2),
        ("talks", 1, 2),
        ("offer", 1, 1),
    ]
    assert (model.lost, model.reason) == (3, None)
