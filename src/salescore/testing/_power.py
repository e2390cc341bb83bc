"""Power cuts: what a store on SQLite acknowledged outlives them, wherever they come."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Protocol

import attrs

from salescore.errors import MissingExtra
from salescore.storage import Capability, Store
from salescore.testing._crash_work import CrashNotes, crash_work, judge_crash
from salescore.testing._power_disk import Disk, Kind
from salescore.testing._power_files import can_record_files, recorded_files
from salescore.testing._store_factory import OpenOn
from salescore.testing._store_trial import Check, NotAsked, Trial, holds

_NAME = "store.db"
_TURNS = 40
_SUITE = 30


@attrs.frozen(kw_only=True)
class PowerReport:
    """
    What came of cutting the power.

    Attributes:
        cuts: How often it was cut.
        acts: Writes, syncs and the like between which it was cut.
        units: Units that had been acknowledged before a cut, over all cuts.
        faults: What was lost or there by half, one per cut that showed it.
    """

    cuts: int
    acts: int
    units: int
    faults: tuple[str, ...]


def power_cuts(
    open_on: OpenOn, *, cuts: int = 30, seed: int = 0, turns: int = _TURNS, is_synced: bool = True
) -> PowerReport:
    """
    Cut the power of a store on SQLite at random moments, and judge what is there afterwards.

    The store works once, on a disk that writes down each write and sync. Then, as often as asked,
    a moment is chosen, and the files are made as a disk may hold them after a cut at that moment:
    what was synced is there; of the rest nothing, all, a torn part, or any sectors in any order.
    The store is opened on them, and must tell whatever it had acknowledged by that moment.

    Needs the package apsw.

    Args:
        open_on: Opens the store of one SQLite file.
        cuts: How often to cut.
        seed: What chance begins with.
        turns: How many units the store keeps meanwhile, beside loads and erasures.
        is_synced: Whether the store may sync its files; without it the proof must find loss.

    Raises:
        MissingExtra: The package apsw is not installed.
    """
    from salescore.testing._power_sqlite import recorded_sqlite  # noqa: PLC0415 - it needs apsw

    @contextmanager
    def opened(folder: Path, disk: Disk, *, is_first: bool) -> Generator[Store]:
        with recorded_sqlite(disk, is_synced=is_synced or not is_first) as connect:
            store = open_on(str(folder / _NAME), connect)
            try:
                yield store
            finally:
                store.close()

    return _cuts(opened, cuts, seed, turns)


def power_cuts_of_files(
    open_store: Callable[[str], Store],
    *,
    cuts: int = 30,
    seed: int = 0,
    turns: int = _TURNS,
    is_synced: bool = True,
) -> PowerReport:
    """
    Cut the power of a store of plain files at random moments, as `power_cuts` does.

    What the store does to its files is written down in front of the functions of `os`, so it must
    write them with Python alone, and nobody else may write files there meanwhile.

    Args:
        open_store: Opens the store in a folder.
        cuts: How often to cut.
        seed: What chance begins with.
        turns: How many units the store keeps meanwhile, beside loads and erasures.
        is_synced: Whether its syncs count; without them the proof must find loss.
    """

    @contextmanager
    def opened(folder: Path, disk: Disk, *, is_first: bool) -> Generator[Store]:
        with recorded_files(folder, disk) if is_first else nullcontext():
            store = open_store(str(folder))
            try:
                yield store
            finally:
                store.close()
        if is_first and not is_synced:
            syncs = (Kind.SYNC, Kind.FOLDER)
            disk.acts = [
                attrs.evolve(one, kind=Kind.NOTHING) if one.kind in syncs else one
                for one in disk.acts
            ]

    return _cuts(opened, cuts, seed, turns)


def _cuts(opened: _Opened, cuts: int, seed: int, turns: int) -> PowerReport:
    """Let a store work once, and judge what cuts at random moments leave of it."""
    chance = random.Random(seed)  # noqa: S311 - chance, no secret
    disk = Disk()
    said: list[tuple[int, str, Any]] = []
    faults: list[str] = []
    units = 0

    def tell(word: str, data: Any) -> None:  # noqa: ANN401 - turns and positions
        said.append((len(disk.acts), word, data))

    with tempfile.TemporaryDirectory() as home:
        first = Path(home) / "first"
        first.mkdir()
        with opened(first, disk, is_first=True) as store:
            crash_work(store, 0, turns, tell)
        for number in range(cuts):
            cut = chance.randrange(len(disk.acts) + 1)
            notes = CrashNotes()
            for acts, word, data in said:
                if acts <= cut:
                    notes.note(word, data)
            units += len(notes.acknowledged)
            folder = Path(home) / str(number)
            folder.mkdir()
            for name, content in disk.after_cut(cut, chance).items():
                (folder / name).write_bytes(content)
            try:
                with opened(folder, Disk(), is_first=False) as store:
                    judge_crash(store, 0, notes)
            except Exception as fault:  # noqa: BLE001 - whatever it raises is what the cut did
                told = f"{type(fault).__name__}: {fault}"
                faults.append(f"cut {number}, after {cut} acts: {told}")
    return PowerReport(cuts=cuts, acts=len(disk.acts), units=units, faults=tuple(faults))


class _Opened(Protocol):
    """Opens a store in a folder for the time of a block."""

    def __call__(
        self, folder: Path, disk: Disk, *, is_first: bool
    ) -> AbstractContextManager[Store]: ...


def what_was_acknowledged_outlives_a_power_cut(trial: Trial) -> str:
    """What was acknowledged outlives a power cut at any moment, and nothing is kept by half."""
    factory, cuts = trial.factory, _SUITE * trial.rounds
    if factory.open_on is not None:
        try:
            report = power_cuts(factory.open_on, cuts=cuts, seed=trial.seed)
        except MissingExtra as missing:
            raise NotAsked(str(missing)) from missing
    elif factory.is_in_files and can_record_files():
        report = power_cuts_of_files(factory.open, cuts=cuts, seed=trial.seed)
    else:
        raise NotAsked("power is cut where the factory says `open_on`, or `is_in_files` on Linux")
    holds(not report.faults, f"{len(report.faults)} of {report.cuts} cuts: {report.faults[:1]}")
    return f"{report.cuts} cuts among {report.acts} writes and syncs, {report.units} units, 0 lost"


CHECKS = (
    Check(
        what_was_acknowledged_outlives_a_power_cut.__name__,
        what_was_acknowledged_outlives_a_power_cut,
        Capability.POWER_SAFE,
    ),
)
