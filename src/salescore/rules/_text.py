"""Rules as a person would write them."""

from __future__ import annotations

from typing import assert_never

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
    HasTree,
    Literal,
    Membership,
    Negation,
    NullTest,
    Operator,
    Rounded,
    TagTest,
    TextTest,
    rule_tree,
)


def rule_text(expression: Expression | HasTree) -> str:
    """Return an expression as a person would write it, for messages and catalogues."""
    pieces: list[str] = []
    waiting: list[Expression | str] = [rule_tree(expression)]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            pieces.append(item)
        else:
            waiting.extend(reversed(_spelling(item)))
    return "".join(pieces)


def _spelling(expression: Expression) -> list[Expression | str]:  # noqa: C901, PLR0912 - a case per kind
    """Return the words of a node, left to right, with its parts between them."""
    match expression:
        case FieldRef(name):
            return [name]
        case Literal(value):
            return [repr(value) if isinstance(value, str) else str(value)]
        case Comparison(Comparator(value=sign), left, right):
            return [*_part(left), f" {sign} ", *_part(right)]
        case Arithmetic(Operator(value=sign), left, right):
            return [*_part(left), f" {sign} ", *_part(right)]
        case Membership(value, options):
            return [*_part(value), " in (", *_joined(options, ", "), ")"]
        case NullTest(part):
            return [*_part(part), " is null"]
        case Negation(part):
            return ["not ", *_part(part)]
        case Between(value, low, high):
            return [*_part(value), " between ", *_part(low), " and ", *_part(high)]
        case TextTest(match, value, text):
            return [*_part(value), f" {_words(match.value)} {text!r}"]
        case TagTest(match, value, tags):
            return [*_part(value), f" {_words(match.value)} ({', '.join(map(repr, tags))})"]
        case Conditional(branches, otherwise):
            ways: list[Expression | str] = [] if branches else ["if ()"]
            for branch in branches:
                ways += [" else if " if ways else "if ", *_part(branch.when)]
                ways += [" then ", *_part(branch.then)]
            return ways if otherwise is None else [*ways, " else ", *_part(otherwise)]
        case Coalesce(parts):
            return ["first known of (", *_joined(parts, ", "), ")"]
        case DaysBetween(start, end):
            return ["days from ", *_part(start), " to ", *_part(end)]
        case Rounded(value, digits, mode):
            return [*_part(value), f" rounded to {digits} ({_words(mode.value)})"]
        case Conjunction(parts):
            return _joined(parts, " and ") or ["true"]
        case Disjunction(parts):
            return _joined(parts, " or ") or ["false"]
        case _:
            assert_never(expression)


def _joined(parts: tuple[Expression, ...], sign: str) -> list[Expression | str]:
    """Return parts with a sign between each two."""
    return [word for part in parts for word in (sign, *_part(part))][1:]


def _part(expression: Expression) -> list[Expression | str]:
    """Return a part, in brackets where it is more than a name or a value."""
    if isinstance(expression, FieldRef | Literal):
        return [expression]
    return ["(", expression, ")"]


def _words(name: str) -> str:
    return name.replace("_", " ")
