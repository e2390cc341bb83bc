"""What comes to a period beside the open pipeline: what is won already, and new business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._distribution import Distribution
from salescore.forecast._pipeline_amounts import POINTS, spread_of
from salescore.forecast._pipeline_chances import twelve
from salescore.forecast._pipeline_facts import (
    created_reduction,
    wins_by_day_reduction,
    won_amounts_reduction,
)
from salescore.forecast._pipeline_snapshot import source_of_day, start_column_of
from salescore.forecast._pipeline_window import Window
from salescore.forecast._pipeline_words import Words
from salescore.forecast._slip import FEWEST, check_fewest
from salescore.forecast._sums import mixture_of
from salescore.metrics import AnyFacts
from salescore.pipeline import Since, WinCurve, win_curves
from salescore.render import counted
from salescore.values import Period, exact_sum, parse_date

_FINENESS = 8


@attrs.frozen(kw_only=True)
class ExtraPart:
    """
    A part of a forecast that no open opportunity stands for.

    Attributes:
        name: What it is, in English and Chinese.
        during: Period that it is for.
        as_of: Last day whose facts are seen.
        amounts: Amounts in the reporting currency, each on its own; `None` where nobody can tell.
        wins: Wins, each on their own; `None` where nobody can tell.
        basis: What it rests on, or why it is unknown, in English and Chinese.
    """

    name: Words
    during: Period
    as_of: date
    amounts: tuple[Distribution, ...] | None
    wins: tuple[Distribution, ...] | None
    basis: Words


_SO_FAR: Words = ("won so far", "已赢单")
_NEW: Words = ("new business", "新增商机")


def won_so_far(facts: AnyFacts, *, as_of: date, during: Period) -> ExtraPart:
    """
    Return what was won in a period already.

    Args:
        facts: The fact tables of a book, or another source.
        as_of: Last day whose facts are seen.
        during: The period, which is not over.

    Returns:
        What is sure: a win whose amount is unknown counts as a win, and is told in the basis.

    Raises:
        InvalidValue: The period is over, or `as_of` is no day.
    """
    Window.of(as_of, during)
    source = source_of_day(facts, as_of)
    (found,) = source.reduce([wins_by_day_reduction()], None)
    amounts: list[Decimal] = []
    wins = priced = 0
    cells = zip(found.keys, found.values[1], *found.counts, strict=True)
    for (day,), amount, n, known in cells:
        if day is not None and parse_date(day) in during:
            amounts.append(amount)
            wins += n
            priced += known
    en, zh = f"{wins:,} won until {as_of}", f"截至{as_of}已赢{wins:,}个"
    if priced < wins:
        en, zh = (
            f"{en}, {wins - priced:,} of unknown amount",
            f"{zh}，其中{wins - priced:,}个金额未知",
        )
    return ExtraPart(
        name=_SO_FAR,
        during=during,
        as_of=as_of,
        amounts=(Distribution.certain(exact_sum(amounts)),),
        wins=(Distribution.certain(Decimal(wins)),),
        basis=(en, zh),
    )


def new_business(
    facts: AnyFacts,
    *,
    as_of: date,
    during: Period,
    days: int = 180,
    since: Since = "created",
    fewest: int = FEWEST,
) -> ExtraPart:
    """
    Return what may be won in a period of opportunities that do not exist yet.

    Opportunities come up at the rate of the last `days`, evenly; one that comes up on a day is won
    until the end of the period with the share that was won by that age. What is won of each day is
    cut into slices of an eighth of a win at most, each on its own, so that their number is nearly
    that of Poisson, its variance at most an eighth less; that the rate itself may change is not
    told.

    Args:
        facts: The fact tables of a book, or another source.
        as_of: Last day whose facts are seen.
        during: The period.
        days: Days that the rate is taken from, from 1; fewer where the facts begin later.
        since: On which day an opportunity came up, see `win_curves`.
        fewest: Opportunities, and wins of known amount, that must be known, from 1.

    Returns:
        A part of the forecast; unknown with a reason where too little is known.

    Raises:
        InvalidValue: The period is over, `as_of` no day, or a number none from 1 on.
    """
    check_fewest(fewest)
    if type(days) is not int or days < 1:
        raise InvalidValue("days", days, "expected a whole number from 1 on")
    window = Window.of(as_of, during)
    source = source_of_day(facts, as_of)
    began = start_column_of(since)
    created, amounts = source.reduce([created_reduction(began), won_amounts_reduction()], None)
    by_day = {
        parse_date(day): n
        for (day,), n in zip(created.keys, created.counts[0], strict=True)
        if day is not None
    }
    seen, many = _rate(by_day, as_of, days)
    curve = win_curves(source, since=since, as_of=as_of).total
    known = [one for values in amounts.values[0] for one in values]
    wins = counted(len(known), "wins")
    if seen < fewest or not curve.curves.steps or len(known) < fewest:
        reason: Words = (
            f"too little is known: {seen:,} came up, {wins} of known amount",
            f"历史不足：新增{seen:,}个，已知金额的赢单{len(known):,}个",
        )
        return ExtraPart(
            name=_NEW, during=during, as_of=as_of, amounts=None, wins=None, basis=reason
        )
    chances = _chances(curve, window, Fraction(seen, many))
    amount = spread_of(known, POINTS)
    one_win = Distribution.certain(Decimal(1))
    return ExtraPart(
        name=_NEW,
        during=during,
        as_of=as_of,
        amounts=_repeated(chances, amount),
        wins=_repeated(chances, one_win),
        basis=(
            f"{seen:,} came up in {counted(many, 'days')}, {wins} of known amount",
            f"{many:,}天内新增{seen:,}个，已知金额的赢单{len(known):,}个",
        ),
    )


def won_with(chance: Decimal | Fraction, amount: Distribution) -> Distribution:
    """Return the distribution of an amount that comes with a chance, and of 0 otherwise."""
    if len(amount.values) == 1:
        return Distribution.either(amount.values[0], chance)
    nothing = Distribution.certain(Decimal(0))
    return mixture_of([(chance, amount), (1 - Fraction(chance), nothing)])


def _repeated(
    chances: Iterable[tuple[Decimal, int]], amount: Distribution
) -> tuple[Distribution, ...]:
    """Return an amount that comes with each chance, as many times as that stands there."""
    found: list[Distribution] = []
    for chance, times in chances:
        found += [won_with(chance, amount)] * times
    return tuple(found)


def _rate(by_day: Mapping[date, int], as_of: date, days: int) -> tuple[int, int]:
    """Return how many came up in the last days, and how many days these are."""
    known = [day for day in by_day if day <= as_of]
    if not known:
        return 0, days
    first = max(as_of - timedelta(days=days - 1), min(known))
    return sum(by_day[day] for day in known if day >= first), (as_of - first).days + 1


def _chances(curve: WinCurve, window: Window, rate: Fraction) -> list[tuple[Decimal, int]]:
    """Return the chances of slices of what comes up until the end of a window, and how many."""
    found: list[tuple[Decimal, int]] = []
    until = {age: _won_by(curve, age) for age in range(window.last)}
    until[-1] = Fraction(0)
    for day in range(1, window.last + 1):  # the day after the last seen is the first
        ages = window.last - day, max(window.first - 1 - day, -1)
        wins = rate * (until[ages[0]] - until[ages[1]])
        # Small chances, so that the wins of a day are nearly Poisson's; every day is cut on its
        # own, so that it brings as much as any other of its age.
        slices = ceil(wins * _FINENESS)
        if slices:
            found.append((twelve(wins / slices), slices))
    return found


def _won_by(curve: WinCurve, age: int) -> Fraction:
    """Return the share won by an age, or by the greatest seen."""
    found = curve.curves.at(age)
    step = curve.curves.steps[-1] if found is None else found
    return Fraction(step.incidences[0])
