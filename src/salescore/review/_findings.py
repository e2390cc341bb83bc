"""What a sales manager would want to be told beyond the figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from salescore.render import counted
from salescore.values import Finding, Severity, exact_sum

if TYPE_CHECKING:
    from salescore.book import Facts
    from salescore.values import Period

_MOST_NAMES = 5


def business_findings(facts: Facts, during: Period) -> Iterator[Finding]:
    """
    Yield what stands out in the facts of a period.

    Args:
        facts: The fact tables.
        during: Period under review.
    """
    yield from _overdue(facts, during)
    yield from _below_cost(facts, during)
    yield from _without_customer(facts)
    yield from _without_date(facts)
    yield from _idle_reps(facts)


def _overdue(facts: Facts, during: Period) -> Iterator[Finding]:
    day = during.last_day if facts.as_of is None else min(facts.as_of, during.last_day)
    table = facts.at(day).table("opportunities")
    late = [
        key
        for key, kind, due in zip(
            table.column("id"), table.column("kind"), table.column("expected_close_on"), strict=True
        )
        if kind == "open" and due is not None and due < day
    ]
    if late:
        yield Finding(
            code="open-past-close-date",
            severity=Severity.WARNING,
            message=f"open past the expected close, before {day}: "
            f"{counted(len(late), 'opportunities')}, the first {late[0]!r}",
            subject=f"opportunities/{late[0]}",
            count=len(late),
        )


def _below_cost(facts: Facts, during: Period) -> Iterator[Finding]:
    table = facts.table("order_lines")
    losses = [
        cost - net
        for day, net, cost in zip(
            table.column("ordered_on"),
            table.column("net_amount"),
            table.column("cost"),
            strict=True,
        )
        if day is not None and day in during and net is not None and cost is not None and net < cost
    ]
    if losses:
        yield Finding(
            code="sold-below-cost",
            severity=Severity.WARNING,
            message=f"sold below cost in {during.key}: {counted(len(losses), 'order_lines')}, "
            f"by {exact_sum(losses):,.2f} {facts.currency} together",
            count=len(losses),
        )


def _without_customer(facts: Facts) -> Iterator[Finding]:
    for name in ("opportunities", "order_lines"):
        nobody = sum(key is None for key in facts.table(name).column("customer_id"))
        if nobody:
            yield Finding(
                code="without-customer",
                severity=Severity.WARNING,
                message=f"without a customer: {counted(nobody, name)}",
                subject=f"{name}.customer_id",
                count=nobody,
            )


def _without_date(facts: Facts) -> Iterator[Finding]:
    table = facts.table("opportunities")
    dates = (table.column(name) for name in ("created_on", "first_contact_on", "closed_on"))
    undated = sum(not any(days) for days in zip(*dates, strict=True))
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
