"""The places of a decision table: one dimension per expression, one point per stretch of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import combinations, islice

import attrs

from salescore.plain import FieldTable
from salescore.rules._cells import Band, values_of
from salescore.rules._decision_table import DecisionTable
from salescore.rules._lines import line_of
from salescore.rules._occurring import occurring
from salescore.rules._tree import Expression, Scalar, fields_of

Point = tuple[Scalar | None, int]
"""A value, and the rows that match there as bits."""

Path = tuple[Point, ...]
"""One point of each dimension: a place."""

GAPS_LIMIT = 20
"""Most gaps of which the place is kept; further ones are counted."""


@attrs.frozen
class Dimension:
    """
    One expression that a table looks at, be it in one input or in several.

    Attributes:
        expression: What is looked at.
        places: Places of the inputs that look at it.
        points: Values with the rows whose cells all hold there; one value per set of rows, and
            one per stretch on which no row matches; at least one.
    """

    expression: Expression
    places: tuple[int, ...]
    points: tuple[Point, ...]

    def matching(self) -> int:
        """Return the rows that match at some point."""
        return reduce(lambda found, point: found | point[1], self.points, 0)


@attrs.frozen
class Walk:
    """
    What a walk through all places of a table met.

    Attributes:
        masks: Every set of rows that match together at some place, but the empty one.
        gaps: Places at which no row matches, the first twenty.
        count: How many such places were met.
    """

    masks: frozenset[int]
    gaps: tuple[Path, ...]
    count: int


def dimensions_of(
    table: DecisionTable, fields: FieldTable, order: Sequence[int], most: int
) -> tuple[Dimension, ...] | None:
    """
    Return the dimensions of a table, the one with the fewest points first.

    Args:
        table: A table whose inputs and cells fit the fields.
        fields: Fields that it reads.
        order: Places of its rows, as the bits count them.
        most: Most points of all dimensions.

    Returns:
        The dimensions; `None` where they would have more points.
    """
    places: dict[Expression, list[int]] = {}
    for place, given in enumerate(table.inputs):
        places.setdefault(given.of, []).append(place)
    found: list[Dimension] = []
    left = most
    for expression, some in places.items():
        points = tuple(islice(_points(table, fields, order, expression, some), left + 1))
        left -= len(points)
        if left < 0:
            return None
        found.append(Dimension(expression, tuple(some), points))
    return tuple(sorted(found, key=lambda one: len(one.points)))


def _points(
    table: DecisionTable,
    fields: FieldTable,
    order: Sequence[int],
    expression: Expression,
    places: Sequence[int],
) -> Iterator[Point]:
    """Yield the points of a dimension; only as far as they are asked for are they worked out."""
    columns = [[table.rows[row].cells[place] for row in order] for place in places]
    cells = [cell for column in columns for cell in column]
    lines = [line_of(column, values_of(cells)) for column in columns]
    is_ordered = any(isinstance(cell, Band) for cell in cells)
    seen: set[int] = set()
    before = -1
    for value in occurring(expression, fields, lines[0].cuts, is_ordered=is_ordered):
        mask = -1
        for line in lines:
            mask &= line.at(value)
        is_new = mask not in seen if mask else before != 0 or value is None
        if is_new:
            yield value, mask
            seen.add(mask)
        before = mask


def shared_fields(dimensions: Sequence[Dimension]) -> tuple[str, ...]:
    """Return the fields that more than one expression reads, sorted."""
    read = [set(fields_of(one.expression)) for one in dimensions]
    return tuple(sorted({name for one, other in combinations(read, 2) for name in one & other}))


def walk(dimensions: Sequence[Dimension], full: int, work_limit: int) -> Walk | None:
    """
    Return what all places of a table show.

    After each dimension only the sets of rows are kept that still match, each with one way there,
    so that the work grows with their number and not with that of the combinations.

    Args:
        dimensions: The dimensions.
        full: The bits of all rows.
        work_limit: Most combinations to look at.

    Returns:
        What was met; `None` where there would have been more combinations.
    """
    first: Path = tuple(one.points[0] for one in dimensions)
    gaps: list[Path] = [
        (*first[:place], point, *first[place + 1 :])
        for place, one in enumerate(dimensions)
        for point in one.points
        if not point[1]
    ]
    count = len(gaps)
    ways: dict[int, Path] = {full: ()}
    work = 0
    for place, dimension in enumerate(dimensions):
        points = [point for point in dimension.points if point[1]]
        work += len(ways) * len(points)
        if work > work_limit:
            return None
        ahead: dict[int, Path] = {}
        for mask, path in ways.items():
            for point in points:
                both = mask & point[1]
                if both:
                    ahead.setdefault(both, (*path, point))
                    continue
                count += 1
                if len(gaps) < GAPS_LIMIT:
                    gaps.append((*path, point, *first[place + 1 :]))
        ways = ahead
    return Walk(frozenset(ways), tuple(gaps[:GAPS_LIMIT]), count)
