"""The slices of a review, and why a dimension that was asked for has none."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from salescore.book import FACT_TABLES
from salescore.errors import UnknownName
from salescore.metrics import (
    CATALOGUE,
    Dimension,
    FigureDefinition,
    FigureSource,
    Slice,
    find_dimension,
    slices_by_each,
)
from salescore.values import CalendarUnit, Period

DEFAULT_DIMENSIONS = (
    "product",
    "product_family",
    "segment",
    "region",
    "team",
    "rep",
    "stage",
    "month",
)
"""What a review slices by unless told otherwise; dimensions without any value are left out."""

_MOST_NAMES = 5


@attrs.frozen(kw_only=True)
class Sliced:
    """
    The figures of a review by their dimensions.

    Attributes:
        dimensions: What they are sliced by, each once, in the order asked for.
        slices: Figure, dimension and slices, in the order of the catalogue.
        notes: Why a dimension that was asked for has no slice; empty unless any was.
    """

    dimensions: tuple[Dimension, ...]
    slices: tuple[tuple[str, str, tuple[Slice, ...]], ...]
    notes: tuple[str, ...]


def sliced_by(source: FigureSource, during: Period, by: str | Sequence[str] | None) -> Sliced:
    """
    Return every figure by every dimension that it has, all asked for at once.

    Args:
        source: Where the facts are.
        during: Period under review.
        by: Dimensions to slice by; `None` for those of `DEFAULT_DIMENSIONS` that the facts have.

    Raises:
        UnknownName: No such dimension.
    """
    names = DEFAULT_DIMENSIONS if by is None else (by,) if isinstance(by, str) else by
    lacking = {unit.value for unit in CalendarUnit} - {unit.value for unit in source.calendar.units}
    schemas = [source.schema(one.name) for one in FACT_TABLES]
    wanted = [
        find_dimension(name, schemas) for name in names if by is not None or name not in lacking
    ]
    dimensions = tuple(dict.fromkeys(wanted))
    definitions = [one for one in CATALOGUE if has_facts(one, source)]
    known = [one for one in dimensions if _is_known(one, definitions, source)]
    sliced = dict(
        zip(
            known,
            slices_by_each(definitions, source, by=[one.name for one in known], during=during),
            strict=True,
        )
    )
    found: dict[tuple[str, str], tuple[Slice, ...]] = {}
    notes: list[str] = []
    for dimension in dimensions:
        name = dimension.name
        there = {
            definition.name: slices
            for definition, slices in zip(definitions, sliced.get(dimension, ()), strict=False)
            if slices is not None
        }
        has_key = any(part.key is not None for one in there.values() for part in one)
        told = {
            (figure, name): one
            for figure, one in there.items()
            if any(part.value is not None for part in one)
            and (by is not None or any(part.key is not None for part in one))
        }
        found |= told
        if not there:
            notes.append(f"No figure here has the dimension {name!r}{_home(dimension, source)}.")
        elif not has_key:
            notes.append(f"{name}: no row of {during.key} has a value.")
        elif not told:
            notes.append(f"{name}: no figure by it is defined in {during.key}.")
    order = {definition.name: number for number, definition in enumerate(CATALOGUE)}
    return Sliced(
        dimensions=dimensions,
        slices=tuple(
            (name, by, one)
            for (name, by), one in sorted(found.items(), key=lambda item: order[item[0][0]])
        ),
        notes=() if by is None else tuple(notes),
    )


def has_facts(definition: FigureDefinition, source: FigureSource) -> bool:
    """Return whether every fact table of a figure has rows."""
    return all(source.has_rows(measure.table) for measure in definition.measures)


def _is_known(
    dimension: Dimension, definitions: Sequence[FigureDefinition], source: FigureSource
) -> bool:
    """Return whether any of the figures knows a dimension, if only to lack it."""
    schemas = [source.schema(one.numerator[0].measure.table) for one in definitions]
    try:
        return find_dimension(dimension.name, schemas) == dimension
    except UnknownName:
        return False


def _home(dimension: Dimension, source: FigureSource) -> str:
    """Return which facts have the dimension; for a unit of the calendar these have no name."""
    tables = [
        one.name.replace("_", " ")
        for one in FACT_TABLES
        if dimension.is_in(source.schema(one.name))
    ]
    if not tables:
        return ""
    return f": it is one of {', '.join(tables[:_MOST_NAMES])}" + (
        " and others" if tables[_MOST_NAMES:] else ""
    )
