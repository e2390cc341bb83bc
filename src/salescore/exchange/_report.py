"""What an import found: the facts it would keep, every problem, and what it counted."""

from __future__ import annotations

from decimal import Decimal

import attrs

from salescore.book import SalesBook, check_book
from salescore.render import counted
from salescore.values import Finding, Severity

_TOLD = 5


@attrs.frozen(kw_only=True)
class ColumnTotal:
    """
    Sums of one field over the rows of one file.

    Attributes:
        field: Field of the record, such as `net_amount`.
        currency: Currency of the sums; `None` for plain numbers, and where the row stated none.
        accepted: Exact sum over the records that were accepted.
        refused: Exact sum over the refused rows, as far as their cells were numbers.
    """

    field: str
    currency: str | None
    accepted: Decimal
    refused: Decimal


@attrs.frozen(kw_only=True)
class RecordReport:
    """
    What became of the rows of one file as records of one type.

    Always `read == accepted + refused + merged + filtered`.

    Attributes:
        record: Record type, in snake_case plural.
        read: Rows of the file that hold anything.
        accepted: Rows that became a record.
        refused: Rows with a fault; each has a finding.
        merged: Further rows that describe a record which is there already.
        filtered: Rows that the profile leaves out, or that name no record of this type.
        totals: Sums of the numbers, in the order of the fields.
    """

    record: str
    read: int
    accepted: int
    refused: int
    merged: int
    filtered: int
    totals: tuple[ColumnTotal, ...] = ()


@attrs.frozen(kw_only=True)
class FileReport:
    """
    What became of one file.

    Attributes:
        file: Name of the file.
        rows: Rows that hold anything, the headings not counted; 0 where the file was refused.
        blank: Rows without any cell filled, which count nowhere else.
        is_refused: Whether the file could not be read at all; a finding says why.
        records: What became of its rows, by record type.
    """

    file: str
    rows: int = 0
    blank: int = 0
    is_refused: bool = False
    records: tuple[RecordReport, ...] = ()


@attrs.frozen(kw_only=True, repr=False)
class Import:
    """
    A dry run: the facts that a folder holds, and every problem met on the way.

    Nothing is stored; whoever asked looks at the findings and decides.

    Attributes:
        book: The facts that were accepted.
        findings: All problems, by file, row and column, with the raw text of the cell.
        files: What was read, accepted, refused, merged and filtered, by file.
    """

    book: SalesBook
    findings: tuple[Finding, ...]
    files: tuple[FileReport, ...]

    def __repr__(self) -> str:
        """Return how much of what there is, on one line."""
        counts = [(len(self.book.records(one.name)), one.name) for one in self.book.tables]
        told = [counted(count, name) for count, name in counts if count]
        more = ("…",) if len(told) > _TOLD else ()
        parts = (*told[:_TOLD], *more, counted(len(self.findings), "findings"))
        return f"<Import: {', '.join(parts)}>"

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found that is worse than worth knowing."""
        return all(finding.severity is Severity.INFO for finding in self.findings)

    def check(self) -> tuple[Finding, ...]:
        """
        Return the problems of the files, then those of the facts in them.

        Returns:
            `findings`, followed by what `check_book` finds.
        """
        return (*self.findings, *check_book(self.book))
