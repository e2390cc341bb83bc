"""The market's own trend, as an explicit index with an elasticity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._conformal import check_horizon
from salescore.forecast._distribution_checks import check_kind, listed
from salescore.forecast._numbers import as_decimal, finite
from salescore.forecast._series_errors import shown
from salescore.forecast._series_forecast import SeriesForecast


def _levels(levels: Iterable[Decimal]) -> tuple[Decimal, ...]:
    return listed("levels of a market", levels, "decimals, one per period")


@attrs.frozen(kw_only=True)
class MarketTrend:
    """
    What somebody expects of the market, stated and not fitted.

    Attributes:
        name: What the index measures, such as "building permits".
        base: Index when the forecast is made, above 0.
        levels: Index in each period to come, above 0, beside what the series' own trend contains
            already: a market that goes on as before has the base throughout.
        elasticity: By how many percent the quantity moves where the index moves by one.
        source: Who says so.
    """

    name: str
    base: Decimal
    levels: tuple[Decimal, ...] = attrs.field(converter=_levels)
    elasticity: Decimal = Decimal(1)
    source: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse an index that is no ratio."""
        for one in (self.base, *self.levels):
            if finite(one) <= 0:
                raise InvalidValue(f"index {self.name}", one, "an index lies above 0")
        finite(self.elasticity)

    @classmethod
    def growing(
        cls,
        name: str,
        rate: Decimal,
        periods: int,
        *,
        elasticity: Decimal = Decimal(1),
        source: str | None = None,
    ) -> MarketTrend:
        """
        Return the trend of a market that grows by the same share each period.

        Args:
            name: What the index measures.
            rate: Growth per period as a fraction, above -1.
            periods: How many.
            elasticity: As for the record.
            source: Who says so.

        Raises:
            InvalidValue: The rate is -1 or below, or the number of periods is none.
        """
        if finite(rate) <= -1:
            raise InvalidValue("growth of a market", rate, "a fraction above -1")
        check_horizon(periods)
        growth = 1 + Fraction(rate)
        levels = [as_decimal(growth**step) for step in range(1, periods + 1)]
        return cls(name=name, base=Decimal(1), levels=levels, elasticity=elasticity, source=source)

    def factors(self, horizon: int) -> Sequence[Decimal]:
        """
        Return (level ÷ base)^elasticity of each step ahead, to 12 significant digits.

        Raises:
            InvalidValue: The index ends before the horizon, or the ratio is beyond all bounds.
        """
        if len(self.levels) < horizon:
            fault = f"the forecast is of {horizon} periods; state as many levels"
            raise InvalidValue(f"levels of {self.name}", len(self.levels), fault)
        power = float(self.elasticity)
        try:
            base = Fraction(self.base)
            return [shown(float(Fraction(one) / base) ** power) for one in self.levels[:horizon]]
        except OverflowError:
            fault = "the index moves beyond all bounds; state a smaller elasticity"
            raise InvalidValue(f"elasticity of {self.name}", self.elasticity, fault) from None


def with_market(forecast: SeriesForecast, market: MarketTrend) -> SeriesForecast:
    """
    Return a forecast that follows the market.

    Each point and its errors are multiplied by (level ÷ base)^elasticity; what that adds stands as
    a part with the name of the index.

    Args:
        forecast: What would come in a market that goes on as before.
        market: What is expected of the market.

    Raises:
        InvalidValue: As `MarketTrend.factors`.
    """
    wanted = "a SeriesForecast, such as series_forecast gives"
    check_kind("forecast", forecast, SeriesForecast, wanted)
    check_kind("market", market, MarketTrend, "a MarketTrend, such as MarketTrend.growing gives")
    factors = market.factors(forecast.horizon)
    periods = [
        one.times(factor, market.name)
        for one, factor in zip(forecast.periods, factors, strict=True)
    ]
    last = market.levels[forecast.horizon - 1]
    told = f"{market.base} → {last}"
    by = f", {market.source}" if market.source else ""
    note = (
        f"market {market.name}: index {told}, elasticity {market.elasticity}{by}",
        f"市场 {market.name}：指数 {told}，弹性 {market.elasticity}{by}",
    )
    return attrs.evolve(forecast, periods=periods, notes=(*forecast.notes, note))
