"""Figures out of definitions: one reduction per fact table and date, however many figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar, cast

from salescore.errors import InvalidValue, UnknownName
from salescore.metrics._assemble import Assembly, Groups, Wanted, exclusions, reduce_all
from salescore.metrics._catalogue import find_figure
from salescore.metrics._dimensions import (
    DIMENSIONS,
    Dimension,
    custom_dimensions,
    find_dimension,
    is_calendar_unit,
)
from salescore.metrics._figures import NO_LABEL, Exclusion, Figure, FigureDefinition, Slice
from salescore.metrics._measures import fact_schema
from salescore.metrics._reduce import Key
from salescore.metrics._source import AnyFacts, FigureSource, source_of
from salescore.plain import FieldTable
from salescore.values import Period

NameOrDefinition = str | FigureDefinition
Names = NameOrDefinition | Iterable[NameOrDefinition]

R = TypeVar("R")


def figure(name: NameOrDefinition, facts: AnyFacts, *, during: Period | None = None) -> Figure:
    """
    Return a figure over all rows.

    Args:
        name: Name in the catalogue, or a definition of your own.
        facts: The fact tables of a book, or another source.
        during: Period; `None` takes every date. A figure of a moment, such as the open pipeline,
            is taken as of the period's last day, or of the last day known where that is earlier.

    Raises:
        UnknownName: The catalogue has no such figure.
        InvalidValue: `during` is no period.
    """
    return figures([name], facts, during=during)[0]


def figures(names: Names, facts: AnyFacts, *, during: Period | None = None) -> tuple[Figure, ...]:
    """
    Return several figures over all rows, in the order asked for, sharing the work.

    Args:
        names: Names in the catalogue, or definitions.
        facts: The fact tables of a book, or another source.
        during: Period; see `figure`.
    """

    def together(definitions: Sequence[FigureDefinition], seen: FigureSource) -> list[Figure]:
        (groups,) = reduce_all([Wanted(definitions, ())], seen, during)
        left_out = exclusions(definitions, seen, groups, (), during)
        return [
            Assembly(one, seen, groups, during).figure((), excluded.get((), ()))
            for one, excluded in zip(definitions, left_out, strict=True)
        ]

    return _by_moment(definitions_of(names), source_of(facts), during, together)


def figures_at(
    names: Names,
    facts: AnyFacts,
    *,
    by: Sequence[Dimension],
    keys: Sequence[Key],
    during: Period | None = None,
) -> tuple[tuple[Figure, ...], ...]:
    """
    Return several figures for chosen keys of dimensions, also for keys that no row has.

    Args:
        names: Names in the catalogue, or definitions.
        facts: The fact tables of a book, or another source.
        by: The dimensions, none of which need be one of the figure.
        keys: Values of the dimensions, once per figure wanted.
        during: Period; see `figure`.

    Returns:
        Per name one figure for each key, in the order asked for, with the rows it leaves out.
    """

    def together(
        definitions: Sequence[FigureDefinition], seen: FigureSource
    ) -> list[tuple[Figure, ...]]:
        (groups,) = reduce_all([Wanted(definitions, by)], seen, during)
        left_out = exclusions(definitions, seen, groups, by, during)
        return [
            _at(one, seen, groups, excluded)
            for one, excluded in zip(definitions, left_out, strict=True)
        ]

    def _at(
        definition: FigureDefinition,
        seen: FigureSource,
        groups: Groups,
        excluded: Mapping[Key, tuple[Exclusion, ...]],
    ) -> tuple[Figure, ...]:
        assembly = Assembly(definition, seen, groups, during)
        return tuple(assembly.figure(key, excluded.get(key, ())) for key in keys)

    return _by_moment(definitions_of(names), source_of(facts), during, together)


def definitions_of(names: Names) -> list[FigureDefinition]:
    """Return the definitions of one or several figures, in the order asked for."""
    return [
        find_figure(one)
        for one in ([names] if isinstance(names, str | FigureDefinition) else names)
    ]


def day_seen(definition: FigureDefinition, during: Period | None) -> date | None:
    """
    Return the day as of which a figure looks at the facts: of a moment, the period's last.

    Returns:
        `None` where it looks at the facts as they stand.

    Raises:
        InvalidValue: `during` is no period.
    """
    if during is None:
        return None
    if not isinstance(cast("object", during), Period):
        fault = "it must be a Period; Calendar().parse('2017-Q4') makes one"
        raise InvalidValue("during", during, fault)
    return during.last_day if definition.is_stock else None


def _by_moment(
    definitions: Sequence[FigureDefinition],
    source: FigureSource,
    during: Period | None,
    together: Callable[[Sequence[FigureDefinition], FigureSource], Sequence[R]],
) -> tuple[R, ...]:
    """Work out figures of a period and of a moment apart, each on the facts that it looks at."""
    found: dict[int, R] = {}
    for of_moment in (False, True):
        places = [place for place, one in enumerate(definitions) if one.is_stock is of_moment]
        if places:
            chosen = [definitions[place] for place in places]
            day = day_seen(chosen[0], during)
            seen = source if day is None else source.at(day)
            found.update(zip(places, together(chosen, seen), strict=True))
    return tuple(found[place] for place in range(len(definitions)))


def slices(
    name: NameOrDefinition,
    facts: AnyFacts,
    *,
    by: str | Sequence[str],
    during: Period | None = None,
) -> tuple[Slice, ...]:
    """
    Return a figure for each value of one or more dimensions.

    Args:
        name: Name in the catalogue, or a definition of your own.
        facts: The fact tables of a book, or another source.
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
    facts: AnyFacts,
    *,
    by: str | Sequence[str],
    during: Period | None = None,
) -> tuple[tuple[Slice, ...], ...]:
    """Return the slices of several figures, in the order asked for; see `slices`."""
    source, wanted = source_of(facts), definitions_of(names)
    dimensions = _dimensions(by, schemas_of(wanted, source))
    for definition in wanted:
        for dimension in dimensions:
            must_have(definition, dimension, source)
    (found,) = _sliced(wanted, source, [dimensions], during)
    return tuple(one for one in found if one is not None)


