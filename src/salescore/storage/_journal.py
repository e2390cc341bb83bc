"""The file of a journal: whole lines appended or all of it replaced, never anything in between."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path

from salescore.errors import StoreFailed, StoreRefused

_FLAGS = os.O_RDWR | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_END = b"\n"
_GONE = "its journal cannot be found any more"


class Journal:
    """
    A file of lines that is only appended to, or replaced as a whole.

    Whoever calls it holds the lock. What stands behind the last end of a line was never
    acknowledged: a writer died there.

    Attributes:
        path: The file.
        end: Bytes read or written so far, all of them whole lines.
        lines: How many lines these are.
    """

    def __init__(self, path: Path, store: str, *, lines: int = 0) -> None:
        """
        Open a file that exists.

        Args:
            path: The file.
            store: The store as the caller named it, for error messages.
            lines: How many lines it has, if the caller knows them all; 0 to read them.

        Raises:
            StoreFailed: It cannot be opened.
        """
        self.path = path
        self.end = 0
        self.lines = lines
        self._store = store
        with _failing(store, "its journal cannot be opened"):
            self._file = os.open(path, _FLAGS)
            self._identity = os.fstat(self._file)
        if lines:
            self.end = self._identity.st_size

    def is_unchanged(self) -> bool:
        """Return whether nothing was written since, by anybody, and the file is still the same."""
        with _failing(self._store, _GONE):
            found = self.path.stat()
        return found.st_size == self.end and os.path.samestat(found, self._identity)

    def is_current(self) -> bool:
        """Return whether the file under this name is still the one that was opened."""
        with _failing(self._store, _GONE):
            return os.path.samestat(self.path.stat(), self._identity)

    def tail(self) -> Iterator[bytes]:
        """
        Yield the whole lines behind what was read, without their ends.

        `end` and `lines` go on with each line that the caller has taken.

        Raises:
            StoreFailed: The file cannot be read.
            StoreRefused: It has become shorter.
        """
        with _failing(self._store, "its journal cannot be read"):
            size = os.fstat(self._file).st_size
        if size < self.end:
            fault = f"its journal has lost what stood behind byte {size}; put back a copy of it"
            raise StoreRefused(self._store, fault)
        for line in self._lines(self.end, size):
            yield line
            self.end += len(line) + 1
            self.lines += 1

    def every(self) -> Iterator[bytes]:
        """
        Yield all lines that were read or written so far, without their ends.

        Raises:
            StoreFailed: The file cannot be read.
        """
        return self._lines(0, self.end)

    def is_torn(self, line: bytes) -> bool:
        """
        Return whether the line that `tail` yielded is what a power cut left of the last one.

        Systems fill with zeros what they never wrote; no line of ours has any.
        """
        is_last = self.end + len(line) + 1 == os.fstat(self._file).st_size
        return is_last and b"\0" in line

    def append(self, line: bytes) -> None:
        """
        Append a line, which is on the disk when this returns.

        Args:
            line: The line with its end.

        Raises:
            StoreFailed: The disk is full or failed; the file is as before.
        """
        with _failing(self._store, "nothing could be written", self._cut):
            self._cut()
            os.lseek(self._file, self.end, os.SEEK_SET)
            _write(self._file, line)
            _sync(self._file)
        self.end += len(line)
        self.lines += 1

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def _lines(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the whole lines between two places, of which the first begins one."""
        if start == end:
            return
        with (
            _failing(self._store, "its journal cannot be read"),
            open(os.dup(self._file), "rb") as reader,  # noqa: PTH123 - a descriptor has no path
        ):
            reader.seek(start)
            while start < end and (line := reader.readline()).endswith(_END):
                start += len(line)
                yield line[:-1]

    def _cut(self) -> None:
        """Take away what stands behind the last whole line."""
        if os.fstat(self._file).st_size > self.end:
            os.ftruncate(self._file, self.end)


def replace_journal(path: Path, lines: Iterable[bytes], store: str) -> None:
    """
    Write a file anew, or as the first of its name: after a crash it is the old one or the new one.

    Args:
        path: The file.
        lines: Its lines, with their ends.
        store: The store as the caller named it, for error messages.

    Raises:
        StoreFailed: The disk is full or failed; the file is as before.
    """
    new = path.with_name(path.name + ".new")
    with _failing(store, "its journal could not be written anew"):
        try:
            file = os.open(new, _FLAGS | os.O_CREAT | os.O_TRUNC, 0o666)
            try:
                with open(os.dup(file), "wb") as writer:  # noqa: PTH123 - a descriptor has no path
                    writer.writelines(lines)
                _sync(file)
            finally:
                os.close(file)
            new.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                new.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can do so."""
    if os.name != "posix":  # pragma: no cover - elsewhere a folder cannot be opened
        return
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _write(file: int, data: bytes) -> None:
    """Write all of it: a system call may take a part."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]


def _sync(file: int) -> None:
    """Bring a file to the disk; on macOS `fsync` alone leaves it in the drive's cache."""
    if sys.platform == "darwin":  # pragma: no cover - another system
        import fcntl  # noqa: PLC0415 - not on every system

        fcntl.fcntl(file, fcntl.F_FULLFSYNC)
    else:
        os.fsync(file)


@contextlib.contextmanager
def _failing(store: str, fault: str, undo: Callable[[], None] | None = None) -> Generator[None]:
    """Turn what the system says into our error, after undoing what was begun."""
    try:
        yield
    except OSError as error:
        if isinstance(error, StoreFailed):
            raise
        if undo is not None:
            with contextlib.suppress(OSError):
                undo()
        reason = error.strerror or str(error)
        raise StoreFailed(store, f"{fault}: {reason}") from error
