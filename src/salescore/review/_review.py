"""`review_book` and `review_facts`: facts in, sales review out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, cast

import attrs

from salescore.book import Facts, RateChoice, RevenueBasis, SalesBook, check_book
from salescore.errors import InvalidValue
from salescore.grading import SegmentMembers
from salescore.metrics import (
    CATALOGUE,
    Abc,
    Aggregate,
    AnyFacts,
    Attainment,
    Comparison,
    Dimension,
    FigureSource,
    Measure,
    Reduction,
    Slice,
    Trend,
    abc,
    attainment,
    compare,
    find_figure,
    slices_of,
    source_of,
    trend,
)
from salescore.playbook import Playbook, check_playbook
from salescore.review._findings import business_findings
from salescore.review._grades import GradeReview
from salescore.review._notes import exclusion_notes, period_notes, refusal_notes, target_notes
from salescore.review._process import ProcessReview, process_review
from salescore.review._replay import grade_reviews, segment_reviews
from salescore.review._slices import has_facts, sliced_by
from salescore.values import CalendarUnit, Finding, Period, Severity

if TYPE_CHECKING:
    from salescore.exchange import FileReport
    from salescore.values import Calendar, RatePolicy, WorkingCalendar

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
        process: What is to be told of the sales process; `None` where no opportunity is known.
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
    process: ProcessReview | None
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
    working: WorkingCalendar | None = None,
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
        playbook: Rules by which customers are graded, and funnels by which the sales process is
            told; by default nobody is graded, and no order of stages is known.
        working: Working days and hours, which service limits of stages may count in.
        findings: What an import found, to stand among the findings.
        files: What an import made of each file; what it refused is noted.

    Raises:
        InvalidValue: What was given is no book, or there is no period to review: the book has no
            date and none was given.
        UnknownName: No such dimension.
    """
    if not isinstance(cast("object", book), SalesBook):
        raise InvalidValue("book", book, "it must be a SalesBook; facts go to review_facts")
    notes: list[str] = []
    last_day = as_of or book.last_day
    if as_of is None:
        as_of = book.last_known
        if as_of is not None:
            notes.append(f"No as-of day was given; {as_of} is the last date among the facts.")
    facts = Facts.of(book, currency=currency, rates=rates, calendar=calendar, as_of=as_of)
    if during is None:
        during = _year_of(last_day or as_of, facts.calendar)
    several = len(facts.known.book.currencies) > 1
    if currency is None and several and not _names_currency(rates):
        notes.append(f"The facts are in several currencies; {facts.currency} is the most frequent.")
    grades: tuple[GradeReview, ...] = ()
    segments: tuple[SegmentMembers, ...] = ()
    faults: tuple[Finding, ...] = ()
    graded: list[str] = []
    if playbook is not None:
        faults = check_playbook(playbook, facts)
        grades, recorded, told = grade_reviews(playbook, facts, during)
        faults = (*faults, *recorded)
        segments, refused = segment_reviews(playbook, facts, during)
        graded = [*told, *refused]
    process, broken, untold = process_review(facts, during, playbook, working)
    reviewed = _reviewed(source_of(facts), during, by, attainment(facts, during=during))
    return attrs.evolve(
        reviewed,
        basis=facts.basis.value,
        rate_policy=facts.rates.name if several else None,
        grades=grades,
        segments=segments,
        process=process,
        findings=_by_gravity(
            *reviewed.findings,
            *faults,
            *broken,
            *facts.findings(),
            *findings,
            *check_book(facts.known.book),
        ),
        notes=(
            *notes,
            *period_notes(during, as_of),
            *refusal_notes(files),
            *reviewed.notes,
            *graded,
            *untold,
        ),
    )