def slices_by_each(
    names: Names,
    facts: AnyFacts,
    *,
    by: Iterable[str | Sequence[str]],
    during: Period | None = None,
) -> tuple[tuple[tuple[Slice, ...] | None, ...], ...]:
    """
    Return the slices of several figures by each of several dimensions, asked for all at once.

    A source that can share the work between dimensions, such as dataframes, does so.

    Args:
        names: Names in the catalogue, or definitions.
        facts: The fact tables of a book, or another source.
        by: Dimensions, each a name or several names that slice together; see `slices`.
        during: Period; `None` takes every date.

    Returns:
        Per dimension, in the order asked for, the slices of each figure, in the order asked for;
        `None` in the place of a figure whose facts do not have the dimension.

    Raises:
        UnknownName: No such figure or dimension.
    """
    source, wanted = source_of(facts), definitions_of(names)
    schemas = schemas_of(wanted, source)
    return _sliced(wanted, source, [_dimensions(one, schemas) for one in by], during)


def _dimensions(by: str | Sequence[str], schemas: Sequence[FieldTable]) -> tuple[Dimension, ...]:
    found = tuple(find_dimension(one, schemas) for one in ([by] if isinstance(by, str) else by))
    if not found:
        raise InvalidValue("by", by, "name at least one dimension")
    return found


def _sliced(
    definitions: Sequence[FigureDefinition],
    source: FigureSource,
    by: Sequence[tuple[Dimension, ...]],
    during: Period | None,
) -> tuple[tuple[tuple[Slice, ...] | None, ...], ...]:
    """Return slices by each of several tuples of dimensions; `None` where a figure lacks one."""
    has = [
        {
            one: all(_has(one, dimension, _schema(one, source)) for dimension in dimensions)
            for one in definitions
        }
        for dimensions in by
    ]

    def together(
        chosen: Sequence[FigureDefinition], seen: FigureSource
    ) -> list[list[tuple[Slice, ...] | None]]:
        wanted = [
            Wanted([one for one in chosen if there[one]], dimensions)
            for dimensions, there in zip(by, has, strict=True)
        ]
        all_groups = reduce_all(wanted, seen, during)
        return [
            [
                _slices(one, seen, groups, dimensions, labels, during) if there[one] else None
                for dimensions, there, groups, labels in zip(
                    by, has, all_groups, all_labels, strict=True
                )
            ]
            for one in chosen
        ]

    all_labels = [_Labels(source, dimensions) for dimensions in by]
    found = _by_moment(definitions, source, during, together)
    return tuple(zip(*found, strict=True)) if found else tuple(() for _ in by)


def _slices(
    definition: FigureDefinition,
    source: FigureSource,
    groups: Groups,
    dimensions: Sequence[Dimension],
    labels: _Labels,
    during: Period | None,
) -> tuple[Slice, ...]:
    figure_of = Assembly(definition, source, groups, during).figure
    return _ordered(
        dimensions,
        [
            Slice(keys=key, labels=labels[key], figure=figure_of(key))
            for key in groups.keys_of(definition)
        ],
    )


def dimensions_of(name: NameOrDefinition, facts: AnyFacts | None = None) -> tuple[str, ...]:
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


def schemas_of(definitions: Iterable[FigureDefinition], facts: AnyFacts) -> tuple[FieldTable, ...]:
    """Return the fact tables that figures are sliced by, with their registered fields."""
    return tuple(_schema(one, facts) for one in definitions)


def _schema(definition: FigureDefinition, facts: AnyFacts | None) -> FieldTable:
    table = definition.numerator[0].measure.table
    return fact_schema(table) if facts is None else facts.schema(table)


def _has(definition: FigureDefinition, dimension: Dimension, schema: FieldTable) -> bool:
    if is_calendar_unit(dimension.column):
        return definition.numerator[0].measure.date is not None
    return dimension.is_in(schema)


def must_have(definition: FigureDefinition, dimension: Dimension, facts: AnyFacts) -> None:
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

    def __init__(self, source: FigureSource, dimensions: Sequence[Dimension]) -> None:
        super().__init__()
        self._source = source
        self._dimensions = dimensions

    def __missing__(self, key: Key) -> tuple[str, ...]:
        labels = self[key] = tuple(map(self._label, self._dimensions, key))
        return labels

    def _label(self, dimension: Dimension, key: str | None) -> str:
        if key is None:
            return NO_LABEL
        return key if dimension.records is None else self._source.label(dimension.records, key)


def _ordered(dimensions: Sequence[Dimension], found: list[Slice]) -> tuple[Slice, ...]:
    """Sort by units of the calendar, then the largest value first, then by key."""
    units = [place for place, one in enumerate(dimensions) if is_calendar_unit(one.column)]
    found.sort(key=lambda one: [key or "" for key in one.keys])
    found.sort(key=lambda one: _LEAST if one.value is None else one.value, reverse=True)
    found.sort(key=lambda one: [one.keys[unit] or _LAST for unit in units])
    return tuple(found)


_LEAST = Decimal("-Infinity")
_LAST = "\uffff"
