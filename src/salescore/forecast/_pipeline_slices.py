"""Forecasts of parts of a pipeline: of one rep, team, product or category."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from decimal import Decimal

import attrs

from salescore.errors import UnknownName
from salescore.forecast._distribution_checks import check_kind
from salescore.forecast._judgement import Judgement
from salescore.forecast._pipeline_amounts import WonAmounts, stated_amounts
from salescore.forecast._pipeline_chances import WinChances
from salescore.forecast._pipeline_checks import check_text, each_of
from salescore.forecast._pipeline_forecast import PipelineForecast, pipeline_forecast
from salescore.forecast._pipeline_snapshot import OpenOpportunity, PipelineSnapshot

_ATTRIBUTES: dict[str, Callable[[OpenOpportunity], str | None]] = {
    "rep": lambda one: one.rep_id,
    "team": lambda one: one.team_id,
    "customer": lambda one: one.customer_id,
    "product": lambda one: one.product_id,
    "stage": lambda one: one.stage,
    "category": lambda one: one.category,
}


@attrs.frozen(kw_only=True)
class ForecastSlice:
    """
    The forecast of the opportunities that share a value.

    Attributes:
        key: The value, such as the id of a rep; `None` where they have none.
        members: Their ids, ascending.
        forecast: What they may bring.
    """

    key: str | None
    members: tuple[str, ...]
    forecast: PipelineForecast


def forecast_slices(
    snapshot: PipelineSnapshot,
    chances: WinChances,
    by: str,
    *,
    amounts: WonAmounts | None = None,
    judgements: Iterable[Judgement] = (),
    correlation: Decimal = Decimal(0),
    points: int = 4096,
) -> tuple[ForecastSlice, ...]:
    """
    Return what the opportunities of each rep, team, customer, product, stage or category may bring.

    Means of the slices sum to that of the whole; quantiles do not.

    Args:
        snapshot: The open opportunities.
        chances: Their chances.
        by: `rep`, `team`, `customer`, `product`, `stage`, `category`, or a dimension by which the
            snapshot groups.
        amounts: What opportunities come to if won; `None` takes what they state.
        judgements: What people judge otherwise of opportunities; one of the total is of no slice
            and changes nothing here.
        correlation: As in `pipeline_forecast`.
        points: As in `pipeline_forecast`.

    Returns:
        The slices by key, the one without any last.

    Raises:
        UnknownName: Opportunities have no such attribute.
        InvalidValue: As `pipeline_forecast`.
    """
    check_kind("snapshot", snapshot, PipelineSnapshot, "a snapshot of the pipeline")
    value = _value_of(by, snapshot.by)
    found: dict[str | None, list[str]] = {}
    for one in snapshot.opportunities:
        found.setdefault(value(one), []).append(one.id)
    said = each_of("judgements", judgements, Judgement, "judgements")
    part = Members(snapshot, chances, amounts, said, correlation, points)
    return tuple(
        ForecastSlice(key=key, members=tuple(found[key]), forecast=part.forecast(found[key]))
        for key in sorted(found, key=lambda key: (key is None, key or ""))
    )


def _value_of(by: str, groups: tuple[str, ...]) -> Callable[[OpenOpportunity], str | None]:
    """Return what reads the value of a slice."""
    check_text("by", by, "it must be the name of an attribute or a dimension")
    known = _ATTRIBUTES.get(by)
    if known is not None:
        return known
    if by not in groups:
        raise UnknownName("slice of a pipeline", by, (*_ATTRIBUTES, *groups))
    place = groups.index(by)
    return lambda one: one.keys[place]


@attrs.frozen
class Members:
    """
    What is needed to forecast some of the opportunities of a snapshot.

    Attributes:
        snapshot: All open opportunities.
        chances: Their chances.
        amounts: Their amounts; `None` for what they state.
        judgements: What people judge otherwise.
        correlation: How alike all parts are driven by one common factor.
        points: Points of a grid.
    """

    snapshot: PipelineSnapshot
    chances: WinChances
    amounts: WonAmounts | None
    judgements: tuple[Judgement, ...]
    correlation: Decimal
    points: int

    def forecast(self, members: Collection[str]) -> PipelineForecast:
        """Return what some of the opportunities may bring, by their ids."""
        kept = set(members)
        amounts = stated_amounts(self.snapshot) if self.amounts is None else self.amounts
        return pipeline_forecast(
            attrs.evolve(
                self.snapshot,
                opportunities=[one for one in self.snapshot.opportunities if one.id in kept],
                left_out=(),
            ),
            attrs.evolve(
                self.chances, rows=[one for one in self.chances.rows if one.id in kept], notes=()
            ),
            amounts=attrs.evolve(amounts, rows=[one for one in amounts.rows if one.id in kept]),
            judgements=[one for one in self.judgements if one.opportunity_id in kept],
            correlation=self.correlation,
            points=self.points,
        )
