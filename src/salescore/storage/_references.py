"""What an erasure reaches beside its subject: the records that are about it."""

from __future__ import annotations

import attrs

from salescore.plain import Field, FieldTable, field_value, personal_fields
from salescore.storage._checks import RecordTypes

_CUSTOMERS = ("customers", "contacts", "leads")
"""Records of people that are sold to."""
_PEOPLE = (*_CUSTOMERS, "sales_reps")


@attrs.frozen
class Reference:
    """
    A way from a record to the subject of an erasure.

    Attributes:
        table: Field table of the records that refer; `events` among them.
        field: Field that holds the id of the subject.
        by: Field that must name the record type of the subject; `None` where `field` always does.
    """

    table: FieldTable
    field: Field
    by: Field | None

    def refers(self, record: object, records: str, id: str) -> bool:  # noqa: A002 - as everywhere
        """Return whether a record refers to a subject this way."""
        if self.by is not None and field_value(record, self.by) != records:
            return False
        return bool(field_value(record, self.field) == id)


def personal_references(types: RecordTypes, records: str) -> tuple[Reference, ...]:
    """
    Return the ways along which the erasure of a subject reaches other records.

    An erasure reaches what is *about* the subject, not what merely names it.
    A customer is not about the sales rep in charge of it, a subsidiary not about its parent, a
    sales rep not about the manager, and a note on a customer not about the rep who wrote it.

    Args:
        types: The record types of the store.
        records: Record type of the subject.

    Returns:
        References of records that have personal data, events included, in the order of the types.
    """
    return tuple(
        Reference(table, field, None if field.refers_by is None else table.field(field.refers_by))
        for table in types.tables
        if personal_fields(table)
        for field in table.fields
        if field.refers_by is not None or (field.refers == records and _is_about(table, records))
    )


def _is_about(table: FieldTable, records: str) -> bool:
    """Return whether a record is about a subject that it refers to."""
    if table.name == records:
        return False
    if records in _CUSTOMERS:
        return table.name != "sales_reps"
    if table.name in _PEOPLE:
        return False
    is_on_customer = any(field.refers in _CUSTOMERS for field in table.fields)
    return not (records == "sales_reps" and is_on_customer)
