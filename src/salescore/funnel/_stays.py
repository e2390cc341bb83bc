"""Stays: visits of a history, those joined that a migration alone parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import attrs

from salescore.book import stay_places
from salescore.entities import StageVisit


def entered_at(visit: StageVisit) -> datetime:
    """Return the instant a visit began: that on record, else the beginning of its day in UTC."""
    return visit.entered_at or datetime.combine(visit.entered_on, datetime.min.time(), UTC)


def left_at(visit: StageVisit) -> datetime | None:
    """Return the instant a visit ended, likewise; `None` while it lasts."""
    if visit.left_at is not None or visit.left_on is None:
        return visit.left_at
    return datetime.combine(visit.left_on, datetime.min.time(), UTC)


@attrs.frozen
class Stay:
    """
    The time in one stage, whatever versions of the funnel it was under.

    Attributes:
        visits: The visits; each but the first goes on under another version.
    """

    visits: tuple[StageVisit, ...]

    @property
    def last(self) -> StageVisit:
        """Return the last visit, which says the stage."""
        return self.visits[-1]

    @property
    def begin(self) -> datetime:
        """Return the instant it began; a day may begin later in UTC than in its own zone."""
        begin, end = entered_at(self.visits[0]), self.end
        return begin if end is None else min(begin, end)

    @property
    def end(self) -> datetime | None:
        """Return the instant it ended; `None` while it lasts."""
        return left_at(self.visits[-1])


def stays(visits: Sequence[StageVisit]) -> Iterator[Stay]:
    """Yield the stays of visits in order."""
    for places in stay_places(visits):
        yield Stay(tuple(visits[place] for place in places))
