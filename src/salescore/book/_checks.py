"""Checks of a book: every fault of the business's data as a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal

from salescore.book._book import FIRST_YEAR, LAST_YEAR, SalesBook, is_plausible
from salescore.entities import RECORD_TABLES, Opportunity, StageKind
from salescore.plain import Field, FieldTable, Kind
from salescore.render import counted
from salescore.values import Finding, Severity

_CLOSED = (StageKind.WON, StageKind.LOST, StageKind.VOID)


def check_book(book: SalesBook) -> tuple[Finding, ...]:
    """
    Return everything in the facts that contradicts itself, each with a count and an example.

    Ids that stand twice, references to what is missing, and opportunities whose dates, kind and
    probability do not fit each other.

    Args:
        book: The facts.

    Returns:
        Findings in the order of the record types; none for a book without fault.
    """
    return (
        *_duplicates(book),
        *_references(book),
        *_opportunities(book),
        *_empty_orders(book),
        *_implausible_dates(book),
    )


def _duplicates(book: SalesBook) -> Iterator[Finding]:
    for table in RECORD_TABLES:
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
    for table in RECORD_TABLES:
        for field in table.fields:
            if field.refers is not None:
                yield from _dangling(book, table, field, field.refers)


def _dangling(book: SalesBook, table: FieldTable, field: Field, target: str) -> Iterator[Finding]:
    known = book.index(target)
    used = Counter(getattr(record, field.name) for record in book.records(table.name))
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


_OPPORTUNITY_FAULTS: tuple[
    tuple[str, Severity, tuple[str, str], Callable[[Opportunity], bool]], ...
] = (
    (
        "closed-before-opened",
        Severity.ERROR,
        ("closed before opened or first contacted", "the sales cycle leaves such out"),
        lambda one: (
            one.closed_on is not None
            and any(
                day is not None and day > one.closed_on
                for day in (one.created_on, one.first_contact_on)
            )
        ),
    ),
    (
        "closed-without-date",
        Severity.ERROR,
        ("closed without a closing date", "figures of a period leave such out"),
        lambda one: one.kind in _CLOSED and one.closed_on is None,
    ),
    (
        "open-with-closing-date",
        Severity.WARNING,
        ("not closed, yet with a closing date", "the kind holds"),
        lambda one: one.kind not in _CLOSED and one.closed_on is not None,
    ),
    (
        "probability-of-closed",
        Severity.WARNING,
        ("closed with a probability other than 1 for won, 0 for lost", "the kind holds"),
        lambda one: (
            one.kind in _CLOSED
            and one.probability not in (None, Decimal(one.kind is StageKind.WON))
        ),
    ),
)


def _opportunities(book: SalesBook) -> Iterator[Finding]:
    for code, severity, (fault, effect), holds in _OPPORTUNITY_FAULTS:
        found = [one.id for one in book.opportunities if holds(one)]
        if found:
            yield Finding(
                code=code,
                severity=severity,
                message=f"{fault}: {counted(len(found), 'opportunities')}, "
                f"the first {found[0]!r}; {effect}",
                subject=f"opportunities/{found[0]}",
                count=len(found),
            )


def _empty_orders(book: SalesBook) -> Iterator[Finding]:
    sold = {line.order_id for line in book.order_lines}
    found = [order.id for order in book.orders if order.id not in sold]
    if sold and found:
        yield Finding(
            code="order-without-lines",
            severity=Severity.INFO,
            message=f"without any line: {counted(len(found), 'orders')}, the first {found[0]!r}; "
            "such are not counted as orders",
            subject=f"orders/{found[0]}",
            count=len(found),
        )


def _implausible_dates(book: SalesBook) -> Iterator[Finding]:
    for table in RECORD_TABLES:
        for field in table.fields:
            if field.kind is not Kind.DATE:
                continue
            found = [
                (record.id, day)
                for record in book.records(table.name)
                if (day := getattr(record, field.name)) is not None and not is_plausible(day)
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
