"""The order of visits: one for all who read them, in whatever order a book keeps its records."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from itertools import accumulate, groupby, pairwise
from typing import Any

import attrs

from salescore.book._columns import Column, attribute
from salescore.entities import Event, StageVisit
from salescore.values import day_of

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_NUMBER = re.compile("([0-9]+)")

_Places = Callable[[], Mapping[str, tuple[datetime, int]]]
_EventPlace = tuple[bool, datetime, int, bool]


@attrs.frozen(eq=False)
class SubjectVisits:
    """
    The visits of each lead and opportunity, in order.

    They are in the order of the days of entering.
    Of one day they are in the order of the instants of entering if each has one, else those that
    ended first go before those that last.
    Those that began and ended at one instant are in the order of the events that moves leave
    behind, else in that of their ids; the order of the visits in the book never matters.
    They stand in few long lists: a short one for each would take longer to keep than to make.

    Attributes:
        numbers: Per visit whose it is; 0 for nobody.
        ids: Id of each lead and opportunity by its number; `None` for nobody.
        are_leads: Whether each is a lead.
        order: Places of the visits by whose they are, in the order of entering.
        starts: Where those of each begin in that order, and where the last end.
    """

    numbers: Sequence[int]
    ids: Sequence[str | None]
    are_leads: Sequence[bool]
    order: Sequence[int]
    starts: Sequence[int]

    @classmethod
    def of(
        cls, visits: Sequence[StageVisit], *, events: Sequence[Event] = (), zone: str = "UTC"
    ) -> SubjectVisits:
        """
        Return the visits of each.

        Args:
            visits: The visits.
            events: What happened, in the order in which it did; of moves that visits began by it
                tells what no time tells.
            zone: Time zone in which an instant of leaving falls on a day where no day is stated.
        """
        ids: list[str | None] = [None]
        are_leads = [False]
        sales: dict[str, int] = {}
        leads: dict[str, int] = {}
        numbers: list[int] = []
        for sale, lead in zip(
            attribute(visits, "opportunity_id"), attribute(visits, "lead_id"), strict=True
        ):
            key = lead if sale is None else sale
            if key is None:
                numbers.append(0)
                continue
            known = leads if sale is None else sales
            number = known.get(key)
            if number is None:
                number = known[key] = len(ids)
                ids.append(key)
                are_leads.append(sale is None)
            numbers.append(number)
        order = sorted(range(len(visits)), key=numbers.__getitem__)
        counts = Counter(numbers)
        starts = list(accumulate(map(counts.__getitem__, range(len(ids))), initial=0))
        entered = attribute(visits, "entered_on")
        tied = {
            numbers[one]
            for one, other in pairwise(order)
            if numbers[one] == numbers[other] and entered[one] >= entered[other]
        }

        @cache
        def places() -> Mapping[str, tuple[datetime, int]]:
            return {one.id: (one.happened_at, place) for place, one in enumerate(events)}

        instants = attribute(visits, "entered_at") if tied else []
        for number in tied - {0}:
            span = slice(starts[number], starts[number + 1])
            begun = {(entered[place], instants[place]): place for place in order[span]}
            # Instants tell most visits apart, and cost less than all that may.
            if len(begun) == len(order[span]) and all(instant for _, instant in begun):
                order[span] = [begun[key] for key in sorted(begun)]
            else:
                order[span] = _in_order(order[span], visits, zone, places)
        return cls(numbers, ids, are_leads, order, starts)

    def __len__(self) -> int:
        """Return the number of leads and opportunities, nobody counted in."""
        return len(self.ids)

    def sales(self) -> Iterator[tuple[int, str]]:
        """Yield the number and id of each opportunity."""
        for number, (key, is_lead) in enumerate(zip(self.ids, self.are_leads, strict=True)):
            if key is not None and not is_lead:
                yield number, key

    def places(self, number: int) -> Sequence[int]:
        """Return the places of the visits of one by its number, in the order of entering."""
        return self.order[self.starts[number] : self.starts[number + 1]]

    def spread(self, values: Sequence[object]) -> Column:
        """Return for each visit what its lead or opportunity has."""
        return list(map(values.__getitem__, self.numbers))


def left_day(visit: StageVisit, zone: str) -> date | None:
    """
    Return the day a visit ended; `None` where none is on record.

    Args:
        visit: The visit.
        zone: Time zone in which an instant falls on a day where no day is stated.
    """
    if visit.left_on is None and visit.left_at is not None:
        return day_of(visit.left_at, zone)
    return visit.left_on


def _in_order(
    places: Sequence[int], visits: Sequence[StageVisit], zone: str, events: _Places
) -> list[int]:
    """Return the places of the visits of one lead or opportunity in the order of entering."""
    found: list[int] = []
    those = sorted(places, key=lambda place: visits[place].entered_on)
    for _, same in groupby(those, key=lambda place: visits[place].entered_on):
        day = list(same)
        if len(day) > 1:
            day = _of_one_day(day, visits, zone, events)
        found += day
    return found


def _of_one_day(
    places: Sequence[int], visits: Sequence[StageVisit], zone: str, events: _Places
) -> list[int]:
    """Return the places of visits entered on one day in their order."""
    has_instants = all(visits[place].entered_at is not None for place in places)
    keys: dict[int, tuple[Any, ...]] = {}
    for place in places:
        one = visits[place]
        entered = one.entered_at or _LONG_AGO
        left = left_day(one, zone)
        end = (left is None, left or one.entered_on)
        keys[place] = (entered, *end) if has_instants else (*end, entered)
        keys[place] += (one.left_at or entered,)
    if len(set(keys.values())) < len(places):
        those = [visits[place] for place in places]
        for place in places:
            named = _by_name(visits[place].id)
            keys[place] += (_event_place(visits[place], those, events()), named)
    return sorted(places, key=keys.__getitem__)


def _event_place(
    visit: StageVisit, those: Sequence[StageVisit], places: Mapping[str, tuple[datetime, int]]
) -> _EventPlace:
    """Return the place of the first event of the move that a visit began by; the last for none."""
    found = places.get(f"{visit.id}#1")
    if found is not None:
        return False, *found, True
    # What only says where to go on has no event; it goes before the visit of its migration, which
    # is the first under that version then.
    version = (visit.entered_at, visit.funnel, visit.funnel_version)
    begun = [
        places[f"{one.id}#1"]
        for one in those
        if visit.funnel_version is not None
        and (one.entered_at, one.funnel, one.funnel_version) == version
        and f"{one.id}#1" in places
    ]
    return (False, *min(begun), False) if begun else (True, _LONG_AGO, 0, False)


def _by_name(name: str) -> tuple[str | int, ...]:
    """Return what puts ids in order, their numbers as such: V9 goes before V10."""
    return tuple(int(part) if place % 2 else part for place, part in enumerate(_NUMBER.split(name)))
