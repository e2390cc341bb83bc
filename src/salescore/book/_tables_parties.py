"""The fact tables of customers and of targets."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from salescore.book._basis import RevenueBasis
from salescore.book._circles import circles
from salescore.book._columns import (
    Column,
    Source,
    attribute,
    attributes,
    choices,
    first_known,
    optional,
)
from salescore.book._view import is_counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from salescore.book._table import FactTable
    from salescore.book._view import View
    from salescore.entities import Customer, Target

_PROFILE = (
    "parent_id",
    "registration_number",
    "phone",
    "email",
    "website",
    "city",
    "employees",
    "payment_terms_days",
    "needs",
    "buying_power",
    "decision_process",
)


def customers(view: View) -> FactTable:
    """Return each customer once, then who bought without being listed, with the first order."""
    listed: Mapping[str, Customer] = view.book.index("customers")
    first = _first_invoices(view) if _is_invoiced_only(view) else _first_orders(view)
    ids = list(dict.fromkeys([*listed, *first]))
    known = [listed.get(key) for key in ids]
    bought = [first.get(key) for key in ids]
    created_on = optional(known, "created_on")
    columns: dict[str, Source] = {
        **view.customer_columns(ids),
        **view.seller_columns(
            view.reps_of(_part(bought, "rep_id"), ids),
            ids,
            _part(bought, "region"),
            _part(bought, "territory_id"),
        ),
        "lifecycle": choices(known, "lifecycle"),
        "source": optional(known, "source"),
        **{name: partial(optional, known, name) for name in _PROFILE},
        "created_on": created_on,
        "channel": _part(bought, "channel"),
        "first_ordered_on": _part(bought, "on"),
    }
    return view.table("customers", columns, known, on=created_on)


_Bought = dict[str, Any]


def _part(bought: list[_Bought | None], name: str) -> Column:
    return [None if one is None else one[name] for one in bought]


def _is_invoiced_only(view: View) -> bool:
    return view.basis is RevenueBasis.INVOICED and not view.book.orders


def _first_orders(view: View) -> dict[str, _Bought]:
    """Return the first order of each customer, of one day the lower id."""
    # An order without lines is none; where no line is on record at all, every order counts.
    sold = {line.order_id for line in view.book.order_lines}
    orders = [one for one in view.book.orders if is_counted(one) and (not sold or one.id in sold)]
    names = ("rep_id", "region", "territory_id", "channel")
    return {
        order.customer_id: {
            "on": order.ordered_on,
            **{name: getattr(order, name) for name in names},
        }
        for order in sorted(orders, key=lambda one: (one.ordered_on, one.id), reverse=True)
        if order.customer_id is not None
    }


def _first_invoices(view: View) -> dict[str, _Bought]:
    """Return the first invoice of each customer that is no credit note, of one day the lower id."""
    invoices = [one for one in view.book.invoices if is_counted(one) and one.amount.amount > 0]
    return {
        one.customer_id: {
            "on": one.issued_on,
            "rep_id": one.rep_id,
            "region": one.region,
            "territory_id": None,
            "channel": one.channel,
        }
        for one in sorted(invoices, key=lambda one: (one.issued_on, one.id), reverse=True)
        if one.customer_id is not None
    }


def targets(view: View) -> FactTable:
    """Return all targets but those that a later one replaces."""
    known = _current(view.book.targets)
    divided = {(one.parent_id, one.figure) for one in known}
    own_teams = attribute(known, "team_id")
    reps = attribute(known, "rep_id")
    columns: dict[str, Column] = {
        **attributes(known, "id", "figure", "starts_on", "ends_on", "value"),
        **attributes(known, "product_id", "product_family", "customer_id", "segment"),
        **attributes(known, "region", "territory_id", "rep_id", "channel", "source"),
        "team_id": first_known(own_teams, partial(view.look_up, "sales_reps", "team_id", reps)),
        "level": choices(known, "level"),
        "is_divided": [(one.id, one.figure) in divided for one in known],
    }
    return view.table("targets", columns, known, attributes(known, "amount"), columns["starts_on"])


def _current(targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """Return the targets that no other one replaces; in a circle nobody can tell, so all stay."""
    following = {one.replaces_id: one.id for one in targets if one.replaces_id is not None}
    if not following:
        return targets
    circling = {key for circle in circles(following) for key in circle}
    return tuple(one for one in targets if one.id not in following or one.id in circling)
