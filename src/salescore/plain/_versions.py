"""Versions: records of an older form are brought up to date by a chain of pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import Any, cast

import attrs

from salescore.errors import InvalidDocument, InvalidValue
from salescore.plain._codec import from_data, to_data
from salescore.plain._fields import FieldTable

Data = Mapping[str, object]
_KEYS = ("type", "version", "data")


@attrs.frozen
class Upcaster:
    """
    One step of a record's plain data from a version to the next.

    Attributes:
        record: Record type in snake_case plural.
        version: Version that it reads, at least 1; it writes the one after.
        change: Returns the data in the form of the next version. It is given a copy of its own.
    """

    record: str
    version: int
    change: Callable[[dict[str, Any]], Data]

    def __attrs_post_init__(self) -> None:
        if type(self.version) is not int or self.version < 1:
            fault = "versions count from 1"
            raise InvalidValue(f"version of an upcaster of {self.record}", self.version, fault)


@attrs.frozen
class Upcasters:
    """
    The steps of all record types.

    Attributes:
        steps: At most one step from each version of a record type.
    """

    steps: tuple[Upcaster, ...] = ()

    @classmethod
    def of(cls, steps: Iterable[Upcaster]) -> Upcasters:
        """
        Return a chain, sorted by record type and version.

        Raises:
            InvalidValue: Two steps begin at the same version, or a version between is left out.
        """
        found = cls(tuple(sorted(steps, key=lambda one: (one.record, one.version))))
        for one, other in zip(found.steps, found.steps[1:], strict=False):
            if one.record == other.record and other.version != one.version + 1:
                fault = f"the step before it begins at {one.version}; versions go up one by one"
                raise InvalidValue(f"upcaster of {one.record}", other.version, fault)
        return found

    def upcast(self, table: FieldTable, version: int, data: Data, path: str = "") -> Data:
        """
        Return plain data in the form of the table's version.

        Args:
            table: Field table of the record type.
            version: Version of the data.
            data: Plain data; they stay as they are.
            path: Where the data stand, for error messages.

        Raises:
            InvalidDocument: The data are newer than the table, a step is missing, or a step fails.
        """
        where = path or table.name
        if version > table.version:
            fault = (
                f"{table.name} of version {version} were written by a newer release; "
                f"this one reads up to {table.version}"
            )
            raise InvalidDocument(where, fault)
        steps = {one.version: one for one in self.steps if one.record == table.name}
        for number in range(version, table.version):
            step = steps.get(number)
            if step is None:
                fault = f"no upcaster of {table.name} from version {number} to {number + 1}"
                raise InvalidDocument(where, fault)
            try:
                data = step.change(deepcopy(dict(data)))
            except (LookupError, TypeError, ValueError) as error:
                fault = f"the upcaster from version {number} failed: {error!r}"
                raise InvalidDocument(where, fault) from error
        return data


def pack(table: FieldTable, record: object) -> dict[str, object]:
    """
    Return a record as plain data in an envelope that says its type and version.

    Args:
        table: Field table of the record's class.
        record: The record.

    Returns:
        An object of `type`, `version` and `data`.
    """
    return {"type": table.name, "version": table.version, "data": to_data(table, record)}


def unpack(
    envelope: object,
    tables: Iterable[FieldTable],
    upcasters: Upcasters | None = None,
    path: str = "",
) -> tuple[FieldTable, Any]:
    """
    Return the record in an envelope, brought up to date.

    Args:
        envelope: What `pack` wrote, perhaps by an older release.
        tables: Field tables of the record types that may occur.
        upcasters: Steps between versions.
        path: Where the envelope stands, for error messages.

    Returns:
        Field table of the record, and the record.

    Raises:
        InvalidDocument: It is no envelope, of an unknown type, of a version that cannot be read,
            or its data are wrong.
    """
    where = path or "envelope"
    given = cast("Mapping[str, object]", envelope if isinstance(envelope, Mapping) else {})
    if sorted(map(str, given)) != sorted(_KEYS):
        raise InvalidDocument(where, "it must be an object of type, version and data, nothing else")
    name, version, data = (given[key] for key in _KEYS)
    known = {table.name: table for table in tables}
    if not isinstance(name, str) or name not in known:
        raise InvalidDocument(f"{where}/type", f"there is no record type {str(name)[:60]!r} here")
    if type(version) is not int or version < 1:
        raise InvalidDocument(f"{where}/version", "it must be a whole number from 1")
    if not isinstance(data, Mapping):
        raise InvalidDocument(f"{where}/data", "it must be an object")
    table = known[name]
    inside = f"{where}/data"
    current = (upcasters or Upcasters()).upcast(table, version, cast("Data", data), inside)
    return table, from_data(table, current, inside)
