"""Decay: how much of an event's points is left as days go by."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from typing import assert_never

import attrs

from salescore.errors import InvalidValue
from salescore.plain import as_tuple
from salescore.values import Rounding, round_to

DIGITS = 6
"""Digits behind the point that the points of one event are rounded to, half to even."""

_POWERS = Context(prec=60)
_TWO = Decimal(2)
_MOST_DAYS = 36_600


def _check_days(thing: str, days: object) -> None:
    if type(days) is not int or not 1 <= days <= _MOST_DAYS:
        fault = f"expected a whole number from 1 to {_MOST_DAYS:,}"
        raise InvalidValue(thing, days, fault)


@attrs.frozen
class LinearDecay:
    """
    Points fall by the same amount each day, to nothing.

    Attributes:
        days: Days after which nothing is left.
    """

    days: int

    def __attrs_post_init__(self) -> None:
        _check_days("days of a linear decay", self.days)


@attrs.frozen
class ExponentialDecay:
    """
    Points fall by the same share each day.

    Attributes:
        half_life: Days after which half is left.
    """

    half_life: int

    def __attrs_post_init__(self) -> None:
        _check_days("half-life of a decay", self.half_life)


@attrs.frozen
class StepDecay:
    """
    Points fall in steps.

    Attributes:
        steps: Pairs of days and the share that is left from that age on, both going one way: days
            up, shares down; before the first step all is left.
    """

    steps: tuple[tuple[int, Decimal], ...] = attrs.field(converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        days = [one for one, _ in self.steps]
        shares = [share for _, share in self.steps]
        if not days:
            raise InvalidValue("steps of a decay", (), "it needs at least one")
        for one in days:
            _check_days("days of a step", one)
        for share in shares:
            if type(share) is not Decimal or not share.is_finite():
                raise InvalidValue("share of a step", share, "expected a Decimal from 0 to 1")
        if days != sorted(set(days)):
            raise InvalidValue("days of steps", tuple(days), "they go up, none twice")
        if shares != sorted(shares, reverse=True) or not all(0 <= one <= 1 for one in shares):
            raise InvalidValue(
                "shares of steps", tuple(map(str, shares)), "they go down, within 0 and 1"
            )


Decay = LinearDecay | ExponentialDecay | StepDecay
"""How points are lost over time."""


def decayed(points: Decimal, age: int, decay: Decay | None) -> Decimal:
    """
    Return what is left of points after some days.

    Linear: points × max(0, 1 − age ÷ days). Exponential: points × 2^(−age ÷ half-life).
    Step: points × the share of the last step that age has reached.

    Args:
        points: Points of the event on its day.
        age: Days since then, at least 0.
        decay: How points are lost; `None` keeps them.

    Returns:
        Points, rounded half to even at six digits; never further from 0 than those of a lower age.

    Raises:
        InvalidValue: The age is below 0.

    Examples:
        >>> decayed(Decimal(10), 30, ExponentialDecay(30))
        Decimal('5.000000')
    """
    if age < 0:
        raise InvalidValue("age of an event", age, "it lies after the day; expected 0 or more days")
    match decay:
        case None:
            left = points
        case LinearDecay(days):
            share = max(Fraction(0), 1 - Fraction(age, days))
            exact = Fraction(points) * share
            left = _POWERS.divide(Decimal(exact.numerator), Decimal(exact.denominator))
        case ExponentialDecay(half_life):
            power = _POWERS.divide(Decimal(-age), Decimal(half_life))
            left = _POWERS.multiply(points, _POWERS.power(_TWO, power))
        case StepDecay(steps):
            share_left = [share for days, share in steps if days <= age]
            left = points * share_left[-1] if share_left else points
        case _:
            assert_never(decay)
    return round_to(left, DIGITS, Rounding.HALF_EVEN)
