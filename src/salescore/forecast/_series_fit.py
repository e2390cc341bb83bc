"""What every method of a series takes and gives."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Protocol

import attrs

from salescore.errors import InvalidValue

Observed = Sequence[float | None]
"""Values by position, known at both ends; `None` for a gap between."""

Parameter = tuple[str, float | str]
"""Name and value of what a method chose."""


@attrs.frozen(kw_only=True)
class SeriesFit:
    """
    What a method makes of a series.

    Attributes:
        points: Forecasts of the positions after the last value, in order.
        errors: Value less forecast one step before, per position; `None` where there is none.
        widening: Deviation of the error at each position ahead ÷ that of one step.
        freedom: Numbers that were fitted, by which errors in the sample are too small.
        parameters: What the method chose, by name.
        notes: What a reader has to know, in English and Chinese.
    """

    points: tuple[float, ...]
    errors: tuple[float | None, ...]
    widening: tuple[float, ...]
    freedom: int = 0
    parameters: tuple[Parameter, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def known_errors(self) -> list[float]:
        """The errors that there are, in order."""
        return [one for one in self.errors if one is not None]

    @property
    def spread(self) -> float | None:
        """Root of the mean squared error one step ahead; `None` without errors."""
        errors = self.known_errors
        return sqrt(sum(one * one for one in errors) / len(errors)) if errors else None


class SeriesMethod(Protocol):
    """
    A way to continue a series; hand in an object of your own for another.

    Laws:
        The same values give the same fit; a value after the last one changes nothing.
        `points` and `widening` have as many numbers as the horizon, `errors` as many as values.
    """

    @property
    def name(self) -> str:
        """What the method is called."""
        ...

    def fit(self, values: Observed, season: int, horizon: int, /) -> SeriesFit:
        """Return the fit to at least one value; the first and the last are known."""
        ...


def check_method(method: object) -> None:
    """
    Refuse what is no method, such as its class.

    Raises:
        InvalidValue: It has no name or no fit, or is a class and not an object of it.
    """
    has_all = isinstance(getattr(method, "name", None), str) and hasattr(method, "fit")
    if isinstance(method, type) or not has_all:
        fault = "it is an object with a name and a fit, such as Theta()"
        raise InvalidValue("method of a series", repr(method), fault)


def filled(values: Observed, season: int) -> tuple[list[float], int]:
    """
    Return the values with gaps filled, and how many there were; for fitting alone.

    A gap lies on the line between its neighbours at the same place of the season, and between its
    neighbours in time where its place is known on one side at most.
    """
    gaps = [place for place, one in enumerate(values) if one is None]
    if not gaps:
        return [one for one in values if one is not None], 0
    found = [0.0 if one is None else one for one in values]
    for place in gaps:
        before, after = _in_season(values, place, season) or _in_time(values, place)
        low, high = values[before] or 0.0, values[after] or 0.0
        found[place] = low + (high - low) * (place - before) / (after - before)
    return found, len(gaps)


def _in_season(values: Observed, place: int, season: int) -> tuple[int, int] | None:
    """Return the known neighbours at the same place of the season, if there are two."""
    earlier = range(place - season, -1, -season)
    later = range(place + season, len(values), season)
    before = next((at for at in earlier if values[at] is not None), None)
    after = next((at for at in later if values[at] is not None), None)
    return None if before is None or after is None else (before, after)


def _in_time(values: Observed, place: int) -> tuple[int, int]:
    known = [at for at, one in enumerate(values) if one is not None]
    return max(at for at in known if at < place), min(at for at in known if at > place)


def gap_note(gaps: int) -> tuple[tuple[str, str], ...]:
    """Return the note that gaps were filled for the fit; none without gaps."""
    if not gaps:
        return ()
    english = f"{gaps} missing values were filled for the fit alone; they count in no error"
    if gaps == 1:
        english = "1 missing value was filled for the fit alone; it counts in no error"
    return ((english, f"为拟合补了 {gaps} 个缺失值，它们不计入任何误差"),)
