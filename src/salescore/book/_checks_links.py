"""Faults of records that lead to their own kind, and of validities that overlap."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from datetime import date
from typing import Any

from salescore.book._book import SalesBook
from salescore.book._circles import circles
from salescore.book._faults import Fault
from salescore.entities import PriceBookEntry, TerritoryAssignment
from salescore.plain import field_column
from salescore.render import counted
from salescore.values import Finding, Severity

_RANGES = (
    ("starts_on", "ends_on"),
    ("valid_from", "valid_until"),
    ("quoted_on", "valid_until"),
    ("started_on", "ended_on"),
    ("raised_on", "resolved_on"),
)
_Span = tuple[str, date | None, date | None]


def link_faults(book: SalesBook) -> Iterator[Finding]:
    """Yield circles, ranges that end before they start, and validities that overlap."""
    yield from _circles(book)
    yield from _reversed(book)
    assigned = Fault(
        "assignments-overlap",
        Severity.WARNING,
        "territory_assignments",
        "beginning while another rep is in charge of the territory",
        "a fact of such a day may count for either",
    )
    yield from assigned.found(_overlaps(book.territory_assignments, _assignment, _assigned))
    priced = Fault(
        "prices-overlap",
        Severity.WARNING,
        "price_book_entries",
        "beginning while another price of the product holds",
        "nobody can tell which of them is meant",
    )
    yield from priced.found(_overlaps(book.price_book_entries, _entry, _entered))


def _circles(book: SalesBook) -> Iterator[Finding]:
    for table in book.tables:
        index = book.index(table.name)
        for field in table.fields:
            if field.refers != table.name or not index:
                continue
            ahead = zip(index, field_column(list(index.values()), field), strict=True)
            found = circles({key: other for key, other in ahead if other is not None})
            if found:
                first = found[0]
                way = " → ".join(map(repr, (*first, first[0])))
                members = sum(map(len, found))
                yield Finding(
                    code="circle",
                    severity=Severity.ERROR,
                    message=f"{field.name} of {counted(members, table.name)} leads in a circle, "
                    f"the first {way}",
                    subject=f"{table.name}/{first[0]}",
                    count=members,
                )


def _reversed(book: SalesBook) -> Iterator[Finding]:
    for table in book.tables:
        for first, last in _RANGES:
            if first in table and last in table:
                fault = Fault(
                    "ends-before-start",
                    Severity.ERROR,
                    table.name,
                    f"{last} before {first}",
                    "no day lies between them",
                )
                yield from fault.found(
                    one.id
                    for one in book.records(table.name)
                    if _is_before(getattr(one, last), getattr(one, first))
                )


def _is_before(last: date | None, first: date | None) -> bool:
    return last is not None and first is not None and last < first


def _assignment(one: TerritoryAssignment) -> Hashable:
    return one.territory_id


def _assigned(one: TerritoryAssignment) -> _Span:
    return one.id, one.starts_on, one.ends_on


def _entry(one: PriceBookEntry) -> Hashable:
    return one.price_book_id, one.product_id, one.minimum_quantity, one.price.currency


def _entered(one: PriceBookEntry) -> _Span:
    return one.id, one.valid_from, one.valid_until


def _overlaps(
    records: tuple[Any, ...], group: Callable[[Any], Hashable], span: Callable[[Any], _Span]
) -> Iterator[str]:
    """Yield the records that begin before another of their group has ended, both days included."""
    groups: dict[Hashable, list[_Span]] = {}
    for one in records:
        groups.setdefault(group(one), []).append(span(one))
    for spans in groups.values():
        spans.sort(key=lambda one: one[1] or date.min)
        until: date | None = None
        for number, (key, start, end) in enumerate(spans):
            if number and (until is None or (start or date.min) <= until):
                yield key
            if number == 0 or (until is not None and (end is None or end > until)):
                until = end
