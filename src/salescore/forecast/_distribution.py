"""What a quantity may come to, and how likely each value is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import accumulate

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._distribution_checks import (
    as_values,
    check_grid,
    check_kind,
    check_values,
    check_weight,
    check_weights,
    lowest_terms,
    paired,
)
from salescore.forecast._distribution_text import QuantileRow, distribution_text, quantile_rows
from salescore.forecast._drawing import Atoms, drawn_distribution
from salescore.forecast._numbers import (
    as_chance,
    as_decimal,
    as_fraction,
    finite,
    from_units,
    in_units,
    nearest,
    root,
    short,
    whole,
)
from salescore.render import Language
from salescore.values import EXACT, Rounding

LEVEL = Decimal("0.8")
"""Level of an interval unless another is asked for: one outcome in ten lies on each side."""

CHANCES = tuple(map(Decimal, ("0.95", "0.9", "0.75", "0.5", "0.25", "0.1", "0.05")))
"""Chances of which a table tells what is reached with them, unless others are asked for."""

_ZERO, _ONE = Decimal(0), Decimal(1)


@attrs.frozen
class Band:
    """
    A central interval of a distribution.

    Attributes:
        low: Value that lies at its lower end, itself inside.
        high: Value that lies at its upper end, itself inside.
        level: How likely it is to hold the outcome, as asked for; a fraction from 0 to 1.
    """

    low: Decimal
    high: Decimal
    level: Decimal


@attrs.frozen(kw_only=True, repr=False)
class Distribution:
    """
    What a quantity may come to: values, and how likely each is, as whole weights.

    Chances are weight ÷ sum of all weights, so they add up to 1 exactly.
    Where it is made of few parts it is exact; of many it stands on a grid, and says how wide that
    is.
    Mean and variance are those of the parts, also where the values stand on a grid.

    Attributes:
        values: In ascending order, each once, in the unit of the quantity.
        weights: Whole numbers from 1 on, in the order of the values, without a common divisor.
        step: Width of the grid to which the values belong, in their unit; `None` where every value
            and chance is as exact as what it was made of.
        moments: Mean and variance where there is a grid, which knows them less well than its
            parts did; `None` for those of the values.

    Raises:
        InvalidValue: There is no value, they are not ascending, a weight is no whole number from 1
            on, there are more of one than of the other, there are moments without a grid, or the
            mean lies outside the values.
        InvalidNumber: A value is no finite decimal of at most 60 digits before the point and 120
            behind it.

    Examples:
        >>> deal = Distribution.of([(Decimal(0), Decimal("0.75")), (Decimal(100), Decimal("0.25"))])
        >>> deal.mean, deal.at_least(Decimal(50))
        (Decimal('25'), Decimal('0.25'))
    """

    values: tuple[Decimal, ...] = attrs.field(converter=as_values)
    weights: tuple[int, ...] = attrs.field(converter=lowest_terms)
    step: Decimal | None = None
    moments: tuple[Fraction, Fraction] | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what is no distribution."""
        check_values(self.values)
        check_weights(self.weights, len(self.values))
        check_grid(self.values, self.step, self.moments)

    @classmethod
    def of(cls, chances: Iterable[tuple[Decimal, Decimal | Fraction]]) -> Distribution:
        """
        Return the distribution that pairs of value and chance state.

        A value may be named twice; its chances add up. A chance of 0 leaves the value out.

        Args:
            chances: Values in the unit of the quantity, and chances from 0 to 1.

        Raises:
            InvalidValue: A chance lies outside 0 to 1, or all of them do not add up to 1 exactly.
        """
        found: defaultdict[Decimal, Fraction] = defaultdict(Fraction)
        for value, chance in paired("chances", chances, "a value and its chance"):
            found[finite(value)] += as_chance(chance)
        total = sum(found.values(), Fraction(0))
        if total != 1:
            fault = "chances add up to 1; state what is left as a value of its own"
            raise InvalidValue("sum of chances", as_decimal(total), fault)
        return cls.weighted({value: part for value, part in found.items() if part})

    @classmethod
    def weighted(cls, weights: Mapping[Decimal, Fraction] | Mapping[Decimal, int]) -> Distribution:
        """
        Return the distribution of values by weight; weights need not add up to anything.

        Args:
            weights: Weight by value, each from 0 on and at least one above 0.

        Raises:
            InvalidValue: A weight lies below 0, or none above.
        """
        check_kind("weights of a distribution", weights, Mapping, "a mapping of value to weight")
        for value, one in weights.items():
            check_weight(finite(value), one)
        kept = sorted((value, one) for value, one in weights.items() if one)
        if not kept:
            raise InvalidValue("weights of a distribution", 0, "none is above 0")
        return cls(values=[value for value, _ in kept], weights=whole([one for _, one in kept]))

    @classmethod
    def certain(cls, value: Decimal) -> Distribution:
        """Return the distribution of what is sure."""
        return cls(values=(value,), weights=(1,))

    @classmethod
    def either(cls, value: Decimal, chance: Decimal | Fraction) -> Distribution:
        """
        Return the distribution of a value that comes with a chance, and of 0 otherwise.

        Args:
            value: In the unit of the quantity.
            chance: From 0 to 1.

        Raises:
            InvalidValue: The chance lies outside.
        """
        part = as_chance(chance)
        comes, all_ = part.numerator, part.denominator
        if not finite(value) or not comes:
            return cls.certain(_ZERO)
        if comes == all_:
            return cls.certain(value)
        if value < 0:
            return cls(values=(value, _ZERO), weights=(comes, all_ - comes))
        return cls(values=(_ZERO, value), weights=(all_ - comes, comes))

    @property
    def is_exact(self) -> bool:
        """Whether every value and chance is as exact as what it was made of."""
        return self.step is None

    @cached_property
    def total(self) -> int:
        """Sum of all weights."""
        return sum(self.weights)

    @cached_property
    def _until(self) -> tuple[int, ...]:
        """Sum of the weights up to each value, that of the value among them."""
        return tuple(accumulate(self.weights))

    @cached_property
    def _own(self) -> tuple[Fraction, Fraction]:
        """Mean and variance of the values as they stand."""
        counts, exponent = in_units(self.values)
        pairs = list(zip(counts, self.weights, strict=True))
        first = sum(count * weight for count, weight in pairs)
        second = sum(count * count * weight for count, weight in pairs)
        unit = Fraction(10) ** exponent
        spread = Fraction(self.total * second - first * first, self.total**2)
        return Fraction(first, self.total) * unit, spread * unit**2

    @property
    def exact_mean(self) -> Fraction:
        """Mean, as a fraction."""
        return self._own[0] if self.moments is None else self.moments[0]

    @property
    def exact_variance(self) -> Fraction:
        """Variance, as a fraction, in the squared unit of the values."""
        return self._own[1] if self.moments is None else self.moments[1]

    @property
    def mean(self) -> Decimal:
        """Mean in the unit of the values, to 28 significant digits."""
        return as_decimal(self.exact_mean)

    @property
    def variance(self) -> Decimal:
        """Variance in the squared unit of the values, to 28 significant digits."""
        return as_decimal(self.exact_variance)

    @property
    def deviation(self) -> Decimal:
        """Standard deviation in the unit of the values, to 28 significant digits."""
        return root(self.exact_variance)

    def at_most(self, value: Decimal) -> Decimal:
        """Return the chance of a value or less, from 0 to 1."""
        return self._share(self._weight_until(bisect_right(self.values, finite(value))))

    def at_least(self, value: Decimal) -> Decimal:
        """Return the chance of a value or more, from 0 to 1."""
        below = self._weight_until(bisect_left(self.values, finite(value)))
        return self._share(self.total - below)

    def exactly(self, value: Decimal) -> Decimal:
        """Return the chance of one value; on a grid that is the chance of its cell."""
        place = bisect_left(self.values, finite(value))
        is_there = place < len(self.values) and self.values[place] == value
        return self._share(self.weights[place] if is_there else 0)

    def quantile(self, p: Decimal | Fraction) -> Decimal:
        """
        Return the least value that is not exceeded with at least the chance p.

        Args:
            p: Chance from 0 to 1; 0 gives the smallest value, 1 the largest.

        Raises:
            InvalidValue: p lies outside 0 to 1.
        """
        share = as_chance(p)
        wanted = -(-share.numerator * self.total // share.denominator)  # rounded up
        return self.values[bisect_left(self._until, max(wanted, 1))]

    def reached_with(self, p: Decimal | Fraction) -> Decimal:
        """
        Return the largest value that is reached, or exceeded, with at least the chance p.

        Args:
            p: Chance from 0 to 1; 1 gives the smallest value, 0 the largest.

        Raises:
            InvalidValue: p lies outside 0 to 1.
        """
        share = as_chance(p)
        wanted = -(-share.numerator * self.total // share.denominator)  # rounded up
        place = bisect_right(self._until, self.total - max(wanted, 1))
        return self.values[place]

    def band(self, level: Decimal = LEVEL) -> Band:
        """
        Return the central interval of a level: as much may lie above it as below.

        Args:
            level: How likely it is to hold the outcome; between 0 and 1.

        Raises:
            InvalidValue: The level lies outside.
        """
        outside = 1 - as_chance(level, "level")
        if not 0 < outside < 1:
            raise InvalidValue("level", level, "it lies between 0 and 1, neither of them")
        low = outside / 2
        return Band(self.quantile(low), self.quantile(1 - low), level)

    def rows(self, chances: Iterable[Decimal] = CHANCES) -> tuple[QuantileRow, ...]:
        """
        Return what is reached with given chances, from the surest on.

        Args:
            chances: From 0 to 1, each once; the chance that the value of its row, or more, comes.

        Raises:
            InvalidValue: A chance lies outside 0 to 1 or stands there twice.
        """
        return quantile_rows(self, chances)

    def text(self, language: Language = Language.EN, *, digits: int = 0) -> str:
        """
        Return mean, band and a table of what is reached with which chance, in words.

        Args:
            language: Language of the words.
            digits: Digits behind the point, from 0 to 12.
        """
        return distribution_text(self, language, digits)

    def svg(self, language: Language = Language.EN, *, title: str = "", digits: int = 0) -> str:
        """
        Return a small drawing as SVG that needs nothing else and suits light and dark pages.

        Args:
            language: Language of the words.
            title: What stands above; nothing where it is empty.
            digits: Digits behind the point, from 0 to 12.
        """
        atoms = Atoms(self.values, self.weights, self.total)
        return drawn_distribution(self, atoms, language, title, digits)

    def _repr_html_(self) -> str:
        return self.svg()

    def rounded(self, step: Decimal, mode: Rounding) -> Distribution:
        """
        Return the distribution of the quantity rounded to multiples of a step.

        Args:
            step: Above 0, such as a lot size or a cent.
            mode: How a value between two multiples is rounded.

        Returns:
            Values that become alike taken together; mean and variance are those of what is
            rounded.

        Raises:
            InvalidValue: The step is not above 0.
        """
        if finite(step, "step") <= 0:
            raise InvalidValue("step", step, "what is rounded to lies above 0")
        check_kind("mode", mode, Rounding, "a Rounding, such as Rounding.HALF_UP")
        (width, *counts), exponent = in_units((step, *self.values))
        found: defaultdict[int, int] = defaultdict(int)
        for count, weight in zip(counts, self.weights, strict=True):
            found[nearest(count, width, mode) * width] += weight
        drawn = Distribution.weighted({from_units(n, exponent): w for n, w in found.items()})
        return drawn if self.step is None else attrs.evolve(drawn, step=max(self.step, step))

    def scaled(self, factor: Decimal) -> Distribution:
        """
        Return the distribution of the quantity times a factor; a factor of 0 makes it sure.

        Raises:
            InvalidNumber: A value would have more than 60 digits before the point, or 120 behind.
        """
        return self._mapped(finite(factor, "factor"), _ZERO)

    def shifted(self, by: Decimal) -> Distribution:
        """Return the distribution of the quantity plus an amount."""
        return self._mapped(_ONE, finite(by))

    def _mapped(self, factor: Decimal, by: Decimal) -> Distribution:
        if not factor:
            return Distribution.certain(by)
        turn = -1 if factor < 0 else 1
        values = [EXACT.fma(value, factor, by) for value in self.values][::turn]
        if self.step is None:
            return Distribution(values=values, weights=self.weights[::turn])
        part, shift = as_fraction(factor), as_fraction(by)
        return Distribution(
            values=values,
            weights=self.weights[::turn],
            step=EXACT.multiply(self.step, factor.copy_abs()),
            moments=(self.exact_mean * part + shift, self.exact_variance * part**2),
        )

    def _weight_until(self, place: int) -> int:
        return self._until[place - 1] if place else 0

    def _share(self, weight: int) -> Decimal:
        return as_decimal(Fraction(weight, self.total))

    def __repr__(self) -> str:
        """Return a line that tells mean and central interval, whatever the number of values."""
        band = self.band()
        kind = "exact" if self.step is None else f"grid of {short(self.step)}"
        return (
            f"<Distribution of {len(self.values)} values, {kind}: mean {short(self.mean)}, "
            f"80 % from {short(band.low)} to {short(band.high)}>"
        )
