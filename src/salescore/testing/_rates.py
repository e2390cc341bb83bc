"""Strategies for exchange rates: tables of any pairs, kinds and days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from salescore.testing._hypothesis import st
from salescore.testing._values import CURRENCIES, days
from salescore.values import Rate, RateKind, RateTable

_FIRST_DAY = date(2016, 1, 1)
_LAST_DAY = date(2018, 12, 31)


def rate_tables(
    currencies: Sequence[str] = CURRENCIES,
    kinds: Sequence[RateKind] = tuple(RateKind),
    *,
    first: date = _FIRST_DAY,
    last: date = _LAST_DAY,
    least: int = 0,
    most: int = 20,
) -> st.SearchStrategy[RateTable]:
    """
    Return tables of exchange rates: pairs given both ways, gaps, and rates far from 1 among them.

    Args:
        currencies: Codes to choose from, at least two.
        kinds: Kinds of rate to choose from, the simplest first.
        first: First day on which a rate may begin.
        last: Last day on which a rate may begin.
        least: Fewest rates.
        most: Most rates.
    """
    pairs = [(one, other) for one in currencies for other in currencies if one != other]
    values = st.one_of(
        st.decimals("0.0001", 10_000, places=4, allow_nan=False, allow_infinity=False),
        st.sampled_from(
            [Decimal(1), Decimal("1E-18"), Decimal("9" * 20), Decimal("0." + "3" * 18)]
        ),
    )
    rates = st.builds(
        _rate,
        st.sampled_from(pairs),
        values,
        days(first, last),
        st.sampled_from(kinds),
        st.sampled_from([None, "ECB"]),
    )
    many = st.lists(rates, min_size=least, max_size=most, unique_by=_key)
    return many.map(RateTable.of)


def _rate(
    pair: tuple[str, str], value: Decimal, day: date, kind: RateKind, source: str | None
) -> Rate:
    base, quote = pair
    return Rate(base=base, quote=quote, rate=value, valid_from=day, kind=kind, source=source)


def _key(rate: Rate) -> tuple[str, str, RateKind, date]:
    return rate.base, rate.quote, rate.kind, rate.valid_from
