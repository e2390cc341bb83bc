"""Laws of units of work: all of it or nothing, versions, keys, refusals."""

from __future__ import annotations

from datetime import datetime

from salescore.entities import CustomerId
from salescore.errors import (
    InvalidDate,
    InvalidRecord,
    InvalidValue,
    KeyReused,
    SalesCoreError,
    StoreRefused,
    UnknownName,
    VersionConflict,
)
from salescore.plain import custom_values
from salescore.storage import NOW, Committed, Kept, Put, Query, Store, Unit
from salescore.testing._store_samples import START, at, contact, customer, day, event, names, unit
from salescore.testing._store_trial import Check, Trial, holds, refused, same


def _everything(store: Store) -> object:
    """Return all that can be seen of a store's customers and events."""
    page = store.find(Query(records="customers", limit=10_000))
    histories = [store.versions("customers", name) for name in names(page.kept)]
    return page.kept, histories, store.events()


def a_unit_is_kept(trial: Trial) -> str:
    """What a unit puts and appends is read back as it was given."""
    store = trial.store()
    whole = unit(0, customer("a", needs="需求"), effective_on=day(3)).append(
        [event("e1", "a"), event("e2")]
    )
    answer = store.commit(whole)
    expected = Committed(position=1, recorded_at=START, versions=(1,), events=(1, 2))
    same(answer, expected, "the answer to the first unit")
    kept = store.read("customers", "a")
    record = customer("a", needs="需求")
    first = Kept(record=record, version=1, recorded_at=START, effective_on=day(3), position=1)
    same(kept, first, "the record")
    seen = [(one.position, one.event, one.recorded_at) for one in store.events()]
    same(seen, [(1, event("e1", "a"), START), (2, event("e2"), START)], "the events")
    same(store.read("customers", "nobody"), None, "a record that nobody put")
    same(store.versions("customers", "nobody"), (), "versions of what nobody put")
    same(store.read("contacts", "a"), None, "a contact with the id of a customer")
    return "record, versions, position, events"


def a_conflict_leaves_nothing(trial: Trial) -> str:
    """A conflict in the last change of a unit leaves nothing of it, no number either."""
    store = trial.store()
    store.commit(unit(0, customer("a"), customer("z")).append([event("e0")]))
    before = _everything(store)
    bad = unit(1, customer("a", needs="changed"), customer("b"), key="k").append([event("e1")])
    bad = bad.put(customer("z", needs="changed"), expected=7)
    refused(VersionConflict, store.commit, bad, what="a unit whose last change conflicts")
    same(_everything(store), before, "the store after a refused unit")
    same(store.read("customers", "b"), None, "a record of a refused unit")
    good = unit(1, customer("b"), key="k").append([event("e2")])
    answer = store.commit(good)
    expected = Committed(position=2, recorded_at=at(1), versions=(1,), events=(2,))
    same(answer, expected, "the next unit, under the key of the refused one")
    return "1 unit of 3 changes and 1 event refused, 0 traces"


def a_refused_event_leaves_nothing(trial: Trial) -> str:
    """An event id that stands for other content leaves nothing of its unit."""
    store = trial.store()
    store.commit(unit(0, customer("a")).append([event("e1")]))
    before = _everything(store)
    bad = unit(1, customer("a", needs="changed"), customer("b"))
    bad = bad.append([event("e2"), event("e1", name="another")])
    fault = refused(KeyReused, store.commit, bad, what="other content under an event id")
    same(getattr(fault, "key", None), "e1", "the key in the error")
    same(_everything(store), before, "the store after a refused unit")
    return "1 unit refused, 0 traces"


