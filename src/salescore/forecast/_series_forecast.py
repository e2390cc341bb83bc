"""Forecasts of a series: a point and a distribution for each period to come."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cached_property

import attrs

from salescore.errors import InvalidPeriod, InvalidValue
from salescore.forecast._conformal import (
    FEWEST_ERRORS,
    ResidualPool,
    check_horizon,
    deviation,
    observed,
    recent_deviation,
)
from salescore.forecast._distribution import LEVEL, Band, Distribution
from salescore.forecast._distribution_checks import check_kind
from salescore.forecast._numbers import finite
from salescore.forecast._series import Series
from salescore.forecast._series_errors import ErrorSpread, error_shape, not_below_zero, shown
from salescore.forecast._series_fit import SeriesFit, SeriesMethod, check_method
from salescore.forecast._series_notes import outside_note, series_notes, sum_note
from salescore.forecast._series_text import Words, forecast_text
from salescore.forecast._sums import sum_of
from salescore.forecast._theta import Theta
from salescore.plain import as_tuple
from salescore.render import Language
from salescore.values import EXACT, Period, exact_sum

_ZERO = Decimal(0)
BASE = "base"
"""Name of the part of a forecast that the method itself states."""

CUT = "cut at 0"
"""Name of the part that a forecast of what cannot fall below 0 had to be raised by."""


class Spread(Enum):
    """
    Where the distribution of a single series comes from.

    Attributes:
        OWN: From its own errors one step ahead, where there are 39 or more; else as NORMAL.
        NORMAL: A normal distribution with the deviation that the method states.
    """

    OWN = "own"
    NORMAL = "normal"


@attrs.frozen(kw_only=True)
class SeriesPart:
    """
    A part of a point forecast.

    Attributes:
        name: "base" for what the method states, "cut at 0" for what was added as nothing below 0
            can happen, or what changed it.
        amount: In the unit of the series; the parts of a period sum exactly to its point.
    """

    name: str
    amount: Decimal


@attrs.frozen(kw_only=True)
class PeriodForecast:
    """
    What one period to come may bring.

    Attributes:
        step: How many periods ahead, from 1 on.
        during: The period; `None` for plain positions.
        point: What the method states, in the unit of the series, to 12 significant digits.
        errors: By how much that may be off; `None` where too little is known to say.
        is_nonnegative: Whether nothing below 0 can happen.
        parts: What the point is made of.
    """

    step: int
    during: Period | None
    point: Decimal
    errors: ErrorSpread | None
    is_nonnegative: bool = False
    parts: tuple[SeriesPart, ...] = attrs.field(converter=as_tuple)

    @cached_property
    def distribution(self) -> Distribution | None:
        """
        What the period may bring; `None` where too little is known to say.

        Its mean differs from the point by how far past forecasts were off on average.
        """
        if self.errors is None:
            return None
        found = self.errors.around(self.point)
        return not_below_zero(found) if self.is_nonnegative else found

    def band(self, level: Decimal = LEVEL) -> Band | None:
        """Return the central interval of a level; `None` where too little is known to say."""
        if self.errors is None:
            return None
        found = self.errors.band(self.point, level)
        if not self.is_nonnegative:
            return found
        return Band(max(found.low, _ZERO), max(found.high, _ZERO), level)

    def times(self, factor: Decimal, name: str) -> PeriodForecast:
        """
        Return the forecast times a factor; what that adds is a part of this name.

        Raises:
            InvalidValue: The factor lies below 0, or makes more than can be said.
        """
        if finite(factor) < 0:
            raise InvalidValue(f"factor {name}", factor, "it is 0 or above")
        point = shown(float(EXACT.multiply(self.point, factor)))
        errors = self.errors
        if errors is not None:
            scale = shown(float(EXACT.multiply(errors.scale, factor)))
            errors = attrs.evolve(errors, scale=scale)
        part = SeriesPart(name=name, amount=EXACT.subtract(point, self.point))
        return attrs.evolve(self, point=point, errors=errors, parts=(*self.parts, part))

    def plus(self, amount: Decimal, name: str) -> PeriodForecast:
        """
        Return the forecast plus an amount, which is a part of this name.

        Where nothing below 0 can happen the point ends at 0; what it was raised by is a part of its
        own, named "cut at 0".
        """
        part = SeriesPart(name=name, amount=finite(amount))
        point, cut = _kept(EXACT.add(self.point, amount), is_nonnegative=self.is_nonnegative)
        return attrs.evolve(self, point=point, parts=(*self.parts, part, *cut))


def _kept(point: Decimal, *, is_nonnegative: bool) -> tuple[Decimal, tuple[SeriesPart, ...]]:
    """Return a point that does not lie below 0 where it cannot, and what it was raised by."""
    if not is_nonnegative or point >= 0:
        return point, ()
    return _ZERO, (SeriesPart(name=CUT, amount=point.copy_negate()),)


@attrs.frozen(kw_only=True)
class SeriesForecast:
    """
    What the periods after a series may bring.

    Attributes:
        series: What was known.
        method: Name of the method.
        parameters: What the method chose: name and value as text.
        periods: One per step ahead; their points sum to `expected`.
        notes: What a reader has to know, each in English and Chinese.
    """

    series: Series
    method: str
    parameters: tuple[tuple[str, str], ...] = attrs.field(converter=as_tuple)
    periods: tuple[PeriodForecast, ...] = attrs.field(converter=as_tuple)
    notes: tuple[Words, ...] = attrs.field(default=(), converter=as_tuple)

    @property
    def as_of(self) -> date | None:
        """Last day that was known; `None` for plain positions."""
        return self.series.as_of

    @property
    def horizon(self) -> int:
        """Number of steps ahead."""
        return len(self.periods)

    @property
    def points(self) -> tuple[Decimal, ...]:
        """The point of each period."""
        return tuple(one.point for one in self.periods)

    @property
    def expected(self) -> Decimal:
        """Sum of all points."""
        return exact_sum(self.points)

    def total(self, *, correlation: Decimal) -> Distribution | None:
        """
        Return the distribution of the sum of all periods; `None` where too little is known.

        Args:
            correlation: Of the errors of any two periods, from 0 to 1. Errors of a series follow
                each other, so that 0 understates the risk.

        Raises:
            InvalidValue: It lies outside.
        """
        parts = [one.distribution for one in self.periods]
        known = [one for one in parts if one is not None]
        return sum_of(known, correlation=correlation) if len(known) == len(parts) else None

    def text(self, language: Language = Language.EN) -> str:
        """
        Return the forecast as a person reads it.

        Args:
            language: Language of the words.

        Raises:
            InvalidValue: It is no `Language`.
        """
        lines = [
            (
                one.step,
                one.during,
                one.point,
                one.band(),
                tuple((p.name, p.amount) for p in one.parts),
            )
            for one in self.periods
        ]
        return forecast_text(self.series, self.method, self.parameters, lines, self.notes, language)


def series_forecast(
    series: Series,
    *,
    horizon: int,
    method: SeriesMethod | None = None,
    spread: ResidualPool | Spread = Spread.OWN,
    is_nonnegative: bool = False,
) -> SeriesForecast:
    """
    Return what the periods after a series may bring.

    Args:
        series: What is known; values after the last known one are forecast too, but not shown.
        horizon: How many periods after the series, from 1 to 520.
        method: How to continue it; `None` for `Theta`.
        spread: By how much forecasts may be off: a pool of past errors of the same method over many
            series, or the series' own. A pool too small for a step is replaced by OWN, with a note.
        is_nonnegative: Whether the quantity cannot fall below 0.

    Returns:
        Point and distribution per period. Without three errors of its own a series gets no
        distribution, with a note.

    Raises:
        InvalidValue: The series has no value at all, the horizon is no number of periods, the
            pool is of another method, or the method cannot take the values, and says why.
        InvalidPeriod: The calendar ends before the horizon, or the first period to forecast was
            over already when the series was known.

    Examples:
        >>> found = series_forecast(Series.of([Decimal(5)] * 4), horizon=2)
        >>> found.points
        (Decimal('5'), Decimal('5'))
    """
    check_kind("series", series, Series, "a Series, such as Series.of gives")
    check_horizon(horizon)
    check_kind("is_nonnegative", is_nonnegative, bool, "True or False")
    chosen: SeriesMethod = Theta() if method is None else method
    check_method(chosen)
    if not isinstance(spread, ResidualPool):
        check_kind("spread", spread, Spread, "a residual_pool or a Spread, such as Spread.OWN")
    if isinstance(spread, ResidualPool) and spread.method != chosen.name:
        fault = f"its errors are those of {spread.method}, not of {chosen.name}"
        raise InvalidValue("pool of errors", spread.method, fault)
    values, late = observed(series.values)
    if not values:
        raise InvalidValue(
            "series", series.name, "it has no value at all; there is nothing to continue"
        )
    fit = chosen.fit(values, series.season, late + horizon)
    spreads, notes = _spreads(fit, late, series.season, spread)
    periods: list[PeriodForecast] = []
    following = series.following(horizon)
    _refuse_the_past(series, following[0])
    for at, during in enumerate(following):
        stated = shown(fit.points[late + at])
        point, cut = _kept(stated, is_nonnegative=is_nonnegative)
        periods.append(
            PeriodForecast(
                step=at + 1,
                during=during,
                point=point,
                errors=spreads[at],
                is_nonnegative=is_nonnegative,
                parts=(SeriesPart(name=BASE, amount=stated), *cut),
            )
        )
    told = tuple(
        (name, value if isinstance(value, str) else f"{value:.6g}")
        for name, value in fit.parameters
    )
    return SeriesForecast(
        series=series,
        method=chosen.name,
        parameters=told,
        periods=periods,
        notes=(*series_notes(series, late), *fit.notes, *notes, *_off_notes(periods)),
    )


def _off_notes(periods: list[PeriodForecast]) -> list[Words]:
    """Return what to say of points that lie far from where their distributions do."""
    shaped = [one for one in periods if one.errors is not None and one.errors.shape is not None]
    if not shaped:  # a normal distribution lies around its point
        return []
    names = [f"+{one.step}" if one.during is None else one.during.key for one in periods]
    pairs = zip(names, periods, strict=True)
    found = outside_note([(name, one.point, one.band()) for name, one in pairs])
    is_cut = periods[0].is_nonnegative
    return found or sum_note([(one.point, one.errors) for one in periods], is_nonnegative=is_cut)


def _refuse_the_past(series: Series, first: Period | None) -> None:
    if first is not None and series.as_of is not None and first.last_day <= series.as_of:
        fault = (
            f"it was over on {series.as_of}, the last day known; state its value, "
            "or None where that is missing"
        )
        raise InvalidPeriod(first.key, fault)


def _spreads(
    fit: SeriesFit, late: int, season: int, spread: ResidualPool | Spread
) -> tuple[list[ErrorSpread | None], list[Words]]:
    """Return by how much each step may be off, and what to say about that."""
    horizon = len(fit.points) - late
    scale = deviation(fit)
    if scale is None:
        english = "too few values to say how far off the forecast may be"
        return [None] * horizon, [(english, "数值太少，无法说明预测误差")]
    widths = fit.widening[late : late + horizon]
    if not scale:
        english = "the method was never off; that it stays so is not known"
        return [ErrorSpread(scale=_ZERO)] * horizon, [
            (english, "该方法从未有误差；以后是否如此并不知道")
        ]
    pooled, notes = 0, list[Words]()
    found: list[ErrorSpread | None] = []
    if isinstance(spread, ResidualPool):
        pooled = min(max(spread.horizon - late, 0), horizon)
        unit = recent_deviation(fit, season) or scale
        found = [spread.spread(late + at + 1, unit * widths[at]) for at in range(pooled)]
        if pooled < horizon:
            english = f"the pool has too few errors from step {pooled + 1} on; own errors stand in"
            notes.append((english, f"从第 {pooled + 1} 步起汇总误差不足，改用自身误差"))
    errors = fit.known_errors
    own = spread is not Spread.NORMAL and len(errors) >= FEWEST_ERRORS
    shape = None
    if own and pooled < horizon:
        unit = fit.spread or 1.0
        shape = error_shape([one / unit for one in errors])
    elif pooled < horizon and spread is not Spread.NORMAL:
        known = "1 error is" if len(errors) == 1 else f"{len(errors)} errors are"
        english = f"only {known} known, so a normal distribution is assumed"
        notes.append((english, f"仅有 {len(errors)} 个误差，故假定为正态分布"))
    found += [ErrorSpread(scale=shown(scale * one), shape=shape) for one in widths[pooled:]]
    return found, notes
