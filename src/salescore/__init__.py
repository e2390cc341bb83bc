"""
salescore: a domain-model library for sales management.

Facts go into a `SalesBook`, figures and reviews come out, and every number explains itself.

The names below are the ones typed daily; each loads its room when it is first used.
Everything else is behind the door of its room: `salescore.values`, `salescore.plain`,
`salescore.rules`, `salescore.entities`, `salescore.book`, `salescore.metrics`,
`salescore.grading`, `salescore.funnel`, `salescore.pipeline`, `salescore.forecast`,
`salescore.purchases`, `salescore.stock`, `salescore.playbook`, `salescore.frames`,
`salescore.storage`, `salescore.exchange`, `salescore.review`, `salescore.testing`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salescore.book import Facts, SalesBook, check_book
    from salescore.entities import (
        Activity,
        Customer,
        Expense,
        Opportunity,
        Order,
        OrderLine,
        Product,
        SalesRep,
        StageKind,
        Team,
    )
    from salescore.exchange import Profile, read_folder
    from salescore.metrics import (
        Aggregate,
        FigureDefinition,
        Measure,
        Part,
        abc,
        compare,
        figure,
        rows_behind,
        slices,
    )
    from salescore.review import review_book, review_data, review_text
    from salescore.rules import F
    from salescore.values import Calendar, ConstantRates, Finding, Money, Period

_ROOMS = {
    "book": ("Facts", "SalesBook", "check_book"),
    "entities": (
        "Activity",
        "Customer",
        "Expense",
        "Opportunity",
        "Order",
        "OrderLine",
        "Product",
        "SalesRep",
        "StageKind",
        "Team",
    ),
    "exchange": ("Profile", "read_folder"),
    "metrics": (
        "Aggregate",
        "FigureDefinition",
        "Measure",
        "Part",
        "abc",
        "compare",
        "figure",
        "rows_behind",
        "slices",
    ),
    "review": ("review_book", "review_data", "review_text"),
    "rules": ("F",),
    "values": ("Calendar", "ConstantRates", "Finding", "Money", "Period"),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [
    "Activity",
    "Aggregate",
    "Calendar",
    "ConstantRates",
    "Customer",
    "Expense",
    "F",
    "Facts",
    "FigureDefinition",
    "Finding",
    "Measure",
    "Money",
    "Opportunity",
    "Order",
    "OrderLine",
    "Part",
    "Period",
    "Product",
    "Profile",
    "SalesBook",
    "SalesRep",
    "StageKind",
    "Team",
    "abc",
    "check_book",
    "compare",
    "figure",
    "read_folder",
    "review_book",
    "review_data",
    "review_text",
    "rows_behind",
    "slices",
]


def __getattr__(name: str) -> object:
    """Load a name's room when the name is first used."""
    if name not in _ROOM_OF:
        message = f"module 'salescore' has no attribute {name!r}"
        raise AttributeError(message)
    value: object = getattr(import_module(f"salescore.{_ROOM_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the names that can be used, loaded or not."""
    return sorted({*globals(), *__all__})
