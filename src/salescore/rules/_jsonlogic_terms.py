"""Parts of JsonLogic that depend on the row, as rules with every null made explicit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import reduce
from typing import cast

import attrs

from salescore.rules._check import RuleType
from salescore.rules._jsonlogic_bounds import MIRROR
from salescore.rules._jsonlogic_fold import Held, as_number, is_before, outside, truthy
from salescore.rules._jsonlogic_texts import is_ordered_alike
from salescore.rules._tree import (
    Arithmetic,
    Coalesce,
    Comparator,
    Comparison,
    Conjunction,
    Expression,
    Literal,
    Membership,
    Negation,
    NullTest,
    Operator,
    Scalar,
    TagMatch,
    TagTest,
    TextMatch,
    TextTest,
)

_COERCION = "coercion of {} to {}"
_SIGNS = {
    "<": Comparator.LT,
    "<=": Comparator.LE,
    ">": Comparator.GT,
    ">=": Comparator.GE,
}
_AS_TEXTS = frozenset({RuleType.TEXT, RuleType.DATE})
"""What stands in JsonLogic as a text."""

_ISO_LENGTH = len("2017-03-01")


@attrs.frozen
class Known:
    """
    A constant.

    Attributes:
        value: The constant; null is `None`.
    """

    value: Held


@attrs.frozen
class Computed:
    """
    What depends on the row.

    Attributes:
        tree: Rule with the same value on every row.
        kind: What it yields, apart from null.
        nullable: Whether it may be null.
    """

    tree: Expression
    kind: RuleType
    nullable: bool = False


Part = Known | Computed


def tree_of(part: Part, operator: str) -> Expression:
    """Return a part as a rule; null and arrays are none."""
    if isinstance(part, Computed):
        return part.tree
    if part.value is None:
        raise outside(operator, "null as a result")
    if isinstance(part.value, tuple):
        raise outside(operator, "an array as a result")
    return Literal(part.value)


def as_condition(part: Part, operator: str) -> Part:
    """Return whether a part counts as true; a condition that is null does not."""
    if isinstance(part, Known):
        return Known(truthy(part.value))
    if part.kind is not RuleType.BOOLEAN:
        raise outside(operator, f"the truth of {part.kind.value}")
    return Computed(_else(part, Literal(value=False)), RuleType.BOOLEAN)


def _else(part: Computed, fallback: Expression) -> Expression:
    return Coalesce((part.tree, fallback)) if part.nullable else part.tree


def _condition(tree: Expression) -> Computed:
    return Computed(tree, RuleType.BOOLEAN)


# Equality -----------------------------------------------------------------------------------


def equality(operator: str, left: Part, right: Part) -> Part:
    """Return whether two parts, not both constants, are the same, or not the same."""
    is_strict, is_same = len(operator) == len("==="), operator.startswith("=")
    if isinstance(left, Known):
        left, right = right, left
    first = cast("Computed", left)
    if right == Known(None):
        if not first.nullable:
            return Known(not is_same)
        test = NullTest(first.tree)
        return _condition(test if is_same else Negation(test))
    if first.kind in (RuleType.INSTANT, RuleType.TAGS):
        raise outside(operator, f"a comparison of {first.kind.value}")
    if isinstance(right, Known):
        wanted = _alike(first.kind, right.value, operator, is_strict=is_strict)
        if wanted is None:
            return Known(not is_same)
        return _same(first, Computed(Literal(wanted), first.kind), is_same=is_same)
    if first.kind is right.kind:
        return _same(first, right, is_same=is_same)
    if not is_strict or {first.kind, right.kind} <= _AS_TEXTS:
        raise outside(operator, _COERCION.format(first.kind.value, right.kind.value))
    if first.nullable and right.nullable:
        return _condition(_both_null(first, right, is_same=is_same))
    return Known(not is_same)


def _alike(kind: RuleType, value: Held, operator: str, *, is_strict: bool) -> Scalar | None:
    """Return a constant as a value of a type, or `None` where no such value equals it."""
    match kind, value:
        case (RuleType.NUMBER, Decimal()) | (RuleType.BOOLEAN, bool()) | (RuleType.TEXT, str()):
            return cast("Scalar", value)
        case RuleType.DATE, str():
            return _day(value)
        case (RuleType.DATE, _) if not isinstance(value, tuple):
            return None
        case _ if is_strict:
            return None
        case RuleType.NUMBER, _:
            return as_number(value, operator)
        case _:
            raise outside(operator, _COERCION.format(kind.value, "number"))


def _same(left: Computed, right: Computed, *, is_same: bool) -> Computed:
    test = Comparison(Comparator.EQ if is_same else Comparator.NE, left.tree, right.tree)
    if left.nullable and right.nullable:
        return _condition(Coalesce((test, _both_null(left, right, is_same=is_same))))
    return _with_answer(test, left, right, answer=not is_same)


def _with_answer(test: Expression, *parts: Computed, answer: bool) -> Computed:
    """Return a test with its answer where a part is null."""
    nullable = any(part.nullable for part in parts)
    return _condition(Coalesce((test, Literal(answer))) if nullable else test)


def _both_null(left: Computed, right: Computed, *, is_same: bool) -> Expression:
    both = Conjunction((NullTest(left.tree), NullTest(right.tree)))
    return both if is_same else Negation(both)


def _day(text: str) -> date | None:
    """Return the date that a text writes in the one way in which dates are written."""
    if len(text) != _ISO_LENGTH:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None


# Order --------------------------------------------------------------------------------------


def order(operator: str, left: Part, right: Part) -> Part:
    """Return whether two parts stand in an order."""
    sign = _SIGNS[operator]
    if isinstance(left, Known):
        if isinstance(right, Known):
            return Known(is_before(left.value, right.value, operator))
        sign, left, right = MIRROR[sign], right, left
    if isinstance(right, Known):
        return _held_against(sign, left, right.value, operator)
    match left.kind, right.kind:
        case RuleType.NUMBER, RuleType.NUMBER:
            zero = Literal(Decimal(0))
            return _condition(Comparison(sign, _else(left, zero), _else(right, zero)))
        case RuleType.DATE, RuleType.DATE:
            test = Comparison(sign, left.tree, right.tree)
            if left.nullable and right.nullable and sign in (Comparator.LE, Comparator.GE):
                return _condition(Coalesce((test, _both_null(left, right, is_same=True))))
            return _with_answer(test, left, right, answer=False)
        case RuleType.TEXT, RuleType.TEXT:
            raise outside(operator, "the order of two texts")
        case _:
            kinds = f"{left.kind.value} and {right.kind.value}"
            raise outside(operator, f"the order of {kinds}")


def _held_against(sign: Comparator, left: Computed, value: Held, operator: str) -> Part:
    """Return how a part stands to a constant."""
    match left.kind, value:
        case RuleType.NUMBER, _:
            bound = as_number(value, operator)
            if bound is None:
                return Known(value=False)
            zero = Literal(Decimal(0))
            return _condition(Comparison(sign, _else(left, zero), Literal(bound)))
        case RuleType.TEXT, str():
            if not is_ordered_alike(value):
                raise outside(operator, "the order of signs beyond the basic plane")
            wanted: Scalar = value
        case RuleType.DATE, str():
            day = _day(value)
            if day is None:
                raise outside(operator, "a date beside another text")
            wanted = day
        case RuleType.TEXT, _:
            raise outside(operator, _COERCION.format("text", "number"))
        case _:
            raise outside(operator, f"the order of {left.kind.value}")
    test = Comparison(sign, left.tree, Literal(wanted))
    return _with_answer(test, left, answer=is_before(None, value, sign.value))


# Membership ---------------------------------------------------------------------------------


def inclusion(needle: Part, hay: Part) -> Part:
    """Return whether an array has a value, or a text another."""
    if isinstance(needle, Known):
        return _found_in(needle.value, cast("Computed", hay))
    if isinstance(hay, Computed):
        raise outside("in", "a field looked for in a field")
    if isinstance(hay.value, str) and hay.value:
        raise outside("in", "a field looked for in a text")
    if not isinstance(hay.value, tuple):
        return Known(value=False)
    if needle.kind in (RuleType.INSTANT, RuleType.TAGS):
        raise outside("in", f"a comparison of {needle.kind.value}")
    has_null = None in hay.value
    found = (_alike(needle.kind, one, "in", is_strict=True) for one in hay.value)
    options = tuple(Literal(one) for one in dict.fromkeys(found) if one is not None)
    if not options:
        return equality("===", needle, Known(None)) if has_null else Known(value=False)
    return _with_answer(Membership(needle.tree, options), needle, answer=has_null)


def _found_in(needle: Held, hay: Computed) -> Part:
    match hay.kind, needle:
        case RuleType.TAGS, str():
            test: Expression = TagTest(TagMatch.ANY, hay.tree, (needle,))
        case RuleType.TAGS | RuleType.NUMBER | RuleType.BOOLEAN, _:
            return Known(value=False)
        case RuleType.TEXT, "":
            # JavaScript finds nothing in an empty text, not even an empty one.
            test = Comparison(Comparator.NE, hay.tree, Literal(""))
        case RuleType.TEXT, str():
            test = TextTest(TextMatch.CONTAINS, hay.tree, needle)
        case RuleType.TEXT, _:
            raise outside("in", "coercion to text")
        case _:
            raise outside("in", f"a text looked for in {hay.kind.value}")
    return _with_answer(test, hay, answer=False)


# Arithmetic ---------------------------------------------------------------------------------


def total(parts: list[Part]) -> Computed:
    """Return the sum of parts; a null would make it no number at all."""
    return _number(_folded("+", Operator.ADD, parts))


def product(parts: list[Part]) -> Computed:
    """Return the product of parts; a product of one is that one, whatever it is."""
    if len(parts) == 1:
        return cast("Computed", parts[0])
    return _number(_folded("*", Operator.MULTIPLY, parts))


def difference(parts: list[Part]) -> Computed:
    """Return the difference of two parts, or the opposite of one; null counts as 0."""
    given = parts if len(parts) > 1 else [Known(Decimal(0)), *parts]
    left, right = (_term("-", part) for part in given)
    return _number(Arithmetic(Operator.SUBTRACT, left, right))


def _number(tree: Expression) -> Computed:
    return Computed(tree, RuleType.NUMBER)


def _folded(operator: str, sign: Operator, parts: list[Part]) -> Expression:
    for part in parts:
        if isinstance(part, Computed) and part.nullable and part.kind is RuleType.NUMBER:
            raise outside(operator, "a null, which would be no number")
        if isinstance(part, Known) and not isinstance(part.value, Decimal):
            raise outside(operator, "a constant that is no number")
    return reduce(
        lambda left, right: Arithmetic(sign, left, right),
        [_term(operator, part) for part in parts],
    )


def _term(operator: str, part: Part) -> Expression:
    if isinstance(part, Known):
        held = as_number(part.value, operator)
        if held is None:
            raise outside(operator, "a result that is not a number")
        return Literal(held)
    if part.kind is not RuleType.NUMBER:
        raise outside(operator, _COERCION.format(part.kind.value, "number"))
    return _else(part, Literal(Decimal(0)))
