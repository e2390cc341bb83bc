"""Exponential smoothing with a damped trend and a season, the form chosen by the data."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._distribution_checks import check_kind
from salescore.forecast._season import SeasonKind, seasonal_figure
from salescore.forecast._series_fit import Observed, Parameter, SeriesFit, filled, gap_note
from salescore.forecast._states import States, Weights, badness, free, walked
from salescore.forecast._theta import best_smoothing
from salescore.stats import minimum

_BEGINNING = 10
_FEWEST = 4
_LIMIT = 600
_SEASONS = 2


@attrs.frozen(kw_only=True)
class ExponentialSmoothing:
    """
    Exponential smoothing: level, with or without a damped trend and a season.

    Of the forms without and with a damped trend, and without, with an added and with a multiplied
    season (that one with relative errors, for values above 0), it takes the one with the least
    AICc. Weights, first level and first trend are those of the largest likelihood; the season
    begins with that of classical decomposition.

    Attributes:
        is_damped: Whether there is a damped trend; `None` lets the data choose.
        season: How the season joins; `None` lets the data choose.

    Source:
        Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing: The State Space
        Approach (2008), chapters 2, 5 and 7.
    """

    is_damped: bool | None = None
    season: SeasonKind | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a season of no kind, and a trend that is neither damped nor not."""
        if self.is_damped is not None:
            check_kind("is_damped", self.is_damped, bool, "True, False or None")
        if self.season is not None:
            check_kind("season of smoothing", self.season, SeasonKind, "a SeasonKind or None")

    @property
    def name(self) -> str:
        """What the method is called."""
        return "exponential smoothing"

    def fit(self, values: Observed, season: int, horizon: int, /) -> SeriesFit:
        """Return the fit; see `SeriesMethod`."""
        known, gaps = filled(values, season)
        found = [
            _fitted(known, season, kind=kind, is_damped=damped)
            for kind in self._kinds(known, season)
            for damped in self._trends(known)
        ]
        best = min(found, key=lambda one: one.criterion)
        states, weights, kind = best.states, best.weights, best.kind
        points = states.ahead(horizon, weights.damping, kind)
        errors: list[float | None] = [
            None if one is None else one - stated
            for one, stated in zip(values, best.stated, strict=True)
        ]
        if len(known) < _FEWEST:
            errors = [None] * len(known)
        return SeriesFit(
            points=tuple(points),
            errors=tuple(errors),
            widening=weights.widening(horizon, season),
            freedom=min(best.freedom, len(known) // 2),
            parameters=best.parameters,
            notes=gap_note(gaps),
        )

    def _kinds(self, values: Sequence[float], season: int) -> list[SeasonKind]:
        is_long = season > 1 and len(values) > _SEASONS * season
        allowed = [SeasonKind.NONE]
        if is_long:
            allowed.append(SeasonKind.ADDITIVE)
            if min(values) > 0:
                allowed.append(SeasonKind.MULTIPLICATIVE)
        if self.season is None:
            return allowed
        if self.season not in allowed:
            fault = (
                "it takes more than two whole seasons, and values above 0 where it is multiplied; "
                "leave it to the data with None"
            )
            raise InvalidValue("season of smoothing", self.season.value, fault)
        return [self.season]

    def _trends(self, values: Sequence[float]) -> list[bool]:
        if len(values) < _BEGINNING and self.is_damped is None:
            return [False]
        return [False, True] if self.is_damped is None else [self.is_damped]


@attrs.frozen(kw_only=True)
class _Candidate:
    kind: SeasonKind
    weights: Weights
    states: States
    stated: list[float]
    criterion: float
    freedom: int
    parameters: tuple[Parameter, ...]


def _fitted(
    values: Sequence[float], season: int, *, kind: SeasonKind, is_damped: bool
) -> _Candidate:
    """Return the most likely model of one form."""
    figure: list[float] = []
    if kind is not SeasonKind.NONE:
        figure = seasonal_figure(values, season, kind) or []
    if kind is not SeasonKind.NONE and not figure:
        kind = SeasonKind.NONE
    plain = _without(values, figure, kind)
    level, trend = _beginning(plain, is_damped=is_damped)
    unit = max(sum(abs(one - level) for one in plain) / len(plain), 1e-9 * (abs(level) + 1))
    start = [0.0, 0.0]
    if is_damped:
        start = [0.0, free(0.1, 0.0, 1.0), free(0.7, 0.0, 1.0), 0.0, trend / unit]
    if figure:
        start.insert(-2 if is_damped else -1, free(0.1, 0.0, 1.0))

    def at(place: Sequence[float]) -> tuple[Weights, States]:
        rest = list(place)
        slope = rest.pop() * unit if is_damped else 0.0
        first = level + rest.pop() * unit
        weights = Weights.at(rest, is_damped=is_damped, season=kind)
        return weights, States(first, slope, list(figure))

    def cost(place: Sequence[float]) -> float:
        weights, states = at(place)
        return badness(values, walked(values, states, weights, kind), kind)

    if is_damped and cost(start) == inf:  # a multiplied level fell to 0
        return _fitted(values, season, kind=kind, is_damped=False)
    if is_damped or figure:
        weights, states = at(minimum(cost, start, tolerance=1e-7, limit=_LIMIT).point)
    else:
        weight, first = best_smoothing(values)
        weights = Weights(level=weight, trend=0.0, season=0.0, damping=0.0)
        states = States(first, 0.0, [])
    stated = walked(values, states, weights, kind)
    freedom = 3 + 3 * is_damped + (season if figure else 0)
    return _Candidate(
        kind=kind,
        weights=weights,
        states=states,
        stated=stated,
        criterion=_corrected(badness(values, stated, kind), freedom, len(values)),
        freedom=freedom - 1,
        parameters=_parameters(kind, weights, is_damped=is_damped),
    )


def _corrected(likelihood: float, freedom: int, n: int) -> float:
    """Return AICc; infinite where there are too few values for so many numbers."""
    left = n - freedom - 1
    if freedom <= 3:  # noqa: PLR2004 - the simplest form always stands
        left = max(left, 1)
    return likelihood + 2 * freedom + 2 * freedom * (freedom + 1) / left if left > 0 else inf


def _parameters(kind: SeasonKind, weights: Weights, *, is_damped: bool) -> tuple[Parameter, ...]:
    found: list[Parameter] = [
        ("trend", "damped" if is_damped else "none"),
        ("season", kind.value),
        ("alpha", weights.level),
    ]
    if is_damped:
        found += [("beta", weights.trend), ("phi", weights.damping)]
    if kind is not SeasonKind.NONE:
        found.append(("gamma", weights.season))
    return tuple(found)


def _without(values: Sequence[float], figure: Sequence[float], kind: SeasonKind) -> list[float]:
    if kind is SeasonKind.NONE:
        return list(values)
    many = len(figure)
    if kind is SeasonKind.ADDITIVE:
        return [one - figure[at % many] for at, one in enumerate(values)]
    return [one / figure[at % many] for at, one in enumerate(values)]


def _beginning(values: Sequence[float], *, is_damped: bool) -> tuple[float, float]:
    """Return level and trend before the first value, from the line through the first ten."""
    some = values[:_BEGINNING]
    n = len(some)
    mean = sum(some) / n
    if not is_damped or n == 1:
        return mean, 0.0
    middle = (n - 1) / 2
    slope = sum((at - middle) * (one - mean) for at, one in enumerate(some)) * 12 / (n**3 - n)
    return mean - slope * (middle + 1), slope
