"""The drivers of the databases without a library, for the benchmark of the stores."""

from __future__ import annotations

import itertools
import threading
from typing import Any

BATCH, PAGE = 10, 1000


class Driver:
    """The driver alone: one table of a number and a text, one connection that threads share."""

    def __init__(self, connection: Any, mark: str, *, prepare: bool) -> None:  # noqa: ANN401 - of either driver
        """Take a connection in autocommit mode, and the sign of its parameters."""
        self._connection = connection
        self._options = {"prepare": True} if prepare else {}
        self._turn = threading.Lock()
        self._numbers = itertools.count(1)
        self.ids: list[int] = []
        self._insert = f"INSERT INTO bare VALUES ({mark}, {mark})"  # noqa: S608 - a mark is ? or %s
        self._update = f"UPDATE bare SET state = {mark} WHERE id = {mark}"  # noqa: S608 - as above
        self._read = f"SELECT id, state FROM bare WHERE id = {mark}"  # noqa: S608 - as above
        self._page = f"SELECT id, state FROM bare WHERE id > {mark} ORDER BY id LIMIT {PAGE}"  # noqa: S608 - as above
        connection.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, state TEXT)")

    def _run(self, text: str, parameters: tuple[Any, ...]) -> Any:  # noqa: ANN401 - a cursor
        return self._connection.execute(text, parameters, **self._options)

    def events(self, count: int) -> None:
        """Insert rows, each committed by itself."""
        for _ in range(count):
            with self._turn:
                number = next(self._numbers)
                self.ids.append(number)
                self._run(self._insert, (number, _state(number)))

    puts = events

    def loads(self, count: int) -> None:
        """Insert rows in one transaction."""
        numbers = [next(self._numbers) for _ in range(count)]
        rows = [(number, _state(number)) for number in numbers]
        self._connection.execute("BEGIN")
        self._connection.cursor().executemany(self._insert, rows)
        self._connection.execute("COMMIT")

    def in_batches(self, count: int) -> None:
        """Insert rows in transactions of ten."""
        for _ in range(count // BATCH):
            self.loads(BATCH)

    def reads(self, count: int) -> None:
        """Read rows, one by one."""
        for id_ in self.ids[:count]:
            self._run(self._read, (id_,)).fetchall()

    def changes(self, count: int) -> None:
        """Read rows and change them."""
        for id_ in self.ids[:count]:
            self._run(self._read, (id_,)).fetchall()
            # SQLite writes nothing where a row stays as it is.
            self._run(self._update, (_state(next(self._numbers)), id_))

    def follows(self, count: int) -> None:
        """Read rows by the page."""
        seen = last = 0
        while seen < count:
            page = self._run(self._page, (last,)).fetchall()
            if not page:
                return
            seen, last = seen + len(page), page[-1][0]


def _state(number: int) -> str:
    return f"{number:0230}"
