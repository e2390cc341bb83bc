"""Needs, solutions, demonstrations, negotiations and clauses in a book: references and time."""

from datetime import date
from typing import Any

import pytest

from salescore.book import SalesBook, check_book, lead_kind
from salescore.book._known import known_book
from salescore.entities import (
    ContractClause,
    ContractClauseId,
    ContractId,
    Demonstration,
    DemonstrationId,
    DemonstrationKind,
    Lead,
    LeadId,
    LeadKind,
    Need,
    NeedCoverage,
    NeedCoverageId,
    NeedId,
    Negotiation,
    NegotiationId,
    Objection,
    ObjectionId,
    OpportunityId,
    Solution,
    SolutionId,
    record_table,
)

EARLY, LATE = date(2017, 2, 1), date(2017, 3, 1)
SALE = OpportunityId("CA-1")


def test_links_between_needs_and_solutions_are_checked() -> None:
    """A link to a need that there is not is told; the others are sound."""
    one = Need(id=NeedId("N1"), need="speed")
    solution = Solution(id=SolutionId("S1"), opportunity_id=SALE)
    links = [
        NeedCoverage(id=NeedCoverageId(key), solution_id=solution.id, need_id=NeedId(need))
        for key, need in (("1", "N1"), ("2", "N2"))
    ]
    book = SalesBook(needs=[one], solutions=[solution], need_coverages=links)
    found = {(one.code, one.subject) for one in check_book(book)}
    assert found == {("dangling-reference", "needs/N2"), ("dangling-reference", "opportunities")}


def test_a_link_is_known_with_the_need_and_the_solution() -> None:
    """Before both were there nobody knew of it."""
    book = SalesBook(
        needs=[Need(id=NeedId("N1"), need="speed", found_on=EARLY)],
        solutions=[Solution(id=SolutionId("S1"), opportunity_id=SALE, offered_on=LATE)],
        need_coverages=[
            NeedCoverage(id=NeedCoverageId("1"), solution_id=SolutionId("S1"), need_id=NeedId("N1"))
        ],
    )
    before, after = (known_book(book, day, "UTC").book for day in (EARLY, LATE))
    assert (len(before.needs), before.solutions, before.need_coverages) == (1, (), ())
    assert (len(after.solutions), len(after.need_coverages)) == (1, 1)


def test_what_came_of_it_is_not_known_before() -> None:
    """An outcome, an answer and a settlement are known since their days."""
    book = SalesBook(
        demonstrations=[
            Demonstration(
                id=DemonstrationId("D1"),
                opportunity_id=SALE,
                kind=DemonstrationKind.TRIAL,
                started_on=EARLY,
                ended_on=LATE,
                outcome="they want it",
            )
        ],
        objections=[
            Objection(
                id=ObjectionId("B1"),
                opportunity_id=SALE,
                objection="too dear",
                answer="it lasts",
                raised_on=EARLY,
                resolved_on=LATE,
            )
        ],
        negotiations=[
            Negotiation(
                id=NegotiationId("G1"), opportunity_id=SALE, started_on=EARLY, ended_on=LATE
            )
        ],
    )
    before = known_book(book, EARLY, "UTC").book
    (showing,), (objection,), (talks,) = (
        before.demonstrations,
        before.objections,
        before.negotiations,
    )
    assert (showing.kind, showing.ended_on, showing.outcome) == (
        DemonstrationKind.TRIAL,
        None,
        None,
    )
    assert (objection.objection, objection.answer, objection.resolved_on) == (
        "too dear",
        None,
        None,
    )
    assert talks.ended_on is None
    assert known_book(book, LATE, "UTC").book == book


def test_a_clause_is_known_since_it_was_settled() -> None:
    """Before that day nobody knew of it, for nothing else happened to it."""
    clause = ContractClause(
        id=ContractClauseId("K1"),
        contract_id=ContractId("V1"),
        clause="price",
        is_settled=True,
        settled_on=LATE,
    )
    book = SalesBook(contract_clauses=[clause])
    assert known_book(book, EARLY, "UTC").book.contract_clauses == ()
    assert known_book(book, LATE, "UTC").book.contract_clauses == (clause,)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({}, LeadKind.OPEN),
        ({"qualified_on": EARLY}, LeadKind.QUALIFIED),
        ({"qualified_on": EARLY, "disqualified_on": LATE}, LeadKind.DISQUALIFIED),
        ({"disqualified_on": EARLY, "converted_on": LATE}, LeadKind.CONVERTED),
        ({"kind": LeadKind.OPEN, "converted_on": LATE}, LeadKind.OPEN),
    ],
)
def test_the_kind_of_a_lead_is_told_by_its_dates(given: dict[str, Any], kind: LeadKind) -> None:
    """Where it is not recorded."""
    assert lead_kind(Lead(id=LeadId("L1"), name="Ann", **given)) is kind


def test_what_customers_say_is_erased_with_them() -> None:
    """Records of what was said refer to the customer, too."""
    for name in ("needs", "solutions", "demonstrations", "negotiations", "objections"):
        table = record_table(name)
        assert table.field("customer_id").refers == "customers"
