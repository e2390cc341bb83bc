"""The check of a decision table: what does not fit, gaps, overlaps, rows never reached."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

import attrs

from salescore.errors import RuleTypeError, UnknownName
from salescore.plain import FieldTable
from salescore.rules._cells import Band, values_of
from salescore.rules._check import RuleType, check_types
from salescore.rules._decided import pairs_text
from salescore.rules._decision_table import Collect, DecisionTable, HitPolicy, Input, precedence
from salescore.rules._literals import shown_value
from salescore.rules._occurring import is_sure, written_results
from salescore.rules._table_space import (
    Dimension,
    Path,
    Walk,
    dimensions_of,
    shared_fields,
    walk,
)
from salescore.rules._tree import Literal, Scalar
from salescore.values import Finding, Severity

WORK_LIMIT = 1_000_000
"""Most combinations of values that the search for gaps and covered rows looks at."""

PAIR_LIMIT = 5_000_000
"""Most rows times stretches of inputs; beyond it not even two rows are held side by side."""

_SHOWN = 20


Witness = tuple[tuple[str, Scalar | None], ...]
"""Name and value of each input, in order, at one place; `None` is unknown."""


@attrs.frozen(kw_only=True)
class TableFault:
    """
    One fault of a decision table.

    Attributes:
        code: What kind of fault, as in findings.
        severity: How much it matters.
        message: One sentence with the fault and the witness.
        rows: Numbers of the rows at fault, counted from 1; empty for none in particular.
        witness: Name and value of each input, in order, at one place where the fault shows; `None`
            where there is no such place.
        count: How many of the kind this one stands for.
    """

    code: str
    severity: Severity
    message: str
    rows: tuple[int, ...] = ()
    witness: Witness | None = None
    count: int = 1


def check_table(table: DecisionTable, fields: FieldTable) -> tuple[Finding, ...]:
    """
    Return what is wrong with a decision table, all of it.

    Args:
        table: The table.
        fields: Field table of the rows that it will decide on.

    Returns:
        One finding per fault of `table_faults`, about `<name>/<version>` of the table.
    """
    subject = f"{table.name}/{table.version}"
    return tuple(
        Finding(
            code=one.code,
            severity=one.severity,
            message=one.message,
            subject=subject,
            count=one.count,
        )
        for one in table_faults(table, fields)
    )


def table_faults(table: DecisionTable, fields: FieldTable) -> tuple[TableFault, ...]:
    """
    Return what is wrong with a decision table, each with the rows at fault and a witness.

    Each input is cut where the answers of its cells change, and the stretches between are combined,
    so that what is found is exact, with two exceptions. Inputs that read the same field in
    different expressions may not have all combinations of values. Of an input that is more than a
    field, or a field with another value for null, it is not known whether every value occurs. In
    both cases the message says that the place may never occur, and an overlap is only a warning.

    Args:
        table: The table.
        fields: Field table of the rows that it will decide on.

    Returns:
        Inputs that do not fit the fields (`decision-input`) and cells that do not fit their input
        (`decision-cell`); where there are none, two rows that match where only one may, or that
        disagree (`decision-overlap`), rows that decide nothing anywhere
        (`decision-row-unreached`), values for which nothing is decided (`decision-gap`), and
        `decision-table-too-wide` where a table has too many combinations to search them all.
    """
    misfits = (*_misfits(table, fields),)
    return misfits or (*_logic(table, fields),)


def _misfits(table: DecisionTable, fields: FieldTable) -> Iterator[TableFault]:
    """Yield inputs that do not fit the fields, and cells that do not fit their input."""
    for place, given in enumerate(table.inputs):
        try:
            kind = check_types(given.of, fields)
        except (RuleTypeError, UnknownName) as error:
            yield _misfit("decision-input", f"input {given.name!r} of {table.name!r}: {error}")
            continue
        if kind is RuleType.TAGS:
            tags = "is a set of tags; let it be a condition such as has_any"
            yield _misfit("decision-input", f"input {given.name!r} of {table.name!r} {tags}")
            continue
        written = written_results(given.of, fields)
        for number, row in enumerate(table.rows, 1):
            found = _cell_fault(given, kind, written, values_of([row.cells[place]]), fields)
            if found is not None:
                message = f"row {number} of {table.name!r} asks {given.name!r} for {found}"
                yield _misfit("decision-cell", message, number)


def _misfit(code: str, message: str, *rows: int) -> TableFault:
    return TableFault(code=code, severity=Severity.ERROR, message=message, rows=rows)


def _cell_fault(
    given: Input,
    kind: RuleType,
    written: set[Scalar] | None,
    values: list[Scalar],
    fields: FieldTable,
) -> str | None:
    """Return which of the values of a cell its input never has, and why; `None` where it may."""
    for value in values[:1]:  # they are of one type
        found = check_types(Literal(value), fields)
        if found is not kind:
            return f"{shown_value(value)}, which is {found.value}; {given.name} is {kind.value}"
    if kind is RuleType.TEXT and written is not None:
        for value in values:
            if value not in written:
                known = ", ".join(sorted(map(str, written)))
                return f"{shown_value(value)}, which it never is; it is one of {known}"
    return None


def _logic(table: DecisionTable, fields: FieldTable) -> Iterator[TableFault]:
    """Yield overlaps, rows never reached and gaps."""
    order = precedence(table)
    dimensions = dimensions_of(table, fields, order, PAIR_LIMIT // len(order))
    if dimensions is None:
        yield _too_wide(table, "overlaps, gaps and rows never reached")
        return
    unsure = tuple(one.name for one in table.inputs if not is_sure(one.of, fields))
    check = _Check(table, order, dimensions, shared_fields(dimensions), unsure)
    yield from check.overlaps()
    is_ranked = table.hit_policy in (HitPolicy.FIRST, HitPolicy.PRIORITY)
    is_open = table.default is None and table.collect not in (Collect.LIST, Collect.COUNT)
    found: Walk | None = None
    if is_ranked or is_open:
        found = walk(dimensions, (1 << len(order)) - 1, WORK_LIMIT)
        if found is None:
            yield _too_wide(table, "gaps and rows that others cover")
    yield from check.unreached_rows(found if is_ranked else None)
    if is_open and found is not None:
        yield from check.gaps(found)


def _too_wide(table: DecisionTable, what: str) -> TableFault:
    message = (
        f"{table.name!r} was not searched for {what}: its inputs have too many combinations; "
        "cut it into several tables"
    )
    return TableFault(code="decision-table-too-wide", severity=Severity.WARNING, message=message)


@attrs.frozen
class _Check:
    """
    What the faults of a table are read off.

    Attributes:
        table: The table.
        order: Places of its rows, as the bits count them.
        dimensions: Where its rows match, per expression that it looks at.
        shared: Fields that several of these expressions read.
        unsure: Names of the inputs of which it is not known whether every value occurs.
    """

    table: DecisionTable
    order: tuple[int, ...]
    dimensions: tuple[Dimension, ...]
    shared: tuple[str, ...]
    unsure: tuple[str, ...]

    def overlaps(self) -> Iterator[TableFault]:
        """Yield the pairs of rows that match together and must not."""
        table = self.table
        if table.hit_policy not in (HitPolicy.UNIQUE, HitPolicy.ANY):
            return
        pairs = [
            (one, other)
            for one, beside in enumerate(self._beside())
            for other in range(one + 1, len(table.rows))
            if beside >> other & 1
            and (
                table.hit_policy is HitPolicy.UNIQUE
                or table.rows[one].outputs != table.rows[other].outputs
            )
        ]
        fault = "both match" if table.hit_policy is HitPolicy.UNIQUE else "match and disagree at"
        severity = Severity.WARNING if self._doubt() else Severity.ERROR
        for one, other in pairs[:_SHOWN]:
            rows = (one + 1, other + 1)
            where = self._witness(self._inside(1 << one | 1 << other))
            message = f"rows {rows[0]} and {rows[1]} of {table.name!r} {fault} {pairs_text(where)}"
            yield TableFault(
                code="decision-overlap",
                severity=severity,
                message=message + self._doubt(),
                rows=rows,
                witness=where,
            )
        if len(pairs) > _SHOWN:
            count = len(pairs) - _SHOWN
            message = f"{count:,} further pairs of rows of {table.name!r} overlap"
            yield TableFault(
                code="decision-overlap", severity=severity, message=message, count=count
            )

    def _beside(self) -> list[int]:
        """Return per bit the bits of the rows that match somewhere together with it."""
        beside = [-1] * len(self.order)
        for dimension in self.dimensions:
            for bit in range(len(beside)):
                here = 0
                for _, mask in dimension.points:
                    if mask >> bit & 1:
                        here |= mask
                beside[bit] &= here
        return beside

    def _inside(self, bits: int) -> Path:
        """Return a place at which all of some bits are set; there must be one."""
        return tuple(
            next(point for point in one.points if point[1] & bits == bits)
            for one in self.dimensions
        )

    def _witness(self, path: Path) -> Witness:
        """Return the values of the inputs at a place, in the order of the inputs."""
        value_at = {
            place: value
            for one, (value, _) in zip(self.dimensions, path, strict=True)
            for place in one.places
        }
        return tuple((one.name, value_at[place]) for place, one in enumerate(self.table.inputs))

    def _doubt(self) -> str:
        """Return what to add where such a place may not exist."""
        if self.shared:
            return f"; several inputs read {', '.join(self.shared)}, so this may never occur"
        if self.unsure:
            are = "is more than a field" if len(self.unsure) == 1 else "are more than fields"
            return f"; {', '.join(self.unsure)} {are}, so this may never occur"
        return ""

    def unreached_rows(self, found: Walk | None) -> Iterator[TableFault]:
        """Yield the rows that match nowhere, and those from which others take every place."""
        reached = (
            None if found is None else {(mask & -mask).bit_length() - 1 for mask in found.masks}
        )
        for number, bit in sorted((place + 1, bit) for bit, place in enumerate(self.order)):
            never = [one for one in self.dimensions if not one.matching() >> bit & 1]
            where: Witness | None = None
            if never:
                places = sorted(place for one in never for place in one.places)
                cells = [self.table.rows[number - 1].cells[place] for place in places]
                names = " and ".join(self.table.inputs[place].name for place in places)
                why = f"no value that can occur fits what it asks of {names}"
                if any(isinstance(cell, Band) and cell.is_empty for cell in cells):
                    why = f"its band for {names} leaves nothing between its ends"
            elif reached is not None and bit not in reached:
                path = self._inside(1 << bit)
                mask = reduce(int.__and__, (mask for _, mask in path))
                by = self.order[(mask & -mask).bit_length() - 1] + 1
                where = self._witness(path)
                why = f"wherever it matches others do first: row {by} at {pairs_text(where)}"
            else:
                continue
            yield TableFault(
                code="decision-row-unreached",
                severity=Severity.WARNING,
                message=f"row {number} of {self.table.name!r} is never reached: {why}",
                rows=(number,),
                witness=where,
            )

    def gaps(self, found: Walk) -> Iterator[TableFault]:
        """Yield places at which nothing is decided."""
        for path in found.gaps:
            where = self._witness(path)
            message = (
                f"no row of {self.table.name!r} matches {pairs_text(where)}, and it has no default"
            )
            yield TableFault(
                code="decision-gap",
                severity=Severity.WARNING,
                message=message + self._doubt(),
                witness=where,
            )
        count = found.count - len(found.gaps)
        if count:
            message = f"no row of {self.table.name!r} matches at {count:,} further places"
            yield TableFault(
                code="decision-gap", severity=Severity.WARNING, message=message, count=count
            )
