"""Locks on a file: one process writes, or several read."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from salescore.errors import StoreBusy, StoreFailed

_FIRST_PAUSE, _LONGEST_PAUSE = 0.0005, 0.02
"""Seconds between two attempts, at first and at most."""


class FileLock(Protocol):
    """A lock that processes share."""

    def acquire(self, timeout: float, *, shared: bool) -> None:
        """
        Take the lock.

        Args:
            timeout: Seconds to wait for others at most.
            shared: Whether others may hold it too, as long as they share it.

        Raises:
            StoreBusy: Others held it for longer.
        """
        ...

    def release(self) -> None:
        """Let go of the lock."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


class RegionLock:
    """A lock by `flock`, which ends with the process that holds it, however it ends."""

    def __init__(self, path: Path, store: str) -> None:
        """Open the file of the lock, which is made where there is none."""
        self._store = store
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)

    def acquire(self, timeout: float, *, shared: bool) -> None:
        """Take the lock; see `FileLock.acquire`."""
        import fcntl  # noqa: PLC0415 - not on every system; `open_lock` knows

        how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX

        def is_taken() -> bool:
            try:
                fcntl.flock(self._file, how | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        _wait(is_taken, timeout, self._store, "other processes keep it locked")

    def release(self) -> None:
        """Let go of the lock."""
        import fcntl  # noqa: PLC0415 - as above

        fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)


class MarkerLock:
    """A lock by a file that only one process can make; readers wait for one another too."""

    def __init__(self, path: Path, store: str) -> None:
        """Take the name of the marker; it is made when the lock is taken."""
        self._path, self._store = path, store

    def acquire(self, timeout: float, *, shared: bool) -> None:  # noqa: ARG002 - a marker cannot be shared
        """Take the lock; see `FileLock.acquire`."""

        def is_taken() -> bool:
            try:
                file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            except (FileExistsError, PermissionError):  # the second while another deletes it
                return False
            with contextlib.suppress(OSError):  # on a full disk the marker holds, without a name
                os.write(file, str(os.getpid()).encode())
            os.close(file)
            return True

        who = ""
        with contextlib.suppress(OSError):
            who = f" by process {self._path.read_text(encoding='ascii')[:20]}"
        fault = f"it is locked{who}; if that one ended, delete the file {self._path.name}"
        _wait(is_taken, timeout, self._store, fault)

    def release(self) -> None:
        """Let go of the lock."""
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()

    def close(self) -> None:
        """Do nothing: a marker that is let go of is no file."""


def open_lock(path: Path, store: str) -> FileLock:
    """
    Return a lock of the best kind that the system has.

    Args:
        path: File of the lock.
        store: The store as the caller named it, for error messages.

    Raises:
        StoreFailed: The file cannot be made.
    """
    if find_spec("fcntl") is None:  # pragma: no cover - systems without it
        return MarkerLock(path, store)
    try:
        return RegionLock(path, store)
    except OSError as error:
        raise StoreFailed(store, f"its lock cannot be opened: {error.strerror}") from error


def _wait(is_taken: Callable[[], bool], timeout: float, store: str, fault: str) -> None:
    if is_taken():
        return
    last, pause = time.monotonic() + timeout, _FIRST_PAUSE
    while time.monotonic() < last:
        time.sleep(pause)
        if is_taken():
            return
        pause = min(2 * pause, _LONGEST_PAUSE)
    raise StoreBusy(store, f"{fault}; waited {timeout:g} s, try again later")
