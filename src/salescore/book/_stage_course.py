"""The course of visits: since when and until when each stay lasted, and what followed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import pairwise

from salescore.book._columns import Column, attribute
from salescore.book._stage_subjects import End, Subject
from salescore.book._stays import stay_places
from salescore.book._visit_order import SubjectVisits
from salescore.entities import StageKind, StageVisit

COURSE_COLUMNS = ("since_on", "until_on", "next_stage", "next_kind", "is_first", "outcome")
"""Columns that tell of stays."""

_GIVEN_UP = (StageKind.LOST, StageKind.VOID)
_CLOSED = (StageKind.WON, *_GIVEN_UP)
_TWO = 2


def course_columns(
    visits: Sequence[StageVisit],
    whose: SubjectVisits,
    subjects: Iterable[Subject],
    left_on: Sequence[date | None],
) -> dict[str, Column]:
    """
    Return since when and until when each stay lasted, whether it is the first, and what followed.

    The stage and kind that followed are those of the next stay in the same funnel, else of the end
    of the lead or opportunity. The outcome is a first form: it knows no order of stages, so a step
    back counts as an advance, too.
    The last visit of a stay tells of all of it; the visits before it, which only a change of the
    funnel's version ended, tell nothing.

    Args:
        visits: All stage visits.
        whose: Whose they are.
        subjects: The leads and opportunities by number.
        left_on: Per visit the day it ended; `None` where none is on record.
    """
    course = _Course(visits, whose, left_on)
    for number, subject in enumerate(subjects):
        if number:
            told = course.told(whose.places(number))
            course.follow(told, subject.end)
            course.judge(told, subject.outcome)
    columns = (course.since, course.until, course.stage, course.kind, course.first, course.outcome)
    return dict(zip(COURSE_COLUMNS, columns, strict=True))


class _Course:
    """The columns, filled by lead and opportunity."""

    def __init__(
        self, visits: Sequence[StageVisit], whose: SubjectVisits, left_on: Sequence[date | None]
    ) -> None:
        self._visits, self._whose = visits, whose
        self._entered: Column = attribute(visits, "entered_on")
        self._stages: Column = attribute(visits, "stage")
        self._kinds: Column = attribute(visits, "kind")
        self._funnels: Column = attribute(visits, "funnel")
        self._versions: Column = attribute(visits, "funnel_version")
        self._is_parted = len(set(self._versions) - {None}) > 1
        self._has_funnels = len(set(self._funnels)) > 1
        self._texts: dict[StageKind | None, str] = {kind: kind.value for kind in StageKind}
        self._texts[None] = StageKind.OPEN.value
        nothing: Column = [None] * len(visits)
        self.since: Column = list(self._entered)
        self.until: Column = list(left_on)
        self.stage, self.kind = nothing, list(nothing)
        self.first, self.outcome = list(nothing), list(nothing)

    def told(self, places: Sequence[int]) -> Sequence[int]:
        """Return the last visit of each stay in the order of their beginnings."""
        if not self._is_parted or len({self._versions[place] for place in places} - {None}) < _TWO:
            return places
        found: dict[int, int] = {}
        for track in self._tracks(places):
            for stay in stay_places([self._visits[place] for place in track]):
                found[track[stay[0]]] = track[stay[-1]]
        for place in set(places) - set(found.values()):
            self.since[place] = self.until[place] = None
        for begin, last in found.items():
            self.since[last] = self._entered[begin]
        return [found[place] for place in places if place in found]

    def _tracks(self, places: Sequence[int]) -> Iterable[Sequence[int]]:
        """Return places by funnel, for a sale may go through several side by side."""
        if not self._has_funnels:
            return (places,)
        found: dict[str | None, list[int]] = {}
        for place in places:
            found.setdefault(self._funnels[place], []).append(place)
        return found.values()

    def follow(self, told: Sequence[int], end: End | None) -> None:
        """Say what followed each stay of a lead or an opportunity."""
        for track in self._tracks(told):
            for place, after in pairwise(track):
                self._lead_on(place, after, self.since[after])
            if end is not None:
                self._finish(track[-1], end)

    def _lead_on(self, place: int, after: int, since: date) -> None:
        self.stage[place] = self._stages[after]
        self.kind[place] = self._texts[self._kinds[after]]
        if self.until[place] is None:
            self.until[place] = since

    def _finish(self, place: int, end: End) -> None:
        """Say what followed the last stay in a funnel."""
        after = None if end.goes_on is None else self._head(end.goes_on, self._funnels[place])
        if after is not None:
            self._lead_on(place, *after)
        elif self._ends(end, place):
            self.stage[place], self.kind[place] = end.stage, end.kind.value
            self.until[place] = self.until[place] or end.on

    @cached_property
    def _sales(self) -> Mapping[str | None, int]:
        whose = self._whose
        numbered = enumerate(zip(whose.ids, whose.are_leads, strict=True))
        return {key: number for number, (key, is_lead) in numbered if not is_lead}

    def _head(self, key: str, funnel: str | None) -> tuple[int, date] | None:
        """Return the last visit of an opportunity's first stay in a funnel, and when that began."""
        number = self._sales.get(key)
        places = () if number is None else self._whose.places(number)
        track = [place for place in places if self._funnels[place] == funnel]
        for stay in stay_places([self._visits[place] for place in track]):
            return track[stay[-1]], self._entered[track[stay[0]]]
        return None

    def _ends(self, end: End, place: int) -> bool:
        """Return whether an end is that of a visit; one that began later is of what came after."""
        is_going = self._kinds[place] not in _CLOSED
        return is_going and (end.on is None or end.on >= self._entered[place])

    def judge(self, told: Sequence[int], outcome: str) -> None:
        """Say whether each stay is the first in its stage, and whether it led further."""
        stages: Column = [self._stages[place] for place in told]
        if self._has_funnels:
            stages = [
                (self._funnels[place], stage) for place, stage in zip(told, stages, strict=True)
            ]
        for number, place in enumerate(told):
            self.first[place] = stages.index(stages[number]) == number
        later: Column = []
        for place, stage in zip(reversed(told), reversed(stages), strict=True):
            is_followed = later and (len(later) == _TWO or later[0] != stage)
            self.outcome[place] = "advanced" if is_followed else outcome
            if len(later) < _TWO and self._kinds[place] not in _GIVEN_UP and stage not in later:
                later.append(stage)  # two stages are enough: one of them is another
