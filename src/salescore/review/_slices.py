"""The slices of a review, and why a dimension that was asked for has none."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from salescore.book import FACT_TABLES, Facts
from salescore.metrics import (
    CATALOGUE,
    Dimension,
    FigureDefinition,
    Slice,
    dimensions_of,
    find_dimension,
    slices_of,
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


def sliced_by(facts: Facts, during: Period, by: str | Sequence[str] | None) -> Sliced:
    """
    Return every figure by every dimension that it has.

    Args:
        facts: The fact tables.
        during: Period under review.
        by: Dimensions to slice by; `None` for those of `DEFAULT_DIMENSIONS` that the facts have.

    Raises:
        UnknownName: No such dimension.
    """
    names = DEFAULT_DIMENSIONS if by is None else (by,) if isinstance(by, str) else by
    lacking = {unit.value for unit in CalendarUnit} - {unit.value for unit in facts.calendar.units}
    schemas = [facts.schema(one.name) for one in FACT_TABLES]
    wanted = [
        find_dimension(name, schemas) for name in names if by is not None or name not in lacking
    ]
    dimensions = tuple(dict.fromkeys(wanted))
    found: dict[tuple[str, str], tuple[Slice, ...]] = {}
    notes: list[str] = []
    for dimension in dimensions:
        name = dimension.name
        definitions = [
            one for one in CATALOGUE if name in dimensions_of(one, facts) and has_facts(one, facts)
        ]
        sliced = slices_of(definitions, facts, by=name, during=during)
        has_key = any(part.key is not None for one in sliced for part in one)
        told = {
            (definition.name, name): one
            for definition, one in zip(definitions, sliced, strict=True)
            if any(part.value is not None for part in one)
            and (by is not None or any(part.key is not None for part in one))
        }
        found |= told
        if not definitions:
            notes.append(f"No figure here has the dimension {name!r}{_home(dimension, facts)}.")
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


def has_facts(definition: FigureDefinition, facts: Facts) -> bool:
    """Return whether every fact table of a figure has rows."""
    return all(len(facts.table(measure.table)) for measure in definition.measures)


def _home(dimension: Dimension, facts: Facts) -> str:
    """Return which facts have the dimension; for a unit of the calendar these have no name."""
    tables = [
        one.name.replace("_", " ") for one in FACT_TABLES if dimension.is_in(facts.schema(one.name))
    ]
    if not tables:
        return ""
    return f": it is one of {', '.join(tables[:_MOST_NAMES])}" + (
        " and others" if tables[_MOST_NAMES:] else ""
    )
