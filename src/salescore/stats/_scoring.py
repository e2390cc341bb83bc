"""Proper scores: what a statement about the unknown costs once the value is known."""

from __future__ import annotations

import decimal
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm

import attrs

from salescore.errors import InvalidNumber, InvalidValue
from salescore.stats._digits import WORKING, exact_fraction, rounded
from salescore.stats._intervals import check_level
from salescore.stats._normal import TWO_PI, normal_tail
from salescore.stats._skill import check_chances
from salescore.values import quotient


@attrs.frozen(kw_only=True)
class LogScore:
    """
    The mean surprise of what happened under stated chances.

    Attributes:
        n: Cases that entered.
        value: Mean of -ln p, p the chance stated for what happened, from 0 on; less is better.
            `None` without cases, and where something happened that was said to be impossible.
        impossible: Cases in which what happened had been given a chance of 0.
        reason: Why there is no value; `None` where there is one.
    """

    n: int
    value: Decimal | None
    impossible: int = 0
    reason: str | None = None


def log_score(chances: Sequence[Decimal], outcomes: Sequence[bool]) -> LogScore:
    """
    Return the logarithmic score of stated chances.

    With p the chance stated for what happened, it is the mean of -ln p.
    It punishes false certainty without limit: what was called impossible and happened makes it
    infinite, which is said in words instead of a number, and is not cut at some small chance.

    Args:
        chances: Fractions from 0 to 1 that it happens, one per case.
        outcomes: Whether it happened, in the same order.

    Returns:
        The score to 28 significant digits, or why there is none.

    Raises:
        InvalidValue: A chance lies outside 0 to 1, or there are more of one than of the other.

    Examples:
        >>> log_score([Decimal(1), Decimal(0)], [True, False]).value
        Decimal('0')
        >>> log_score([Decimal(0)], [True]).reason
        'called impossible, it happened in 1 of 1 case: the score is infinite'

    Source:
        Good, Rational decisions, Journal of the Royal Statistical Society B 14 (1952), 107-114.
    """
    check_chances(chances, outcomes)
    n = len(chances)
    if not n:
        return LogScore(n=0, value=None, reason="no cases")
    told = Counter((p, bool(o)) for p, o in zip(chances, outcomes, strict=True))
    impossible = sum(count for (p, o), count in told.items() if p == (0 if o else 1))
    if impossible:
        cases = "case" if n == 1 else "cases"
        reason = f"called impossible, it happened in {impossible:,} of {n:,} {cases}: "
        fault = f"{reason}the score is infinite"
        return LogScore(n=n, value=None, impossible=impossible, reason=fault)
    with decimal.localcontext(WORKING):
        # In one order, so that that of the cases does not change the last digit.
        parts = (-(p if o else 1 - p).ln() * told[p, o] for p, o in sorted(told))
        return LogScore(n=n, value=rounded(sum(parts, Decimal(0)) / n))


def pinball_loss(actual: Decimal, quantile: Decimal, p: Decimal) -> Decimal:
    """
    Return what a stated quantile costs: p per unit that it is too low, 1 - p per unit too high.

    Args:
        actual: What it came to, in any unit.
        quantile: The value said not to be exceeded with chance p, in the same unit.
        p: Chance between 0 and 1.

    Returns:
        The cost in the unit of the value, from 0 on, to 28 significant digits.

    Raises:
        InvalidValue: p does not lie between 0 and 1.
        InvalidNumber: A value is no finite decimal.

    Examples:
        >>> pinball_loss(Decimal(100), Decimal(90), Decimal("0.9"))
        Decimal('9')

    Source:
        Koenker and Bassett, Regression quantiles, Econometrica 46 (1978), 33-50.
    """
    share = fraction_of(p)
    if not 0 < share < 1:
        raise InvalidValue("p", p, "a quantile's chance lies between 0 and 1")
    away = fraction_of(actual) - fraction_of(quantile)
    return decimal_of(share * away if away >= 0 else (share - 1) * away)


