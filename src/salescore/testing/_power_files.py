"""Plain files on a disk that is written down: what Python's own calls do to one folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from salescore.testing._power_disk import Act, Disk, Kind, apply_act

_OPEN_FILES = Path("/proc/self/fd")
_NAMES = ("open", "write", "ftruncate", "fsync", "replace", "rename", "unlink", "remove")


def can_record_files() -> bool:
    """Return whether this system tells the name of an open file."""
    return _OPEN_FILES.is_dir()


@contextmanager
def recorded_files(folder: Path, disk: Disk) -> Generator[None]:
    """
    Write down what happens to the files of a folder for the time of a block.

    It stands in front of the functions of `os` that stores of plain files call. What reaches a
    file by another way is seen when the file is synced, as if it had been written just then.

    Args:
        folder: The folder; its files are called by their paths inside it.
        disk: Where it is written down.
    """
    kept = {name: getattr(os, name) for name in _NAMES}
    recorder = _Recorder(folder, disk, kept)
    try:
        for name in _NAMES:
            setattr(os, name, getattr(recorder, name))
        yield
    finally:
        for name, function in kept.items():
            setattr(os, name, function)


class _Recorder:
    """Functions as those of `os`, which write down what they do."""

    def __init__(self, folder: Path, disk: Disk, real: dict[str, Callable[..., Any]]) -> None:
        self._folder = folder.resolve()
        self._disk = disk
        self._real = real
        self._seen: dict[str, bytearray] = {}

    def _note(self, kind: Kind, file: str | None, offset: int = 0, data: bytes = b"") -> None:
        if file is not None:
            act = Act(kind, file, offset, data)
            self._disk.acts.append(act)
            apply_act(self._seen, act)

    def _inside(self, path: Any) -> str | None:  # noqa: ANN401 - whatever os takes
        """Return the name of a file inside the folder; `None` for any other."""
        if isinstance(path, int):
            path = os.readlink(_OPEN_FILES / str(path))  # noqa: PTH115 - it may have no path
        name = os.path.relpath(os.path.abspath(path), self._folder)  # noqa: PTH100 - as above
        return None if name.startswith("..") else name

    def open(self, path: Any, flags: int, *others: Any, **named: Any) -> int:  # noqa: ANN401 - as os.open
        """Open, and note that a file was emptied."""
        file: int = self._real["open"](path, flags, *others, **named)
        if flags & os.O_TRUNC:
            self._note(Kind.TRUNCATE, self._inside(path))
        return file

    def write(self, file: int, data: Any) -> int:  # noqa: ANN401 - as os.write
        """Note what is written, where the file stands, then write."""
        name = self._inside(file)
        if name is not None:
            at = os.lseek(file, 0, os.SEEK_CUR)
            self._note(Kind.WRITE, name, at, bytes(data))
        count: int = self._real["write"](file, data)
        return count

    def ftruncate(self, file: int, length: int) -> None:
        """Note the new length, then cut."""
        self._note(Kind.TRUNCATE, self._inside(file), length)
        self._real["ftruncate"](file, length)

    def fsync(self, file: int) -> None:
        """Sync, then note it, and what came into the file by another way."""
        self._real["fsync"](file)
        name = self._inside(file)
        if name is None:
            return
        if stat.S_ISDIR(os.fstat(file).st_mode):
            self._note(Kind.FOLDER, name)
            return
        content = (self._folder / name).read_bytes()
        if content != bytes(self._seen.get(name, b"")):
            self._note(Kind.TRUNCATE, name)
            self._note(Kind.WRITE, name, 0, content)
        self._note(Kind.SYNC, name)

    def replace(self, source: Any, target: Any) -> None:  # noqa: ANN401 - as os.replace
        """Note the new name, then give it."""
        names = self._inside(source), self._inside(target)
        if names[0] is not None and names[1] is not None:
            self._note(Kind.RENAME, names[0], data=names[1].encode())
        self._real["replace"](source, target)

    def rename(self, source: Any, target: Any) -> None:  # noqa: ANN401 - as os.rename
        """Do as `replace` does."""
        self.replace(source, target)

    def unlink(self, path: Any, **named: Any) -> None:  # noqa: ANN401 - as os.unlink
        """Delete, and note it."""
        self._real["unlink"](path, **named)
        self._note(Kind.DELETE, self._inside(path))

    def remove(self, path: Any, **named: Any) -> None:  # noqa: ANN401 - as os.remove
        """Do as `unlink` does."""
        self.unlink(path, **named)
