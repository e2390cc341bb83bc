"""Demands that properties are tried on."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from salescore.forecast import Distribution

UNITS = st.integers(0, 60).map(Decimal)
ABOVE_ZERO = st.integers(1, 60).map(Decimal)
COSTS = st.decimals("0.01", "99.99", places=2)


def demands(most: int = 20, values: int = 5) -> st.SearchStrategy[Distribution]:
    """Return demands of a few whole values from 0 on."""
    return st.dictionaries(
        st.integers(0, most).map(Decimal), st.integers(1, 9), min_size=1, max_size=values
    ).map(Distribution.weighted)


def dice(sides: int) -> Distribution:
    """Return the demand of 1 up to some units, all alike."""
    return Distribution.weighted({Decimal(units): 1 for units in range(1, sides + 1)})