def an_expected_version_is_asked(trial: Trial) -> str:
    """A change is refused unless its record is at the version that it was made for."""
    store = trial.store()
    fault = refused(
        VersionConflict, store.commit, unit(0, customer("a"), expected=1), what="a change of none"
    )
    same(_conflict(fault), ("customers", "a", 1, 0), "the conflict")
    store.commit(unit(0, customer("a"), expected=0))
    fault = refused(
        VersionConflict, store.commit, unit(1, customer("a"), expected=0), what="new, though kept"
    )
    same(_conflict(fault), ("customers", "a", 0, 1), "the conflict")
    store.commit(unit(2, customer("a", needs="2"), expected=1))
    late = unit(3, customer("a", needs="late"), expected=1)
    fault = refused(VersionConflict, store.commit, late, what="a change of an old version")
    same(_conflict(fault), ("customers", "a", 1, 2), "the conflict")
    gone = Unit(recorded_at=at(4)).remove("customers", "a", expected=1)
    refused(VersionConflict, store.commit, gone, what="a removal of an old version")
    kept = store.read("customers", "a")
    same(None if kept is None else kept.record.needs, "2", "the record")
    return "4 conflicts named"


def _conflict(fault: Exception) -> tuple[object, ...]:
    return tuple(getattr(fault, name, None) for name in ("records", "id", "expected", "found"))


def versions_count_one_up(trial: Trial) -> str:
    """Versions of a record are 1, 2, 3 … whatever else is kept in between."""
    store = trial.store()
    answers: list[int] = []
    for turn in range(5):
        mixed = unit(turn, customer("a", needs=str(turn)), customer(f"other-{turn}"))
        answers.append(store.commit(mixed).versions[0])
    same(answers, [1, 2, 3, 4, 5], "versions answered")
    kept = store.versions("customers", "a")
    same([one.version for one in kept], [1, 2, 3, 4, 5], "versions kept")
    same([one.record.needs for one in kept], ["0", "1", "2", "3", "4"], "what they say")
    same([one.position for one in kept], [1, 2, 3, 4, 5], "units that wrote them")
    return "5 versions"


def a_removed_record_is_gone(trial: Trial) -> str:
    """A removed record is no longer found, its number counts, and it can be made anew."""
    store = trial.store()
    store.commit(unit(0, customer("a", needs="first"), customer("b")))
    removed = store.commit(Unit(recorded_at=at(1)).remove("customers", "a", expected=1))
    same(removed.versions, (2,), "the version of the removal")
    same(store.read("customers", "a"), None, "the removed record")
    same([one.version for one in store.versions("customers", "a")], [1], "what it was")
    same(names(store.find(Query(records="customers")).kept), ["b"], "who is found")
    again = Unit(recorded_at=at(2)).remove("customers", "a")
    fault = refused(VersionConflict, store.commit, again, what="a removal of what is gone")
    same(getattr(fault, "found", None), 0, "the version found")
    refused(
        VersionConflict, store.commit, unit(2, customer("a"), expected=2), what="a change of none"
    )
    anew = store.commit(unit(3, customer("a", needs="second"), expected=0))
    same(anew.versions, (3,), "the version of the record made anew")
    kept = store.versions("customers", "a")
    seen = [(one.version, one.record.needs) for one in kept]
    same(seen, [(1, "first"), (3, "second")], "the versions")
    return "versions 1 and 3, 2 was the removal"


def a_retry_changes_nothing(trial: Trial) -> str:
    """The same unit under the same key changes nothing and gets the same answer, ever after."""
    store = trial.store()
    first = unit(0, customer("a", needs="1"), key="k").append([event("e1")])
    answer = store.commit(first)
    same(answer.is_repeat, False, "is_repeat of the first")
    store.commit(unit(1, customer("a", needs="2")).append([event("e2")]))
    before = _everything(store)
    for minutes in (0, 5):
        later = Unit(recorded_at=at(minutes), changes=first.changes, events=first.events, key="k")
        repeat = store.commit(later)
        same(repeat.is_repeat, True, "is_repeat of a retry")
        seen = (repeat.position, repeat.recorded_at, repeat.versions, repeat.events)
        expected = (answer.position, answer.recorded_at, answer.versions, answer.events)
        same(seen, expected, "the answer to a retry")
        same(_everything(store), before, "the store after a retry")
    conditional = unit(6, customer("a", needs="3"), expected=2, key="k2")
    same(store.commit(conditional).versions, (3,), "a change for version 2")
    same(store.commit(conditional).versions, (3,), "its retry, though the version is 3 now")
    same(store.commit(first).is_repeat, True, "is_repeat of a retry after another key was used")
    following = store.commit(unit(7, customer("b")))
    same(following.position, 4, "the number of the next unit")
    return "4 retries, 0 changes"


