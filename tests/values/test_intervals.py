"""Intervals and sets of them obey the laws of sets."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidDate, InvalidRecord
from salescore.testing import instants, interval_sets, intervals
from salescore.values import Interval, Intervals

HOUR = timedelta(hours=1)
MARCH = datetime(2026, 3, 2, tzinfo=UTC)

# Few instants, so that ends often meet.
SETS = st.builds(
    lambda pairs: Intervals.of(
        *(Interval(MARCH + a * HOUR, MARCH + (a + b) * HOUR) for a, b in pairs)
    ),
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6)), max_size=6),
)
BOTH = st.one_of(SETS, interval_sets())


def hours(*pairs: tuple[int, int]) -> Intervals:
    """Return a set of instants by the hours of one day."""
    return Intervals.of(*(Interval(MARCH + a * HOUR, MARCH + b * HOUR) for a, b in pairs))


def test_an_interval_holds_its_start_and_not_its_end() -> None:
    """An interval is half-open."""
    interval = Interval(MARCH, MARCH + HOUR)
    assert interval.contains(MARCH)
    assert not interval.contains(MARCH + HOUR)
    assert not interval.contains(MARCH - HOUR)
    assert interval.length == HOUR
    assert str(interval) == "2026-03-02T00:00:00Z..2026-03-02T01:00:00Z"


def test_ends_are_kept_in_utc() -> None:
    """The same stretch told in two zones is the same interval, and lasts as long."""
    east = timezone(8 * HOUR)
    told = Interval(MARCH.astimezone(east), (MARCH + HOUR).astimezone(east))
    assert told == Interval(MARCH, MARCH + HOUR)
    assert told.start.tzinfo is UTC


@pytest.mark.parametrize("length", [timedelta(0), -HOUR])
def test_an_interval_without_length_is_refused(length: timedelta) -> None:
    """An end that is not after the start names what would be right."""
    with pytest.raises(InvalidRecord, match="after the start, 2026-03-02T00:00:00Z"):
        Interval(MARCH, MARCH + length)


def test_a_naive_end_is_refused() -> None:
    """A time without a zone is no instant."""
    with pytest.raises(InvalidDate, match="names no zone"):
        Interval(MARCH, datetime(2026, 3, 3))  # noqa: DTZ001 - the fault under test
    with pytest.raises(InvalidDate, match="names no zone"):
        hours((1, 2)).contains(datetime(2026, 3, 3))  # noqa: DTZ001 - as above


@pytest.mark.parametrize("second", [(1, 3), (2, 3), (0, 1)])
def test_parts_that_overlap_touch_or_run_back_are_refused(second: tuple[int, int]) -> None:
    """Only `of` joins and sorts; a set given as parts must be normal."""
    one, two = hours((1, 2)).parts[0], hours(second).parts[0]
    with pytest.raises(InvalidRecord, match=r"Intervals\.of joins and sorts"):
        Intervals((one, two))


def test_of_joins_what_overlaps_or_touches() -> None:
    """Parts come out sorted, apart, and as few as can be."""
    assert hours((5, 6), (1, 3), (2, 4), (6, 7), (1, 2)) == hours((1, 4), (5, 7))
    assert len(hours((1, 4), (5, 7))) == 2
    assert not hours()


def test_worked_examples() -> None:
    """Two mornings, with a stretch taken away, shared and added."""
    mornings, meeting = hours((8, 12), (13, 17)), hours((11, 14))
    assert mornings.difference(meeting) == hours((8, 11), (14, 17))
    assert mornings.intersection(meeting) == hours((11, 12), (13, 14))
    assert mornings.union(meeting) == hours((8, 17))
    assert mornings.total == 8 * HOUR
    assert hours((1, 9)).difference(hours((2, 3), (4, 5), (8, 9))) == hours((1, 2), (3, 4), (5, 8))
    assert hours((1, 2), (3, 4)).difference(hours((0, 9))) == hours()


@given(BOTH, BOTH, instants())
def test_membership(one: Intervals, two: Intervals, drawn: datetime) -> None:
    """An instant lies in a union, intersection or difference as logic says, at every end too."""
    ends = [end for part in (*one, *two) for end in (part.start, part.end)]
    for instant in (drawn, *ends):
        left, right = one.contains(instant), two.contains(instant)
        assert one.union(two).contains(instant) == (left or right)
        assert one.intersection(two).contains(instant) == (left and right)
        assert one.difference(two).contains(instant) == (left and not right)


@given(BOTH, BOTH, BOTH)
def test_laws_of_sets(one: Intervals, two: Intervals, three: Intervals) -> None:
    """Union and intersection commute, associate, distribute and absorb; nothing is neutral."""
    assert one.union(two) == two.union(one)
    assert one.intersection(two) == two.intersection(one)
    assert one.union(two).union(three) == one.union(two.union(three))
    assert one.intersection(two).intersection(three) == one.intersection(two.intersection(three))
    shared = one.intersection(two.union(three))
    assert shared == one.intersection(two).union(one.intersection(three))
    assert one.union(one.intersection(two)) == one
    assert one.difference(two.union(three)) == one.difference(two).difference(three)
    assert one.union(Intervals()) == one == one.difference(Intervals())
    assert one.difference(one) == Intervals()


@given(BOTH, BOTH)
def test_lengths_add_up(one: Intervals, two: Intervals) -> None:
    """What both hold counts twice in the parts and once in the whole."""
    both = one.intersection(two)
    assert one.union(two).total + both.total == one.total + two.total
    assert one.difference(two).total + both.total == one.total


@given(st.lists(intervals(), max_size=8))
def test_order_changes_nothing(some: list[Interval]) -> None:
    """A set does not remember the order in which it was told."""
    assert Intervals.of(*reversed(some)) == Intervals.of(*some)
