"""Special functions that the standard library lacks, in floats."""

from __future__ import annotations

from math import inf, isfinite, lgamma, log, log1p

from salescore.errors import InvalidValue

_HALF = 0.5
_NEAR = 0.9
"""From here on the series of ₂F₁ is slow."""
_WIDE = 60.0
"""From this denominator on a Taylor series of ₂F₁ away from 0 loses digits."""
_MOST_TERMS = 60_000
_ENOUGH = 1e-17
"""A term below this share of the sum changes no digit of it."""


def gamma_step(start: float, step: float) -> float:
    """
    Return ln Γ(start + step) − ln Γ(start), with its digits also where the start is large.

    Args:
        start: Above 0.
        step: From 0 on.

    Examples:
        >>> round(gamma_step(3.0, 2.0), 12)  # ln(4! ÷ 2!)
        2.484906649788

    Source:
        M. Abramowitz, I. A. Stegun, *Handbook of Mathematical Functions* (1964), 6.1.40.
    """
    if start < _LARGE:
        return lgamma(start + step) - lgamma(start)
    end = start + step
    # Stirling: (z − ½) ln z − z + …, whose leading terms are taken together before they cancel.
    leading = (start - _HALF) * log1p(step / start) + step * (log(end) - 1.0)
    return leading + _stirling(end) - _stirling(start)


_LARGE = 1000.0


def _stirling(z: float) -> float:
    return (1.0 / 12.0 - 1.0 / (360.0 * z * z)) / z


def hypergeometric(a: float, b: float, c: float, z: float) -> float:
    """
    Return the Gaussian hypergeometric function ₂F₁(a, b; c; z) for a z from 0 up to 1.

    Up to 0.9, and where c is large, its series is summed. Beyond it is carried on in steps, each
    half of what is left up to 1, by the Taylor series that its differential equation gives; so a
    few dozen terms a step do, however close to 1 z lies.

    Args:
        a: First numerator parameter; a and b may be exchanged.
        b: Second numerator parameter.
        c: Denominator parameter; neither 0 nor a negative whole number.
        z: Argument, from 0 on and below 1.

    Returns:
        The value. About ten digits of it hold where a and b lie above 0; where one lies far below,
        terms of both signs cancel, and digits with them.

    Raises:
        InvalidValue: z lies outside, c is 0 or a negative whole number, an argument is not finite,
            or the value is too large for a float or too slow to find.

    Examples:
        >>> round(hypergeometric(1.0, 1.0, 2.0, 0.5), 12)  # −ln(1 − z) ÷ z
        1.38629436112

    Source:
        M. Abramowitz, I. A. Stegun, *Handbook of Mathematical Functions* (1964), 15.1.1, 15.5.1.
    """
    if not (isfinite(a) and isfinite(b) and isfinite(c) and 0.0 <= z < 1.0):
        raise InvalidValue("arguments of ₂F₁", (a, b, c, z), "finite, the last from 0 up to 1")
    if c <= 0.0 and c == int(c):
        raise InvalidValue("third argument of ₂F₁", c, "neither 0 nor a negative whole number")
    found = _by_steps(a, b, c, z) if z > _NEAR and abs(c) < _WIDE else _series(a, b, c, z)
    if not isfinite(found):
        raise InvalidValue("arguments of ₂F₁", (a, b, c, z), "the value is beyond floats")
    return found


def _by_steps(a: float, b: float, c: float, z: float) -> float:
    value = _series(a, b, c, _NEAR)
    slope = a * b / c * _series(a + 1.0, b + 1.0, c + 1.0, _NEAR)
    # What is left up to 1 keeps its digits where z itself has none to spare.
    left, end = 1.0 - _NEAR, 1.0 - z
    while left > end:
        step = min(left - end, left / 2.0)
        value, slope = _step((a, b, c), left, step, value, slope)
        left -= step
    return value


def _series(a: float, b: float, c: float, z: float) -> float:
    total = term = 1.0
    for n in range(_MOST_TERMS):
        term *= (a + n) * (b + n) / ((c + n) * (1.0 + n)) * z
        total += term
        # Terms may still grow where the parameters are large.
        if abs(term) <= _ENOUGH * abs(total) and abs((a + n + 1.0) * (b + n + 1.0) * z) <= abs(
            (c + n + 1.0) * (n + 2.0)
        ):
            return total
    return inf


def _step(
    parameters: tuple[float, float, float], left: float, step: float, value: float, slope: float
) -> tuple[float, float]:
    """Return value and slope a step nearer to 1, by the Taylor series of the equation."""
    a, b, c = parameters
    width = left * (1.0 - left)
    bend, drift = 2.0 * left - 1.0, c - (a + b + 1.0) * (1.0 - left)
    # Coefficients times the power of the step: by themselves they leave the range of floats.
    before, last = value, slope * step
    total, rise = before + last, last
    n = 0
    while True:
        pull = (n + a) * (n + b) * before * step - (n + 1.0) * (n * bend + drift) * last
        before, last = last, pull * step / ((n + 2.0) * (n + 1.0) * width)
        total += last
        rise += (n + 2.0) * last
        # Written so that what is no number ends it, too.
        if not max(abs(last), abs(before)) * (n + 2.0) > _ENOUGH * abs(total):
            return total, rise / step
        n += 1
