"""Figures out of definitions: one reduction per fact table and date, however many figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TypeVar, cast

from salescore.book import Facts
from salescore.errors import InvalidValue, UnknownName
from salescore.metrics._assemble import (
    Assembly,
    Groups,
    exclusions,
    exclusions_by_key,
    reduce_all,
)
from salescore.metrics._catalogue import find_figure
from salescore.metrics._dimensions import (
    DIMENSIONS,
    Dimension,
    custom_dimensions,
    find_dimension,
    is_calendar_unit,
)
from salescore.metrics._figures import NO_LABEL, Figure, FigureDefinition, Slice
from salescore.metrics._measures import fact_schema
from salescore.metrics._reduce import Key
from salescore.plain import FieldTable
from salescore.values import Period

NameOrDefinition = str | FigureDefinition
Names = NameOrDefinition | Iterable[NameOrDefinition]

R = TypeVar("R")


def figure(name: NameOrDefinition, facts: Facts, *, during: Period | None = None) -> Figure:
    """
    Return a figure over all rows.

    Args:
        name: Name in the catalogue, or a definition of your own.
        facts: The fact tables.
        during: Period; `None` takes every date. A figure of a moment, such as the open pipeline,
            is taken as of the period's last day, or of the last day known where that is earlier.

    Raises:
        UnknownName: The catalogue has no such figure.
        InvalidValue: `during` is no period.
    """
    return figures([name], facts, during=during)[0]


def figures(names: Names, facts: Facts, *, during: Period | None = None) -> tuple[Figure, ...]:
    """
    Return several figures over all rows, in the order asked for, sharing the work.

    Args:
        names: Names in the catalogue, or definitions.
        facts: The fact tables.
        during: Period; see `figure`.
    """

    def together(definitions: Sequence[FigureDefinition], seen: Facts) -> list[Figure]:
        groups = reduce_all(definitions, seen, (), during)
        return [
            Assembly(one, seen, groups, during).figure((), exclusions(one, seen, groups, during))
            for one in definitions
        ]

    return _by_moment(definitions_of(names), facts, during, together)


def figures_at(
    names: Names,
    facts: Facts,
    *,
    by: Sequence[Dimension],
    keys: Sequence[Key],
    during: Period | None = None,
) -> tuple[tuple[Figure, ...], ...]:
    """
    Return several figures for chosen keys of dimensions, also for keys that no row has.

    Args:
        names: Names in the catalogue, or definitions.
        facts: The fact tables.
        by: The dimensions, none of which need be one of the figure.
        keys: Values of the dimensions, once per figure wanted.
        during: Period; see `figure`.

    Returns:
        Per name one figure for each key, in the order asked for, with the rows it leaves out.
    """

    def together(definitions: Sequence[FigureDefinition], seen: Facts) -> list[tuple[Figure, ...]]:
        groups = reduce_all(definitions, seen, by, during)
        return [_at(one, seen, groups) for one in definitions]

    def _at(definition: FigureDefinition, seen: Facts, groups: Groups) -> tuple[Figure, ...]:
        assembly = Assembly(definition, seen, groups, during)
        excluded = exclusions_by_key(definition, seen, groups, by, during)
        return tuple(assembly.figure(key, excluded.get(key, ())) for key in keys)

    return _by_moment(definitions_of(names), facts, during, together)


def definitions_of(names: Names) -> list[FigureDefinition]:
    """Return the definitions of one or several figures, in the order asked for."""
    return [
        find_figure(one)
        for one in ([names] if isinstance(names, str | FigureDefinition) else names)
    ]


def facts_seen(definition: FigureDefinition, facts: Facts, during: Period | None) -> Facts:
    """
    Return the facts that a figure looks at: one of a moment those of the period's last day.

    Raises:
        InvalidValue: `during` is no period.
    """
    if during is None:
        return facts
    if not isinstance(cast("object", during), Period):
        fault = "it must be a Period; Calendar().parse('2017-Q4') makes one"
        raise InvalidValue("during", during, fault)
    return facts.at(during.last_day) if definition.is_stock else facts


def _by_moment(
    definitions: Sequence[FigureDefinition],
    facts: Facts,
    during: Period | None,
    together: Callable[[Sequence[FigureDefinition], Facts], Sequence[R]],
) -> tuple[R, ...]:
    """Work out figures of a period and of a moment apart, each on the facts that it looks at."""
    found: dict[int, R] = {}
    for of_moment in (False, True):
        places = [place for place, one in enumerate(definitions) if one.is_stock is of_moment]
        if places:
            chosen = [definitions[place] for place in places]
            seen = facts_seen(chosen[0], facts, during)
            found.update(zip(places, together(chosen, seen), strict=True))
    return tuple(found[place] for place in range(len(definitions)))


def slices(
    name: NameOrDefinition,
    facts: Facts,
    *,
    by: str | Sequence[str],
    during: Period | None = None,
) -> tuple[Slice, ...]:
    """
    Return a figure for each value of one or more dimensions.

    Args:
        name: Name in the catalogue, or a definition of your own.
        facts: The fact tables.
        by: Dimension or dimensions, such as `product` or `("region", "month")`; the name of a
            registered field is one too.
        during: Period; `None` takes every date.

    Returns:
        The largest value first, undefined ones last; calendar units in their own order.
        Rows that have no value of a dimension are one slice with the key `None`,
        so that an additive figure's slices sum to its total.

    Raises:
        UnknownName: No such figure or dimension, or the figure's facts do not have the dimension.
    """
    return slices_of([name], facts, by=by, during=during)[0]


def slices_of(
    names: Names,
    facts: Facts,
    *,
    by: str | Sequence[str],
    during: Period | None = None,
) -> tuple[tuple[Slice, ...], ...]:
    """Return the slices of several figures, in the order asked for; see `slices`."""
    wanted = definitions_of(names)
    schemas = schemas_of(wanted, facts)
    dimensions = [find_dimension(one, schemas) for one in ([by] if isinstance(by, str) else by)]
    if not dimensions:
        raise InvalidValue("by", by, "name at least one dimension")
    for definition in wanted:
        for dimension in dimensions:
            must_have(definition, dimension, facts)
    labels = _Labels(facts, dimensions)

    def together(definitions: Sequence[FigureDefinition], seen: Facts) -> list[tuple[Slice, ...]]:
        groups = reduce_all(definitions, seen, dimensions, during)
        sliced: list[tuple[Slice, ...]] = []
        for definition in definitions:
            figure_of = Assembly(definition, seen, groups, during).figure
            found = [
                Slice(keys=key, labels=labels[key], figure=figure_of(key))
                for key in groups.keys_of(definition)
            ]
            sliced.append(_ordered(dimensions, found))
        return sliced

    return _by_moment(wanted, facts, during, together)


def dimensions_of(name: NameOrDefinition, facts: Facts | None = None) -> tuple[str, ...]:
    """
    Return the names of the dimensions that a figure can be sliced by.

    Args:
        name: Name in the catalogue, or a definition of your own.
        facts: The fact tables, whose registered fields are dimensions too; `None` leaves them out.
    """
    definition = find_figure(name)
    schema = _schema(definition, facts)
    return tuple(
        one.name
        for one in (*DIMENSIONS, *custom_dimensions([schema]))
        if _has(definition, one, schema)
    )


def schemas_of(definitions: Iterable[FigureDefinition], facts: Facts) -> tuple[FieldTable, ...]:
    """Return the fact tables that figures are sliced by, with their registered fields."""
    return tuple(_schema(one, facts) for one in definitions)


def _schema(definition: FigureDefinition, facts: Facts | None) -> FieldTable:
    table = definition.numerator[0].measure.table
    return fact_schema(table) if facts is None else facts.schema(table)


def _has(definition: FigureDefinition, dimension: Dimension, schema: FieldTable) -> bool:
    if is_calendar_unit(dimension.column):
        return definition.numerator[0].measure.date is not None
    return dimension.is_in(schema)


def must_have(definition: FigureDefinition, dimension: Dimension, facts: Facts) -> None:
    """
    Refuse a dimension that a figure cannot be sliced by.

    Raises:
        UnknownName: The fact table of the figure's numerator does not have it.
    """
    if not _has(definition, dimension, _schema(definition, facts)):
        raise UnknownName(
            f"dimension of {definition.name}", dimension.name, dimensions_of(definition, facts)
        )


class _Labels(dict[Key, tuple[str, ...]]):
    """The labels of keys, found once each."""

    def __init__(self, facts: Facts, dimensions: Sequence[Dimension]) -> None:
        super().__init__()
        self._facts = facts
        self._dimensions = dimensions

    def __missing__(self, key: Key) -> tuple[str, ...]:
        labels = self[key] = tuple(map(self._label, self._dimensions, key))
        return labels

    def _label(self, dimension: Dimension, key: str | None) -> str:
        if key is None:
            return NO_LABEL
        return key if dimension.records is None else self._facts.label(dimension.records, key)


def _ordered(dimensions: Sequence[Dimension], found: list[Slice]) -> tuple[Slice, ...]:
    """Sort by units of the calendar, then the largest value first, then by key."""
    units = [place for place, one in enumerate(dimensions) if is_calendar_unit(one.column)]
    found.sort(key=lambda one: [key or "" for key in one.keys])
    found.sort(key=lambda one: _LEAST if one.value is None else one.value, reverse=True)
    found.sort(key=lambda one: [one.keys[unit] or _LAST for unit in units])
    return tuple(found)


_LEAST = Decimal("-Infinity")
_LAST = "\uffff"
