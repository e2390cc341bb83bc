"""What a Brier score is made of: how honest chances were, and how much they told apart."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import cast

import attrs

from salescore.errors import InvalidValue
from salescore.stats._intervals import LEVEL, ConfidenceInterval, wilson_interval
from salescore.stats._scoring import decimal_of, fraction_of
from salescore.stats._skill import check_chances

TENTHS = tuple(Decimal(tenth).scaleb(-1) for tenth in range(1, 10))
"""Where chances are cut into ten equal ranges."""


@attrs.frozen(kw_only=True)
class CalibrationRow:
    """
    Cases with one stated chance, or with chances in one range, against what happened.

    Attributes:
        low: Lowest chance of the row, a fraction from 0 to 1.
        high: Highest chance of the row.
        n: Cases.
        happened: Of how many it happened.
        stated: Mean of their chances, to 28 significant digits.
        share: Share of which it happened, likewise.
        interval: Where that share lies, by Wilson; it takes the cases for independent.
    """

    low: Decimal
    high: Decimal
    n: int
    happened: int
    stated: Decimal
    share: Decimal
    interval: ConfidenceInterval

    @property
    def holds(self) -> bool:
        """Return whether the stated chance lies within the interval of the share."""
        return self.interval.low <= self.stated <= self.interval.high


@attrs.frozen(kw_only=True)
class BrierParts:
    """
    A Brier score taken apart; score = reliability - resolution + uncertainty + within, exactly.

    Attributes:
        n: Cases that entered.
        happened: Of how many it happened.
        score: Brier score of the chances, a fraction from 0 to 1; less is better.
        reliability: What dishonest chances cost: mean squared distance of the rows' mean chances
            from their shares, from 0 on; 0 is best.
        resolution: What telling cases apart is worth: mean squared distance of the rows' shares
            from the share of all, from 0 on; more is better.
        uncertainty: Score of the share of all, stated for every case: a ÷ n × (1 - a ÷ n).
        within: What differing chances inside a row change, of either sign; 0 where each row has
            one chance.
        rows: The calibration table, in ascending order of the chances.
    """

    n: int
    happened: int
    score: Fraction
    reliability: Fraction
    resolution: Fraction
    uncertainty: Fraction
    within: Fraction
    rows: tuple[CalibrationRow, ...]


def brier_parts(
    chances: Sequence[Decimal],
    outcomes: Sequence[bool],
    *,
    cuts: Sequence[Decimal] | None = None,
    level: Decimal = LEVEL,
) -> BrierParts | None:
    """
    Return a Brier score as reliability, resolution and uncertainty, with the calibration table.

    With nₖ cases, mean chance fₖ and share oₖ in row k, and the share o of all n, reliability is
    Σ nₖ(fₖ - oₖ)² ÷ n, resolution Σ nₖ(oₖ - o)² ÷ n and uncertainty o(1 - o).
    Where a row holds several chances, its variance of them less twice their covariance with what
    happened is left over, summed in `within`.

    Args:
        chances: Fractions from 0 to 1, one per case.
        outcomes: Whether it happened, in the same order.
        cuts: Ascending chances between 0 and 1 at which rows begin, each belonging to the row
            above it, such as `TENTHS`; `None` for one row per distinct chance.
        level: Level of confidence of the intervals.

    Returns:
        The parts as exact fractions; `None` without cases. Rows without cases are left out.

    Raises:
        InvalidValue: A chance lies outside 0 to 1, there are more of one than of the other, cuts
            do not ascend between 0 and 1, or the level is none.

    Examples:
        >>> half, sure = Decimal("0.5"), Decimal(1)
        >>> found = brier_parts([half, half, sure], [True, False, True])
        >>> found.reliability, found.resolution, found.uncertainty
        (Fraction(0, 1), Fraction(1, 18), Fraction(2, 9))

    Source:
        Murphy, A new vector partition of the probability score, Journal of Applied Meteorology 12
        (1973), 595-600; within rows: Stephenson, Coelho and Jolliffe, Two extra components in the
        Brier score decomposition, Weather and Forecasting 23 (2008), 752-757.
    """
    check_chances(chances, outcomes)
    _check_cuts(cuts)
    n = len(chances)
    if not n:
        return None
    rows: defaultdict[int | Decimal, list[tuple[Fraction, int]]] = defaultdict(list)
    for chance, outcome in zip(chances, outcomes, strict=True):
        # As a decimal .5 and .50 are one key, too.
        key = chance if cuts is None else bisect_right(cuts, chance)
        rows[key].append((fraction_of(chance), int(outcome)))
    happened = sum(outcome for row in rows.values() for _, outcome in row)
    base = Fraction(happened, n)
    reliability = resolution = score = Fraction(0)
    for row in rows.values():
        stated, share = _means(row)
        reliability += len(row) * (stated - share) ** 2
        resolution += len(row) * (share - base) ** 2
        score += sum((chance - outcome) ** 2 for chance, outcome in row)
    parts = reliability - resolution + n * base * (1 - base)
    return BrierParts(
        n=n,
        happened=happened,
        score=score / n,
        reliability=reliability / n,
        resolution=resolution / n,
        uncertainty=base * (1 - base),
        within=(score - parts) / n,
        rows=tuple(_row(row, level) for _, row in sorted(rows.items())),
    )


def _check_cuts(cuts: Sequence[Decimal] | None) -> None:
    if cuts is None:
        return
    exact = [Fraction(0), *map(fraction_of, cuts), Fraction(1)]
    for (before, after), cut in zip(pairwise(exact), (*cuts, Decimal(1)), strict=True):
        if not before < after:
            raise InvalidValue("cut", cut, "cuts ascend, each above 0 and below 1")


def _means(row: Sequence[tuple[Fraction, int]]) -> tuple[Fraction, Fraction]:
    """Return mean chance and share of a row."""
    n = len(row)
    stated = sum((chance for chance, _ in row), Fraction(0)) / n
    return stated, Fraction(sum(outcome for _, outcome in row), n)


def _row(row: Sequence[tuple[Fraction, int]], level: Decimal) -> CalibrationRow:
    stated, share = _means(row)
    happened = sum(outcome for _, outcome in row)
    # A row has cases, so that its share has an interval.
    interval = cast("ConfidenceInterval", wilson_interval(happened, len(row), level))
    return CalibrationRow(
        low=decimal_of(min(row)[0]),
        high=decimal_of(max(row)[0]),
        n=len(row),
        happened=happened,
        stated=decimal_of(stated),
        share=decimal_of(share),
        interval=interval,
    )
