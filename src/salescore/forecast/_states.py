"""States of exponential smoothing: how level, trend and season move with each value."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, inf, log
from typing import assert_never

import attrs

from salescore.forecast._season import SeasonKind

_LOW, _HIGH = 1e-4, 0.9999
_DAMPED_LOW, _DAMPED_HIGH = 0.8, 0.98
_FARTHEST = 40.0


def bounded(free: float, low: float, high: float) -> float:
    """Return a number between two bounds that rises with a free one; 0 gives their middle."""
    return low + (high - low) / (1 + exp(-max(min(free, _FARTHEST), -_FARTHEST)))


def free(value: float, low: float, high: float) -> float:
    """Return the free number that `bounded` takes to a value between the bounds."""
    share = min(max((value - low) / (high - low), 1e-12), 1 - 1e-12)
    return log(share / (1 - share))


@attrs.frozen(kw_only=True)
class Weights:
    """
    How much each state follows an error.

    Attributes:
        level: Alpha, of the level.
        trend: Beta, of the trend; 0 without a trend.
        season: Gamma, of the season; 0 without a season.
        damping: Phi, by which the trend shrinks each period; 0 without a trend.
    """

    level: float
    trend: float
    season: float
    damping: float

    @classmethod
    def at(cls, place: Sequence[float], *, is_damped: bool, season: SeasonKind) -> Weights:
        """Return the weights at free coordinates: level, then trend and damping, then season."""
        rest = list(place)
        level = bounded(rest.pop(0), _LOW, _HIGH)
        trend = damping = seasonal = 0.0
        if is_damped:
            trend = bounded(rest.pop(0), _LOW, level)
            damping = bounded(rest.pop(0), _DAMPED_LOW, _DAMPED_HIGH)
        if season is not SeasonKind.NONE:
            seasonal = bounded(rest.pop(0), 0.0, 1 - level)
        return cls(level=level, trend=trend, season=seasonal, damping=damping)

    def widening(self, horizon: int, season: int) -> tuple[float, ...]:
        """
        Return the deviation at each step ahead ÷ that of one step.

        Source:
            Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing (2008),
            table 6.1, the linear models.
        """
        total, spread, decay = 1.0, [1.0], 0.0
        for step in range(1, horizon):
            decay = self.damping * (1 + decay)
            kept = self.level + self.trend * decay
            kept += self.season if season > 1 and step % season == 0 else 0.0
            total += kept * kept
            spread.append(total**0.5)
        return tuple(spread[:horizon])


@attrs.define
class States:
    """
    Level, trend and season after some values.

    Attributes:
        level: Level.
        trend: Change per period, before it is damped.
        figure: SeasonKind by place; the first belongs to the next value.
    """

    level: float
    trend: float
    figure: list[float]

    def ahead(self, horizon: int, damping: float, kind: SeasonKind) -> list[float]:
        """Return the points to come."""
        found: list[float] = []
        level, trend = self.level, self.trend
        for step in range(horizon):
            trend *= damping
            level += trend
            part = self.figure[step % len(self.figure)] if self.figure else 0.0
            found.append(_joined(level, part, kind))
        return found


def _joined(level: float, part: float, kind: SeasonKind) -> float:
    match kind:
        case SeasonKind.NONE:
            return level
        case SeasonKind.ADDITIVE:
            return level + part
        case SeasonKind.MULTIPLICATIVE:
            return level * part
        case _:
            assert_never(kind)


def walked(
    values: Sequence[float], states: States, weights: Weights, kind: SeasonKind
) -> list[float]:
    """Return the value expected at each position, and move the states to after the last one."""
    stated: list[float] = []
    if kind is SeasonKind.MULTIPLICATIVE:
        _walk_multiplied(values, states, weights, stated)
    else:
        _walk_added(values, states, weights, stated)
    return stated


def _walk_added(
    values: Sequence[float], states: States, weights: Weights, stated: list[float]
) -> None:
    level, trend, figure = states.level, states.trend, states.figure
    alpha, beta, gamma, phi = weights.level, weights.trend, weights.season, weights.damping
    many = len(figure)
    for at, one in enumerate(values):
        trend *= phi
        level += trend
        expected = level + figure[at % many] if many else level
        stated.append(expected)
        error = one - expected
        level += alpha * error
        trend += beta * error
        if many:
            figure[at % many] += gamma * error
    _settle(states, level, trend, len(values))


def _walk_multiplied(
    values: Sequence[float], states: States, weights: Weights, stated: list[float]
) -> None:
    level, trend, figure = states.level, states.trend, states.figure
    alpha, beta, gamma, phi = weights.level, weights.trend, weights.season, weights.damping
    many = len(figure)
    for at, one in enumerate(values):
        trend *= phi
        level += trend
        place = at % many
        expected = level * figure[place]
        stated.append(expected)
        if expected <= 0:
            break
        error = (one - expected) / expected
        trend += beta * level * error
        level += alpha * level * error
        figure[place] *= 1 + gamma * error
    _settle(states, level, trend, len(values))


def _settle(states: States, level: float, trend: float, n: int) -> None:
    states.level, states.trend = level, trend
    if states.figure:
        turn = n % len(states.figure)
        states.figure = states.figure[turn:] + states.figure[:turn]


def badness(values: Sequence[float], stated: Sequence[float], kind: SeasonKind) -> float:
    """
    Return -2 log likelihood up to a constant: of errors, or of relative errors of a multiplied one.

    Infinite where a multiplied model has fallen to 0 or below.
    """
    n = len(values)
    if len(stated) < n or (kind is SeasonKind.MULTIPLICATIVE and min(stated) <= 0):
        return inf
    pairs = zip(values, stated, strict=True)
    if kind is SeasonKind.MULTIPLICATIVE:
        total = sum((one / expected - 1) ** 2 for one, expected in pairs)
        return n * log(max(total, 1e-300) / n) + 2 * sum(map(log, stated))
    total = sum((one - expected) ** 2 for one, expected in pairs)
    return n * log(max(total, 1e-300) / n)
