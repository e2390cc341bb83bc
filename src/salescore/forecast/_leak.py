"""Leak probe: whether a forecast knows what nobody could know on its day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar, cast

import attrs

from salescore.book import Facts
from salescore.errors import InvalidValue
from salescore.forecast._backtest_days import check_callable, check_day
from salescore.forecast._distribution import Distribution
from salescore.forecast._distribution_checks import check_kind
from salescore.forecast._leak_altered import Alteration, Later, last_told, later_records
from salescore.forecast._leak_future import AlteredFuture, facts_of
from salescore.forecast._numbers import as_decimal
from salescore.plain import Kind
from salescore.render import Language
from salescore.values import Period

T = TypeVar("T")
_DAY = timedelta(days=1)


@attrs.frozen(kw_only=True)
class Leak:
    """
    A record that moved a forecast made before it came.

    Attributes:
        alteration: What was done to the later records.
        record: Type and id of the first one that moves the answer, such as
            `opportunities/1C1I7A6R`: earlier ones, those of the same day first, leave it as it is.
        known_on: Day on which it, or what happened to it, became known; `None` where no date tells.
        before: Answer on the facts as they are.
        after: Answer on the facts with all later records altered.
        moved: Mean of the answer afterwards less before; `None` where the answer has no mean.
    """

    alteration: Alteration
    record: str
    known_on: date | None
    before: object = attrs.field(repr=False)
    after: object = attrs.field(repr=False)
    moved: Decimal | None


@attrs.frozen(kw_only=True)
class LeakReport:
    """
    Whether a forecast stayed the same whatever came after its day.

    Attributes:
        day: Last day whose facts it was handed.
        period: Period that it spoke of.
        later: How many records came, or changed, after that day.
        leaks: What moved it, one per way of altering them; empty where nothing did.
        has_answer: Whether the forecast said anything on the day; where it gave `None`, that
            nothing moved it tells nothing.
    """

    day: date
    period: Period
    later: int
    leaks: tuple[Leak, ...]
    has_answer: bool = True

    @property
    def is_clean(self) -> bool | None:
        """
        Whether nothing moved it.

        `None` where nothing can be told: nothing came later, so that nothing was tried, or the
        forecast gave no answer, whatever came.
        """
        if self.leaks:
            return False
        return True if self.later and self.has_answer else None

    def text(self, language: Language = Language.EN) -> str:
        """
        Return what was found as a person reads it.

        Args:
            language: Language of the words.
        """
        said = language.pick
        if not self.later:
            return said(
                (f"Nothing was recorded after {self.day}.", f"{self.day} 之后没有任何记录。")
            )
        if not self.leaks and not self.has_answer:
            english = f"Nothing was tried: the forecast of {self.day} answered None"
            chinese = f"未能检验：{self.day} 的预测没有给出任何结果"
            return said(
                (
                    f"{english}, whatever came later; probe it on a day on which it answers.",
                    f"{chinese}，无论之后有何记录；请选择有结果的一天。",
                )
            )
        if not self.leaks:
            records = "record" if self.later == 1 else "records"
            english = f"Clean: {self.later:,} later {records} changed nothing as of {self.day}."
            return said((english, f"无泄漏：{self.day} 之后的 {self.later:,} 条记录未改变预测。"))
        lines: list[str] = []
        for one in self.leaks:
            by = "" if one.moved is None else f" ({one.moved:+f})"
            known = said(("unknown day", "日期不明")) if one.known_on is None else one.known_on
            english = (
                f"Leak: later records {said(one.alteration.labels)}, the forecast of {self.day} "
                f"moves{by}; first by {one.record} ({known})"
            )
            chinese = (
                f"泄漏：{said(one.alteration.labels)}之后的记录使 {self.day} 的预测改变{by}；"
                f"首先由 {one.record}（{known}）引起"
            )
            lines.append(said((english, chinese)))
        return "\n".join(lines)


def leak_probe(
    forecast: Callable[[Facts, date, Period], object],
    facts: Facts,
    *,
    day: date,
    period: Period,
    overwritten: Collection[str] = (),
) -> LeakReport:
    """
    Return whether a forecast changes with what was recorded after its day.

    The forecast is asked on the facts known on the day; then on those of books that are the same up
    to the day, and in which what came later is removed, changed or doubled (`Alteration`).
    Whoever answers otherwise has looked ahead.
    It finds what is read from the facts that are handed in, their `book` included; what a forecast
    holds from elsewhere, it cannot see.

    Args:
        forecast: What is probed: from facts, day and period to an answer. Answers are compared by
            the distribution that they are or hold as `distribution`, otherwise as they are.
        facts: All facts, with what came after the day.
        day: Day on which the forecast is made.
        period: Period that it speaks of.
        overwritten: Fields of money of an opportunity that this business writes over when it
            closes, such as `amount`: whoever reads them on an earlier day sees the end.

    Returns:
        The first record that moves the answer, by each way in which one does.

    Raises:
        InvalidValue: The day or the period is none, the forecast answers otherwise when asked
            twice, or `overwritten` names anything but money of an opportunity. What the forecast
            raises on the day itself is raised.

    Examples:
        >>> from salescore.book import SalesBook
        >>> june = Period.custom(date(2026, 6, 1), date(2026, 6, 30))
        >>> facts = Facts.of(SalesBook())
        >>> leak_probe(lambda *_: None, facts, day=date(2026, 5, 31), period=june).text()
        'Nothing was recorded after 2026-05-31.'

    Source:
        Kaufman, Rosset, Perlich and Stitelman, Leakage in data mining, ACM Transactions on
        Knowledge Discovery from Data 6 (2012), article 15: what is legitimate is what was known.
    """
    _check(forecast, facts, day, overwritten)
    check_kind("period", period, Period, "a Period, as Calendar().parse() gives")

    def answer(seen: Facts) -> object:
        return _answer(forecast(seen, day, period))

    def attempt(seen: Facts) -> object:
        try:
            return answer(seen)
        except Exception as error:  # noqa: BLE001 - to fail on other facts is another answer
            return f"{type(error).__name__}: {error}"

    def known() -> Facts:
        return facts_of(facts, facts.known.book, day, facts.asked_rates)

    before = answer(known())
    if answer(known()) != before:
        fault = "asked twice on the same facts it answers differently; give it a seed"
        raise InvalidValue("forecast", repr(forecast), fault)
    later = later_records(facts, day, None)
    leaks: list[Leak] = []
    for alteration in Alteration if later else ():
        future = AlteredFuture.of(facts, day, later, alteration, overwritten)

        def moved(records: Sequence[Later], future: AlteredFuture = future) -> bool:
            seen = future.seen(records)
            return seen is not None and attempt(seen) != before

        all_altered = future.seen(later)
        after = before if all_altered is None else attempt(all_altered)
        if after != before:
            known_on, record = _first(facts, day, later, moved)
            leaks.append(
                Leak(
                    alteration=alteration,
                    record="/".join(record.place),
                    known_on=known_on,
                    before=before,
                    after=after,
                    moved=_moved(before, after),
                )
            )
    return LeakReport(
        day=day, period=period, later=len(later), leaks=tuple(leaks), has_answer=before is not None
    )


def _check(forecast: object, facts: object, day: object, overwritten: Collection[str]) -> None:
    """Refuse what cannot be probed."""
    check_callable("forecast", forecast)
    if not isinstance(facts, Facts):
        raise InvalidValue("facts", type(facts).__name__, "it must be Facts; see Facts.of")
    check_day("day", day)
    table = facts.known.book.table("opportunities")
    names = [one.name for one in table.fields if one.kind is Kind.MONEY and not one.is_custom]
    is_several = isinstance(cast("object", overwritten), Collection)
    if isinstance(overwritten, str) or not is_several or not set(overwritten) <= set(names):
        fault = f"name several of these fields of an opportunity: {', '.join(names)}"
        raise InvalidValue("overwritten", overwritten, fault)


def _answer(found: object) -> object:
    held = getattr(found, "distribution", None)
    return held if isinstance(held, Distribution) else found


def _moved(before: object, after: object) -> Decimal | None:
    ends = [
        one.exact_mean if isinstance(one, Distribution) else one
        for one in (before, after)
        if isinstance(one, Distribution | Decimal)
    ]
    return as_decimal(Fraction(ends[1]) - Fraction(ends[0])) if len(ends) > 1 else None


def _first(
    facts: Facts,
    day: date,
    later: Sequence[Later],
    moved: Callable[[Sequence[Later]], bool],
) -> tuple[date | None, Later]:
    """Return the first record that moves the answer, and the day on which it came."""
    last = last_told(facts)
    earlier: Sequence[Later] = ()
    known_on = None
    if last is not None and last > day:
        span = (last - day).days
        days = _least(span, lambda n: moved(later_records(facts, day, day + n * _DAY)))
        if days is not None:
            known_on = day + days * _DAY
            later = later_records(facts, day, known_on)
        before = span if days is None else days - 1
        earlier = later_records(facts, day, day + before * _DAY) if before else ()
    seen = set(earlier)
    new = [one for one in later if one not in seen]
    count = _least(len(new), lambda n: moved([*earlier, *new[:n]]))
    return known_on, new[(count or len(new)) - 1]


def _least(most: int, is_so: Callable[[int], bool]) -> int | None:
    """Return a number from 1 on at which something begins to be so; `None` if not even at most."""
    if not most or not is_so(most):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        if is_so(middle):
            high = middle
        else:
            low = middle
    return high
