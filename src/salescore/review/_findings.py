"""What a sales manager would want to be told beyond the figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from salescore.metrics import Aggregate, FactsSource, FigureSource, Measure, Reduction
from salescore.render import counted
from salescore.rules import F, Term
from salescore.values import Finding, Severity

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from salescore.book import Facts
    from salescore.values import Period

_MOST_NAMES = 5


def business_findings(source: FigureSource, during: Period) -> Iterator[Finding]:
    """
    Yield what stands out in the facts of a period.

    Args:
        source: Where the facts are.
        during: Period under review.
    """
    yield from _overdue(source, during)
    yield from _below_cost(source, during)
    yield from _without_customer(source)
    yield from _without_date(source)
    if isinstance(source, FactsSource):
        yield from _idle_reps(source.facts)


def _of_rows(
    source: FigureSource, table: str, where: Term, of: Term | None = None
) -> tuple[int, Decimal | None]:
    """Return how many rows a condition holds for, and the sum of something over them."""
    measure = Measure(
        name="rows",
        table=table,
        aggregate=Aggregate.COUNT if of is None else Aggregate.SUM,
        of=of,
        where=where,
    )
    (found,) = source.reduce([Reduction(name="rows", table=table, measures=[measure])], None)
    return (found.counts[0][0], found.values[0][0]) if found.keys else (0, None)


def _overdue(source: FigureSource, during: Period) -> Iterator[Finding]:
    day = during.last_day if source.as_of is None else min(source.as_of, during.last_day)
    seen = source.at(day)
    if seen.lack is not None:
        return
    late, _ = _of_rows(seen, "opportunities", (F.kind == "open") & (F.expected_close_on < day))
    if late:
        first = _first_overdue(seen, day)
        pointer = "" if first is None else f", the first {first!r}"
        yield Finding(
            code="open-past-close-date",
            severity=Severity.WARNING,
            message=f"open past the expected close, before {day}: "
            f"{counted(late, 'opportunities')}{pointer}",
            subject="opportunities" if first is None else f"opportunities/{first}",
            count=late,
        )


def _first_overdue(source: FigureSource, day: date) -> str | None:
    """Return the id of the first of them; `None` where rows have no order."""
    if not isinstance(source, FactsSource):
        return None
    table = source.facts.table("opportunities")
    columns = (table.column(name) for name in ("id", "kind", "expected_close_on"))
    return next(
        str(key)
        for key, kind, due in zip(*columns, strict=True)
        if kind == "open" and due is not None and due < day
    )


def _below_cost(source: FigureSource, during: Period) -> Iterator[Finding]:
    inside = F.ordered_on.between(during.start, during.last_day)
    losses, loss = _of_rows(
        source, "order_lines", inside & (F.net_amount < F.cost), F.cost - F.net_amount
    )
    if losses:
        yield Finding(
            code="sold-below-cost",
            severity=Severity.WARNING,
            message=f"sold below cost in {during.key}: {counted(losses, 'order_lines')}, "
            f"by {loss:,.2f} {source.currency} together",
            count=losses,
        )


def _without_customer(source: FigureSource) -> Iterator[Finding]:
    for name in ("opportunities", "order_lines"):
        nobody, _ = _of_rows(source, name, F.customer_id.is_null())
        if nobody:
            yield Finding(
                code="without-customer",
                severity=Severity.WARNING,
                message=f"without a customer: {counted(nobody, name)}",
                subject=f"{name}.customer_id",
                count=nobody,
            )


def _without_date(source: FigureSource) -> Iterator[Finding]:
    dates = (F.created_on, F.first_contact_on, F.closed_on)
    nowhere = dates[0].is_null() & dates[1].is_null() & dates[2].is_null()
    undated, _ = _of_rows(source, "opportunities", nowhere)
    if undated:
        yield Finding(
            code="without-date",
            severity=Severity.INFO,
            message=f"without any date: {counted(undated, 'opportunities')}; "
            "such count at every moment",
            subject="opportunities.created_on",
            count=undated,
        )


def _idle_reps(facts: Facts) -> Iterator[Finding]:
    reps = facts.book.sales_reps
    if not reps:
        return
    busy = {
        key
        for name in ("opportunities", "order_lines")
        for key in facts.table(name).column("rep_id")
    }
    idle = [rep.name for rep in reps if rep.id not in busy]
    if idle:
        names = ", ".join(idle[:_MOST_NAMES]) + (" and others" if len(idle) > _MOST_NAMES else "")
        yield Finding(
            code="idle-reps",
            severity=Severity.INFO,
            message=f"with neither opportunities nor orders: {len(idle):,} of "
            f"{counted(len(reps), 'sales_reps')}: {names}",
            count=len(idle),
        )
