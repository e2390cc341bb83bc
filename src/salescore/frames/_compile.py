"""Compiling: which expression of Narwhals each kind of node of a rule becomes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, assert_never

import attrs

from salescore.errors import EngineRefused
from salescore.frames._digits import NO_NUMBER, Digits, Span, checked_span
from salescore.frames._engines import narwhals
from salescore.frames._frame import Frame
from salescore.frames._made import (
    Expr,
    Made,
    all_of,
    any_of,
    as_digits,
    false_if_known,
    literal,
    never_known,
    null,
    ordered,
    true_if_known,
    truth,
)
from salescore.frames._numbers import (
    calculated,
    compared,
    compared_with,
    days_apart,
    found_among,
    number_column,
    spanning,
)
from salescore.frames._pruning import pruned
from salescore.frames._rounding import rounded
from salescore.frames._write_columns import SEPARATOR
from salescore.rules import (
    Arithmetic,
    Between,
    Coalesce,
    Comparator,
    Comparison,
    Conditional,
    Conjunction,
    DaysBetween,
    Disjunction,
    Expression,
    FieldRef,
    Literal,
    Membership,
    Negation,
    NullTest,
    Rounded,
    RuleType,
    Scalar,
    TagMatch,
    TagTest,
    Term,
    TextMatch,
    TextTest,
    as_tree,
    check_types,
    children,
    evaluate,
    fields_of,
    rule_text,
)

_MIRRORED: Final = {
    Comparator.EQ: Comparator.EQ,
    Comparator.NE: Comparator.NE,
    Comparator.LT: Comparator.GT,
    Comparator.LE: Comparator.GE,
    Comparator.GT: Comparator.LT,
    Comparator.GE: Comparator.LE,
}
_GREGORIAN: Final = datetime(1582, 10, 15, tzinfo=UTC)
_FOUR_DIGITS: Final = date(1000, 1, 1)
_CHAIN: Final = 8
"""Most branches that stand inside one another; longer conditionals are halved."""


@attrs.frozen(kw_only=True, eq=False)
class Compiled:
    """
    A rule as an expression of Narwhals.

    Attributes:
        expr: The expression, for the frame's `nw`.
        type: What it yields.
        digits: The digits of a number, which comes as `Decimal(total, behind)`; `None` for all
            else.
        is_constant: Whether it reads no column, so that engines give one value for all rows.
    """

    expr: Any
    type: RuleType
    digits: Digits | None
    is_constant: bool


def frame_expression(rule: Term | Expression, frame: Frame) -> Compiled:
    """
    Compile a rule for a frame.

    Where the types of the columns are too wide to prove it exact, the frame is asked once for the
    least and greatest number of each.

    Args:
        rule: A rule over the fields of the frame's fact table.
        frame: An opened frame.

    Raises:
        UnknownName: A field that the fact table does not have.
        RuleTypeError: Types that do not fit, as `check_types` says.
        InvalidFrame: A field for which the frame was not opened, or whose column it lacks, unless
            it was opened with `absent_as_null`.
        EngineRefused: The engine cannot answer it exactly.
    """
    tree = as_tree(rule)
    kind = check_types(tree, frame.schema)
    frame.check_there(fields_of(tree))
    check_literals(tree, frame.engine)
    tree = pruned(tree, frame)
    try:
        return _whole(tree, kind, frame)
    except EngineRefused:
        if not frame.measure(name for name in fields_of(tree) if name in frame.digits):
            raise
        return _whole(tree, kind, frame)


def check_literals(tree: Expression, engine: str) -> None:
    """
    Refuse a rule with a constant that does not reach an engine as it is.

    Raises:
        EngineRefused: Half of a surrogate pair; a day or instant on its way to Spark that lies
            before the calendars of Java and Python agree.
    """
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        waiting += children(node)
        for value in _constants(node):
            fault = _literal_fault(value, engine)
            if fault is not None:
                raise EngineRefused(engine, rule_text(node), fault)


def _constants(node: Expression) -> tuple[Scalar, ...]:
    match node:
        case Literal(value):
            return (value,)
        case TextTest(_, _, text):
            return (text,)
        case TagTest(_, _, tags):
            return tags
        case _:
            return ()


def _literal_fault(value: Scalar, engine: str) -> str | None:
    if isinstance(value, str) and not _is_unicode(value):
        return "a text in it holds half a surrogate pair, which no engine takes; remove it"
    if engine != "spark":
        return None
    if isinstance(value, datetime):
        is_early, first = value < _GREGORIAN, _GREGORIAN.date()
    elif isinstance(value, date):
        is_early, first = value < _FOUR_DIGITS, _FOUR_DIGITS
    else:
        return None
    return f"it takes no constant before {first}; write that one" if is_early else None


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def _whole(tree: Expression, kind: RuleType, frame: Frame) -> Compiled:
    made = _compiled(tree, frame)
    expr, digits = made.expr, None
    if made.span is not None:
        digits = made.span.digits
        expr = as_digits(made, digits, tree, frame.engine)
    return Compiled(expr=expr, type=kind, digits=digits, is_constant=not _reads(tree, frame))


def _reads(node: Expression, frame: Frame) -> bool:
    """Whether a node reads a column that is there."""
    return any(frame.column(name) is not None for name in fields_of(node))


def _compiled(node: Expression, frame: Frame) -> Made:  # noqa: C901, PLR0912 - a case per kind of node
    if isinstance(node, FieldRef):
        return _field(node, frame)
    if not _reads(node, frame):
        return _constant(node, frame)
    match node:
        case Comparison(comparator, left, right):
            return truth(_compared(node, comparator, left, right, frame))
        case Between(value, low, high):
            above = _compared(node, Comparator.GE, value, low, frame)
            below = _compared(node, Comparator.LE, value, high, frame)
            return truth(above & below)
        case Membership(value, options):
            return truth(_found(node, _compiled(value, frame), options, frame.engine))
        case NullTest(part):
            return truth(_compiled(part, frame).expr.is_null())
        case Conjunction(parts):
            return truth(all_of(_exprs(parts, frame)))
        case Disjunction(parts):
            return truth(any_of(_exprs(parts, frame)))
        case Negation(part):
            return truth(~_compiled(part, frame).expr)
        case TextTest(match, part, text):
            return truth(_matched(match, _compiled(part, frame).expr, text))
        case TagTest(match, part, tags):
            return truth(_tagged(match, _compiled(part, frame).expr, tags))
        case Arithmetic(operation, left, right):
            sides = (_compiled(left, frame), _compiled(right, frame))
            return calculated(node, operation, *sides, frame.engine)
        case Rounded(part, digits, mode):
            return rounded(node, _compiled(part, frame), digits, mode, frame.engine)
        case DaysBetween(start, end):
            return days_apart(_compiled(start, frame), _compiled(end, frame), frame.engine)
        case Coalesce(parts):
            return _coalesced(node, [_compiled(part, frame) for part in parts], frame)
        case Conditional():
            return _chosen(node, frame)
        case Literal():  # pragma: no cover - a literal reads nothing
            return _constant(node, frame)
        case _:
            assert_never(node)


def _exprs(parts: Sequence[Expression], frame: Frame) -> list[Expr]:
    return [_compiled(part, frame).expr for part in parts]


def _constant(node: Expression, frame: Frame) -> Made:
    """Return what a node yields that reads nothing but columns that are not there."""
    kind = check_types(node, frame.unchosen)
    value = _value(node, frame)
    if isinstance(value, Decimal):
        checked_span(Span.at(value), node, frame.engine)
    if value is not None:
        return literal(value, kind)
    return null(kind, NO_NUMBER if kind is RuleType.NUMBER else None)


def _field(node: FieldRef, frame: Frame) -> Made:
    column = frame.column(node.name)
    if column is None:
        return _constant(node, frame)
    if column.type is RuleType.NUMBER:
        return number_column(column, frame.span(node.name))
    if frame.is_raw and column.normal is not None:
        return Made(expr=column.normal, type=column.type)
    return Made(expr=narwhals().col(node.name), type=column.type)


def _compared(
    node: Expression, comparator: Comparator, left: Expression, right: Expression, frame: Frame
) -> Expr:
    for side, other in ((left, right), (right, left)):
        if not _reads(side, frame) and _value(side, frame) is None:
            # Polars may take a comparison with a constant null for one row.
            return never_known(_compiled(other, frame).expr)
    if check_types(left, frame.unchosen) is not RuleType.NUMBER:
        if not _reads(left, frame):
            # Polars takes a constant on the left for a whole column of one row.
            left, right, comparator = right, left, _MIRRORED[comparator]
        return ordered(comparator, *_exprs((left, right), frame))
    # A constant is compared in the type of the number, so it may have any size itself.
    value = _value(right, frame)
    if isinstance(value, Decimal):
        return compared_with(node, comparator, _compiled(left, frame), value, frame.engine)
    value = _value(left, frame)
    if isinstance(value, Decimal):
        mirrored = _MIRRORED[comparator]
        return compared_with(node, mirrored, _compiled(right, frame), value, frame.engine)
    sides = (_compiled(left, frame), _compiled(right, frame))
    return compared(node, comparator, *sides, frame.engine)


def _value(node: Expression, frame: Frame) -> Scalar | None:
    """Return the value of a node that reads no column that is there; else `None`."""
    if _reads(node, frame):
        return None
    found: Scalar | None = evaluate(node, dict.fromkeys(fields_of(node)))
    return found


def _found(node: Expression, made: Made, options: Sequence[Literal], engine: str) -> Expr:
    values = list(dict.fromkeys(option.value for option in options))
    if made.type is RuleType.NUMBER:
        return found_among(node, made, values, engine)
    if not values:
        return false_if_known(made.expr)
    if made.type is RuleType.BOOLEAN:
        if len(values) > 1:
            return true_if_known(made.expr)
        return made.expr if values[0] else ~made.expr
    return made.expr.is_in(values)


def _matched(match: TextMatch, expr: Expr, text: str) -> Expr:
    if not text:
        return true_if_known(expr)
    match match:
        case TextMatch.STARTS_WITH:
            return expr.str.starts_with(text)
        case TextMatch.CONTAINS:
            return expr.str.contains(text, literal=True)
        case TextMatch.ENDS_WITH:
            return expr.str.ends_with(text)
        case _:
            assert_never(match)


def _tagged(match: TagMatch, expr: Expr, tags: Sequence[str]) -> Expr:
    # A text with the separator in it is in no set, though it might be found across two.
    possible = [tag for tag in dict.fromkeys(tags) if SEPARATOR not in tag]
    has = [expr.str.contains(f"{SEPARATOR}{tag}{SEPARATOR}", literal=True) for tag in possible]
    match match:
        case TagMatch.ALL:
            if any(SEPARATOR in tag for tag in tags):
                return false_if_known(expr)
            return all_of(has) if has else true_if_known(expr)
        case TagMatch.ANY:
            return any_of(has) if has else false_if_known(expr)
        case TagMatch.NONE:
            return ~any_of(has) if has else true_if_known(expr)
        case _:
            assert_never(match)


def _coalesced(node: Coalesce, parts: list[Made], frame: Frame) -> Made:
    kind, span, dtype = parts[0].type, None, None
    exprs = [part.expr for part in parts]
    if kind is RuleType.NUMBER:
        span, dtype, exprs = spanning(node, parts, frame.engine)
    expr = exprs[0] if len(exprs) == 1 else narwhals().coalesce(*exprs)
    return Made(expr=expr, type=kind, span=span, dtype=dtype)


def _chosen(node: Conditional, frame: Frame) -> Made:
    tests = [_compiled(branch.when, frame).expr for branch in node.branches]
    results = [_compiled(branch.then, frame) for branch in node.branches]
    if node.otherwise is not None:
        results.append(_compiled(node.otherwise, frame))
    kind, span, dtype = results[0].type, None, None
    exprs = [one.expr for one in results]
    if kind is RuleType.NUMBER:
        span, dtype, exprs = spanning(node, results, frame.engine)
    last = null(kind, span).expr if node.otherwise is None else exprs.pop()
    return Made(expr=chosen(tests, exprs, last), type=kind, span=span, dtype=dtype)


def chosen(tests: Sequence[Expr], results: Sequence[Expr], last: Expr) -> Expr:
    """
    Return the result whose test is the first to hold.

    Args:
        tests: Conditions; one that is unknown does not hold.
        results: Values of one type, one per test.
        last: The value where none holds.
    """
    nw = narwhals()
    if len(tests) > _CHAIN:
        half = len(tests) // 2
        some = any_of(tests[:half])
        first = chosen(tests[: half - 1], results[: half - 1], results[half - 1])
        return nw.when(some).then(first).otherwise(chosen(tests[half:], results[half:], last))
    for test, result in zip(reversed(tests), reversed(results), strict=True):
        last = nw.when(test).then(result).otherwise(last)
    return last