def interval_score(actual: Decimal, low: Decimal, high: Decimal, level: Decimal) -> Decimal:
    """
    Return what a stated interval costs: its width, and 2 ÷ (1 - level) per unit that it missed by.

    No other interval costs less in the long run than that from the quantile (1 - level)/2 to that
    of (1 + level)/2.

    Args:
        actual: What it came to, in any unit.
        low: Lower end, itself inside, in the same unit.
        high: Upper end, itself inside.
        level: Chance with which it was said to hold the value, between 0 and 1.

    Returns:
        The cost in the unit of the value, from 0 on, to 28 significant digits.

    Raises:
        InvalidValue: The level is none, or the lower end lies above the upper.
        InvalidNumber: A value is no finite decimal.

    Examples:
        >>> ends = Decimal(80), Decimal(120)
        >>> interval_score(Decimal(130), *ends, Decimal("0.8"))
        Decimal('140')

    Source:
        Winkler, A decision-theoretic approach to interval estimation, Journal of the American
        Statistical Association 67 (1972), 187-191; Gneiting and Raftery, Strictly proper scoring
        rules, prediction, and estimation, ibid. 102 (2007), 359-378, equation 43.
    """
    check_level(level)
    bottom, top, y = fraction_of(low), fraction_of(high), fraction_of(actual)
    if bottom > top:
        raise InvalidValue("interval", f"{low} to {high}", "its lower end lies above the upper")
    missed = max(bottom - y, y - top, Fraction(0))
    return decimal_of(top - bottom + 2 * missed / (1 - Fraction(level)))


def crps(values: Sequence[Decimal], weights: Sequence[int], actual: Decimal) -> Decimal:
    """
    Return the continuous ranked probability score of a distribution of separate values.

    With the chance F(x) of x or less and the value y that came, it is the integral of
    (F(x) - 1{y ≤ x})² over all x, exactly: F is a staircase, and the integral a sum over its steps.
    It is also `E|X - y| - E|X - X'|/2` with two independent draws, and twice the integral of the
    pinball loss over all quantiles; of a certain value it is the distance.
    Literature on ensembles calls this estimator INT, which equals NRG and QD. It judges the
    distribution as stated; it is not the "fair" one (PWM), which judges the one that a sample of
    values was drawn from.

    Args:
        values: What it may come to, in any order and unit.
        weights: Weight of each value, whole and from 0 on; chances are weight ÷ sum.
        actual: What it came to, in the same unit.

    Returns:
        The score in the unit of the values, from 0 on, to 28 significant digits; less is better.

    Raises:
        InvalidValue: There are more values than weights or fewer, a weight is no whole number from
            0 on, or none lies above.
        InvalidNumber: A value is no finite decimal.

    Examples:
        >>> crps([Decimal(0), Decimal(100)], [1, 1], Decimal(100))
        Decimal('25')

    Source:
        Matheson and Winkler, Scoring rules for continuous probability distributions, Management
        Science 22 (1976), 1087-1096; Gneiting and Raftery (2007), equations 20 and 21; estimators:
        Zamo and Naveau, Estimation of the continuous ranked probability score with limited
        information, Mathematical Geosciences 50 (2018), 209-234.
    """
    total = check_weights(values, weights)
    exact = [fraction_of(one) for one in values]
    y = fraction_of(actual)
    # Whole numbers throughout: thousands of fractions would each look for common divisors.
    unit = lcm(y.denominator, *(one.denominator for one in exact))
    came = _units(y, unit)
    steps = sorted((_units(one, unit), weight) for one, weight in zip(exact, weights, strict=True))
    until, before, cost = 0, min(steps[0][0], came), 0
    for place, weight in (*steps, (max(came, steps[-1][0]), 0)):
        short = min(max(came, before), place)  # up to here the value lies ahead
        cost += until**2 * (short - before) + (total - until) ** 2 * (place - short)
        until += weight
        before = place
    return decimal_of(Fraction(cost, total**2 * unit))


