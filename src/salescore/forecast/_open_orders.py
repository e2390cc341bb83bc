"""Revenue from open orders: when what is ordered will be invoiced, by how it went before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs

from salescore.errors import InvalidPeriod, InvalidValue
from salescore.forecast._distribution import Distribution
from salescore.forecast._numbers import as_chance, as_decimal, finite
from salescore.forecast._pipeline_checks import check_day, check_text, each_of
from salescore.forecast._series_text import Words, check_language, number_text
from salescore.forecast._sums import sum_of
from salescore.render import Language
from salescore.stats import IncidenceCurves, aalen_johansen, event_table
from salescore.values import EXACT, Period, exact_sum

_INVOICED, _CANCELLED = "invoiced", "cancelled"
_ZERO = Decimal(0)
_DAY = timedelta(days=1)
_NO_PRECEDENT = (
    "no earlier line was open for so long, so nothing says when it will be invoiced",
    "此前没有订单行开放这么久，无从得知何时开票",
)


@attrs.frozen(kw_only=True)
class OrderedLine:
    """
    A line of an order, open or not: what is open is forecast, the others say how it went before.

    Attributes:
        id: Names it.
        amount: What it brings once invoiced, from 0 on, in one currency for all.
        ordered_on: Day of the order.
        planned_on: Day on which it was to be delivered; `None` where nobody planned one.
        invoiced_on: Day on which it was; `None` while it is open.
        cancelled_on: Day on which it was called off; `None` otherwise.
    """

    id: str
    amount: Decimal
    ordered_on: date
    planned_on: date | None = None
    invoiced_on: date | None = None
    cancelled_on: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what is no id, amount or day, two ends, and an end before the order."""
        check_text("id of a line", self.id)
        days = (self.ordered_on, self.planned_on, self.invoiced_on, self.cancelled_on)
        for place, day in enumerate(days):
            if day is not None or not place:
                check_day(f"day of {self.id}", day)
        if finite(self.amount, f"amount of {self.id}") < 0:
            raise InvalidValue(f"amount of {self.id}", self.amount, "from 0 on")
        if self.invoiced_on is not None and self.cancelled_on is not None:
            both = f"invoiced on {self.invoiced_on} and called off on {self.cancelled_on}"
            raise InvalidValue(f"line {self.id}", both, "it is the one or the other, not both")
        if self.end is not None and self.end < self.ordered_on:
            raise InvalidValue(f"line {self.id}", self.end, "it ended before it was ordered")

    @property
    def end(self) -> date | None:
        """Day on which it was invoiced or called off; `None` while it is open."""
        return self.invoiced_on or self.cancelled_on

    @property
    def begin(self) -> date:
        """Day from which its time counts: the planned one, else that of the order."""
        return self.ordered_on if self.planned_on is None else self.planned_on

    def is_open(self, as_of: date) -> bool:
        """Return whether it was ordered and had not ended by a day."""
        return self.ordered_on <= as_of and (self.end is None or self.end > as_of)


@attrs.frozen(kw_only=True)
class OpenOrderPart:
    """
    What one line may bring in one period.

    Attributes:
        id: Names the line.
        chance: That it is invoiced in the period, from 0 to 1.
        expected: Its amount × the chance.
    """

    id: str
    chance: Decimal
    expected: Decimal


@attrs.frozen(kw_only=True)
class OpenOrderPeriod:
    """
    What open orders may bring in one period.

    Attributes:
        during: The period.
        distribution: What they may bring.
        parts: What the lines may bring.
    """

    during: Period
    distribution: Distribution
    parts: tuple[OpenOrderPart, ...]

    @property
    def expected(self) -> Decimal:
        """Sum of what is expected of the parts, exactly."""
        return exact_sum(one.expected for one in self.parts)


