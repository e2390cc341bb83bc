"""SQLite on a disk that is written down: a virtual file system, and connections as of sqlite3."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from typing import Any

from salescore.errors import MissingExtra
from salescore.testing._power_disk import Act, Disk, Kind

try:
    import apsw
except ModuleNotFoundError:  # pragma: no cover - the projects's own environment has it
    raise MissingExtra("apsw", "testing") from None

_COUNTED = itertools.count(1)


@contextmanager
def recorded_sqlite(disk: Disk, *, is_synced: bool = True) -> Generator[Callable[[str], Any]]:
    """
    Give a way to connect to SQLite that writes down what happens to the files.

    Args:
        disk: Where it is written down.
        is_synced: Whether the store may sync its files; without it each `PRAGMA synchronous` is
            turned off, so that a proof can be seen to fail.
    """
    files = _Files(f"salescore-{next(_COUNTED)}", disk)

    def connect(path: str) -> _Connection:
        return _Connection(apsw.Connection(path, vfs=files.name), is_synced=is_synced)

    try:
        yield connect
    finally:
        files.unregister()


class _Files(apsw.VFS):
    """The ordinary files, with each change written down before it is made."""

    def __init__(self, name: str, disk: Disk) -> None:
        super().__init__(name, "")
        self.name = name
        self.disk = disk

    def xOpen(self, name: Any, flags: list[int]) -> _File:  # noqa: ANN401, N802 - SQLite's own
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        return _File(name, flags, os.path.basename(path or "temporary"), self.disk)  # noqa: PTH119 - a text

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: FBT001, N802 - SQLite's own
        name = os.path.basename(filename)  # noqa: PTH119 - as above
        self.disk.acts.append(Act(Kind.DELETE, name))
        if syncdir:
            self.disk.acts.append(Act(Kind.SYNC, name))
        super().xDelete(filename, syncdir)


class _File(apsw.VFSFile):
    def __init__(self, name: Any, flags: list[int], short: str, disk: Disk) -> None:  # noqa: ANN401 - SQLite's own
        super().__init__("", name, flags)
        self.short = short
        self.disk = disk

    def xWrite(self, data: Any, offset: int) -> None:  # noqa: ANN401, N802 - SQLite's own
        self.disk.acts.append(Act(Kind.WRITE, self.short, offset, bytes(data)))
        super().xWrite(data, offset)  # pyright: ignore[reportUnknownMemberType] - apsw leaves it open

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 - as above
        self.disk.acts.append(Act(Kind.TRUNCATE, self.short, newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802 - as above
        super().xSync(flags)
        self.disk.acts.append(Act(Kind.SYNC, self.short))


class _Connection:
    """As much of a connection of sqlite3 as a store uses."""

    def __init__(self, connection: Any, *, is_synced: bool) -> None:  # noqa: ANN401 - of apsw
        self._connection = connection
        self._is_synced = is_synced

    def execute(self, text: str, parameters: Any = ()) -> Any:  # noqa: ANN401 - as in sqlite3
        words = text.lower().split()
        if not self._is_synced and words[:2] == ["pragma", "synchronous"]:
            text = "PRAGMA synchronous = OFF"
        return self._connection.execute(text, parameters)

    def executemany(self, text: str, rows: Iterable[Any]) -> Any:  # noqa: ANN401 - as above
        return self._connection.executemany(text, rows)

    def create_function(
        self,
        name: str,
        narg: int,
        func: Callable[..., Any],
        *,
        deterministic: bool = False,
    ) -> None:
        self._connection.create_scalar_function(name, func, narg, deterministic=deterministic)

    def create_aggregate(self, name: str, n_arg: int, made: Callable[[], Any]) -> None:
        def begin() -> tuple[Any, Callable[..., None], Callable[[Any], Any]]:
            state = made()
            return state, _step, _final

        self._connection.create_aggregate_function(name, begin, n_arg)

    def close(self) -> None:
        self._connection.close()


def _step(state: Any, *values: Any) -> None:  # noqa: ANN401 - an aggregate as of sqlite3
    state.step(*values)


def _final(state: Any) -> Any:  # noqa: ANN401 - as above
    return state.finalize()
