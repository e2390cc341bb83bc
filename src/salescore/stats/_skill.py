"""How good chances were that somebody stated, and whether they beat a simpler statement."""

from __future__ import annotations

import decimal
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal, Inexact
from typing import cast

import attrs

from salescore.errors import InexactResult, InvalidValue
from salescore.stats._intervals import LEVEL, ConfidenceInterval, check_level
from salescore.stats._normal import normal_quantile
from salescore.values import EXACT, exact_sum, quotient

_DIGITS = decimal.Context(prec=28)
_WORKING = decimal.Context(prec=50, rounding=decimal.ROUND_HALF_EVEN)


@attrs.frozen(kw_only=True)
class BrierSkill:
    """
    How much better stated chances were than those of a reference, on the same cases.

    Attributes:
        n: Cases that entered.
        score: Brier score of the chances, from 0, all right, to 1, all wrong.
        reference: Brier score of the reference, on the same scale.
        skill: 1 - score ÷ reference; 0 is no better than the reference, below 0 worse. `None` where
            the reference was never wrong.
        difference: reference - score; above 0 the chances were better.
        interval: Where the difference lies; `None` with fewer than two cases.
    """

    n: int
    score: Decimal
    reference: Decimal
    skill: Decimal | None
    difference: Decimal
    interval: ConfidenceInterval | None


def brier_score(chances: Sequence[Decimal], outcomes: Sequence[bool]) -> Decimal | None:
    """
    Return the mean squared distance between stated chances and what happened.

    With the chances p and the outcomes o, 1 or 0, it is Σ(p - o)² ÷ n.
    No other chance than the true one has a better score in the long run, so that it rewards
    honesty.

    Args:
        chances: Fractions from 0 to 1, one per case.
        outcomes: Whether it happened, in the same order.

    Returns:
        From 0 to 1, less is better, rounded to 28 significant digits; `None` without cases.

    Raises:
        InvalidValue: A chance lies outside 0 to 1, or there are more of one than of the other.
        InexactResult: The chances are so long that 1,000 digits cannot hold their squares.

    Examples:
        >>> brier_score([Decimal("0.7"), Decimal("0.9")], [True, False])
        Decimal('0.45')

    Source:
        Brier, Verification of forecasts expressed in terms of probability, Monthly Weather Review
        78 (1950), 1-3; as today usual for one event, half of his sum over event and its contrary.
    """
    return _mean(_losses(chances, outcomes))


def brier_skill(
    chances: Sequence[Decimal],
    reference: Sequence[Decimal],
    outcomes: Sequence[bool],
    level: Decimal = LEVEL,
) -> BrierSkill | None:
    """
    Return how much better chances were than a reference, with an interval for the difference.

    With d = (r - o)² - (p - o)² of each case the difference is their mean, and its interval that
    mean ± z s ÷ √n, with s the standard deviation of the d over n - 1 and z the normal quantile:
    both score the same cases, so the cases are compared in pairs.
    It takes the cases for independent, and n for large enough (30, say) that a mean is normal.

    Args:
        chances: What is judged: fractions from 0 to 1, one per case.
        reference: What it is judged by, such as the base rate of earlier cases, in the same order.
        outcomes: Whether it happened, in the same order.
        level: Level of confidence of the interval.

    Returns:
        Scores, skill and interval, rounded to 28 significant digits; `None` without cases.

    Raises:
        InvalidValue: A chance lies outside 0 to 1, there are more of one than of another, or the
            level is none.
        InexactResult: The chances are so long that 1,000 digits cannot hold their squares.

    Examples:
        >>> half = Decimal("0.5")
        >>> found = brier_skill([Decimal("0.9"), Decimal("0.2")], [half, half], [True, False])
        >>> found.score, found.skill
        (Decimal('0.025'), Decimal('0.9'))

    Source:
        Skill: Murphy, Hedging and skill scores for probability forecasts, Journal of Applied
        Meteorology 12 (1973), 215-223. Interval: Diebold and Mariano, Comparing predictive
        accuracy, Journal of Business and Economic Statistics 13 (1995), 253-263, for losses that
        do not depend on one another.
    """
    check_level(level)
    own, other = _losses(chances, outcomes), _losses(reference, outcomes)
    score, expected = _mean(own), _mean(other)
    if score is None or expected is None:
        return None
    gains = [EXACT.subtract(b, a) for a, b in zip(own, other, strict=True)]
    worst = exact_sum(other)
    return BrierSkill(
        n=len(own),
        score=score,
        reference=expected,
        skill=quotient(exact_sum(gains), worst) if worst else None,
        difference=_mean(gains) or Decimal(0),
        interval=_interval(gains, level),
    )