@attrs.frozen(kw_only=True)
class OpenOrderForecast:
    """
    When open orders will be invoiced.

    Attributes:
        as_of: Last day known.
        periods: One per period asked for.
        open_amount: Sum of all open lines.
        later: Expected after the last period, or never, as of lines that are called off.
        excluded: Lines of which nothing is known, with their amounts.
        notes: What a reader has to know, in English and Chinese.
    """

    as_of: date
    periods: tuple[OpenOrderPeriod, ...]
    open_amount: Decimal
    later: Decimal
    excluded: tuple[tuple[str, Decimal], ...]
    notes: tuple[Words, ...]

    def text(self, language: Language = Language.EN) -> str:
        """
        Return the forecast as a person reads it.

        Args:
            language: Language of the words.

        Raises:
            InvalidValue: It is no `Language`.
        """
        check_language(language)
        is_english = language is Language.EN
        whole = number_text(self.open_amount)
        head = (
            f"Open orders of {whole} on {self.as_of}"
            if is_english
            else f"{self.as_of} 未完成订单 {whole}"
        )
        lines = [head]
        for one in self.periods:
            band = one.distribution.band()
            low, high = number_text(band.low), number_text(band.high)
            point = number_text(one.expected)
            lines.append(
                f"{one.during.key}: {point} (80 %: {low} to {high})"
                if is_english
                else f"{one.during.key}：{point}（80 %：{low} 至 {high}）"
            )
        rest = number_text(self.later)
        lines.append(f"later or never: {rest}" if is_english else f"以后或取消：{rest}")
        return "\n".join([*lines, *(en if is_english else zh for en, zh in self.notes)])


def backlog_curves(lines: Iterable[OrderedLine], *, as_of: date) -> IncidenceCurves:
    """
    Return how many lines were invoiced or called off by the days since they began to count.

    Days count from the planned day where there is one, from the order otherwise; what is invoiced
    before its planned day counts as on it. Lines still open count for as long as they were seen.

    Args:
        lines: Lines of one kind: all planned, or none.
        as_of: Last day known; what came after changes nothing.

    Returns:
        The chance to be "invoiced" or "cancelled" by day.

    Source:
        `aalen_johansen`.
    """
    check_day("as_of", as_of)
    times: list[int] = []
    outcomes: list[str | None] = []
    for one in each_of("lines", lines, OrderedLine, "lines of orders"):
        if one.ordered_on > as_of:
            continue
        is_open = one.is_open(as_of)
        end = as_of if is_open or one.end is None else one.end
        if is_open and one.begin > as_of:
            continue
        times.append(max((end - one.begin).days, 0))
        done = _CANCELLED if one.invoiced_on is None else _INVOICED
        outcomes.append(None if is_open else done)
    return aalen_johansen(event_table(times, outcomes, [_INVOICED, _CANCELLED]))