def a_key_stands_for_one_content(trial: Trial) -> str:
    """Other content under a key that was used is refused, and nothing changes."""
    store = trial.store()
    store.commit(unit(0, customer("a"), key="k").append([event("e1")]))
    before = _everything(store)
    others = (
        unit(0, customer("a", needs="other"), key="k").append([event("e1")]),
        unit(0, customer("a"), key="k"),
        unit(0, customer("a"), key="k").append([event("e2")]),
        unit(0, customer("a"), effective_on=day(1), key="k").append([event("e1")]),
        unit(0, customer("a"), contact("c", "a"), key="k").append([event("e1")]),
    )
    for other in others:
        fault = refused(KeyReused, store.commit, other, what="other content under a used key")
        same(getattr(fault, "key", None), "k", "the key in the error")
    same(_everything(store), before, "the store after refused keys")
    return f"{len(others)} refused"


def units_are_numbered(trial: Trial) -> str:
    """Units are numbered 1, 2, 3 … and refused or repeated ones take no number."""
    store = trial.store()
    numbers: list[int] = []
    for turn in range(6):
        answer = store.commit(unit(turn, customer(f"c{turn}"), key=f"k{turn}"))
        numbers.append(answer.position)
        store.commit(unit(turn, customer(f"c{turn}"), key=f"k{turn}"))
        conflicting = unit(turn, customer(f"c{turn}"), expected=0)
        refused(VersionConflict, store.commit, conflicting, what="new, though kept")
    same(numbers, [1, 2, 3, 4, 5, 6], "the numbers of the units")
    return "6 units among 6 retries and 6 refusals"


def bad_units_are_refused(trial: Trial) -> str:
    """What can be no unit is refused by its name, and nothing of it is kept."""
    store = trial.store()
    store.commit(unit(0, customer("a")).append([event("e0")]))
    before = _everything(store)
    twice = unit(1, customer("b"), customer("b", needs="again"))
    naive = datetime(2024, 3, 1, 8, 30)  # noqa: DTZ001 - what is to be refused
    unregistered = customer("b", custom=custom_values(nobody_registered="this"))
    cases: tuple[tuple[str, type[Exception] | tuple[type[Exception], ...], Unit], ...] = (
        ("two changes of one record", InvalidValue, twice),
        ("a change and a removal", InvalidValue, unit(1, customer("a")).remove("customers", "a")),
        ("an empty unit", InvalidValue, Unit(recorded_at=at(1))),
        (
            "a naive instant",
            (InvalidDate, InvalidValue),
            Unit(recorded_at=naive, changes=(Put(customer("b")),)),
        ),
        ("a field nobody registered", InvalidRecord, unit(1, customer("c"), unregistered)),
        ("an unknown type", UnknownName, Unit(recorded_at=at(1)).remove("nobodies", "b")),
        (
            "what is no record",
            (InvalidValue, UnknownName),
            Unit(recorded_at=at(1), changes=(Put(START),)),
        ),
    )
    for what, error, bad in cases:
        refused(error, store.commit, bad, what=what)
        same(_everything(store), before, f"the store after {what}")
    return f"{len(cases)} refused"


def unknown_names_are_refused(trial: Trial) -> str:
    """A record type that is not kept is refused by name, whatever is asked of it."""
    store = trial.store()
    for what, act in (
        ("read", lambda: store.read("nobodies", "a")),
        ("versions", lambda: store.versions("nobodies", "a")),
        ("find", lambda: store.find(Query(records="nobodies"))),
        ("erase", lambda: store.erase("nobodies", "a", recorded_at=START)),
    ):
        refused(UnknownName, act, what=f"{what} of an unknown record type")
    return "4 refused"


