"""Win curves: how likely an opportunity is to be won, by the days since it came up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property

import attrs

from salescore.errors import UnknownName
from salescore.metrics import AnyFacts, Exclusion, Reduced
from salescore.pipeline._chance import LEVEL, Chance, check_level, interval_at_an_end
from salescore.pipeline._curve_reductions import curve_reduction
from salescore.pipeline._cycle import SalesCycle, cycle_of
from salescore.pipeline._slicing import (
    Key,
    Since,
    Slicing,
    check_during,
    in_order,
    lack_of,
    source_at,
    start_column,
    start_words,
    unknown_start,
)
from salescore.pipeline._win_policy import WinPolicy, check_policy
from salescore.stats import EventCounts, EventTable, IncidenceCurves, aalen_johansen
from salescore.values import Period

CAUSES = ("won", "lost", "void")
"""How an opportunity may end."""

_OPEN = ("open", "hold")
_TABLE = "opportunities"


@attrs.frozen(kw_only=True)
class WinShares:
    """
    What became of opportunities by an age; the four shares add up to 1.

    Attributes:
        won: Share won, a fraction to 28 significant digits.
        lost: Share lost.
        void: Share given up without a decision.
        open: Share still open.
    """

    won: Decimal
    lost: Decimal
    void: Decimal
    open: Decimal


@attrs.frozen(kw_only=True)
class WinCurve:
    """
    What becomes of opportunities by their age in days.

    Attributes:
        keys: Values of the dimensions; empty for all opportunities, `None` where they have none.
        labels: What to call them.
        table: How many were won, lost or void, and how many are open, at each age.
        excluded: Opportunities left out, with reasons.
        as_of: Last day whose facts are seen, up to which those still open were followed; `None`
            where nobody knows it.
        lack: Why nothing is known; `None` where something is.
    """

    keys: Key = ()
    labels: tuple[str, ...] = ()
    table: EventTable = attrs.field(repr=False)
    excluded: tuple[Exclusion, ...] = ()
    as_of: date | None = None
    lack: str | None = None

    @cached_property
    def curves(self) -> IncidenceCurves:
        """Return the chances to have been won, lost or void by age, as `stats` estimates them."""
        return aalen_johansen(self.table)

    @property
    def n(self) -> int:
        """Return how many opportunities it is learnt from."""
        return self.table.n

    @cached_property
    def ended(self) -> Mapping[str, int]:
        """Return how many of them were won, lost and void."""
        rows = self.table.rows
        return {cause: sum(row.counts[place] for row in rows) for place, cause in enumerate(CAUSES)}

    @property
    def still_open(self) -> int:
        """Return how many of them are open."""
        return self.n - sum(self.ended.values())

    @property
    def longest(self) -> int | None:
        """Return the greatest age at which one was seen, in days; `None` without any."""
        return None if self.table.until is None else int(self.table.until)

    @cached_property
    def cycle(self) -> SalesCycle:
        """Return how long those that are won take until then."""
        return cycle_of(self.curves, "won", self.as_of, self._emptiness)

    def shares(self, days: int | None = None) -> WinShares | None:
        """
        Return what share is won, lost, void and open at an age.

        Args:
            days: Age in days; `None` for the greatest at which one was seen.

        Returns:
            `None` beyond that age, and without opportunities.

        Raises:
            InvalidValue: The age is no length of time.
        """
        if days is None:
            days = self.longest
        step = None if days is None else self.curves.at(days)
        if step is None:
            return None
        won, lost, void = step.incidences
        return WinShares(won=won, lost=lost, void=void, open=step.survival)

    def won_by(self, days: int, *, level: Decimal = LEVEL) -> Chance:
        """
        Return the chance to be won by an age, of all opportunities.

        Args:
            days: Age in days, that very day included.
            level: Level of confidence.

        Raises:
            InvalidValue: The age is no length of time, or the level is none.
        """
        return self._chance(self.curves, days, level)

    def chance(self, age: int = 0, *, within: int | None = None, level: Decimal = LEVEL) -> Chance:
        """
        Return the chance of an opportunity that is still open at an age to be won.

        Args:
            age: Its age in days; 0 asks for one that has just come up.
            within: Days from that age on in which it is won; `None` for as long as any was seen.
            level: Level of confidence.

        Returns:
            The chance; undefined past any precedent, where none that was open beyond the age is
            known to have ended.

        Raises:
            InvalidValue: An age is no length of time, or the level is none.
        """
        # At age 0 all count, those that ended on their first day too.
        later = self.curves.given(age) if age else self.curves
        if later is None or (age and not later.steps):
            n = 0 if later is None else later.n
            what = "ended" if n else "was seen open"
            reason = self._emptiness or f"past any precedent: none {what} after {age} days"
            return Chance(value=None, n=n, reason=reason, as_of=self.as_of)
        return self._chance(later, None if within is None else age + within, level)

    @property
    def _emptiness(self) -> str | None:
        """Return why there is nothing to learn from."""
        if self.lack is not None or self.n:
            return self.lack
        gone = ", ".join(f"{one.reason} in {one.n:,}" for one in self.excluded)
        return f"no opportunities: {gone}" if gone else "no opportunities"

    def _chance(self, curves: IncidenceCurves, until: int | None, level: Decimal) -> Chance:
        """Return the chance to be won by an age, out of curves that may begin at another."""
        check_level(level)
        n, as_of = curves.n, self.as_of
        if self._emptiness is not None:
            return Chance(value=None, n=n, reason=self._emptiness, as_of=as_of)
        if not curves.steps:
            return Chance(value=None, n=n, reason="none of them has ended", as_of=as_of)
        end = self._longest(curves) if until is None else until
        step = curves.at(end)
        if step is None:
            reason = f"past any precedent: none was seen for as long as {end} days"
            return Chance(value=None, n=n, reason=reason, as_of=as_of)
        value = step.incidences[0]
        interval = curves.interval("won", end, level)
        if interval is None:
            rows = [row for row in curves.table.rows if row.time <= end]
            followed = n - sum(row.censored for row in rows if row.time < end)
            won = sum(row.counts[0] for row in rows)
            interval = interval_at_an_end(value, won, followed, level)
        return Chance(value=value, n=n, undecided=step.survival, interval=interval, as_of=as_of)

    @staticmethod
    def _longest(curves: IncidenceCurves) -> Decimal:
        return curves.steps[-1].time if curves.until is None else curves.until


@attrs.frozen(kw_only=True)
class WinCurves:
    """
    Win curves of all opportunities, and of each slice.

    Attributes:
        since: From which day on the age counts: `created`, `first_contact` or `lead`.
        policy: Which win counts of an opportunity that was opened again.
        during: Period in which that day lies; `None` for any.
        as_of: Last day whose facts are seen; `None` where nobody knows it.
        by: Names of the dimensions of the slices.
        total: The curve of all opportunities.
        slices: The curve of each value of the dimensions, in the order of the values.
    """

    since: Since
    policy: WinPolicy = WinPolicy.LAST
    during: Period | None
    as_of: date | None
    by: tuple[str, ...]
    total: WinCurve
    slices: tuple[WinCurve, ...]

    def of(self, *keys: str | None) -> WinCurve:
        """
        Return the curve of one slice.

        Args:
            keys: Values of the dimensions; none for all opportunities.

        Raises:
            UnknownName: There is no such slice.
        """
        if not keys:
            return self.total
        for one in self.slices:
            if one.keys == keys:
                return one
        known = tuple(" · ".join(map(str, one.keys)) for one in self.slices)
        raise UnknownName("slice", " · ".join(map(str, keys)), known)


def win_curves(
    facts: AnyFacts,
    *,
    during: Period | None = None,
    by: str | Sequence[str] | None = None,
    since: Since = "created",
    policy: WinPolicy = WinPolicy.LAST,
    as_of: date | None = None,
) -> WinCurves:
    """
    Return how likely opportunities are to be won, lost or void by their age.

    An opportunity is followed from the day it came up to the day it closed; one that is open or on
    hold until the last day seen.
    Won, lost and void compete: who is lost cannot be won any more.
    Ties are counted as they are, in any order of the rows.

    Args:
        facts: The fact tables of a book, or another source.
        during: Period in which the day lies from which on the age counts, so that the opportunities
            are one cohort; `None` takes every day.
        by: Dimension or dimensions of slices, such as `rep`; `None` for the total alone.
        since: Whether the age counts from creation, from the first contact, or from the creation of
            the lead that it came from.
        policy: Which win counts of an opportunity that was opened again: the last, which must
            stand, or the first, at which it is done with. An opportunity ends but once here, so
            that each close cannot be asked for.
        as_of: Last day whose facts are seen; `None` for the last that the facts tell of.

    Returns:
        Curves with what was left out: opportunities whose beginning is unknown, that closed before
        they began or on no day on record, whose kind is unknown, or that begin after the last day
        seen.

    Raises:
        UnknownName: There is no such dimension.
        InvalidValue: `during` is no period, `as_of` no day, `since` none of the three, or
            `policy` neither the first win nor the last.

    Examples:
        >>> from salescore.book import Facts, SalesBook
        >>> win_curves(Facts.of(SalesBook())).total.chance().reason
        'no opportunities are on record'

    Source:
        Aalen and Johansen, An empirical transition matrix for non-homogeneous Markov chains based
        on censored observations, Scandinavian Journal of Statistics 5 (1978), 141-150.
    """
    began = start_column(since)
    check_policy(policy)
    check_during(during)
    source = source_at(facts, as_of)
    slicing = Slicing.of(source, _TABLE, by)
    lack, day = lack_of(source, _TABLE), source.last_day
    counts = _Counts(since)
    if lack is None and day is not None:
        asked = curve_reduction(began, day, slicing.keys("kind"), policy)
        (reduced,) = source.reduce([asked], during)
        counts.add(reduced, slicing)
    return WinCurves(
        since=since,
        policy=policy,
        during=during,
        as_of=day,
        by=slicing.names,
        total=_total(counts, day, lack),
        slices=_slices(counts, slicing, day) if slicing.dimensions else (),
    )


class _Counts:
    """How many opportunities reached which age, and how they ended, by slice."""

    def __init__(self, since: Since) -> None:
        self._since: Since = since
        self._rows: defaultdict[Key, Counter[tuple[int, str | None]]] = defaultdict(Counter)
        self._gone: defaultdict[Key, Counter[str]] = defaultdict(Counter)
        self.undated = 0

    @property
    def keys(self) -> list[Key]:
        return sorted({*self._rows, *self._gone}, key=in_order)

    def add(self, reduced: Reduced, slicing: Slicing) -> None:
        """Add the ages of a reduced table."""
        self.undated = sum(reduced.undated)
        for number in range(len(reduced.values)):
            ages, missing = reduced.values[number], reduced.missing[number]
            for values, found, unknown in zip(reduced.keys, ages, missing, strict=True):
                key = slicing.key(reduced.reduction.keys, values)
                kind = "won" if number else values[0]  # the second are those won before
                if found or unknown:
                    self._add(key, kind, Counter(map(int, found)), unknown)

    def _add(self, key: Key, kind: str | None, ages: Counter[int], unknown: int) -> None:
        """Add how many opportunities of one kind have which age."""
        gone = self._gone[key]
        if kind is None:
            gone["stage kind unknown"] += ages.total() + unknown
            return
        before = sum(n for age, n in ages.items() if age < 0)
        if kind in _OPEN:
            gone["it begins after the last day seen"] += before
        else:
            gone[f"closed before {start_words(self._since)}"] += before
            gone["closed on an unknown day"] += unknown
        outcome = None if kind in _OPEN else kind
        rows = self._rows[key]
        for age, n in ages.items():
            if age >= 0:
                rows[age, outcome] += n

    def table(self, keys: Sequence[Key]) -> EventTable:
        """Return the counts of some slices together."""
        found: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for key in keys:
            for (age, outcome), n in self._rows[key].items():
                found[age][3 if outcome is None else CAUSES.index(outcome)] += n
        rows = (
            EventCounts(time=age, counts=row[:3], censored=row[3]) for age, row in found.items()
        )
        return EventTable.of(CAUSES, rows)

    def excluded(self, keys: Sequence[Key], undated: int = 0) -> tuple[Exclusion, ...]:
        """Return what is left out of some slices together."""
        gone: Counter[str] = Counter()
        for key in keys:
            gone.update(self._gone[key])
        gone[unknown_start(self._since)] += undated
        return tuple(Exclusion(_TABLE, reason, n) for reason, n in sorted(gone.items()) if n)


def _total(counts: _Counts, day: date | None, lack: str | None) -> WinCurve:
    keys = counts.keys
    return WinCurve(
        table=counts.table(keys),
        excluded=counts.excluded(keys, counts.undated),
        as_of=day,
        lack=lack,
    )


def _slices(counts: _Counts, slicing: Slicing, day: date | None) -> tuple[WinCurve, ...]:
    return tuple(
        WinCurve(
            keys=key,
            labels=slicing.labels(key),
            table=counts.table([key]),
            excluded=counts.excluded([key]),
            as_of=day,
        )
        for key in counts.keys
    )
