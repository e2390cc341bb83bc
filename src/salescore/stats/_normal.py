"""The standard normal distribution, to 28 digits and alike on every machine."""

from __future__ import annotations

import decimal
from decimal import Decimal
from functools import lru_cache
from statistics import NormalDist

from salescore.errors import InvalidValue
from salescore.stats._digits import WORKING, rounded

_DIGITS = decimal.Context(prec=28)
_FAR = 4
# Enough for 30 digits at 4, and for more beyond.
_TERMS = 150
_CLOSE = Decimal("1E-40")
_HALF = Decimal("0.5")
_NARROWEST = Decimal("1E-9")
# 2 pi to 60 digits.
TWO_PI = Decimal("6.28318530717958647692528676655900576839433879875021164194989")


@lru_cache(maxsize=32)
def normal_quantile(p: Decimal) -> Decimal:
    """
    Return the number below which a standard normal variable stays with probability p.

    Args:
        p: Probability from 0.000000001 to 0.999999999.

    Returns:
        A number without unit, rounded to 28 significant digits.

    Raises:
        InvalidValue: p lies outside these bounds.

    Examples:
        >>> normal_quantile(Decimal("0.975"))
        Decimal('1.959963984540054235524594431')

    Source:
        Definition of the normal distribution; its series as in Abramowitz and Stegun, Handbook of
        Mathematical Functions (1964), 26.2.11.
    """
    if not (p.is_finite() and _NARROWEST <= p <= 1 - _NARROWEST):
        fault = f"a probability here lies between {_NARROWEST:f} and {1 - _NARROWEST}"
        raise InvalidValue("probability", p, fault)
    if p == _HALF:
        return Decimal(0)
    with decimal.localcontext(WORKING):
        # Sixteen digits by floating point; each step of Newton's doubles the right ones.
        found = Decimal(NormalDist().inv_cdf(float(p)))
        for _ in range(3):
            density = (-found * found / 2).exp() / TWO_PI.sqrt()
            found -= (_HALF + density * _series(found) - p) / density
        return _DIGITS.plus(found)


def normal_tail(z: Decimal) -> Decimal:
    """
    Return the chance that a standard normal variable lies above a number.

    Args:
        z: The number, at or above 0.

    Returns:
        From 0 to 0.5, rounded to 28 significant digits.

    Source:
        Below 4 the series of Abramowitz and Stegun, 26.2.11; above, where it would lose the digits
        that count, their continued fraction 26.2.14.
    """
    with decimal.localcontext(WORKING):
        density = (-z * z / 2).exp() / TWO_PI.sqrt()
        if z < _FAR:
            return rounded(_HALF - density * _series(z))
        fraction = z
        for term in range(_TERMS, 0, -1):
            fraction = z + term / fraction
        return rounded(density / fraction)


def _series(z: Decimal) -> Decimal:
    """Return z + z³/3 + z⁵/(3·5) + …, which times the density is the probability from 0 to z."""
    term = total = z
    odd = 1
    while abs(term) > _CLOSE:
        odd += 2
        term = term * z * z / odd
        total += term
    return total
