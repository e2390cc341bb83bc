"""Values out of JSON: what a profile says of one field, every fault with its path."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import assert_never

import attrs

from salescore.errors import InvalidNumber, InvalidValue, UnknownName
from salescore.exchange._cells import OURS, Fault, Target, no_currency, read_text
from salescore.exchange._layout import (
    Column,
    Compute,
    Constant,
    First,
    Join,
    Lookup,
    Mapped,
    Operation,
    RowNumber,
    SignOf,
    Stage,
    Value,
    When,
    walk,
)
from salescore.exchange._moments import check_form
from salescore.exchange._numerals import Numbers, Scale
from salescore.plain import CustomFields, Kind, Node
from salescore.values import day_of, is_currency, parse_decimal

VALUE_KEYS = (
    "column",
    "constant",
    "first",
    "join",
    "row",
    "subtract",
    "add",
    "multiply",
    "lookup",
    "when",
)
#: Further keys of a value, beside the one that names its kind.
FURTHER_KEYS = {"join": ("with",), "when": ("in", "then")}
COLUMN_KEYS = (
    "column",
    "map",
    "otherwise",
    "dates",
    "nulls",
    "optional",
    "number",
    "zone",
    "faulty",
)
NUMBER_KEYS = ("scale", "suffixes", "signs", "parentheses", "decimal", "group")
LOOKUP_KEYS = ("file", "key", "value", "by", "otherwise")
#: Values that a list may translate.
_MAPPED = ("column", "first", "join", "lookup")
#: What becomes of a fault in a field that may be empty.
FAULTY = ("refuse", "null")
#: What `otherwise` says where a text outside the list is a fault.
FAULT = "error"
_ANY_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)


@attrs.frozen(kw_only=True)
class Context:
    """
    What holds for all files of a profile.

    Attributes:
        files: Names of all its files.
        currency: Currency of money whose row names none, or `None`.
        stages: What the stages of opportunities stand for.
        custom_fields: What an application registered.
        is_nulled: Whether a fault in a field that may be empty empties it.
        is_folded: Whether headings are compared loosely.
        booleans: Texts for true and false.
        zone: Time zone of instants that name no offset, or `None`.
        day_zone: Time zone in which moments fall on their days, or `None`.
    """

    files: tuple[str, ...]
    currency: str | None
    stages: tuple[Stage, ...]
    custom_fields: CustomFields
    is_nulled: bool
    is_folded: bool
    booleans: tuple[tuple[str, bool], ...]
    zone: str | None
    day_zone: str | None


def read_value(node: Node, context: Context) -> Value:
    """
    Return what a profile says of one field.

    Args:
        node: A column's name, or an object.
        context: What holds for all files.
    """
    if isinstance(node.data, str):
        return Column(node.text())
    known = (
        *VALUE_KEYS,
        *COLUMN_KEYS[1:],
        *(key for keys in FURTHER_KEYS.values() for key in keys),
    )
    keys = node.object(known)
    chosen = [key for key in keys if key in VALUE_KEYS]
    if len(chosen) != 1:
        node.refuse(f"it must have exactly one of the keys {', '.join(map(repr, VALUE_KEYS))}")
    word = chosen[0]
    allowed = COLUMN_KEYS if word == "column" else (word, *FURTHER_KEYS.get(word, ()))
    mapping = ("map", "otherwise") if word in _MAPPED else ()
    required = FURTHER_KEYS["when"] if word == "when" else ()
    node.object(tuple(dict.fromkeys((*allowed, *mapping))), required)
    value = _plain(word, keys, context)
    if "map" not in keys:
        if "otherwise" in keys:
            keys["otherwise"].refuse("it needs a 'map' beside it")
        return value
    strict, otherwise = _otherwise(keys)
    pairs = tuple((raw, text.text_or_null()) for raw, text in keys["map"].pairs())
    return Mapped(value, pairs, strict, otherwise)


def _plain(word: str, keys: dict[str, Node], context: Context) -> Value:
    """Return a value before any list translates it."""
    inner = keys[word]
    match word:
        case "column":
            return _column(keys)
        case "constant":
            return Constant(inner.text())
        case "first":
            return First(_parts(inner, context))
        case "join":
            between = keys["with"].text(empty=True) if "with" in keys else ""
            return Join(_parts(inner, context), between)
        case "row":
            if not inner.flag():
                inner.refuse("expected true")
            return RowNumber()
        case "lookup":
            return _lookup(inner, context)
        case "when":
            texts = keys["in"].texts()
            if not texts:
                keys["in"].refuse("an empty list is never met; name at least one text")
            then = read_value(keys["then"], context)
            return When(read_value(inner, context), frozenset(texts), then)
        case _:
            return Compute(Operation(word), _parts(inner, context))


def _parts(node: Node, context: Context) -> tuple[Value, ...]:
    parts = tuple(read_value(part, context) for part in node.items())
    if len(parts) < 2:  # noqa: PLR2004 - one alone needs no operation
        node.refuse("it must list at least two values")
    return parts


def _column(keys: dict[str, Node]) -> Column:
    name = keys["column"]
    names = (name.text(),) if isinstance(name.data, str) else name.texts()
    if not names or "" in names:
        name.refuse("it must name at least one heading, and none may be empty")
    faulty = keys["faulty"].choice(FAULTY, "choice") if "faulty" in keys else None
    return Column(
        names[0],
        nulls=frozenset(keys["nulls"].texts() if "nulls" in keys else ()) - {""},
        dates=read_dates(keys["dates"]) if "dates" in keys else (),
        optional="optional" in keys and keys["optional"].flag(),
        others=names[1:],
        numbers=_numbers(keys["number"]) if "number" in keys else None,
        zone=read_zone(keys["zone"]) if "zone" in keys else None,
        is_nulled=None if faulty is None else faulty == "null",
    )


def read_dates(node: Node) -> tuple[str, ...]:
    """Return the date formats that a part of a profile names."""
    formats = (node.text(),) if isinstance(node.data, str) else node.texts()
    if not formats:
        node.refuse("it must name at least one format, such as '%Y-%m-%d'")
    for form in formats:
        try:
            check_form(form)
        except InvalidValue as error:
            node.refuse(str(error))
    return formats


def read_zone(node: Node) -> str:
    """Return the time zone that a part of a profile names."""
    zone = node.text()
    try:
        day_of(_ANY_INSTANT, zone)
    except UnknownName as error:
        node.refuse(str(error))
    return zone


def check_marks(node: Node, decimal: str, group: str) -> None:
    """Refuse decimal and group marks that cannot be told apart."""
    try:
        parse_decimal("0", decimal=decimal, group=group)
    except InvalidValue as error:
        node.refuse(str(error))


def _numbers(node: Node) -> Numbers:
    keys = node.object(NUMBER_KEYS)
    decimal = keys["decimal"].text() if "decimal" in keys else None
    group = keys["group"].text(empty=True) if "group" in keys else None
    check_marks(node, decimal or ("," if group == "." else "."), group or "")
    scale = Scale.FRACTION
    if "scale" in keys:
        scale = Scale(keys["scale"].choice([one.value for one in Scale], "scale"))
    suffixes = tuple(map(_suffix, keys["suffixes"].pairs())) if "suffixes" in keys else ()
    return Numbers(
        scale=scale,
        suffixes=tuple(sorted(suffixes, key=lambda pair: -len(pair[0]))),
        signs=tuple(map(_sign, keys["signs"].pairs())) if "signs" in keys else None,
        parentheses="parentheses" in keys and keys["parentheses"].flag(),
        decimal=decimal,
        group=group,
    )


def _suffix(pair: tuple[str, Node]) -> tuple[str, Decimal]:
    text, node = pair
    try:
        factor = parse_decimal(node.text())
    except InvalidNumber as error:
        node.refuse(str(error))
    if not text.strip() or any(map(str.isdigit, text)) or factor <= 0:
        node.refuse("a suffix is a text without digits, and multiplies by more than 0")
    return text, factor


def _sign(pair: tuple[str, Node]) -> tuple[str, str]:
    text, node = pair
    code = node.text()
    if not is_currency(code):
        node.refuse(no_currency(code))
    if not text.strip() or any(map(str.isdigit, text)):
        node.refuse("a currency sign is a text without digits")
    return text, code


def _lookup(node: Node, context: Context) -> Lookup:
    keys = node.object(LOOKUP_KEYS, required=("file", "key", "value", "by"))
    strict, otherwise = _otherwise(keys)
    by = read_value(keys["by"], context)
    if any(isinstance(part, Lookup) for part in walk(by)):
        keys["by"].refuse("a lookup cannot stand inside another")
    return Lookup(
        file=keys["file"].choice(context.files, "file of the profile"),
        key=keys["key"].text(),
        value=keys["value"].text(),
        by=by,
        strict=strict,
        otherwise=otherwise,
    )


def _otherwise(keys: dict[str, Node]) -> tuple[bool, str | None]:
    """Return whether a text outside the list is a fault, and what stands for it otherwise."""
    if "otherwise" not in keys:
        return True, None
    text = keys["otherwise"].text_or_null()
    return (True, None) if text == FAULT else (False, text)


# Checks -----------------------------------------------------------------------------------------


def check_value(value: Value, target: Target, node: Node) -> None:
    """Refuse what could never be right for a field, before any row is read."""
    match value:
        case Constant():
            _check_text(value.text, target, node)
        case Compute():
            _need(target, (Kind.DECIMAL,), "number, so it cannot be computed", node)
            _check_all(value.parts, target.part_number, node)
        case Join():
            _need(target, (Kind.ID, Kind.TEXT), "text, so it cannot be joined", node)
            _check_all(value.parts, target.part_text, node)
        case First():
            _check_all(value.parts, target, node)
        case Mapped() | Lookup():
            known = value.by_text.values() if isinstance(value, Mapped) else ()
            for text in (*known, value.otherwise):
                _check_text(text, target, node)
            inner = value.value if isinstance(value, Mapped) else value.by
            check_value(inner, target.part_text, node)
        case When():
            check_value(value.value, target.part_text, node)
            check_value(value.then, target, node)
        case Column():
            _check_column(value, target, node)
        case RowNumber() | SignOf():
            pass
        case _:
            assert_never(value)


def _check_column(column: Column, target: Target, node: Node) -> None:
    if column.numbers is not None:
        _need(target, (Kind.DECIMAL,), "number, so 'number' has no meaning here", node)
    if column.zone is not None:
        _need(target, (Kind.DATE, Kind.INSTANT), "moment, so it has no zone", node)


def _need(target: Target, kinds: tuple[Kind, ...], what: str, node: Node) -> None:
    if target.kind not in kinds:
        node.refuse(f"{target.name} holds no {what}")


def _check_all(values: tuple[Value, ...], target: Target, node: Node) -> None:
    for value in values:
        check_value(value, target, node)


def _check_text(text: str | None, target: Target, node: Node) -> None:
    found = None if text is None else read_text(text, target, OURS, None)
    if isinstance(found, Fault):
        node.refuse(found.cells[0].message)