def concordance(chances: Sequence[Decimal], outcomes: Sequence[bool]) -> Decimal | None:
    """
    Return how often a case that happened had a higher chance than one that did not.

    With the mid-ranks of all chances and their sum R over the a cases that happened, out of b that
    did not, it is (R - a(a + 1)/2) ÷ ab; a tie counts half.
    It is the area under the receiver's operating curve (AUC): 1 sorts perfectly, 0.5 not at all.
    It looks at the order alone, not at whether the chances are right.

    Args:
        chances: Fractions from 0 to 1, one per case.
        outcomes: Whether it happened, in the same order.

    Returns:
        From 0 to 1, rounded to 28 significant digits; `None` where all or none happened.

    Raises:
        InvalidValue: A chance lies outside 0 to 1, or there are more of one than of the other.

    Examples:
        >>> low, high = Decimal("0.2"), Decimal("0.6")
        >>> concordance([low, high, high], [False, False, True])
        Decimal('0.75')

    Source:
        Hanley and McNeil, The meaning and use of the area under a receiver operating
        characteristic (ROC) curve, Radiology 143 (1982), 29-36.
    """
    check_chances(chances, outcomes)
    happened = Counter(p for p, o in zip(chances, outcomes, strict=True) if o)
    did_not = Counter(p for p, o in zip(chances, outcomes, strict=True) if not o)
    below = doubled = 0
    for chance in sorted(happened.keys() | did_not.keys()):
        doubled += happened[chance] * (2 * below + did_not[chance])
        below += did_not[chance]
    pairs = happened.total() * did_not.total()
    return quotient(Decimal(doubled), Decimal(2 * pairs))


def check_chances(chances: Sequence[Decimal], outcomes: Sequence[bool]) -> None:
    """Refuse what is no chance, or more chances than outcomes."""
    if len(chances) != len(outcomes):
        fault = f"one per outcome, of which there are {len(outcomes)}"
        raise InvalidValue("number of chances", len(chances), fault)
    for chance in chances:
        is_decimal = isinstance(cast("object", chance), Decimal)
        if not (is_decimal and chance.is_finite() and 0 <= chance <= 1):
            raise InvalidValue("chance", chance, "it must be a Decimal from 0 to 1")


def _losses(chances: Sequence[Decimal], outcomes: Sequence[bool]) -> list[Decimal]:
    """Return the squared distance of each chance from what happened, exactly."""
    check_chances(chances, outcomes)
    try:
        away = [EXACT.subtract(1, p) if o else p for p, o in zip(chances, outcomes, strict=True)]
        return [EXACT.multiply(one, one) for one in away]
    except Inexact:
        raise InexactResult("the square of a chance") from None


def _mean(values: Sequence[Decimal]) -> Decimal | None:
    return quotient(exact_sum(values), Decimal(len(values)))


def _interval(gains: Sequence[Decimal], level: Decimal) -> ConfidenceInterval | None:
    n = len(gains)
    if n == 1:
        return None
    total = exact_sum(gains)
    try:
        squares = exact_sum(EXACT.multiply(one, one) for one in gains)
        # n squares less the square of the sum: exactly 0 where all gains are equal.
        spread = EXACT.subtract(EXACT.multiply(n, squares), EXACT.multiply(total, total))
    except Inexact:
        raise InexactResult("the spread of squared chances") from None
    with decimal.localcontext(_WORKING):
        mean = total / n
        half = normal_quantile((1 + level) / 2) * (spread / (n - 1)).sqrt() / n
        low, high = mean - half, mean + half
    return ConfidenceInterval(low=_DIGITS.plus(low), high=_DIGITS.plus(high), level=level)
