"""Quantiles: one definition, exact."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, Inexact

from salescore.errors import InexactResult, InvalidValue
from salescore.values import EXACT


def quantile(ascending: Sequence[Decimal], p: Decimal) -> Decimal | None:
    """
    Return the value below which the share p of the data lies, interpolated linearly.

    The value stands at position (n - 1)p among the n ascending values, counted from 0 (type 7).

    Args:
        ascending: Finite values, smallest first.
        p: Share from 0 to 1.

    Returns:
        In the unit of the values, between the smallest and the largest, or `None` without values.

    Raises:
        InvalidValue: p lies outside 0 to 1.
        InexactResult: The values and p are so long that 1,000 digits cannot hold the quantile.

    Examples:
        >>> quantile([Decimal(1), Decimal(2), Decimal(10)], Decimal("0.75"))
        Decimal('6.00')

    Source:
        Hyndman and Fan, Sample quantiles in statistical packages, The American Statistician
        50 (1996), definition 7.
    """
    if not (p.is_finite() and 0 <= p <= 1):
        raise InvalidValue("quantile", p, "a share lies between 0 and 1")
    if not ascending:
        return None
    try:
        position = EXACT.multiply(len(ascending) - 1, p)
        below = int(position)
        lower = ascending[below]
        if position == below:
            return lower
        part = EXACT.subtract(position, below)
        return EXACT.fma(part, EXACT.subtract(ascending[below + 1], lower), lower)
    except Inexact:
        raise InexactResult(f"the quantile at {p}") from None