def open_order_forecast(
    lines: Iterable[OrderedLine],
    *,
    as_of: date,
    periods: Iterable[Period],
    correlation: Decimal,
) -> OpenOrderForecast:
    """
    Return what open orders may bring in each of some periods.

    Each open line is invoiced in a period with the chance that earlier lines had, given how long it
    has been open already; lines with a planned day are compared with such lines alone.

    Args:
        lines: Open lines, and those that ended before, which say how it goes.
        as_of: Last day known; what came after changes nothing.
        periods: Adjoining, from the day after the last day known; the rest of a month is a custom
            period.
        correlation: Of the lines, from 0 to 1: a late supplier delays many of them at once.

    Returns:
        A distribution per period. The same line stands in several periods, so that these are not
        independent of each other.

    Raises:
        InvalidPeriod: They do not adjoin, or begin on another day.
        InvalidNumber: The correlation is no finite Decimal.
        InvalidValue: The correlation lies outside 0 to 1, a name stands twice, no period is asked
            for, or something else is handed over than lines, a day and periods.

    Source:
        `backlog_curves`; decision record on open orders.
    """
    check_day("as_of", as_of)
    as_chance(correlation, "correlation")
    asked = each_of("periods", periods, Period, "periods")
    known = each_of("lines", lines, OrderedLine, "lines of orders")
    _check(known, as_of, asked)
    opened = [one for one in known if one.is_open(as_of)]
    chances: list[tuple[OrderedLine, list[Fraction]]] = []
    excluded: list[tuple[str, Decimal]] = []
    for is_planned in (True, False):
        kind = [one for one in known if (one.planned_on is not None) is is_planned]
        curves = backlog_curves(kind, as_of=as_of)
        for one in opened:
            if (one.planned_on is not None) is not is_planned:
                continue
            found = _chances(one, curves, as_of, asked)
            if found is None:
                excluded.append((one.id, one.amount))
            else:
                chances.append((one, found))
    found_periods = tuple(
        _period(during, [(one, row[at], row[at + 1]) for one, row in chances], correlation)
        for at, during in enumerate(asked)
    )
    whole = exact_sum(one.amount for one in opened)
    sure = exact_sum(one.expected for one in found_periods)
    lost = exact_sum(amount for _, amount in excluded)
    notes: tuple[Words, ...] = ()
    if excluded:
        many, total = len(excluded), number_text(lost)
        of = f"{many:,} line of" if many == 1 else f"{many:,} lines of together"
        en, zh = _NO_PRECEDENT
        notes = ((f"left out: {of} {total}: {en}", f"未计入{many:,}行，共{total}：{zh}"),)
    return OpenOrderForecast(
        as_of=as_of,
        periods=found_periods,
        open_amount=whole,
        later=EXACT.subtract(EXACT.subtract(whole, sure), lost),
        excluded=tuple(excluded),
        notes=notes,
    )


def _check(lines: Sequence[OrderedLine], as_of: date, periods: Sequence[Period]) -> None:
    if not periods:
        raise InvalidValue("periods", (), "ask for at least one")
    names = [one.id for one in lines]
    if len(set(names)) < len(names):
        raise InvalidValue("lines", len(names), "a line is named once")
    ends = (as_of + _DAY, *(one.end for one in periods))
    for one, start in zip(periods, ends, strict=False):
        if one.start != start:
            fault = f"periods follow each other from {ends[0]} on, the day after the last known"
            raise InvalidPeriod(one.key, fault)


def _chances(
    line: OrderedLine, curves: IncidenceCurves, as_of: date, periods: Sequence[Period]
) -> list[Fraction] | None:
    """
    Return the chance to be invoiced before the first period and until the end of each.

    `None` where no earlier line was open for so long.
    """
    age = (as_of - line.begin).days
    given = curves if age < 0 else curves.given(age)
    if given is None or not given.n:
        return None
    ends = (as_of, *(one.last_day for one in periods))
    return [_until(given, (day - line.begin).days) for day in ends]


def _until(curves: IncidenceCurves, day: int) -> Fraction:
    """Return the chance to be invoiced until a day; beyond what was seen it grows no more."""
    if day < curves.start:
        return Fraction(0)
    found = curves.incidence(_INVOICED, day)
    if found is None:
        last = curves.until
        found = None if last is None else curves.incidence(_INVOICED, last)
    return Fraction(found or 0)


def _period(
    during: Period,
    several: Sequence[tuple[OrderedLine, Fraction, Fraction]],
    correlation: Decimal,
) -> OpenOrderPeriod:
    """Return what lines may bring in a period, by their chances before it and until its end."""
    parts: list[OpenOrderPart] = []
    each: list[Distribution] = []
    for line, before, until in several:
        if until <= before:
            continue
        # Differences of rounded sums, so that all periods together never exceed the amount.
        ends = (as_decimal(Fraction(line.amount) * one) for one in (until, before))
        chance = until - before
        parts.append(
            OpenOrderPart(id=line.id, chance=as_decimal(chance), expected=EXACT.subtract(*ends))
        )
        each.append(Distribution.either(line.amount, chance))
    whole = sum_of(each, correlation=correlation) if each else Distribution.certain(_ZERO)
    return OpenOrderPeriod(during=during, distribution=whole, parts=tuple(parts))
