"""Power cuts: the disk that is written down, and the stores that it is cut off from."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from salescore.storage import JsonLinesStore, SqliteStore
from salescore.testing import power_cuts, power_cuts_of_files
from salescore.testing._power_disk import Act, Disk, Kind
from salescore.testing._power_files import recorded_files

_NEW = Act(Kind.SYNC, "f")


def _images(*acts: Act) -> set[tuple[tuple[str, bytes], ...]]:
    """Return all that a disk was seen to hold after a cut behind the last act."""
    disk = Disk(list(acts))
    return {
        tuple(sorted(disk.after_cut(len(acts), random.Random(seed)).items()))  # noqa: S311 - no secret
        for seed in range(200)
    }


def test_what_was_synced_is_there() -> None:
    """Of a synced file everything is there, whatever chance says."""
    written = Act(Kind.WRITE, "f", 0, b"abc")
    assert _images(written, Act(Kind.WRITE, "f", 5, b"x"), _NEW) == {(("f", b"abc\0\0x"),)}
    assert _images(written, Act(Kind.TRUNCATE, "f", 1), _NEW) == {(("f", b"a"),)}
    assert _images(Act(Kind.TRUNCATE, "f", 2), _NEW) == {(("f", b"\0\0"),)}
    assert _images(Act(Kind.SYNC, "f")) == {(("f", b""),)}


def test_what_was_not_synced_may_be_lost_torn_or_in_another_order() -> None:
    """Of two unsynced writes either, both or none is there, and of a long one any sectors."""
    first, second = Act(Kind.WRITE, "f", 0, b"aa"), Act(Kind.WRITE, "f", 1, b"bb")
    assert _images(_NEW, first, second) == {
        (("f", b""),),
        (("f", b"aa"),),
        (("f", b"\0bb"),),
        (("f", b"abb"),),
    }
    long = Act(Kind.WRITE, "f", 0, b"x" * 1024)
    half = {(("f", b"x" * 512),), (("f", b"\0" * 512 + b"x" * 512),)}
    assert half < _images(_NEW, long)


def test_a_deletion_lasts_once_its_folder_is_synced() -> None:
    """A deleted file may come back, until a new file beside it was synced."""
    born = (Act(Kind.WRITE, "f", 0, b"a"), _NEW)
    gone = Act(Kind.DELETE, "f")
    assert _images(*born, gone) == {(("f", b"a"),), ()}
    beside = Act(Kind.SYNC, "g")
    assert _images(*born, gone, beside) == {(("g", b""),)}


def test_a_new_name_lasts_once_its_folder_is_synced() -> None:
    """After a rename the file is the old or the new one, and empty where the new was not synced."""
    born = (Act(Kind.WRITE, "f", 0, b"old"), _NEW)
    new = (Act(Kind.WRITE, "n", 0, b"new"), Act(Kind.SYNC, "n"))
    named = Act(Kind.RENAME, "n", data=b"f")
    folder = Act(Kind.FOLDER, ".")
    assert _images(*born, *new, named) == {(("f", b"new"),), (("f", b"old"), ("n", b"new"))}
    assert _images(*born, *new, named, folder) == {(("f", b"new"),)}
    assert (("f", b""),) in _images(*born, new[0], named, folder)
    longer = Act(Kind.WRITE, "f", 3, b"er")
    assert _images(*born, *new, named, longer, _NEW) == {(("f", b"newer"),)}
    assert _images(*born, Act(Kind.WRITE, "f", 0, b"x"), Act(Kind.NOTHING, "f")) == {
        (("f", b"old"),),
        (("f", b"xld"),),
    }


def test_what_python_does_to_files_is_written_down(tmp_path: Path) -> None:
    """Writes, cuts, syncs, new names and deletions of one folder are seen, those of others not."""
    disk, folder, other = Disk(), tmp_path / "here", tmp_path / "there"
    folder.mkdir()
    other.mkdir()
    with recorded_files(folder, disk):
        for place in (folder, other):
            file = os.open(place / "a", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            os.write(file, b"abc")
            os.ftruncate(file, 2)
            with open(os.dup(file), "ab") as beside:  # noqa: PTH123 - a descriptor has no path
                beside.write(b"z")
            os.fsync(file)
            os.close(file)
            (place / "a").replace(place / "b")
            (place / "b").rename(place / "c")
            (place / "c").unlink()
            handle = os.open(place, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)
    assert [(act.kind, act.file, act.offset, act.data) for act in disk.acts] == [
        (Kind.TRUNCATE, "a", 0, b""),
        (Kind.WRITE, "a", 0, b"abc"),
        (Kind.TRUNCATE, "a", 2, b""),
        (Kind.TRUNCATE, "a", 0, b""),
        (Kind.WRITE, "a", 0, b"abz"),
        (Kind.SYNC, "a", 0, b""),
        (Kind.RENAME, "a", 0, b"b"),
        (Kind.RENAME, "b", 0, b"c"),
        (Kind.DELETE, "c", 0, b""),
        (Kind.FOLDER, ".", 0, b""),
    ]


@pytest.mark.slow
def test_json_lines_lose_nothing_and_without_syncing_they_do() -> None:
    """The store of plain files outlives every cut; where its syncs do not count, loss is found."""
    synced = power_cuts_of_files(JsonLinesStore, cuts=30)
    assert synced.faults == ()
    assert synced.units > 100
    loose = power_cuts_of_files(JsonLinesStore, cuts=10, is_synced=False)
    assert len(loose.faults) > 3


@pytest.mark.engine
@pytest.mark.slow
def test_sqlite_loses_nothing_and_without_syncing_it_does() -> None:
    """A store that syncs outlives every cut; the same cuts find loss where it may not sync."""

    def on(place: str, connect: Callable[[str], Any]) -> SqliteStore:
        return SqliteStore(place, connect=connect)

    synced = power_cuts(on, cuts=30)
    assert synced.faults == ()
    assert synced.units > 100
    loose = power_cuts(on, cuts=10, is_synced=False)
    assert len(loose.faults) > 3


@pytest.mark.engine
def test_a_store_that_cannot_be_opened_after_a_cut_is_a_fault() -> None:
    """Whatever opening raises is told, with the cut at which it happened."""
    openings = 0

    def on(place: str, connect: Callable[[str], Any]) -> SqliteStore:
        nonlocal openings
        openings += 1
        if openings > 1:
            raise OSError("no such disk")
        return SqliteStore(place, connect=connect)

    report = power_cuts(on, cuts=2, turns=1)
    assert [fault.partition(": ")[2] for fault in report.faults] == ["OSError: no such disk"] * 2
