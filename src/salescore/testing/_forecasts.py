"""Strategies for forecasts: distributions, series and their methods, histories of purchases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import attrs

from salescore.forecast import (
    Combination,
    Croston,
    Distribution,
    Drift,
    ExponentialSmoothing,
    HoltWinters,
    JoinedBy,
    Judgement,
    MarketTrend,
    MovingHoliday,
    Naive,
    Regressor,
    RunRate,
    SeasonalNaive,
    SeasonKind,
    Series,
    SeriesMethod,
    Theta,
    WorkingDays,
)
from salescore.purchases import (
    BgNbd,
    Fit,
    GammaGamma,
    Purchase,
    PurchaseHistories,
    ShiftedBetaGeometric,
    purchase_histories,
)
from salescore.testing._hypothesis import st
from salescore.testing._values import days, decimals, moneys, texts
from salescore.testing._working import working_calendars
from salescore.values import Calendar, CalendarUnit, Period

Strategy = st.SearchStrategy[Any]

_MOST = 10**9
_WEIGHT = 1000
_LENGTH = 40
_SEASONS = (1, 1, 4, 7, 12)
_CALENDARS = (Calendar(), Calendar(), Calendar.months(4))
_UNITS = tuple(CalendarUnit)
_FIRST, _LAST = date(2010, 1, 1), date(2030, 12, 31)
_AS_OF = date(2026, 3, 31)
_UNSEEN = 30
_YEARS = 3
_METHODS = (Theta(), Naive(), SeasonalNaive(), Drift(), HoltWinters())


def distributions(
    values: st.SearchStrategy[Decimal] | None = None, *, most: int = 6
) -> st.SearchStrategy[Distribution]:
    """
    Return distributions: sure ones, such as come or do not, those of several values, and grids.

    Args:
        values: Values; by default of any sign, some with many digits.
        most: Most values.

    Examples:
        >>> from hypothesis import given
        >>> @given(distributions())
        ... def test_half_is_reached(one):
        ...     assert one.at_least(one.reached_with(Decimal("0.5"))) >= Decimal("0.5")
        >>> test_half_is_reached()
    """
    chosen = decimals() if values is None else values
    chances = st.fractions(0, 1, max_denominator=_WEIGHT)
    weights = st.dictionaries(chosen, st.integers(1, _WEIGHT), min_size=1, max_size=most)
    exact = st.one_of(
        chosen.map(Distribution.certain),
        st.builds(Distribution.either, chosen, chances),
        weights.map(Distribution.weighted),
    )
    return exact if values is not None else st.one_of(exact, _grids(most))


@st.composite
def _grids(draw: st.DrawFn, most: int) -> Distribution:
    """Return distributions on a grid, whose variance is not quite that of its points."""
    step = draw(st.sampled_from(["0.01", "0.5", "1", "250", "1E+6"]).map(Decimal))
    places = draw(
        st.dictionaries(
            st.integers(-_WEIGHT, _WEIGHT), st.integers(1, _WEIGHT), min_size=1, max_size=most
        )
    )
    exact = Distribution.weighted({step * place: weight for place, weight in places.items()})
    wider = exact.exact_variance * draw(st.fractions(1, 2, max_denominator=_WEIGHT))
    return attrs.evolve(exact, step=step, moments=(exact.exact_mean, wider))


@st.composite
def series(
    draw: st.DrawFn,
    *,
    values: st.SearchStrategy[Decimal] | None = None,
    least: int = 0,
    most: int = _LENGTH,
    gaps: bool = True,
    dated: bool | None = None,
) -> Series:
    """
    Return series: with gaps, all alike, all 0, of one value or none, over units of calendars.

    Args:
        draw: Drawn by Hypothesis.
        values: Values; by default within 1E+9 of 0, below it too.
        least: Fewest values.
        most: Most values.
        gaps: Whether values may be missing.
        dated: Whether they stand in calendar units; `None` draws both these and plain positions.
    """
    chosen = decimals(Decimal(-_MOST), Decimal(_MOST)) if values is None else values
    one = st.none() | chosen if gaps else chosen
    many = st.lists(one, min_size=least, max_size=most)
    same = one if values is not None else st.just(Decimal(0)) | one
    alike = st.builds(_alike, same, st.integers(least, most))
    found = draw(many | many | alike)
    name = draw(st.sampled_from(["series", "revenue", "件数"]))
    if dated is False or (dated is None and draw(st.booleans())):
        return Series.of(found, season=draw(st.sampled_from(_SEASONS)), name=name)
    calendar, unit = draw(st.sampled_from(_CALENDARS)), draw(st.sampled_from(_UNITS))
    during = calendar.period(draw(days(_FIRST, _LAST)), unit)
    pairs: list[tuple[Period, Decimal | None]] = []
    for value in found:
        pairs.append((during, value))
        during = calendar.next(during)
    made = Series.over(pairs, name=name, calendar=calendar, unit=draw(st.none() | _UNITS_OF_VALUE))
    length = (during.last_day - during.start).days
    if not pairs or not length or draw(st.booleans()):
        return made
    as_of = during.start + timedelta(days=draw(st.integers(0, length - 1)))
    return made.with_unfinished(during, draw(chosen), as_of=as_of)


def _alike(value: Decimal | None, many: int) -> list[Decimal | None]:
    return [value] * many


_UNITS_OF_VALUE = st.sampled_from(["USD", "pieces"])


def series_methods() -> st.SearchStrategy[SeriesMethod]:
    """Return methods that continue a series, combinations of them included."""
    single: st.SearchStrategy[SeriesMethod] = st.one_of(
        st.sampled_from(_METHODS),
        st.builds(RunRate, window=st.none() | st.integers(1, 12)),
        st.builds(
            ExponentialSmoothing,
            is_damped=st.none() | st.booleans(),
            season=st.none() | st.sampled_from(SeasonKind),
        ),
        st.builds(
            Croston,
            weight=st.sampled_from([0.05, 0.1, 0.3, 1.0]),
            is_corrected=st.booleans(),
        ),
    )
    return st.one_of(single, _combinations(single))


def _combinations(single: st.SearchStrategy[SeriesMethod]) -> st.SearchStrategy[Combination]:
    return st.builds(
        Combination,
        methods=st.lists(single, min_size=1, max_size=3),
        joined=st.sampled_from(JoinedBy),
    )


@st.composite
def histories_of_purchases(
    draw: st.DrawFn, *, least: int = 0, most: int = _LENGTH, as_of: date = _AS_OF
) -> PurchaseHistories:
    """
    Return histories of customers who bought once or often, yesterday or years ago.

    Args:
        draw: Drawn by Hypothesis.
        least: Fewest customers.
        most: Most customers.
        as_of: Last day whose purchases count.
    """
    customers = draw(st.integers(least, most))
    ages = st.integers(0, _YEARS * 365).map(lambda age: as_of - timedelta(days=age))
    values = st.none() | decimals(Decimal(0), Decimal(_MOST))
    bought: list[Purchase] = []
    for number in range(customers):
        known = draw(st.lists(st.tuples(ages, values), min_size=1, max_size=5))
        bought += [Purchase(f"C{number:04d}", day, value) for day, value in known]
    later = st.integers(1, _UNSEEN).map(lambda ahead: as_of + timedelta(days=ahead))
    bought += [Purchase("later", day, None) for day in draw(st.lists(later, max_size=1))]
    return purchase_histories(bought, as_of)


_ABOVE_ZERO = decimals(Decimal("0.01"), Decimal(100))
_RETAINED = st.builds(ShiftedBetaGeometric, alpha=_ABOVE_ZERO, beta=_ABOVE_ZERO)
_VALUED = st.builds(GammaGamma, p=_ABOVE_ZERO, q=_ABOVE_ZERO, gamma=_ABOVE_ZERO)


def _bg_nbd() -> Strategy:
    return st.builds(
        BgNbd,
        r=_ABOVE_ZERO,
        alpha=_ABOVE_ZERO,
        a=_ABOVE_ZERO,
        b=_ABOVE_ZERO,
        is_modified=st.booleans(),
        covariance=st.none() | st.lists(_VARIANCES, min_size=4, max_size=4).map(_diagonal),
    )


_VARIANCES = decimals(Decimal("0.001"), Decimal(4))


def _diagonal(variances: list[Decimal]) -> list[list[Decimal]]:
    """Return the covariance of what is independent."""
    places = range(len(variances))
    return [
        [variances[place] if place == other else Decimal(0) for other in places] for place in places
    ]


def _fits() -> Strategy:
    customers = st.integers(0, _WEIGHT)
    return st.builds(
        Fit,
        model=st.one_of(_bg_nbd(), _VALUED, _RETAINED),
        log_likelihood=decimals(Decimal(-_MOST), Decimal(0)),
        is_converged=st.booleans(),
        customers=customers,
        informative=customers,
    )


def _working_days() -> Strategy:
    return st.builds(WorkingDays, calendar=working_calendars())


def _moving_holidays() -> Strategy:
    """Return holidays of some years, each once."""
    year = st.sampled_from(range(2015, 2030))
    firsts = st.dictionaries(year, st.integers(20, 50), min_size=1, max_size=5).map(
        lambda found: [date(one, 1, 1) + timedelta(days=day) for one, day in sorted(found.items())]
    )
    return st.builds(
        MovingHoliday,
        name=texts(least=1),
        days=firsts,
        before=st.integers(0, 14),
        after=st.integers(0, 14),
    )


def _market_trends() -> Strategy:
    return st.builds(
        MarketTrend,
        name=texts(least=1),
        base=_ABOVE_ZERO,
        levels=st.lists(_ABOVE_ZERO, max_size=6),
        elasticity=decimals(Decimal(-2), Decimal(2)),
        source=st.none() | texts(least=1),
    )


def _judgements() -> Strategy:
    """Return judgements of single opportunities and of the total."""
    said = {"author": _SAID, "reason": _SAID, "on": days()}
    chance, amount = decimals(Decimal(0), Decimal(1)), moneys(["USD"])
    ids = st.sampled_from(["O-1", "O-2", "商机-3"])
    return st.one_of(
        st.builds(Judgement, **said, amount=amount),
        st.builds(Judgement, **said, opportunity_id=ids, chance=chance),
        st.builds(Judgement, **said, opportunity_id=ids, chance=chance, amount=amount),
        st.builds(Judgement, **said, opportunity_id=ids, is_excluded=st.just(True)),
    )


_SAID = st.sampled_from(["Ann", "客户预算已批准", "the buyer said so"])

OWN: Mapping[Any, Callable[[], Strategy]] = MappingProxyType(
    {
        BgNbd: _bg_nbd,
        Combination: lambda: _combinations(series_methods()),
        Distribution: distributions,
        Fit: _fits,
        GammaGamma: lambda: _VALUED,
        Judgement: _judgements,
        MarketTrend: _market_trends,
        MovingHoliday: _moving_holidays,
        PurchaseHistories: histories_of_purchases,
        Regressor: lambda: st.one_of(_working_days(), _moving_holidays()),
        Series: series,
        SeriesMethod: series_methods,
        ShiftedBetaGeometric: lambda: _RETAINED,
        WorkingDays: _working_days,
    }
)
"""Types, each with what draws it."""
