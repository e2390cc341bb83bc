"""Time in stage: how long sales stay, those that are still there counted as far as seen."""

from __future__ import annotations

import decimal
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property

import attrs

from salescore.errors import UnknownName
from salescore.funnel import Funnel
from salescore.metrics import AnyFacts, Exclusion, Reduced
from salescore.pipeline._chance import LEVEL
from salescore.pipeline._curve_reductions import stay_keys, time_reduction
from salescore.pipeline._slicing import (
    Key,
    Slicing,
    check_during,
    in_order,
    lack_of,
    source_at,
)
from salescore.pipeline._visited import VisitedStage, Wanted
from salescore.stats import (
    ConfidenceInterval,
    EventCounts,
    EventTable,
    SurvivalCurve,
    TimeQuantile,
    kaplan_meier,
    normal_quantile,
)
from salescore.values import Period

_TABLE = "stage_visits"
_LEFT = "left"
_QUARTER, _HALF, _THREE_QUARTERS = Decimal("0.25"), Decimal("0.5"), Decimal("0.75")
_WORKING = decimal.Context(prec=50, rounding=decimal.ROUND_HALF_EVEN)
_DIGITS = decimal.Context(prec=28, rounding=decimal.ROUND_HALF_EVEN)
_LATE, _EARLY, _DAYLESS, _NOBODYS = (
    "entered after the last day seen",
    "left before it was entered",
    "left on an unknown day",
    "of no sale on record",
)


@attrs.frozen(kw_only=True)
class MeanTime:
    """
    How long a stay lasts on average, none counting more than a horizon.

    Attributes:
        value: Days, to 28 significant digits; `None` when undefined.
        horizon: Days up to which counts; `None` when undefined.
        beyond: Share of the stays that last longer than that, of which the mean says too little;
            `None` when undefined.
        interval: Where the value lies; `None` where nothing is known of it.
        reason: Why it is undefined; `None` when it is defined.
    """

    value: Decimal | None
    horizon: Decimal | None
    beyond: Decimal | None
    interval: ConfidenceInterval | None
    reason: str | None


@attrs.frozen(kw_only=True)
class StageTime:
    """
    How long sales stay in one stage, in days.

    Attributes:
        stage: The stage.
        names: English and Chinese label of the stage.
        keys: Values of the dimensions; empty for all visits, `None` where they have none.
        labels: What to call them.
        curve: The chance to be still there by days since entering, as `stats` estimates it.
        n: Stays, or sales where those of a sale are added up.
        running: How many of them last.
        excluded: Visits left out, with reasons.
        as_of: Last day whose facts are seen, up to which running stays were followed; `None` where
            nobody knows it.
    """

    stage: VisitedStage
    names: tuple[str, str]
    keys: Key = ()
    labels: tuple[str, ...] = ()
    curve: SurvivalCurve = attrs.field(repr=False)
    n: int
    running: int
    excluded: tuple[Exclusion, ...] = ()
    as_of: date | None

    @property
    def longest(self) -> int | None:
        """Return the longest stay seen, running ones included, in days; `None` without any."""
        return None if self.curve.until is None else int(self.curve.until)

    @cached_property
    def lower_quartile(self) -> TimeQuantile:
        """Return the days by which a quarter has left."""
        return self.quantile(_QUARTER)

    @cached_property
    def median(self) -> TimeQuantile:
        """Return the days by which half have left."""
        return self.quantile(_HALF)

    @cached_property
    def upper_quartile(self) -> TimeQuantile:
        """Return the days by which three quarters have left."""
        return self.quantile(_THREE_QUARTERS)

    def quantile(self, p: Decimal, *, level: Decimal = LEVEL) -> TimeQuantile:
        """
        Return the days by which a share has left, with their interval.

        Args:
            p: Share above 0, at most 1.
            level: Level of confidence.

        Returns:
            Days that are `None` where so many were never seen to leave.

        Raises:
            InvalidValue: The share or the level is none.
        """
        return self.curve.quantile(p, level)

    def mean(self, horizon: int | None = None, *, level: Decimal = LEVEL) -> MeanTime:
        """
        Return how many days a stay lasts on average, none counting more than a horizon.

        It is the area A(0) under the chance S to be still there; with d leaving of n at a time t
        and the area A(t) behind it the variance is the sum of A(t)² d ÷ (n (n - d)).

        Args:
            horizon: Days up to which counts; `None` for the longest stay seen.
            level: Level of confidence.

        Returns:
            Undefined beyond the longest stay seen, unless all have left by then.

        Raises:
            InvalidValue: The horizon is no length of time, or the level is none.

        Source:
            Klein and Moeschberger, Survival Analysis (2003), 4.5.
        """
        until = self.longest if horizon is None else horizon
        value = None if until is None else self.curve.restricted_mean(until)
        if value is None or until is None:
            reason = "no stays" if self.longest is None else f"none was seen for {until} days"
            return MeanTime(value=None, horizon=None, beyond=None, interval=None, reason=reason)
        step = self.curve.at(until)
        return MeanTime(
            value=value,
            horizon=Decimal(until),
            beyond=None if step is None else step.survival,
            interval=_interval_of_mean(self.curve, Decimal(until), value, level),
            reason=None,
        )


