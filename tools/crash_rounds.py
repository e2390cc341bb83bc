"""
Kill and cut off stores, hundreds of times, and say what was lost.

    python tools/crash_rounds.py               # 200 kills of each store, 300 power cuts
    python tools/crash_rounds.py --rounds 50 --cuts 0 --seed 7 sqlite

A kill ends a process that commits as `kill -9` does, at a random moment; a cut leaves of a local
store what a disk may hold when the power fails. Afterwards everything that was acknowledged must
be there, and nothing by half. The same cuts without syncing must find loss, or they prove nothing.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))  # a script sees its own folder alone

from salescore.storage import JsonLinesStore, PostgresStore, SqliteStore, Store
from salescore.testing import StoreFactory, crash_rounds, power_cuts, power_cuts_of_files
from tools.postgres import PostgresMissing, postgres_cluster

_APART = " schema="
_CUT = ("json_lines", "sqlite")


def open_json_lines(place: str) -> Store:
    """Return the store of JSON lines in a folder."""
    return JsonLinesStore(place)


def open_sqlite(place: str) -> Store:
    """Return the store in one SQLite file."""
    return SqliteStore(place)


def open_postgres(place: str) -> Store:
    """Return the store in a schema of a Postgres database."""
    url, _, schema = place.partition(_APART)
    return PostgresStore(url, schema=schema)


def open_sqlite_on(place: str, connect: Callable[[str], Any]) -> Store:
    """Return the store in one SQLite file, connected to as given."""
    return SqliteStore(place, connect=connect)


@contextmanager
def _places(name: str) -> Iterator[StoreFactory]:
    """Give the factory of a store by its name, for the time of a block."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        match name:
            case "postgres":
                cluster = stack.enter_context(postgres_cluster(is_safe=True))
                counted = itertools.count(1)
                yield StoreFactory(
                    open_postgres, lambda: f"{cluster.url}{_APART}kept_{next(counted)}"
                )
            case "sqlite":
                yield StoreFactory.in_folder(open_sqlite, folder, ".db")
            case _:
                yield StoreFactory.in_folder(open_json_lines, folder, "")


def _kill(name: str, rounds: int, seed: int) -> bool:
    began = time.monotonic()
    try:
        with _places(name) as factory:
            report = crash_rounds(factory, rounds=rounds, seed=seed)
    except PostgresMissing as missing:
        print(f"{name:12} not tried: {missing}")
        return False
    except AssertionError as fault:
        print(f"{name:12} LOST: {fault}")
        return False
    print(
        f"{name:12} {report.rounds} kills, {report.units:,} units acknowledged, 0 lost, "
        f"{report.unanswered} kept without an answer, {time.monotonic() - began:.0f} s",
        flush=True,
    )
    return True


def _cut(name: str, cuts: int, seed: int) -> bool:
    began = time.monotonic()
    if name == "sqlite":
        report, unsynced = (
            power_cuts(open_sqlite_on, cuts=cuts, seed=seed, is_synced=synced)
            for synced in (True, False)
        )
    else:
        report, unsynced = (
            power_cuts_of_files(open_json_lines, cuts=cuts, seed=seed, is_synced=synced)
            for synced in (True, False)
        )
    print(
        f"{name:12} {report.cuts} power cuts among {report.acts:,} writes and syncs, "
        f"{report.units:,} units acknowledged, {len(report.faults)} cuts with loss; "
        f"without syncing {len(unsynced.faults)} of {unsynced.cuts}, "
        f"{time.monotonic() - began:.0f} s",
        flush=True,
    )
    for fault in report.faults[:3]:
        print(f"{'':12} {fault}")
    return not report.faults and bool(unsynced.faults)


def main() -> int:
    """Return 0 where nothing was lost."""
    parser = argparse.ArgumentParser(description="Kill and cut off stores, and say what was lost.")
    names = ("json_lines", "sqlite", "postgres")
    parser.add_argument("stores", nargs="*", choices=[*names, []], help="all, where none is named")
    parser.add_argument("--rounds", type=int, default=200, help="kills of each store")
    parser.add_argument("--cuts", type=int, default=300, help="power cuts of each local store")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    chosen = given.stores or names
    results = [_kill(name, given.rounds, given.seed) for name in chosen if given.rounds]
    results += [
        _cut(name, given.cuts, given.seed) for name in chosen if given.cuts and name in _CUT
    ]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
