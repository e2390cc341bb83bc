"""`Chance`: how likely an end is, with what it rests on."""

from __future__ import annotations

import decimal
from datetime import date
from decimal import Decimal

import attrs

from salescore.stats import ConfidenceInterval, normal_quantile, wilson_interval

LEVEL = Decimal("0.95")
"""The usual level of confidence."""

_WORKING = decimal.Context(prec=50, rounding=decimal.ROUND_HALF_EVEN)
_DIGITS = decimal.Context(prec=28, rounding=decimal.ROUND_HALF_EVEN)


@attrs.frozen(kw_only=True)
class Chance:
    """
    How likely opportunities are to be won, learnt from those that ended and those still open.

    Attributes:
        value: A fraction from 0 to 1, to 28 significant digits; `None` when undefined.
        n: Opportunities or visits that it is learnt from.
        undecided: Share of which the facts do not tell how it ends, since nobody was followed long
            enough; the chance lies between `value` and `value` + `undecided`. `None` when
            undefined.
        interval: Where the value lies at the stated level; `None` where nothing is known of it.
        reason: Why it is undefined; `None` when it is defined.
        as_of: Last day whose facts are seen; `None` where nobody knows it.
    """

    value: Decimal | None
    n: int
    undecided: Decimal | None = None
    interval: ConfidenceInterval | None = None
    reason: str | None = None
    as_of: date | None = None


def check_level(level: Decimal) -> None:
    """
    Refuse what is no level of confidence.

    Raises:
        InvalidValue: It is none.
    """
    wilson_interval(0, 1, level)


def interval_at_an_end(
    value: Decimal, won: int, followed: int, level: Decimal
) -> ConfidenceInterval | None:
    """
    Return the interval of a chance of 0 or 1, by Wilson, of those followed to the end.

    Args:
        value: The chance.
        won: Those that were won.
        followed: Those that ended, or were seen open until the chance was asked for.
        level: Level of confidence.
    """
    return wilson_interval(won if value else 0, won if value else followed, level)


def logit_interval(value: Decimal, variance: Decimal, level: Decimal) -> ConfidenceInterval | None:
    """
    Return the interval of a chance between 0 and 1 out of its variance, on the scale of odds.

    With the chance p, its variance V and the normal quantile z the odds p ÷ (1 - p) are multiplied
    by exp(±z √V ÷ (p (1 - p))), so that it never leaves 0 to 1.
    """
    if not 0 < value < 1:
        return None
    with decimal.localcontext(_WORKING):
        width = normal_quantile((1 + level) / 2) * variance.sqrt() / (value * (1 - value))
        odds = value / (1 - value)
        low, high = odds / width.exp(), odds * width.exp()
        low, high = low / (1 + low), high / (1 + high)
    return ConfidenceInterval(low=_DIGITS.plus(low), high=_DIGITS.plus(high), level=level)
