"""What a period that is not over may come to, by what has come of it and what usually follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import sqrt

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._conformal import FEWEST_ERRORS, observed
from salescore.forecast._distribution import LEVEL, Band, Distribution
from salescore.forecast._distribution_checks import check_kind, listed
from salescore.forecast._numbers import as_decimal, as_fraction
from salescore.forecast._series import Series
from salescore.forecast._series_errors import ErrorSpread, error_shape, shown
from salescore.forecast._series_fit import SeriesFit, SeriesMethod, check_method
from salescore.forecast._series_forecast import CUT, SeriesPart
from salescore.forecast._series_notes import outside_note
from salescore.forecast._series_text import Words, check_language, number_text
from salescore.forecast._theta import Theta
from salescore.forecast._unfinished import UnfinishedPeriod
from salescore.metrics import AnyFacts, FigureDefinition, figure, find_figure, slices, source_of
from salescore.plain import as_tuple
from salescore.render import Language
from salescore.values import Period, WorkingCalendar, exact_sum

_PERIODS = 36
_HALF = Fraction(1, 2)
_FEWEST = 3
_DAY = timedelta(days=1)
_ZERO = Decimal(0)

_DAYS_ALONE: Words = (
    "days do not tell how far off it may be; values_by_then does",
    "天数无法说明误差；values_by_then 可以",
)
_NO_SHARE: Words = (
    "what had come of earlier periods by then is no share of them, so days stand in",
    "此前各期在同一时点的数值不成比例，改用天数",
)
_TOO_FEW: Words = (
    "too few earlier periods to say how far off it may be",
    "此前期数太少，无法说明误差",
)


@attrs.frozen(kw_only=True)
class Nowcast:
    """
    What a period that is not over may come to.

    Attributes:
        unfinished: The period, and what it has brought so far.
        as_of: Last day known.
        share: Share of a period that usually has come by then, to 28 significant digits.
        periods: Earlier periods that the share rests on; 0 where it is that of the days.
        method: Name of the method that says what a whole period would bring.
        whole: What it says of the whole period, without looking at what has come.
        point: What has come, and of the whole the share that is still to come, in the unit of the
            series.
        errors: By how much that may be off; `None` where too little is known to say.
        is_nonnegative: Whether nothing that comes lies below 0.
        parts: What has come and what is still to come; they sum exactly to the point.
        notes: What a reader has to know, each in English and Chinese.
    """

    unfinished: UnfinishedPeriod
    as_of: date
    share: Decimal
    periods: int
    method: str
    whole: Decimal
    point: Decimal
    errors: ErrorSpread | None
    is_nonnegative: bool
    parts: tuple[SeriesPart, ...] = attrs.field(converter=as_tuple)
    notes: tuple[Words, ...] = attrs.field(converter=as_tuple)

    @property
    def distribution(self) -> Distribution | None:
        """What the period may come to; `None` where too little is known to say."""
        if self.errors is None:
            return None
        found = self.errors.around(self.point)
        return _not_below(found, self.unfinished.value) if self.is_nonnegative else found

    def band(self, level: Decimal = LEVEL) -> Band | None:
        """Return the central interval of a level; `None` where too little is known to say."""
        if self.errors is None:
            return None
        found = self.errors.band(self.point, level)
        if not self.is_nonnegative:
            return found
        least = self.unfinished.value
        return Band(max(found.low, least), max(found.high, least), level)

    def text(self, language: Language = Language.EN) -> str:
        """
        Return the nowcast as a person reads it.

        Args:
            language: Language of the words.

        Raises:
            InvalidValue: It is no `Language`.
        """
        check_language(language)
        key, so_far = self.unfinished.during.key, number_text(self.unfinished.value)
        share = f"{self.share:.1%}".replace("%", " %")
        told = f"{language.pick(('expected', '预计'))} {number_text(self.point)}"
        band = self.band()
        if band is not None:
            low, high = number_text(band.low), number_text(band.high)
            told += language.pick((f" (80 %: {low} to {high})", f"（80 %：{low} 至 {high}）"))
        return "\n".join(
            [
                language.pick(
                    (f"{key}: {so_far} until {self.as_of}", f"{key}：截至 {self.as_of} 为 {so_far}")
                ),
                language.pick(self._rests_on(share)),
                told,
                *(language.pick(one) for one in self.notes),
            ]
        )

    def _rests_on(self, share: str) -> Words:
        whole = number_text(self.whole)
        english, chinese = (
            f"{self.method} says {whole} of the whole",
            f"{self.method} 预测全期 {whole}",
        )
        if self.periods:
            many = "1 period" if self.periods == 1 else f"{self.periods} periods"
            return (
                f"{english}; of {many} before, {share} had come by then",
                f"{chinese}；此前 {self.periods} 期在同一时点已有 {share}",
            )
        is_working = self.unfinished.are_working_days
        kind, name = ("working days", "工作日") if is_working else ("days", "天数")
        return f"{english}; {share} of its {kind} are over", f"{chinese}；{name}已过 {share}"


def nowcast(
    series: Series,
    *,
    by_then: Sequence[Decimal | None] | None = None,
    method: SeriesMethod | None = None,
    is_nonnegative: bool = False,
) -> Nowcast:
    """
    Return what the unfinished period of a series may come to.

    With what had come of n earlier periods by the same point, a, and what they came to, b, the
    share s that usually has come is Σ a ÷ Σ b. Of what the method says of a whole period, F, the
    share 1 - s is still to come: the period is expected to come to what has come + (1 - s) F.
    So early in the period it is the forecast, and at its end what has come; a good or bad start
    moves it by as much as it was good or bad, and is not multiplied.
    How far off that may be is how far off it would have been in the earlier periods, with what the
    method said of each one step before.

    Args:
        series: With an `unfinished` period, left out or scaled; its earlier values are what the
            earlier periods came to.
        by_then: What had come of each of the last finished periods by the same point, the earliest
            first, as `values_by_then` gives it; `None` where one is missing. `None` for the share
            of the days that are over, which says nothing of how far off it may be.
        method: What says how much a whole period brings; `None` for `Theta`.
        is_nonnegative: Whether nothing that comes lies below 0, so that the period ends at what has
            come or above.

    Returns:
        Point and spread; no spread, with a note, with fewer than three earlier periods.

    Raises:
        InvalidValue: The series has no unfinished period, no finished one with a value, or fewer
            finished ones than `by_then`.
        InvalidNumber: A value by then is no finite decimal.

    Source:
        Bornhuetter and Ferguson, The actuary and IBNR, Proceedings of the Casualty Actuarial
        Society 59 (1972), 181-195.
    """
    check_kind("series", series, Series, "a Series, such as Series.of_trend gives")
    check_kind("is_nonnegative", is_nonnegative, bool, "True or False")
    unfinished, as_of = _unfinished(series)
    chosen: SeriesMethod = Theta() if method is None else method
    check_method(chosen)
    finished = [value for _, value in _finished(series)]
    come = _aligned(finished, by_then)
    values, late = observed(finished)
    if not values:
        raise InvalidValue("series", series.name, "no finished period of it has a value")
    fit = chosen.fit(values, series.season, late + 1)
    pairs = [
        (as_fraction(one), as_fraction(value))
        for one, value in zip(come, finished, strict=True)
        if one is not None and value is not None
    ]
    notes: list[Words] = []
    share = _share(pairs)
    if share is None:
        notes = [] if by_then is None else [_NO_SHARE]
        pairs = []
        share = Fraction(unfinished.elapsed, max(unfinished.days, 1))
    errors: ErrorSpread | None = None
    why: Words | None = _DAYS_ALONE if by_then is None else None
    if pairs:
        errors, why = _spread(fit, _off(fit, finished, come, float(share), late))
    whole = shown(fit.points[late])
    rest = shown(float((1 - share) * Fraction(whole)))
    parts = [
        SeriesPart(name="so far", amount=unfinished.value),
        SeriesPart(name="still to come", amount=rest),
    ]
    if is_nonnegative and rest < 0:
        parts.append(SeriesPart(name=CUT, amount=rest.copy_negate()))
    found = Nowcast(
        unfinished=unfinished,
        as_of=as_of,
        share=as_decimal(share),
        periods=len(pairs),
        method=chosen.name,
        whole=whole,
        point=exact_sum(one.amount for one in parts),
        errors=errors,
        is_nonnegative=is_nonnegative,
        parts=parts,
        notes=(*fit.notes, *notes, *(() if why is None else (why,))),
    )
    note = outside_note([(unfinished.during.key, found.point, found.band())])
    return attrs.evolve(found, notes=(*found.notes, *note))


def values_by_then(
    name: str | FigureDefinition,
    facts: AnyFacts,
    series: Series,
    *,
    by: str | None = None,
    periods: int = _PERIODS,
    working: WorkingCalendar | None = None,
) -> tuple[Decimal | None, ...]:
    """
    Return what had come of finished periods by the point that the unfinished one has reached.

    The point is the same share of the period's days, to the nearest day: of February the 9th for
    the 10th of April. Dates are those of the facts; what was recorded late counts by its date, so
    that where records come in late the unfinished period looks smaller than it is.

    Args:
        name: The figure of the series, whose slices sum to the total, such as revenue.
        facts: The fact tables of a book, or another source.
        series: With an `unfinished` period.
        by: The dimension whose value the series is named by, as `series_by` makes it; `None` for
            a series of all rows.
        periods: How many of the last finished periods at most, from 1.
        working: Counts working days, where the unfinished period counts them.

    Returns:
        One value per period, the earliest first; `None` where the value of the series is missing.

    Raises:
        UnknownName: No such figure or dimension.
        InvalidValue: The figure is no sum, the series has no unfinished period, or one that counts
            other days, or the working calendar does not know a period.
    """
    definition = find_figure(name)
    if definition.is_stock or not definition.is_additive:
        fault = "no share of it comes day by day; take one that sums, such as revenue"
        raise InvalidValue("figure", definition.name, fault)
    check_kind("series", series, Series, "a Series, such as Series.of_trend gives")
    unfinished, as_of = _unfinished(series)
    if unfinished.are_working_days is not (working is not None):
        fault = "the unfinished period counts working days, and this does not, or the other way"
        raise InvalidValue("working", None if working is None else working.name, fault)
    if type(periods) is not int or periods < 1:
        raise InvalidValue("periods", periods, "a whole number from 1 on")
    source = source_of(facts).at(as_of)
    found: list[Decimal | None] = []
    for during, value in _finished(series)[-periods:]:
        last = _last_day(during, unfinished, working)
        if value is None or last is None:
            found.append(None if value is None else Decimal(0))
            continue
        until = Period.custom(during.start, last, during.calendar)
        if by is None:
            found.append(figure(definition, source, during=until).value)
            continue
        rows = slices(definition, source, by=by, during=until)
        same = [one.figure.value for one in rows if one.labels[0] == series.name]
        found.append(same[0] if same else Decimal(0))
    return tuple(found)


def _unfinished(series: Series) -> tuple[UnfinishedPeriod, date]:
    is_over = series.unfinished is None or len(series.periods) != len(series.values)
    if is_over or series.unfinished is None or series.as_of is None:
        fault = "all its periods are over; state one that is not with with_unfinished"
        raise InvalidValue("series", series.name, fault)
    return series.unfinished, series.as_of


def _finished(series: Series) -> list[tuple[Period, Decimal | None]]:
    """Return the periods that are over, and their values."""
    pairs = list(zip(series.periods, series.values, strict=True))
    is_scaled = series.unfinished is not None and series.unfinished.scaled is not None
    return pairs[:-1] if is_scaled else pairs


def _aligned(
    finished: Sequence[Decimal | None], by_then: Sequence[Decimal | None] | None
) -> list[Decimal | None]:
    """Return what had come by then of each finished period; `None` where nobody says."""
    several = () if by_then is None else listed("values by then", by_then, "decimals")
    lacking = len(finished) - len(several)
    if lacking < 0:
        fault = f"one per finished period, of which there are {len(finished)}"
        raise InvalidValue("number of values by then", len(several), fault)
    return [*(None for _ in range(lacking)), *several]


def _share(pairs: Sequence[tuple[Fraction, Fraction]]) -> Fraction | None:
    """Return the share of earlier periods that had come; `None` where it lies outside 0 to 1."""
    come = sum((one for one, _ in pairs), Fraction(0))
    whole = sum((one for _, one in pairs), Fraction(0))
    return come / whole if whole > 0 and 0 <= come <= whole else None


def _off(
    fit: SeriesFit,
    finished: Sequence[Decimal | None],
    come: Sequence[Decimal | None],
    share: float,
    late: int,
) -> list[float]:
    """Return by how much the same would have been off in each earlier period."""
    first = len(finished) - late - len(fit.errors)
    found: list[float] = []
    for place, error in enumerate(fit.errors, first):
        value, one = finished[place], come[place]
        if value is None or one is None or error is None:
            continue
        whole = float(value)
        found.append(whole - float(one) - (1 - share) * (whole - error))
    return found


def _spread(fit: SeriesFit, off: Sequence[float]) -> tuple[ErrorSpread | None, Words | None]:
    """Return the spread of errors, larger for the numbers that were fitted, and what to say."""
    many = len(off)
    if many < _FEWEST:
        return None, _TOO_FEW
    unit = sqrt(sum(one * one for one in off) / many)
    scale = shown(unit * sqrt(many / max(many - fit.freedom, 1)))
    if many >= FEWEST_ERRORS and unit:
        return ErrorSpread(scale=scale, shape=error_shape([one / unit for one in off])), None
    english = f"only {many} errors are known, so a normal distribution is assumed"
    return ErrorSpread(scale=scale), (english, f"仅有 {many} 个误差，故假定为正态分布")


def _not_below(distribution: Distribution, least: Decimal) -> Distribution:
    """Return the distribution with everything below a value put on it."""
    found: dict[Decimal, int] = {}
    for value, weight in zip(distribution.values, distribution.weights, strict=True):
        place = max(value, least)
        found[place] = found.get(place, 0) + weight
    return Distribution.weighted(found)


def _last_day(
    during: Period, unfinished: UnfinishedPeriod, working: WorkingCalendar | None
) -> date | None:
    """Return the day by which the same share of a period is over; `None` before its first."""
    days: int | None = during.days if working is None else working.working_days(during)
    if days is None:
        fault = "the working calendar does not know the year"
        raise InvalidValue("working days", during.key, fault)
    over = int(Fraction(unfinished.elapsed * days, max(unfinished.days, 1)) + _HALF)
    if not over:
        return None
    if working is None:
        return during.start + (over - 1) * _DAY
    return working.add_working_days(during.start - _DAY, over)
