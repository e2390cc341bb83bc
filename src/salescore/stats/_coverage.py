"""Whether intervals hold what they promise, and where in its distribution the outcome fell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

import attrs

from salescore.errors import InvalidValue
from salescore.stats._intervals import LEVEL, ConfidenceInterval, check_level, wilson_interval
from salescore.stats._scoring import decimal_of, fraction_of

BINS = 10
"""Equal parts of a histogram unless another number is asked for."""


@attrs.frozen(kw_only=True)
class Coverage:
    """
    How often stated intervals held what came.

    Attributes:
        level: Chance with which they were said to hold it, a fraction.
        n: Intervals.
        inside: How many held it, ends counting as inside.
        below: How often it came to less than the lower end.
        above: How often it came to more than the upper end.
        interval: Where the share in the long run lies, by Wilson, which takes the cases for
            independent; `None` without intervals.
    """

    level: Decimal
    n: int
    inside: int
    below: int
    above: int
    interval: ConfidenceInterval | None

    @property
    def share(self) -> Decimal | None:
        """Return the share that held it, to 28 significant digits; `None` without intervals."""
        return decimal_of(Fraction(self.inside, self.n)) if self.n else None

    @property
    def holds(self) -> bool | None:
        """Return whether the promise lies within the interval; `None` without intervals."""
        if self.interval is None:
            return None
        return self.interval.low <= self.level <= self.interval.high


@attrs.frozen(kw_only=True)
class PitHistogram:
    """
    Where in their distributions outcomes fell; flat where the distributions are right.

    A heap at both ends says that they are too narrow, one in the middle too wide, one at the right
    end that more comes than was said.

    Attributes:
        n: Outcomes.
        shares: Share of the outcomes in each of equal parts of 0 to 1, exact; they add up to 1.
            Empty without outcomes.
    """

    n: int
    shares: tuple[Fraction, ...]


def coverage(
    bounds: Sequence[tuple[Decimal, Decimal]],
    actuals: Sequence[Decimal],
    level: Decimal,
    *,
    confidence: Decimal = LEVEL,
) -> Coverage:
    """
    Return how often intervals held what came.

    Args:
        bounds: Lower and upper end of each, themselves inside.
        actuals: What came, in the same order and unit.
        level: Chance with which they were said to hold it.
        confidence: Level of confidence of what is said about the share.

    Raises:
        InvalidValue: A level is none, there are more intervals than outcomes or fewer, or a lower
            end lies above its upper.
        InvalidNumber: A value is no finite decimal.

    Examples:
        >>> ends = [(Decimal(0), Decimal(2))] * 3
        >>> coverage(ends, [Decimal(1), Decimal(2), Decimal(3)], Decimal("0.8")).inside
        2

    Source:
        Definition; interval: `wilson_interval`.
    """
    check_level(level)
    if len(bounds) != len(actuals):
        fault = f"one per outcome, of which there are {len(actuals)}"
        raise InvalidValue("number of intervals", len(bounds), fault)
    below = above = 0
    for (low, high), actual in zip(bounds, actuals, strict=True):
        bottom, top, y = fraction_of(low), fraction_of(high), fraction_of(actual)
        if bottom > top:
            raise InvalidValue("interval", f"{low} to {high}", "its lower end lies above the upper")
        below += y < bottom
        above += y > top
    n = len(actuals)
    inside = n - below - above
    return Coverage(
        level=level,
        n=n,
        inside=inside,
        below=below,
        above=above,
        interval=wilson_interval(inside, n, confidence),
    )


def pit_histogram(ranges: Iterable[tuple[Fraction, Fraction]], *, bins: int = BINS) -> PitHistogram:
    """
    Return where in their distributions outcomes fell, without drawing lots.

    An outcome that is one of a few possible values stands for the whole range from the chance of
    less to the chance of that much or less, and is spread evenly over it.
    For distributions of equally likely values this is the rank histogram.

    Args:
        ranges: Per outcome what `pit_range` says.
        bins: Number of equal parts, from 1 on.

    Raises:
        InvalidValue: There is no part, or a range does not lie from 0 to 1.

    Examples:
        >>> pit_histogram([(Fraction(0), Fraction(1)), (Fraction(3, 4), Fraction(1))], bins=2)
        PitHistogram(n=2, shares=(Fraction(1, 4), Fraction(3, 4)))

    Source:
        Czado, Gneiting and Held, Predictive model assessment for count data, Biometrics 65 (2009),
        1254-1261, section 2.1.
    """
    if type(bins) is not int or bins < 1:
        raise InvalidValue("bins", bins, "a whole number from 1 on")
    filled = [Fraction(0)] * bins
    n = 0
    for low, high in ranges:
        if not 0 <= low <= high <= 1:
            raise InvalidValue("range", f"{low} to {high}", "it lies within 0 to 1, low end first")
        n += 1
        first = min(int(low * bins), bins - 1)
        if low == high:
            filled[first] += 1
            continue
        for place in range(first, bins):
            start, end = Fraction(place, bins), Fraction(place + 1, bins)
            if start >= high:
                break
            filled[place] += (min(end, high) - max(start, low)) / (high - low)
    return PitHistogram(n=n, shares=tuple(one / n for one in filled) if n else ())
