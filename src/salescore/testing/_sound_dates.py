"""What makes the dates of a drawn book fit each other."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from salescore.entities import LeadKind, StageKind
from salescore.testing._tapes import FIRST_DAY, LAST_DAY, ODD_DAYS, Draft, Raw, instant_of

_COURSES = {
    "appraisals": (("starts_on", "ends_on", "decided_on"),),
    "campaigns": (("starts_on", "ends_on"),),
    "campaign_members": (("joined_on", "sent_on", "opened_on", "replied_on"),),
    "cases": (("opened_on", "responded_on", "resolved_on"),),
    "claims": (("claimed_on", "returned_on"),),
    "contracts": (("drafted_on", "signed_on", "starts_on", "ends_on"),),
    "deliveries": (("shipped_on", "delivered_on"),),
    "demonstrations": (("started_on", "ended_on"),),
    "follow_ups": (("created_on", "done_on"),),
    "grade_intervals": (("starts_on", "ends_on"),),
    "tags": (("starts_on", "ends_on"),),
    "improvements": (("found_on", "done_on"),),
    "invoices": (("issued_on", "due_on"), ("issued_on", "voided_on")),
    "leads": (("created_on", "qualified_on", "converted_on", "disqualified_on"),),
    "market_sizes": (("starts_on", "ends_on", "published_on"),),
    "negotiations": (("started_on", "ended_on"),),
    "objections": (("raised_on", "resolved_on"),),
    "orders": (("ordered_on", "required_on"), ("ordered_on", "voided_on")),
    "price_books": (("valid_from", "valid_until"),),
    "price_book_entries": (("valid_from", "valid_until"),),
    "product_costs": (("valid_from", "valid_until"),),
    "quotes": (("quoted_on", "accepted_on", "valid_until"), ("quoted_on", "voided_on")),
    "sales_reps": (("hired_on", "left_on"),),
    "stage_visits": (("entered_on", "left_on"),),
    "statements": (("starts_on", "ends_on", "issued_on", "paid_on"),),
    "survey_responses": (("sent_on", "answered_on"),),
    "targets": (("starts_on", "ends_on"),),
    "tasks": (("created_on", "done_on"),),
    "territory_assignments": (("starts_on", "ends_on"),),
}
"""By record type, dates that follow each other; the first of them all is never moved behind."""

_TIMES = {
    "activities": (("happened_on", "happened_at"),),
    "cases": (
        ("opened_on", "opened_at"),
        ("responded_on", "responded_at"),
        ("resolved_on", "resolved_at"),
    ),
    "claims": (("claimed_on", "claimed_at"),),
    "follow_ups": (("due_on", "due_at"),),
    "stage_visits": (("entered_on", "entered_at"), ("left_on", "left_at")),
}
"""By record type, days and the times on them."""

_CLOSED = (StageKind.WON, StageKind.LOST, StageKind.VOID)
_LATER = (
    (LeadKind.OPEN, ("qualified_on", "converted_on", "disqualified_on")),
    (LeadKind.QUALIFIED, ("converted_on", "disqualified_on")),
    (LeadKind.CONVERTED, ("disqualified_on",)),
    (LeadKind.DISQUALIFIED, ("converted_on",)),
)
_NEXT = timedelta(days=1)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def mend_odd_days(draft: Draft) -> None:
    """Put the last day where a system wrote "no date"."""
    for records in draft.values():
        for raw in records:
            for name, value in raw.items():
                if type(value) is date and value in ODD_DAYS:
                    raw[name] = LAST_DAY


def mend_courses(draft: Draft) -> None:
    """Put dates that follow each other in order."""
    for name, courses in _COURSES.items():
        for raw in draft[name]:
            for course in courses:
                _sort(raw, course)


def _sort(raw: Raw, course: tuple[str, ...]) -> None:
    names = [name for name in course if raw[name] is not None]
    days = sorted(raw[name] for name in names)
    raw.update(zip(names, days, strict=True))


def mend_times(draft: Draft) -> None:
    """Put times on their days, and in order where both are on one day."""
    for name, pairs in _TIMES.items():
        for raw in draft[name]:
            earliest: datetime | None = None
            for on, at in pairs:
                if raw[at] is None or raw[on] is None:
                    raw[at] = None
                    continue
                moment = instant_of(raw[on], raw[at].second * 3600 + raw[at].minute)
                raw[at] = earliest = moment if earliest is None else max(earliest, moment)


def mend_opportunities(draft: Draft) -> None:
    """Make dates, kind and probability of every opportunity fit each other."""
    for raw in draft["opportunities"]:
        if raw["kind"] not in _CLOSED:
            raw["closed_on"] = None
            continue
        begun = [day for day in (raw["created_on"], raw["first_contact_on"]) if day is not None]
        raw["closed_on"] = max([*begun, raw["closed_on"] or LAST_DAY])
        raw["probability"] = Decimal(raw["kind"] is StageKind.WON)


def mend_leads(draft: Draft) -> None:
    """Leave a lead the dates of what became of it."""
    for raw in draft["leads"]:
        for kind, names in _LATER:
            if raw["kind"] is kind:
                raw.update(dict.fromkeys(names))
        if raw["converted_on"] is not None:
            raw["disqualified_on"] = None


def mend_statuses(draft: Draft) -> None:
    """Leave a state its word only where a kind says what it stands for."""
    for name in ("leads", "quotes", "contracts", "orders", "invoices"):
        for raw in draft[name]:
            if raw["kind"] is None:
                raw["status"] = None


def mend_visits(draft: Draft) -> None:
    """Give every stage visit a subject, and let nobody be in two stages of one funnel."""
    visits: dict[tuple[str, str | None], list[Raw]] = {}
    for raw in draft["stage_visits"]:
        if raw["opportunity_id"] is None and raw["lead_id"] is None:
            kind, name = ("opportunity_id", "opportunities")
            if not draft[name]:
                kind, name = ("lead_id", "leads")
            raw[kind] = draft[name][0]["id"] if draft[name] else None
        subject = raw["opportunity_id"] or f"lead {raw['lead_id']}"
        visits.setdefault((subject, raw["funnel"]), []).append(raw)
    for those in visits.values():
        those.sort(key=_entered)
        for before, after in pairwise(those):
            if before["left_on"] is None or before["left_on"] > after["entered_on"]:
                before["left_on"] = after["entered_on"]
                if before["left_at"] is not None:
                    left = instant_of(before["left_on"], 0)
                    before["left_at"] = max(left, before["entered_at"] or left)


def _entered(raw: Raw) -> tuple[date, datetime]:
    return raw["entered_on"], raw["entered_at"] or _LONG_AGO


def mend_validities(draft: Draft) -> None:
    """Let one validity follow the other, where only one can hold."""
    _in_turn(draft["territory_assignments"], ("starts_on", "ends_on"), _territory)
    _in_turn(draft["price_book_entries"], ("valid_from", "valid_until"), _price)
    _in_turn(draft["grade_intervals"], ("starts_on", "ends_on"), _customer)


def _territory(raw: Raw) -> Hashable:
    return str(raw["territory_id"])


def _price(raw: Raw) -> Hashable:
    return raw["price_book_id"], raw["product_id"], raw["minimum_quantity"]


def _customer(raw: Raw) -> Hashable:
    return str(raw["customer_id"])


def _in_turn(records: list[Raw], bounds: tuple[str, str], group: Callable[[Raw], Hashable]) -> None:
    first, last = bounds
    groups: dict[Any, list[Raw]] = {}
    for raw in records:
        groups.setdefault(group(raw), []).append(raw)
    for those in groups.values():
        taken: set[date | None] = set()
        for raw in those:
            while raw[first] in taken:
                raw[first] = _day_after(raw[first])
            taken.add(raw[first])
        those.sort(key=lambda raw: raw[first] or date.min)
        for raw in those:
            if raw[last] is not None:
                raw[last] = max(raw[last], raw[first] or raw[last])
        for before, after in pairwise(those):
            before[last] = min(before[last] or LAST_DAY, after[first] - _NEXT)


def _day_after(day: date | None) -> date:
    return FIRST_DAY if day is None or day >= LAST_DAY else day + _NEXT
