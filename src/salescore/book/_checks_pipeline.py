"""Faults of leads, opportunities, stage visits and the work on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise

from salescore.book._book import SalesBook
from salescore.book._faults import Fault, judged
from salescore.book._visit_order import SubjectVisits, left_day
from salescore.entities import FollowUp, Lead, Opportunity, StageKind, StageVisit, Task
from salescore.values import Finding, Severity

_CLOSED = (StageKind.WON, StageKind.LOST, StageKind.VOID)

_OPPORTUNITY_FAULTS: tuple[tuple[Fault, Callable[[Opportunity], bool]], ...] = (
    (
        Fault(
            "closed-before-opened",
            Severity.ERROR,
            "opportunities",
            "closed before opened or first contacted",
            "the sales cycle leaves such out",
        ),
        lambda one: (
            one.closed_on is not None
            and any(
                day is not None and day > one.closed_on
                for day in (one.created_on, one.first_contact_on)
            )
        ),
    ),
    (
        Fault(
            "closed-without-date",
            Severity.ERROR,
            "opportunities",
            "closed without a closing date",
            "figures of a period leave such out",
        ),
        lambda one: one.kind in _CLOSED and one.closed_on is None,
    ),
    (
        Fault(
            "open-with-closing-date",
            Severity.WARNING,
            "opportunities",
            "not closed, yet with a closing date",
            "the kind holds",
        ),
        lambda one: one.kind not in _CLOSED and one.closed_on is not None,
    ),
    (
        Fault(
            "probability-of-closed",
            Severity.WARNING,
            "opportunities",
            "closed with a probability other than 1 for won, 0 for lost",
            "the kind holds",
        ),
        lambda one: (
            one.kind in _CLOSED
            and one.probability not in (None, Decimal(one.kind is StageKind.WON))
        ),
    ),
)

_LEAD_FAULTS: tuple[tuple[Fault, Callable[[Lead], bool]], ...] = (
    (
        Fault(
            "converted-and-disqualified",
            Severity.WARNING,
            "leads",
            "both converted and disqualified",
            "without a kind of its own such a lead counts as converted",
        ),
        lambda one: one.converted_on is not None and one.disqualified_on is not None,
    ),
)

_VISIT_FAULTS: tuple[tuple[Fault, Callable[[StageVisit], bool]], ...] = (
    (
        Fault(
            "left-before-entered",
            Severity.ERROR,
            "stage_visits",
            "left before entered",
            "the time in stage leaves such out",
        ),
        lambda one: (
            (one.left_on is not None and one.left_on < one.entered_on)
            or (
                one.left_at is not None
                and one.entered_at is not None
                and one.left_at < one.entered_at
            )
        ),
    ),
    (
        Fault(
            "visit-of-nobody",
            Severity.WARNING,
            "stage_visits",
            "of neither a lead nor an opportunity",
            "nobody can tell what followed",
        ),
        lambda one: one.opportunity_id is None and one.lead_id is None,
    ),
)
_OVERLAP = Fault(
    "stage-visits-overlap",
    Severity.WARNING,
    "stage_visits",
    "entered before the stage before was left",
    "the time in both stages is counted",
)


def _is_done_early(one: Task | FollowUp) -> bool:
    return one.done_on is not None and one.created_on is not None and one.done_on < one.created_on


def pipeline_faults(book: SalesBook) -> Iterator[Finding]:
    """Yield the faults of leads, opportunities, stage visits, tasks and follow-ups."""
    yield from judged(book.opportunities, _OPPORTUNITY_FAULTS)
    yield from judged(book.leads, _LEAD_FAULTS)
    yield from judged(book.stage_visits, _VISIT_FAULTS)
    yield from _OVERLAP.found(_overlapping(book))
    for name in ("tasks", "follow_ups"):
        early = Fault(
            "done-before-created",
            Severity.WARNING,
            name,
            "done before it was given",
            "one of the dates is wrong",
        )
        yield from judged(book.records(name), [(early, _is_done_early)])


def _overlapping(book: SalesBook) -> Iterator[str]:
    """Yield the visits that began before the one before of the same funnel had ended."""
    visits = book.stage_visits
    whose = SubjectVisits.of(visits, events=book.events)
    for number in range(1, len(whose)):
        funnels: dict[str | None, list[StageVisit]] = {}
        for place in whose.places(number):
            funnels.setdefault(visits[place].funnel, []).append(visits[place])
        for those in funnels.values():
            for before, after in pairwise(those):
                if _is_under_way(before, after):
                    yield after.id


def _is_under_way(before: StageVisit, after: StageVisit) -> bool:
    """Return whether a visit had not ended when another began."""
    if before.left_on is None and before.left_at is not None and after.entered_at is not None:
        return before.left_at > after.entered_at
    left = left_day(before, "UTC")
    return left is None or left > after.entered_on
