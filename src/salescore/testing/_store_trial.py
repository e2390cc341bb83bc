"""A trial: what one check of a store works with, and how it says what it saw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import attrs

from salescore.errors import SalesCoreError
from salescore.storage import Capability, Store
from salescore.testing._store_factory import StoreFactory


@attrs.define
class Trial:
    """
    The stores of one check; whatever it opened is closed when the check is over.

    Attributes:
        factory: How it comes by stores.
        seed: What chance begins with.
        rounds: Size of the proof: 1 is that of a test suite.
        capabilities: What the stores can do.
        opened: Stores that were opened so far.
    """

    factory: StoreFactory
    seed: int = 0
    rounds: int = 1
    capabilities: frozenset[Capability] = frozenset()
    opened: list[Store] = attrs.field(factory=list[Store])

    def store(self) -> Store:
        """Return an empty store at a new place."""
        return self.open(self.factory.fresh())

    def open(self, place: str) -> Store:
        """Return the store at a place."""
        store = self.factory.open(place)
        self.opened.append(store)
        return store

    def end(self) -> None:
        """Close what was opened; a store that cannot be closed has been found out elsewhere."""
        for store in self.opened:
            try:
                store.close()
            except SalesCoreError:
                continue
        self.opened.clear()


@attrs.frozen
class Check:
    """
    One law, as a function that tries a store and raises `AssertionError` where it breaks.

    Attributes:
        name: Law in a few words, as a Python name.
        run: The trial; it returns what it saw.
        needs: Capability without which the law does not hold; `None` where it is every store's.
    """

    name: str
    run: Callable[[Trial], str]
    needs: Capability | None = None

    @property
    def law(self) -> str:
        """Return the law as a sentence: the first line of the check's docstring."""
        lines = (self.run.__doc__ or self.name).strip().splitlines()
        return lines[0]


class NotAsked(Exception):
    """A law cannot be tried here; the text says why."""


def refute(fault: str) -> NoReturn:
    """Say that a law is broken."""
    raise AssertionError(fault)


def same(found: object, expected: object, what: str) -> None:
    """Refute where two things that must be equal are not."""
    if found != expected:
        refute(f"{what}: expected {shown(expected)}, found {shown(found)}")


def holds(condition: object, fault: str) -> None:
    """Refute where a condition does not hold."""
    if not condition:
        refute(fault)


def refused(
    error: type[Exception] | tuple[type[Exception], ...],
    act: Callable[..., Any],
    *arguments: Any,  # noqa: ANN401 - those of the act
    what: str,
    **named: Any,  # noqa: ANN401 - as above
) -> Exception:
    """Return the error that an act is refused with; refute where it is not, or with another."""
    expected = error if isinstance(error, tuple) else (error,)
    try:
        answer = act(*arguments, **named)
    except expected as right:
        return right
    except Exception as wrong:  # noqa: BLE001 - whatever else it raises is the fault
        refute(f"{what}: expected {_named(expected)}, found {type(wrong).__name__}: {wrong}")
    refute(f"{what}: expected {_named(expected)}, but it answered {shown(answer)}")


def _named(errors: tuple[type[Exception], ...]) -> str:
    return " or ".join(error.__name__ for error in errors)


def shown(value: object) -> str:
    """Return a value as evidence shows it, cut where it is long."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


_SHOWN = 400
