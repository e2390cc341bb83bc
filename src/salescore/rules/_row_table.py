"""The field table of a single row, read off its values and the rule, where nobody gave one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from salescore.errors import RuleTypeError, UnknownName
from salescore.plain import Field, FieldTable, Kind
from salescore.rules._check import RuleType, check_types
from salescore.rules._tree import (
    Arithmetic,
    Between,
    Coalesce,
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
    TagTest,
    TextTest,
    children,
    fields_of,
)

_KINDS = {
    RuleType.BOOLEAN: Kind.BOOLEAN,
    RuleType.NUMBER: Kind.DECIMAL,
    RuleType.TEXT: Kind.TEXT,
    RuleType.DATE: Kind.DATE,
    RuleType.INSTANT: Kind.INSTANT,
    RuleType.TAGS: Kind.TEXT,
}


def row_table(
    rule: Expression, row: Mapping[str, object], levers: Collection[str] = ()
) -> FieldTable:
    """
    Return a field table for the fields of a row, and those that a rule reads.

    The type of a field is that of its value; where that is unknown, the one that the rule needs
    there. It has no units, choices or bounds, and its labels are the names.

    Args:
        rule: The rule, within the limits of `check_types`.
        row: Values by field name, which `check_row` has accepted.
        levers: Names of the fields whose type has to be known.

    Raises:
        RuleTypeError: Types that do not fit, or a field that the rule reads and somebody can
            change, of which neither row nor rule tells the type.
    """
    types = _Types()
    for name, value in row.items():
        types.mark(name, _type_of(value))
    types.learn(rule)
    read = dict.fromkeys(fields_of(rule))
    fields: list[Field] = []
    for name in {**read, **dict.fromkeys(row)}:
        known = types.of(name)
        if known is None and name in levers and name in read:
            fault = "neither the row nor the rule tells what it holds; give a field table"
            raise RuleTypeError(name, fault)
        # What is of no known type stays unknown, and only beside others of its like.
        held = known or RuleType.TEXT
        fields.append(
            Field(
                name=name,
                kind=_KINDS[held],
                nullable=True,
                labels=(name, name),
                is_set=held is RuleType.TAGS,
            )
        )
    table = FieldTable(name="row", fields=tuple(fields))
    check_types(rule, table)
    return table


def check_row(rule: Expression, row: Mapping[str, object]) -> None:
    """
    Refuse a row with a value that no field can hold, or without a field that a rule reads.

    Raises:
        UnknownName: The row has no value for a field; what is unknown is `None`.
        RuleTypeError: A value of a type that no field has.
    """
    for name in fields_of(rule):
        if name not in row:
            raise UnknownName("field of the row", name, tuple(row))
        value = row[name]
        if value is not None and _type_of(value) is None:
            raise RuleTypeError(name, _row_fault(value))


def _type_of(value: object) -> RuleType | None:
    """Return the type of a value, `None` for null and for what no field can hold."""
    match value:
        case bool():
            return RuleType.BOOLEAN
        case Decimal() if value.is_finite():
            return RuleType.NUMBER
        case str():
            return RuleType.TEXT
        case datetime():
            return RuleType.INSTANT if value.utcoffset() == timedelta(0) else None
        case date():
            return RuleType.DATE
        case frozenset():
            return RuleType.TAGS
        case _:
            return None


def _row_fault(value: object) -> str:
    kind = type(value).__name__
    match value:
        case int():
            return f"the row holds the int {value}; write Decimal({value})"
        case float():
            return f"the row holds a float, which is not exact; write Decimal('{value}')"
        case Decimal():
            return f"the row holds {value}; write a finite Decimal, or None for unknown"
        case datetime():
            return "the row holds an instant that is not in UTC; write it in UTC"
        case set() | list() | tuple():
            return f"the row holds a {kind}; write tags as a frozenset of texts"
        case _:
            return (
                f"the row holds a {kind}; write a Decimal, text, truth value, "
                "date, instant in UTC or frozenset of texts, or None for unknown"
            )


class _Types:
    """Types of fields and of nodes, those that must be alike in one group."""

    def __init__(self) -> None:
        self._leaders: dict[object, object] = {}
        self._types: dict[object, RuleType] = {}

    def of(self, one: object) -> RuleType | None:
        """Return the type of a field or node, `None` where nothing is known of it."""
        return self._types.get(self._leader(one))

    def mark(self, one: object, found: RuleType | None) -> None:
        """Note the type of a field or node; the first one stays, the type check finds others."""
        if found is not None:
            self._types.setdefault(self._leader(one), found)

    def learn(self, rule: Expression) -> None:
        """Note what every node of a rule says of its own type and that of its parts."""
        self.mark(_key(rule), RuleType.BOOLEAN)
        waiting: list[Expression] = [rule]
        while waiting:
            node = waiting.pop()
            self._note(node)
            waiting.extend(children(node))

    def _leader(self, one: object) -> object:
        while (leader := self._leaders.get(one, one)) != one:
            # Halving the way keeps every later walk short.
            self._leaders[one] = one = self._leaders.get(leader, leader)
        return one

    def _join(self, nodes: Iterable[Expression]) -> None:
        """Put nodes that must be of one type into one group."""
        first, *others = map(_key, nodes)
        for other in others:
            mine, its = self._leader(first), self._leader(other)
            if mine != its:
                self._leaders[its] = mine
                self.mark(mine, self._types.pop(its, None))

    def _note(self, node: Expression) -> None:  # noqa: C901, PLR0912 - a case per kind
        parts = children(node)
        match node:
            case Literal(value):
                yields, needs = _type_of(value), None
            case Comparison() | Between() | Membership():
                self._join(parts)
                yields, needs = RuleType.BOOLEAN, None
            case Coalesce():
                self._join((node, *parts))
                return
            case Conditional(branches, otherwise):
                for branch in branches:
                    self.mark(_key(branch.when), RuleType.BOOLEAN)
                last = () if otherwise is None else (otherwise,)
                self._join((node, *(branch.then for branch in branches), *last))
                return
            case Conjunction() | Disjunction() | Negation():
                yields, needs = RuleType.BOOLEAN, RuleType.BOOLEAN
            case Arithmetic() | Rounded():
                yields, needs = RuleType.NUMBER, RuleType.NUMBER
            case DaysBetween():
                yields, needs = RuleType.NUMBER, RuleType.DATE
            case TextTest():
                yields, needs = RuleType.BOOLEAN, RuleType.TEXT
            case TagTest():
                yields, needs = RuleType.BOOLEAN, RuleType.TAGS
            case NullTest():
                yields, needs = RuleType.BOOLEAN, None
            case _:
                return
        self.mark(_key(node), yields)
        for part in parts:
            self.mark(_key(part), needs)


def _key(node: Expression) -> object:
    """Return what stands for a node: its name for a field, its identity for all else."""
    return node.name if isinstance(node, FieldRef) else id(node)