def review_facts(
    facts: AnyFacts,
    *,
    during: Period | None = None,
    by: str | Sequence[str] | None = None,
    targets: Facts | None = None,
) -> Review:
    """
    Return the review of facts wherever they are, such as dataframes on an engine.

    Only columns that figures need are read, and no more of them kept at a time than the source
    allows itself, so the facts may be larger than the memory.
    Faults of single records are not looked for, nobody is graded, and the sales process is not
    told: all of this needs the records. The functions of `pipeline` take such facts one by one.

    Args:
        facts: The fact tables of a book, or another source, such as `FrameFacts`.
        during: Period under review; by default the year of the calendar in which the last day of
            the facts falls.
        by: Dimensions to slice by; by default those of `DEFAULT_DIMENSIONS` that the facts have.
        targets: Facts of a book whose targets are set beside what the facts say was reached.

    Raises:
        CurrencyMismatch: Targets in another reporting currency.
        InvalidValue: There is no period to review: the facts have no date and none was given.
        UnknownName: No such dimension.
    """
    source = source_of(facts)
    if during is None:
        during = _year_of(source.last_day, source.calendar)
    attainments = () if targets is None else attainment(targets, over=source, during=during)
    reviewed = _reviewed(source, during, by, attainments)
    notes = (*period_notes(during, source.as_of), *reviewed.notes)
    return attrs.evolve(reviewed, notes=notes)


def _year_of(day: date | None, calendar: Calendar) -> Period:
    if day is None:
        raise InvalidValue("during", None, "the facts have no date; say which period to review")
    return calendar.period(day, CalendarUnit.YEAR)


def _reviewed(
    source: FigureSource,
    during: Period,
    by: str | Sequence[str] | None,
    attainments: tuple[Attainment, ...],
) -> Review:
    """Return what a review says of any facts, wherever these are."""
    comparisons = compare(CATALOGUE, source, during=during)
    sliced = sliced_by(source, during, by)
    figure, ranking = _abc(source, during)
    return Review(
        as_of=source.as_of,
        period=during,
        calendar=source.calendar.name,
        currency=source.currency,
        comparisons=comparisons,
        dimensions=sliced.dimensions,
        slices=sliced.slices,
        basis=_basis(source),
        rate_policy=None,
        attainments=attainments,
        trends=_trends(source, during),
        abc_figure=figure,
        abc=ranking,
        grades=(),
        segments=(),
        process=None,
        findings=_by_gravity(*business_findings(source, during)),
        notes=(*sliced.notes, *exclusion_notes(comparisons), *target_notes(attainments)),
    )


def _basis(source: FigureSource) -> str:
    """Return what counts as sold: what was invoiced, if any sales line is of an invoice."""
    lines = Measure(name="lines", table="sales_lines", aggregate=Aggregate.COUNT)
    reduction = Reduction(name="basis", table="sales_lines", keys=["record"], measures=[lines])
    (found,) = source.reduce([reduction], None)
    invoiced = ("invoice_lines",) in found.keys
    return str((RevenueBasis.INVOICED if invoiced else RevenueBasis.BOOKED).value)


def _by_gravity(*findings: Finding) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda one: _GRAVITY[one.severity]))


def _names_currency(rates: RatePolicy | RateChoice | None) -> bool:
    """Return whether exchange rates say which currency is reported in."""
    return rates is not None and not isinstance(rates, RateChoice)


_GRAVITY = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def _trends(source: FigureSource, during: Period) -> tuple[Trend, ...]:
    """Return the main figures by month up to the end of the period, or of what is known."""
    if CalendarUnit.MONTH not in source.calendar.units:
        return ()
    known = source.as_of or during.last_day
    return tuple(
        trend(name, source, until=min(known, during.last_day))
        for name in TRENDS
        if has_facts(find_figure(name), source)
    )


def _abc(source: FigureSource, during: Period) -> tuple[str | None, Abc | None]:
    """Rank customers by revenue, or by won amount where the facts have no orders."""
    for name, table in (("revenue", "sales_lines"), ("won_amount", "opportunities")):
        if source.has_rows(table):
            return name, abc(slices_of([name], source, by="customer", during=during)[0])
    return None, None
