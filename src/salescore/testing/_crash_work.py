"""What a process does until it is killed, and how what it left behind is judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import attrs

from salescore.entities import EventId
from salescore.storage import Committed, Store, Unit
from salescore.testing._store_samples import at, customer, event
from salescore.testing._store_trial import holds, same

_LOAD_EVERY, _LOADED = 11, 20
_ERASE_EVERY = 7
_PERSON = "王芳"
_UNITS = 1_000


def crash_unit(round_: int, turn: int) -> Unit:
    """Return the unit of a turn: two records that must agree, one of its own, two events, a key."""
    stamp = f"{round_}-{turn}"
    pair = (customer("left", needs=stamp), customer("right", needs=stamp))
    told = tuple(event(f"e{stamp}-{place}", "left") for place in range(2))
    return Unit(recorded_at=_now(round_, turn), key=f"k{stamp}", events=told).put(
        *pair, customer(f"own-{stamp}", name=_PERSON)
    )


def _now(round_: int, turn: int) -> datetime:
    return at(round_ * _UNITS + turn)


def _load(round_: int, turn: int) -> list[Any]:
    return [customer(f"load-{round_}-{turn}-{one}") for one in range(_LOADED)]


def crash_work(store: Store, round_: int, turns: int, tell: Callable[[str, Any], None]) -> None:
    """
    Commit, load and erase until all turns are done or somebody kills this process.

    Args:
        store: The store.
        round_: Number of the round; each round has records of its own.
        turns: How many turns there are.
        tell: Takes what is tried and what is acknowledged, at once.
    """
    for turn in range(turns):
        tell("tries", turn)
        answer = store.commit(crash_unit(round_, turn))
        tell("acknowledged", [turn, answer.position])
        if turn % _LOAD_EVERY == _LOAD_EVERY - 1:
            store.load(_load(round_, turn), recorded_at=_now(round_, turn))
            tell("loaded", turn)
        if turn % _ERASE_EVERY == _ERASE_EVERY - 1:
            store.erase("customers", f"own-{round_}-{turn}", recorded_at=_now(round_, turn))
            tell("erased", turn)


@attrs.define
class CrashNotes:
    """
    What was heard of a process until it was killed.

    Attributes:
        tried: Last turn that it began; -1 for none.
        acknowledged: Position of the unit by turn.
        loaded: Turns whose load was acknowledged.
        erased: Turns whose erasure was acknowledged.
    """

    tried: int = -1
    acknowledged: dict[int, int] = attrs.field(factory=dict[int, int])
    loaded: list[int] = attrs.field(factory=list[int])
    erased: list[int] = attrs.field(factory=list[int])

    def note(self, word: str, data: Any) -> None:  # noqa: ANN401 - what JSON holds
        """Take what was said."""
        if word == "tries":
            self.tried = data
        elif word == "acknowledged":
            self.acknowledged[data[0]] = data[1]
        elif word == "loaded":
            self.loaded.append(data)
        elif word == "erased":
            self.erased.append(data)


def judge_crash(store: Store, round_: int, notes: CrashNotes) -> bool:
    """
    Hold what a killed process left behind against what it had acknowledged.

    Then repeat the last unit, which may have been kept without an answer.

    Args:
        store: The store, opened again.
        round_: Number of the round.
        notes: What was heard.

    Returns:
        Whether the last unit had been kept without an answer.

    Raises:
        AssertionError: Something that was acknowledged is lost, or something is there by half.
    """
    kept = _kept(store, round_, notes.tried)
    lost = sorted(set(notes.acknowledged) - set(kept))
    same(lost, [], f"units of round {round_} that were acknowledged and are lost")
    others = sorted(set(kept) - set(notes.acknowledged) - {notes.tried})
    same(others, [], f"units of round {round_} that are there without having been tried last")
    _judge_events(store)
    for turn in range(notes.tried + 1):
        _judge_rest(store, round_, turn, notes)
    if notes.tried < 0:
        return False
    was_kept = notes.tried in kept
    answer = store.commit(crash_unit(round_, notes.tried))
    same(answer.is_repeat, was_kept, "whether the retry of the last unit says that it was kept")
    holds(notes.tried in _kept(store, round_, notes.tried), "a retried unit is not there")
    for turn, position in list(notes.acknowledged.items())[-3:]:
        again: Committed = store.commit(crash_unit(round_, turn))
        same((again.is_repeat, again.position), (True, position), f"the retry of turn {turn}")
    return was_kept and notes.tried not in notes.acknowledged


def _kept(store: Store, round_: int, tried: int) -> list[int]:
    """Return the turns whose unit is there; refute where a part of one is."""
    sides = [
        Counter(one.record.needs for one in store.versions("customers", side))
        for side in ("left", "right")
    ]
    told = Counter(one.event.id for one in _events(store))
    kept: list[int] = []
    for turn in range(tried + 1):
        stamp = f"{round_}-{turn}"
        own = store.read("customers", f"own-{stamp}")
        parts = [0 if own is None else own.version, *(side[stamp] for side in sides)]
        parts += [told[EventId(f"e{stamp}-{place}")] for place in range(2)]
        holds(parts in ([1] * 5, [0] * 5), f"unit {stamp} is there by half: {parts}")
        if own is not None:
            kept.append(turn)
    return kept


def _events(store: Store) -> list[Any]:
    found: list[Any] = []
    while page := store.events(after=len(found), limit=10_000):
        found += page
    return found


def _judge_events(store: Store) -> None:
    positions = [one.position for one in _events(store)]
    same(positions, list(range(1, len(positions) + 1)), "the positions of the events")
    for side in ("left", "right"):
        versions = [one.version for one in store.versions("customers", side)]
        same(versions, list(range(1, len(versions) + 1)), f"the versions of {side}")


def _judge_rest(store: Store, round_: int, turn: int, notes: CrashNotes) -> None:
    """Judge the load and the erasure of a turn."""
    if turn % _LOAD_EVERY == _LOAD_EVERY - 1:
        found = [store.read("customers", one.id) for one in _load(round_, turn)]
        count = sum(one is not None for one in found)
        holds(count in (0, _LOADED), f"{count} of {_LOADED} records of a load are there")
        if turn in notes.loaded:
            same(count, _LOADED, "records of a load that was acknowledged")
    if turn in notes.erased:
        own = store.read("customers", f"own-{round_}-{turn}")
        name = None if own is None else own.record.name
        same(name, "erased", "the name of a subject whose erasure was acknowledged")
