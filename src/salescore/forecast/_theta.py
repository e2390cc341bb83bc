"""The Theta method: half the trend of a straight line, and smoothing for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import attrs

from salescore.forecast._season import SeasonKind, is_seasonal, seasonal_figure
from salescore.forecast._series_fit import Observed, Parameter, SeriesFit, filled, gap_note
from salescore.stats import line_minimum

_LOWEST, _HIGHEST = 1e-4, 0.9999
_STARTS = (_LOWEST, 0.02, 0.06, 0.11, 0.18, 0.26, 0.35, 0.45, 0.57, 0.7, 0.85, _HIGHEST)
_PRECISION = 1e-5
_NOTHING = 1e-12
_FEWEST = 3


@attrs.frozen(kw_only=True)
class Theta:
    """
    The Theta method with its two classical lines, theta 0 and theta 2.

    A season that passes a test at 90 % is taken out by classical decomposition: by division, or by
    subtraction where a value is 0 or below. What is left is smoothed exponentially, with the weight
    and the start that make the squared errors least, and half the slope of its straight line is
    added. The season is put back.
    It won the M3 competition of 3,003 series and is hard to beat on monthly sales.

    Source:
        Assimakopoulos and Nikolopoulos, The theta model, International Journal of Forecasting 16
        (2000), 521-530; Hyndman and Billah, Unmasking the Theta method, International Journal of
        Forecasting 19 (2003), 287-290, for the form with half the slope.
    """

    @property
    def name(self) -> str:
        """What the method is called."""
        return "theta"

    def fit(self, values: Observed, season: int, horizon: int, /) -> SeriesFit:
        """Return the fit; see `SeriesMethod`."""
        known, gaps = filled(values, season)
        n = len(known)
        kind, figure = _season(known, season)
        plain = known
        if kind is SeasonKind.MULTIPLICATIVE:
            plain = [one / figure[at % season] for at, one in enumerate(known)]
        elif kind is SeasonKind.ADDITIVE:
            plain = [one - figure[at % season] for at, one in enumerate(known)]
        slope = _slope(plain) / 2
        weight, start = best_smoothing(plain)
        keep = 1 - weight
        level, decay = start, 1.0
        ahead: list[float] = []
        for one in plain:
            ahead.append(level + slope * (1 - decay) / weight)
            level += weight * (one - level)
            decay *= keep
        begin = (1 - decay) / weight
        points = [level + slope * (step + begin) for step in range(horizon)]
        if kind is SeasonKind.MULTIPLICATIVE:
            points = [one * figure[(n + at) % season] for at, one in enumerate(points)]
            ahead = [one * figure[at % season] for at, one in enumerate(ahead)]
        elif kind is SeasonKind.ADDITIVE:
            points = [one + figure[(n + at) % season] for at, one in enumerate(points)]
            ahead = [one + figure[at % season] for at, one in enumerate(ahead)]
        errors: list[float | None] = [
            None if one is None else one - stated for one, stated in zip(values, ahead, strict=True)
        ]
        if n < _FEWEST:
            errors = [None] * n
        return SeriesFit(
            points=tuple(points),
            errors=tuple(errors),
            widening=tuple(sqrt(1 + step * weight * weight) for step in range(horizon)),
            freedom=min(_FEWEST + (season if kind is not SeasonKind.NONE else 0), n // 2),
            parameters=_parameters(kind, weight, start, slope),
            notes=gap_note(gaps),
        )


def _parameters(
    kind: SeasonKind, weight: float, start: float, slope: float
) -> tuple[Parameter, ...]:
    return (("season", kind.value), ("alpha", weight), ("start", start), ("drift", slope))


def _season(values: Sequence[float], season: int) -> tuple[SeasonKind, list[float]]:
    if not is_seasonal(values, season):
        return SeasonKind.NONE, []
    if min(values) > 0:
        figure = seasonal_figure(values, season, SeasonKind.MULTIPLICATIVE)
        if figure is not None:
            return SeasonKind.MULTIPLICATIVE, figure
    figure = seasonal_figure(values, season, SeasonKind.ADDITIVE)
    return (SeasonKind.NONE, []) if figure is None else (SeasonKind.ADDITIVE, figure)


def _slope(values: Sequence[float]) -> float:
    """Return the slope of the straight line of least squares."""
    n = len(values)
    if n == 1:
        return 0.0
    middle = (n - 1) / 2
    mean = sum(values) / n
    return sum((at - middle) * (one - mean) for at, one in enumerate(values)) * 12 / (n**3 - n)


def best_smoothing(values: Sequence[float]) -> tuple[float, float]:
    """
    Return weight and start of simple exponential smoothing with the least squared errors.

    The weight lies from 0.0001 to 0.9999. For each weight the best start has a closed form, as
    errors are linear in it; so one number is searched, not two: at twelve weights, and then around
    each that is no worse than its neighbours, as there may be several valleys.

    Source:
        Gardner, Exponential smoothing: the state of the art, part II, International Journal of
        Forecasting 22 (2006), 637-666; ours: the start by least squares.
    """
    first = values[0]
    moved = [one - first for one in values]
    if not any(moved):
        return _LOWEST, first
    found = [(squared_errors(moved, weight), weight) for weight in _STARTS]
    # The deepest valley need not lie beside the best of the coarse places.
    least = min(found)
    for before, (value, weight), after in zip(
        [found[0], *found], found, [*found[1:], found[-1]], strict=False
    ):
        if value > before[0] or value > after[0]:
            continue
        place, depth = line_minimum(
            lambda one: squared_errors(moved, one), before[1], after[1], tolerance=_PRECISION
        )
        least = min(least, (value, weight), (depth, place))
    return least[1], first + _start(moved, least[1])


def squared_errors(values: Sequence[float], weight: float) -> float:
    """Return the sum of squared errors of smoothing from its best start."""
    keep = 1 - weight
    level = both = own = 0.0
    decay = 1.0
    for one in values:
        error = one - level
        own += error * error
        both += error * decay
        level += weight * error
        decay *= keep
    return max(own - both * both * _share(keep, len(values)), 0.0)


def _start(values: Sequence[float], weight: float) -> float:
    keep = 1 - weight
    level = both = 0.0
    decay = 1.0
    for one in values:
        error = one - level
        both += error * decay
        level += weight * error
        decay *= keep
    return both * _share(keep, len(values))


def _share(keep: float, n: int) -> float:
    """Return 1 ÷ the sum of squares of the weights with which a start enters n errors."""
    square = keep * keep
    return (1 - square) / (1 - square**n)
