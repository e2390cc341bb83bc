"""Deciding by a table: one row with all the reasons, or any number of rows fast."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar, assert_never

from salescore.plain import FieldTable
from salescore.rules._cells import is_holding
from salescore.rules._decided import Decided, Outcome, Undecided
from salescore.rules._decision_table import Collect, DecisionTable, HitPolicy, precedence
from salescore.rules._evaluate import compile_expression, evaluate
from salescore.rules._lines import Line, line_of, place_among
from salescore.rules._tree import Scalar
from salescore.values import exact_sum

S = TypeVar("S")

_Search = Callable[[Sequence[Any], Any], int]

Result = tuple[Any, ...]
"""One value per output; of `Collect.LIST` one such tuple per row that matches."""


def decide_row(
    table: DecisionTable,
    row: Mapping[str, Scalar | frozenset[str] | None],
    fields: FieldTable | None = None,
) -> Decided:
    """
    Return what a table decides on one row of facts, and why.

    Each cell is asked, one after the other, so that the decision can tell of every one of them;
    `compile_table` decides the same for many rows, without reasons.

    Args:
        table: A table in which `check_table` finds no error.
        row: Values by field name.
        fields: Field table of the row, for labels and to tell personal data; `None` for neither.

    Returns:
        The decision; where nothing is decided it says why.

    Raises:
        InexactResult: A sum or product in an input that cannot be held exactly.

    Examples:
        >>> from salescore.rules import F, Input, Output, Row
        >>> table = DecisionTable(
        ...     name="t",
        ...     version="1",
        ...     hit_policy=HitPolicy.FIRST,
        ...     rows=[Row(["West"], [5])],
        ...     inputs=[Input("region", F.region)],
        ...     outputs=[Output("percent")],
        ... )
        >>> decide_row(table, {"region": "West"}).value("percent")
        Decimal('5')
    """
    values = tuple(evaluate(given.of, row) for given in table.inputs)
    matched = tuple(
        place for place, one in enumerate(table.rows) if all(map(is_holding, one.cells, values))
    )
    decisive, undecided = _decisive(table, matched)
    outcomes: tuple[Outcome, ...] | None
    if decisive:
        outcomes = _gathered(table, [table.rows[place].outputs for place in decisive])
    elif undecided is None:
        outcomes = _unmatched(table)
        undecided = Undecided.NO_MATCH if outcomes is None else None
    else:
        outcomes = None
    return Decided(
        table=table,
        inputs=tuple(zip((given.name for given in table.inputs), values, strict=True)),
        matched=tuple(place + 1 for place in matched),
        decisive=tuple(place + 1 for place in decisive),
        outcomes=outcomes,
        undecided=undecided,
        fields=fields,
    )


def _decisive(
    table: DecisionTable, matched: tuple[int, ...]
) -> tuple[tuple[int, ...], Undecided | None]:
    """Return the places of the rows that count, or why none does although some match."""
    match table.hit_policy:
        case HitPolicy.COLLECT:
            return matched, None
        case HitPolicy.FIRST:
            return matched[:1], None
        case HitPolicy.PRIORITY:
            return tuple(place for place in precedence(table) if place in matched)[:1], None
        case HitPolicy.UNIQUE:
            is_one = len(matched) <= 1
            return (matched, None) if is_one else ((), Undecided.SEVERAL_MATCH)
        case HitPolicy.ANY:
            agree = len({table.rows[place].outputs for place in matched}) <= 1
            return (matched[:1], None) if agree else ((), Undecided.DISAGREEMENT)
        case _:
            assert_never(table.hit_policy)


def _gathered(table: DecisionTable, outputs: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """Return the outcomes of rows that count, of which there is at least one."""
    match table.collect:
        case None:
            return (outputs[0],)
        case Collect.LIST:
            return tuple(outputs)
        case Collect.COUNT:
            return ((Decimal(len(outputs)),),)
        case Collect.SUM:
            return ((exact_sum(_numbers(outputs)),),)
        case Collect.MIN:
            return ((min(_numbers(outputs)),),)
        case Collect.MAX:
            return ((max(_numbers(outputs)),),)
        case _:
            assert_never(table.collect)


def _numbers(outputs: Sequence[Outcome]) -> list[Decimal]:
    return [value for (value,) in outputs if isinstance(value, Decimal)]


def _unmatched(table: DecisionTable) -> tuple[Outcome, ...] | None:
    """Return the outcomes where no row matches; `None` where nothing is decided then."""
    if table.default is not None:
        return (table.default,)
    if table.collect is Collect.COUNT:
        return ((Decimal(0),),)
    return () if table.collect is Collect.LIST else None


def compile_table(
    table: DecisionTable, reader: Callable[[str], Callable[[S], Any]]
) -> Callable[[S], Result | None]:
    """
    Compile a table into one function that decides rows of facts fast.

    Per input one search on its line of cuts gives the rows whose cells hold, as bits; what all
    inputs have in common are the rows that match.

    Args:
        table: A table in which `check_table` finds no error.
        reader: Gives for a field name the function that reads it off whatever the rows are:
            `operator.itemgetter` for mappings, a column's `__getitem__` for row numbers.

    Returns:
        A function from a row to one value per output; of `Collect.LIST` to one such tuple per row
        that matches; to `None` where nothing is decided. It raises `InexactResult` where a sum or
        product in an input that it reads cannot be held exactly.

    Raises:
        RuleTypeError: An input is a rule beyond the limits of `check_types`.
    """
    order = precedence(table)
    rows = [table.rows[place] for place in order]
    full = (1 << len(rows)) - 1
    looked: list[tuple[Callable[[S], Any], Callable[[Any, int], int], int]] = []
    searched: list[tuple[Callable[[S], Any], _Search, tuple[Any, ...], tuple[int, ...], int]] = []
    for place, given in enumerate(table.inputs):
        value_of = compile_expression(given.of, reader)
        line = line_of([row.cells[place] for row in rows])
        if {*line.masks, line.null} == {full}:
            continue
        if len(set(line.masks[::2])) == 1:
            found = dict(zip((None, *line.cuts), (line.null, *line.masks[1::2]), strict=True))
            looked.append((value_of, found.get, line.masks[0]))
        else:
            searched.append((value_of, *_search(line), line.null))
    conclude = _conclusion(table, [row.outputs for row in rows])

    def decided(row: S) -> Result | None:
        # Every column is read here and not in a function of its own: a call costs a third of it.
        mask = full
        for read, find, other in looked:
            mask &= find(read(row), other)
        for read, search, cuts, masks, null in searched:
            value = read(row)
            mask &= null if value is None else masks[search(cuts, value)]
        return conclude(mask)

    return decided


def _search(line: Line) -> tuple[_Search, tuple[Any, ...], tuple[int, ...]]:
    """Return how to find a place among cuts, the cuts, and the masks of the places so found."""
    masks = line.masks
    if masks[1::2] == masks[2::2]:
        return bisect_right, line.cuts, masks[::2]
    if masks[1::2] == masks[:-1:2]:
        return bisect_left, line.cuts, masks[::2]
    return place_among, line.cuts, masks


def _conclusion(table: DecisionTable, outputs: Sequence[Outcome]) -> Callable[[int], Result | None]:
    """Return what makes a result of the bits of the rows that match."""
    unmatched = _result(table, _unmatched(table))
    match table.hit_policy:
        case HitPolicy.FIRST | HitPolicy.PRIORITY:
            results = [unmatched, *outputs]
            return lambda mask: results[(mask & -mask).bit_length()]
        case HitPolicy.UNIQUE:
            results = [unmatched, *outputs]
            return lambda mask: None if mask & (mask - 1) else results[mask.bit_length()]
        case HitPolicy.ANY:
            return _agreement(outputs, unmatched)
        case HitPolicy.COLLECT:

            def gathered(mask: int) -> Result | None:
                if not mask:
                    return unmatched
                some = [outputs[place] for place in _places(mask)]
                return _result(table, _gathered(table, some))

            return gathered
        case _:
            assert_never(table.hit_policy)


def _agreement(
    outputs: Sequence[Outcome], unmatched: Result | None
) -> Callable[[int], Result | None]:
    others = [
        sum(1 << place for place, other in enumerate(outputs) if other != one) for one in outputs
    ]

    def agreed(mask: int) -> Result | None:
        if not mask:
            return unmatched
        place = (mask & -mask).bit_length() - 1
        return None if mask & others[place] else outputs[place]

    return agreed


def _places(mask: int) -> list[int]:
    """Return the places of the bits that are set, the lowest first."""
    places: list[int] = []
    while mask:
        lowest = mask & -mask
        places.append(lowest.bit_length() - 1)
        mask ^= lowest
    return places


def _result(table: DecisionTable, outcomes: tuple[Outcome, ...] | None) -> Result | None:
    if outcomes is None or table.collect is Collect.LIST:
        return outcomes
    return outcomes[0]
