"""How sure a rate is."""

from __future__ import annotations

import decimal
from decimal import Decimal
from typing import cast

import attrs

from salescore.errors import InvalidValue
from salescore.stats._normal import normal_quantile

LEVEL = Decimal("0.95")
"""The usual level of confidence."""

_DIGITS = decimal.Context(prec=28)
_WORKING = decimal.Context(prec=50, rounding=decimal.ROUND_HALF_EVEN)


@attrs.frozen(kw_only=True)
class ConfidenceInterval:
    """
    A range that covers what is estimated in a stated share of all samples.

    Attributes:
        low: Lower bound, in the unit of what is estimated.
        high: Upper bound.
        level: Share of samples whose range covers it, such as 0.95.
    """

    low: Decimal
    high: Decimal
    level: Decimal

    @property
    def excludes_zero(self) -> bool:
        """Return whether 0 lies outside, bounds counting as inside."""
        return self.low > 0 or self.high < 0


def wilson_interval(successes: int, n: int, level: Decimal = LEVEL) -> ConfidenceInterval | None:
    """
    Return the interval of a rate of which `successes` among n were seen.

    With p = x ÷ n and the normal quantile z, (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) ÷ (1 + z²/n).
    It never leaves 0 to 1, and says something also where none or all succeeded.

    Args:
        successes: How many succeeded, from 0 to n.
        n: How many were tried.
        level: Level of confidence, between 0 and 1.

    Returns:
        Fractions from 0 to 1, rounded to 28 significant digits; `None` where n is 0.

    Raises:
        InvalidValue: More succeeded than were tried, a number is negative, or the level is none.

    Examples:
        >>> found = wilson_interval(81, 263)
        >>> round(found.low, 5), round(found.high, 5)
        (Decimal('0.25529'), Decimal('0.36621'))

    Source:
        Wilson, Probable inference, the law of succession, and statistical inference, Journal of
        the American Statistical Association 22 (1927); Newcombe, Two-sided confidence intervals
        for the single proportion, Statistics in Medicine 17 (1998), method 3.
    """
    if not 0 <= successes <= n:
        raise InvalidValue("successes", successes, f"they lie between 0 and the {n} tried")
    check_level(level)
    if not n:
        return None
    with decimal.localcontext(_WORKING):
        x, of = Decimal(successes), Decimal(n)
        z = normal_quantile((1 + level) / 2)
        middle = x + z * z / 2
        half = z * (x * (of - x) / of + z * z / 4).sqrt()
        below = of + z * z
        # At the ends the two terms are equal; rounding must not leave a trace of them.
        low = (middle - half) / below if successes else Decimal(0)
        high = (middle + half) / below if successes < n else Decimal(1)
    return ConfidenceInterval(low=_DIGITS.plus(low), high=_DIGITS.plus(high), level=level)


def check_level(level: Decimal) -> None:
    """
    Refuse what is no level of confidence.

    Raises:
        InvalidValue: It does not lie between 0 and 1, or so near to 1 that nobody can mean it.
    """
    is_decimal = isinstance(cast("object", level), Decimal)
    if not (is_decimal and level.is_finite() and 0 < level <= _MOST):
        raise InvalidValue("level", level, f"it must be a Decimal above 0, at most {_MOST}")


_MOST = Decimal("0.9999999")
