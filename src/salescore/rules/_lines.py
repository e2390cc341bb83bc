"""Lines: the values of one input, cut where the answers of its cells change."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, assert_never

import attrs

from salescore.rules._cells import Band, Cell, IsNull, OneOf, values_of
from salescore.rules._tree import Scalar


@attrs.frozen
class Line:
    """
    Which rows match where on the line of an input's values, as bit masks: bit 0 is the first row.

    Place 2i is what lies before cut i, place 2i + 1 the cut itself, the last what lies behind all.

    Attributes:
        cuts: Every value that a cell names, ascending, each once.
        masks: The rows that match at each place, one more than twice the cuts.
        null: The rows that match where the value is unknown.
    """

    cuts: tuple[Any, ...]
    masks: tuple[int, ...]
    null: int

    def at(self, value: Scalar | None) -> int:
        """Return the rows that match a value of the line's type, or an unknown one."""
        if value is None:
            return self.null
        return self.masks[place_among(self.cuts, value)]


def place_among(cuts: Sequence[Any], value: Scalar) -> int:
    """Return the place of a value on the line of some cuts."""
    return bisect_left(cuts, value) + bisect_right(cuts, value)


def line_of(cells: Sequence[Cell], extra: Iterable[Scalar] = ()) -> Line:
    """
    Return the line of an input.

    The cells toggle their bits where they begin and end to hold, so that the work grows with the
    values that they name and not with the product of cuts and rows.

    Args:
        cells: Its cells, one per row, that name values of one type.
        extra: Further values to cut at, of the same type.
    """
    cuts = tuple(sorted({*values_of(cells), *extra}))
    place_of = {cut: 2 * place + 1 for place, cut in enumerate(cuts)}
    last = 2 * len(cuts) + 1
    toggles = [0] * (last + 1)
    null = 0
    for row, cell in enumerate(cells):
        bit = 1 << row
        if cell is None or (isinstance(cell, IsNull) and not cell.is_negated):
            null |= bit
        for start, end in _held(cell, place_of, last):
            toggles[start] ^= bit
            toggles[end] ^= bit
    masks: list[int] = []
    mask = 0
    for toggle in toggles[:last]:
        mask ^= toggle
        masks.append(mask)
    return Line(cuts, tuple(masks), null)


def _held(cell: Cell, place_of: dict[Scalar, int], last: int) -> Iterable[tuple[int, int]]:
    """Yield the half-open ranges of places where a cell changes its answer to a known value."""
    match cell:
        case None:
            yield 0, last
        case IsNull(is_negated):
            if is_negated:
                yield 0, last
        case OneOf(options, is_negated):
            if is_negated:
                yield 0, last
            for option in set(options):
                yield place_of[option], place_of[option] + 1
        case Band(low, high, includes_low, includes_high):
            start = 0 if low is None else place_of[low] + (not includes_low)
            end = last if high is None else place_of[high] + includes_high
            if start < end:
                yield start, end
        case _:
            assert_never(cell)
