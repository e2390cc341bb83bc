"""The near side of worker processes: give them tasks, hear them, kill them."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

from salescore.errors import InvalidValue

_PATIENCE = 120.0

_MARK = "SALESCORE_STORE_WORKER"
"""Environment variable that is set in a worker process and whatever it starts."""


class Workers:
    """
    Worker processes of one proof.

    Each task has a number; what its process says is heard under it.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Begin to listen."""
        self._process = process
        self._heard: dict[int, queue.Queue[tuple[str, Any]]] = {}
        self._lock = threading.Lock()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        if self._process.stdout is None:  # pragma: no cover - it was opened with a pipe
            return
        for line in self._process.stdout:
            number, word, text = line.split(" ", 2)
            self._queue(int(number)).put((word, json.loads(text)))
        with self._lock:
            waiting = list(self._heard.values())
        for one in waiting:
            one.put(("failed", "the process from which workers are forked has ended"))

    def _queue(self, number: int) -> queue.Queue[tuple[str, Any]]:
        with self._lock:
            return self._heard.setdefault(number, queue.Queue())

    def order(self, number: int, **order: Any) -> None:  # noqa: ANN401 - what JSON holds
        """Give a task under a number that was not used before."""
        if self._process.stdin is None:  # pragma: no cover - it was opened with a pipe
            return
        self._queue(number)
        self._process.stdin.write(json.dumps({"number": number, **order}) + "\n")
        self._process.stdin.flush()

    def hear(self, number: int, patience: float = _PATIENCE) -> tuple[str, Any]:
        """
        Return the next thing that was said under a number.

        Raises:
            AssertionError: The worker failed, or said nothing for too long.
        """
        try:
            word, data = self._queue(number).get(timeout=patience)
        except queue.Empty:
            raise AssertionError(f"worker {number} said nothing for {patience} s") from None
        if word == "failed":
            raise AssertionError(f"worker {number} failed:\n{data}")
        return word, data

    def heard(self, number: int) -> Iterator[tuple[str, Any]]:
        """Yield what was said so far under a number."""
        while not self._queue(number).empty():
            yield self.hear(number)

    def end(self) -> None:
        """Hear the last word, and let go of the pipe."""
        self._listener.join(_PATIENCE)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def kill(self, process: int, ending: int) -> None:
        """Kill a process as `kill -9` does, and wait until it is gone; `ending` is a new number."""
        os.kill(process, signal.SIGKILL)
        self.order(ending, wait=process)
        while self.hear(ending)[0] != "ended":  # pragma: no cover - nothing else is said there
            continue


def can_fork() -> bool:
    """Return whether this system has worker processes."""
    return hasattr(os, "fork")


def check_no_worker() -> None:
    """
    Refuse to begin a proof in a worker process of one, which would start workers without end.

    Raises:
        InvalidValue: This is a worker process, or was started by one.
    """
    if _MARK in os.environ:
        guard = 'if __name__ == "__main__":'
        fault = f"workers import the file that declares the store; put the proof behind {guard}"
        raise InvalidValue("the process of a proof", "a worker of another proof", fault)


@contextmanager
def workers() -> Generator[Workers]:
    """
    Run worker processes for the time of a block.

    Raises:
        InvalidValue: This is a worker process itself.
    """
    check_no_worker()
    path = os.pathsep.join(one for one in sys.path if one)
    known = {**os.environ, "PYTHONPATH": path, _MARK: "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "salescore.testing._store_worker"],
        env=known,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    made = Workers(process)
    try:
        yield made
    finally:
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:  # pragma: no cover - it waits for a child that hangs
            process.kill()
            process.wait()
        made.end()
