"""The limits of a rule, checked before anything walks it by recursion."""

from __future__ import annotations

from enum import Enum
from typing import cast

from salescore.errors import RuleTypeError
from salescore.rules._literals import TEXT_LIMIT, shown_value
from salescore.rules._tree import (
    Arithmetic,
    Branch,
    Comparator,
    Comparison,
    Conditional,
    Expression,
    FieldRef,
    Literal,
    Membership,
    Operator,
    Rounded,
    TagMatch,
    TagTest,
    TextMatch,
    TextTest,
    children,
)
from salescore.values import Rounding

DEPTH_LIMIT = 32
"""Most levels of a rule, a field or literal alone being one."""

NODE_LIMIT = 2_000
"""Most nodes of a rule; the options of a membership test are not counted."""

OPTION_LIMIT = 10_000
"""Most options of one membership test, or tags of one test of tags."""

DIGITS_LIMIT = 18
"""Most digits behind the point that a number in a rule may be rounded to."""

_LEAVES = frozenset((FieldRef, Literal))


def check_size(expression: Expression) -> None:
    """
    Refuse a rule that is too large to be walked safely, before anything walks it by recursion.

    Args:
        expression: The rule.

    Raises:
        RuleTypeError: It is beyond one of the limits.
    """
    count = 0
    level: list[object] = [expression]
    for _ in range(DEPTH_LIMIT):
        count += len(level)
        below: list[object] = []
        for node in level:
            # Half of all nodes are leaves; they are passed by without asking what they are.
            if type(node) not in _LEAVES:
                below.extend(_inner(node))
            if count + len(below) > NODE_LIMIT:
                raise _too_large(expression, f"it has more than {NODE_LIMIT:,} nodes")
        level = below
    if level:
        raise _too_large(expression, f"it is nested more than {DEPTH_LIMIT} levels deep")


def _inner(node: object) -> tuple[object, ...]:  # noqa: C901, PLR0912 - a case per kind of node
    """Return what counts below a node; refuse what is no node, or no part of one."""
    if not isinstance(node, Expression):
        fault = "it stands in a tree but is no node; write Literal or FieldRef around it"
        raise RuleTypeError(shown_value(node), fault)
    match node:
        case Comparison(comparator):
            _must_name(node, comparator, Comparator)
        case Arithmetic(operator):
            _must_name(node, operator, Operator)
        case Membership(value, options):
            _check_options(node, options)
            return (value,)
        case TextTest(match, _, text):
            _must_name(node, match, TextMatch)
            _check_text(node, text)
        case TagTest(match, _, tags):
            _must_name(node, match, TagMatch)
            _check_count(node, tags)
            for tag in tags:
                _check_text(node, tag)
        case Conditional(branches):
            for branch in cast("tuple[object, ...]", branches):
                if not isinstance(branch, Branch):
                    raise RuleTypeError(shown_value(branch), "a conditional is made of Branch")
        case Rounded(_, digits, mode):
            _must_name(node, mode, Rounding)
            if type(digits) is not int or not 0 <= digits <= DIGITS_LIMIT:
                raise RuleTypeError(shown_value(digits), f"round to 0 to {DIGITS_LIMIT} digits")
        case _:
            pass
    return children(node)


def _must_name(node: Expression, given: object, wanted: type[Enum]) -> None:
    if not isinstance(given, wanted):
        kind = type(node).__name__.lower()
        raise RuleTypeError(shown_value(given), f"{kind} needs {wanted.__name__}, not this")


def _check_count(node: Expression, options: tuple[object, ...]) -> None:
    if len(options) > OPTION_LIMIT:
        raise _too_large(node, f"it lists more than {OPTION_LIMIT:,} options")


def _check_options(node: Expression, options: tuple[object, ...]) -> None:
    _check_count(node, options)
    for option in options:
        if not isinstance(option, Literal):
            raise RuleTypeError(shown_value(option), "an option of a list must be a Literal")


def _check_text(node: Expression, text: object) -> None:
    if not isinstance(text, str):
        raise RuleTypeError(shown_value(text), f"{type(node).__name__} looks for a text")
    if len(text) > TEXT_LIMIT:
        raise RuleTypeError(shown_value(text), f"at most {TEXT_LIMIT:,} characters")


def _too_large(node: Expression, fault: str) -> RuleTypeError:
    kind = type(node).__name__.lower()
    return RuleTypeError(f"a {kind}", f"{fault}; cut it into several rules")
