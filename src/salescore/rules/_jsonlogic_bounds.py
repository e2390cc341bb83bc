"""How large a number in a rule may grow, and how it is held against a literal."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from salescore.errors import RuleTypeError
from salescore.plain import FieldTable
from salescore.rules._check import RuleType, check_types
from salescore.rules._jsonlogic_formula import FALSE, TRUE, Formula, constant, made
from salescore.rules._jsonlogic_scale import (
    DAY_LIMIT,
    DAYS_LIMIT,
    STEP_LIMIT,
    WHOLE_LIMIT,
    steps,
)
from salescore.rules._text import rule_text
from salescore.rules._tree import (
    Arithmetic,
    Coalesce,
    Comparator,
    Conditional,
    DaysBetween,
    Expression,
    FieldRef,
    Literal,
    Operator,
    Rounded,
)

MIRROR = {
    Comparator.EQ: Comparator.EQ,
    Comparator.NE: Comparator.NE,
    Comparator.LT: Comparator.GT,
    Comparator.LE: Comparator.GE,
    Comparator.GT: Comparator.LT,
    Comparator.GE: Comparator.LE,
}
"""The comparison that says the same with its sides exchanged."""


def refused(node: Expression, part: str) -> RuleTypeError:
    """Return the error that names what engines of JsonLogic do not answer alike."""
    return RuleTypeError(rule_text(node), f"JsonLogic engines would not agree on {part}")


def kind_of(node: Expression, table: FieldTable) -> RuleType:
    """Return what a part of a checked rule yields."""
    while True:
        match node:
            case Coalesce(parts):
                node = parts[0]
            case Conditional(branches):
                node = branches[0].then
            case FieldRef() | Literal():
                return check_types(node, table)
            case Arithmetic() | Rounded() | DaysBetween():
                return RuleType.NUMBER
            case _:
                return RuleType.BOOLEAN


def whole_steps(value: Decimal | date, node: Expression, digits: int) -> int:
    """
    Return a literal in whole steps.

    Raises:
        RuleTypeError: It has more digits behind the point, or is too large.
    """
    place = steps(value, digits)
    if place.denominator != 1:
        raise refused(node, f"a number with more than {digits} digits in a sum or result")
    if abs(place) > WHOLE_LIMIT:
        raise refused(node, "a number beyond 2**53 - 1 steps")
    return place.numerator


def whole_factor(node: Expression, left: Expression, right: Expression) -> tuple[int, Expression]:
    """
    Return the side of a product that is a whole number, and the other side.

    Raises:
        RuleTypeError: Neither side is one.
    """
    for side, other in ((left, right), (right, left)):
        match side:
            case Literal(Decimal() as found) if found == found.to_integral_value():
                return int(found), other
            case _:
                pass
    raise refused(node, "a product of which no side is a whole number")


def farthest(node: Expression, table: FieldTable, digits: int) -> int:
    """
    Return how far from zero a number, date or instant may lie, in steps.

    Raises:
        RuleTypeError: Farther than JavaScript counts exactly, or between two steps.
    """
    match node:
        case Literal(Decimal() | date() as found):
            return abs(whole_steps(found, node, digits))
        case Arithmetic(Operator.MULTIPLY, left, right):
            times, other = whole_factor(node, left, right)
            far = abs(times) * farthest(other, table, digits)
        case Arithmetic(_, left, right):
            far = farthest(left, table, digits) + farthest(right, table, digits)
        case DaysBetween():
            far = DAYS_LIMIT * 10**digits
        case Rounded(part, places):
            if places < digits:
                raise refused(node, f"rounding to fewer than {digits} digits")
            far = farthest(part, table, digits)
        case Coalesce(parts):
            far = max(farthest(part, table, digits) for part in parts)
        case Conditional(branches, otherwise):
            ways = [one.then for one in branches] + ([] if otherwise is None else [otherwise])
            far = max(farthest(way, table, digits) for way in ways)
        case _:
            return {RuleType.DATE: DAY_LIMIT, RuleType.NUMBER: STEP_LIMIT}.get(
                kind_of(node, table), WHOLE_LIMIT
            )
    if far > WHOLE_LIMIT:
        raise refused(node, "a sum or product that may pass 2**53 - 1 steps")
    return far


def in_order(sign: Comparator, left: Formula, right: Formula) -> Formula:
    """Return a comparison of two whole numbers."""
    match sign:
        case Comparator.EQ:
            return made("===", left, right)
        case Comparator.NE:
            return made("!==", left, right)
        case Comparator.LT:
            return made("<", left, right)
        case Comparator.LE:
            return made("<=", left, right)
        case Comparator.GT:
            return made("<", right, left)
        case Comparator.GE:
            return made("<=", right, left)
        case _:
            assert_never(sign)


def against(sign: Comparator, value: Formula, far: int, place: Fraction) -> Formula:
    """
    Return a comparison of a whole number with a literal, wherever the literal stands.

    Args:
        sign: The order asked for.
        value: The number.
        far: How far from zero it may lie.
        place: The literal, between two steps or out of reach as it may be.
    """
    if place.denominator == 1 and abs(place) <= far:
        return in_order(sign, value, constant(place.numerator))
    match sign:
        case Comparator.EQ:
            return FALSE
        case Comparator.NE:
            return TRUE
        case Comparator.LT | Comparator.LE:
            bound = math.floor(place)
            if abs(bound) <= far:
                return in_order(Comparator.LE, value, constant(bound))
            return TRUE if place > 0 else FALSE
        case Comparator.GT | Comparator.GE:
            bound = math.ceil(place)
            if abs(bound) <= far:
                return in_order(Comparator.GE, value, constant(bound))
            return FALSE if place > 0 else TRUE
        case _:
            assert_never(sign)
