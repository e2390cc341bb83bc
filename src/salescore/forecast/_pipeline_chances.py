"""Chances of open opportunities: stated, or the same overall win rate for all."""

from __future__ import annotations

import decimal
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction

import attrs

from salescore.errors import InvalidValue, UnknownName
from salescore.forecast._distribution_checks import check_kind
from salescore.forecast._pipeline_checks import check_chance
from salescore.forecast._pipeline_snapshot import (
    ChanceSource,
    OpenOpportunity,
    PipelineSnapshot,
    source_of_day,
)
from salescore.forecast._pipeline_window import Window
from salescore.forecast._pipeline_words import LeftOut, Words, left_out
from salescore.forecast._slip import SlipHistory
from salescore.metrics import AnyFacts, figure, find_figure
from salescore.pipeline import PastDue
from salescore.plain import as_tuple
from salescore.values import Period

_TWELVE = decimal.Context(prec=12, rounding=decimal.ROUND_HALF_EVEN)


def twelve(value: Fraction) -> Decimal:
    """Return a chance to 12 significant digits, never outside 0 to 1."""
    exact = min(max(value, Fraction(0)), Fraction(1))
    return _TWELVE.divide(Decimal(exact.numerator), Decimal(exact.denominator))


class Standing(Enum):
    """
    How an opportunity stands in a forecast.

    Attributes:
        COUNTS: It counts with its chance.
        UNKNOWN: Nobody can tell its chance.
        OUTSIDE: It belongs to another period, or is left out by policy.
    """

    COUNTS = "counts"
    UNKNOWN = "unknown"
    OUTSIDE = "outside"


@attrs.frozen(kw_only=True)
class WinChance:
    """
    How likely an open opportunity is to be won, within a period or in the end.

    Attributes:
        id: The opportunity.
        chance: From 0 to 1; `None` where it does not count.
        basis: What the chance rests on, or why there is none, in English and Chinese.
        standing: Whether it counts.
    """

    id: str
    chance: Decimal | None
    basis: Words
    standing: Standing = Standing.COUNTS

    def __attrs_post_init__(self) -> None:
        if (self.chance is None) is (self.standing is Standing.COUNTS):
            fault = "an opportunity that counts has a chance, and no other"
            raise InvalidValue(f"chance of {self.id}", self.chance, fault)
        if self.chance is not None:
            check_chance(f"chance of {self.id}", self.chance)


def unknown(key: str, reason: Words) -> WinChance:
    """Return that nobody can tell a chance, and why."""
    return WinChance(id=key, chance=None, basis=reason, standing=Standing.UNKNOWN)


def outside(key: str, reason: Words) -> WinChance:
    """Return that an opportunity does not belong to the forecast, and why."""
    return WinChance(id=key, chance=None, basis=reason, standing=Standing.OUTSIDE)


