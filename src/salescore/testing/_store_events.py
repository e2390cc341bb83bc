"""Laws of events: positions, order, ids, reading behind a position."""

from __future__ import annotations

from salescore.errors import InvalidValue, KeyReused
from salescore.storage import KeptEvent, Store, Unit
from salescore.testing._store_samples import at, customer, event, unit
from salescore.testing._store_trial import Check, Trial, refused, same


def _told(store: Store, minutes: int, *ids: str) -> tuple[int, ...]:
    told = Unit(recorded_at=at(minutes), events=tuple(event(one) for one in ids))
    return store.commit(told).events


def events_keep_their_order(trial: Trial) -> str:
    """Events have positions 1, 2, 3 … in the order of their units, and within them."""
    store = trial.store()
    same(_told(store, 0, "z"), (1,), "the position of the first")
    store.commit(unit(1, customer("a")))
    same(_told(store, 2, "y", "a", "m"), (2, 3, 4), "positions in a unit of three")
    store.load([event("l2"), event("l1")], recorded_at=at(3))
    same(_told(store, 4, "b"), (7,), "the position after a load of two")
    kept = store.events()
    same([one.position for one in kept], [1, 2, 3, 4, 5, 6, 7], "the positions")
    ids = [one.event.id for one in kept]
    same(ids, ["z", "y", "a", "m", "l2", "l1", "b"], "the events in order")
    minutes = [one.recorded_at for one in kept]
    same(minutes, [at(0), at(2), at(2), at(2), at(3), at(3), at(4)], "when they were recorded")
    return "7 events of 4 units"


def events_are_read_behind_a_position(trial: Trial) -> str:
    """Reading behind the last position seen gives each event once, whatever the limit."""
    store = trial.store()
    for turn in range(25):
        _told(store, turn, f"a{turn}", f"b{turn}")
    whole = store.events()
    same(len(whole), 50, "how many events there are")
    for limit in (1, 3, 7, 50, 10_000):
        seen: list[KeptEvent] = []
        last = 0
        while page := store.events(after=last, limit=limit):
            same(len(page) <= limit, True, f"{len(page)} events where {limit} were asked for")
            seen += page
            last = page[-1].position
        same(tuple(seen), whole, f"events by {limit}")
    same(store.events(after=50), (), "events behind the last one")
    same(store.events(after=1000), (), "events far behind the last one")
    for limit in (0, -1, 10_001):
        refused(InvalidValue, store.events, limit=limit, what=f"a limit of {limit}")
    refused(InvalidValue, store.events, after=-1, what="a position below 0")
    return "50 events read by 1, 3, 7, 50 and 10,000"


def an_event_is_kept_once(trial: Trial) -> str:
    """An event that was kept before is not appended again, and has the position of then."""
    store = trial.store()
    _told(store, 0, "a", "b")
    before = store.events()
    same(_told(store, 1, "b", "c", "a"), (2, 3, 1), "positions of old and new events")
    same(store.events()[:2], before, "the events that were kept before")
    same([one.event.id for one in store.events()], ["a", "b", "c"], "the events")
    other = Unit(recorded_at=at(2), events=(event("d"), event("a", detail="other")))
    refused(KeyReused, store.commit, other, what="other content under an event id")
    same([one.event.id for one in store.events()], ["a", "b", "c"], "the events after a refusal")
    same(_told(store, 3, "d"), (4,), "the next position")
    return "2 repeated, 1 refused, 4 kept"


CHECKS = tuple(
    Check(run.__name__, run)
    for run in (events_keep_their_order, events_are_read_behind_a_position, an_event_is_kept_once)
)
