"""The fact tables of what follows a sale: deliveries, cases, answers to surveys."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from salescore.book._columns import Column, attribute, attributes, days_between, first_known

if TYPE_CHECKING:
    from salescore.book._table import FactTable
    from salescore.book._view import View


def deliveries(view: View) -> FactTable:
    """Return all deliveries."""
    known = view.book.deliveries
    places = view.orders.places(attribute(known, "order_id"))
    customers = first_known(
        attribute(known, "customer_id"), partial(view.orders.column, "customer_id", places)
    )
    reps = view.reps_of(view.orders.column("rep_id", places), customers)
    ordered_on = view.orders.column("ordered_on", places)
    shipped_on = attribute(known, "shipped_on")
    promised_on = first_known(
        attribute(known, "promised_on"), partial(view.orders.column, "required_on", places)
    )
    left_on = first_known(shipped_on, attribute(known, "delivered_on"))
    columns: dict[str, Column] = {
        **attributes(known, "id", "order_id", "carrier", "delivered_on"),
        "ordered_on": ordered_on,
        "shipped_on": shipped_on,
        "promised_on": promised_on,
        **view.customer_columns(customers),
        **view.seller_columns(
            reps,
            customers,
            view.orders.column("region", places),
            view.orders.column("territory_id", places),
        ),
        "handling_days": days_between(ordered_on, shipped_on),
        "is_late": [
            _is_late(promised, left, view.last_day)
            for promised, left in zip(promised_on, left_on, strict=True)
        ],
    }
    event = first_known(left_on, ordered_on)
    return view.table("deliveries", columns, known, attributes(known, "freight"), event)


def _is_late(promised: date | None, left: date | None, last_day: date | None) -> bool | None:
    """Return whether a delivery left late, `None` where it still may leave in time."""
    if promised is None:
        return None
    if left is not None:
        return left > promised
    return True if last_day is not None and last_day > promised else None


def cases(view: View) -> FactTable:
    """Return all after-sales cases."""
    known = view.book.cases
    customers = attribute(known, "customer_id")
    opened_on = attribute(known, "opened_on")
    responded_on = view.days(known, "responded_on", "responded_at")
    resolved_on = view.days(known, "resolved_on", "resolved_at")
    columns: dict[str, Column] = {
        **attributes(known, "id", "due_on", "category", "priority", "channel", "status"),
        "opened_on": opened_on,
        "responded_on": responded_on,
        "resolved_on": resolved_on,
        **view.customer_columns(customers),
        **view.product_columns(attribute(known, "product_id")),
        **view.seller_columns(attribute(known, "rep_id"), customers),
        "response_days": days_between(opened_on, responded_on),
        "resolution_days": days_between(opened_on, resolved_on),
    }
    return view.table("cases", columns, known, on=opened_on)


def survey_responses(view: View) -> FactTable:
    """Return all answers to surveys, and the questions without one."""
    known = view.book.survey_responses
    customers = attribute(known, "customer_id")
    reps = view.reps_of(attribute(known, "rep_id"), customers)
    columns = {
        **attributes(known, "id", "survey", "measure", "dimension", "sent_on", "answered_on"),
        **attributes(known, "score", "lowest", "highest"),
        **view.customer_columns(customers),
        **view.product_columns(attribute(known, "product_id")),
        **view.seller_columns(reps, customers),
    }
    on = first_known(columns["answered_on"], columns["sent_on"])
    return view.table("survey_responses", columns, known, on=on)
