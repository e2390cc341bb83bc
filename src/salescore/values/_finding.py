"""Findings: faults in the business's data or rules, returned as values."""

from __future__ import annotations

import re
from enum import Enum

import attrs

from salescore.errors import InvalidRecord

_RAW_LENGTH = 200
_CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


class Severity(Enum):
    """
    How much a finding matters.

    Attributes:
        ERROR: The data or rule cannot be used.
        WARNING: It can be used, but a result may mislead.
        INFO: Worth knowing.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@attrs.frozen
class Place:
    """
    Where in a file something was found.

    Attributes:
        file: Name of the file, as the reader knows it.
        row: Row, counted as a spreadsheet does with the header as row 1; `None` for no one row.
        column: Name of the column, or `None` for no one column.
        raw: The text that stood there, or `None` if it says nothing; `of` cuts it to 200
            characters.
    """

    file: str
    row: int | None = None
    column: str | None = None
    raw: str | None = None

    @classmethod
    def of(
        cls,
        file: str,
        row: int | None = None,
        column: str | None = None,
        raw: str | None = None,
    ) -> Place:
        """
        Return a place whose raw text is cut to 200 characters.

        Args:
            file: Name of the file.
            row: Row number, or `None`.
            column: Name of the column, or `None`.
            raw: The text that stood there, of any length, or `None`.

        Returns:
            The place; a text that was cut ends in "…".

        Examples:
            >>> Place.of("orders.csv", 7, "net_amount", "12,5").row
            7
        """
        if raw is not None and len(raw) > _RAW_LENGTH:
            raw = raw[: _RAW_LENGTH - 1] + "…"
        return cls(file, row, column, raw)

    def as_data(self) -> dict[str, object]:
        """
        Return the place as plain JSON data.

        Returns:
            The fields that are not `None`.

        Examples:
            >>> Place("orders.csv").as_data()
            {'file': 'orders.csv'}
        """
        return {name: value for name, value in attrs.asdict(self).items() if value is not None}


@attrs.frozen(kw_only=True)
class Finding:
    """
    One fault, or several of one kind counted together.

    Attributes:
        code: What kind of fault, in kebab-case, stable across releases.
        severity: How much it matters.
        message: One sentence that names the thing, the fault and what would be right.
        place: Where in a file, or `None` if it comes from no file.
        subject: The record or rule it is about, such as "orders/CA-1", or `None`.
        count: How many times it was found, at least 1.
    """

    code: str
    severity: Severity
    message: str
    place: Place | None = None
    subject: str | None = None
    count: int = 1

    def __attrs_post_init__(self) -> None:
        """Refuse a code of another form, or a count below 1."""
        if _CODE.fullmatch(self.code) is None:
            fault = "write it in kebab-case, such as 'unknown-currency'"
            raise InvalidRecord("Finding", "code", self.code, fault)
        if self.count < 1:
            raise InvalidRecord("Finding", "count", self.count, "it must be at least 1")

    def as_data(self) -> dict[str, object]:
        """
        Return the finding as plain JSON data.

        Returns:
            The fields that are not `None`, in the order of the attributes.

        Examples:
            >>> Finding(code="no-rate", severity=Severity.INFO, message="No rate.").as_data()
            {'code': 'no-rate', 'severity': 'info', 'message': 'No rate.', 'count': 1}
        """
        data: dict[str, object] = {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
        }
        if self.place is not None:
            data["place"] = self.place.as_data()
        if self.subject is not None:
            data["subject"] = self.subject
        data["count"] = self.count
        return data
