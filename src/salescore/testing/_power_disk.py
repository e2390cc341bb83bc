"""A disk that can be cut off: what was written, what was synced, and what may be there after."""

from __future__ import annotations

import random
from enum import Enum
from typing import assert_never

import attrs

_SECTOR = 512
"""Bytes that a disk writes as a whole."""


class Kind(Enum):
    """What happened to a file."""

    WRITE = "write"
    TRUNCATE = "truncate"
    SYNC = "sync"
    DELETE = "delete"
    RENAME = "rename"
    FOLDER = "folder"
    NOTHING = "nothing"


@attrs.frozen
class Act:
    """
    One thing that happened to a file.

    Attributes:
        kind: What happened.
        file: Name of the file; of a folder that was synced, its own.
        offset: First byte written, or the length that the file was cut to.
        data: Bytes written, or the new name.
    """

    kind: Kind
    file: str
    offset: int = 0
    data: bytes = b""


@attrs.define
class Disk:
    """
    Everything that happened to the files of one store, in order.

    Attributes:
        acts: What happened.
    """

    acts: list[Act] = attrs.field(factory=list[Act])

    def after_cut(self, cut: int, chance: random.Random) -> dict[str, bytes]:
        """
        Return files as a disk may hold them after the power was cut.

        What was synced is there. Of what was not, each file has nothing, everything, the first
        part, or any sectors in any order.

        Args:
            cut: How many acts had happened.
            chance: Chooses what of the unsynced is there.
        """
        found = _Files()
        for act in self.acts[:cut]:
            found.take(act)
        return found.cut_off(chance)


class _Files:
    """What is safe on a disk, and what waits to be: writes by file, and new names in order."""

    def __init__(self) -> None:
        self.safe: dict[str, bytearray] = {}
        self.waiting: dict[str, list[Act]] = {}
        self.names: list[Act] = []

    def take(self, act: Act) -> None:
        """Let something happen."""
        match act.kind:
            case Kind.SYNC:
                if act.file not in self.safe:
                    self.sync_folder()
                for one in self.waiting.pop(act.file, ()):
                    apply_act(self.safe, one)
                self.safe.setdefault(act.file, bytearray())
            case Kind.RENAME:
                self.names.append(act)
            case Kind.FOLDER:
                self.sync_folder()
            case Kind.NOTHING:
                pass
            case Kind.WRITE | Kind.TRUNCATE | Kind.DELETE:
                if any(act.file in (one.file, one.data.decode()) for one in self.names):
                    self.rename(self.names)  # what is written to a new name comes after the name
                self.waiting.setdefault(act.file, []).append(act)
            case _:
                assert_never(act.kind)

    def sync_folder(self) -> None:
        """Make names safe: who syncs a new file syncs its folder too, to have it found."""
        self.rename(self.names)
        for name, waiting in self.waiting.items():
            gone = [place for place, one in enumerate(waiting) if one.kind is Kind.DELETE]
            if gone:
                self.safe.pop(name, None)
                del waiting[: gone[-1] + 1]

    def rename(self, names: list[Act]) -> None:
        """Give files their new names, with whatever of them is not yet safe."""
        for act in names:
            new = act.data.decode()
            self.safe[new] = self.safe.pop(act.file, bytearray())
            self.waiting[new] = self.waiting.pop(act.file, [])
        self.names = []

    def cut_off(self, chance: random.Random) -> dict[str, bytes]:
        """Return what a disk may hold now."""
        self.rename(self.names[: chance.randrange(len(self.names) + 1)])
        for waiting in self.waiting.values():
            for one in _survivors(waiting, chance):
                apply_act(self.safe, one)
        return {name: bytes(data) for name, data in self.safe.items()}


def _survivors(waiting: list[Act], chance: random.Random) -> list[Act]:
    """Return what of the unsynced acts on one file reached the disk."""
    match chance.randrange(4):
        case 0:
            return []
        case 1:
            return waiting
        case 2:
            whole = waiting[: chance.randrange(len(waiting) + 1)]
            torn = waiting[len(whole) : len(whole) + 1]
            return [
                *whole,
                *(part for act in torn for part in _sectors(act)[: chance.randrange(9)]),
            ]
        case _:
            parts = [part for act in waiting for part in _sectors(act)]
            return [part for part in parts if chance.random() < 0.5]  # noqa: PLR2004 - a coin


def _sectors(act: Act) -> list[Act]:
    """Return the parts of an act that reach the disk on their own."""
    if act.kind is not Kind.WRITE:
        return [act]
    parts: list[Act] = []
    at, end = act.offset, act.offset + len(act.data)
    while at < end:
        until = min(end, (at // _SECTOR + 1) * _SECTOR)
        parts.append(
            attrs.evolve(act, offset=at, data=act.data[at - act.offset : until - act.offset])
        )
        at = until
    return parts


def apply_act(files: dict[str, bytearray], act: Act) -> None:
    """Do to files what an act did."""
    match act.kind:
        case Kind.DELETE:
            files.pop(act.file, None)
        case Kind.RENAME:
            files[act.data.decode()] = files.pop(act.file, bytearray())
        case Kind.TRUNCATE:
            data = files.setdefault(act.file, bytearray())
            del data[act.offset :]
            data.extend(bytes(act.offset - len(data)))
        case Kind.WRITE:
            data = files.setdefault(act.file, bytearray())
            data.extend(bytes(max(0, act.offset - len(data))))
            data[act.offset : act.offset + len(act.data)] = act.data
        case Kind.SYNC | Kind.FOLDER | Kind.NOTHING:
            pass
        case _:
            assert_never(act.kind)
