"""Conversion is by cohort: lost ones stay in, loops count once, what is open is told beside it."""

from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.small_books import RATES, crowded_books, day, facts_of, opportunity, usd

from salescore.book import Facts, SalesBook
from salescore.entities import (
    Invoice,
    InvoiceId,
    Lead,
    LeadId,
    LeadKind,
    OpportunityId,
    Payment,
    PaymentId,
    StageKind,
    StageVisit,
    StageVisitId,
)
from salescore.metrics import CATALOGUE, Figure, figure, figures, slices
from salescore.values import Calendar, Period, exact_sum

JANUARY = Calendar().parse("2024-01")


def lead(number: int, created: str, **fields: Any) -> Lead:  # noqa: ANN401
    """Return a lead."""
    return Lead(id=LeadId(f"h{number}"), name="Lead", created_on=day(created), **fields)


def visit(
    number: int, subject: str, stage: str, entered: str, left: str | None = None
) -> StageVisit:
    """Return a visit of an opportunity."""
    return StageVisit(
        id=StageVisitId(f"s{number}"),
        stage=stage,
        opportunity_id=OpportunityId(subject),
        entered_on=day(entered),
        left_on=None if left is None else day(left),
        kind=StageKind.WON if stage == "Won" else StageKind.OPEN,
    )


def test_leads_are_followed_from_their_creation() -> None:
    """Of five leads of January one converts in March, one is given up, three are open: 20 %."""
    leads = [
        lead(1, "2024-01-05", converted_on=date(2024, 3, 1)),
        lead(2, "2024-01-06", disqualified_on=date(2024, 1, 9)),
        lead(3, "2024-01-07"),
        lead(4, "2024-01-08", qualified_on=date(2024, 1, 9)),
        lead(5, "2024-01-09", kind=LeadKind.OPEN),
        lead(6, "2023-12-30", converted_on=date(2024, 1, 15)),
    ]
    names = ["leads_created", "conversion_rate", "conversion_open_share"]
    created, rate, still_open = figures(names, facts_of(SalesBook(leads=leads)), during=JANUARY)
    assert (created.value, rate.value, still_open.value) == (5, Decimal("0.2"), Decimal("0.6"))
    before = Facts.of(SalesBook(leads=leads), as_of=date(2024, 2, 1))
    assert [one.value for one in figures(names, before, during=JANUARY)] == [5, 0, Decimal("0.8")]


def test_stages_by_cohort() -> None:
    """Three enter Talks: one goes on after coming back to it, one is lost, one is still there."""
    book = SalesBook(
        opportunities=[
            opportunity(1, "won", closed_on="2024-03-01"),
            opportunity(2, "lost", closed_on="2024-02-01"),
            opportunity(3, "open"),
        ],
        stage_visits=[
            visit(1, "p1", "Talks", "2024-01-02", "2024-01-04"),
            visit(2, "p1", "Offer", "2024-01-04", "2024-01-10"),
            visit(3, "p1", "Talks", "2024-01-10", "2024-01-30"),
            visit(4, "p1", "Won", "2024-03-01"),
            visit(5, "p2", "Talks", "2024-01-03", "2024-02-01"),
            visit(6, "p3", "Talks", "2024-01-04"),
        ],
    )
    facts = facts_of(book)
    by_stage = {
        name: {one.key: one.figure for one in slices(name, facts, by="stage", during=JANUARY)}
        for name in ("stage_conversion", "stage_open_share", "stage_win_rate")
    }
    talks = {name: found["Talks"] for name, found in by_stage.items()}
    assert [(one.numerator, one.denominator) for one in talks.values()] == [(1, 3), (1, 3), (1, 3)]
    assert by_stage["stage_conversion"]["Offer"].value == 1
    assert "Won" not in by_stage["stage_conversion"]
    assert figure("stage_days_median", facts, during=JANUARY).value == 6


