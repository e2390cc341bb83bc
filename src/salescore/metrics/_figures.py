"""`Figure` and its definition: a number that explains itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs

from salescore.errors import InvalidValue
from salescore.metrics._measures import Aggregate, Measure
from salescore.plain import as_tuple
from salescore.stats import ConfidenceInterval, wilson_interval
from salescore.values import ChangeKind, Period, check_decimal

FRACTION = "fraction"
"""Unit of rates: 0.25 is a quarter."""

MONEY = "money"
"""Unit of amounts; a figure names the reporting currency in its place."""


NO_LABEL = "–"
"""What a slice is called whose rows have no value of the dimension."""


@attrs.frozen
class Part:
    """
    One measure of a figure and how often it counts.

    Attributes:
        measure: The measure.
        weight: 1 to add, -1 to subtract.
    """

    measure: Measure
    weight: int = 1

    def __attrs_post_init__(self) -> None:
        if self.weight not in (1, -1):
            raise InvalidValue(
                f"weight of {self.measure.name}", self.weight, "1 adds and -1 subtracts"
            )


@attrs.frozen(kw_only=True)
class FigureDefinition:
    """
    What a figure is: an amount, a ratio of amounts, or a quantile of values.

    Attributes:
        name: Name in snake_case, a noun.
        labels: English and Chinese label.
        words: One sentence that says what it is and what it leaves out.
        unit: `money`, `fraction`, or what it counts; `money per order` and the like for ratios.
        source: Where the definition comes from.
        numerator: Measures that are added up.
        denominator: Measures that the sum is divided by; empty for an amount.
        quantile: Share of the values below the figure; `None` unless it is a quantile.
        is_lower_better: Whether less is better, as of days and expenses.
    """

    name: str
    labels: tuple[str, str]
    words: str
    unit: str
    source: str
    numerator: tuple[Part, ...] = attrs.field(converter=as_tuple)
    denominator: tuple[Part, ...] = attrs.field(default=(), converter=as_tuple)
    quantile: Decimal | None = None
    is_lower_better: bool = False

    def __attrs_post_init__(self) -> None:
        if not self.numerator:
            raise InvalidValue(
                f"numerator of {self.name}", (), "there must be at least one measure"
            )
        aggregates = [part.measure.aggregate for part in (*self.numerator, *self.denominator)]
        for extreme in (Aggregate.MIN, Aggregate.MAX):
            if extreme in aggregates:
                fault = (
                    f"parts of a figure add up; a measure of {extreme.value} stands in a reduction"
                )
                raise InvalidValue(self.name, None, fault)
        if self.quantile is None:
            if Aggregate.VALUES in aggregates:
                raise InvalidValue(self.name, None, "a measure of values needs a quantile")
        elif aggregates != [Aggregate.VALUES] or self.numerator[0].weight < 0:
            raise InvalidValue(self.name, self.quantile, "a quantile is of one measure of values")
        elif not 0 <= check_decimal(self.quantile) <= 1:
            raise InvalidValue(
                f"quantile of {self.name}", self.quantile, "a share lies between 0 and 1"
            )
        stocks = {part.measure.date is None for part in (*self.numerator, *self.denominator)}
        if len(stocks) > 1:
            raise InvalidValue(
                self.name, None, "it mixes measures of a period with those of a moment"
            )

    @property
    def is_additive(self) -> bool:
        """Return whether the parts of a slice sum to the whole."""
        return not self.denominator and all(part.measure.is_additive for part in self.numerator)

    @property
    def is_share(self) -> bool:
        """Return whether it counts some rows among those of the same table and date."""
        if self.unit != FRACTION or (len(self.numerator), len(self.denominator)) != (1, 1):
            return False
        above, below = self.measures
        return above.aggregate is below.aggregate is Aggregate.COUNT and (
            (above.table, above.date) == (below.table, below.date)
        )

    @property
    def is_stock(self) -> bool:
        """Return whether it describes a moment, such as the open pipeline, rather than a period."""
        return self.numerator[0].measure.date is None

    @property
    def change_kind(self) -> ChangeKind:
        """Return how a change of it is told: rates in percentage points, all else in percent."""
        return ChangeKind.POINTS if self.unit == FRACTION else ChangeKind.PERCENT

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Return every measure it needs."""
        return tuple(part.measure for part in (*self.numerator, *self.denominator))


@attrs.frozen
class Exclusion:
    """
    Rows that a figure leaves out.

    Attributes:
        table: Fact table.
        reason: Why.
        n: How many rows.
    """

    table: str
    reason: str
    n: int


@attrs.frozen(kw_only=True)
class Figure:
    """
    A number with what it is made of.

    Attributes:
        name: Name of its definition.
        value: The number, ratios to 28 significant digits; `None` when undefined.
        unit: What the number counts.
        numerator: Sum above the line; `None` when undefined, and for a quantile.
        denominator: Sum below the line; `None` when undefined, and for amounts and quantiles.
        n: Rows that entered: below the line for ratios.
        is_additive: Whether the parts of a slice sum to the whole.
        reason: Why it is undefined; `None` when it is defined.
        excluded: Rows left out, with reasons; only on totals.
        during: Period; `None` when all dates count or it describes a moment.
        as_of: Last day whose facts are seen; `None` when all are.
        is_share: Whether it is the share of some rows among those counted, so that chance alone
            gives it an interval.
    """

    name: str
    value: Decimal | None
    unit: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    n: int = 0
    is_additive: bool = True
    reason: str | None = None
    excluded: tuple[Exclusion, ...] = ()
    during: Period | None = None
    as_of: date | None = None
    is_share: bool = False

    @property
    def interval(self) -> ConfidenceInterval | None:
        """
        Return the interval that the number of rows gives a share, at 95 %, by Wilson.

        `None` where it is undefined or no share of counted rows, such as a margin.
        """
        above, below = self.numerator, self.denominator
        if not self.is_share or above is None or below is None or not 0 <= above <= below:
            return None
        return wilson_interval(int(above), int(below))

    @property
    def exact(self) -> Fraction | None:
        """Return the number without any rounding."""
        if self.value is None:
            return None
        if self.numerator is None or self.denominator is None:
            return Fraction(self.value)
        return Fraction(self.numerator) / Fraction(self.denominator)


@attrs.frozen(kw_only=True)
class Slice:
    """
    A figure for one value of each dimension.

    Attributes:
        keys: Values of the dimensions; `None` where the rows have none.
        labels: What to call them; an en dash where there is none.
        figure: The figure.
    """

    keys: tuple[str | None, ...]
    labels: tuple[str, ...]
    figure: Figure

    @property
    def key(self) -> str | None:
        """Return the value of the first dimension."""
        return self.keys[0]

    @property
    def label(self) -> str:
        """Return the labels, joined."""
        return " · ".join(self.labels)

    @property
    def value(self) -> Decimal | None:
        """Return the figure's number."""
        return self.figure.value
