"""Laws of sharing: many writers lose nothing, and a reader misses nothing."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable

from salescore.storage import Capability, Store
from salescore.testing._store_history import Operation, history_fault
from salescore.testing._store_trial import Check, NotAsked, Trial, holds, same
from salescore.testing._store_workers import can_fork, workers
from salescore.testing._store_writers import KEYS, Follower, begin, write

_WRITERS = 8
_TURNS = 12


def threads_lose_nothing(trial: Trial) -> str:
    """Eight threads on one store lose no change, and a reader beside them misses no event."""
    store = trial.store()
    return _by_threads(trial, store, lambda: store, Follower(store))


def stores_of_one_place_lose_nothing(trial: Trial) -> str:
    """Eight threads with a store each at one place lose no change, and a reader no event."""
    place = trial.factory.fresh()
    store = trial.open(place)
    return _by_threads(trial, store, lambda: trial.open(place), Follower(trial.open(place)))


def _by_threads(trial: Trial, store: Store, opened: Callable[[], Store], follower: Follower) -> str:
    begin(store)
    turns = _TURNS * trial.rounds
    done: list[list[Operation]] = [[] for _ in range(_WRITERS)]
    faults: list[BaseException] = []
    stores = [opened() for _ in range(_WRITERS)]

    def run(number: int) -> None:
        try:
            write(stores[number], number, turns, trial.seed, done[number].append)
        except BaseException as fault:  # noqa: BLE001 - told by the thread that judges
            faults.append(fault)

    writers = [threading.Thread(target=run, args=(number,)) for number in range(_WRITERS)]
    for one in writers:
        one.start()
    try:
        follower.follow(lambda: not any(one.is_alive() for one in writers))
    finally:
        for one in writers:
            one.join()
    for fault in faults:
        raise fault
    return _judged(store, list(itertools.chain(*done)), follower, turns)


def processes_lose_nothing(trial: Trial) -> str:
    """Eight processes at one place lose no change, and a reader beside them misses no event."""
    if not can_fork():
        raise NotAsked("this system has no fork; run it on another")
    place = trial.factory.fresh()
    store = trial.open(place)
    begin(store)
    turns = _TURNS * trial.rounds
    follower = Follower(trial.open(place))
    done: list[Operation] = []
    with workers() as crew:
        for number in range(_WRITERS):
            crew.order(
                number,
                task="write",
                opener=trial.factory.opener,
                place=place,
                writer=number,
                turns=turns,
                seed=trial.seed,
            )
        waiting = set(range(_WRITERS))

        def is_over() -> bool:
            for number in list(waiting):
                for word, data in crew.heard(number):
                    if word == "did":
                        done.append(Operation(**data))
                    if word == "done":
                        waiting.discard(number)
            return not waiting

        follower.follow(is_over)
    return _judged(store, done, follower, turns)


def _judged(store: Store, done: list[Operation], follower: Follower, turns: int) -> str:
    """Hold what the writers and the reader tell against what the store keeps."""
    writes = [one for one in done if one.is_write]
    same(len(writes), _WRITERS * turns, "how many changes were acknowledged")
    first = [
        Operation(key=key, began=-1, ended=-1, is_write=True, version=1, value="0") for key in KEYS
    ]
    fault = history_fault([*first, *done])
    holds(fault is None, f"no single hand could have made this history: {fault}")
    for key in KEYS:
        kept = store.versions("customers", key)
        mine = 1 + sum(one.key == key for one in writes)
        same([one.version for one in kept], list(range(1, mine + 1)), f"the versions of {key}")
        counts = [int(one.record.employees) for one in kept]
        same(counts, list(range(mine)), f"what {key} counted")
        twin = [one.record.needs for one in store.versions("customers", f"{key}-twin")]
        same(twin, [one.record.needs for one in kept], f"the twin of {key}")
    told = store.events(limit=10_000)
    positions = [one.position for one in told]
    same(positions, list(range(1, len(told) + 1)), "the positions of the events")
    same(len({one.event.id for one in told}), len(told), "how many events differ")
    seen = [(one.position, str(one.event.id)) for one in told]
    missed = len(set(seen) - set(follower.seen))
    same(missed, 0, "events that the reader missed")
    same(follower.seen, seen, "the events as the reader saw them")
    same(follower.faults[:3], [], "units that were seen by half")
    return (
        f"{len(writes)} changes of {_WRITERS} writers, 0 lost; {len(told)} events read in "
        f"{follower.polls} polls, 0 missed"
    )


CHECKS = (
    Check(threads_lose_nothing.__name__, threads_lose_nothing),
    Check(
        stores_of_one_place_lose_nothing.__name__,
        stores_of_one_place_lose_nothing,
        Capability.SHARED,
    ),
    Check(processes_lose_nothing.__name__, processes_lose_nothing, Capability.SHARED),
)
