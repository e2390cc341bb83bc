"""How the records of a drawn book find each other: ids, references, documents and their lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from salescore.plain import FieldTable
from salescore.testing._tapes import PLACES, Draft, Raw

NOBODY: Final = "nobody"
"""An id that no record has."""

LINES: Final = {
    "orders": ("order_lines", "order_id"),
    "quotes": ("quote_lines", "quote_id"),
    "deliveries": ("delivery_lines", "delivery_id"),
    "returns": ("return_lines", "return_id"),
    "invoices": ("invoice_lines", "invoice_id"),
}
"""Documents, their lines, and how a line says which document it stands on."""


def without_orphans(draft: Draft, tables: Sequence[FieldTable]) -> None:
    """
    Drop every record that must refer to one of a type of which there are none.

    A payment must refer to its customer, too, although its field may be null.
    """
    for table in tables:
        needed = {field.refers for field in table.fields if not field.nullable and field.refers}
        if table.name == "payments":
            needed.add("customers")
        if not all(draft[name] for name in needed):
            draft[table.name] = []
    for raw in draft["payments"]:
        raw["customer_id"] = raw["customer_id"] or 0
    if not draft["opportunities"] and not draft["leads"]:
        draft["stage_visits"] = []


def with_lines(draft: Draft) -> None:
    """Give every document a line, where there are any lines at all, and drop what gets none."""
    for documents, (lines, reference) in LINES.items():
        if draft[lines]:
            draft[documents] = draft[documents][: len(draft[lines])]
            for place, line in enumerate(draft[lines][: len(draft[documents])]):
                line[reference] = place


def give_ids(draft: Draft, *, doubled: bool) -> None:
    """
    Put the ids in, counted up by type.

    Args:
        draft: Records whose id is a place.
        doubled: Whether some of them share the id of the first of their type.
    """
    for name, records in draft.items():
        for number, raw in enumerate(records):
            is_double = doubled and raw["id"] == PLACES - 1
            raw["id"] = f"{name}-{0 if is_double else number}"


def give_references(
    draft: Draft, tables: Sequence[FieldTable], *, dangling: bool, circling: bool
) -> None:
    """
    Put ids where places stand.

    Args:
        draft: Records with ids, and with places for what they refer to.
        tables: Their field tables.
        dangling: Whether some refer to nobody.
        circling: Whether a record may refer to itself or a later one of its own type.
    """
    nobody = [NOBODY] if dangling else []
    ids = {name: [*(str(raw["id"]) for raw in those), *nobody] for name, those in draft.items()}
    for table in tables:
        fields = [field for field in table.fields if field.refers is not None]
        named = [(one.name, one.refers_by) for one in table.fields if one.refers_by is not None]
        for number, raw in enumerate(draft[table.name]):
            for name, named_by in named:
                if raw[named_by] not in ids and not dangling:
                    raw[named_by] = None
                place, known = raw[name], ids.get(raw[named_by] or "", nobody)
                raw[name] = _referred(place, known, nullable=True)
            for field in fields:
                known = ids[str(field.refers)]
                if field.refers == table.name and not circling:
                    known = known[:number]
                raw[field.name] = _referred(raw[field.name], known, nullable=field.nullable)


def _referred(place: int | None, known: list[str], *, nullable: bool) -> str | None:
    if place is None:
        return None
    if known:
        return known[place % len(known)]
    return None if nullable else NOBODY


def by_id(records: list[Raw]) -> dict[str, Raw]:
    """Return records by id; of two with the same id, the first."""
    found: dict[str, Raw] = {}
    for raw in records:
        found.setdefault(raw["id"], raw)
    return found
