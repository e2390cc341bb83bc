"""The simplest continuations, which every other method has to beat."""

from __future__ import annotations

from math import sqrt

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._series_fit import Observed, Parameter, SeriesFit

_FEWEST = 3


@attrs.frozen(kw_only=True)
class Naive:
    """
    The last value goes on.

    The deviation grows with the root of the steps, as that of a random walk.

    Source:
        Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd edition (2021), 5.2
        and 5.5.
    """

    @property
    def name(self) -> str:
        """What the method is called."""
        return "naive"

    def fit(self, values: Observed, _season: int, horizon: int, /) -> SeriesFit:
        """Return the fit; see `SeriesMethod`."""
        errors: list[float | None] = []
        last: float | None = None
        for one in values:
            errors.append(None if one is None or last is None else one - last)
            last = last if one is None else one
        return SeriesFit(
            points=(last or 0.0,) * horizon,
            errors=tuple(errors),
            widening=tuple(sqrt(step) for step in range(1, horizon + 1)),
        )


@attrs.frozen(kw_only=True)
class Drift:
    """
    The line from the first value to the last goes on.

    Source:
        Hyndman and Athanasopoulos, as for `Naive`.
    """

    @property
    def name(self) -> str:
        """What the method is called."""
        return "drift"

    def fit(self, values: Observed, season: int, horizon: int, /) -> SeriesFit:
        """Return the fit; see `SeriesMethod`."""
        n = len(values)
        first, last = values[0] or 0.0, values[-1] or 0.0
        slope = (last - first) / (n - 1) if n > 1 else 0.0
        walk = Naive().fit(values, season, horizon)
        errors: list[float | None] = []
        since = 0
        for place, one in enumerate(walk.errors):
            since += 1
            errors.append(None if one is None else one - slope * since)
            since = 0 if values[place] is not None else since
        scale = 1.0 / (n - 1) if n > 1 else 0.0
        return SeriesFit(
            points=tuple(last + slope * step for step in range(1, horizon + 1)),
            errors=tuple(errors),
            widening=tuple(sqrt(step * (1 + step * scale)) for step in range(1, horizon + 1)),
            freedom=1,
            parameters=(("slope", slope),),
        )


@attrs.frozen(kw_only=True)
class SeasonalNaive:
    """
    Each period repeats the same one of the season before.

    Without a season it is the naive forecast.

    Source:
        Hyndman and Athanasopoulos, as for `Naive`.
    """

    @property
    def name(self) -> str:
        """What the method is called."""
        return "seasonal naive"

    def fit(self, values: Observed, season: int, horizon: int, /) -> SeriesFit:
        """Return the fit; see `SeriesMethod`."""
        if season == 1:
            return Naive().fit(values, season, horizon)
        known: dict[int, float] = {}
        errors: list[float | None] = []
        last = 0.0
        for place, one in enumerate(values):
            before = known.get(place % season)
            errors.append(None if one is None or before is None else one - before)
            if one is not None:
                known[place % season] = last = one
        n = len(values)
        points = tuple(known.get((n + step) % season, last) for step in range(horizon))
        notes: tuple[tuple[str, str], ...] = ()
        lacking = sum((n + step) % season not in known for step in range(min(horizon, season)))
        if lacking:
            many = "1 place" if lacking == 1 else f"{lacking} places"
            english = f"{many} of the season without a value yet; the last value stands in"
            notes = ((english, f"季节中有 {lacking} 个位置尚无数值，以最后一个值代替"),)
        return SeriesFit(
            points=points,
            errors=tuple(errors),
            widening=tuple(sqrt(step // season + 1) for step in range(horizon)),
            notes=notes,
        )


@attrs.frozen(kw_only=True)
class RunRate:
    """
    The mean of the most recent periods goes on.

    Attributes:
        window: Known values that enter, from 1 on; `None` for one season, or 3 without a season or
            where less than a season is known.
    """

    window: int | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a window of nothing."""
        if self.window is not None and (type(self.window) is not int or self.window < 1):
            raise InvalidValue("window", self.window, "a whole number of periods from 1 on")

    @property
    def name(self) -> str:
        """What the method is called."""
        return "run rate"

    def fit(self, values: Observed, season: int, horizon: int, /) -> SeriesFit:
        """Return the fit; see `SeriesMethod`."""
        known = [one for one in values if one is not None]
        window = self.window
        if window is None:
            window = season if 1 < season <= len(known) else _FEWEST
        errors: list[float | None] = []
        recent: list[float] = []
        for one in values:
            if one is None:
                errors.append(None)
                continue
            full = len(recent) == window
            errors.append(one - sum(recent) / window if full else None)
            recent = [*recent[1 if full else 0 :], one]
        many = len(recent)
        parameters: tuple[Parameter, ...] = (("window", float(many)),)
        return SeriesFit(
            points=(sum(recent) / many,) * horizon,
            errors=tuple(errors),
            widening=(1.0,) * horizon,
            parameters=parameters,
        )
