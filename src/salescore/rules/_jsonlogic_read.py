"""JsonLogic read as rules: what is read gives what json-logic-js gives, the rest is refused."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import cast

from salescore.errors import InvalidDocument
from salescore.plain import FieldTable
from salescore.render import clip
from salescore.rules._check import RuleType, check_types
from salescore.rules._jsonlogic_fold import COUNTS, FOLDS, Held, number, outside, truthy
from salescore.rules._jsonlogic_terms import (
    Computed,
    Known,
    Part,
    as_condition,
    difference,
    equality,
    inclusion,
    order,
    product,
    total,
    tree_of,
)
from salescore.rules._limits import DEPTH_LIMIT, NODE_LIMIT, OPTION_LIMIT
from salescore.rules._literals import TEXT_LIMIT
from salescore.rules._tree import (
    Branch,
    Coalesce,
    Conditional,
    Conjunction,
    Disjunction,
    Expression,
    FieldRef,
    Literal,
    Negation,
)

_LEVELS = 2 * DEPTH_LIMIT + 1
"""Most objects and arrays in one another: each operator is one of each."""

_PATH_WIDTH = 200

_OVER_ARRAYS = ("all", "filter", "map", "none", "reduce", "some")
_REASONS = {
    **dict.fromkeys(_OVER_ARRAYS, "a walk over an array"),
    **dict.fromkeys(("missing", "missing_some"), "a list of missing names; ask {'==': [x, null]}"),
    "log": "an effect",
}
_REASONS_OF_FIELDS = {
    "cat": "a text made of fields",
    "substr": "a part of a field's text",
    "/": "a division by or of a field",
    "%": "a remainder of a field",
    "min": "the least of fields",
    "max": "the greatest of fields",
    "merge": "an array made of fields",
}


def from_jsonlogic(data: object, table: FieldTable, path: str = "rule") -> Expression:
    """
    Return JsonLogic as a rule that gives, on every row, the value that json-logic-js gives.

    A null is what JsonLogic calls missing: it equals nothing but null, counts as 0 beside a number
    in `<` and `-`, and as false.
    All that is made explicit, so the rule is never unknown where JsonLogic knows an answer.
    Numbers are exact: where a sum of fields would be rounded in JavaScript, it is not rounded here.
    Operators on constants alone are worked out at once.

    Args:
        data: JSON data, best from `parse_json`; a float is read as its shortest form is written.
        table: Field table of the rows; dots in a name are the path that `var` takes. Dates stand
            in JsonLogic as texts such as "2017-03-01".
        path: Where the data stand, for error messages.

    Returns:
        A rule that `check_types` accepts: a condition or any other value.

    Raises:
        InvalidDocument: No JsonLogic at all: an operator nobody knows, arguments too few or too
            many, or a document beyond the limits of rules.
        RuleTypeError: JsonLogic that no rule says with the same results, such as a coercion of
            text to number; it names the operator and begins with "outside".
        UnknownName: A field that the table does not have.

    Examples:
        >>> from salescore.plain import Field, FieldTable, Kind
        >>> from salescore.rules import rule_text
        >>> age = Field(name="age", kind=Kind.DECIMAL, nullable=True, labels=("Age", "年龄"))
        >>> rule = from_jsonlogic({"<": [{"var": "age"}, 18]}, FieldTable(name="t", fields=(age,)))
        >>> rule_text(rule)
        '(first known of (age, 0)) < 18'
    """
    _check_limits(data, path)
    tree = tree_of(_Reading(table).part(data, path), "result")
    check_types(tree, table)
    return tree


def _check_limits(data: object, path: str) -> None:
    """Refuse a document that is too large, before anything walks it by recursion."""
    count = 0
    level = [data]
    for _ in range(_LEVELS):
        count += len(level)
        if count > NODE_LIMIT:
            raise InvalidDocument(path, f"it has more than {NODE_LIMIT:,} nodes")
        level = [part for item in level for part in _inner(item, path)]
        if not level:
            return
    raise InvalidDocument(path, f"it is nested more than {DEPTH_LIMIT} operators deep")


def _inner(item: object, path: str) -> list[object]:
    """Return the parts of an item that count; constants in a list of their own do not."""
    if isinstance(item, dict):
        return list(cast("dict[str, object]", item).values())
    items = cast("list[object]", item) if isinstance(item, list) else [item]
    if len(items) > OPTION_LIMIT:
        raise InvalidDocument(path, f"a list has more than {OPTION_LIMIT:,} items")
    for one in items:
        if isinstance(one, str) and len(one) > TEXT_LIMIT:
            raise InvalidDocument(path, f"a text has more than {TEXT_LIMIT:,} characters")
    return items if any(isinstance(one, dict | list) for one in items) else []


class _Reading:
    """Reads parts of JsonLogic over one table."""

    __slots__ = ("_table",)

    def __init__(self, table: FieldTable) -> None:
        self._table = table

    def part(self, data: object, path: str) -> Part:
        match data:
            case None | bool() | str():
                return Known(data)
            case int() | float() | Decimal():
                return Known(number(data))
            case list():
                return self._array(cast("list[object]", data), path)
            case dict() if len(cast("dict[object, object]", data)) == 1:
                ((operator, given),) = cast("dict[object, object]", data).items()
                return self._applied(str(operator), given, clip(f"{path}/{operator}", _PATH_WIDTH))
            case dict():
                raise outside("{}", "an object as a value")
            case _:
                raise InvalidDocument(path, f"a {type(data).__name__} is no JSON")

    def _array(self, items: list[object], path: str) -> Part:
        held: list[Held] = []
        for place, item in enumerate(items):
            part = self.part(item, f"{path}/{place}")
            if not isinstance(part, Known):
                raise outside("[]", "an array of computed values")
            held.append(part.value)
        return Known(tuple(held))

    def _applied(self, operator: str, given: object, path: str) -> Part:
        if operator in _REASONS:
            raise outside(operator, _REASONS[operator])
        if operator not in COUNTS and operator not in ("var", "if", "?:", "and", "or"):
            raise InvalidDocument(path, f"{operator[:60]!r} is no operator of JsonLogic")
        items = cast("list[object]", given) if isinstance(given, list) else [given]
        parts = [self.part(item, f"{path}/{place}") for place, item in enumerate(items)]
        match operator:
            case "var":
                return self._field(parts)
            case "if" | "?:":
                return _choice(operator, parts)
            case "and" | "or":
                return _joined(operator, parts)
            case _:
                return _combined(operator, parts, path)

    def _field(self, parts: list[Part]) -> Part:
        first = parts[0] if parts else Known(None)
        if not isinstance(first, Known):
            raise outside("var", "a name that is computed")
        key = f"{first.value:f}" if isinstance(first.value, Decimal) else first.value
        if not key:
            raise outside("var", "the row as a whole")
        if not isinstance(key, str):
            raise outside("var", "a name that is no text")
        ref = FieldRef(key)
        kind = check_types(ref, self._table)
        found = Computed(ref, kind, nullable=self._table.field(key).nullable)
        default = parts[1] if len(parts) > 1 else Known(None)
        if not found.nullable or default == Known(None):
            return found
        other = tree_of(default, "var")
        if _kind_of(default, "var") is not kind:
            raise outside("var", "a default of another type")
        nullable = isinstance(default, Computed) and default.nullable
        return Computed(Coalesce((ref, other)), kind, nullable=nullable)


def _combined(operator: str, parts: list[Part], path: str) -> Part:
    least, most = COUNTS[operator]
    if len(parts) < least or (most is not None and len(parts) > most):
        raise InvalidDocument(path, f"{operator!r} does not take {len(parts)} arguments")
    if all(isinstance(part, Known) for part in parts):
        return Known(FOLDS[operator]([part.value for part in parts if isinstance(part, Known)]))
    match operator:
        case "==" | "!=" | "===" | "!==":
            return equality(operator, parts[0], parts[1])
        case "<" | "<=" | ">" | ">=":
            tests = [order(operator, left, right) for left, right in pairwise(parts)]
            return _joined("and", tests)
        case "!" | "!!":
            found = as_condition(parts[0], operator)
            tree = tree_of(found, operator)
            return Computed(Negation(tree) if operator == "!" else tree, RuleType.BOOLEAN)
        case "in":
            return inclusion(parts[0], parts[1])
        case "+":
            return total(parts)
        case "-":
            return difference(parts)
        case "*":
            return product(parts)
        case _:
            raise outside(operator, _REASONS_OF_FIELDS[operator])


def _choice(operator: str, parts: list[Part]) -> Part:
    """Return the value behind the first condition that holds, else the last one."""
    last = parts[-1] if len(parts) % 2 else Known(None)
    ways: list[tuple[Expression, Part]] = []
    for when, then in zip(parts[::2], parts[1::2], strict=False):
        test = as_condition(when, operator)
        if isinstance(test, Computed):
            ways.append((test.tree, then))
        elif test.value:
            last = then
            break
    if not ways:
        return last
    values = [then for _, then in ways]
    ends = values if last == Known(None) else [*values, last]
    kinds = {_kind_of(end, operator) for end in ends}
    if len(kinds) > 1:
        raise outside(operator, "results of several types")
    nullable = len(ends) == len(values) or any(
        isinstance(end, Computed) and end.nullable for end in ends
    )
    branches = tuple(Branch(test, tree_of(then, operator)) for test, then in ways)
    otherwise = None if len(ends) == len(values) else tree_of(last, operator)
    return Computed(Conditional(branches, otherwise), kinds.pop(), nullable=nullable)


def _joined(operator: str, parts: list[Part]) -> Part:
    """Return the first part that decides, which is what JavaScript returns, else the last."""
    if not parts:
        raise outside(operator, "no parts at all")
    *early, found = parts
    for part in reversed(early):
        if isinstance(part, Known):
            found = part if truthy(part.value) is (operator == "or") else found
        else:
            found = _both(part, found) if operator == "and" else _either(part, found)
    return found


def _both(first: Computed, second: Part) -> Part:
    test, then = _operands("and", first, second)
    if first.nullable or _is_nullable(second):
        # The first part decides by being null, too, and then null is the result.
        return Computed(
            Conditional((Branch(test, then),), first.tree), RuleType.BOOLEAN, nullable=True
        )
    parts = then.parts if isinstance(then, Conjunction) else (then,)
    return Computed(Conjunction((test, *parts)), RuleType.BOOLEAN)


def _either(first: Computed, second: Part) -> Part:
    test, other = _operands("or", first, second)
    if _is_nullable(second):
        branch = Branch(test, Literal(value=True))
        return Computed(Conditional((branch,), other), RuleType.BOOLEAN, nullable=True)
    parts = other.parts if isinstance(other, Disjunction) else (other,)
    return Computed(Disjunction((test, *parts)), RuleType.BOOLEAN)


def _operands(operator: str, first: Computed, second: Part) -> tuple[Expression, Expression]:
    test = tree_of(as_condition(first, operator), operator)
    if _kind_of(second, operator) is not RuleType.BOOLEAN:
        raise outside(operator, "results of several types")
    return test, tree_of(second, operator)


def _is_nullable(part: Part) -> bool:
    return isinstance(part, Computed) and part.nullable


def _kind_of(part: Part, operator: str) -> RuleType:
    if isinstance(part, Computed):
        return part.kind
    match part.value:
        case bool():
            return RuleType.BOOLEAN
        case Decimal():
            return RuleType.NUMBER
        case str():
            return RuleType.TEXT
        case _:
            raise outside(operator, "null or an array as a result")
