"""Amounts of several currencies: never summed in silence."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any

from salescore.errors import InvalidFrame
from salescore.frames._engines import narwhals
from salescore.frames._reduce_known import Known, collected
from salescore.plain import Kind

_CURRENCY, _RATE = "currency", "exchange_rate"
CURRENCY_COLUMNS = (_CURRENCY, _RATE)
"""Columns that say in which currency a row stood, and at which rate it was priced."""


def check_currency(known: Known, columns: Iterable[str], currency: str | None) -> None:
    """
    Refuse columns of money that hold amounts of several currencies.

    A row that was priced names its exchange rate; one without a rate must stand in the reporting
    currency, or have no amount. A frame without a column of currencies is taken at its word.

    Args:
        known: The frame.
        columns: Columns that are to be brought together; those without money are passed over.
        currency: Reporting currency; `None` takes any one currency.

    Raises:
        InvalidFrame: Rows without a rate have amounts in another currency.
    """
    frame = known.frame
    moneys = [
        name
        for name in dict.fromkeys(columns)
        if frame.schema.field(name).kind is Kind.DECIMAL
        and (frame.schema.field(name).unit or "").startswith("money")
        and frame.column(name) is not None
    ]
    if not moneys or _CURRENCY not in frame.schema or frame.optional(_CURRENCY) is None:
        return
    has_rates = frame.optional(_RATE) is not None
    if has_rates and known.has_no_nulls(_RATE):
        return
    nw = narwhals()
    has_amount: Any = reduce(
        lambda one, other: one | other, (~nw.col(name).is_null() for name in moneys)
    )
    rows = known.lazy.filter(has_amount & ~nw.col(_CURRENCY).is_null())
    if has_rates:
        rows = rows.filter(nw.col(_RATE).is_null())
    found = collected(rows.group_by(_CURRENCY).agg(nw.len().alias("salescore_rows")))
    counts = {str(code): int(n) for code, n in found.rows()}
    foreign = sorted(counts.keys() - {currency}) if currency is not None else sorted(counts)
    if not foreign or (currency is None and len(foreign) == 1):
        return
    several = ", ".join(foreign)
    n = sum(counts[code] for code in foreign)
    into = "one currency" if currency is None else currency
    fault = (
        f"{', '.join(moneys)}: {n:,} rows hold amounts in {several} without an exchange rate; "
        f"price them in {into} and write the rate, or leave the amounts empty"
    )
    raise InvalidFrame(frame.schema.name, (fault,))