def _units(value: Fraction, unit: int) -> int:
    """Return a value in parts of which a unit has so many."""
    return value.numerator * (unit // value.denominator)


def normal_crps(mean: Decimal, deviation: Decimal, actual: Decimal) -> Decimal:
    """
    Return the continuous ranked probability score of a normal distribution.

    With z = (y - μ) ÷ σ, density φ and chance Φ it is σ (z (2Φ(z) - 1) + 2φ(z) - 1 ÷ √π).

    Args:
        mean: Its mean μ, in any unit.
        deviation: Its standard deviation σ, in the same unit, from 0 on.
        actual: What it came to, y, in the same unit.

    Returns:
        The score in the unit of the values, from 0 on, to 28 significant digits of its terms.

    Raises:
        InvalidValue: The deviation lies below 0.
        InvalidNumber: A value is no finite decimal.

    Examples:
        >>> round(normal_crps(Decimal(0), Decimal(1), Decimal(0)), 10)
        Decimal('0.2336949773')

    Source:
        Gneiting, Raftery, Westveld and Goldman, Calibrated probabilistic forecasting using
        ensemble model output statistics, Monthly Weather Review 133 (2005), 1098-1118, equation 5.
    """
    away = abs(fraction_of(actual) - fraction_of(mean))
    width = fraction_of(deviation)
    if width < 0:
        raise InvalidValue("deviation", deviation, "it is 0 or above")
    if not width:
        return decimal_of(away)
    ratio = away / width
    with decimal.localcontext(WORKING):
        z = Decimal(ratio.numerator) / Decimal(ratio.denominator)
        inside = 1 - 2 * normal_tail(z)
        density = (-z * z / 2).exp() / TWO_PI.sqrt()
        found = z * inside + 2 * density - 1 / (TWO_PI / 2).sqrt()
        return rounded(found * deviation)


def pit_range(
    values: Sequence[Decimal], weights: Sequence[int], actual: Decimal
) -> tuple[Fraction, Fraction]:
    """
    Return where what came lies in a distribution: its chance of less, and of that much or less.

    Args:
        values: What it may come to, in any order and unit.
        weights: Weight of each value, whole and from 0 on; chances are weight ÷ sum.
        actual: What it came to, in the same unit.

    Returns:
        Two fractions from 0 to 1; equal where the value itself had no chance.

    Raises:
        InvalidValue: There are more values than weights or fewer, a weight is no whole number from
            0 on, or none lies above.
        InvalidNumber: A value is no finite decimal.
    """
    total = check_weights(values, weights)
    fraction_of(actual)
    below = sum(weight for one, weight in zip(values, weights, strict=True) if one < actual)
    until = sum(weight for one, weight in zip(values, weights, strict=True) if one <= actual)
    return Fraction(below, total), Fraction(until, total)


def check_weights(values: Sequence[Decimal], weights: Sequence[int]) -> int:
    """Return the sum of weights, or refuse what is no distribution."""
    if len(values) != len(weights):
        fault = f"one per value, of which there are {len(values)}"
        raise InvalidValue("number of weights", len(weights), fault)
    for one in weights:
        if type(one) is not int or one < 0:
            raise InvalidValue("weight", one, "a weight is a whole number from 0 on")
    total = sum(weights)
    if not total:
        raise InvalidValue("sum of weights", total, "at least one lies above 0")
    return total


def fraction_of(value: object) -> Fraction:
    """Return a finite decimal as a fraction; refuse anything else."""
    found = exact_fraction(value) if isinstance(value, Decimal) else None
    if found is None:
        raise InvalidNumber(str(value), "expected a finite Decimal of at most 1,000 places")
    return found


def decimal_of(value: Fraction) -> Decimal:
    """Return a fraction to 28 significant digits."""
    return quotient(Decimal(value.numerator), Decimal(value.denominator)) or Decimal(0)
