"""Working exactly or with 50 digits, and giving 28 of them."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction
from typing import Final

#: The context in which results are worked out.
WORKING: Final = decimal.Context(
    prec=50, rounding=decimal.ROUND_HALF_EVEN, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX
)
_DIGITS = decimal.Context(
    prec=28, rounding=decimal.ROUND_HALF_EVEN, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX
)
_LONGEST = 1000
_TEN = Decimal(10)
# What is left of a difference of equal numbers, none above 1, after 100,000 roundings at 50 digits.
_TRACE = Decimal("1E-44")


def rounded(value: Decimal) -> Decimal:
    """Return a worked-out number to 28 significant digits, without zeros that say nothing."""
    if not value:
        return Decimal(0)
    short = value.normalize(_DIGITS)
    # Only whole tens end in zeros before the point.
    return short if -_TEN < short < _TEN else Decimal(f"{short:f}")


def rounded_variance(value: Decimal) -> Decimal:
    """Return a variance to 28 significant digits; what only rounding has left of 0 is 0."""
    return rounded(value) if value > _TRACE else Decimal(0)


def exact_fraction(value: object) -> Fraction | None:
    """
    Return a number as a fraction; `None` for what is no exact number.

    Neither a float is one, nor a decimal with more than 1,000 places: as a fraction it could fill
    the memory.
    """
    if isinstance(value, Decimal):
        if not value.is_finite() or abs(value.adjusted()) > _LONGEST:
            return None
        return Fraction(value)
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return Fraction(value)
    return None
