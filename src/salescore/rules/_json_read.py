"""Rules read from plain data: every operator known, every argument right, every fault with path."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial, reduce
from types import MappingProxyType
from typing import Any, cast

from salescore.errors import InvalidDate, InvalidDocument, InvalidNumber, RuleTypeError, UnknownName
from salescore.plain import DECIMAL_PATTERN, INSTANT_PATTERN, Node, parse_json
from salescore.rules._data_size import check_data_size
from salescore.rules._limits import DIGITS_LIMIT, check_size
from salescore.rules._literals import TEXT_LIMIT
from salescore.rules._operator_spec import ArgumentKind, OperatorSpec
from salescore.rules._operators import LITERALS, OPERATORS
from salescore.rules._tree import (
    Arithmetic,
    Between,
    Branch,
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
    Scalar,
    TagMatch,
    TagTest,
    TextMatch,
    TextTest,
)
from salescore.values import Rounding, parse_date, parse_decimal, parse_instant

WHOLE_LIMIT = 2**53 - 1
"""Largest whole JSON number, up or down, that every reader of JSON holds exactly."""

_IS_DECIMAL = re.compile(DECIMAL_PATTERN)
_IS_INSTANT = re.compile(INSTANT_PATTERN)
_SPECS: Mapping[str, OperatorSpec] = MappingProxyType({one.name: one for one in OPERATORS})
_ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        "=": "==",
        "===": "==",
        "<>": "!=",
        "!==": "!=",
        "!": "not",
        "&&": "and",
        "||": "or",
        "var": "field",
    }
)
"""What other languages call our operators, where the nearest spelling would mislead."""

_AS_TEXT = 'write it as text, such as {"decimal": ["12.50"]}'
_EXPECTED = "expected an operator, a text, true, false or a number"


def parse_rule(text: str) -> Expression:
    """
    Return the rule that a JSON text states.

    Args:
        text: The text, at most 1,048,576 characters.

    Returns:
        The rule; check it with `check_types` against the table that it is about.

    Raises:
        InvalidDocument: No text, no JSON, a key twice in one object, or no rule; it names the place
            and what would be right.

    Examples:
        >>> parse_rule('{"not": [{"field": ["is_active"]}]}')
        Negation(part=FieldRef(name='is_active'))
    """
    given = cast("object", text)
    if not isinstance(given, str):
        raise InvalidDocument("rule", f"expected JSON as a text, not {type(given).__name__}")
    return rule_from_data(parse_json(given, "rule"))


def rule_from_data(data: object, path: str = "rule") -> Expression:
    """
    Return the rule that plain data state.

    Args:
        data: What `rule_to_data` wrote, or any objects at all.
        path: Where the data stand, for error messages.

    Returns:
        The rule; check it with `check_types` against the table that it is about.

    Raises:
        InvalidDocument: No rule, or one beyond the limits.

    Examples:
        >>> from salescore.rules import rule_text
        >>> rule_text(rule_from_data({"+": [1, 2, {"field": ["orders"]}]}))
        '(1 + 2) + orders'
    """
    return read_rule(Node(data, path))


def read_rule(node: Node) -> Expression:
    """
    Return the rule that stands in a part of a larger document.

    Args:
        node: The part.

    Raises:
        InvalidDocument: No rule, or one beyond the limits.
    """
    check_data_size(node)
    rule = _read(node)
    try:
        check_size(rule)
    except RuleTypeError as error:
        node.refuse(error.fault)
    return rule


def read_scalar(node: Node) -> Scalar:
    """
    Return the value that stands in a part of a larger document, as `scalar_to_data` writes it.

    Args:
        node: The part: a text, a truth value, a whole number, or an object that tags a number, a
            date or an instant.

    Raises:
        InvalidDocument: No such value.
    """
    data = node.data
    if type(data) is not dict:
        return _bare(node)
    spec, arguments = _operator(node)
    if spec.name not in LITERALS:
        node.refuse(f"expected a value, not the operator {spec.name!r}")
    return cast("Scalar", _ARGUMENT[spec.takes_at(0)](arguments[0]))


def read_argument(kind: ArgumentKind, node: Node) -> Any:  # noqa: ANN401 - each kind has its type
    """
    Return an argument of an operator, read as its kind says.

    Raises:
        InvalidDocument: It is none of that kind.
    """
    return _ARGUMENT[kind](node)


def _read(node: Node) -> Expression:
    if type(node.data) is not dict:
        return Literal(_bare(node))
    spec, arguments = _operator(node)
    values = [_ARGUMENT[spec.takes_at(place)](one) for place, one in enumerate(arguments)]
    return _BUILD[spec.name](*values)


def _operator(node: Node) -> tuple[OperatorSpec, list[Node]]:
    """Return the operator that an object names, and its arguments, not yet read."""
    members = cast("dict[object, object]", node.data)
    if len(members) != 1:
        node.refuse(f"expected one operator with a list of arguments, not {len(members):,} keys")
    ((name, given),) = members.items()
    if type(name) is not str:
        node.refuse("expected the name of an operator, a text")
    spec = _SPECS.get(name)
    if spec is None:
        if name in _ELSEWHERE:
            node.refuse(f"no operator {name!r}; did you mean {_ELSEWHERE[name]!r}?")
        node.refuse(str(UnknownName("operator", name, tuple(_SPECS))))
    below = node.below(name, given)
    if type(given) is not list:
        below.refuse(f"expected a list of arguments: {spec.arguments}")
    count = len(cast("list[object]", given))
    if not spec.least <= count <= spec.most:
        below.refuse(f"it takes {_count(spec)}, not {count:,}: {spec.arguments}")
    return spec, below.items()


def _count(spec: OperatorSpec) -> str:
    if spec.least == spec.most:
        return f"{spec.least} argument{'s' if spec.least > 1 else ''}"
    return f"{spec.least} to {spec.most:,} arguments"


def _bare(node: Node) -> Scalar:
    """Return a value that stands without a tag."""
    data = node.data
    if type(data) is bool:
        return data
    if type(data) is str:
        return _text(node)
    if type(data) is not int:
        node.refuse(_no_value(data))
    if not -WHOLE_LIMIT <= data <= WHOLE_LIMIT:
        node.refuse(f"a whole number goes up to {WHOLE_LIMIT:,}; {_AS_TEXT}")
    return Decimal(data)


def _no_value(data: object) -> str:
    """Return why data state no value."""
    if type(data) is float or type(data) is Decimal:
        return f"a number with a point or exponent is not read; {_AS_TEXT}"
    if data is None:
        return f"{_EXPECTED}, not null; to ask for what is unknown there is is_null"
    return f"{_EXPECTED}, not {'a list' if type(data) is list else 'what JSON does not have'}"


def _text(node: Node) -> str:
    data = node.data
    if type(data) is not str:
        node.refuse("expected a text")
    if len(data) > TEXT_LIMIT:
        node.refuse(f"a text has at most {TEXT_LIMIT:,} characters")
    try:
        data.encode()
    except UnicodeEncodeError:
        node.refuse("half of a surrogate pair is no character; write both halves, or neither")
    return data


def _field(node: Node) -> str:
    name = _text(node)
    if not name:
        node.refuse("expected the name of a field")
    return name


def _members(node: Node) -> list[Node]:
    data = node.data
    if type(data) is not list:
        node.refuse("expected a list of values")
    return node.items()


def _literals(node: Node) -> tuple[Literal, ...]:
    return tuple(Literal(read_scalar(one)) for one in _members(node))


def _texts(node: Node) -> tuple[str, ...]:
    return tuple(map(_text, _members(node)))


def _digits(node: Node) -> int:
    data = node.data
    if type(data) is not int or not 0 <= data <= DIGITS_LIMIT:
        node.refuse(f"expected the digits behind the point, 0 to {DIGITS_LIMIT}")
    return data


def _rounding(node: Node) -> Rounding:
    return Rounding(
        Node(_text(node), node.path).choice([one.value for one in Rounding], "rounding")
    )


def _decimal(node: Node) -> Decimal:
    text = _text(node)
    if not _IS_DECIMAL.fullmatch(text):
        node.refuse("expected a number as text, such as '12.50', without exponent or plus")
    try:
        return parse_decimal(text)
    except InvalidNumber as error:
        node.refuse(str(error))


def _date(node: Node) -> date:
    try:
        return parse_date(_text(node))
    except InvalidDate as error:
        node.refuse(str(error))


def _instant(node: Node) -> datetime:
    text = _text(node)
    if not _IS_INSTANT.fullmatch(text):
        node.refuse("expected an instant in UTC as text, such as '2017-03-01T00:30:00Z'")
    try:
        return parse_instant(text)
    except InvalidDate as error:
        node.refuse(str(error))


_ARGUMENT: Mapping[ArgumentKind, Callable[[Node], Any]] = MappingProxyType(
    {
        ArgumentKind.RULE: _read,
        ArgumentKind.LITERALS: _literals,
        ArgumentKind.TEXT: _text,
        ArgumentKind.TEXTS: _texts,
        ArgumentKind.FIELD: _field,
        ArgumentKind.DIGITS: _digits,
        ArgumentKind.ROUNDING: _rounding,
        ArgumentKind.DECIMAL: _decimal,
        ArgumentKind.DATE: _date,
        ArgumentKind.INSTANT: _instant,
    }
)


def _folded(operator: Operator) -> Callable[..., Expression]:
    def folded(*parts: Expression) -> Expression:
        return reduce(partial(Arithmetic, operator), parts)

    return folded


def _conjunction(*parts: Expression) -> Conjunction:
    return Conjunction(parts)


def _disjunction(*parts: Expression) -> Disjunction:
    return Disjunction(parts)


def _coalesce(*parts: Expression) -> Coalesce:
    return Coalesce(parts)


def _conditional(*parts: Expression) -> Conditional:
    pairs = zip(parts[::2], parts[1::2], strict=False)
    branches = tuple(Branch(when, then) for when, then in pairs)
    return Conditional(branches, parts[-1] if len(parts) % 2 else None)


_BUILD: Mapping[str, Callable[..., Expression]] = MappingProxyType(
    {
        "field": FieldRef,
        "between": Between,
        "in": Membership,
        "is_null": NullTest,
        "and": _conjunction,
        "or": _disjunction,
        "not": Negation,
        "if": _conditional,
        "coalesce": _coalesce,
        "round": Rounded,
        "days_between": DaysBetween,
        **dict.fromkeys(LITERALS, Literal),
        **{one.value: partial(Comparison, one) for one in Comparator},
        **{one.value: _folded(one) for one in Operator},
        **{one.value: partial(TextTest, one) for one in TextMatch},
        **{one.value: partial(TagTest, one) for one in TagMatch},
    }
)
