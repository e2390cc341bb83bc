"""`review_book`: book in, sales review out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import attrs

from salescore.book import Facts, RateChoice, SalesBook, check_book
from salescore.errors import InvalidValue
from salescore.grading import SegmentMembers
from salescore.metrics import (
    CATALOGUE,
    Abc,
    Attainment,
    Comparison,
    Dimension,
    Slice,
    Trend,
    abc,
    attainment,
    compare,
    find_figure,
    slices_of,
    trend,
)
from salescore.playbook import Playbook, check_playbook
from salescore.review._findings import business_findings
from salescore.review._grades import GradeReview
from salescore.review._notes import exclusion_notes, period_notes, refusal_notes, target_notes
from salescore.review._replay import grade_reviews, segment_reviews
from salescore.review._slices import has_facts, sliced_by
from salescore.values import CalendarUnit, Finding, Period, Severity

if TYPE_CHECKING:
    from salescore.exchange import FileReport
    from salescore.values import Calendar, RatePolicy

TRENDS = ("revenue", "gross_profit", "collections", "won_amount")
"""Figures that a review shows over time."""


@attrs.frozen(kw_only=True)
class Review:
    """
    A sales review: figures beside their past, slices, customers by ABC, findings.

    Attributes:
        as_of: Last day whose facts are seen; `None` where the book has no date at all.
        period: Period under review.
        calendar: Name of the calendar.
        currency: Reporting currency.
        comparisons: Every figure beside the previous period and a year ago.
        dimensions: What the figures are sliced by, each once, in the order asked for.
        slices: Figure, dimension and slices, in the order of the catalogue.
        basis: What counts as sold: "booked" or "invoiced".
        rate_policy: Name of the exchange-rate policy; `None` where all money is in one currency.
        attainments: What was reached of the targets whose period lies in that under review.
        trends: Main figures over the last twelve months of the period.
        abc_figure: Figure that the customers are ranked by; `None` where there is none.
        abc: The customers' ABC analysis; `None` where there is none.
        grades: What each policy of the playbook says of the customers.
        segments: Who belongs to each segment of the playbook, on the same day.
        findings: Faults and facts worth knowing, the gravest first.
        notes: What a reader must know to read the figures right.
    """

    as_of: date | None
    period: Period
    calendar: str
    currency: str
    comparisons: tuple[Comparison, ...]
    dimensions: tuple[Dimension, ...]
    slices: tuple[tuple[str, str, tuple[Slice, ...]], ...]
    basis: str
    rate_policy: str | None
    attainments: tuple[Attainment, ...]
    trends: tuple[Trend, ...]
    abc_figure: str | None
    abc: Abc | None
    grades: tuple[GradeReview, ...]
    segments: tuple[SegmentMembers, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]

    def comparison(self, name: str) -> Comparison:
        """Return one figure beside its past."""
        return next(one for one in self.comparisons if one.definition.name == name)

    def slices_by(self, name: str, dimension: str) -> tuple[Slice, ...]:
        """Return the slices of one figure by one dimension; none where the review has none."""
        return next(
            (found for figure, by, found in self.slices if (figure, by) == (name, dimension)), ()
        )


def review_book(
    book: SalesBook,
    *,
    during: Period | None = None,
    as_of: date | None = None,
    calendar: Calendar | None = None,
    currency: str | None = None,
    rates: RatePolicy | RateChoice | None = None,
    by: str | Sequence[str] | None = None,
    playbook: Playbook | None = None,
    findings: Sequence[Finding] = (),
    files: Sequence[FileReport] = (),
) -> Review:
    """
    Return the review of a book.

    Args:
        book: The facts.
        during: Period under review; by default the year of the calendar in which `as_of` falls, or
            the last business date where `as_of` was not given.
        as_of: Last day whose facts are seen; by default the last date among the facts, be it the
            day of a business or that on which it was recorded.
        calendar: Calendar of periods; by default years that begin in January.
        currency: Reporting currency; by default that of `rates`, else the most frequent one.
        rates: Exchange rates into the reporting currency, or which of the book's own to take; by
            default the spot rate of each row's date. A row without one is counted, not priced.
        by: Dimensions to slice by; by default those of `DEFAULT_DIMENSIONS` that the facts have.
            Where one that was asked for has no slice, a note says why.
        playbook: Rules by which customers are graded; by default nobody is.
        findings: What an import found, to stand among the findings.
        files: What an import made of each file; what it refused is noted.

    Raises:
        InvalidValue: There is no period to review: the book has no date and none was given.
        UnknownName: No such dimension.
    """
    notes: list[str] = []
    last_day = as_of or book.last_day
    if as_of is None:
        as_of = book.last_known
        if as_of is not None:
            notes.append(f"No as-of day was given; {as_of} is the last date among the facts.")
    facts = Facts.of(book, currency=currency, rates=rates, calendar=calendar, as_of=as_of)
    if during is None:
        day = last_day or as_of
        if day is None:
            raise InvalidValue("during", None, "the facts have no date; say which period to review")
        during = facts.calendar.period(day, CalendarUnit.YEAR)
    comparisons = compare(CATALOGUE, facts, during=during)
    several = len(facts.known.book.currencies) > 1
    if currency is None and several and not _names_currency(rates):
        notes.append(f"The facts are in several currencies; {facts.currency} is the most frequent.")
    attainments, sliced = attainment(facts, during=during), sliced_by(facts, during, by)
    notes += period_notes(during, as_of)
    notes += refusal_notes(files)
    notes += sliced.notes
    notes += exclusion_notes(comparisons)
    notes += target_notes(attainments)
    figure, ranking = _abc(facts, during)
    grades: tuple[GradeReview, ...] = ()
    segments: tuple[SegmentMembers, ...] = ()
    faults: tuple[Finding, ...] = ()
    if playbook is not None:
        faults = check_playbook(playbook, facts)
        grades, recorded, told = grade_reviews(playbook, facts, during)
        faults = (*faults, *recorded)
        segments, refused = segment_reviews(playbook, facts, during)
        notes += (*told, *refused)
    found = (
        *business_findings(facts, during),
        *faults,
        *facts.findings(),
        *findings,
        *check_book(facts.known.book),
    )
    return Review(
        as_of=as_of,
        period=during,
        calendar=facts.calendar.name,
        currency=facts.currency,
        comparisons=comparisons,
        dimensions=sliced.dimensions,
        slices=sliced.slices,
        basis=facts.basis.value,
        rate_policy=facts.rates.name if several else None,
        attainments=attainments,
        trends=_trends(facts, during),
        abc_figure=figure,
        abc=ranking,
        grades=grades,
        segments=segments,
        findings=tuple(sorted(found, key=lambda one: _GRAVITY[one.severity])),
        notes=tuple(notes),
    )


def _names_currency(rates: RatePolicy | RateChoice | None) -> bool:
    """Return whether exchange rates say which currency is reported in."""
    return rates is not None and not isinstance(rates, RateChoice)


_GRAVITY = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def _trends(facts: Facts, during: Period) -> tuple[Trend, ...]:
    """Return the main figures by month up to the end of the period, or of what is known."""
    if CalendarUnit.MONTH not in facts.calendar.units:
        return ()
    known = facts.as_of or during.last_day
    return tuple(
        trend(name, facts, until=min(known, during.last_day))
        for name in TRENDS
        if has_facts(find_figure(name), facts)
    )


def _abc(facts: Facts, during: Period) -> tuple[str | None, Abc | None]:
    """Rank customers by revenue, or by won amount where the book has no orders."""
    for name, table in (("revenue", "sales_lines"), ("won_amount", "opportunities")):
        if len(facts.table(table)):
            return name, abc(slices_of([name], facts, by="customer", during=during)[0])
    return None, None
