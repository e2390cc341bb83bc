"""How likely a standard normal variable stays below a number, and by how much it exceeds it."""

from __future__ import annotations

import decimal
from decimal import Decimal

from salescore.errors import InvalidValue
from salescore.stats._digits import WORKING, rounded
from salescore.stats._normal import normal_tail

# 2 pi to 60 digits.
_TWO_PI = Decimal("6.28318530717958647692528676655900576839433879875021164194989")
_FARTHEST = 1_000


def normal_chance(z: Decimal) -> Decimal:
    """
    Return the chance that a standard normal variable lies at or below a number.

    Args:
        z: The number, from -1,000 to 1,000.

    Returns:
        From 0 to 1, rounded to 28 significant digits.

    Raises:
        InvalidValue: The number lies outside.

    Examples:
        >>> round(normal_chance(Decimal("1.96")), 6)
        Decimal('0.975002')

    Source:
        Definition of the normal distribution; as `normal_tail`.
    """
    _check(z)
    tail = normal_tail(z.copy_abs())
    return rounded(WORKING.subtract(Decimal(1), tail)) if z > 0 else tail


def normal_loss(z: Decimal) -> Decimal:
    """
    Return by how much a standard normal variable exceeds a number, on average.

    With the density φ and the distribution function Φ it is φ(z) - z(1 - Φ(z)).

    Args:
        z: The number, from -1,000 to 1,000.

    Returns:
        Above 0, or 0 where it has more than a million digits; to some 24 significant digits.

    Raises:
        InvalidValue: The number lies outside.

    Examples:
        >>> round(normal_loss(Decimal(0)), 10)
        Decimal('0.3989422804')

    Source:
        Snyder and Shen, Fundamentals of Supply Chain Theory, 2nd edition (2019), equation
        C.31: the standard normal loss function.
    """
    _check(z)
    with decimal.localcontext(WORKING):
        density = (-z * z / 2).exp() / _TWO_PI.sqrt()
        above = density - abs(z) * normal_tail(abs(z))
        # What lies above z and what lies below differ by z on average.
        return rounded(max(above, Decimal(0)) + (-z if z < 0 else 0))


def _check(z: Decimal) -> None:
    if not (z.is_finite() and z.copy_abs() <= _FARTHEST):
        fault = f"a standard normal variable is asked from -{_FARTHEST} to {_FARTHEST}"
        raise InvalidValue("number", z, fault)
