"""One statement of a backtest: what a method said on a day, and what it came to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Protocol

import attrs

from salescore.forecast._distribution import Distribution
from salescore.forecast._numbers import as_decimal
from salescore.stats import crps, interval_score, pit_range
from salescore.values import Period

Words = tuple[str, str]
"""English and Chinese, in this order."""


class Forecast(Protocol):
    """
    What a method may answer besides a bare distribution: a record that holds one.

    **Laws**: the distribution is that of the quantity that the backtest judges, in its unit;
    `None` says that there is none.
    """

    @property
    def distribution(self) -> Distribution | None:
        """Return what the quantity may come to."""
        ...


@attrs.frozen(kw_only=True)
class BacktestRow:
    """
    What one method said on one day about one period, and what it came to.

    Attributes:
        method: Name of the method.
        day: Last day whose facts it saw.
        period: Period that it spoke of.
        distribution: What it said; `None` where it said nothing.
        actual: What it came to, in the same unit; `None` where nobody knows yet.
        reason: Why it is not scored, in English and Chinese; `None` where it is.
    """

    method: str
    day: date
    period: Period
    distribution: Distribution | None = attrs.field(default=None, repr=False)
    actual: Decimal | None = None
    reason: Words | None = None

    @property
    def is_scored(self) -> bool:
        """Whether there are both a statement and what it came to."""
        return self.distribution is not None and self.actual is not None

    @cached_property
    def crps(self) -> Decimal | None:
        """Continuous ranked probability score in the unit of the quantity; less is better."""
        if self.distribution is None or self.actual is None:
            return None
        return crps(self.distribution.values, self.distribution.weights, self.actual)

    @cached_property
    def error(self) -> Decimal | None:
        """Mean of the distribution less what came; above 0 too much was said."""
        if self.distribution is None or self.actual is None:
            return None
        return as_decimal(self.distribution.exact_mean - Fraction(self.actual))

    @cached_property
    def distance(self) -> Decimal | None:
        """How far what came lay from the median of the distribution."""
        if self.distribution is None or self.actual is None:
            return None
        median = self.distribution.quantile(_HALF)
        return as_decimal(abs(Fraction(self.actual) - Fraction(median)))

    @cached_property
    def place(self) -> tuple[Fraction, Fraction] | None:
        """Chance of less than came, and of as much or less, as `pit_range` says."""
        if self.distribution is None or self.actual is None:
            return None
        return pit_range(self.distribution.values, self.distribution.weights, self.actual)

    def ends(self, level: Decimal) -> tuple[Decimal, Decimal] | None:
        """Return the ends of the central interval of a level; `None` where nothing was said."""
        if self.distribution is None:
            return None
        band = self.distribution.band(level)
        return band.low, band.high

    def interval_score(self, level: Decimal) -> Decimal | None:
        """Return what the central interval of a level cost; `None` where it is not scored."""
        ends = self.ends(level)
        if ends is None or self.actual is None:
            return None
        return interval_score(self.actual, *ends, level)


_HALF = Decimal("0.5")
