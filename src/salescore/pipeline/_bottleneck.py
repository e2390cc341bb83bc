"""Bottlenecks: which stage costs the most wins, held against a benchmark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import attrs

from salescore.errors import InvalidValue, UnknownName
from salescore.metrics import Exclusion
from salescore.pipeline._chance import LEVEL
from salescore.pipeline._conversion import CohortConversion, cohort_conversion, cohort_of
from salescore.pipeline._passages import Passages
from salescore.plain import as_tuple
from salescore.stats import ConfidenceInterval, RateDifference, holm, one_rate, two_rates
from salescore.values import Period, quotient

_ONE = Fraction(1)


@attrs.frozen(kw_only=True)
class StageGap:
    """
    What the conversion of one stage costs in wins, held against a benchmark.

    Attributes:
        stage: Key of the stage.
        target: Key of the next stage.
        conversion: Its conversion, with n, interval and the share still open.
        benchmark: Rate that it is held against; `None` where there is none.
        benchmark_n: Sales behind the benchmark; `None` where it was given as a number.
        gap: The benchmark less the rate: above 0 where the stage falls short.
        chance: Chance that a sale that reached the next stage is won.
        lost_wins: Wins more that the benchmark would have brought: n times gap times chance; below
            0 where the stage is better than its benchmark. `None` when undefined.
        interval: Where the true number of wins lies, the chance being taken as it is; `None` when
            undefined.
        p_value: Chance of a gap at least as far from 0, were there none; `None` when undefined.
        adjusted_p_value: The same after correction for there being several stages, by Holm.
        is_real: Whether chance alone would hardly make such a gap: whether the adjusted p-value
            is at most 1 less the level of confidence.
        reason: Why the wins are undefined; `None` where they are defined.
    """

    stage: str
    target: str
    conversion: CohortConversion
    benchmark: Decimal | None = None
    benchmark_n: int | None = None
    gap: Decimal | None = None
    chance: Decimal | None = None
    lost_wins: Decimal | None = None
    interval: ConfidenceInterval | None = None
    p_value: Decimal | None = None
    adjusted_p_value: Decimal | None = None
    is_real: bool = False
    reason: str | None = None


@attrs.frozen(kw_only=True)
class Bottlenecks:
    """
    Stages by the wins that they cost.

    Attributes:
        rows: The stages, those that cost the most wins first, undefined ones last.
        funnel: Name and version of the funnel.
        days: Days of the horizon of each step; `None` without one.
        level: Level of confidence.
        during: Period in which the stages were reached; `None` for any.
        as_of: Last day whose facts are seen; `None` where nobody can tell.
        excluded: Visits left out, with reasons.
    """

    rows: tuple[StageGap, ...] = attrs.field(converter=as_tuple)
    funnel: str
    days: int | None
    level: Decimal
    during: Period | None
    as_of: date | None
    excluded: tuple[Exclusion, ...] = ()

    @property
    def worst(self) -> StageGap | None:
        """Return the stage that costs the most wins beyond chance; `None` where none does."""
        for one in self.rows:
            if one.is_real and one.lost_wins is not None and one.lost_wins > 0:
                return one
        return None


def bottlenecks(
    ways: Passages,
    benchmark: Passages | Mapping[str, Decimal],
    *,
    days: int | None = None,
    during: Period | None = None,
    benchmark_during: Period | None = None,
    complete_only: bool = False,
    level: Decimal = LEVEL,
) -> Bottlenecks:
    """
    Return the stages by the wins that their conversion costs, held against a benchmark.

    With n sales that reached a stage, its conversion r into the next stage, the benchmark b, and
    the chance w that who reached the next stage is won, it costs n × (b - r) × w wins.
    w is the product of the conversions of the later stages, so that the stage with the lowest rate
    need not be the bottleneck: few may come by it, it may be no worse than elsewhere, or what it
    lets through may be lost later.
    A later stage that none of the sales reached is taken at its benchmark.

    Args:
        ways: How far the sales came, such as those of one team.
        benchmark: What they are held against: the passages of others, such as
            `ways.others("T1")`, the same passages with another `benchmark_during`, or rates by key
            of the stage, between 0 and 1.
        days: Days of the horizon of each step; `None` follows every sale to the last day known,
            which gives an earlier period more time: compare periods with a horizon.
        during: Period in which each stage was first reached.
        benchmark_during: The same on the side of the benchmark; by default that of `during`.
        complete_only: Whether sales are left out whose horizon is not over.
        level: Level of confidence.

    Raises:
        InvalidValue: The two sides share sales, are of two funnels, or a rate is none.
        UnknownName: A rate is given for a stage that the funnel lacks.

    Source:
        Gap: Newcombe (1998), method 10, as in `two_rates`; against a number Wilson (1927).
        Correction: Holm (1979).
    """
    end = len(ways.stages) if ways.won is None else ways.place(ways.won) + 1
    steps = list(pairwise(ways.stages[:end]))
    own = [
        cohort_conversion(ways, *step, days=days, during=during, complete_only=complete_only)
        for step in steps
    ]
    if isinstance(benchmark, Passages):
        other_during = during if benchmark_during is None else benchmark_during
        _check_sides(ways, benchmark, during, other_during)
        standard = [
            _of_conversion(
                cohort_conversion(
                    benchmark, *step, days=days, during=other_during, complete_only=complete_only
                )
            )
            for step in steps
        ]
    else:
        _check_rates(ways, benchmark)
        standard = [_Standard(benchmark.get(stage)) for stage, _ in steps]
    gaps = [_gap(place, own, standard, level) for place in range(len(steps))]
    return Bottlenecks(
        rows=_ranked(_corrected(gaps, level)),
        funnel=ways.funnel,
        days=days,
        level=level,
        during=during,
        as_of=ways.as_of,
        excluded=ways.excluded,
    )


@attrs.frozen
class _Standard:
    """What a step is held against: a rate, or how many of how many."""

    rate: Decimal | None
    converted: int | None = None
    n: int | None = None

    @property
    def exact(self) -> Fraction | None:
        if self.converted is not None and self.n:
            return Fraction(self.converted, self.n)
        return None if self.rate is None else Fraction(self.rate)


def _of_conversion(one: CohortConversion) -> _Standard:
    return _Standard(one.value, one.converted, one.n)


def _gap(
    place: int, own: Sequence[CohortConversion], standard: Sequence[_Standard], level: Decimal
) -> StageGap:
    one, held = own[place], standard[place]
    gap = StageGap(
        stage=one.source,
        target=one.target,
        conversion=one,
        benchmark=held.rate,
        benchmark_n=held.n,
        reason=one.figure.reason,
    )
    difference = _difference(one, held, level)
    benchmark, chance = held.exact, _chance(own[place + 1 :], standard[place + 1 :])
    if difference is None or benchmark is None:
        return attrs.evolve(gap, reason=gap.reason or f"no benchmark for {one.source}")
    gap = attrs.evolve(gap, gap=difference.difference, p_value=difference.p_value)
    if chance is None:
        return attrs.evolve(gap, reason=f"nobody knows what becomes of those in {one.target}")
    wins = chance * one.n
    return attrs.evolve(
        gap,
        chance=_decimal(chance),
        lost_wins=_decimal(wins * (benchmark - Fraction(one.converted, one.n))),
        interval=ConfidenceInterval(
            low=_decimal(wins * Fraction(difference.interval.low)),
            high=_decimal(wins * Fraction(difference.interval.high)),
            level=level,
        ),
    )


def _difference(one: CohortConversion, held: _Standard, level: Decimal) -> RateDifference | None:
    """Return the benchmark less the rate; `None` where either is undefined."""
    if held.converted is not None and held.n is not None:
        return two_rates(held.converted, held.n, one.converted, one.n, level)
    if held.rate is None:
        return None
    # The benchmark less the rate is the rate of those that did not convert, less its own.
    return one_rate(one.n - one.converted, one.n, 1 - held.rate, level)


def _chance(own: Sequence[CohortConversion], standard: Sequence[_Standard]) -> Fraction | None:
    """Return the product of the rates of later steps; `None` where one is unknown."""
    product = _ONE
    for one, held in zip(own, standard, strict=True):
        rate = Fraction(one.converted, one.n) if one.n else held.exact
        if rate is None:
            return None
        product *= rate
    return product


def _corrected(gaps: Sequence[StageGap], level: Decimal) -> list[StageGap]:
    tested = [one.p_value for one in gaps if one.p_value is not None]
    adjusted = iter(holm(tested))
    found: list[StageGap] = []
    for one in gaps:
        if one.p_value is None:
            found.append(one)
            continue
        p_value = next(adjusted)
        found.append(attrs.evolve(one, adjusted_p_value=p_value, is_real=p_value <= 1 - level))
    return found


def _ranked(gaps: Sequence[StageGap]) -> list[StageGap]:
    return sorted(gaps, key=lambda one: (one.lost_wins is None, -(one.lost_wins or 0)))


def _check_sides(
    ways: Passages, other: Passages, during: Period | None, other_during: Period | None
) -> None:
    if ways.stages != other.stages:
        raise InvalidValue("benchmark", other.funnel, f"its stages are not those of {ways.funnel}")
    for stage in ways.stages:
        mine = {one.sale for one in cohort_of(ways, stage, during)}
        both = mine & {one.sale for one in cohort_of(other, stage, other_during)}
        if both:
            fault = f"{len(both)} sales that reached {stage} stand on both sides"
            raise InvalidValue("benchmark", min(both), fault)


def _check_rates(ways: Passages, rates: Mapping[str, Decimal]) -> None:
    for stage, rate in rates.items():
        if stage not in ways.stages:
            raise UnknownName(f"stage of {ways.funnel}", stage, ways.stages)
        if type(rate) is not Decimal or not (rate.is_finite() and 0 < rate < 1):
            fault = "it must be a Decimal between 0 and 1"
            raise InvalidValue(f"benchmark of {stage}", rate, fault)


def _decimal(value: Fraction) -> Decimal:
    found = quotient(Decimal(value.numerator), Decimal(value.denominator))
    return Decimal(0) if found is None else found
