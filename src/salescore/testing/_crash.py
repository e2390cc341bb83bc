"""Killed processes: what a durable store acknowledged outlives `kill -9`."""

from __future__ import annotations

import random
import time
from statistics import median

import attrs

from salescore.storage import Capability
from salescore.testing._crash_work import CrashNotes, judge_crash
from salescore.testing._store_factory import StoreFactory
from salescore.testing._store_trial import Check, NotAsked, Trial
from salescore.testing._store_workers import Workers, can_fork, workers

_TURNS = 900
"""Turns of a process, unless it is killed before: more than it gets to while this one waits."""

_ENOUGH = 30
"""Fewer units than these must have been acknowledged when a kill comes; how many is chance."""

_TURN_SECONDS = 0.004
"""How long a turn of the store is taken to last until one was measured."""

_LATER = (1, 4)
"""How many turns later than an acknowledgement a kill may come: within a unit, or some later."""

_SUITE = 10
_AT_ONE_PLACE = 20
"""Rounds after which a new place is begun, so that a tool's hundreds of rounds stay quick."""


@attrs.frozen(kw_only=True)
class CrashReport:
    """
    What came of killing processes.

    Attributes:
        rounds: How many were killed.
        units: Units that they had acknowledged, each of which was there afterwards.
        unanswered: Units that had been kept without an answer when the kill came.
    """

    rounds: int
    units: int
    unanswered: int


def crash_rounds(factory: StoreFactory, *, rounds: int = _SUITE, seed: int = 0) -> CrashReport:
    """
    Kill a process that commits, at random moments, and judge what it left; again and again.

    Each process puts records, appends events, loads and erases, and says what was acknowledged.
    It is killed as `kill -9` does. Then the store is opened again: whatever was acknowledged must
    be there, nothing by half, and a retry of the last unit must say whether it had been kept.

    Args:
        factory: How the kit comes by stores; `open` must be one that another process finds.
        rounds: How many processes to kill.
        seed: What chance begins with.

    Raises:
        AssertionError: Something that was acknowledged is lost, or something is there by half.
        InvalidValue: Another process cannot find `open`.
    """
    chance = random.Random(seed)  # noqa: S311 - chance, no secret
    units = unanswered = 0
    place = ""
    pace = _Pace()
    opener = factory.opener
    with workers() as crew:
        for number in range(rounds):
            if number % _AT_ONE_PLACE == 0:
                place = factory.fresh()
            notes = _killed(crew, opener, place, number, chance, pace)
            units += len(notes.acknowledged)
            store = factory.open(place)
            try:
                unanswered += judge_crash(store, number, notes)
            finally:
                store.close()
    return CrashReport(rounds=rounds, units=units, unanswered=unanswered)


def _killed(
    crew: Workers, opener: str, place: str, number: int, chance: random.Random, pace: _Pace
) -> CrashNotes:
    """Return what was heard of a process until it was killed at a random moment."""
    mine, ending = 2 * number, 2 * number + 1
    crew.order(mine, task="crash", opener=opener, place=place, round=number, first=_TURNS)
    notes = CrashNotes()
    process = 0
    enough = chance.randrange(_ENOUGH)
    while not process or len(notes.acknowledged) < enough:
        word, data = crew.hear(mine)
        if word == "began":  # the child may have been heard before its number was
            process = data
        else:
            notes.note(word, data)
            pace.note(number, word)
    until = time.monotonic() + chance.random() * chance.choice(_LATER) * pace.turn
    while time.monotonic() < until:
        pass  # a sleep would be coarser than the moment that is sought
    crew.kill(process, ending)
    for word, data in crew.heard(mine):
        notes.note(word, data)
    return notes


@attrs.define
class _Pace:
    """How long a turn of a store lasts, so that kills fall within turns of slow and fast stores."""

    turns: list[float] = attrs.field(factory=list[float])
    _last: tuple[int, float] | None = None

    @property
    def turn(self) -> float:
        """Seconds from one acknowledgement to the next, in the middle of all that were heard."""
        return median(self.turns) if self.turns else _TURN_SECONDS

    def note(self, process: int, word: str) -> None:
        """Take the moment at which a process said something."""
        if word != "acknowledged":
            return
        now = time.monotonic()
        if self._last is not None and self._last[0] == process:
            self.turns.append(now - self._last[1])
        self._last = (process, now)


def what_was_acknowledged_outlives_a_kill(trial: Trial) -> str:
    """What was acknowledged outlives `kill -9`, nothing is kept by half, and a retry is right."""
    if not can_fork():
        raise NotAsked("this system has no fork; run it on another")
    report = crash_rounds(trial.factory, rounds=_SUITE * trial.rounds, seed=trial.seed)
    return (
        f"{report.rounds} kills, {report.units} units acknowledged, 0 lost, "
        f"{report.unanswered} kept without an answer"
    )


CHECKS = (
    Check(
        what_was_acknowledged_outlives_a_kill.__name__,
        what_was_acknowledged_outlives_a_kill,
        Capability.DURABLE,
    ),
)