def a_load_is_one_unit(trial: Trial) -> str:
    """A bulk load keeps new records and events as one unit, or nothing of it."""
    store = trial.store()
    people = [customer(f"c{number:03}", needs="需求") for number in range(150)]
    log = [event(f"e{number:03}", "c000") for number in range(30)]
    same(store.load([*people, *log], recorded_at=START), 180, "how many were loaded")
    page = store.find(Query(records="customers", limit=10_000))
    same([one.record for one in page.kept], people, "the records that were loaded")
    same({(one.version, one.position) for one in page.kept}, {(1, 1)}, "versions and unit")
    same([one.event for one in store.events()], log, "the events that were loaded")
    before = _everything(store)
    again = [customer("d"), customer("c000"), event("e999")]
    refused(VersionConflict, store.load, again, recorded_at=at(1), what="a load of a kept record")
    same(_everything(store), before, "the store after a refused load")
    answer = store.commit(unit(1, customer("c000", needs="2"), expected=1))
    same((answer.position, answer.versions), (2, (2,)), "the unit after the loads")
    return "150 records and 30 events loaded, 1 load refused"


def a_read_sees_what_was_acknowledged(trial: Trial) -> str:
    """Once a unit is acknowledged, every read sees all of it."""
    store = trial.store()
    for turn in range(10):
        store.commit(unit(turn, customer("a", needs=f"{turn}"), customer("b", needs=f"{turn}")))
        pair = [store.read("customers", name, NOW) for name in ("a", "b")]
        seen = [None if one is None else one.record.needs for one in pair]
        same(seen, [str(turn)] * 2, "the records right after their unit")
        found = store.find(Query(records="customers")).kept
        same([one.record.needs for one in found], [str(turn)] * 2, "what is found right after it")
    return "10 units, each seen at once"


def a_closed_store_refuses(trial: Trial) -> str:
    """A closed store refuses everything with an error of ours, and closing again is harmless."""
    store = trial.store()
    store.commit(unit(0, customer("a")))
    store.close()
    store.close()
    for what, act in (
        ("commit", lambda: store.commit(unit(1, customer("b")))),
        ("load", lambda: store.load([customer("b")], recorded_at=at(1))),
        ("erase", lambda: store.erase("customers", "a", recorded_at=at(1))),
        ("read", lambda: store.read("customers", "a")),
        ("find", lambda: store.find(Query(records="customers"))),
        ("versions", lambda: store.versions("customers", "a")),
        ("events", store.events),
    ):
        fault = refused(SalesCoreError, act, what=f"{what} of a closed store")
        holds(isinstance(fault, StoreRefused), f"{what} of a closed store raised {fault!r}")
    return "7 questions refused"


def ids_are_texts(trial: Trial) -> str:
    """Ids are texts of any script, told apart to the last sign, never numbers."""
    store = trial.store()
    ids = ["1", "01", "1.0", "a", "A", "å", "a\u030a", "华东", " a", "a ", "'; --", "%", "_", "😀"]
    ids += ["x" * 256, "NULL", "\\", "a/b", "..", "1e3"]
    store.commit(unit(0, *(customer(CustomerId(one)) for one in ids)))
    for one in ids:
        kept = store.read("customers", one)
        same(None if kept is None else kept.record.id, one, "the id of the record that was read")
    found = names(store.find(Query(records="customers", limit=1000)).kept)
    same(found, sorted(ids), "the ids in the order of their code points")
    return f"{len(ids)} ids"


CHECKS = tuple(
    Check(run.__name__, run)
    for run in (
        a_unit_is_kept,
        a_conflict_leaves_nothing,
        a_refused_event_leaves_nothing,
        an_expected_version_is_asked,
        versions_count_one_up,
        a_removed_record_is_gone,
        a_retry_changes_nothing,
        a_key_stands_for_one_content,
        units_are_numbered,
        bad_units_are_refused,
        unknown_names_are_refused,
        a_load_is_one_unit,
        a_read_sees_what_was_acknowledged,
        a_closed_store_refuses,
        ids_are_texts,
    )
)
