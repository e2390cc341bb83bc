"""How long cases lasted and how they ended, counted: all that survival curves need to know."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeVar, cast

import attrs

from salescore.errors import InvalidValue, UnknownName

Time = int | Decimal

Case = TypeVar("Case")

_ENDLESS = 10**18


def check_time(time: Time) -> None:
    """
    Refuse what is no length of time.

    Raises:
        InvalidValue: It is no int or finite Decimal, below 0, or 10^18 and more.
    """
    kind = type(cast("object", time))
    is_exact = kind is int or (kind is Decimal and Decimal(time).is_finite())
    if not (is_exact and 0 <= time < _ENDLESS):
        raise InvalidValue("time", time, "it must be an int or a Decimal from 0, below 10^18")


def _check_count(thing: str, count: int) -> None:
    if type(cast("object", count)) is not int or count < 0:
        raise InvalidValue(thing, count, "a number of cases is an int of at least 0")


def _as_tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)


@attrs.frozen(kw_only=True)
class EventCounts:
    """
    How many cases ended at one time, and how.

    Attributes:
        time: How long they lasted, from 0, in the unit of the table, such as days.
        counts: How many ended by each cause, in the order of the table's causes.
        censored: How many were last seen at this time, still open.
        entered: How many were seen from this time on only, though they had begun before; what
            ends at this very time does not concern them.
    """

    time: Time
    counts: tuple[int, ...] = attrs.field(converter=_as_tuple)
    censored: int = 0
    entered: int = 0

    def __attrs_post_init__(self) -> None:
        check_time(self.time)
        for count in (*self.counts, self.censored, self.entered):
            _check_count(f"count at time {self.time}", count)

    @property
    def left(self) -> int:
        """Return how many are no longer seen after this time, whatever the reason."""
        return sum(self.counts) + self.censored


@attrs.frozen(kw_only=True)
class EventTable:
    """
    How long cases lasted and how they ended: one row per time, however many cases there are.

    Cases that nobody counts as entered are seen from time 0 on.
    At one time events come first, then those last seen open leave, then late ones enter: who is
    last seen at a time was still there when the others ended.

    Attributes:
        causes: Names of the ways to end, each other than the others.
        rows: The counts, times ascending.
    """

    causes: tuple[str, ...] = attrs.field(converter=_as_tuple)
    rows: tuple[EventCounts, ...] = attrs.field(converter=_as_tuple)

    def __attrs_post_init__(self) -> None:
        if not self.causes or len(set(self.causes)) < len(self.causes):
            raise InvalidValue("causes", self.causes, "at least one, and none twice")
        for row in self.rows:
            if len(row.counts) != len(self.causes):
                fault = f"one for each cause, of which there are {len(self.causes)}"
                raise InvalidValue(f"counts at time {row.time}", row.counts, fault)
        for row, following in pairwise(self.rows):
            if row.time >= following.time:
                fault = "the times of a table ascend; EventTable.of sorts and adds up"
                raise InvalidValue("time", following.time, fault)
        for row, at_risk in self.at_risk():
            if at_risk < row.left:
                fault = f"of these {row.left} only {max(at_risk, 0)} had entered before"
                raise InvalidValue(f"cases that end at time {row.time}", row.left, fault)

    @classmethod
    def of(cls, causes: Sequence[str], rows: Iterable[EventCounts]) -> EventTable:
        """
        Return the table of rows in any order; rows of one time, such as of two teams, add up.

        Args:
            causes: Names of the ways to end.
            rows: The counts.

        Raises:
            InvalidValue: A row has not one count per cause, a cause is named twice, or more end
                than had entered.

        Examples:
            >>> rows = [EventCounts(time=2, counts=(1,)), EventCounts(time=2, counts=(3,))]
            >>> EventTable.of(["won"], rows).rows[0].counts
            (4,)
        """
        together: defaultdict[Time, list[EventCounts]] = defaultdict(list)
        for row in rows:
            together[row.time].append(row)
        merged = [_sum(same) for same in together.values()]
        return cls(causes=tuple(causes), rows=sorted(merged, key=_time))

    @property
    def n(self) -> int:
        """Return how many cases there are."""
        return sum(row.left for row in self.rows)

    @property
    def from_start(self) -> int:
        """Return how many cases were seen from the beginning."""
        return self.n - sum(row.entered for row in self.rows)

    @property
    def until(self) -> Decimal | None:
        """Return the last time at which a case was seen; `None` without cases."""
        seen = (row.time for row in reversed(self.rows) if row.left)
        last = next(seen, None)
        return None if last is None else Decimal(last)

    def at_risk(self) -> Iterator[tuple[EventCounts, int]]:
        """Return each row and how many cases were seen open just before its time."""
        there = self.from_start
        for row in self.rows:
            yield row, there
            there += row.entered - row.left

    def after(self, age: Time) -> EventTable:
        """
        Return the table of those cases alone that were still open after a time.

        Their times still count from their beginning.
        A curve of this table says what becomes of a case that has reached that age.

        Args:
            age: The time, in the unit of the table; what ended at this very time is left out.

        Raises:
            InvalidValue: The age is no length of time.
        """
        check_time(age)
        return EventTable(causes=self.causes, rows=[row for row in self.rows if row.time > age])


def event_table(
    times: Sequence[Time],
    outcomes: Sequence[str | None],
    causes: Sequence[str],
    *,
    numbers: Sequence[int] | None = None,
    entries: Sequence[Time] | None = None,
) -> EventTable:
    """
    Return how many of many cases ended when and how.

    Args:
        times: How long each case lasted or, if it is still open, has been seen; from 0, in days or
            any other unit.
        outcomes: What ended each case, one of the causes; `None` for one still open.
        causes: Names of the ways to end.
        numbers: How many cases each entry stands for, where they are counted already; 1 each if
            left out.
        entries: Time from which on each case was seen, before that at which it ended; 0, from the
            beginning, if left out.

    Raises:
        InvalidValue: A time or number is none, the arguments are not equally long, a cause is named
            twice, or a case was not seen before its end.
        UnknownName: An outcome is none of the causes.

    Examples:
        >>> table = event_table([3, 5, 5], ["won", "lost", None], ["won", "lost"])
        >>> [(row.time, row.counts, row.censored) for row in table.rows]
        [(3, (1, 0), 0), (5, (0, 1), 1)]
    """
    for column in (outcomes, numbers, entries):
        if column is not None and len(column) != len(times):
            fault = f"one per time, of which there are {len(times)}"
            raise InvalidValue("number of values", len(column), fault)
    # What is no plain int is looked at before anything is counted: some of it cannot be.
    if set(map(type, cast("Sequence[object]", times))) - {int}:
        for time in times:
            check_time(time)
    places = {cause: place for place, cause in enumerate(causes)}
    found: defaultdict[Time, list[int]] = defaultdict(lambda: [0] * (len(causes) + 2))
    for (time, outcome), number in _counted(zip(times, outcomes, strict=True), numbers).items():
        found[time][_place(outcome, places)] += number
    for entry, number in _entered(entries or (), times, numbers).items():
        found[entry][-1] += number
    rows = (
        EventCounts(time=time, counts=row[:-2], censored=row[-2], entered=row[-1])
        for time, row in found.items()
    )
    return EventTable(causes=tuple(causes), rows=sorted(rows, key=_time))


def _entered(
    entries: Sequence[Time], times: Sequence[Time], numbers: Sequence[int] | None
) -> Counter[Time]:
    """Return how many entered when, of those that were not seen from the beginning."""
    for entry, time in zip(entries, times, strict=False):
        check_time(entry)
        if entry and entry >= time:
            raise InvalidValue("entry", entry, f"it must lie before the end at {time}")
    found = _counted(entries, numbers if entries else None)
    found.pop(0, None)
    return found


def _counted(cases: Iterable[Case], numbers: Sequence[int] | None) -> Counter[Case]:
    if numbers is None:
        return Counter(cases)
    found: Counter[Case] = Counter()
    for case, number in zip(cases, numbers, strict=True):
        _check_count("number of cases", number)
        found[case] += number
    return found


def _place(outcome: str | None, places: dict[str, int]) -> int:
    """Return where a row counts an outcome: the causes come first, then who is open."""
    if outcome is None:
        return len(places)
    if outcome not in places:
        raise UnknownName("cause", outcome, tuple(places))
    return places[outcome]


def _sum(rows: Sequence[EventCounts]) -> EventCounts:
    if len(rows) == 1:
        return rows[0]
    if len({len(row.counts) for row in rows}) > 1:
        shapes = tuple(row.counts for row in rows)
        raise InvalidValue(f"counts at time {rows[0].time}", shapes, "one for each cause")
    return EventCounts(
        time=rows[0].time,
        counts=map(sum, zip(*(row.counts for row in rows), strict=True)),
        censored=sum(row.censored for row in rows),
        entered=sum(row.entered for row in rows),
    )


def _time(row: EventCounts) -> Time:
    return row.time
