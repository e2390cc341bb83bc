"""Decision tables on frames: what they decide on every row, as columns of a dataframe."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, assert_never

from salescore.errors import EngineRefused
from salescore.frames._columns import Column
from salescore.frames._compile import check_literals, frame_expression
from salescore.frames._digits import Digits, Span
from salescore.frames._engines import ARROW, narwhals
from salescore.frames._frame import Frame, Native, names_of, open_frame, schema_of
from salescore.frames._made import (
    Expr,
    Made,
    all_of,
    any_of,
    decimal_type,
    joined,
    literal,
    null,
    number_literal,
)
from salescore.frames._numbers import calculated, spanning
from salescore.frames._rules import appended, check_new
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import (
    Band,
    Cell,
    Collect,
    Comparator,
    Comparison,
    Conjunction,
    DecisionTable,
    Expression,
    FieldRef,
    HitPolicy,
    IsNull,
    Literal,
    Membership,
    Negation,
    NullTest,
    OneOf,
    Operator,
    RuleType,
    Scalar,
    check_types,
    fields_of,
)
from salescore.values import scale_of

_KINDS = {
    RuleType.BOOLEAN: Kind.BOOLEAN,
    RuleType.NUMBER: Kind.DECIMAL,
    RuleType.TEXT: Kind.TEXT,
    RuleType.DATE: Kind.DATE,
    RuleType.INSTANT: Kind.INSTANT,
}

_PLACE = "decision place"
_INPUT = "decision input "
_NOTHING = -1
_NO_FIELDS = FieldTable(name="outputs", fields=())

Outcome = tuple[Scalar, ...]


def decide_frame(
    native: Native,
    table: DecisionTable,
    schema: FieldTable | str,
    *,
    absent_as_null: bool = False,
) -> Native:
    """
    Return a dataframe with what a decision table decides on each row, a column per output.

    Args:
        native: A dataframe of any engine, eager or lazy.
        table: A decision table in which `check_table` finds no error.
        schema: The fact table of the rows, or its name.
        absent_as_null: As in `filter_frame`.

    Returns:
        A dataframe of the same kind; where nothing is decided its new columns are null.

    Raises:
        EngineRefused: A table that collects lists, which no column of a scalar type holds; an
            input or a sum that the engine cannot work out exactly.
        InvalidValue: An output whose name a column of the dataframe has.
        InvalidFrame: Everything that is wrong with the columns that the inputs read, and each that
            is not there.
        RuleTypeError: A table that does not fit the fields.
        UnknownName: No such fact table, or a field that it does not have.
        MissingExtra: The extra `frames` is not installed.
    """
    schema = schema_of(schema)
    inputs = tuple(given.of for given in table.inputs)
    fields = [name for tree in inputs for name in fields_of(tree)]
    frame = open_frame(native, schema, columns=fields, absent_as_null=absent_as_null)
    frame.check_there(fields)
    if table.collect is Collect.LIST:
        fault = "a column holds one value per row; collect a sum, count, least or greatest"
        raise EngineRefused(frame.engine, _name(table), fault)
    names = [output.name for output in table.outputs]
    numbered = [f"{_INPUT}{number}" for number in range(len(inputs))]
    check_new(frame, [*names, *numbered, _PLACE])
    for row in table.rows:
        for value in row.outputs:
            check_literals(Literal(value), frame.engine)
    staged = _staged(frame, inputs, numbered)
    decided = _decided(table, staged, _matches(table, staged))
    if frame.engine in ARROW:
        columns = decided.to_native()
        return appended(frame, {name: columns[name] for name in names})
    given = names_of(frame.raw.nw)
    return decided.select(*given, *names).to_native()


def _name(table: DecisionTable) -> str:
    return f"decision table {table.name}/{table.version}"


def _staged(frame: Frame, inputs: Sequence[Expression], names: Sequence[str]) -> Frame:
    """Return a frame with a column per input, so that each is worked out once for all cells."""
    reading = frame if frame.engine in ARROW else frame.raw
    found = [frame_expression(tree, reading) for tree in inputs]
    fields = [
        Field(name=name, kind=_KINDS[one.type], nullable=True, labels=(name, name))
        for name, one in zip(names, found, strict=True)
    ]
    columns = [
        Column(
            name=name,
            type=one.type,
            dtype=None if one.digits is None else decimal_type(one.digits),
            span=None if one.digits is None else Span.of(one.digits),
        )
        for name, one in zip(names, found, strict=True)
    ]
    exprs = [one.expr.alias(name) for name, one in zip(names, found, strict=True)]
    return Frame(
        schema=FieldTable(name="inputs", fields=tuple(fields)),
        native=frame.native,
        nw=reading.nw.with_columns(*exprs),
        engine=frame.engine,
        columns=tuple(columns),
        absent=frozenset(),
    )


def _matches(table: DecisionTable, staged: Frame) -> list[Expr]:
    """Return for each row of the table whether it matches; unknown counts as no."""
    made: dict[tuple[str, Cell], Expr] = {}
    matches: list[Expr] = []
    for row in table.rows:
        tests: list[Expr] = []
        for name, cell in zip(staged.schema.names, row.cells, strict=True):
            if cell is None:
                continue
            if (name, cell) not in made:
                made[name, cell] = frame_expression(_condition(name, cell), staged).expr
            tests.append(made[name, cell])
        matches.append(all_of(tests) if tests else narwhals().lit(True))
    return matches


def _condition(name: str, cell: Band | OneOf | IsNull) -> Expression:
    """Return a cell as a rule about its input."""
    value = FieldRef(name)
    match cell:
        case OneOf(options, is_negated):
            found: Expression = Membership(value, tuple(map(Literal, options)))
            return Negation(found) if is_negated else found
        case IsNull(is_negated):
            return Negation(NullTest(value)) if is_negated else NullTest(value)
        case Band(low, high, includes_low, includes_high):
            ends: list[Expression] = []
            if low is not None:
                above = Comparator.GE if includes_low else Comparator.GT
                ends.append(Comparison(above, value, Literal(low)))
            if high is not None:
                below = Comparator.LE if includes_high else Comparator.LT
                ends.append(Comparison(below, value, Literal(high)))
            return Conjunction(tuple(ends))
        case _:
            assert_never(cell)


def _decided(table: DecisionTable, staged: Frame, matches: Sequence[Expr]) -> Any:  # noqa: ANN401 - what Narwhals wraps
    """Return the frame with the outputs as columns."""
    name = table.outputs[0].name
    match table.collect:
        case Collect.COUNT:
            return staged.nw.with_columns(_count(matches).alias(name))
        case Collect.SUM:
            return staged.nw.with_columns(_sum(table, staged.engine, matches).alias(name))
        case _:
            place, outcomes = _place(table, matches)
            placed = staged.nw.with_columns(place.alias(_PLACE))
            outputs = [
                _output([outcome[at] for outcome in outcomes]).alias(output.name)
                for at, output in enumerate(table.outputs)
            ]
            return placed.with_columns(*outputs)


def _place(table: DecisionTable, matches: Sequence[Expr]) -> tuple[Expr, list[Outcome]]:
    """Return which of several outcomes is decided, and these outcomes."""
    nw = narwhals()
    ways = [(row.outputs, match) for row, match in zip(table.rows, matches, strict=True)]
    ways = _in_order(table, ways)
    outcomes = [outcome for outcome, _ in ways]
    matched = [nw.when(test).then(nw.lit(place)) for place, (_, test) in enumerate(ways)]
    first, last = nw.min_horizontal(*matched), nw.max_horizontal(*matched)
    place = first
    if table.default is not None:
        place = nw.coalesce(first, nw.lit(len(outcomes)))
        outcomes.append(table.default)
    if table.hit_policy in (HitPolicy.UNIQUE, HitPolicy.ANY):
        place = nw.when(first < last).then(nw.lit(_NOTHING)).otherwise(place)
    return place, outcomes


def _in_order(table: DecisionTable, ways: list[tuple[Outcome, Expr]]) -> list[tuple[Outcome, Expr]]:
    """Return outcomes and their tests so that the first that holds decides, if one may."""
    match table.hit_policy:
        case HitPolicy.PRIORITY:
            ranks = [output.priorities.index for output in table.outputs if output.priorities]
            places = [place for place, one in enumerate(table.outputs) if one.priorities]
            return sorted(
                ways,
                key=lambda way: [rank(way[0][at]) for rank, at in zip(ranks, places, strict=True)],
            )
        case HitPolicy.ANY:
            alike: dict[Outcome, list[Expr]] = {}
            for outcome, test in ways:
                alike.setdefault(outcome, []).append(test)
            return [(outcome, any_of(tests)) for outcome, tests in alike.items()]
        case HitPolicy.COLLECT:
            is_greatest = table.collect is Collect.MAX
            return sorted(ways, key=lambda way: _number(way[0][0]), reverse=is_greatest)
        case HitPolicy.FIRST | HitPolicy.UNIQUE:
            return ways
        case _:
            assert_never(table.hit_policy)


def _number(value: Scalar) -> Decimal:
    assert isinstance(value, Decimal)  # noqa: S101 - a table of no other output can be made
    return value


def _counted(tests: Sequence[Expr]) -> Expr:
    """Return how many tests hold."""
    nw = narwhals()
    ones = [nw.when(test).then(nw.lit(1)).otherwise(nw.lit(0)) for test in tests]
    return joined(ones, lambda one, other: one + other)


def _count(tests: Sequence[Expr]) -> Expr:
    digits = Digits.of(Decimal(len(tests)))
    # Arrow casts a whole number only to a decimal with room for all of its type.
    return _counted(tests).cast(narwhals().Decimal(20, 0)).cast(decimal_type(digits))


def _sum(table: DecisionTable, engine: str, matches: Sequence[Expr]) -> Expr:
    """Return the sum of the outputs of all rows that match."""
    nw = narwhals()
    question = Literal(_name(table))
    parts: list[Made] = []
    for row, match in zip(table.rows, matches, strict=True):
        value = _number(row.outputs[0])
        span = Span.at(value).joined(Span.at(Decimal(0)))
        ways = [number_literal(one, span.digits) for one in (value, Decimal(0))]
        expr = nw.when(match).then(ways[0]).otherwise(ways[1])
        dtype = decimal_type(span.digits)
        parts.append(Made(expr=expr, type=RuleType.NUMBER, span=span, dtype=dtype))
    total = joined(parts, lambda one, other: calculated(question, Operator.ADD, one, other, engine))
    if table.default is None:
        last = null(RuleType.NUMBER, total.span)
    else:
        last = literal(table.default[0], RuleType.NUMBER)
    _, _, (found, otherwise) = spanning(question, [total, last], engine)
    return nw.when(any_of(matches)).then(found).otherwise(otherwise)


def _output(values: Sequence[Scalar]) -> Expr:
    """Return the value of one output by the place of the outcome decided."""
    nw = narwhals()
    by_value: dict[Scalar, list[int]] = {}
    for place, value in enumerate(values):
        by_value.setdefault(value, []).append(place)
    kind = check_types(Literal(values[0]), _NO_FIELDS)
    span = None
    results = [nw.lit(value) for value in by_value]
    if kind is RuleType.NUMBER:
        numbers = [_number(value) for value in by_value]
        span = Span(min(numbers), max(numbers), max(map(scale_of, numbers)))
        results = [number_literal(number, span.digits) for number in numbers]
    # No result is null, so the first that is known is the one whose place it is: flat, where
    # one conditional inside another would be a thousand deep.
    ways = [
        nw.when(nw.col(_PLACE).is_in(places)).then(result)
        for places, result in zip(by_value.values(), results, strict=True)
    ]
    return nw.coalesce(*ways, null(kind, span).expr)
