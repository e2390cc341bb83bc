"""Forecasts as wide as their own past errors say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar, cast

from salescore.errors import InvalidValue
from salescore.forecast._backtest import Method
from salescore.forecast._distribution import Distribution
from salescore.forecast._numbers import as_decimal, as_fraction, root
from salescore.stats import student_bound
from salescore.values import Period

POINTS = 400
"""Equally likely values that stand for the spread of errors; an even number."""

FEWEST_ERRORS = 3
"""Past errors below which nothing is said, by default."""

F = TypeVar("F")


def spread_by_errors(point: Decimal, ratios: Sequence[Decimal]) -> Distribution:
    """
    Return a distribution around a forecast, as wide as earlier ones were off in proportion.

    With n earlier ratios r of what came to what was forecast, s² = Σ(r - 1)² ÷ n and Student's t of
    n degrees of freedom, it is point × (1 + s t), nothing below 0.
    Errors are taken around 0: a method that was off to one side gets wider, and is not moved.

    Args:
        point: The forecast, in any unit, from 0 on.
        ratios: What came ÷ what was forecast, per earlier forecast, in any order.

    Returns:
        400 equally likely values, mirrored around the point but for those cut off at 0.

    Raises:
        InvalidValue: The point lies below 0, or there is no ratio.
        InvalidNumber: The point or a ratio is no finite decimal.

    Source:
        One more value of a normal sample of known mean and unknown spread: Gelman and others,
        Bayesian data analysis, 3rd edition (2013), section 2.6.
    """
    middle = as_fraction(point)
    n = len(ratios) if isinstance(cast("object", ratios), Sequence) else 0
    if middle < 0:
        raise InvalidValue("point", point, "it is 0 or above, since errors are in proportion to it")
    if not n:
        raise InvalidValue("ratios", n, "there is at least one earlier forecast")
    mean_square = sum(((as_fraction(one) - 1) ** 2 for one in ratios), Fraction(0)) / n
    width = middle * Fraction(root(mean_square))
    found: dict[Decimal, int] = {}
    for place in range(1, POINTS, 2):
        # The chance to lie nearer to the point than this value, on either side.
        away = width * Fraction(student_bound(Decimal(place) / POINTS, n))
        for value in (middle - away, middle + away):
            stated = as_decimal(max(value, Fraction(0)))
            found[stated] = found.get(stated, 0) + 1
    return Distribution.weighted(found)


def with_past_errors(
    method: Method[F],
    *,
    days_before: Callable[[date], Iterable[date]],
    facts_at: Callable[[F, date], F],
    period_of: Callable[[date], Period],
    actual: Callable[[F, Period], Decimal | None],
    fewest: int = FEWEST_ERRORS,
) -> Method[F]:
    """
    Return a method with the mean of another, as wide as that one was off on earlier days.

    On its day it asks the other method again on earlier days, on the facts known then, and holds
    what it said against what came, as far as that is known on the day. Nothing later is looked at.
    Chances of single parts that are right can still make a total that is far too narrow, since the
    parts are driven by what all have in common; this takes the width of the total from totals.

    Args:
        method: The method whose means are taken.
        days_before: Gives the earlier days to learn from, before a day.
        facts_at: Gives facts as they were known on an earlier day, such as `Facts.at`.
        period_of: Gives the period that is spoken of on a day.
        actual: Gives what a period came to, from facts; `None` where nobody can tell.
        fewest: Earlier forecasts that must be known, from 1.

    Returns:
        A method for `backtest`; it gives `None` with fewer errors, or where the other says nothing.

    Raises:
        InvalidValue: `fewest` is no whole number from 1 on.

    Source:
        `spread_by_errors`.
    """
    if type(fewest) is not int or fewest < 1:
        raise InvalidValue("fewest", fewest, "a whole number from 1 on")

    def widened(facts: F, day: date, period: Period) -> Distribution | None:
        point = _mean(method, facts, day, period)
        ratios: list[Decimal] = []
        for before in days_before(day):
            spoken = period_of(before)
            if before >= day or spoken.last_day > day:
                continue
            try:
                said = _mean(method, facts_at(facts, before), before, spoken)
            except Exception:  # noqa: BLE001, S112 - who failed on an earlier day said nothing then
                continue
            came = actual(facts, spoken)
            if said is not None and said > 0 and came is not None:
                ratios.append(as_decimal(as_fraction(came) / as_fraction(said)))
        if point is None or point < 0 or len(ratios) < fewest:
            return None
        return spread_by_errors(point, ratios)

    return widened


def _mean(method: Method[F], facts: F, day: date, period: Period) -> Decimal | None:
    found = method(facts, day, period)
    held = found if isinstance(found, Distribution) else getattr(found, "distribution", None)
    return held.mean if isinstance(held, Distribution) else None
