"""Stale opportunities: open for longer than what was won, past their close date, or left alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, cast

import attrs

from salescore.errors import InvalidValue
from salescore.funnel import Funnel
from salescore.metrics import AnyFacts, Exclusion, FigureSource
from salescore.pipeline._slicing import Since, lack_of, source_at, start_column, unknown_start
from salescore.pipeline._stale_facts import (
    OpenSale,
    Stay,
    ages_of_won,
    last_activities,
    open_sales,
    running_stays,
    stays_of_won,
)
from salescore.render import Language, number, percent
from salescore.stats import quantile

_ALL = Decimal(1)


class StaleCode(Enum):
    """
    Why an opportunity is stale.

    Attributes:
        PAST_PRECEDENT: It is open for longer than those that were won took.
        LONG_IN_STAGE: It stays in its stage for longer than those that were won stayed there.
        PAST_CLOSE_DATE: The day on which it should close has passed.
        SILENT: There was no activity for long.
    """

    PAST_PRECEDENT = "past_precedent"
    LONG_IN_STAGE = "long_in_stage"
    PAST_CLOSE_DATE = "past_close_date"
    SILENT = "silent"


@attrs.frozen(kw_only=True)
class StaleReason:
    """
    One reason why an opportunity is stale.

    Attributes:
        code: The reason.
        days: How many days it is open, in its stage, past its date, or without an activity.
        limit: Days that are passed; `None` where there is no limit but the date.
        share: Share of those won that took no longer than the limit; `None` where none is asked.
        n: How many that were won the limit is learnt from; `None` where it is not.
        stage: Stage meant; `None` where none is.
        is_untouched: Whether no activity is on record at all.
    """

    code: StaleCode
    days: int
    limit: Decimal | None = None
    share: Decimal | None = None
    n: int | None = None
    stage: str | None = None
    is_untouched: bool = False


@attrs.frozen(kw_only=True)
class StaleOpportunity:
    """
    An open opportunity with the reasons why somebody should look at it.

    Attributes:
        id: Its id.
        name: What to call it; its id where it has no name.
        stage: Stage that it is in; `None` where nobody can tell.
        is_on_hold: Whether it is on hold.
        rep_id: Sales rep in charge; `None` when in nobody's hands.
        customer_id: Customer; `None` when unknown.
        amount: Amount in the reporting currency; `None` when unknown.
        age_days: Days since it was created, or first contacted; `None` when unknown.
        stage_days: Days in its stage; `None` when no visit tells.
        expected_close_on: Day it should close; `None` when nobody stated one.
        last_activity_on: Day of the last activity; `None` when none is on record.
        reasons: The reasons.
    """

    id: str
    name: str
    stage: str | None
    is_on_hold: bool
    rep_id: str | None
    customer_id: str | None
    amount: Decimal | None
    age_days: int | None
    stage_days: int | None
    expected_close_on: date | None
    last_activity_on: date | None
    reasons: tuple[StaleReason, ...]


@attrs.frozen(kw_only=True)
class Precedent:
    """
    How long those that were won took.

    Attributes:
        funnel: Name of the funnel; `None` where visits name none, and for the age.
        stage: The stage; `None` for the age at which they were won.
        limit: Days that the asked share of them took at most; `None` where they are too few.
        n: How many they are.
    """

    funnel: str | None
    stage: str | None
    limit: Decimal | None
    n: int


@attrs.frozen(kw_only=True)
class StaleList:
    """
    The open opportunities that somebody should look at.

    Attributes:
        rows: Those with most reasons first, then the oldest.
        n: Open opportunities looked at.
        precedents: How long those that were won took, in all and in each stage.
        share: Share of those won that the limits stand for.
        silent_days: Days without an activity after which one is silent; `None` where not asked.
        on_hold: Opportunities on hold that were left alone.
        excluded: Opportunities of which something could not be asked, with reasons.
        notes: What could not be asked at all, and why.
        as_of: Last day whose facts are seen; `None` where nobody knows it.
        lack: Why nothing is known; `None` where something is.
    """

    rows: tuple[StaleOpportunity, ...]
    n: int
    precedents: tuple[Precedent, ...]
    share: Decimal
    silent_days: int | None
    on_hold: int
    excluded: tuple[Exclusion, ...]
    notes: tuple[str, ...]
    as_of: date | None
    lack: str | None


def stale_opportunities(
    facts: AnyFacts,
    *,
    share: Decimal = _ALL,
    silent_days: int | None = None,
    fewest_won: int = 5,
    with_hold: bool = False,
    since: Since = "created",
    as_of: date | None = None,
) -> StaleList:
    """
    Return the open opportunities that have no precedent among the won, are overdue, or left alone.

    Args:
        facts: The fact tables of a book, or another source.
        share: Share of those won whose time is the limit; 1 asks for the longest that any took,
            0.9 for what nine of ten stayed within.
        silent_days: Days without an activity after which an opportunity is silent; `None` does not
            ask.
        fewest_won: How many must have been won for a limit; of fewer nothing is learnt.
        with_hold: Whether opportunities on hold are looked at too.
        since: Whether the age counts from creation, from the first contact, or from the creation of
            the lead.
        as_of: Last day whose facts are seen; `None` for the last that the facts tell of.

    Returns:
        The list with its limits, and what could not be asked.

    Raises:
        InvalidValue: The share does not lie above 0 up to 1, a number is none, `as_of` no day, or
            `since` none of the three.

    Examples:
        >>> from salescore.book import Facts, SalesBook
        >>> stale_opportunities(Facts.of(SalesBook())).lack
        'no opportunities are on record'
    """
    _check(share, silent_days, fewest_won)
    began = start_column(since)
    source = source_at(facts, as_of)
    lack, day = lack_of(source, "opportunities"), source.last_day
    if lack is not None or day is None:
        return StaleList(
            rows=(),
            n=0,
            precedents=(),
            share=share,
            silent_days=silent_days,
            on_hold=0,
            excluded=(),
            notes=(),
            as_of=day,
            lack=lack,
        )
    sales = open_sales(source, began)
    asked = [one for one in sales if with_hold or not one.is_on_hold]
    has_activities = source.has_rows("activities", "opportunity_id")

    def limit(funnel: str | None, stage: str | None, ascending: Sequence[Decimal]) -> Precedent:
        n = len(ascending)
        most = quantile(ascending, share) if n >= fewest_won else None
        return Precedent(funnel=funnel, stage=stage, limit=most, n=n)

    search = _Search(
        source=source,
        day=day,
        since=since,
        share=share,
        fewest=fewest_won,
        by_age=limit(None, None, ages_of_won(source, began)),
        by_stage={key: limit(*key, days) for key, days in stays_of_won(source)},
        silent_days=silent_days if has_activities else None,
        touched=last_activities(source, day) if has_activities else {},
        stays=running_stays(source, day),
    )
    rows = [row for row in map(search.row, asked) if row.reasons]
    rows.sort(key=lambda one: (-len(one.reasons), -(one.age_days or 0), one.id))
    return StaleList(
        rows=tuple(rows),
        n=len(asked),
        precedents=search.precedents,
        share=share,
        silent_days=silent_days,
        on_hold=len(sales) - len(asked),
        excluded=search.excluded(asked),
        notes=tuple(search.notes(silent_days)),
        as_of=day,
        lack=None,
    )


def _check(share: Decimal, silent_days: int | None, fewest_won: int) -> None:
    if not (isinstance(cast("object", share), Decimal) and share.is_finite() and 0 < share <= 1):
        raise InvalidValue("share", share, "it must be a Decimal above 0, at most 1")
    for name, days, least in (("silent_days", silent_days, 0), ("fewest_won", fewest_won, 1)):
        if days is not None and (type(cast("object", days)) is not int or days < least):
            raise InvalidValue(name, days, f"it must be a whole number of at least {least}")


@attrs.frozen(kw_only=True)
class _Search:
    """What opportunities are held against."""

    source: FigureSource
    day: date
    since: Since
    share: Decimal
    fewest: int
    silent_days: int | None
    touched: Mapping[str, date]
    stays: Mapping[str, Sequence[Stay]]
    by_age: Precedent
    by_stage: Mapping[tuple[str | None, str], Precedent]

    @property
    def precedents(self) -> tuple[Precedent, ...]:
        """Return the limits: of the age, then of each stage."""
        stages = sorted(self.by_stage.items(), key=lambda one: (one[0][0] or "", one[0][1]))
        return (self.by_age, *(limit for _, limit in stages))

    def row(self, sale: OpenSale) -> StaleOpportunity:
        """Return an opportunity with its reasons, if there are any."""
        age = None if sale.began_on is None else (self.day - sale.began_on).days
        stays = self.stays.get(sale.id, ())
        here = [one for one in stays if one.stage == sale.stage] or stays
        return StaleOpportunity(
            id=sale.id,
            name=self.source.label("opportunities", sale.id),
            stage=sale.stage,
            is_on_hold=sale.is_on_hold,
            rep_id=sale.rep_id,
            customer_id=sale.customer_id,
            amount=sale.amount,
            age_days=age,
            stage_days=max((one.days for one in here), default=None),
            expected_close_on=sale.expected_close_on,
            last_activity_on=self.touched.get(sale.id),
            reasons=tuple(self._reasons(sale, age, stays)),
        )

    def _reasons(
        self, sale: OpenSale, age: int | None, stays: Sequence[Stay]
    ) -> Iterator[StaleReason]:
        limit = self.by_age
        if age is not None and limit.limit is not None and age > limit.limit:
            yield self._beyond(StaleCode.PAST_PRECEDENT, age, limit)
        for stay in stays:
            there = self.by_stage.get((stay.funnel, stay.stage))
            if there is not None and there.limit is not None and stay.days > there.limit:
                yield self._beyond(StaleCode.LONG_IN_STAGE, stay.days, there)
        due = sale.expected_close_on
        if due is not None and due < self.day:
            yield StaleReason(code=StaleCode.PAST_CLOSE_DATE, days=(self.day - due).days)
        if self.silent_days is not None:
            last = self.touched.get(sale.id, sale.began_on)
            silent = None if last is None else (self.day - last).days
            if silent is not None and silent > self.silent_days:
                yield StaleReason(
                    code=StaleCode.SILENT,
                    days=silent,
                    limit=Decimal(self.silent_days),
                    is_untouched=sale.id not in self.touched,
                )

    def _beyond(self, code: StaleCode, days: int, passed: Precedent) -> StaleReason:
        return StaleReason(
            code=code,
            days=days,
            limit=passed.limit,
            share=self.share,
            n=passed.n,
            stage=passed.stage,
        )

    def excluded(self, sales: Sequence[OpenSale]) -> tuple[Exclusion, ...]:
        """Return of how many opportunities something could not be asked, and what."""
        gone = Counter[str]()
        for one in sales:
            gone[f"{unknown_start(self.since)}, so no age"] += one.began_on is None
            gone["no running stay, so no time in the stage"] += bool(
                self.stays and one.id not in self.stays
            )
            gone["expected close unknown"] += one.expected_close_on is None
        return tuple(Exclusion("opportunities", *one) for one in sorted(gone.items()) if one[1])

    def notes(self, silent_days: int | None) -> Iterator[str]:
        """Yield what could not be asked at all."""
        if self.by_age.limit is None:
            yield f"no limit of the age: {self.by_age.n} won, {self.fewest} are needed"
        if not self.by_stage:
            yield "no limit of the time in a stage: no stay of a won opportunity is on record"
        if silent_days is not None and self.silent_days is None:
            yield "who is silent cannot be told: no activity of an opportunity is on record"


_WORDS: Mapping[StaleCode, tuple[str, str]] = {
    StaleCode.PAST_PRECEDENT: (
        "open for {days} days; {who} took {limit} days at most (of {n})",
        "已进行{days}天；{who}用时不超过{limit}天（共{n}个）",
    ),
    StaleCode.LONG_IN_STAGE: (
        "in {stage} for {days} days; {who} stayed there {limit} days at most (of {n} stays)",
        "在{stage}已停留{days}天；{who}在该阶段不超过{limit}天（共{n}次）",
    ),
    StaleCode.PAST_CLOSE_DATE: (
        "should have closed {days} days ago",
        "已超过预计成交日期{days}天",
    ),
    StaleCode.SILENT: ("no activity for {days} days", "已{days}天没有跟进"),
}
_UNTOUCHED = (
    "no activity on record in the {days} days since it came up",
    "商机产生{days}天以来没有跟进记录",
)
_ALL_WON = ("all that were won", "所有赢单商机")
_SOME_WON = ("{percent} of those won", "{percent}的赢单商机")


def stale_words(
    reason: StaleReason, language: Language = Language.EN, *, funnel: Funnel | None = None
) -> str:
    """
    Return why an opportunity is stale, in words.

    Args:
        reason: The reason.
        language: Language of the words.
        funnel: The funnel, for the labels of its stages; `None` shows their keys.

    Examples:
        >>> stale_words(StaleReason(code=StaleCode.PAST_CLOSE_DATE, days=12))
        'should have closed 12 days ago'
    """
    words = language.pick(_UNTOUCHED if reason.is_untouched else _WORDS[reason.code])
    share, limit = reason.share, reason.limit
    known = None if funnel is None or reason.stage is None else funnel.by_key.get(reason.stage)
    stage = ("" if known is None else language.pick(known.labels)) or reason.stage
    told: dict[str, Any] = {"days": f"{reason.days:,}", "stage": stage, "n": reason.n}
    if share is not None:
        who = language.pick(_ALL_WON if share == _ALL else _SOME_WON)
        told["who"] = who.format(percent=percent(share, 0))
    if limit is not None:
        told["limit"] = number(limit, 0 if limit == limit.to_integral_value() else 1)
    return words.format(**told)
