"""Broken stores: each breaks one law, and the kit must find it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import attrs

from salescore.storage import Store
from salescore.testing import _broken_answers as answers
from salescore.testing import _broken_disk as disk
from salescore.testing import _broken_events as events
from salescore.testing import _broken_units as units
from salescore.testing._store_factory import StoreFactory


@attrs.frozen
class BrokenStore:
    """
    A store with one fault that real adapters have had.

    Attributes:
        name: Fault, as a Python name.
        law: Check of the kit that must find it; others may find it too.
        open: Opens the store at a place.
    """

    name: str
    law: str
    open: Callable[[str], Store]

    @property
    def fault(self) -> str:
        """Return what it does wrong, in a sentence."""
        said = self._class.__doc__ or ""
        return said.strip().splitlines()[0]

    @property
    def _class(self) -> object:
        return _BY_NAME[self.name]

    def factory(self, folder: Path | str) -> StoreFactory:
        """Return how the kit comes by such stores, with places in a folder."""
        return StoreFactory.in_folder(self.open, folder)


_IN_MEMORY: tuple[tuple[type[Store], str], ...] = (
    (units.LostUpdate, "threads_lose_nothing"),
    (units.HalfUnit, "a_conflict_leaves_nothing"),
    (units.EventsBeforeConflict, "a_conflict_leaves_nothing"),
    (units.HalfLoad, "a_load_is_one_unit"),
    (units.RetryTwice, "a_retry_changes_nothing"),
    (units.AnyContentOfKey, "a_key_stands_for_one_content"),
    (units.ForgottenKey, "a_retry_changes_nothing"),
    (units.SkippedVersions, "versions_count_one_up"),
    (units.ClockAsGiven, "the_clock_never_runs_backwards"),
    (units.WholeSeconds, "instants_are_exact"),
    (units.FloatNumbers, "numbers_are_exact"),
    (units.NormalTexts, "ids_are_texts"),
    (events.GappedPositions, "a_conflict_leaves_nothing"),
    (events.EventsInFlight, "threads_lose_nothing"),
    (answers.FutureLeaks, "the_past_shows_what_was_recorded"),
    (answers.DayIgnored, "a_day_shows_what_held"),
    (answers.TiesSkipped, "cursors_give_each_once"),
    (answers.TiesRepeated, "cursors_give_each_once"),
    (answers.NullsFirst, "answers_are_sorted"),
    (answers.IdsBackwards, "cursors_give_each_once"),
    (answers.UnknownIsYes, "unknown_is_no"),
    (answers.LastPageHasMore, "pages_have_an_end"),
    (answers.StaleRead, "a_read_sees_what_was_acknowledged"),
    (answers.RemovalForgets, "a_removed_record_is_gone"),
    (answers.HistoryNotErased, "personal_data_are_erased"),
    (answers.EventsNotErased, "personal_data_are_erased"),
    (answers.TotalsErased, "totals_outlive_an_erasure"),
    (answers.NeverClosed, "a_closed_store_refuses"),
    (answers.UnitSeenByHalf, "threads_lose_nothing"),
)

_KILL = "what_was_acknowledged_outlives_a_kill"
_ON_DISK: tuple[tuple[type[Store], Callable[[str], Store]], ...] = (
    (disk.LateDisk, disk.late_disk),
    (disk.TornDisk, disk.torn_disk),
    (disk.KeylessDisk, disk.keyless_disk),
)


def broken_stores() -> tuple[BrokenStore, ...]:
    """Return stores that each break one law, so that a kit for stores can be tried itself."""
    return (
        *(BrokenStore(_name(one), law, _opener(one)) for one, law in _IN_MEMORY),
        *(BrokenStore(_name(one), _KILL, opener) for one, opener in _ON_DISK),
    )


def _name(broken: type[Store]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", broken.__name__).lower()


def _opener(broken: Callable[[], Store]) -> Callable[[str], Store]:
    return lambda _: broken()


_BY_NAME = {_name(one): one for one, _ in (*_IN_MEMORY, *_ON_DISK)}
