"""Laws of the past: what was recorded by an instant, and what held on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

from salescore.errors import InvalidDate, InvalidValue
from salescore.rules import F
from salescore.storage import NOW, Moment, Query, Store, Unit
from salescore.testing._store_queries import walked
from salescore.testing._store_samples import START, at, customer, day, event, names, unit
from salescore.testing._store_trial import Check, Trial, refused, same


def _needs(store: Store, moment: Moment, name: str = "a") -> str | None:
    kept = store.read("customers", name, moment)
    return None if kept is None else str(kept.record.needs)


def the_clock_never_runs_backwards(trial: Trial) -> str:
    """A unit recorded before the last one counts as recorded with it."""
    store = trial.store()
    answers = [
        store.commit(unit(minutes, customer("a", needs=str(minutes))).append([event(f"e{turn}")]))
        for turn, minutes in enumerate((10, 5, 10, 3, 12, 0))
    ]
    expected = [at(10), at(10), at(10), at(10), at(12), at(12)]
    same([one.recorded_at for one in answers], expected, "instants answered")
    same([one.recorded_at for one in store.versions("customers", "a")], expected, "of versions")
    same([one.recorded_at for one in store.events()], expected, "of events")
    store.load([customer("late"), event("late")], recorded_at=at(1))
    kept = store.read("customers", "late")
    same(None if kept is None else kept.recorded_at, at(12), "the instant of a late load")
    same(_needs(store, Moment(recorded=at(11))), "3", "what had been recorded by the 11th minute")
    return "6 units, 3 of them late"


def the_past_shows_what_was_recorded(trial: Trial) -> str:
    """Read as of an instant, a store shows what had been recorded by then, to the microsecond."""
    store = trial.store()
    store.commit(unit(10, customer("a", needs="first")))
    store.commit(unit(20, customer("a", needs="second"), customer("b")))
    store.commit(Unit(recorded_at=at(30)).remove("customers", "a"))
    store.commit(unit(40, customer("a", needs="third")))
    tick = timedelta(microseconds=1)
    cases = (
        (at(0), None),
        (at(10) - tick, None),
        (at(10), "first"),
        (at(20) - tick, "first"),
        (at(20), "second"),
        (at(30) - tick, "second"),
        (at(30), None),
        (at(40), "third"),
        (at(9999), "third"),
    )
    for instant, expected in cases:
        same(_needs(store, Moment(recorded=instant)), expected, f"a as of {instant}")
    found = [names(_found(store, minute)) for minute in (9, 10, 20, 30, 40)]
    same(found, [[], ["a"], ["a", "b"], ["b"], ["a", "b"]], "who is found as of each instant")
    zoned = at(20).astimezone(timezone(timedelta(hours=8)))
    same(_needs(store, Moment(recorded=zoned)), "second", "the same instant in another zone")
    naive = datetime(2024, 3, 1, 8, 30)  # noqa: DTZ001 - what is to be refused
    refused(
        (InvalidDate, InvalidValue), _needs, store, Moment(recorded=naive), what="a naive instant"
    )
    return f"{len(cases)} instants"


def _found(store: Store, minute: int) -> Iterable[object]:
    return store.find(Query(records="customers", at=Moment(recorded=at(minute)))).kept


def the_past_never_changes(trial: Trial) -> str:
    """Whatever comes later, an answer as of a past moment stays as it was."""
    store = trial.store()
    told: dict[tuple[Moment, str], object] = {}
    asked = 0
    for turn in range(12):
        name = "abc"[turn % 3]
        if turn in (4, 9):
            change = Unit(recorded_at=at(turn - 2)).remove("customers", "abc"[(turn + 1) % 3])
            change = change.put(customer("z", needs=str(turn)))
        else:
            effective = None if turn % 2 else day(20 - turn)
            person = customer(name, needs=str(turn), segment=str(turn % 2))
            change = unit(turn, person, effective_on=effective)
        last = store.commit(change).recorded_at - timedelta(microseconds=1)
        for moment in (Moment(recorded=last), Moment(recorded=last, effective=day(15))):
            for question, answer in _answers(store, moment):
                told.setdefault((moment, question), answer)
        for (moment, question), answer in told.items():
            asked += 1
            now = dict(_answers(store, moment))[question]
            same(now, answer, f"{question} as of {moment}, after {turn + 1} units")
    return f"{asked} answers of the past asked again"


def _answers(store: Store, moment: Moment) -> list[tuple[str, object]]:
    rule = F.segment == "0"
    found = walked(store, Query(records="customers", where=rule, at=moment), 2)
    reads = [(name, store.read("customers", name, moment)) for name in "abcz"]
    return [*reads, ("the rule", tuple(found))]


def a_day_shows_what_held(trial: Trial) -> str:
    """Read as of a day, a store shows what holds from the latest day up to it."""
    store = trial.store()
    store.commit(unit(1, customer("a", needs="ever")))
    store.commit(unit(2, customer("a", needs="from 10"), effective_on=day(10)))
    store.commit(unit(3, customer("a", needs="from 20"), effective_on=day(20)))
    store.commit(unit(4, customer("a", needs="from 5, told later"), effective_on=day(5)))
    store.commit(unit(5, customer("b"), effective_on=day(12)))
    cases = (
        (4, "ever"),
        (5, "from 5, told later"),
        (9, "from 5, told later"),
        (10, "from 10"),
        (19, "from 10"),
        (20, "from 20"),
        (31, "from 20"),
    )
    for of_month, expected in cases:
        same(_needs(store, Moment(effective=day(of_month))), expected, f"on the {of_month}.")
    same(_needs(store, NOW), "from 5, told later", "the latest change, whatever its day")
    both = Moment(recorded=at(3), effective=day(9))
    same(_needs(store, both), "ever", "what was recorded by then of what held on that day")
    same(_needs(store, Moment(recorded=at(2), effective=day(31))), "from 10", "as of both clocks")
    same(store.read("customers", "b", Moment(effective=day(11))), None, "b before its day")
    on = [Query(records="customers", at=Moment(effective=day(one))) for one in (11, 12)]
    same([names(store.find(one).kept) for one in on], [["a"], ["a", "b"]], "who is found")
    rule = Query(records="customers", where=F.needs == "from 10", at=Moment(effective=day(11)))
    same(names(store.find(rule).kept), ["a"], "who is found by what held on that day")
    return f"{len(cases)} days"


def a_removal_has_its_day(trial: Trial) -> str:
    """A record removed from a day on is there before that day, and what comes back later too."""
    store = trial.store()
    store.commit(unit(1, customer("a", needs="first")))
    gone = Unit(recorded_at=at(2)).remove("customers", "a", effective_on=day(10))
    store.commit(gone)
    same(_needs(store, NOW), None, "the record now")
    same(_needs(store, Moment(effective=day(9))), "first", "the day before")
    same(_needs(store, Moment(effective=day(10))), None, "the day of the removal")
    same(_needs(store, Moment(recorded=at(1), effective=day(10))), "first", "before it was told")
    store.commit(unit(3, customer("a", needs="back"), effective_on=day(20)))
    seen = [_needs(store, Moment(effective=day(one))) for one in (9, 10, 19, 20)]
    same(seen, ["first", None, None, "back"], "before, while gone, and when back")
    return "4 days"


def pages_of_the_past_are_whole(trial: Trial) -> str:
    """A walk through the past gives what was there then, while others write."""
    store = trial.store()
    store.load([customer(f"c{number}", segment="old") for number in range(9)], recorded_at=START)
    store.commit(unit(10, customer("c9", segment="old")))
    query = Query(records="customers", where=F.segment == "old", limit=4, at=Moment(recorded=START))
    first = store.find(query)
    store.commit(unit(11, *(customer(f"c{number}", segment="new") for number in range(9))))
    store.commit(Unit(recorded_at=at(12)).remove("customers", "c5"))
    seen = names(first.kept)
    cursor = first.cursor
    while cursor is not None:
        following = Query(
            records="customers", where=query.where, limit=4, at=query.at, after=cursor
        )
        page = store.find(following)
        seen += names(page.kept)
        cursor = page.cursor
    same(seen, [f"c{number}" for number in range(9)], "who was there then")
    return "3 pages, 10 changes in between"


def instants_are_exact(trial: Trial) -> str:
    """Instants keep their microseconds and are shown in UTC, whatever zone they came in."""
    store = trial.store()
    odd = datetime(
        2024, 3, 1, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=-9, minutes=-30))
    )
    answer = store.commit(Unit(recorded_at=odd).put(customer("a")))
    same(answer.recorded_at, odd, "the instant answered")
    kept = store.read("customers", "a")
    instant = odd if kept is None else kept.recorded_at
    same((instant, instant.tzinfo), (odd.astimezone(UTC), UTC), "the instant kept")
    same(store.read("customers", "a", Moment(recorded=odd)) is None, False, "as of that instant")
    before = Moment(recorded=odd - timedelta(microseconds=1))
    same(store.read("customers", "a", before), None, "a microsecond before")
    return "1 instant of another zone"


CHECKS = tuple(
    Check(run.__name__, run)
    for run in (
        the_clock_never_runs_backwards,
        the_past_shows_what_was_recorded,
        the_past_never_changes,
        a_day_shows_what_held,
        a_removal_has_its_day,
        pages_of_the_past_are_whole,
        instants_are_exact,
    )
)
