"""How likely two products come together by chance alone, and what is left of many such findings."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import exp, lgamma

from salescore.purchases._numbers import as_share
from salescore.values import EXACT

_FORGOTTEN = 1e-17
"""Share of a sum below which what is added to it is rounding."""


def chance_together(together: int, one: int, other: int, n: int) -> Decimal:
    """
    Return the chance of so many baskets with both products or more, were they independent.

    How many baskets hold each product is taken as it is; which they are is left to chance, so the
    baskets with both are counted by the hypergeometric distribution.

    Args:
        together: Baskets with both.
        one: Baskets with the one product.
        other: Baskets with the other.
        n: Baskets of all.

    Returns:
        From 0 to 1, to twelve digits; 0 below 1E-30.

    Source:
        R. A. Fisher, *Statistical Methods for Research Workers*, 5th edition (1934), section 21.02:
        the exact test of two by two counts, one-sided.
    """
    if together * n > one * other:
        return as_share(_run(together, 1, (one, other, n)))
    return as_share(1.0 - _run(together - 1, -1, (one, other, n)))


def _run(first: int, way: int, counts: tuple[int, int, int]) -> float:
    """Return the sum of the chances from a number on, upwards or downwards, away from the mean."""
    one, other, n = counts
    neither = n - one - other
    if not max(0, -neither) <= first <= min(one, other):
        return 0.0
    chance = exp(
        _log_ways(one, first) + _log_ways(n - one, other - first) - _log_ways(n, other),
    )
    total, at = 0.0, first
    while chance > total * _FORGOTTEN:
        total += chance
        # What is 0 at the end of all that is possible ends the sum.
        if way > 0:
            chance *= (one - at) * (other - at) / ((at + 1) * (neither + at + 1))
        else:
            chance *= at * (neither + at) / ((one - at + 1) * (other - at + 1))
        at += way
    return total


def _log_ways(n: int, k: int) -> float:
    return lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0)


def adjusted(p_values: Sequence[Decimal], many: int) -> list[Decimal]:
    """
    Return chances adjusted for there being many, by the method of Holm.

    Those not given count as large as any. It is `stats.holm` of all, without a list of all.

    Args:
        p_values: The chances of some, from 0 to 1, in any order.
        many: How many were looked at, those given among them.

    Returns:
        One per value, in the order given, from 0 to 1, exact.
    """
    found = [Decimal(0)] * len(p_values)
    least = Decimal(0)
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        least = max(least, min(EXACT.multiply(p_values[place], many - rank), Decimal(1)))
        found[place] = least
    return found
