"""Laws of erasing: personal data are gone from the past too, and totals stay."""

from __future__ import annotations

from typing import Any

from salescore.errors import KeyReused
from salescore.plain import field_value, personal_fields
from salescore.rules import F
from salescore.storage import Moment, Query, Store, Unit
from salescore.testing._store_model import total
from salescore.testing._store_samples import (
    START,
    at,
    contact,
    customer,
    dollars,
    event,
    names,
    unit,
)
from salescore.testing._store_trial import Check, Trial, holds, refused, same

_PERSON = "王芳"


def _told(trial: Trial) -> Store:
    """Return a store that knows a person in several versions, records and events."""
    store = trial.store()
    secret = {"phone": f"{_PERSON} 1", "email": f"{_PERSON}@example.com", "needs": _PERSON}
    first = unit(0, customer("a", name=_PERSON, credit_limit=dollars("10.50"), **secret), key="k")
    first = first.put(contact("c", "a", name=f"{_PERSON} 2"), customer("b", name="B", needs="b"))
    about = event("e1", "a", actor=_PERSON, detail=f'{{"said": "{_PERSON}"}}')
    store.commit(first.append([about, event("e2", "b", actor="b", detail="b")]))
    second = customer("a", name=f"{_PERSON} 3", credit_limit=dollars("20.25"), region="West")
    store.commit(unit(1, second, contact("d", "b", name="D")))
    store.commit(Unit(recorded_at=at(2)).remove("contacts", "c"))
    store.commit(unit(3, contact("c", "a", name=_PERSON, title=_PERSON)))
    return store


def personal_data_are_erased(trial: Trial) -> str:
    """An erasure empties personal fields of every version, what refers to it, and its events."""
    store = _told(trial)
    changed = store.erase("customers", "a", recorded_at=at(4))
    same(changed, 5, "rows that changed: 2 versions, 2 of the contact, 1 event")
    seen = _all_that_is_told(store)
    holds(_PERSON not in seen, f"the name is still told: {seen}")
    for table in store.tables:
        if table.name in ("customers", "contacts"):
            for name in ("a", "c"):
                for kept in store.versions(table.name, name):
                    _is_empty(table, kept.record)
    other_kept = store.read("customers", "b")
    told = None if other_kept is None else (other_kept.record.name, other_kept.record.needs)
    same(told, ("B", "b"), "customer b, who was not erased")
    other = store.events()[1].event
    same((other.actor, other.detail), ("b", "b"), "the event about another")
    return "5 rows emptied, 0 mentions left"


def _all_that_is_told(store: Store) -> str:
    parts: list[object] = [store.events()]
    for records, names_ in (("customers", "ab"), ("contacts", "cd")):
        for minute in range(5):
            moment = Moment(recorded=at(minute))
            parts.append(store.find(Query(records=records, at=moment)))
            parts += [store.read(records, name, moment) for name in names_]
        parts += [store.versions(records, name) for name in names_]
    return repr(parts)


def _is_empty(table: Any, record: Any) -> None:  # noqa: ANN401 - a field table, a record
    for field in personal_fields(table):
        value: object = field_value(record, field)
        holds(value in (None, "erased"), f"{field.name} of {record.id} is still {value!r}")


def totals_outlive_an_erasure(trial: Trial) -> str:
    """Ids, versions, amounts, days and positions stay, now and in the past, so that totals do."""
    store = _told(trial)

    def skeleton() -> list[object]:
        found: list[object] = []
        for minute in range(5):
            moment = Moment(recorded=at(minute))
            page = store.find(Query(records="customers", at=moment)).kept
            found.append((names(page), total(page), [(one.version, one.position) for one in page]))
        found += [[(one.version, one.recorded_at) for one in store.versions("contacts", "c")]]
        found += [[(one.position, one.event.id, one.recorded_at) for one in store.events()]]
        return found

    before = skeleton()
    store.erase("customers", "a", recorded_at=at(4))
    same(skeleton(), before, "ids, totals, versions and positions after an erasure")
    by_region = Query(records="customers", where=F.region == "West")
    same(names(store.find(by_region).kept), ["a"], "who is found by what stays")
    return "5 moments, the same totals"


def erasing_again_changes_nothing(trial: Trial) -> str:
    """Erasing again, or erasing whom nobody knows, changes nothing and says so."""
    store = _told(trial)
    store.erase("customers", "a", recorded_at=at(4))
    before = _all_that_is_told(store)
    same(store.erase("customers", "a", recorded_at=at(5)), 0, "rows changed by erasing again")
    same(store.erase("customers", "nobody", recorded_at=at(5)), 0, "rows changed of nobody")
    same(_all_that_is_told(store), before, "the store after erasing again")
    return "0 rows twice"


def a_retry_does_not_bring_it_back(trial: Trial) -> str:
    """A retry of a unit whose subject was erased gets its answer and brings nothing back."""
    store = trial.store()
    whole = unit(0, customer("a", name=_PERSON, region="West"), key="k")
    whole = whole.append([event("e1", "a", actor=_PERSON)])
    answer = store.commit(whole)
    store.erase("customers", "a", recorded_at=at(1))
    repeat = store.commit(whole)
    same((repeat.is_repeat, repeat.versions, repeat.events), (True, (1,), (1,)), "the retry")
    same((repeat.position, repeat.recorded_at), (answer.position, START), "its position and time")
    told = store.commit(Unit(recorded_at=at(2), events=whole.events))
    same(told.events, (1,), "the event that came again")
    holds(_PERSON not in repr((store.versions("customers", "a"), store.events())), "it is back")
    other = unit(0, customer("a", name=_PERSON, region="East"), key="k").append(whole.events)
    refused(KeyReused, store.commit, other, what="other content under the key of an erased unit")
    return "1 retry, 1 repeated event, nothing back"


def a_changed_record_goes_on(trial: Trial) -> str:
    """A record goes on after an erasure: its next version follows, and can be erased too."""
    store = _told(trial)
    store.erase("customers", "a", recorded_at=at(4))
    answer = store.commit(unit(5, customer("a", name=_PERSON), expected=2))
    same(answer.versions, (3,), "the version after an erasure")
    same(store.erase("customers", "a", recorded_at=at(6)), 1, "rows changed by erasing that")
    holds(_PERSON not in _all_that_is_told(store), "the name is still told")
    return "1 version more, erased too"


CHECKS = tuple(
    Check(run.__name__, run)
    for run in (
        personal_data_are_erased,
        totals_outlive_an_erasure,
        erasing_again_changes_nothing,
        a_retry_does_not_bring_it_back,
        a_changed_record_goes_on,
    )
)