@attrs.frozen(kw_only=True)
class WinChances:
    """
    The chances of all open opportunities by one method.

    Attributes:
        method: The method with its parameters, in English and Chinese.
        as_of: Last day whose facts are seen.
        during: Period within which opportunities are won; `None` for in the end.
        rows: The chances, one per opportunity of the snapshot, by id.
        notes: What the reader should know, in English and Chinese.
    """

    method: Words
    as_of: date
    during: Period | None
    rows: tuple[WinChance, ...] = attrs.field(converter=as_tuple)
    notes: tuple[Words, ...] = attrs.field(default=(), converter=as_tuple)

    def of(self, key: str) -> WinChance:
        """
        Return the chance of an opportunity by its id.

        Raises:
            UnknownName: There is none of this id.
        """
        for one in self.rows:
            if one.id == key:
                return one
        raise UnknownName("open opportunity", key, tuple(one.id for one in self.rows))

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Return the opportunities without a chance, by reason."""
        return left_out((one.id, one.basis) for one in self.rows if one.chance is None)


_SOURCES: dict[ChanceSource, Words] = {
    ChanceSource.PINNED: ("chance set by hand", "手工锁定的概率"),
    ChanceSource.STATED: ("chance on record", "记录上的概率"),
    ChanceSource.STAGE: ("default of the stage", "阶段默认概率"),
}
_NO_CHANCE: Words = ("chance unknown", "赢单概率未知")
_NO_DAY: Words = ("expected close unknown", "预计成交日期未知")
_ELSEWHERE: Words = ("expected to close in another period", "预计在其他期间成交")
_PAST: Words = ("past its expected close", "已过预计成交日期")
_TOO_LATE: Words = (
    "past its expected close by more than any win on record",
    "超过预计成交日期的天数多于任何赢单记录",
)
_POLICIES: dict[PastDue, Words] = {
    PastDue.EXCLUDE: ("past due left out", "过期不计"),
    PastDue.ROLL_FORWARD: ("past due counts today", "过期计入当日"),
    PastDue.KEEP: ("past due counts on its day", "过期按原日期"),
}


def stated_chances(
    snapshot: PipelineSnapshot,
    *,
    during: Period | None = None,
    past_due: PastDue = PastDue.KEEP,
    slips: SlipHistory | None = None,
) -> WinChances:
    """
    Return the stated chances of those opportunities that are expected to close in a period.

    This is the stage-weighted pipeline: set by hand, on record, or the default of the stage.
    An opportunity counts in the period of its expected day of closing, and in no other, unless
    `slips` say how often such days are missed: then the chance is multiplied by the share of wins
    that came as many days after their expected day as fall into the period.

    Args:
        snapshot: The open opportunities.
        during: Period in which they are expected to close; `None` takes all, whatever their day.
        past_due: What becomes of those whose day has passed, as in `weighted_pipeline`; without
            meaning where `slips` are given, for these say how late wins come.
        slips: How many days after the first expected day wins came; `None` takes days at their
            word.

    Returns:
        Chances whose sum, times the amounts, is the weighted pipeline where no `slips` are given.

    Raises:
        InvalidValue: `during` is no period or over, `past_due` none of the three, or `slips` tell
            of days after the snapshot or are without a period.

    Source:
        Usual definition of the field.
    """
    check_kind("snapshot", snapshot, PipelineSnapshot, "a snapshot of the pipeline")
    if type(past_due) is not PastDue:
        raise InvalidValue("past_due", past_due, "it must be a PastDue")
    window = None if during is None else Window.of(snapshot.as_of, during)
    read = _Stated(snapshot, during, past_due)
    if slips is None:
        rows: Iterable[WinChance] = map(read.row, snapshot.opportunities)
        policy = _POLICIES[past_due]
    else:
        if window is None:
            raise InvalidValue("slips", "given", "they move days between periods; name `during`")
        check_kind("slips", slips, SlipHistory, "a SlipHistory, such as slip_history() gives")
        slips.check(snapshot.as_of)
        rows = [read.slipped(one, slips, window) for one in snapshot.opportunities]
        policy = slips.words
    return WinChances(
        method=(f"stage-weighted, {policy[0]}", f"阶段加权，{policy[1]}"),
        as_of=snapshot.as_of,
        during=during,
        rows=rows,
    )


@attrs.frozen
class _Stated:
    """Reads stated chances."""

    snapshot: PipelineSnapshot
    during: Period | None
    past_due: PastDue

    def row(self, one: OpenOpportunity) -> WinChance:
        """Return the chance of an opportunity in the period of its expected day."""
        day, today = one.expected_close_on, self.snapshot.as_of
        if day is not None and day < today:
            if self.past_due is PastDue.EXCLUDE:
                return outside(one.id, _PAST)
            if self.past_due is PastDue.ROLL_FORWARD:
                day = today
        if self.during is not None:
            if day is None:
                return unknown(one.id, _NO_DAY)
            if day not in self.during:
                return outside(one.id, _ELSEWHERE)
        return self._stated(one)

    def slipped(self, one: OpenOpportunity, slips: SlipHistory, window: Window) -> WinChance:
        """Return the chance of an opportunity whose expected day may slip."""
        if one.expected_close_on is None:
            return unknown(one.id, _NO_DAY)
        found = self._stated(one)
        if found.chance is None:
            return found
        if not slips.n:
            return unknown(one.id, slips.reason or slips.words)
        share = slips.share((one.expected_close_on - self.snapshot.as_of).days, window)
        if share is None:
            return unknown(one.id, _TOO_LATE)
        part = f"{float(share):.0%}"
        return attrs.evolve(
            found,
            chance=twelve(Fraction(found.chance) * share),
            basis=(
                f"{found.basis[0]}, {part} of wins fall into the period",
                f"{found.basis[1]}，{part}的赢单落在期间内",
            ),
        )

    def _stated(self, one: OpenOpportunity) -> WinChance:
        if one.chance is None:
            return unknown(one.id, _NO_CHANCE)
        source = one.chance_source or ChanceSource.STATED
        return WinChance(id=one.id, chance=one.chance, basis=_SOURCES[source])


def overall_chances(
    snapshot: PipelineSnapshot,
    facts: AnyFacts,
    *,
    rate: str = "win_rate",
    during: Period | None = None,
) -> WinChances:
    """
    Return one and the same chance for all open opportunities: the win rate of those that closed.

    This is what others do, "open × win rate", and a baseline to be beaten.
    It says nothing about when: a period is noted, but does not make the chance smaller. Sales that
    are won fast are overcounted among those that closed, stale ones among those that are open.

    Args:
        snapshot: The open opportunities.
        facts: The fact tables of a book, or another source; what came later is not seen.
        rate: Name of the figure in the catalogue, `win_rate` of won and lost or `win_rate_broad`
            with what came to nothing.
        during: Period that the forecast is for; `None` for in the end.

    Raises:
        InvalidValue: The period is none or over, the figure no share of rows, or the facts are not
            seen up to the snapshot.
        UnknownName: The catalogue has no such figure.
    """
    check_kind("snapshot", snapshot, PipelineSnapshot, "a snapshot of the pipeline")
    if during is not None:
        Window.of(snapshot.as_of, during)
    found = figure(rate, source_of_day(facts, snapshot.as_of))
    if not found.is_share:
        raise InvalidValue("rate", rate, "it must be the share of wins, such as win_rate")
    value, label = found.exact, find_figure(rate).labels[1]
    if value is None:
        reason: Words = (f"no win rate: {found.reason}", f"没有{label}：无历史")
        rows = [unknown(one.id, reason) for one in snapshot.opportunities]
    else:
        basis: Words = (f"{rate} of {found.n:,} closed", f"{found.n:,}个已关闭商机的{label}")
        chance = twelve(value)
        rows = [WinChance(id=one.id, chance=chance, basis=basis) for one in snapshot.opportunities]
    return WinChances(
        method=(f"open × {rate}", f"进行中 × {label}"),
        as_of=snapshot.as_of,
        during=during,
        rows=rows,
    )
