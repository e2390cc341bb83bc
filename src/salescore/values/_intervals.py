"""Intervals: stretches of real time, and sets of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import attrs

from salescore.errors import InvalidRecord
from salescore.values._dates import check_instant, format_instant

_NONE = timedelta(0)


@attrs.frozen
class Interval:
    """
    A stretch of real time, from its start up to but without its end.

    Attributes:
        start: First instant; an aware datetime of any zone, kept in UTC.
        end: The instant at which it is over, after the start; kept in UTC.
    """

    start: datetime = attrs.field(converter=check_instant)
    end: datetime = attrs.field(converter=check_instant)

    def __attrs_post_init__(self) -> None:
        """Refuse a stretch without length."""
        if self.start >= self.end:
            fault = f"it must be after the start, {format_instant(self.start)}"
            raise InvalidRecord("Interval", "end", format_instant(self.end), fault)

    @property
    def length(self) -> timedelta:
        """How long it lasts, in elapsed time."""
        return self.end - self.start

    def contains(self, instant: datetime) -> bool:
        """
        Return whether an instant lies in the interval.

        Args:
            instant: An aware datetime.

        Returns:
            `True` from the start on, `False` at the end and beyond.

        Raises:
            InvalidDate: If the datetime is naive.
        """
        return self.start <= check_instant(instant) < self.end

    def __str__(self) -> str:
        """Return start and end in UTC."""
        return f"{format_instant(self.start)}..{format_instant(self.end)}"


@attrs.frozen
class Intervals:
    """
    A set of instants, as the fewest intervals that cover it.

    Two sets that hold the same instants are equal. Make one with `of`.

    Attributes:
        parts: Intervals in order of time that neither overlap nor touch.
    """

    parts: tuple[Interval, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse parts out of order, or that overlap or touch."""
        for before, after in pairwise(self.parts):
            if before.end >= after.start:
                fault = f"it must begin after {before} is over; Intervals.of joins and sorts"
                raise InvalidRecord("Intervals", "parts", str(after), fault)

    @classmethod
    def of(cls, *intervals: Interval) -> Intervals:
        """
        Return the instants that any of some intervals holds.

        Args:
            intervals: In any order; they may overlap.

        Returns:
            Their union; what overlaps or touches is joined.

        Examples:
            >>> from datetime import UTC
            >>> at = lambda hour: datetime(2026, 3, 2, hour, tzinfo=UTC)
            >>> len(Intervals.of(Interval(at(9), at(12)), Interval(at(12), at(15))))
            1
        """
        return cls(_joined(intervals))

    def union(self, other: Intervals) -> Intervals:
        """
        Return the instants in this set, in the other, or in both.

        Args:
            other: Another set.

        Returns:
            The union.
        """
        return Intervals(_joined((*self.parts, *other.parts)))

    def intersection(self, other: Intervals) -> Intervals:
        """
        Return the instants in both sets.

        Args:
            other: Another set.

        Returns:
            The intersection, perhaps empty.
        """
        found: list[Interval] = []
        left, right = 0, 0
        while left < len(self.parts) and right < len(other.parts):
            one, two = self.parts[left], other.parts[right]
            start, end = max(one.start, two.start), min(one.end, two.end)
            if start < end:
                found.append(Interval(start, end))
            if one.end <= two.end:
                left += 1
            else:
                right += 1
        return Intervals(tuple(found))

    def difference(self, other: Intervals) -> Intervals:
        """
        Return the instants in this set that the other does not hold.

        Args:
            other: The set to take away.

        Returns:
            The difference, perhaps empty.
        """
        found: list[Interval] = []
        place = 0
        for part in self.parts:
            start = part.start
            while place < len(other.parts) and other.parts[place].end <= start:
                place += 1
            here = place
            while here < len(other.parts) and other.parts[here].start < part.end:
                if start < other.parts[here].start:
                    found.append(Interval(start, other.parts[here].start))
                start = other.parts[here].end
                here += 1
            if start < part.end:
                found.append(Interval(start, part.end))
        return Intervals(tuple(found))

    @property
    def total(self) -> timedelta:
        """How long all parts last together, in elapsed time."""
        return sum((part.length for part in self.parts), _NONE)

    def contains(self, instant: datetime) -> bool:
        """
        Return whether an instant lies in the set.

        Args:
            instant: An aware datetime.

        Returns:
            `True` from the start of a part on, `False` at its end.

        Raises:
            InvalidDate: If the datetime is naive.
        """
        return any(part.contains(instant) for part in self.parts)

    def __iter__(self) -> Iterator[Interval]:
        """Yield the parts in order of time."""
        return iter(self.parts)

    def __len__(self) -> int:
        """Return the number of parts; a set without any is false."""
        return len(self.parts)


def _joined(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the fewest intervals that cover all given ones."""
    found: list[Interval] = []
    for one in sorted(intervals, key=lambda one: one.start):
        if found and one.start <= found[-1].end:
            if one.end > found[-1].end:
                found[-1] = Interval(found[-1].start, one.end)
        else:
            found.append(one)
    return tuple(found)