def test_a_new_version_of_the_funnel_leads_nowhere() -> None:
    """A stay that a migration parts counts once, from its beginning, and is no advance by it."""
    old = {"funnel": "sale", "funnel_version": "1"}
    new = {"funnel": "sale", "funnel_version": "2"}
    parts = [
        attrs.evolve(visit(1, "p1", "Talks", "2024-01-02", "2024-02-01"), **old),
        attrs.evolve(visit(2, "p1", "Meetings", "2024-02-01", "2024-02-11"), **new),
    ]
    sale = opportunity(1, "open")
    facts = facts_of(SalesBook(opportunities=[sale], stage_visits=parts))
    found = figure("stage_conversion", facts, during=JANUARY)
    assert (found.numerator, found.denominator) == (0, 1)
    assert figure("stage_conversion", facts, during=Calendar().parse("2024-02")).value is None
    days = figure("stage_days_median", facts)
    assert (days.value, days.n, days.excluded) == (40, 1, ())


@settings(deadline=None, max_examples=100)
@given(crowded_books(), st.one_of(st.none(), st.dates(date(2023, 8, 1), date(2024, 10, 1))))
def test_a_part_is_no_more_than_the_whole(book: SalesBook, as_of: date | None) -> None:
    """The numerator of every share is at most its denominator, and its interval holds its value."""
    facts = facts_of(book, rates=RATES, as_of=as_of)
    for one in figures([one for one in CATALOGUE if one.is_share], facts):
        if one.value is None:
            assert one.interval is None
            continue
        assert one.numerator is not None
        assert one.denominator is not None
        assert one.numerator <= one.denominator == one.n
        assert one.interval is not None
        assert one.interval.low <= one.value <= one.interval.high


@settings(deadline=None, max_examples=100)
@given(crowded_books())
def test_advanced_lost_and_open_are_all(book: SalesBook) -> None:
    """What advanced and what is open never exceed all first visits, whatever the slice."""
    facts = facts_of(book)
    shares = [slices(name, facts, by="stage") for name in ("stage_conversion", "stage_open_share")]
    for advanced, still_open in zip(
        *(sorted(one, key=lambda s: s.label) for one in shares), strict=True
    ):
        parts = [one.figure.numerator or Decimal(0) for one in (advanced, still_open)]
        assert exact_sum(parts) <= (advanced.figure.denominator or 0)


def test_an_interval_needs_a_share_of_rows() -> None:
    """81 of 263: .25529 to .36621; a ratio of money has none, nor has more than the whole."""

    def made(**fields: Any) -> Figure:  # noqa: ANN401
        values = {"numerator": Decimal(81), "denominator": Decimal(263), "is_share": True}
        return Figure(name="x", value=Decimal("0.3"), unit="fraction", **{**values, **fields})

    found = made().interval
    assert found is not None
    assert (round(found.low, 5), round(found.high, 5)) == (Decimal("0.25529"), Decimal("0.36621"))
    assert made(is_share=False).interval is None
    assert made(numerator=Decimal(300)).interval is None
    assert made(numerator=None).interval is None
    assert made(numerator=Decimal(0), denominator=Decimal(0)).interval is None


def test_collections_by_the_date_of_payment() -> None:
    """Invoiced 100 in December and 200 in January, paid 100 and 50 in January: 75 %."""
    book = SalesBook(
        invoices=[
            Invoice(id=InvoiceId("1"), issued_on=date(2023, 12, 1), amount=usd(100)),
            Invoice(id=InvoiceId("2"), issued_on=date(2024, 1, 5), amount=usd(200)),
        ],
        payments=[
            Payment(id=PaymentId("1"), received_on=date(2024, 1, 2), amount=usd(100)),
            Payment(id=PaymentId("2"), received_on=date(2024, 1, 31), amount=usd(50)),
            Payment(id=PaymentId("3"), received_on=date(2024, 2, 1), amount=usd(150)),
        ],
    )
    names = ["invoiced_amount", "collections", "collection_ratio_period"]
    found = figures(names, facts_of(book), during=JANUARY)
    assert [one.value for one in found] == [200, 150, Decimal("0.75")]
    march = Period.custom(date(2024, 3, 1), date(2024, 3, 31))
    nothing = figure("collection_ratio_period", facts_of(book), during=march)
    assert nothing.reason == "nothing to divide by: invoiced amount is 0"


@pytest.mark.parametrize("name", ["conversion_rate", "stage_conversion", "collections"])
def test_chinese_labels(name: str) -> None:
    """The words of the glossary stand on the figures."""
    words = {"conversion_rate": "转化率", "stage_conversion": "阶段转化率", "collections": "回款"}
    assert {one.name: one.labels[1] for one in CATALOGUE}[name] == words[name]
