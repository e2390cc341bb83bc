"""Conversion by cohort: of the sales that reached a stage, how many came to a later one in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import cast

import attrs

from salescore.errors import InvalidValue
from salescore.funnel import Funnel, StageCount
from salescore.metrics import (
    FRACTION,
    Aggregate,
    AnyFacts,
    Exclusion,
    Figure,
    FigureDefinition,
    FigureSource,
    Measure,
    Part,
    Reduction,
    figure,
    source_of,
)
from salescore.pipeline._passages import Passage, Passages, day_of_facts
from salescore.pipeline._slicing import check_during
from salescore.pipeline._visited import Wanted, is_of_funnel
from salescore.pipeline._win_policy import WinPolicy
from salescore.rules import F
from salescore.stats import ConfidenceInterval
from salescore.values import Period, quotient

_SALES, _VISITS = "opportunities", "stage_visits"


@attrs.frozen(kw_only=True)
class CohortConversion:
    """
    Of the sales that first reached a stage in a period, the share that came to a later one.

    Each sale counts once, however often it came back; those given up stay in.

    Attributes:
        source: Key of the stage reached first.
        target: Key of the later stage.
        days: Horizon: days within which the later stage must be reached, the last one included;
            `None` follows every sale to the last day known.
        figure: The share, a fraction; numerator and denominator are sales.
        given_up: Sales lost, or come to nothing, at the end of the horizon, also where they were
            opened again later.
        open: Sales that were open at its end, or are open now where it is not over.
        running: Those of the open ones whose horizon is not over, so that they may still convert.
        policy: Which win counts of a sale that was opened again.
    """

    source: str
    target: str
    days: int | None
    figure: Figure
    given_up: int
    open: int
    running: int
    policy: WinPolicy = WinPolicy.LAST

    @property
    def value(self) -> Decimal | None:
        """Return the share, from 0 to 1; `None` where it is undefined."""
        return self.figure.value

    @property
    def n(self) -> int:
        """Return how many sales reached the first stage."""
        return self.figure.n

    @property
    def converted(self) -> int:
        """Return how many of them came to the later stage in time."""
        return self.n - self.given_up - self.open

    @property
    def interval(self) -> ConfidenceInterval | None:
        """Return where the true share lies, by Wilson at 95 %; `None` where it is undefined."""
        return self.figure.interval

    @property
    def is_complete(self) -> bool:
        """Return whether nobody can still convert: what is not complete may only grow."""
        return not self.running

    @property
    def open_share(self) -> Decimal | None:
        """Return the share of the open ones; `None` without any sale."""
        return quotient(Decimal(self.open), Decimal(self.n))

    @property
    def running_share(self) -> Decimal | None:
        """Return the share of those who may still convert; `None` without any sale."""
        return quotient(Decimal(self.running), Decimal(self.n))


def cohort_conversion(
    ways: Passages,
    source: str,
    target: str,
    *,
    days: int | None = None,
    during: Period | None = None,
    complete_only: bool = False,
) -> CohortConversion:
    """
    Return how many of the sales that reached a stage came to a later one within a horizon.

    With the n sales that first reached the stage in the period, it is the share of those that
    reached the later one at most so many days after; those given up, and those still open, count
    as not converted.
    From or to a stage in which nobody ever was the share is undefined.

    Args:
        ways: How far the sales came, which `passages` tells, by its policy of wins.
        source: Key of the stage.
        target: Key of a later one.
        days: Days of the horizon, from 0; `None` follows every sale to the last day known.
        during: Period in which the stage was first reached; `None` takes every day.
        complete_only: Whether sales are left out whose horizon is not over; converted or not, as
            leaving out the slow alone would make the share too high.

    Raises:
        UnknownName: No stage that is open or won has this key.
        InvalidValue: The second stage is not later, the horizon is no number of days, or complete
            sales are asked for without a horizon.

    Source:
        Usual definition of the field, by cohort of entry; interval by Wilson (1927).
    """
    first, second = ways.place(source), ways.place(target)
    if first >= second:
        raise InvalidValue("target", target, f"it must come after {source}")
    if days is not None:
        check_days(days)
    check_during(during)
    if complete_only and days is None:
        raise InvalidValue("complete_only", complete_only, "without a horizon none is complete")
    as_of = ways.as_of
    cohort = cohort_of(ways, source, during)
    kept = [one for one in cohort if not _is_before(one, second, first)]
    left_out = [Exclusion(_VISITS, f"reached {target} before {source}", len(cohort) - len(kept))]
    entered = len(kept)
    if complete_only and days is not None and as_of is not None:
        kept = [one for one in kept if _age(one, first, as_of) >= days]
        short = f"followed for less than {days} days"
        left_out.append(Exclusion(_VISITS, short, entered - len(kept)))
    converted = given_up = running = 0
    for one in kept:
        if _has_reached(one, first, second, days):
            converted += 1
        elif _is_given_up(one, first, days):
            given_up += 1
        elif as_of is None or days is None or _age(one, first, as_of) < days:
            running += 1
    n = len(kept)
    reason = ways.lack or (None if n else _emptiness(source, during, days, entered))
    missed = [one for one in (source, target) if one in ways.never]
    if reason is None and missed:
        reason = f"nobody was ever in {missed[0]}; whoever came further left it out"
    return CohortConversion(
        source=source,
        target=target,
        days=days,
        figure=Figure(
            name="cohort_conversion",
            value=None if reason else quotient(Decimal(converted), Decimal(n)),
            unit=FRACTION,
            numerator=Decimal(converted) if n else None,
            denominator=Decimal(n) if n else None,
            n=n,
            is_additive=False,
            reason=reason,
            excluded=(*ways.excluded, *(one for one in left_out if one.n)),
            during=during,
            as_of=as_of,
            is_share=True,
        ),
        given_up=given_up,
        open=n - converted - given_up,
        running=running,
        policy=ways.policy,
    )


def _emptiness(source: str, during: Period | None, days: int | None, entered: int) -> str:
    """Return why a cohort has nobody."""
    if entered:
        return f"none of {entered} sales was followed for {days} days"
    return f"no sale first reached {source}" + ("" if during is None else f" in {during}")


def stage_conversions(
    ways: Passages,
    *,
    days: int | None = None,
    during: Period | None = None,
    complete_only: bool = False,
) -> tuple[CohortConversion, ...]:
    """
    Return the conversion of each stage into the next, in the order of the funnel.

    Args:
        ways: How far the sales came.
        days: Days of the horizon of every step; see `cohort_conversion`.
        during: Period in which each stage was first reached.
        complete_only: Whether sales are left out whose horizon is not over.
    """
    return tuple(
        cohort_conversion(
            ways, source, target, days=days, during=during, complete_only=complete_only
        )
        for source, target in pairwise(ways.stages)
    )


def stage_counts(
    ways: Passages, *, days: int | None = None, during: Period | None = None
) -> tuple[StageCount, ...]:
    """
    Return how many first reached each stage, and how many of them went on, as `funnel_svg` takes.

    Args:
        ways: How far the sales came.
        days: Days within which they must have gone on; see `cohort_conversion`.
        during: Period in which each stage was first reached.

    Returns:
        One count for each stage in the order of the funnel, the last with nobody who went on.
    """
    steps = stage_conversions(ways, days=days, during=during)
    found = [StageCount(one.source, one.n, one.converted) for one in steps]
    last = ways.stages[-1]
    return (*found, StageCount(last, len(cohort_of(ways, last, during))))


def check_days(days: int) -> None:
    """Refuse a horizon that is no whole number of days from 0."""
    if type(cast("object", days)) is not int or days < 0:
        raise InvalidValue("days", days, "a horizon is a whole number of days, from 0")


def cohort_of(ways: Passages, stage: str, during: Period | None) -> list[Passage]:
    """Return the sales that first reached a stage in a period."""
    place = ways.place(stage)
    return [one for one in ways.rows if _is_in(one.reached[place], during)]


def _is_in(day: date | None, during: Period | None) -> bool:
    return day is not None and (during is None or day in during)


def _is_before(one: Passage, second: int, first: int) -> bool:
    """Return whether a sale was at the later stage before, so that it cannot convert any more."""
    start, end = one.reached[first], one.reached[second]
    return start is not None and end is not None and end < start


def _age(one: Passage, first: int, day: date) -> int:
    start = one.reached[first]
    return 0 if start is None else (day - start).days


def _has_reached(one: Passage, first: int, second: int, days: int | None) -> bool:
    end = one.reached[second]
    return end is not None and (days is None or _age(one, first, end) <= days)


def _is_given_up(one: Passage, first: int, days: int | None) -> bool:
    """Return whether a sale is given up at the end of the horizon, whatever came after."""
    if days is None or (one.is_given_up and not _stands_since(one)):
        return one.is_given_up
    return any(
        _age(one, first, begin) <= days and (end is None or days < _age(one, first, end))
        for begin, end in one.given_up
    )


def _stands_since(one: Passage) -> bool:
    """Return whether the day is known since which a sale is given up."""
    return any(end is None for _, end in one.given_up)


def snapshot_ratio(
    facts: AnyFacts,
    source: str,
    target: str,
    *,
    funnel: Funnel | str | None = None,
    as_of: date | None = None,
) -> Figure:
    """
    Return how many opportunities are open in one stage, for each that is open in another.

    It compares two crowds on one day, and is no conversion: where sales stay long in a later stage
    it lies above 1, however few come that far.

    Args:
        facts: The fact tables of a book, or another source.
        source: Stage below the line.
        target: Stage above the line.
        funnel: The funnel, or its name, that the opportunities are in; those whose visits name none
            are taken for its own. May be left out where all those in the two stages are of one.
        as_of: Day of the snapshot; by default as the facts stand.

    Returns:
        The ratio of the two counts; undefined, with the reason, where the first stage is empty.

    Raises:
        InvalidValue: The opportunities are of several funnels and none was named, or `as_of` is no
            day.
    """
    wanted = Wanted(funnel)
    name = wanted.name
    seen = source_of(facts)
    day = day_of_facts(seen, as_of)
    if as_of is not None:
        seen = seen.at(as_of)
    if name is None:
        _check_one_funnel(seen, (source, target))
    definition = FigureDefinition(
        name="snapshot_ratio",
        labels=("Snapshot ratio", "快照比"),
        words="Opportunities open in one stage for each that is open in another.",
        unit="ratio",
        source="Usual definition of the field",
        numerator=[Part(_open_in("open_in_target", wanted.keys_of(target), name))],
        denominator=[Part(_open_in("open_in_source", wanted.keys_of(source), name))],
    )
    return attrs.evolve(figure(definition, seen), as_of=day)


def _check_one_funnel(source: FigureSource, stages: tuple[str, str]) -> None:
    """Refuse opportunities of several funnels in two stages."""
    where = (F.kind == "open") & F.stage.is_in(stages)
    measure = Measure(name="open", table=_SALES, aggregate=Aggregate.COUNT, where=where)
    asked = Reduction(name="funnels", table=_SALES, keys=["funnel"], measures=[measure])
    (reduced,) = source.reduce([asked], None)
    told = zip(reduced.keys, reduced.counts[0], strict=True)
    found = sorted(funnel for (funnel,), n in told if n and funnel is not None)
    if len(found) > 1:
        fault = f"opportunities of several funnels are in {' or '.join(stages)}; name one"
        raise InvalidValue("funnel", tuple(found), fault)


def _open_in(name: str, keys: Sequence[str], funnel: str | None) -> Measure:
    where = (F.kind == "open") & F.stage.is_in(keys)
    return Measure(
        name=name,
        table=_SALES,
        aggregate=Aggregate.COUNT,
        where=where if funnel is None else where & is_of_funnel(funnel),
    )
