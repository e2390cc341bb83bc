from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.entities import RECORD_TABLES, Customer, CustomerId, Event, EventId, Team, TeamId
from salescore.errors import InvalidValue, KeyReused, StoreBusy, StoreFailed, StoreRefused
from salescore.plain import (
    CustomFields,
    FieldTable,
    Kind,
    PersonalData,
    Upcaster,
    Upcasters,
    about,
    check_record,
    custom_field,
    custom_values,
    field_table,
)
from salescore.storage import Capability, JsonLinesStore, Moment, Query, Store, Unit
from salescore.storage._checks import RecordTypes
from salescore.storage._entry import Appended, Change, Entry
from salescore.storage._journal import Journal, replace_journal
from salescore.storage._journal_lines import _sealed, entry_line, header_line, read_entry
from salescore.storage._lock import MarkerLock, RegionLock, _wait
from salescore.testing import records

NOON = datetime(2017, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ANN = Customer(id=CustomerId("C-1"), name="Ann", phone="5")
CALLED = Event(
    id=EventId("e-1"), name="called", happened_at=NOON, record="customers", subject="C-1", actor="R"
)
FIELDS = CustomFields.of({"teams": [custom_field("motto", Kind.TEXT, "Motto", "口号")]})


def unit(at: datetime = NOON, key: str | None = None) -> Unit:
    """Return an empty unit."""
    return Unit(recorded_at=at, key=key)


def team(name: str, id: str = "t") -> Team:  # noqa: A002 - the word for it everywhere
    """Return a team of that name."""
    return Team(id=TeamId(id), name=name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the place of a store that is not there yet."""
    return tmp_path / "facts"


@contextlib.contextmanager
def opened(folder: Path, **how: Any) -> Iterator[JsonLinesStore]:  # noqa: ANN401 - what the store takes
    """Open a store for a while."""
    store = JsonLinesStore(folder, **how)
    try:
        yield store
    finally:
        store.close()


def fill(folder: Path) -> Path:
    """Keep three units in a folder, and return its journal."""
    with opened(folder) as store:
        store.commit(unit(key="k").put(ANN, team("A")).append([CALLED]))
        store.commit(unit(NOON + DAY).put(team("B"), effective_on=date(2017, 6, 1)))
        store.commit(unit(NOON + 2 * DAY).remove("customers", "C-1"))
    return folder / "journal.jsonl"


def everything(store: Store) -> object:
    """Return all that these tests keep."""
    return (
        [store.versions("teams", one) for one in "tuvw"],
        store.versions("customers", "C-1"),
        store.read("customers", "C-1"),
        store.read("customers", "C-1", Moment(recorded=NOON)),
        store.events(),
    )


def refusal(folder: Path) -> str:
    """Return why a folder is refused."""
    with pytest.raises(StoreRefused) as caught:
        JsonLinesStore(folder)
    assert str(folder) in str(caught.value)
    return caught.value.fault


# ── Lasting ──────────────────────────────────────────────────────────────────────────────────


def test_what_was_kept_is_there_after_opening_again(folder: Path) -> None:
    """Versions, removals, events, keys and the number of units last."""
    fill(folder)
    with opened(folder) as store, opened(folder) as twin:
        assert everything(store) == everything(twin)
        assert [one.record.name for one in store.versions("teams", "t")] == ["A", "B"]
        assert store.read("customers", "C-1") is None
        again = store.commit(unit(key="k").put(ANN, team("A")).append([CALLED]))
        assert (again.is_repeat, again.position, again.events) == (True, 1, (1,))
        assert store.commit(unit().put(team("C"))).position == 4
        assert store.commit(unit().put(team("C"))).recorded_at == NOON + 2 * DAY


def test_erasures_last(folder: Path) -> None:
    """What was erased is nowhere in the files, and retries are still known."""
    journal = fill(folder)
    assert '"Ann"' in journal.read_text(encoding="utf-8")
    with opened(folder) as store:
        assert store.erase("customers", "C-1", recorded_at=NOON) == 2
    text = "".join(one.read_text(encoding="utf-8") for one in folder.iterdir())
    assert '"Ann"' not in text
    assert '"actor"' not in text
    first = json.loads((folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()[1])
    assert len(first["digest"]) == 64  # the half over personal data is gone too
    with opened(folder) as store:
        assert store.erase("customers", "C-1", recorded_at=NOON) == 0
        assert store.commit(unit(key="k").put(ANN, team("A")).append([CALLED])).is_repeat
        assert store.commit(unit().append([CALLED])).events == (1,)
        with pytest.raises(KeyReused):
            store.commit(unit(key="k").put(ANN, team("B")).append([CALLED]))


def test_a_person_can_read_the_journal(folder: Path) -> None:
    """It is JSON, a line a unit, without nulls and without escapes of other scripts."""
    with opened(folder) as store:
        store.commit(unit().put(team("华东")))
    header, line = (folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(header)["journal"] == "salescore/journal"
    said = json.loads(line)
    assert "华东" in line
    assert said["unit"] == 1
    assert said["recorded_at"] == "2017-03-01T12:00:00Z"
    assert said["changes"] == [
        {"version": 1, "put": {"type": "teams", "version": 1, "data": {"id": "t", "name": "华东"}}}
    ]


@given(
    st.sampled_from(RECORD_TABLES).flatmap(lambda table: st.tuples(st.just(table), records(table)))
)
def test_any_record_survives_its_line(drawn: tuple[FieldTable, Any]) -> None:
    """Whatever a record holds that a store keeps, its line gives it back."""
    table, record = drawn
    types = RecordTypes.of()
    if table.name == "events":
        entry = Entry(position=1, recorded_at=NOON, events=(Appended(1, record),))
    else:
        change = Change(table.name, record.id, record, 1, None)
        entry = Entry(position=1, recorded_at=NOON, changes=(change,))
    line = entry_line(entry, types)
    assert line.count(b"\n") == 1
    assert read_entry(line[:-1], 2, types, Upcasters()) == entry


def test_registered_fields_last(folder: Path) -> None:
    """They come back where they are registered; where they are not, the line is named."""
    motto = attrs.evolve(team("A"), custom=custom_values(motto="line\nend \u2028 \x85"))
    with opened(folder, custom_fields=FIELDS) as store:
        store.commit(unit().put(motto))
    with opened(folder, custom_fields=FIELDS) as store:
        kept = store.read("teams", "t")
        assert kept is not None
        assert kept.record == motto
    fault = refusal(folder)
    assert "line 2" in fault
    assert "motto" in fault


# ── Crashes ──────────────────────────────────────────────────────────────────────────────────


def test_a_torn_last_line_is_dropped(folder: Path, tmp_path: Path) -> None:
    """Wherever the last line was cut, the units before it are kept and the next one follows."""
    whole = fill(folder).read_bytes()
    start = whole.rindex(b"\n", 0, -1) + 1
    for place in range(start, len(whole), 7):
        torn = tmp_path / f"torn-{place}"
        torn.mkdir()
        (torn / "journal.jsonl").write_bytes(whole[:place])
        with opened(torn) as store:
            kept = store.read("customers", "C-1")
            assert kept is not None
            assert kept.record == ANN
            assert (torn / "journal.jsonl").read_bytes() == whole[:place]
            answer = store.commit(unit(NOON + 2 * DAY).remove("customers", "C-1"))
            assert answer.position == 3
        assert (torn / "journal.jsonl").read_bytes() == whole


def test_nothing_of_a_torn_line_stays_behind_a_shorter_one(folder: Path) -> None:
    """The torn end is taken away before the next line is written."""
    journal = fill(folder)
    with journal.open("ab") as file:
        file.write(b'{"unit":4,' + b"x" * 5000)
    with opened(folder) as store:
        store.commit(unit(NOON + 3 * DAY).put(team("C")))
        store.commit(unit(NOON + 3 * DAY).put(team("D")))
    assert b"xxx" not in journal.read_bytes()
    with opened(folder) as store:
        assert [one.record.name for one in store.versions("teams", "t")] == list("ABCD")


def test_a_last_line_with_zeros_is_torn(folder: Path) -> None:
    """A power cut leaves zeros where nothing was written, the end of the line perhaps in place."""
    journal = fill(folder)
    whole = journal.read_bytes()
    journal.write_bytes(whole[:-40] + b"\0" * 39 + b"\n")
    with opened(folder) as store:
        assert store.read("customers", "C-1") is not None
        store.commit(unit(NOON + 2 * DAY).remove("customers", "C-1"))
    assert journal.read_bytes() == whole


def test_damage_is_found_and_named(folder: Path) -> None:
    """A letter changed anywhere in a whole line refuses the store and names the line."""
    journal = fill(folder)
    lines = journal.read_bytes().splitlines(keepends=True)
    for number in range(2, len(lines) + 1):
        before = b"".join(lines[: number - 1])
        for place in range(0, len(lines[number - 1]) - 1, 11):
            line = bytearray(lines[number - 1])
            line[place] ^= 1
            if b"\n" in line[:-1]:
                continue
            journal.write_bytes(before + bytes(line) + b"".join(lines[number:]))
            assert f"line {number}" in refusal(folder)


def test_a_line_that_is_missing_or_moved_is_found(folder: Path) -> None:
    """Each line has a number, so none can be taken out, put twice or exchanged."""
    journal = fill(folder)
    header, one, two, three = journal.read_bytes().splitlines(keepends=True)
    for wrong, where in [
        ([header, one, three], "line 3"),
        ([header, two, three], "line 2"),
        ([header, one, one, two, three], "line 3"),
        ([header, one, three, two], "line 3"),
        ([one, two, three], "line 1"),
    ]:
        journal.write_bytes(b"".join(wrong))
        assert where in refusal(folder)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "empty"),
        (b'{"journal":"salescore/jour', "empty"),
        (b"id,name\n1,x\n", "no object"),
        (b"[]\n", "no object"),
        (b'{"a":1}\n', "no journal"),
        (b'{"journal":"salescore/journal","form":"1"}\n', "no number"),
        (b'{"journal":"salescore/journal","form":0}\n', "no number"),
        (b'{"journal":"salescore/journal","form":1}\n', "damaged"),
        (b'{"journal":"salescore/journal","form":2,"seal":"x"}\n', "newer release"),
        (b"\xff\n", "no object"),
        (b"[" * 100_000 + b"\n", "no object"),
    ],
)
def test_what_is_no_journal_of_ours_is_refused(folder: Path, text: bytes, words: str) -> None:
    """An empty file, another file and one of a newer form are left as they are."""
    folder.mkdir()
    (folder / "journal.jsonl").write_bytes(text)
    assert words in refusal(folder)
    assert (folder / "journal.jsonl").read_bytes() == text


def sealed(said: dict[str, object]) -> bytes:
    """Return a line with a right checksum, whatever it says."""
    return _sealed(said)


TEAM = {"type": "teams", "version": 1, "data": {"id": "t", "name": "A"}}
FIRST: dict[str, object] = {"unit": 1, "recorded_at": "2017-03-01T12:00:00Z"}
EVENT = {"type": "events", "version": 1, "data": {"id": "e", "name": "x", "happened_at": "2017-03-01T12:00:00Z"}}  # fmt: skip # noqa: E501 - data


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"unit": 1}, "recorded_at"),
        (FIRST | {"more": 1}, "more"),
        (FIRST | {"unit": "1"}, "whole number"),
        (FIRST | {"unit": 2}, "after unit 0"),
        (FIRST | {"recorded_at": "yesterday"}, "yesterday"),
        (FIRST | {"changes": [{"version": 1}]}, "removed"),
        (FIRST | {"changes": [{"version": 1, "remove": ["people", "1"]}]}, "removed"),
        (FIRST | {"changes": [{"version": 2, "put": TEAM}]}, "version 2 of teams 't' follows"),
        (FIRST | {"changes": [{"version": 1, "put": EVENT}]}, "no change"),
        (FIRST | {"changes": [{"version": 1, "put": TEAM | {"version": 2}}]}, "newer release"),
        (FIRST | {"changes": [{"version": 1, "put": TEAM | {"type": "people"}}]}, "people"),
        (FIRST | {"changes": [{"version": 1, "put": TEAM, "effective_on": "x"}]}, "effective_on"),
        (FIRST | {"events": [{"position": 1, "append": TEAM}]}, "only events"),
        (FIRST | {"events": [{"position": 2, "append": EVENT}]}, "event 2 follows"),
        (FIRST | {"events": [{"position": 1}]}, "event 1 follows"),
        (FIRST | {"events": [{"position": 0}]}, "event 0 follows"),
    ],
)
def test_a_line_must_say_what_can_follow(folder: Path, said: dict[str, object], words: str) -> None:
    """A right checksum is not enough: numbers, types and fields are checked too."""
    folder.mkdir()
    (folder / "journal.jsonl").write_bytes(header_line() + sealed(said))
    fault = refusal(folder)
    assert "line 2" in fault
    assert words in fault


def test_time_that_runs_backwards_is_damage(folder: Path) -> None:
    """A later line cannot have been recorded earlier."""
    folder.mkdir()
    second = FIRST | {"unit": 2, "recorded_at": "2017-03-01T11:59:59Z"}
    (folder / "journal.jsonl").write_bytes(header_line() + sealed(FIRST) + sealed(second))
    assert "line 3: it was recorded before" in refusal(folder)


WRITER = """
import sys
from datetime import UTC, datetime
from salescore.entities import Team, TeamId
from salescore.errors import VersionConflict
from salescore.storage import JsonLinesStore, Unit

folder, me, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = JsonLinesStore(folder, busy_timeout=60)
print("open", flush=True)
done = 0
while done != rounds:
    kept = store.read("teams", "t")
    name = me if kept is None else kept.record.name + me
    unit = Unit(recorded_at=datetime(2017, 3, 1, tzinfo=UTC), key=f"{me}-{done}")
    try:
        team = Team(id=TeamId("t"), name=name)
        store.commit(unit.put(team, expected=0 if kept is None else kept.version))
    except VersionConflict:
        continue
    done += 1
    print(done, flush=True)
"""


def start(folder: Path, me: str, rounds: int) -> subprocess.Popen[str]:
    """Start a process that writes to a folder."""
    command = [sys.executable, "-c", WRITER, str(folder), me, str(rounds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_processes_lose_no_change(folder: Path) -> None:
    """Of several processes that change one record each change is kept once, in versions 1, 2, 3."""
    writers = [start(folder, me, 15) for me in "abc"]
    for writer in writers:
        writer.communicate(timeout=120)
        assert writer.returncode == 0
    with opened(folder) as store:
        versions = store.versions("teams", "t")
        assert [one.version for one in versions] == list(range(1, 46))
        assert sorted(versions[-1].record.name) == sorted("abc" * 15)


def test_nothing_acknowledged_is_lost_when_a_writer_is_killed(folder: Path) -> None:
    """Whenever it dies, every unit that it saw acknowledged is there, and at most one more."""
    for me, after in [("a", 1), ("b", 3), ("c", 8)]:
        writer = start(folder, me, -1)
        with writer, opened(folder) as store:
            assert writer.stdout is not None
            before = len(store.versions("teams", "t"))
            seen = [writer.stdout.readline() for _ in range(after + 1)]
            writer.kill()
            seen += writer.stdout.readlines()
            acknowledged = [int(line) for line in seen if line.strip().isdigit()]
            assert len(acknowledged) >= after
            found = len(store.versions("teams", "t")) - before
            assert found in (len(acknowledged), len(acknowledged) + 1)


# ── Several at once ──────────────────────────────────────────────────────────────────────────


def test_each_sees_at_once_what_others_wrote(folder: Path) -> None:
    """Two stores of one folder read each other's units, erasures and compactions."""
    with opened(folder) as one, opened(folder) as two:
        one.commit(unit().put(ANN, team("A")))
        assert everything(two) == everything(one)
        two.commit(unit().put(team("B"), expected=1))
        assert everything(two) == everything(one)
        one.erase("customers", "C-1", recorded_at=NOON)
        assert everything(two) == everything(one)
        two.compact()
        assert one.commit(unit().put(team("C"), expected=2)).position == 3
        assert everything(two) == everything(one)


def test_an_erasure_by_others_is_seen_though_the_file_has_the_same_size(folder: Path) -> None:
    """A name of six letters becomes the word "erased", and every other byte stays."""
    with opened(folder) as one, opened(folder) as two:
        one.commit(unit().put(Customer(id=CustomerId("C-1"), name="Annika")))
        assert two.read("customers", "C-1") == one.read("customers", "C-1")
        size = (folder / "journal.jsonl").stat().st_size
        one.erase("customers", "C-1", recorded_at=NOON)
        assert (folder / "journal.jsonl").stat().st_size == size
        kept = two.read("customers", "C-1")
        assert kept is not None
        assert kept.record.name == "erased"


def test_a_folder_that_others_keep_locked_is_busy(folder: Path) -> None:
    """While others read or write nobody else writes; what they begin to write is waited for."""
    with opened(folder, busy_timeout=0.01) as store:
        store.commit(unit().put(ANN))
        lock = RegionLock(folder / "lock", "other")
        for shared in (True, False):
            lock.acquire(0, shared=shared)
            assert store.read("customers", "C-1") is not None
            with pytest.raises(StoreBusy, match=r"0\.01 s"):
                store.commit(unit().put(team("A")))
            lock.release()
        lock.acquire(0, shared=False)
        with (folder / "journal.jsonl").open("ab") as file:
            file.write(b"{")
        with pytest.raises(StoreBusy):
            store.events()
        with pytest.raises(StoreBusy):
            JsonLinesStore(folder, busy_timeout=0)
        lock.close()
        assert store.events() == ()
        assert store.commit(unit().put(team("A"))).position == 2


def test_what_a_crash_left_of_a_new_journal_is_written_over(folder: Path) -> None:
    """Half of a journal written anew is no harm, and no copy of erased data stays in it."""
    journal = fill(folder)
    (folder / "journal.jsonl.new").write_bytes(journal.read_bytes()[:-9])
    with opened(folder) as store:
        assert store.read("teams", "t") is not None
        store.erase("customers", "C-1", recorded_at=NOON)
    assert {one.name for one in folder.iterdir()} == {"journal.jsonl", "lock"}
    assert b'"Ann"' not in journal.read_bytes()


def test_threads_wait_no_longer_than_said(folder: Path) -> None:
    """A store that another thread uses is busy after the same time."""
    with opened(folder, busy_timeout=0.01) as store:
        with store._threads, pytest.raises(StoreBusy, match="threads"):
            store.events()
        assert store.events() == ()


def test_waiting_ends_with_the_lock_or_the_time() -> None:
    """A lock that comes free is taken, and one that does not is given up."""
    tries = iter([False, False, True])
    _wait(lambda: next(tries), 60, "s", "held")
    assert next(tries, None) is None
    with pytest.raises(StoreBusy, match="held; waited 0 s"):
        _wait(lambda: False, 0, "s", "held")


def test_a_marker_is_a_lock_where_there_is_no_other(folder: Path) -> None:
    """It names who holds it and what to do, lets go, and a store works with it, unshared."""
    with opened(folder) as store:
        assert store.capabilities == {
            Capability.DURABLE,
            Capability.POWER_SAFE,
            Capability.SHARED,
        }
        marker = MarkerLock(folder / "lock.held", "s")
        store._lock = marker
        assert Capability.SHARED not in store.capabilities
        assert store.commit(unit().put(ANN)).position == 1
        assert not (folder / "lock.held").exists()
        other = MarkerLock(folder / "lock.held", "s")
        marker.acquire(0, shared=True)
        with pytest.raises(StoreBusy, match=f"process {os.getpid()}.*delete the file lock.held"):
            other.acquire(0.001, shared=True)
        marker.release()
        marker.release()
        other.acquire(0, shared=False)
        other.release()


def test_a_store_is_not_carried_into_another_process(folder: Path) -> None:
    """After a fork the child is told to open its own."""
    with opened(folder) as store:
        store._process = -1
        with pytest.raises(StoreRefused, match="fork"):
            store.events()


# ── Disks that are full or gone ──────────────────────────────────────────────────────────────


@contextlib.contextmanager
def full_disk(journal: Path) -> Iterator[None]:
    """Let no file grow beyond the journal's size and a little, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (journal.stat().st_size + 10, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_unit_that_finds_no_room_is_not_kept(folder: Path) -> None:
    """The file is as before, the store goes on, and the same unit can be given again."""
    journal = fill(folder)
    before = journal.read_bytes()
    with opened(folder) as store, opened(folder) as other:
        state = everything(store)
        given_unit = unit(key="again").put(team("Z", "z"))
        with full_disk(journal):
            with pytest.raises(StoreFailed, match="nothing could be written"):
                store.commit(given_unit)
            assert journal.read_bytes() == before
            assert everything(store) == state == everything(other)
        assert store.commit(given_unit).position == 4
        assert everything(store) == everything(other)


def test_an_erasure_that_finds_no_room_changes_nothing(folder: Path) -> None:
    """The journal is as before, no half file stays, and a second attempt succeeds."""
    journal = fill(folder)
    with opened(folder) as store:
        store.commit(unit().put(attrs.evolve(ANN, needs="x" * 50)))
        before, state = journal.read_bytes(), everything(store)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200, hard))
        try:
            with pytest.raises(StoreFailed, match="anew"):
                store.erase("customers", "C-1", recorded_at=NOON)
            with pytest.raises(StoreFailed, match="anew"):
                store.compact()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert journal.read_bytes() == before
        assert {one.name for one in folder.iterdir()} == {"journal.jsonl", "lock"}
        assert everything(store) == state
        assert store.erase("customers", "C-1", recorded_at=NOON) == 3


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a disk of 64 KiB, or a folder where the system lets us mount none."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    try:
        is_mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        is_mounted = False
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    if not is_mounted:
        resource.setrlimit(resource.RLIMIT_FSIZE, (32_768, hard))
    yield place
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    if is_mounted:
        subprocess.run(["umount", str(place)], check=True)  # noqa: S607 - wherever the system has it


def test_a_full_disk_loses_nothing(small_disk: Path) -> None:
    """Units are kept until the disk is full, then refused; all that were kept are there."""
    folder = small_disk / "facts"
    with opened(folder) as store:
        kept = 0

        def write() -> None:
            nonlocal kept
            while kept < 1000:
                store.commit(unit().put(team("x" * 3000, f"t-{kept}"), expected=0))
                kept += 1

        with pytest.raises(StoreFailed):
            write()
        assert 3 < kept < 30
        with pytest.raises(StoreFailed):
            store.commit(unit().put(team("x" * 30_000, "t-long")))
        assert len(store.find(Query(records="teams")).kept) == kept
    with opened(folder) as store:
        assert len(store.find(Query(records="teams")).kept) == kept


def test_a_journal_that_is_gone_or_shorter_is_found(folder: Path) -> None:
    """Whoever deletes or cuts the file under an open store is not written over."""
    journal = fill(folder)
    whole = journal.read_bytes()
    with opened(folder) as store:
        os.truncate(journal, len(whole) - 5)
        with pytest.raises(StoreRefused, match="has lost"):
            store.commit(unit().put(team("C")))
        journal.unlink()
        with pytest.raises(StoreFailed, match="cannot be found"):
            store.events()
        journal.write_bytes(whole)
        assert len(store.events()) == 1


def test_places_that_cannot_be_a_store(tmp_path: Path) -> None:
    """A file, a place below a file and a journal or lock that is a folder are refused."""
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    with pytest.raises(StoreRefused, match="name a folder"):
        JsonLinesStore(file)
    with pytest.raises(StoreFailed, match="cannot be made"):
        JsonLinesStore(file / "below")
    (tmp_path / "one" / "journal.jsonl").mkdir(parents=True)
    with pytest.raises(StoreFailed, match="cannot be opened"):
        JsonLinesStore(tmp_path / "one")
    (tmp_path / "two" / "lock").mkdir(parents=True)
    with pytest.raises(StoreFailed, match="lock"):
        JsonLinesStore(tmp_path / "two")
    for wrong in (-1, float("inf"), 1e10):
        with pytest.raises(InvalidValue, match="busy_timeout"):
            JsonLinesStore(tmp_path / "three", busy_timeout=wrong)


def test_a_path_that_names_no_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path that is empty by mistake makes no store where the program happens to run."""
    monkeypatch.chdir(tmp_path)
    for nowhere in ("", "facts\0"):
        with pytest.raises(InvalidValue, match="path"):
            JsonLinesStore(nowhere)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_read_or_replaced(tmp_path: Path) -> None:
    """What the system says stands in our error."""
    journal = tmp_path / "j"
    replace_journal(journal, [b"one\n", b"two\n"], "s")
    found = Journal(journal, "s")
    assert list(found.tail()) == [b"one", b"two"]
    assert list(found.tail()) == []
    assert (found.lines, found.end) == (2, 8)
    found.close()
    with pytest.raises(StoreFailed, match="cannot be read"):
        list(found.every())
    with pytest.raises(StoreFailed, match="anew"):
        replace_journal(tmp_path / "none" / "j", [], "s")

    def failing(error: Exception) -> Iterator[bytes]:
        yield b"x"
        raise error

    for error in (KeyReused("event id", "e"), StoreFailed("s", "the old one cannot be read")):
        with pytest.raises(type(error)) as caught:
            replace_journal(journal, failing(error), "s")
        assert caught.value is error
    assert journal.read_bytes() == b"one\ntwo\n"
    assert [one.name for one in tmp_path.iterdir()] == ["j"]


# ── Older forms ──────────────────────────────────────────────────────────────────────────────


@attrs.frozen(kw_only=True)
class OldNote:
    """A note, as an application first had it."""

    id: Annotated[TeamId, about("Note id", "编号")]
    text: Annotated[str, about("Text", "文本")]
    custom: tuple[()] = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Note:
    """A note, as the application has it now."""

    id: Annotated[TeamId, about("Note id", "编号")]
    title: Annotated[str, about("Title", "标题")]
    body: Annotated[str, about("Body", "正文", personal=PersonalData.FREE_TEXT)]
    custom: tuple[()] = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


def split(data: dict[str, Any]) -> dict[str, object]:
    """Bring a note up to date."""
    title, _, body = data.pop("text").partition(": ")
    return data | {"title": title, "body": body}


OLD, NEW = field_table(OldNote, "notes", 1), field_table(Note, "notes", 2)
STEPS = Upcasters.of([Upcaster("notes", 1, split)])


def test_records_of_older_versions_are_brought_up_to_date(folder: Path) -> None:
    """They are read through the upcasters; compacting keeps them in the new form for good."""
    with opened(folder, tables=[OLD]) as store:
        store.commit(unit().put(OldNote(id=TeamId("n"), text="Tea: with milk")))
    assert "no upcaster" in refused(folder, [NEW])
    with opened(folder, tables=[NEW], upcasters=STEPS) as store:
        kept = store.read("notes", "n")
        assert kept is not None
        assert kept.record == Note(id=TeamId("n"), title="Tea", body="with milk")
        assert '"text"' in (folder / "journal.jsonl").read_text(encoding="utf-8")
        store.compact()
        assert store.read("notes", "n") == kept
    assert '"text"' not in (folder / "journal.jsonl").read_text(encoding="utf-8")
    with opened(folder, tables=[NEW]) as store:
        assert store.read("notes", "n") == kept
        assert store.erase("notes", "n", recorded_at=NOON) == 1
    assert "newer release" in refused(folder, [OLD])


def refused(folder: Path, tables: list[FieldTable]) -> str:
    """Return why a folder is refused with such record types."""
    with pytest.raises(StoreRefused, match="line 2") as caught:
        JsonLinesStore(folder, tables=tables)
    return caught.value.fault


def test_compacting_changes_nothing_that_can_be_read(folder: Path) -> None:
    """The history is the same, the torn end is gone, and units go on being counted."""
    journal = fill(folder)
    with journal.open("ab") as file:
        file.write(b'{"unit":4,')
    with opened(folder) as store:
        before = everything(store)
        store.compact()
        assert everything(store) == before
        assert journal.read_bytes().endswith(b'"}\n')
        assert store.commit(unit().put(team("C"))).position == 4
    with opened(folder) as store:
        assert [one.version for one in store.versions("teams", "t")] == [1, 2, 3]