@attrs.frozen(kw_only=True)
class StageTimes:
    """
    How long sales stay in the stages of funnels.

    Attributes:
        stages: The stages in the order of the funnel, or by name where none was given; those of the
            funnel without visits too.
        slices: The same for each value of the dimensions, stage by stage; only what was visited.
        by: Names of the dimensions.
        during: Period in which the stays began; `None` for any.
        as_of: Last day whose facts are seen; `None` where nobody knows it.
        excluded: Visits left out, with reasons.
        lack: Why nothing is known; `None` where something is.
    """

    stages: tuple[StageTime, ...]
    slices: tuple[StageTime, ...]
    by: tuple[str, ...]
    during: Period | None
    as_of: date | None
    excluded: tuple[Exclusion, ...]
    lack: str | None

    def of(self, stage: str, *keys: str | None) -> StageTime:
        """
        Return the times of a stage, by its key; of two with that key the first.

        Args:
            stage: Key of the stage.
            keys: Values of the dimensions; none for all visits.

        Raises:
            UnknownName: There is no such stage, or nobody stayed there in such a slice.
        """
        among = self.slices if keys else self.stages
        known = [one for one in among if one.keys == keys]
        for one in known:
            if one.stage.stage == stage:
                return one
        raise UnknownName("stage", stage, tuple(dict.fromkeys(one.stage.stage for one in known)))


def stage_times(
    facts: AnyFacts,
    *,
    funnel: Funnel | str | None = None,
    during: Period | None = None,
    by: str | Sequence[str] | None = None,
    per_sale: bool = False,
    as_of: date | None = None,
) -> StageTimes:
    """
    Return how long sales stay in each stage.

    Each stay counts by itself, also where a sale comes back; a stay that only a change of the
    funnel's version parts is one.
    A stay without a day of leaving ended when the next one began, or when the sale closed; else it
    runs and counts as far as it was seen.
    Stages that are won, lost or void are none in which sales stay.

    Args:
        facts: The fact tables of a book, or another source.
        funnel: The funnel, or its name; `None` for every one, each by itself.
        during: Period in which the stays began; `None` takes every day.
        by: Dimension or dimensions of slices, such as `rep`.
        per_sale: Whether the stays of one sale in a stage are added up; a lead and the opportunity
            that it became are one sale.
        as_of: Last day whose facts are seen; `None` for the last that the facts tell of.

    Raises:
        UnknownName: There is no such dimension.
        InvalidValue: `during` is no period, `as_of` no day, or `funnel` none.

    Source:
        Kaplan and Meier, Nonparametric estimation from incomplete observations, Journal of the
        American Statistical Association 53 (1958), 457-481.
    """
    check_during(during)
    wanted = Wanted(funnel)
    source = source_at(facts, as_of)
    slicing = Slicing.of(source, _TABLE, by)
    lack, day = lack_of(source, _TABLE), source.last_day
    stays = _Stays(wanted)
    if lack is None and day is not None:
        keys = slicing.keys(*stay_keys(per_sale=per_sale))
        (reduced,) = source.reduce([time_reduction(day, keys, per_sale=per_sale)], during)
        stays.add(reduced, slicing, per_sale=per_sale)
    every = sorted({key for _, key in stays.cells}, key=in_order)
    told = wanted.in_order({*wanted.stages, *(stage for stage, _ in stays.cells)})
    return StageTimes(
        stages=tuple(stays.time(stage, every, day) for stage in told),
        slices=tuple(
            attrs.evolve(stays.time(stage, [key], day), keys=key, labels=slicing.labels(key))
            for stage in told
            for key in every
            if slicing.dimensions and (stage, key) in stays.cells
        ),
        by=slicing.names,
        during=during,
        as_of=day,
        excluded=stays.excluded,
        lack=lack or stays.lack,
    )


