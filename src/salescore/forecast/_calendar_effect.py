"""When in a quarter sales are won: the share of each month, or week, of it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cached_property

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._numbers import as_decimal, as_fraction
from salescore.forecast._pipeline_facts import wins_by_day_reduction
from salescore.forecast._pipeline_snapshot import source_of_day
from salescore.forecast._pipeline_words import Words
from salescore.metrics import AnyFacts
from salescore.plain import as_tuple
from salescore.render import counted
from salescore.values import Calendar, CalendarUnit, Period, parse_date

PRIOR = Decimal(60)
"""Wins that an even spread counts as, unless another number is asked for."""

_WEEK = 7


class QuarterPart(Enum):
    """
    Into what a quarter is divided.

    Attributes:
        MONTH: Its months.
        WEEK: Its weeks of seven days from the first day on; the last may be shorter.
    """

    MONTH = "month"
    WEEK = "week"


@attrs.frozen(kw_only=True)
class QuarterPosition:
    """
    One month or week of a quarter.

    Attributes:
        number: Its place in the quarter, from 1.
        wins: Sales won there in whole quarters that are over.
        days: Days there of all those quarters together.
        weight: Wins per day there over wins per day of the whole quarter, shrunk towards 1.
    """

    number: int
    wins: int
    days: int
    weight: Decimal


@attrs.frozen(kw_only=True)
class CalendarEffect:
    """
    How much more or less is won per day by the place of the day in the quarter.

    Attributes:
        part: Months or weeks.
        calendar: Calendar of the quarters.
        positions: The months or weeks of a quarter, in order; empty where no quarter is over.
        prior: Wins that an even spread counted as.
        quarters: Whole quarters that it is learnt from.
        as_of: Last day whose facts are seen.
    """

    part: QuarterPart
    calendar: Calendar
    positions: tuple[QuarterPosition, ...] = attrs.field(converter=as_tuple)
    prior: Decimal
    quarters: int
    as_of: date

    @property
    def wins(self) -> int:
        """Return how many wins it is learnt from."""
        return sum(one.wins for one in self.positions)

    @property
    def words(self) -> Words:
        """Return what it is, in English and Chinese."""
        wins, quarters = counted(self.wins, "wins"), counted(self.quarters, "quarters")
        unit = "月" if self.part is QuarterPart.MONTH else "周"
        en = f"days weighted by {self.part.value} of the quarter, {wins} of {quarters}"
        return en, f"按季度内的{unit}加权，{self.quarters:,}个季度的{self.wins:,}个赢单"

    @cached_property
    def _weights(self) -> dict[int, Fraction]:
        return {one.number: Fraction(one.weight) for one in self.positions}

    def weight(self, day: date) -> Fraction:
        """Return how much is won on a day of this place in its quarter, 1 being the average."""
        quarter = self.calendar.period(day, CalendarUnit.QUARTER)
        return self._weight(_starts(self.calendar, self.part, quarter), day)

    def elapsed(self, after: date, days: int) -> tuple[Fraction, ...]:
        """
        Return how many average days pass within some days.

        Args:
            after: The day before the first.
            days: How many days.

        Returns:
            Average days that pass until each day, 0 first, never falling.
        """
        found = [Fraction(0)]
        quarter: Period | None = None
        starts: Sequence[date] = ()
        for number in range(1, days + 1):
            day = after + timedelta(days=number)
            if quarter is None or day not in quarter:
                quarter = self.calendar.period(day, CalendarUnit.QUARTER)
                starts = _starts(self.calendar, self.part, quarter)
            found.append(found[-1] + self._weight(starts, day))
        return tuple(found)

    def _weight(self, starts: Sequence[date], day: date) -> Fraction:
        return self._weights.get(bisect_right(starts, day), Fraction(1))


def calendar_effect(
    facts: AnyFacts,
    *,
    as_of: date,
    part: QuarterPart = QuarterPart.MONTH,
    prior: Decimal = PRIOR,
) -> CalendarEffect:
    """
    Return how much more or less is won per day in each month or week of the quarter.

    With w wins in d days at a place, and W wins in D days of all, the weight is
    (w + prior × d ÷ D) ÷ (W + prior) over d ÷ D: an even spread counts as much as `prior` wins.
    Only whole quarters count, from the first that begins after the first win on record.

    Args:
        facts: The fact tables of a book, or another source.
        as_of: Last day whose facts are seen.
        part: Whether months or weeks are told apart.
        prior: Wins that an even spread counts as, from 0.

    Returns:
        Weights of mean 1 over the days; none where no whole quarter is over.

    Raises:
        InvalidValue: `as_of` is no day, `part` no part of a quarter, or `prior` below 0.
    """
    if type(part) is not QuarterPart:
        raise InvalidValue("part", part, "it must be a QuarterPart")
    if as_fraction(prior) < 0:
        raise InvalidValue("prior", prior, "it counts wins, from 0")
    source = source_of_day(facts, as_of)
    calendar = source.calendar
    (found,) = source.reduce([wins_by_day_reduction()], None)
    wins = {
        parse_date(day): n
        for (day,), n in zip(found.keys, found.counts[0], strict=True)
        if day is not None and n
    }
    quarters = list(_whole_quarters(calendar, min(wins, default=as_of), as_of))
    counts: Counter[int] = Counter()
    days: Counter[int] = Counter()
    for quarter in quarters:
        starts = _starts(calendar, part, quarter)
        for day in quarter:
            number = bisect_right(starts, day)
            days[number] += 1
            counts[number] += wins.get(day, 0)
    return CalendarEffect(
        part=part,
        calendar=calendar,
        positions=_positions(counts, days, as_fraction(prior)),
        prior=prior,
        quarters=len(quarters),
        as_of=as_of,
    )


def _positions(
    counts: Counter[int], days: Counter[int], prior: Fraction
) -> Iterable[QuarterPosition]:
    wins, all_days = counts.total(), days.total()
    for number in sorted(days):
        even = Fraction(days[number], all_days)
        weight = Fraction(1)
        if wins + prior:
            weight = (counts[number] + prior * even) / (wins + prior) / even
        yield QuarterPosition(
            number=number, wins=counts[number], days=days[number], weight=as_decimal(weight)
        )


def _whole_quarters(calendar: Calendar, first: date, as_of: date) -> Iterable[Period]:
    """Yield the quarters that begin on or after a day and are over on another."""
    quarter = calendar.period(first, CalendarUnit.QUARTER)
    if quarter.start < first:
        quarter = calendar.next(quarter)
    while quarter.last_day <= as_of:
        yield quarter
        quarter = calendar.next(quarter)


def _starts(calendar: Calendar, part: QuarterPart, quarter: Period) -> Sequence[date]:
    """Return the first days of the months or weeks of a quarter."""
    if part is QuarterPart.MONTH:
        return [month.start for month in calendar.periods(quarter, CalendarUnit.MONTH)]
    return [quarter.start + timedelta(days=days) for days in range(0, quarter.days, _WEEK)]
