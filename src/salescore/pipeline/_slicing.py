"""By what figures are sliced: dimensions as keys of a reduction, and their labels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, cast

import attrs

from salescore.errors import InvalidValue, UnknownName
from salescore.metrics import (
    DIMENSIONS,
    AnyFacts,
    Dimension,
    FigureSource,
    custom_dimensions,
    find_dimension,
    source_of,
)
from salescore.render import NOTHING
from salescore.values import CalendarUnit, Period

Key = tuple[str | None, ...]
"""Values of dimensions; `None` where the rows have none."""

Since = Literal["created", "first_contact", "lead"]
"""From which day on the age of an opportunity counts; `lead` is the creation of its lead."""

_STARTS = {
    "created": ("created_on", "creation unknown", "it was created"),
    "first_contact": ("first_contact_on", "first contact unknown", "the first contact"),
    "lead": ("lead_created_on", "creation of the lead unknown", "its lead was created"),
}
_UNITS = frozenset(unit.value for unit in CalendarUnit)
_LAST = "\uffff"


@attrs.frozen
class Slicing:
    """
    Dimensions by which a figure is sliced.

    Attributes:
        source: The facts, which know the names of records.
        dimensions: The dimensions in order; empty for the total alone.
    """

    source: FigureSource
    dimensions: tuple[Dimension, ...]

    @classmethod
    def of(cls, source: FigureSource, table: str, by: str | Sequence[str] | None) -> Slicing:
        """
        Return the dimensions of some names.

        Raises:
            UnknownName: There is no such dimension, or the fact table does not have it.
        """
        schema = source.schema(table)
        wanted = () if by is None else (by,) if isinstance(by, str) else tuple(by)
        found = tuple(find_dimension(name, [schema]) for name in wanted)
        for one in found:
            if one.column not in _UNITS and not one.is_in(schema):
                known = (*DIMENSIONS, *custom_dimensions([schema]))
                fitting = (each for each in known if each.column in _UNITS or each.is_in(schema))
                names = tuple(each.name for each in fitting)
                raise UnknownName(f"dimension of {table}", one.name, names)
        return cls(source, found)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the dimensions."""
        return tuple(one.name for one in self.dimensions)

    def keys(self, *first: str) -> tuple[str, ...]:
        """Return the keys of a reduction: columns of its own, then the dimensions, each once."""
        return tuple(dict.fromkeys((*first, *(one.column for one in self.dimensions))))

    def key(self, keys: Sequence[str], values: Key) -> Key:
        """Return the values of the dimensions out of those of all keys of a reduction."""
        told = dict(zip(keys, values, strict=True))
        return tuple(told[one.column] for one in self.dimensions)

    def labels(self, key: Key) -> tuple[str, ...]:
        """Return what to call the values of the dimensions."""
        return tuple(
            NOTHING
            if value is None
            else value
            if one.records is None
            else self.source.label(one.records, value)
            for one, value in zip(self.dimensions, key, strict=True)
        )


def in_order(key: Key) -> tuple[str, ...]:
    """Return what sorts keys: ascending, those without a value last."""
    return tuple(_LAST if one is None else one for one in key)


def source_at(facts: AnyFacts, as_of: date | None) -> FigureSource:
    """
    Return what figures ask, as of a day.

    Raises:
        InvalidValue: `as_of` is no day.
    """
    source = source_of(facts)
    if as_of is None:
        return source
    if isinstance(as_of, datetime) or not isinstance(cast("object", as_of), date):
        raise InvalidValue("as_of", as_of, "it must be a day, such as date(2026, 3, 31)")
    return source.at(as_of)


def start_column(since: Since) -> str:
    """
    Return the column of the day from which on the age of opportunities counts.

    Raises:
        InvalidValue: It is none of `created`, `first_contact` and `lead`.
    """
    if since not in _STARTS:
        raise InvalidValue("since", since, f"it must be one of {', '.join(_STARTS)}")
    return _STARTS[since][0]


def start_words(since: Since) -> str:
    """Return what happened on that day."""
    return _STARTS[since][2]


def unknown_start(since: Since) -> str:
    """Return the reason where that day is unknown."""
    return _STARTS[since][1]


def check_during(during: Period | None) -> None:
    """
    Refuse what is no period.

    Raises:
        InvalidValue: It is none.
    """
    if during is not None and not isinstance(cast("object", during), Period):
        fault = "it must be a Period; Calendar().parse('2017') makes one"
        raise InvalidValue("during", during, fault)


def lack_of(source: FigureSource, table: str) -> str | None:
    """Return why nothing can be told of rows that may still last; `None` where it can."""
    if source.lack is not None:
        return source.lack
    if not source.has_rows(table):
        return f"no {table.replace('_', ' ')} are on record"
    return None if source.last_day else "nobody knows as of which day the facts hold"
