"""Profiles out of JSON: files, records and values, every fault with its path."""

from __future__ import annotations

from typing import assert_never

import attrs

from salescore.entities import record_table
from salescore.errors import InvalidDate, InvalidValue, UnknownName
from salescore.exchange._cells import CURRENCY, OURS, Fault, Target, read_text, target_of
from salescore.exchange._layout import (
    ISO_DATE,
    Column,
    Compute,
    Constant,
    FileRule,
    Filter,
    First,
    Join,
    Lookup,
    Mapped,
    Operation,
    RecordRule,
    RowNumber,
    Stage,
    Value,
    walk,
)
from salescore.exchange._strict import Node
from salescore.plain import FieldTable, Kind
from salescore.values import parse_date, parse_decimal

ENCODINGS = (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "gb18030",
    "gbk",
    "big5",
    "shift_jis",
    "euc-kr",
    "latin-1",
    "cp1250",
    "cp1251",
    "cp1252",
)
FILE_KEYS = (
    "optional",
    "encoding",
    "delimiter",
    "dates",
    "decimal",
    "group",
    "nulls",
    "only",
    "skip",
    "aliases",
    "records",
)
RECORD_KEYS = ("record", "distinct", "fields", "only", "skip")
VALUE_KEYS = ("column", "constant", "first", "join", "row", "subtract", "add", "multiply", "lookup")
COLUMN_KEYS = ("column", "map", "otherwise", "dates", "nulls", "optional")
LOOKUP_KEYS = ("file", "key", "value", "by", "otherwise")
#: What `otherwise` says where a text outside the list is a fault.
FAULT = "error"


@attrs.frozen
class Context:
    """
    What holds for all files of a profile.

    Attributes:
        files: Names of all its files.
        currency: Currency of money whose row names none, or `None`.
        stages: What the stages of opportunities stand for.
    """

    files: tuple[str, ...]
    currency: str | None
    stages: tuple[Stage, ...]


def read_file(file: str, node: Node, context: Context) -> FileRule:
    """
    Return how one file is laid out.

    Args:
        file: Name of the file.
        node: What the profile says of it.
        context: What holds for all files.
    """
    keys = node.object(FILE_KEYS, required=("records",))
    if not file.strip() or "/" in file or "\\" in file or file in (".", ".."):
        node.refuse("a file is named without its folder")
    decimal = keys["decimal"].text() if "decimal" in keys else "."
    group = keys["group"].text(empty=True) if "group" in keys else ""
    try:
        parse_decimal("0", decimal=decimal, group=group)
    except InvalidValue as error:
        node.refuse(str(error))
    return FileRule(
        file=file,
        optional="optional" in keys and keys["optional"].flag(),
        encoding=keys["encoding"].choice(ENCODINGS, "encoding") if "encoding" in keys else "utf-8",
        delimiter=_delimiter(keys["delimiter"]) if "delimiter" in keys else ",",
        dates=_dates(keys["dates"]) if "dates" in keys else (ISO_DATE,),
        decimal=decimal,
        group=group,
        nulls=frozenset(keys["nulls"].texts() if "nulls" in keys else ()) - {""},
        filters=_filters(keys),
        aliases=_aliases(keys["aliases"]) if "aliases" in keys else (),
        records=tuple(_record(record, context) for record in keys["records"].items()),
    )


def _delimiter(node: Node) -> str:
    text = node.text()
    if len(text) != 1 or text in '"\r\n ':
        node.refuse("it must be one character, such as ',', ';' or a tab")
    return text


def _dates(node: Node) -> tuple[str, ...]:
    formats = (node.text(),) if isinstance(node.data, str) else node.texts()
    if not formats:
        node.refuse("it must name at least one format, such as '%Y-%m-%d'")
    for form in formats:
        try:
            parse_date("", form)
        except InvalidDate:
            continue
        except InvalidValue as error:
            node.refuse(str(error))
    return formats


def _filters(keys: dict[str, Node]) -> tuple[Filter, ...]:
    found: list[Filter] = []
    for word, keep in (("only", True), ("skip", False)):
        for column, node in keys[word].pairs() if word in keys else ():
            texts = node.texts()
            if keep and not texts:
                node.refuse("an empty list would keep no row; name at least one text to keep")
            found.append(Filter(column, frozenset(texts), keep))
    return tuple(found)


def _aliases(node: Node) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    return tuple(
        (column, tuple((raw, text.text(empty=True)) for raw, text in pairs.pairs()))
        for column, pairs in node.pairs()
    )


# Records ----------------------------------------------------------------------------------------


