"""The fact table of stage visits: how long each took, and what followed."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from salescore.book._columns import (
    Column,
    Source,
    attribute,
    attributes,
    choices,
    days_between,
    first_known,
    optional,
)
from salescore.book._stage_course import COURSE_COLUMNS, course_columns
from salescore.book._stage_subjects import subjects_of
from salescore.entities import StageKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from salescore.book._table import FactTable
    from salescore.book._view import View


_ENDS = {kind: kind.value for kind in StageKind}


def stage_visits(view: View) -> FactTable:
    """Return all stage visits; a stay that a new version of its funnel parts is told once."""
    visits = view.book.stage_visits
    whose = view.subject_visits
    owners: Column = []
    regions: Column = []
    wins: Column = []
    sales: Column = []
    ends: Column = []
    days: Column = []
    for one in subjects_of(view, whose):
        owners.append(one.owner)
        regions.append(None if one.lead is None else one.lead.region)
        wins.append(one.is_won)
        sales.append(one.sale_key)
        kind, day = one.ended
        ends.append(None if kind is None else _ENDS[kind])
        days.append(day)
    customers = whose.spread(optional(owners, "customer_id"))
    entered_on = attribute(visits, "entered_on")
    left_on = view.days(visits, "left_on", "left_at")
    reps = first_known(
        attribute(visits, "rep_id"), lambda: whose.spread(optional(owners, "rep_id"))
    )

    @cache
    def course() -> dict[str, Column]:
        return course_columns(visits, whose, subjects_of(view, whose), left_on)

    def stage_days() -> Column:
        return days_between(course()["since_on"], [one or view.as_of for one in left_on])

    columns: dict[str, Source] = {
        **attributes(visits, "id", "opportunity_id", "lead_id", "funnel", "stage"),
        "left_on": left_on,
        "kind": choices(visits, "kind"),
        "entered_on": entered_on,
        **view.customer_columns(customers),
        **view.product_columns(whose.spread(optional(owners, "product_id"))),
        **view.seller_columns(reps, customers, whose.spread(regions)),
        "source": whose.spread(optional(owners, "source")),
        "stage_days": stage_days,
        "is_won": whose.spread(wins),
        "subject_id": whose.spread(sales),
        "ended_as": whose.spread(ends),
        "ended_on": whose.spread(days),
        **{name: partial(_item, course, name) for name in COURSE_COLUMNS},
    }
    return view.table("stage_visits", columns, visits, on=entered_on)


def _item(make: Callable[[], dict[str, Column]], name: str) -> Column:
    return make()[name]
