"""The visits of one opportunity, in order."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import attrs

from salescore.book import SalesBook, SubjectVisits
from salescore.entities import StageKind, StageVisit
from salescore.errors import InvalidValue
from salescore.funnel._stays import entered_at, left_at, stays
from salescore.plain import as_tuple
from salescore.values import Finding, Severity, format_instant

_NO_TIME = timedelta(0)


@attrs.frozen(kw_only=True)
class StageHistory:
    """
    The stages that one opportunity went through.

    Visits tile time: each begins when the one before it ends, and only the last may last.

    Attributes:
        opportunity_id: The opportunity.
        visits: The visits in order.
    """

    opportunity_id: str
    visits: tuple[StageVisit, ...] = attrs.field(default=(), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        for one in self.visits:
            if one.opportunity_id != self.opportunity_id:
                fault = f"it is one of another, {one.opportunity_id}"
                raise InvalidValue(f"visit of {self.opportunity_id}", one.id, fault)
            if _ends_early(one):
                left = one.left_at or one.left_on
                raise InvalidValue(f"end of visit {one.id}", str(left), "it begins later")
        for one, other in pairwise(self.visits):
            gap = _gap(one, other)
            if gap is not None:
                raise InvalidValue(f"visit of {self.opportunity_id} that begins", other.id, gap)

    @property
    def running(self) -> StageVisit | None:
        """Return the visit that lasts; `None` before the first, and where the last has ended."""
        if self.visits and self.visits[-1].left_on is None:
            return self.visits[-1]
        return None

    def came_from(self, stages: Container[str]) -> StageVisit | None:
        """
        Return the last visit of another stage than the present one that is among some.

        Args:
            stages: Keys of the stages, such as those that are open.

        Returns:
            `None` where there was none.
        """
        for one in reversed(self.visits[:-1]):
            if one.stage in stages and one.stage != self.visits[-1].stage:
                return one
        return None

    def followed(self, visits: Sequence[StageVisit]) -> StageHistory:
        """
        Return the history with the running visit as it ended, if it runs, and the one that began.

        Args:
            visits: The running visit with its end, where one runs, and the new one.

        Raises:
            InvalidValue: They do not follow without gap or overlap.
        """
        kept = self.visits if self.running is None else self.visits[:-1]
        return StageHistory(opportunity_id=self.opportunity_id, visits=(*kept, *visits))

    def visit(self, visit_id: str) -> StageVisit | None:
        """Return the visit of an id; `None` where there is none."""
        return next((one for one in reversed(self.visits) if one.id == visit_id), None)

    def at(self, instant: datetime) -> StageVisit | None:
        """Return the visit that lasted at an instant, its beginning inside; `None` without one."""
        begun = sum(one <= instant for one in self._begins())
        if begun == 0:
            return None
        found = self.visits[begun - 1]
        left = left_at(found) if begun == len(self.visits) else None
        return found if left is None or instant < left else None

    def entries(self, stage: str) -> int:
        """Return how often a stage was entered; going on under another version is no entry."""
        return sum(any(one.stage == stage for one in stay.visits) for stay in stays(self.visits))

    def furthest(self, stages: Iterable[str]) -> str | None:
        """
        Return the furthest stage that was entered, wherever the sale is now.

        Args:
            stages: Keys of stages in the order of a sale, such as `Funnel.order`.

        Returns:
            `None` where none of them was.
        """
        entered = {one.stage for one in self.visits}
        return next((one for one in reversed(tuple(stages)) if one in entered), None)

    def _times(self, as_of: datetime) -> Iterator[tuple[StageVisit, timedelta]]:
        """Yield the visits and how long they lasted up to an instant, without gap or overlap."""
        begins = self._begins()
        last = left_at(self.visits[-1]) if self.visits else None
        ends = (*begins[1:], as_of if last is None else last)
        for one, begin, end in zip(self.visits, begins, ends, strict=False):
            yield one, max(min(end, as_of) - begin, _NO_TIME)

    def _begins(self) -> list[datetime]:
        """Return when the visits began; where only a day is known, as the one before ended."""
        found: list[datetime] = []
        ended: datetime | None = None
        for one in self.visits:
            begin = one.entered_at or ended or entered_at(one)
            if one.left_at is not None:  # a day may begin later in UTC than in its own zone
                begin = min(begin, one.left_at)
            found.append(max(begin, found[-1]) if found else begin)
            ended = one.left_at
        return found

    def time_in(self, stage: str, as_of: datetime) -> timedelta:
        """
        Return the time spent in a stage, repeated visits added, the running one up to an instant.

        Args:
            stage: Key of the stage.
            as_of: The instant; what lies after it does not count.
        """
        times = (time for one, time in self._times(as_of) if one.stage == stage)
        return sum(times, _NO_TIME)

    def age(self, as_of: datetime, *, with_hold: bool = True) -> timedelta | None:
        """
        Return the time since the first visit began, up to an instant or the end.

        Time in closed stages does not count: age stands still where a sale is done.

        Args:
            as_of: The instant.
            with_hold: Whether time on hold counts.

        Returns:
            `None` where it had not begun.
        """
        if not self.visits or self._begins()[0] > as_of:
            return None
        kinds = (None, StageKind.OPEN, StageKind.HOLD) if with_hold else (None, StageKind.OPEN)
        return sum((time for one, time in self._times(as_of) if one.kind in kinds), _NO_TIME)


def _ends_early(visit: StageVisit) -> bool:
    """Return whether a visit ends before it begins; days are held against days alone."""
    if visit.left_on is None:
        return visit.left_at is not None
    if visit.left_on < visit.entered_on:
        return True
    if visit.left_at is None or visit.entered_at is None:
        return False
    return visit.left_at < visit.entered_at


def _gap(one: StageVisit, other: StageVisit) -> str | None:
    """Return how a visit does not follow the one before it; `None` where it does."""
    if one.left_on is None:
        return f"the visit before it, {one.id}, has not ended"
    if one.left_on != other.entered_on:
        return f"the visit before it ended on {one.left_on}"
    if one.left_at is not None and other.entered_at is not None:
        if one.left_at != other.entered_at:
            ended = format_instant(one.left_at)
            return f"the visit before it ended at {ended}; visits follow without gap or overlap"
    elif (
        one.entered_at is not None
        and other.entered_at is not None
        and other.entered_at < one.entered_at
    ):
        return f"the visit before it began at {format_instant(one.entered_at)}"
    return None


def histories(book: SalesBook) -> tuple[tuple[StageHistory, ...], tuple[Finding, ...]]:
    """
    Return the histories of all opportunities that have visits, in the order of the book.

    Visits stand in the order in which fact tables read them, whatever that of the book: what no
    time tells apart, for it began and ended at one instant, in the order of the events that moves
    leave behind, else in that of the ids.

    Args:
        book: The facts.

    Returns:
        Histories, and findings `stage-history-broken` where visits do not tile time; such a history
        is left out.
    """
    by_key = _by_sale(book.stage_visits, book)
    found: list[StageHistory] = []
    faults: list[Finding] = []
    for key in sorted_by_book(book, by_key):
        try:
            found.append(StageHistory(opportunity_id=key, visits=by_key[key]))
        except InvalidValue as error:
            message = f"the visits of {key} are no history: {error}"
            subject = f"opportunities/{key}"
            faults.append(
                Finding(
                    code="stage-history-broken",
                    severity=Severity.WARNING,
                    message=message,
                    subject=subject,
                )
            )
    return tuple(found), tuple(faults)


def history_of(book: SalesBook, opportunity_id: str) -> StageHistory:
    """
    Return the history of one opportunity; of many `histories` is faster.

    Args:
        book: The facts.
        opportunity_id: Id of the opportunity; one without visits has an empty history.

    Raises:
        InvalidValue: Its visits do not tile time, which `histories` returns as a finding.

    Examples:
        >>> history_of(SalesBook(), "O1").visits
        ()
    """
    visits = [one for one in book.stage_visits if one.opportunity_id == opportunity_id]
    found = _by_sale(visits, book).get(opportunity_id, ())
    return StageHistory(opportunity_id=opportunity_id, visits=found)


def _by_sale(visits: Sequence[StageVisit], book: SalesBook) -> dict[str, tuple[StageVisit, ...]]:
    """Return visits by opportunity, in order."""
    whose = SubjectVisits.of(visits, events=book.events)
    return {
        key: tuple(visits[place] for place in whose.places(number)) for number, key in whose.sales()
    }


def sorted_by_book(book: SalesBook, keys: Iterable[str]) -> list[str]:
    """Return ids of opportunities in the order of the book, those it does not list last."""
    place = {str(one.id): number for number, one in enumerate(book.opportunities)}
    return sorted(keys, key=lambda key: (place.get(key, len(place)), key))