class _Stays:
    """How many stays lasted how long, by stage and slice."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self.cells: defaultdict[tuple[VisitedStage, Key], Counter[tuple[int, bool]]]
        self.cells = defaultdict(Counter)
        self._gone: defaultdict[tuple[VisitedStage, Key], Counter[str]] = defaultdict(Counter)
        self._strange = 0
        self._funnels: set[str | None] = set()

    def add(self, reduced: Reduced, slicing: Slicing, *, per_sale: bool) -> None:
        """Add the stays of a reduced table."""
        columns = zip(*reduced.values, *reduced.counts[:2], strict=True)
        for values, row in zip(reduced.keys, columns, strict=True):
            funnel, name, kind = values[:3]
            self._funnels.add(funnel)
            stage = self._wanted.stage(funnel, name, kind)
            ended, running, early, late, dayless, n_ended, n_running = row
            n = n_ended + n_running + int(early + late + dayless)
            if stage is None or not n:
                continue
            if not self._wanted.knows(stage):
                self._strange += n
                continue
            place = stage, slicing.key(reduced.reduction.keys, values)
            if per_sale and values[3] is None:
                self._gone[place][_NOBODYS] += n
                continue
            cell = self.cells[place]
            if not per_sale:
                cell.update((int(days), False) for days in ended)
                cell.update((int(days), True) for days in running)
            elif n_ended or n_running:
                cell[int(ended + running), n_running > 0] += 1
            gone = {_EARLY: early, _LATE: late, _DAYLESS: dayless}
            self._gone[place].update({reason: int(many) for reason, many in gone.items()})

    @property
    def lack(self) -> str | None:
        """Return why nothing is known of the funnel; `None` where some visit may be of it."""
        others = {one for one in self._funnels if one is not None}
        name = self._wanted.name
        if name is None or not others or name in others or None in self._funnels:
            return None
        return f"no stage visit is of the funnel {name}; all are of {', '.join(sorted(others))}"

    def time(self, stage: VisitedStage, keys: Sequence[Key], day: date | None) -> StageTime:
        """Return how long the stays of some slices together last."""
        found: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
        gone: Counter[str] = Counter()
        for key in keys:
            for (days, is_running), n in self.cells.get((stage, key), Counter()).items():
                found[days][is_running] += n
            gone.update(self._gone.get((stage, key), Counter()))
        rows = (
            EventCounts(time=days, counts=(left,), censored=open_)
            for days, (left, open_) in found.items()
        )
        curve = kaplan_meier(EventTable.of([_LEFT], rows))
        running = sum(open_ for _, open_ in found.values())
        return StageTime(
            stage=stage,
            names=self._wanted.words(stage),
            curve=curve,
            n=curve.n,
            running=running,
            excluded=_exclusions(gone),
            as_of=day,
        )

    @property
    def excluded(self) -> tuple[Exclusion, ...]:
        """Return what is left out of all stages together."""
        gone: Counter[str] = Counter({"stage unknown to the funnel": self._strange})
        for one in self._gone.values():
            gone.update(one)
        return _exclusions(gone)


def _exclusions(gone: Counter[str]) -> tuple[Exclusion, ...]:
    return tuple(Exclusion(_TABLE, reason, n) for reason, n in sorted(gone.items()) if n)


def _interval_of_mean(
    curve: SurvivalCurve, horizon: Decimal, value: Decimal, level: Decimal
) -> ConfidenceInterval | None:
    """Return where the area under a curve lies; `None` where nobody left before the horizon."""
    with decimal.localcontext(_WORKING):
        variance = Decimal(0)
        for area, at_risk, events in _areas(curve, horizon):
            if events < at_risk:
                variance += area * area * events / (Decimal(at_risk) * (at_risk - events))
        if not variance:
            return None
        half = normal_quantile((1 + level) / 2) * variance.sqrt()
        low, high = max(value - half, Decimal(0)), min(value + half, horizon)
    return ConfidenceInterval(low=_DIGITS.plus(low), high=_DIGITS.plus(high), level=level)


def _areas(curve: SurvivalCurve, horizon: Decimal) -> Iterator[tuple[Decimal, int, int]]:
    """Yield per time of leaving the area behind it, up to the horizon, and who left of whom."""
    area, end = Decimal(0), horizon
    for step in reversed([one for one in curve.steps if one.time < horizon]):
        area += step.survival * (end - step.time)
        end = step.time
        yield area, step.at_risk, step.events
