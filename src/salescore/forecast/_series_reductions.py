"""What series of a figure ask of the facts, as declared reductions."""

from __future__ import annotations

from salescore.book import FACT_TABLES
from salescore.errors import InvalidValue, UnknownName
from salescore.metrics import (
    FigureDefinition,
    Measure,
    Reduction,
    dimensions_of,
    find_dimension,
    find_figure,
)
from salescore.values import CalendarUnit


def series_reductions(
    name: str | FigureDefinition, *, by: str, unit: CalendarUnit = CalendarUnit.MONTH
) -> tuple[Reduction, ...]:
    """
    Return the reductions behind `series_by`: a row per value of a dimension and unit of time.

    Their small tables are all that it reads, unless rows are left out: it then asks beside them
    why, as figures of the catalogue do.

    Args:
        name: Name in the catalogue, or a definition of a period's figure.
        by: Dimension, such as `product`.
        unit: Unit of the calendar, a week or longer.

    Returns:
        One per fact table and date that the figure is made of.

    Raises:
        UnknownName: No such figure or dimension, or the figure's facts do not have it.
        InvalidValue: The figure is one of a moment, or the unit is a day.

    Examples:
        >>> [one.keys for one in series_reductions("sales_profit", by="region")]
        [('region', 'month'), ('region', 'month')]
    """
    definition, dimension = find_figure(name), find_dimension(by)
    if definition.is_stock:
        raise InvalidValue("figure", definition.name, "it is one of a moment; take its trend")
    if unit is CalendarUnit.DAY:
        raise InvalidValue("unit", unit, "it must be CalendarUnit.WEEK or a longer one")
    known = dimensions_of(definition)
    if dimension.name not in known:
        raise UnknownName(f"dimension of {definition.name}", by, known)
    measures: dict[tuple[str, str | None], dict[Measure, None]] = {}
    for one in definition.measures:
        measures.setdefault((one.table, one.date), {})[one] = None
    schemas = {one.name: one for one in FACT_TABLES}
    found: list[Reduction] = []
    for (table, day), those in measures.items():
        has = dimension.is_in(schemas[table])
        keys = (*((dimension.column,) if has else ()), *(() if day is None else (unit.value,)))
        found.append(
            Reduction(name=f"{table} by {day}", table=table, keys=keys, measures=tuple(those))
        )
    return tuple(found)