def _record(node: Node, context: Context) -> RecordRule:
    keys = node.object(RECORD_KEYS, required=("record", "fields"))
    name = keys["record"].text()
    try:
        table = record_table(name)
    except UnknownName as error:
        keys["record"].refuse(str(error))
    known = (*table.names, CURRENCY) if table.money_fields else table.names
    given = keys["fields"].object(known)
    fields = {field: read_value(value, context) for field, value in given.items()}
    for field, value in (
        _of_stages(table, fields, context) | _of_money(table, fields, node, context)
    ).items():
        fields.setdefault(field, value)
    for one in table.fields:
        if not one.nullable and one.name not in fields:
            keys["fields"].refuse(f"{table.name} need the field {one.name!r}")
    for field, value in fields.items():
        where = given.get(field, keys["fields"])
        _check(value, target_of(table, field), where)
    return RecordRule(
        record=table.name,
        fields=tuple((field, fields[field]) for field in known if field in fields),
        distinct="distinct" in keys and keys["distinct"].flag(),
        filters=_filters(keys),
    )


def _of_stages(table: FieldTable, fields: dict[str, Value], context: Context) -> dict[str, Value]:
    """Return kind and probability as the stages of the profile say them."""
    if table.name != "opportunities" or not context.stages or "stage" not in fields:
        return {}
    stage = fields["stage"]
    return {
        "kind": Mapped(stage, tuple((one.name, one.kind) for one in context.stages)),
        "probability": Mapped(stage, tuple((one.name, one.probability) for one in context.stages)),
    }


def _of_money(
    table: FieldTable, fields: dict[str, Value], node: Node, context: Context
) -> dict[str, Value]:
    """Return the currency of the profile where rows name none."""
    if CURRENCY in fields or not any(name in fields for name in table.money_fields):
        return {}
    if context.currency is None:
        node.refuse("money needs a currency: one for the profile, or a field 'currency'")
    return {CURRENCY: Constant(context.currency)}


def _check(value: Value, target: Target, node: Node) -> None:
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
        case Mapped():
            for text in (*value.by_text.values(), value.otherwise):
                _check_text(text, target, node)
            _check(value.value, target.part_text, node)
        case Lookup():
            _check_text(value.otherwise, target, node)
            _check(value.by, target.part_text, node)
        case Column() | RowNumber():
            pass
        case _:
            assert_never(value)


def _need(target: Target, kinds: tuple[Kind, ...], what: str, node: Node) -> None:
    if target.kind not in kinds:
        node.refuse(f"{target.name} holds no {what}")


def _check_all(values: tuple[Value, ...], target: Target, node: Node) -> None:
    for value in values:
        _check(value, target, node)


def _check_text(text: str | None, target: Target, node: Node) -> None:
    found = None if text is None else read_text(text, target, OURS, None)
    if isinstance(found, Fault):
        node.refuse(found.cells[0].message)


# Values -----------------------------------------------------------------------------------------


def read_value(node: Node, context: Context) -> Value:
    """
    Return what a profile says of one field.

    Args:
        node: A column's name, or an object.
        context: What holds for all files.
    """
    if isinstance(node.data, str):
        return Column(node.text())
    known = (*VALUE_KEYS, *COLUMN_KEYS[1:], "with")
    keys = node.object(known)
    chosen = [key for key in keys if key in VALUE_KEYS]
    if len(chosen) != 1:
        node.refuse(f"it must have exactly one of the keys {', '.join(map(repr, VALUE_KEYS))}")
    word = chosen[0]
    inner = keys[word]
    allowed = {"column": COLUMN_KEYS, "join": ("join", "with")}.get(word, (word,))
    node.object(allowed)
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
        case _:
            return Compute(Operation(word), _parts(inner, context))


def _parts(node: Node, context: Context) -> tuple[Value, ...]:
    parts = tuple(read_value(part, context) for part in node.items())
    if len(parts) < 2:  # noqa: PLR2004 - one alone needs no operation
        node.refuse("it must list at least two values")
    return parts


def _column(keys: dict[str, Node]) -> Value:
    column = Column(
        keys["column"].text(),
        nulls=frozenset(keys["nulls"].texts() if "nulls" in keys else ()) - {""},
        dates=_dates(keys["dates"]) if "dates" in keys else (),
        optional="optional" in keys and keys["optional"].flag(),
    )
    if "map" not in keys:
        if "otherwise" in keys:
            keys["otherwise"].refuse("it needs a 'map' beside it")
        return column
    strict, otherwise = _otherwise(keys)
    pairs = tuple((raw, text.text_or_null()) for raw, text in keys["map"].pairs())
    return Mapped(column, pairs, strict, otherwise)


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
