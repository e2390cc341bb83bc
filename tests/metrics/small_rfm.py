"""Customers and schemes for the tests of RFM."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from salescore.metrics import MidRanks, QuantileCuts, RfmInput, RfmScheme, Thresholds

AS_OF = date(2024, 6, 30)

_MONEY = st.decimals(-50, 2000, places=2) | st.integers(0, 9).map(Decimal)


def bought(
    key: str, *, days: int | str = 10, orders: int | str = 1, revenue: str | None = "1"
) -> RfmInput:
    """Return a customer who bought so many days ago."""
    worth = None if revenue is None else Decimal(revenue)
    return RfmInput(key, AS_OF - timedelta(days=int(days)), Decimal(orders), worth)


def without_purchase(key: str) -> RfmInput:
    """Return a customer who has not bought."""
    return RfmInput(key, None, Decimal(0), Decimal(0))


def buyers(*, least: int = 0) -> st.SearchStrategy[list[RfmInput]]:
    """Return customers who all bought at a known price, many of them alike."""
    one = st.tuples(st.integers(0, 400), st.integers(1, 12), _MONEY)
    return st.lists(one, min_size=least, max_size=25).map(
        lambda rows: [
            bought(f"c{number}", days=days, orders=orders, revenue=str(worth))
            for number, (days, orders, worth) in enumerate(rows)
        ]
    )


@st.composite
def customers(draw: st.DrawFn) -> list[RfmInput]:
    """Return customers, some without a purchase and some of unknown revenue."""
    found = draw(buyers())
    for number in range(draw(st.integers(0, 4))):
        found.insert(draw(st.integers(0, len(found))), without_purchase(f"n{number}"))
    for number in range(draw(st.integers(0, 4))):
        days = draw(st.integers(0, 400))
        found.insert(
            draw(st.integers(0, len(found))), bought(f"u{number}", days=days, revenue=None)
        )
    return found


def fixed_schemes() -> st.SearchStrategy[Thresholds]:
    """Return thresholds with one to eight bounds."""
    return st.builds(
        Thresholds,
        recency=_bounds(st.integers(0, 400).map(Decimal)),
        frequency=_bounds(st.integers(0, 12).map(Decimal)),
        monetary=_bounds(_MONEY),
    )


def _bounds(bound: st.SearchStrategy[Decimal]) -> st.SearchStrategy[list[Decimal]]:
    return st.lists(bound, min_size=1, max_size=8).map(sorted)


def quantile_schemes() -> st.SearchStrategy[QuantileCuts]:
    """Return quantile cuts, with and without an offset."""
    offsets = st.sampled_from([Decimal(0), Decimal(1), Decimal("0.01")])
    return st.builds(QuantileCuts, parts=st.integers(2, 9), offset=offsets)


def rank_schemes() -> st.SearchStrategy[MidRanks]:
    """Return mid-ranks of every number of parts."""
    return st.builds(MidRanks, parts=st.integers(2, 9))


def schemes() -> st.SearchStrategy[RfmScheme]:
    """Return schemes of every kind."""
    return st.one_of(fixed_schemes(), quantile_schemes(), rank_schemes())


def most(scheme: RfmScheme) -> tuple[int, int, int]:
    """Return the highest scores of a scheme."""
    if isinstance(scheme, Thresholds):
        return len(scheme.recency) + 1, len(scheme.frequency) + 1, len(scheme.monetary) + 1
    return scheme.parts, scheme.parts, scheme.parts
