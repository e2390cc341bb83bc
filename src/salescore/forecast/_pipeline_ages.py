"""Chances by age: what became of opportunities that were open as long as these are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._calendar_effect import CalendarEffect
from salescore.forecast._distribution_checks import check_kind
from salescore.forecast._numbers import as_decimal
from salescore.forecast._pipeline_chances import WinChance, WinChances, twelve, unknown
from salescore.forecast._pipeline_snapshot import OpenOpportunity, PipelineSnapshot, source_of_day
from salescore.forecast._pipeline_window import Window
from salescore.forecast._pipeline_words import Words
from salescore.forecast._slip import FEWEST, check_fewest
from salescore.metrics import AnyFacts
from salescore.pipeline import WinCurve, WinPolicy, win_curves
from salescore.render import counted
from salescore.stats import IncidenceStep
from salescore.values import Period

_NO_AGE: Words = ("age unknown", "商机时长未知")


def age_chances(
    snapshot: PipelineSnapshot,
    facts: AnyFacts,
    *,
    during: Period | None = None,
    history: Period | None = None,
    fewest: int = FEWEST,
    policy: WinPolicy = WinPolicy.LAST,
    effect: CalendarEffect | None = None,
) -> WinChances:
    """
    Return the chances to be won within a period of opportunities that have reached their age.

    With the share F(t) of all opportunities won by the age t, and the share S(t) still open then,
    one that is open at the age a is won from the age b to c with (F(c) - F(b - 1)) ÷ S(a). Won,
    lost and void compete, and those that are open count as far as they were seen.
    Each opportunity is compared with its own group, the dimensions of the snapshot, where at least
    `fewest` of that group were seen open beyond its age; else with all, where that many were.
    Where nobody was seen until the end of the period, what was seen counts: the chance is at least
    that.

    Args:
        snapshot: The open opportunities, with the groups in which they are compared.
        facts: The fact tables of a book, or another source; what came later is not seen.
        during: Period in which they are won; `None` for as long as any was seen.
        history: Period in which the opportunities came up that it is learnt from; `None` for any.
        fewest: Opportunities that must have been seen open beyond an age, from 1.
        policy: Which win counts of an opportunity that was opened again; see `win_curves`.
        effect: How much more or less is won per day by the place in the quarter: ages go on by
            average days. `None` takes all days alike; without meaning where no period is named.

    Returns:
        Chances, each with what it rests on; unknown where the age is, or has no precedent.

    Raises:
        InvalidValue: `during` is no period or over, `fewest` no number from 1 on, the effect is
            learnt from days after the snapshot, or the facts are not seen up to it.

    Source:
        As `win_curves`; the conditional chance is that of Aalen and Johansen's transition matrix
        from the age a on.
    """
    check_fewest(fewest)
    check_kind("snapshot", snapshot, PipelineSnapshot, "a snapshot of the pipeline")
    if effect is not None:
        wanted = "a CalendarEffect, such as calendar_effect() gives"
        check_kind("effect", effect, CalendarEffect, wanted)
    window = None if during is None else Window.of(snapshot.as_of, during)
    if effect is not None and effect.as_of > snapshot.as_of:
        fault = f"it is learnt up to {effect.as_of}, after the snapshot of {snapshot.as_of}"
        raise InvalidValue("effect", str(effect.as_of), fault)
    curves = win_curves(
        source_of_day(facts, snapshot.as_of),
        during=history,
        by=snapshot.by or None,
        since=snapshot.since,
        policy=policy,
        as_of=snapshot.as_of,
    )
    read = _Ages(
        all_of_them=_Curve(curves.total),
        groups={one.keys: _Curve(one) for one in curves.slices},
        fewest=fewest,
        spans=None if window is None else _spans(window, effect),
    )
    rows = [read.row(one) for one in snapshot.opportunities]
    groups = ", ".join(snapshot.by)
    ways = (f" by {groups}", f"按{groups}") if groups else ("", "")
    notes = [*read.notes]
    if history is not None:
        notes.append((f"learnt from what came up in {history.key}", f"依据{history.key}新增的商机"))
    if effect is not None and window is not None:
        notes.append(effect.words)
    return WinChances(
        method=(f"historical by age{ways[0]}", f"按商机时长的历史{ways[1]}"),
        as_of=snapshot.as_of,
        during=during,
        rows=rows,
        notes=notes,
    )


def _spans(window: Window, effect: CalendarEffect | None) -> tuple[Fraction, Fraction]:
    """Return how many average days pass until a window begins, and until it ends."""
    if effect is None:
        return Fraction(window.first - 1), Fraction(window.last)
    elapsed = effect.elapsed(window.as_of, window.last)
    return elapsed[window.first - 1], elapsed[window.last]


@attrs.frozen
class _Curve:
    """The win curve of a group, asked for many ages."""

    curve: WinCurve

    @cached_property
    def _left(self) -> tuple[Sequence[int], Sequence[int]]:
        """Return the ages at which some were last seen, and how many are left after each."""
        ages: list[int] = []
        left: list[int] = []
        n = self.curve.n
        for row in self.curve.curves.table.rows:
            n -= row.left
            ages.append(int(row.time))
            left.append(n)
        return ages, left

    def beyond(self, age: int) -> int:
        """Return how many were seen open beyond an age."""
        ages, left = self._left
        place = bisect_right(ages, age)
        return left[place - 1] if place else self.curve.n

    def at(self, time: Decimal) -> IncidenceStep | None:
        """Return the step that holds at a time, or the last one; `None` before any event."""
        steps = self.curve.curves.steps
        place = bisect_right(steps, time, key=lambda one: one.time)
        return steps[place - 1] if place else None

    def share(self, age: int, spans: tuple[Fraction, Fraction] | None) -> Fraction:
        """Return the chance to be won after some days and until others, of one open at an age."""
        now = self.at(Decimal(age))
        open_now = Fraction(1) if now is None else Fraction(now.survival)
        if spans is None:
            first, last = now, self.at(Decimal("Infinity"))
        else:
            first, last = (self.at(_time(age + span)) for span in spans)
        before, then = (
            Fraction(0) if one is None else Fraction(one.incidences[0]) for one in (first, last)
        )
        return (then - before) / open_now

    def is_short_of(self, age: int, spans: tuple[Fraction, Fraction] | None) -> bool:
        """Return whether none was seen as long as asked for, though some were open still."""
        steps, longest = self.curve.curves.steps, self.curve.longest
        if spans is None or longest is None or age + spans[1] <= longest:
            return False
        return not steps or bool(steps[-1].survival)


def _time(age: Fraction) -> Decimal:
    return as_decimal(age)


class _Ages:
    """Reads the chances of opportunities by group and age."""

    def __init__(
        self,
        *,
        all_of_them: _Curve,
        groups: dict[tuple[str | None, ...], _Curve],
        fewest: int,
        spans: tuple[Fraction, Fraction] | None,
    ) -> None:
        self._all = all_of_them
        self._groups = groups
        self._fewest = fewest
        self._spans = spans
        self._short = self._pooled = 0

    def row(self, one: OpenOpportunity) -> WinChance:
        """Return the chance of an opportunity."""
        age = one.age_days
        if age is None or age < 0:
            return unknown(one.id, _NO_AGE)
        own = self._groups.get(one.keys) if one.keys else None
        found = self._all
        if own is not None and own.beyond(age) >= self._fewest:
            found = own
        elif one.keys:
            self._pooled += 1
        n = found.beyond(age)
        if n < self._fewest:
            return unknown(one.id, self._reason)
        self._short += found.is_short_of(age, self._spans)
        return WinChance(
            id=one.id, chance=twelve(found.share(age, self._spans)), basis=_basis(found, n, age)
        )

    @cached_property
    def _reason(self) -> Words:
        lack = self._all.curve.lack
        if lack is not None:
            return f"no history: {lack}", "没有历史记录"
        many = self._fewest
        return (
            f"past precedent: fewer than {many:,} seen open beyond its age",
            f"超出先例：超过其时长仍进行的商机不足{many:,}个",
        )

    @property
    def notes(self) -> list[Words]:
        """Return what the reader should know."""
        found: list[Words] = []
        if self._pooled:
            many = self._pooled
            en = f"compared with all, the group seen too seldom: {many:,}"
            found.append((en, f"{many:,}个商机因所在组先例不足而与全部商机比较"))
        if self._short:
            many = self._short
            en = f"chances that are least ones, none seen until the period ends: {many:,}"
            found.append((en, f"{many:,}个商机的概率为下限：没有先例观察到期末"))
        return found


def _basis(found: _Curve, n: int, age: int) -> Words:
    labels = " · ".join(found.curve.labels)
    of = (f" of {labels}", f"{labels}中") if labels else ("", "")
    en = f"{n:,}{of[0]} seen open beyond {counted(age, 'days')}"
    return en, f"{of[1]}{n:,}个商机超过{age:,}天仍在进行"
