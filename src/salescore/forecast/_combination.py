"""Several methods at once, which are seldom all wrong in the same way."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from statistics import fmean, median

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._distribution_checks import check_kind, listed
from salescore.forecast._series_fit import Observed, SeriesFit, SeriesMethod, check_method


class JoinedBy(Enum):
    """
    How forecasts of several methods become one.

    Attributes:
        MEAN: Their mean.
        MEDIAN: Their median, which one bad method does not move.
    """

    MEAN = "mean"
    MEDIAN = "median"


def _methods(methods: Iterable[SeriesMethod]) -> tuple[SeriesMethod, ...]:
    return listed("methods", methods, "methods, in a list")


@attrs.frozen(kw_only=True)
class Combination:
    """
    The mean or median of several methods' forecasts.

    Attributes:
        methods: At least one.
        joined: How they become one.

    Source:
        Bates and Granger, The combination of forecasts, Operational Research Quarterly 20 (1969),
        451-468; Makridakis and Hibon (2000) for how well the plain mean does.
    """

    methods: tuple[SeriesMethod, ...] = attrs.field(converter=_methods)
    joined: JoinedBy = JoinedBy.MEAN

    def __attrs_post_init__(self) -> None:
        """Refuse a combination of nothing."""
        if not self.methods:
            raise InvalidValue("methods", (), "name at least one")
        for one in self.methods:
            check_method(one)
        check_kind("joined", self.joined, JoinedBy, "a JoinedBy, such as JoinedBy.MEAN")

    @property
    def name(self) -> str:
        """What the method is called."""
        return f"{self.joined.value} of {', '.join(one.name for one in self.methods)}"

    def fit(self, values: Observed, season: int, horizon: int, /) -> SeriesFit:
        """Return the fit; see `SeriesMethod`."""
        fits = [one.fit(values, season, horizon) for one in self.methods]
        join = fmean if self.joined is JoinedBy.MEAN else median
        errors: list[float | None] = []
        for row in zip(*(one.errors for one in fits), strict=True):
            known = [one for one in row if one is not None]
            errors.append(join(known) if len(known) == len(row) else None)
        notes = dict.fromkeys(note for one in fits for note in one.notes)
        return SeriesFit(
            points=tuple(join(row) for row in zip(*(one.points for one in fits), strict=True)),
            errors=tuple(errors),
            widening=tuple(fmean(row) for row in zip(*(one.widening for one in fits), strict=True)),
            freedom=max(one.freedom for one in fits),
            notes=tuple(notes),
        )
