"""ABC on frames: the class of each row by the share of the total before it, on any engine."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from salescore.errors import InvalidFrame
from salescore.frames._compile import frame_expression
from salescore.frames._engines import ARROW, narwhals
from salescore.frames._frame import Frame, open_frame
from salescore.frames._grading_tables import (
    Table,
    check_sums,
    in_memory,
    is_at_hand,
    row_of,
    rows_of,
    settled,
)
from salescore.frames._rules import appended, check_new
from salescore.metrics import ABC_CUTS, LAST_CLASS, Cut, abc_of
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import F
from salescore.values import EXACT

_KEY, _VALUE = "abc key", "abc value"
_SUM, _N = "abc sum of equals", "abc number of equals"


@attrs.frozen
class Border:
    """
    The last item of a class.

    Attributes:
        value: Its value.
        key: Its key; `None` where every item of this value is in the class.
    """

    value: Any
    key: str | None = None


def abc_frame(
    items: Any,  # noqa: ANN401 - any dataframe
    by: str,
    *,
    key: str = "customer_id",
    cuts: Sequence[Cut] = ABC_CUTS,
    name: str = "abc",
) -> Any:  # noqa: ANN401 - the same kind of dataframe
    """
    Return a frame with the ABC class of each row, by the share of the total before it.

    The same classes as `metrics.abc_of` gives: the largest first, ties in the order of their keys;
    a row is A while the share of those before it is under 80 %, B while under 95 %, then C. Only
    the value and key at which each class ends are looked for; sums are exact.

    Args:
        items: One row for each item.
        by: Column of numbers whose shares are taken; where it is null, so is the class.
        key: Column of texts that tells the rows apart, and orders ties.
        cuts: Classes with their bounds, ascending; what lies behind the last is `C`.
        name: Name of the new column.

    Returns:
        The same kind of frame with one more column; where the total is not above 0 nobody makes
        most of it, and every known row is in the last class.

    Raises:
        InvalidFrame: A column is missing or of another type, or a key stands twice.
        InvalidValue: There is a column of the new name, the cuts do not ascend within 0 to 1, or
            two classes have one name.
        EngineRefused: A sum may need more than 38 digits.
        MissingExtra: The extra `frames` is not installed.

    Source:
        As for `metrics.abc`.
    """
    abc_of((), cuts)
    schema = FieldTable(
        name="items",
        fields=(
            Field(name=key, kind=Kind.ID, nullable=False, labels=(key, key)),
            Field(name=by, kind=Kind.DECIMAL, nullable=False, labels=(by, by)),
        ),
    )
    opened = open_frame(items, schema, columns=(key, by))
    check_new(opened, [name, _KEY, _VALUE])
    _refuse_twice(opened, key)
    if opened.engine in ARROW:
        found = with_classes(opened, cuts, name)
        return appended(opened, {name: found[name].to_arrow()})
    given = opened.raw.nw.collect_schema().names()
    return with_classes(opened.raw, cuts, name).select(*given, name).to_native()


def _refuse_twice(items: Frame, key: str) -> None:
    """Refuse an item that stands twice, since it would be in two classes."""
    nw = narwhals()
    held = nw.col(key)
    row = row_of(items.nw, held.n_unique().alias("different"), nw.len().alias("n"))
    if int(row["different"] or 0) < int(row["n"]):
        fault = f"column {key!r} names an item twice; sum its rows first"
        raise InvalidFrame(items.schema.name, (fault,))


def with_classes(items: Frame, cuts: Sequence[Cut], name: str) -> Table:
    """Return the table of a frame of keys and values with the classes of its rows."""
    nw = narwhals()
    key, by = items.schema.names
    value = frame_expression(F[by], items)
    assert value.digits is not None  # noqa: S101 - it has been checked to be a column of numbers
    table = settled(
        items.nw.with_columns(
            frame_expression(F[key], items).expr.alias(_KEY), value.expr.alias(_VALUE)
        )
    )
    known = table.filter(~nw.col(_VALUE).is_null())
    check_sums(known, _VALUE, value.digits, items.engine, f"total of {by}")
    found = nw.lit(LAST_CLASS)
    for cut, border in reversed(list(zip(cuts, _borders(known, cuts), strict=True))):
        if border is not None:
            found = nw.when(_is_within(border)).then(nw.lit(cut.name)).otherwise(found)
    return table.with_columns(nw.when(~nw.col(_VALUE).is_null()).then(found).alias(name))


def _is_within(border: Border) -> Any:  # noqa: ANN401 - an expression of Narwhals
    nw = narwhals()
    value = nw.lit(border.value)
    if border.key is None:
        return nw.col(_VALUE) >= value
    is_tie = nw.col(_VALUE) == value
    return (nw.col(_VALUE) > value) | (is_tie & (nw.col(_KEY) <= border.key))


def _borders(table: Table, cuts: Sequence[Cut]) -> list[Border | None]:
    """
    Return where each class ends; `None` for all where there is nothing to share.

    Those before a row make less than a bound exactly as long as rows above 0 have not yet reached
    it: a bound is at most the total, and whoever has 0 or less stands behind all that make it.
    """
    total = row_of(table, narwhals().col(_VALUE).sum().alias("total"))["total"]
    if total is None or total <= 0:
        return [None] * len(cuts)
    bounds = [EXACT.multiply(cut.below, Decimal(total)) for cut in cuts]
    find = _Ordered(table) if is_at_hand(table) else _Windowed(table, Decimal(total))
    return [_border(table, find, bound) for bound in bounds]


def _border(table: Table, find: _Ordered | _Windowed, bound: Decimal) -> Border:
    """Return the last row before which less than a bound stands."""
    nw = narwhals()
    value, before, equal = find.reaching(bound)
    # j equal rows may stand before one of them while before + j · value is below the bound.
    within = math.ceil(Fraction(EXACT.subtract(bound, before)) / Fraction(value))
    if within >= equal:
        return Border(value)
    ties = table.filter(nw.col(_VALUE) == nw.lit(value)).select(_KEY)
    keys = sorted(row[_KEY] for row in rows_of(ties))
    return Border(value, keys[within - 1])


@attrs.define
class _Ordered:
    """Values in memory, the largest first; sums of the first of them are taken at need."""

    table: Table

    def reaching(self, bound: Decimal) -> tuple[Any, Decimal, int]:
        """Return the value with which a bound is reached, the sum before it, and its rows."""
        nw = narwhals()
        values = in_memory(self.table.select(_VALUE))[_VALUE].sort(descending=True)
        low, high = 0, len(values) - 1
        while low < high:  # the last place before which less than the bound stands
            middle = (low + high + 1) // 2
            if Decimal(values.head(middle).sum()) < bound:
                low = middle
            else:
                high = middle - 1
        value = values[low]
        of = nw.col(_VALUE)
        row = row_of(
            self.table,
            (of > nw.lit(value)).cast(nw.Int64).sum().alias("above"),
            (of == nw.lit(value)).cast(nw.Int64).sum().alias("equal"),
        )
        above = int(row["above"])
        before = Decimal(values.head(above).sum()) if above else Decimal(0)
        return value, before, int(row["equal"])


@attrs.define
class _Windowed:
    """Sums by value, added up by the engine from the smallest on."""

    table: Table
    total: Decimal

    def reaching(self, bound: Decimal) -> tuple[Any, Decimal, int]:
        """Return the value with which a bound is reached, the sum before it, and its rows."""
        nw = narwhals()
        of = nw.col(_VALUE)
        groups = self.table.group_by(_VALUE).agg(of.sum().alias(_SUM), nw.len().alias(_N))
        running = groups.with_columns(nw.col(_SUM).cum_sum().over(order_by=_VALUE).alias("up to"))
        # Before the rows of a value stands what all of no greater value do not make up.
        rest = EXACT.subtract(self.total, bound)
        behind = running.filter(nw.col("up to") > nw.lit(rest)).sort(_VALUE).head(1)
        (row,) = rows_of(behind)
        before = EXACT.subtract(self.total, Decimal(row["up to"]))
        return row[_VALUE], before, int(row[_N])
