"""Rows that are counted, not priced, as findings."""

from __future__ import annotations

from collections.abc import Iterator

from salescore.book._table import FactTable
from salescore.render import counted
from salescore.values import Finding, MissingRate, RateGap, Severity

_ELSEWHERE = "order_lines"
_CODES = {
    RateGap.MISSING: "missing-rate",
    RateGap.LATE: "late-rate",
    RateGap.STALE: "stale-rate",
    RateGap.UNDATED: "undated-rate",
}


def unpriced_rows(table: FactTable) -> Iterator[Finding]:
    """
    Yield the rows without a rate by currency and what is wrong with it, each with one reason.

    Order lines among the sales lines are told of as order lines alone.

    Args:
        table: A fact table.
    """
    if table.pricing is None or not table.pricing.conversions:
        return
    counts: dict[tuple[str, str], int] = {}
    reasons: dict[tuple[str, str], str] = {}
    records = table.column("record") if "record" in table.schema else None
    for number, (code, found) in enumerate(
        zip(table.pricing.codes, table.pricing.conversions, strict=True)
    ):
        if isinstance(found, MissingRate) and (records is None or records[number] != _ELSEWHERE):
            key = (code, _CODES[found.gap])
            counts[key] = counts.get(key, 0) + 1
            reasons.setdefault(key, found.reason)
    for code, kind in sorted(counts):
        count, reason = counts[code, kind], reasons[code, kind]
        yield Finding(
            code=kind,
            severity=Severity.ERROR,
            message=f"counted, not priced: {counted(count, table.name)} in {code}; {reason}",
            subject=f"{table.name}.currency/{code}",
            count=count,
        )
