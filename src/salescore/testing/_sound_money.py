"""What makes the quantities and amounts of a drawn book fit each other."""

from __future__ import annotations

from decimal import Decimal

from salescore.testing._links import by_id
from salescore.testing._tapes import Draft, Raw
from salescore.values import exact_sum

_ZERO = Decimal(0)
_COST = Decimal(7)


def mend_costs(draft: Draft) -> None:
    """Let every line know its cost."""
    for name in ("order_lines", "return_lines", "invoice_lines"):
        for raw in draft[name]:
            if raw["cost"] is None:
                raw["cost"] = _COST


def mend_quantities(draft: Draft) -> None:
    """Let nothing be negative that takes nothing back, and no more come back than was sold."""
    for name in ("opportunity_lines", "quote_lines", "delivery_lines"):
        for raw in draft[name]:
            if raw["quantity"] is not None:
                raw["quantity"] = abs(raw["quantity"])
    for name in ("order_lines", "invoice_lines"):
        for raw in draft[name]:
            if raw["quantity"] < 0:
                raw["net_amount"] = -abs(raw["net_amount"])
    sold = by_id(draft["order_lines"])
    left = {key: max(raw["quantity"], _ZERO) for key, raw in sold.items()}
    for raw in draft["return_lines"]:
        key = raw["order_line_id"]
        if key in left:
            raw["quantity"] = min(raw["quantity"], left[key])
            left[key] = exact_sum([left[key], -raw["quantity"]])


def mend_invoices(draft: Draft) -> None:
    """Let an invoice ask for its lines and their tax, and its instalments for the invoice."""
    lines = _grouped(draft["invoice_lines"], "invoice_id")
    for key, raw in by_id(draft["invoices"]).items():
        if key in lines:
            taxes = [raw["tax_amount"]]
            if raw["tax_amount"] is None:
                taxes = [line["tax_amount"] for line in lines[key]]
            nets = [line["net_amount"] for line in lines[key]]
            raw["amount"] = exact_sum([*nets, *(tax for tax in taxes if tax is not None)])
    instalments = _grouped(draft["instalments"], "invoice_id")
    for key, raw in by_id(draft["invoices"]).items():
        if key in instalments:
            *others, last = instalments[key]
            paid = exact_sum([one["amount"] for one in others])
            last["amount"] = exact_sum([raw["amount"], -paid])


def mend_allocations(draft: Draft) -> None:
    """Let no more be allocated than was paid, is due, or is owed."""
    names = {"payment_id": "payments", "instalment_id": "instalments", "invoice_id": "invoices"}
    found = {name: by_id(draft[those]) for name, those in names.items()}
    left = {
        (name, key): raw["amount"] for name, those in found.items() for key, raw in those.items()
    }
    for raw in draft["allocations"]:
        instalment = found["instalment_id"].get(raw["instalment_id"])
        if instalment is not None:
            raw["invoice_id"] = instalment["invoice_id"]
        keys = [(name, raw[name]) for name in names if (name, raw[name]) in left]
        raw["amount"] = _within(raw["amount"], [left[key] for key in keys])
        for key in keys:
            left[key] = exact_sum([left[key], -raw["amount"]])


def _within(amount: Decimal, rooms: list[Decimal]) -> Decimal:
    """Return what of an amount fits into every room, which is negative for what is paid back."""
    if all(room > 0 for room in rooms):
        return min([abs(amount), *rooms])
    if all(room < 0 for room in rooms):
        return max([-abs(amount), *rooms])
    return _ZERO


def _grouped(records: list[Raw], reference: str) -> dict[str, list[Raw]]:
    found: dict[str, list[Raw]] = {}
    for raw in records:
        if raw[reference] is not None:
            found.setdefault(raw[reference], []).append(raw)
    return found
