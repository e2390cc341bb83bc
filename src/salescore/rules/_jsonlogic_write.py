"""Rules written as two-valued JsonLogic, with their nulls made explicit."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Never, assert_never, cast

from salescore.plain import FieldTable
from salescore.rules._builder import Term, as_tree
from salescore.rules._check import RuleType, check_types
from salescore.rules._jsonlogic_bounds import (
    MIRROR,
    against,
    farthest,
    in_order,
    kind_of,
    refused,
    whole_factor,
    whole_steps,
)
from salescore.rules._jsonlogic_formula import (
    FALSE,
    NULL,
    TRUE,
    Formula,
    all_of,
    any_of,
    as_data,
    chosen,
    constant,
    listed,
    made,
    negated,
)
from salescore.rules._jsonlogic_scale import check_digits, is_torn, path_of, steps
from salescore.rules._jsonlogic_texts import (
    behind_mark,
    has_tag,
    is_one_of,
    is_ordered_alike,
    same_text,
    text_test,
)
from salescore.rules._tree import (
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
    Operator,
    Rounded,
    TagMatch,
    TagTest,
    TextTest,
    children,
)

_OPPOSITE = {
    Comparator.EQ: Comparator.NE,
    Comparator.NE: Comparator.EQ,
    Comparator.LT: Comparator.GE,
    Comparator.LE: Comparator.GT,
    Comparator.GT: Comparator.LE,
    Comparator.GE: Comparator.LT,
}
_HOLDS: dict[Comparator, Callable[[Any, Any], bool]] = {
    Comparator.EQ: operator.eq,
    Comparator.NE: operator.ne,
    Comparator.LT: operator.lt,
    Comparator.LE: operator.le,
    Comparator.GT: operator.gt,
    Comparator.GE: operator.ge,
}


def to_jsonlogic(rule: Term | Expression, table: FieldTable, digits: int) -> object:
    """
    Return a rule as JsonLogic that every stock engine answers as we do.

    JsonLogic knows true and false but no unknown, and its engines coerce, each in its own way.
    So every null is asked for before its value is used, only values of one type meet, and texts
    that an engine takes for dates or durations are compared behind a leading `=`.

    Args:
        rule: A rule over the table.
        table: Field table of the fact table; where it says that a field is never null, no null
            is asked for.
        digits: Digits behind the point that decimals are carried with, 0 to 9.

    Returns:
        JSON data, to be applied to rows made by `jsonlogic_row` with the same table and digits.
        A condition gives true where the rule is true and false where it is false *or unknown*;
        any other rule gives its value in the form of such a row, null where it is null.

    Raises:
        RuleTypeError: The rule does not fit the table, or it has a part that the engines do not
            answer alike: rounding to fewer digits, a product of two fields, the order of two
            texts, a number with more digits in a sum, a sum that may pass 2**53 - 1 steps; or it
            needs more than 20,000 nodes.
        UnknownName: A field that the table does not have.
        InvalidValue: Digits out of range.

    Examples:
        >>> from salescore.plain import Field, FieldTable, Kind
        >>> from salescore.rules import F
        >>> paid = Field(name="paid", kind=Kind.DECIMAL, nullable=True, labels=("Paid", "已付"))
        >>> to_jsonlogic(F.paid >= 1, FieldTable(name="t", fields=(paid,)), 2)
        {'and': [{'!==': [{'var': 'paid'}, None]}, {'<=': [100, {'var': 'paid'}]}]}
    """
    check_digits(digits)
    tree = as_tree(rule)
    kind = check_types(tree, table)
    _check_texts(tree)
    lowering = _Lowering(table, digits)
    if kind is RuleType.BOOLEAN:
        return as_data(lowering.holds(tree))
    return as_data(chosen([(lowering.is_null(tree), NULL)], lowering.value(tree)))


class _Lowering:
    """Writes a rule in parts, each part once."""

    __slots__ = ("_digits", "_done", "_table")

    def __init__(self, table: FieldTable, digits: int) -> None:
        self._table = table
        self._digits = digits
        self._done: dict[tuple[str, int], tuple[Expression, Formula]] = {}

    def holds(self, node: Expression) -> Formula:
        """Return whether a condition is true."""
        return self._once("holds", node, self._truth(wanted=True))

    def fails(self, node: Expression) -> Formula:
        """Return whether a condition is false."""
        return self._once("fails", node, self._truth(wanted=False))

    def is_null(self, node: Expression) -> Formula:
        """Return whether a value is null, or a condition unknown."""
        return self._once("is_null", node, self._nullness)

    def is_known(self, *nodes: Expression) -> Formula:
        """Return whether no value is null."""
        return all_of(*(negated(self.is_null(node)) for node in nodes))

    def value(self, node: Expression) -> Formula:
        """Return a value that is no truth value; whatever it is where the value is null."""
        return self._once("value", node, self._value)

    def _once(self, ask: str, node: Expression, write: Callable[[Any], Formula]) -> Formula:
        # By identity, for equality would walk the node each time; the node is kept beside.
        key = (ask, id(node))
        if key not in self._done:
            self._done[key] = (node, write(node))
        return self._done[key][1]

    def _truth(self, *, wanted: bool) -> Callable[[Expression], Formula]:  # noqa: C901 - a case per kind
        """Return what writes whether a condition is true, or false."""
        join, other = (all_of, any_of) if wanted else (any_of, all_of)
        ask = self.holds if wanted else self.fails

        def write(node: Expression) -> Formula:
            match node:
                case Conjunction(parts):
                    return join(*map(ask, parts))
                case Disjunction(parts):
                    return other(*map(ask, parts))
                case Negation(part):
                    return self.fails(part) if wanted else self.holds(part)
                case NullTest(part):
                    return self.is_null(part) if wanted else self.is_known(part)
                case Coalesce(parts):
                    ways: list[tuple[Formula, Formula]] = []
                    for part in parts[:-1]:
                        ways += [(self.holds(part), TRUE if wanted else FALSE)]
                        ways += [(self.fails(part), FALSE if wanted else TRUE)]
                    return chosen(ways, ask(parts[-1]))
                case Conditional(branches, otherwise):
                    pairs = [(self.holds(one.when), ask(one.then)) for one in branches]
                    return chosen(pairs, FALSE if otherwise is None else ask(otherwise))
                case Literal(found):
                    return TRUE if found is wanted else FALSE
                case FieldRef():
                    return made("===", self.value(node), constant(wanted))
                case _:
                    return self._atom(node, wanted=wanted)

        return write

    def _atom(self, node: Expression, *, wanted: bool) -> Formula:  # noqa: C901 - a case per kind
        """Return whether a test of values is true, or false."""
        match node:
            case Comparison(comparator, left, right):
                sign = comparator if wanted else _OPPOSITE[comparator]
                if self._kind(left) is RuleType.BOOLEAN:
                    return self._alike(left, right, same=sign is Comparator.EQ)
                test = self._compared(sign, left, right)
                if wanted and _is_false_of_null(test):
                    return test
                return all_of(self.is_known(left, right), test)
            case Between(value, low, high):
                known = self.is_known(value)
                above = self._compared(Comparator.GE if wanted else Comparator.LT, value, low)
                below = self._compared(Comparator.LE if wanted else Comparator.GT, value, high)
                first = all_of(self.is_known(low), above)
                second = all_of(self.is_known(high), below)
                join = all_of if wanted else any_of
                return all_of(known, join(first, second))
            case Membership(value, options):
                if self._kind(value) is RuleType.BOOLEAN:
                    return self._one_of_truths(value, options, wanted=wanted)
                test = self._member(value, options)
                if wanted and _is_false_of_null(test):
                    return test
            case TextTest(match, value, text):
                test = text_test(match, self.value(value), text)
            case TagTest(match, value, tags):
                has = [has_tag(self.value(value), tag) for tag in dict.fromkeys(tags)]
                test = all_of(*has) if match is TagMatch.ALL else any_of(*has)
                if match is TagMatch.NONE:
                    test = negated(test)
            case _:
                assert_never(cast("Never", node))  # no condition is any other node
        return all_of(self.is_known(value), test if wanted else negated(test))

    def _alike(self, left: Expression, right: Expression, *, same: bool) -> Formula:
        """Return whether two conditions are known and alike, or known and different."""
        yes, no = (self.holds, self.fails) if same else (self.fails, self.holds)
        return any_of(
            all_of(self.holds(left), yes(right)),
            all_of(self.fails(left), no(right)),
        )

    def _one_of_truths(
        self, value: Expression, options: tuple[Literal, ...], *, wanted: bool
    ) -> Formula:
        listed_ones = {option.value for option in options}
        ways = [one for one in (True, False) if (one in listed_ones) is wanted]
        return any_of(*(self.holds(value) if one else self.fails(value) for one in ways))

    def _nullness(self, node: Expression) -> Formula:  # noqa: C901 - a case per kind
        match node:
            case FieldRef(name):
                if not self._table.field(name).nullable:
                    return FALSE
                return made("===", self.value(node), NULL)
            case Literal() | NullTest():
                return FALSE
            case Arithmetic(_, left, right) | DaysBetween(left, right):
                return any_of(self.is_null(left), self.is_null(right))
            case Comparison(_, left, right):
                return any_of(self.is_null(left), self.is_null(right))
            case Rounded(part) | Negation(part) | Membership(part):
                return self.is_null(part)
            case TextTest(_, part) | TagTest(_, part):
                return self.is_null(part)
            case Coalesce(parts):
                return all_of(*map(self.is_null, parts))
            case Conditional(branches, otherwise):
                ways = [(self.holds(one.when), self.is_null(one.then)) for one in branches]
                return chosen(ways, TRUE if otherwise is None else self.is_null(otherwise))
            case Conjunction() | Disjunction() | Between():
                return all_of(negated(self.holds(node)), negated(self.fails(node)))
            case _:
                assert_never(node)

    def _value(self, node: Expression) -> Formula:
        match node:
            case FieldRef(name):
                path_of(name, self._table)
                return made("var", constant(name))
            case Literal(str() as text):
                return constant(text)
            case Literal(Decimal() | date() as found):
                return constant(whole_steps(found, node, self._digits))
            case Coalesce(parts):
                *early, last = parts
                ways = [(self.is_known(part), self.value(part)) for part in early]
                return chosen(ways, self.value(last))
            case Conditional(branches, otherwise):
                ways = [(self.holds(one.when), self.value(one.then)) for one in branches]
                return chosen(ways, NULL if otherwise is None else self.value(otherwise))
            case Arithmetic(Operator.MULTIPLY, left, right):
                self._farthest(node)
                times, other = whole_factor(node, left, right)
                return made("*", self.value(other), constant(times))
            case Arithmetic(sign, left, right):
                self._farthest(node)
                return made(sign.value, self.value(left), self.value(right))
            case DaysBetween(start, end):
                days = made("-", self.value(end), self.value(start))
                return days if not self._digits else made("*", days, constant(10**self._digits))
            case Rounded(part):
                self._farthest(node)
                return self.value(part)
            case _:
                assert_never(cast("Never", node))  # truth values are asked for in two halves

    def _compared(self, sign: Comparator, left: Expression, right: Expression) -> Formula:
        """Return how two values compare that are not null."""
        if isinstance(left, Literal):
            if isinstance(right, Literal):
                return TRUE if _HOLDS[sign](left.value, right.value) else FALSE
            sign, left, right = MIRROR[sign], right, left
        if self._kind(left) is RuleType.TEXT:
            return self._compared_texts(sign, left, right)
        match right:
            case Literal(Decimal() | date() as found):
                place = steps(found, self._digits)
                return against(sign, self.value(left), self._farthest(left), place)
            case _:
                self._farthest(left)
                self._farthest(right)
                return in_order(sign, self.value(left), self.value(right))

    def _compared_texts(self, sign: Comparator, left: Expression, right: Expression) -> Formula:
        first, second = self.value(left), self.value(right)
        if sign in (Comparator.EQ, Comparator.NE):
            same = same_text(first, second)
            return same if sign is Comparator.EQ else negated(same)
        if not (isinstance(second.value, str) and is_ordered_alike(second.value)):
            raise refused(Comparison(sign, left, right), "the order of two texts")
        return in_order(sign, *behind_mark(first, second))

    def _member(self, value: Expression, options: tuple[Literal, ...]) -> Formula:
        """Return whether a value that is not null is one of the options."""
        held = [option.value for option in options]
        if self._kind(value) is RuleType.TEXT:
            return is_one_of(self.value(value), [one for one in held if isinstance(one, str)])
        far = self._farthest(value)
        places = {steps(one, self._digits) for one in held if isinstance(one, Decimal | date)}
        whole = sorted(one.numerator for one in places if one.denominator == 1 and abs(one) <= far)
        if len(whole) <= 1:
            return made("===", self.value(value), constant(whole[0])) if whole else FALSE
        return made("in", self.value(value), listed(whole))

    def _farthest(self, node: Expression) -> int:
        return farthest(node, self._table, self._digits)

    def _kind(self, node: Expression) -> RuleType:
        return kind_of(node, self._table)


def _is_false_of_null(test: Formula) -> bool:
    """Return whether a test of a field is false where the field is null, without being asked."""
    if test.operator not in ("===", "in"):
        return False
    first, second = test.parts
    return first.operator == "var" and (second.operator == "[]" or second.value is not None)


def _check_texts(tree: Expression) -> None:
    waiting: list[Expression] = [tree]
    while waiting:
        node = waiting.pop()
        match node:
            case Literal(str() as text) | TextTest(_, _, text):
                texts: tuple[str, ...] = (text,)
            case TagTest(_, _, tags):
                texts = tags
            case _:
                texts = ()
        if any(map(is_torn, texts)):
            raise refused(node, "half of a surrogate pair")
        waiting.extend(children(node))
