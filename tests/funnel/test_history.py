"""Histories tile time, and answer how long and how often."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.funnel.sale import START, begun, deal, done, row, sale, walked

from salescore.book import SalesBook
from salescore.entities import StageKind, StageVisit
from salescore.errors import InvalidValue
from salescore.funnel import Accepted, Migration, StageHistory, histories, history_of, migrate

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST = date(2026, 3, 2)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
EARLY = MIDNIGHT - 6 * HOUR


def visit(stage: str, begin: Any, end: Any = None, **given: Any) -> StageVisit:  # noqa: ANN401 - day or instant
    """Return a visit between two days or instants."""

    def parts(moment: Any) -> tuple[date | None, datetime | None]:  # noqa: ANN401 - as above
        if isinstance(moment, datetime):
            return moment.date(), moment
        return moment, None

    (entered_on, entered_at), (left_on, left_at) = parts(begin), parts(end)
    plain = {
        "id": f"{stage} {begin}",
        "stage": stage,
        "kind": StageKind.HOLD if stage == "hold" else StageKind.OPEN,
        "opportunity_id": "O1",
        "entered_on": entered_on,
        "entered_at": entered_at,
        "left_on": left_on,
        "left_at": left_at,
    }
    return StageVisit(**{**plain, **given})


def history(*visits: StageVisit) -> StageHistory:
    """Return a history of one opportunity."""
    return StageHistory(opportunity_id="O1", visits=visits)


def hours(number: int) -> datetime:
    """Return an instant so many hours after the start."""
    return START + number * HOUR


@pytest.mark.parametrize(
    "visits",
    [
        (visit("a", FIRST, opportunity_id="O2"),),
        (visit("a", FIRST), visit("b", FIRST)),
        (visit("a", FIRST, FIRST), visit("b", FIRST + DAY)),
        (visit("a", FIRST, FIRST + DAY), visit("b", FIRST)),
        (visit("a", hours(0), hours(2)), visit("b", hours(1))),
        (visit("a", hours(0), hours(1)), visit("b", hours(2))),
        (visit("a", hours(3), FIRST), visit("b", hours(2))),
        (visit("a", FIRST, FIRST - DAY),),
        (visit("a", hours(2), hours(1)),),
        (visit("a", hours(2), left_at=hours(3)),),
    ],
)
def test_visits_follow_without_gap_or_overlap(visits: tuple[StageVisit, ...]) -> None:
    """A visit of another, one that runs before the last, a gap, an overlap, an end too early."""
    with pytest.raises(InvalidValue, match=r"visit (a|of O1)"):
        history(*visits)


@pytest.mark.parametrize(
    "visits",
    [
        (),
        (visit("a", FIRST),),
        (visit("a", FIRST, FIRST), visit("b", FIRST, FIRST), visit("c", FIRST)),
        (visit("a", hours(0), hours(0)), visit("b", hours(0), hours(9)), visit("c", hours(9))),
        (visit("a", hours(0), FIRST), visit("b", FIRST, hours(1)), visit("c", hours(1), FIRST)),
        (visit("a", FIRST, EARLY, left_on=FIRST), visit("b", EARLY, entered_on=FIRST)),
    ],
)
def test_days_and_instants_are_held_against_their_own_kind(visits: tuple[StageVisit, ...]) -> None:
    """Where only the day is known no instant contradicts it, in whatever zone it is a day."""
    assert history(*visits).visits == visits


def test_the_running_visit_is_the_last_one_that_has_not_ended() -> None:
    """A history that has ended, or not begun, has none."""
    running = visit("b", hours(1))
    assert history(visit("a", hours(0), hours(1)), running).running is running
    assert history(visit("a", hours(0), hours(1))).running is None
    assert history().running is None


def test_where_a_sale_came_from_is_another_stage_among_those_asked_for() -> None:
    """Holds, closed stages and the present stage itself are passed over."""
    found = walked("propose", "revise", "pause", "pause").history
    here = found.came_from(("lead", "offer"))
    assert here is not None
    assert (here.stage, here) == ("offer", found.visits[2])
    assert found.came_from(("talks", "hold")) is None
    assert walked("propose", "revise").history.came_from(("offer", "lead")) is not None
    assert walked().history.came_from(("lead",)) is None
    assert history().came_from(("lead",)) is None


def test_a_history_grows_by_what_follows() -> None:
    """The running visit gives way to how it ended; what does not follow is refused."""
    short = history(visit("a", hours(0)))
    ended, new = visit("a", hours(0), hours(2)), visit("b", hours(2), hours(3))
    found = short.followed([ended, new])
    assert found.visits == (ended, new)
    assert found.followed([visit("c", hours(3))]).visits[:2] == (ended, new)
    with pytest.raises(InvalidValue):
        short.followed([ended, visit("b", hours(3))])


def test_a_visit_is_found_by_its_id_and_by_an_instant() -> None:
    """The beginning of a visit belongs to it, its end does not."""
    first, second = visit("a", hours(0), hours(2)), visit("b", hours(2), hours(4))
    found = history(first, second)
    assert found.visit(first.id) is first
    assert found.visit("nothing") is None
    assert [found.at(hours(n)) for n in (-1, 0, 1, 2, 3, 4)] == [
        None,
        first,
        first,
        second,
        second,
        None,
    ]
    dated = history(visit("a", FIRST, FIRST + DAY), visit("b", FIRST + DAY, FIRST + 2 * DAY))
    assert [getattr(dated.at(hours(n)), "stage", None) for n in (14, 15, 40)] == ["a", "b", None]


def test_repeated_visits_add_up_to_the_as_of() -> None:
    """The running visit counts up to the instant, what lies after it does not at all."""
    found = history(
        visit("a", hours(0), hours(2)), visit("b", hours(2), hours(5)), visit("a", hours(5))
    )
    times = [found.time_in("a", hours(n)) // HOUR for n in (-1, 0, 1, 2, 4, 6)]
    assert times == [0, 0, 1, 2, 2, 3]
    assert found.entries("a") == 2
    assert found.time_in("c", hours(9)) == timedelta(0)
    assert history().time_in("a", hours(9)) == timedelta(0)


def test_age_stands_still_when_it_is_closed_and_leaves_out_holds_if_asked() -> None:
    """Six hours of which two on hold, then lost, then two more after reopening."""
    found = walked("pause", "resume", "lose", "reopen").history
    assert [found.age(hours(n)) for n in (-1, 0)] == [None, timedelta(0)]
    assert [(found.age(hours(n)) or DAY) // HOUR for n in (1, 2, 3, 4, 5)] == [1, 2, 3, 3, 4]
    assert [(found.age(hours(n), with_hold=False) or DAY) // HOUR for n in (2, 3, 5)] == [1, 2, 3]
    assert history().age(hours(1)) is None
    unsaid = attrs.evolve(found.visits[0], kind=None, left_on=None, left_at=None)
    assert history(unsaid).age(hours(3), with_hold=False) == 3 * HOUR


def test_where_only_the_day_is_known_a_visit_begins_as_the_one_before_ended() -> None:
    """Times of visits with and without instants add up to the whole, none counted twice."""
    found = history(
        visit("a", FIRST, hours(1)), visit("b", FIRST, FIRST + DAY), visit("c", FIRST + DAY)
    )
    as_of = hours(48)
    times = [found.time_in(stage, as_of) for stage in "abc"]
    assert times == [10 * HOUR, 14 * HOUR, as_of - MIDNIGHT - DAY]
    assert sum(times, timedelta(0)) == found.age(as_of) == as_of - MIDNIGHT


def test_a_day_that_begins_later_in_utc_does_not_stretch_a_visit() -> None:
    """A visit of a day that ended in the early morning of Shanghai lasted no negative time."""
    found = history(
        visit("a", FIRST, EARLY, left_on=FIRST),
        visit("b", EARLY, entered_on=FIRST),
    )
    assert found.time_in("a", hours(0)) == timedelta(0)
    assert found.age(hours(0)) == found.time_in("b", hours(0)) == 15 * HOUR


MOMENTS = st.lists(
    st.tuples(st.integers(0, 60), st.booleans(), st.sampled_from("abc")), min_size=1, max_size=7
)


@given(moments=MOMENTS, until=st.integers(0, 90))
def test_times_in_stages_sum_to_the_age(moments: list[tuple[int, bool, str]], until: int) -> None:
    """However instants and bare days mix, times are at least nothing and sum to the age."""
    found = []
    moments.sort(key=lambda one: one[0])
    for number, (hour, is_known, stage) in enumerate(moments):
        begin = hours(hour)
        after = moments[number + 1] if number + 1 < len(moments) else None
        end = None if after is None else hours(after[0])
        one = visit(stage, begin, end, id=str(number))
        if not is_known:
            one = attrs.evolve(one, entered_at=None)
        if after is not None and not after[1]:
            one = attrs.evolve(one, left_at=None)
        found.append(one)
    past, as_of = history(*found), hours(until)
    times = [past.time_in(stage, as_of) for stage in "abc"]
    assert min(times) >= timedelta(0)
    assert sum(times, timedelta(0)) == (past.age(as_of) or timedelta(0))


def test_histories_of_a_book_stand_in_its_order() -> None:
    """Opportunities in the order of the book, those that it does not list last; leads have none."""
    book = SalesBook(
        opportunities=[deal(id="O2"), deal(id="O1"), deal(id="O3")],
        stage_visits=[
            visit("a", FIRST, id="1", opportunity_id="O1"),
            visit("a", FIRST, id="2", opportunity_id="O9"),
            visit("b", FIRST + DAY, id="4", opportunity_id="O2"),
            visit("a", FIRST, FIRST + DAY, id="3", opportunity_id="O2"),
            visit("a", FIRST, id="5", opportunity_id=None, lead_id="L1"),
        ],
    )
    found, faults = histories(book)
    assert [(one.opportunity_id, [each.id for each in one.visits]) for one in found] == [
        ("O2", ["3", "4"]),
        ("O1", ["1"]),
        ("O9", ["2"]),
    ]
    assert faults == ()


def test_one_history_is_read_out_of_a_book() -> None:
    """It is the one of all histories; without visits it is empty, and a broken one is refused."""
    book = SalesBook(
        opportunities=[deal(id="O2"), deal(id="O1")],
        stage_visits=[
            visit("b", FIRST + DAY, id="4", opportunity_id="O2"),
            visit("a", FIRST, FIRST + DAY, id="3", opportunity_id="O2"),
            visit("a", FIRST, id="6", opportunity_id="O3"),
            visit("b", FIRST + DAY, id="7", opportunity_id="O3"),
        ],
    )
    (known,), _ = histories(book)
    assert history_of(book, "O2") == known
    assert history_of(book, "O1") == StageHistory(opportunity_id="O1")
    with pytest.raises(InvalidValue, match="has not ended"):
        history_of(book, "O3")


def test_a_broken_history_is_a_finding() -> None:
    """Two visits that run at once are no history; it is left out, and said."""
    book = SalesBook(
        opportunities=[deal()],
        stage_visits=[visit("a", FIRST, id="1"), visit("b", FIRST + DAY, id="2")],
    )
    found, (fault,) = histories(book)
    assert found == ()
    assert (fault.code, fault.subject) == ("stage-history-broken", "opportunities/O1")


def test_a_history_is_read_from_visits_in_any_order() -> None:
    """Days and instants mixed, visits of no length too: a book need not be sorted."""
    whole = history(
        visit("a", hours(0), hours(0)),
        visit("b", hours(0), hours(1)),
        visit("a", hours(1), FIRST + DAY),
        visit("c", FIRST + DAY, FIRST + DAY),
        visit("b", FIRST + DAY, FIRST + 3 * DAY),
        visit("c", FIRST + 3 * DAY),
    )
    for some in permutations(whole.visits):
        found, faults = histories(SalesBook(opportunities=[deal()], stage_visits=some))
        assert (found, faults) == ((whole,), ())


def test_events_tell_the_order_of_what_happened_at_one_instant() -> None:
    """A store gives visits in the order of their ids; the events of the moves know better."""
    sale_now = begun()
    kept = [*sale_now.events]
    for event in ("propose", "negotiate", "lose"):
        sale_now = done(sale_now, event, hours=0, reason="all at once")
        kept += sale_now.events
    visits = sorted(sale_now.history.visits, key=lambda one: one.id)
    book = SalesBook(opportunities=[sale_now.opportunity], stage_visits=visits, events=kept)
    (found,), faults = histories(book)
    assert (found, faults) == (sale_now.history, ())
    (blind,), _ = histories(attrs.evolve(book, events=()))
    assert [one.stage for one in blind.visits] == ["lead", "talks", "offer", "lost"]


@pytest.mark.parametrize("key", ["O1", "O" * 200])
def test_a_migration_on_hold_is_read_from_visits_in_any_order(key: str) -> None:
    """Also where ids are too long to tell of moves: where to go on stands before the hold."""
    old, new = sale(), sale(version="2")
    onward = Migration(
        funnel=old.name,
        from_version=old.version,
        to_version="2",
        stages=[(one.key, one.key) for one in old.stages],
    )
    held = done(begun(id=key), "pause", hours=0, row=row(id=key))
    context = attrs.evolve(held.context, history=held.history)
    moved = migrate(onward, old, new, held.opportunity, context)
    assert isinstance(moved, Accepted)
    assert len(moved.history.visits) == 4
    events = [*begun(id=key).events, *held.events, *moved.events]
    for some in permutations(moved.history.visits):
        book = SalesBook(opportunities=[moved.opportunity], stage_visits=some, events=events)
        assert histories(book) == ((moved.history,), ())
        assert history_of(book, key) == moved.history


def test_the_furthest_stage_is_that_of_the_order_asked_for() -> None:
    """Wherever the sale is now; what no stage of the order was entered in has none."""
    past = walked("propose", "negotiate", "go back", "lose").history
    assert past.furthest(sale().order) == "talks"
    assert past.furthest(["void"]) is None
    assert history().furthest(["lead"]) is None
