"""How the proofs come by stores: a function that opens a place, and one that names new places."""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs

from salescore.errors import InvalidValue
from salescore.storage import Store

OpenOn = Callable[[str, Callable[[str], Any]], Store]
"""Opens the store of one SQLite file, given its path and the way to connect to a path."""


def _numbers() -> Callable[[], str]:
    counted = itertools.count(1)
    return lambda: str(next(counted))


@attrs.frozen
class StoreFactory:
    """
    How a proof comes by stores.

    Attributes:
        open: Opens the store at a place, and makes it where there is none. The same place is
            opened again and again, in other processes too where a store is `DURABLE` or `SHARED`;
            then it must be a function that a module or a file declares under its name.
        fresh: Returns a new and empty place as text, such as a path, or a URL and a schema; by
            default a number, for stores that have no place.
        open_on: Opens the store of one SQLite file, given its path and the way to connect to it in
            place of `sqlite3.connect`; `None` where a store is not on SQLite. Power cuts are tried
            with it.
        is_in_files: Whether a place is a folder of plain files that the store writes with Python
            alone. Power cuts are tried with it too.
    """

    open: Callable[[str], Store]
    fresh: Callable[[], str] = attrs.field(factory=_numbers)
    open_on: OpenOn | None = attrs.field(default=None, kw_only=True)
    is_in_files: bool = attrs.field(default=False, kw_only=True)

    @classmethod
    def in_folder(
        cls,
        open: Callable[[str], Store],  # noqa: A002 - as the attribute
        folder: Path | str,
        suffix: str = ".store",
        *,
        open_on: OpenOn | None = None,
        is_in_files: bool = False,
    ) -> StoreFactory:
        """
        Return a factory whose places are numbered paths in a folder.

        Args:
            open: Opens the store at a path.
            folder: A folder that exists.
            suffix: How the paths end.
            open_on: As the attribute.
            is_in_files: As the attribute.
        """
        counted = itertools.count(1)
        return cls(
            open,
            lambda: str(Path(folder) / f"{next(counted)}{suffix}"),
            open_on=open_on,
            is_in_files=is_in_files,
        )

    @property
    def opener(self) -> str:
        """
        Return what another process needs to find `open`: `module:name` or `path/to/file.py:name`.

        Raises:
            InvalidValue: It is a lambda, a method or a function inside another.
        """
        name, module = getattr(self.open, "__qualname__", ""), getattr(self.open, "__module__", "")
        if not name.isidentifier() or not module:
            fault = "another process cannot find it; declare a function at the top of a module"
            raise InvalidValue("open", name or repr(self.open), fault)
        home = sys.modules.get(module)
        path = getattr(home, "__file__", None)
        if _is_importable(module) or path is None:
            return f"{module}:{name}"
        return f"{path}:{name}"


def _is_importable(module: str) -> bool:
    """Return whether a new interpreter would find a module by its name."""
    path: Sequence[str] | None = None
    parts = module.split(".")
    for place in range(len(parts)):
        spec = PathFinder.find_spec(".".join(parts[: place + 1]), path)
        if spec is None:
            return False
        path = spec.submodule_search_locations
    return True


def found_opener(opener: str) -> Callable[[str], Store]:
    """
    Return the function that `StoreFactory.opener` names.

    Args:
        opener: `module:name` or `path/to/file.py:name`.
    """
    where, _, name = opener.rpartition(":")
    module = _loaded(where) if where.endswith(".py") else importlib.import_module(where)
    found: Callable[[str], Store] = getattr(module, name)
    return found


def _loaded(path: str) -> ModuleType:
    name = f"_opened_{Path(path).stem}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InvalidValue("opener", path, "it must be a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
