"""Demand that comes now and then: how much at a time, and how often."""

from __future__ import annotations

from math import sqrt
from typing import cast

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._distribution_checks import check_kind
from salescore.forecast._series_fit import Observed, Parameter, SeriesFit


@attrs.frozen(kw_only=True)
class Croston:
    """
    Croston's method for intermittent demand: size and interval are smoothed apart.

    With the smoothed size z and interval p the demand per period is z ÷ p; that is too high on
    average, which Syntetos and Boylan put right by the factor 1 - α ÷ 2 (SBA, the default).

    Attributes:
        weight: Alpha of both, above 0 and at most 1.
        is_corrected: Whether the factor of Syntetos and Boylan is applied.

    Source:
        Croston, Forecasting and stock control for intermittent demands, Operational Research
        Quarterly 23 (1972), 289-303; Syntetos and Boylan, The accuracy of intermittent demand
        estimates, International Journal of Forecasting 21 (2005), 303-314.
    """

    weight: float = 0.1
    is_corrected: bool = True

    def __attrs_post_init__(self) -> None:
        """Refuse a weight that smooths nothing."""
        check_kind("is_corrected", self.is_corrected, bool, "True or False")
        if not isinstance(cast("object", self.weight), float | int) or not 0 < self.weight <= 1:
            raise InvalidValue("weight", self.weight, "above 0 and at most 1")

    @property
    def name(self) -> str:
        """What the method is called."""
        return "Croston (SBA)" if self.is_corrected else "Croston"

    def fit(self, values: Observed, _season: int, horizon: int, /) -> SeriesFit:
        """
        Return the fit; see `SeriesMethod`.

        Raises:
            InvalidValue: A value lies below 0.
        """
        factor = 1 - self.weight / 2 if self.is_corrected else 1.0
        size = interval = rate = 0.0
        since = 0
        has_demand = False
        errors: list[float | None] = []
        for one in values:
            if one is not None and one < 0:
                raise InvalidValue("demand", one, "Croston's method takes values from 0 on")
            errors.append(one - rate if has_demand and one is not None else None)
            since += 1
            if not one:
                continue
            if has_demand:
                size += self.weight * (one - size)
                interval += self.weight * (since - interval)
            else:
                size, interval, has_demand = one, float(since), True
            rate, since = factor * size / interval, 0
        return SeriesFit(
            points=(rate,) * horizon,
            errors=tuple(errors if has_demand else [None if v is None else 0.0 for v in values]),
            widening=tuple(sqrt(1 + step * self.weight**2) for step in range(horizon)),
            parameters=self._parameters(size, interval),
        )

    def _parameters(self, size: float, interval: float) -> tuple[Parameter, ...]:
        return (("alpha", self.weight), ("size", size), ("interval", interval))
