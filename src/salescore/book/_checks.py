"""Checks of a book: every fault of the business's data as a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from salescore.book._book import FIRST_YEAR, LAST_YEAR, SalesBook, is_plausible
from salescore.book._checks_currencies import currency_faults
from salescore.book._checks_documents import document_faults
from salescore.book._checks_links import link_faults
from salescore.book._checks_payments import payment_faults
from salescore.book._checks_pipeline import pipeline_faults
from salescore.book._checks_plans import plan_faults
from salescore.book._extended import carriers_of, fact_schema, lines_of
from salescore.plain import Field, FieldTable, Kind, field_column
from salescore.render import counted
from salescore.values import Finding, Severity


def check_book(book: SalesBook) -> tuple[Finding, ...]:
    """
    Return everything in the facts that contradicts itself, each with a count and an example.

    Ids that stand twice, references to what is missing, and records whose parts do not fit each
    other: dates, kinds, amounts, quantities, currencies, periods.

    Args:
        book: The facts.

    Returns:
        Findings in the order of the themes; none for a book without fault.
    """
    return (
        *_duplicates(book),
        *_references(book),
        *pipeline_faults(book),
        *document_faults(book),
        *payment_faults(book),
        *plan_faults(book),
        *link_faults(book),
        *currency_faults(book),
        *_unread_statuses(book),
        *_implausible_dates(book),
        *_hidden_fields(book),
    )


def _duplicates(book: SalesBook) -> Iterator[Finding]:
    for table in book.tables:
        records = book.records(table.name)
        if len(book.index(table.name)) == len(records):
            continue
        for key, count in Counter(record.id for record in records).items():
            if count > 1:
                yield Finding(
                    code="duplicate-id",
                    severity=Severity.ERROR,
                    message=f"{counted(count, table.name)} have the id {key!r}; "
                    "references mean the first",
                    subject=f"{table.name}/{key}",
                    count=count,
                )


def _references(book: SalesBook) -> Iterator[Finding]:
    for table in book.tables:
        if book.records(table.name):
            for field in table.fields:
                if field.refers is not None:
                    keys = field_column(book.records(table.name), field)
                    yield from _dangling(book, table, field, field.refers, keys)
                elif field.refers_by is not None:
                    yield from _dangling_by(book, table, field, field.refers_by)


def _dangling_by(
    book: SalesBook, table: FieldTable, field: Field, named_by: str
) -> Iterator[Finding]:
    """Yield faults of a text that is an id among the record type which another field names."""
    records = book.records(table.name)
    names = field_column(records, table.field(named_by))
    keys = field_column(records, field)
    types = {one.name for one in book.tables}
    for target in sorted(set(names) - {None}):
        those = [key for key, name in zip(keys, names, strict=True) if name == target]
        if target in types:
            yield from _dangling(book, table, field, target, those)
        else:
            yield Finding(
                code="dangling-reference",
                severity=Severity.ERROR,
                message=f"{named_by} {target!r} of {counted(len(those), table.name)} "
                "is no record type",
                subject=f"{table.name}.{named_by}",
                count=len(those),
            )


def _dangling(
    book: SalesBook, table: FieldTable, field: Field, target: str, keys: Sequence[str | None]
) -> Iterator[Finding]:
    known = book.index(target)
    used = Counter(keys)
    if not known:
        count = sum(count for key, count in used.items() if key is not None)
        if count:
            yield Finding(
                code="dangling-reference",
                severity=Severity.WARNING if field.nullable else Severity.ERROR,
                message=f"{field.name} of {counted(count, table.name)} refers to "
                f"{target.replace('_', ' ')}, of which there are none",
                subject=target,
                count=count,
            )
        return
    for key, count in used.items():
        if key is not None and key not in known:
            yield Finding(
                code="dangling-reference",
                severity=Severity.ERROR,
                message=f"{field.name} {key!r} of {counted(count, table.name)} "
                f"is not among the {target.replace('_', ' ')}",
                subject=f"{target}/{key}",
                count=count,
            )


_STATUS, _KIND = "status", "kind"


def _unread_statuses(book: SalesBook) -> Iterator[Finding]:
    """Yield words of the business for a state of which neither a kind nor a date says the sense."""
    for table in book.tables:
        if _STATUS not in table or _KIND not in table:
            continue
        dates = [table.field(name) for name in table.field(_KIND).since]
        counts: Counter[str] = Counter()
        for record in book.records(table.name):
            told = record.kind is not None or any(getattr(record, one.name) for one in dates)
            if record.status is not None and not told:
                counts[record.status] += 1
        if counts:
            words = ", ".join(repr(word) for word, _ in counts.most_common(_MOST_WORDS))
            more = " and others" if len(counts) > _MOST_WORDS else ""
            yield Finding(
                code="status-without-kind",
                severity=Severity.WARNING,
                message=f"with a status but no kind, which counts as open: "
                f"{counted(counts.total(), table.name)}, such as {words}{more}",
                subject=f"{table.name}.{_STATUS}",
                count=counts.total(),
            )


_MOST_WORDS = 3


def _implausible_dates(book: SalesBook) -> Iterator[Finding]:
    for table in book.tables:
        records = book.records(table.name)
        for field in table.fields if records else ():
            if field.kind is not Kind.DATE:
                continue
            found = [
                (record.id, day)
                for record, day in zip(records, field_column(records, field), strict=True)
                if day is not None and not is_plausible(day)
            ]
            if found:
                key, day = found[0]
                yield Finding(
                    code="implausible-date",
                    severity=Severity.WARNING,
                    message=f"{field.name} of {counted(len(found), table.name)} lies outside the "
                    f"years {FIRST_YEAR} to {LAST_YEAR}, the first {day} of {key!r}",
                    subject=f"{table.name}/{key}",
                    count=len(found),
                )


def _hidden_fields(book: SalesBook) -> Iterator[Finding]:
    """Yield the registered fields that some fact table of their records cannot show."""
    for name, fields in book.custom_fields.tables:
        lines = lines_of(name)
        nearer = {one.name for one in book.custom_fields.fields(lines or "")}
        for field in fields:
            tables = [one for one in carriers_of(name) if field.name in fact_schema(one)]
            if tables:
                shown = " and ".join(one.replace("_", " ") for one in tables)
                by = f"{shown}, which has a column of this name"
            elif lines is not None and field.name in nearer:
                by = f"its {lines.replace('_', ' ')}, which have a field of this name"
            else:
                continue
            yield Finding(
                code="custom-field-hidden",
                severity=Severity.INFO,
                message=f"the custom field {field.name!r} of {name.replace('_', ' ')} "
                f"is no column of the fact table of {by}",
                subject=f"{name}.{field.name}",
            )
