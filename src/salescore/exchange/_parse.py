"""Profiles out of JSON: files, records and values, every fault with its path."""

from __future__ import annotations

from salescore.entities import record_table
from salescore.errors import UnknownName
from salescore.exchange._cells import CURRENCY, target_of
from salescore.exchange._layout import (
    ISO_DATE,
    Column,
    Constant,
    FileRule,
    Filter,
    First,
    Mapped,
    RecordRule,
    SignOf,
    Value,
    walk,
)
from salescore.exchange._values import Context, check_marks, check_value, read_dates, read_value
from salescore.plain import FieldTable, Node

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
    "deleted",
    "aliases",
    "records",
)
RECORD_KEYS = ("record", "distinct", "fields", "only", "skip")
#: Record types whose stage says what kind of stage it is.
_STAGED = ("opportunities", "stage_visits")


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
    check_marks(node, decimal, group)
    return FileRule(
        file=file,
        optional="optional" in keys and keys["optional"].flag(),
        encoding=keys["encoding"].choice(ENCODINGS, "encoding") if "encoding" in keys else "utf-8",
        delimiter=_delimiter(keys["delimiter"]) if "delimiter" in keys else ",",
        dates=read_dates(keys["dates"]) if "dates" in keys else (ISO_DATE,),
        decimal=decimal,
        group=group,
        nulls=frozenset(keys["nulls"].texts() if "nulls" in keys else ()) - {""},
        filters=_filters(keys),
        aliases=_aliases(keys["aliases"]) if "aliases" in keys else (),
        records=tuple(_record(record, context) for record in keys["records"].items()),
        is_folded=context.is_folded,
        booleans=context.booleans,
        zone=context.zone,
        day_zone=context.day_zone,
    )


def _delimiter(node: Node) -> str:
    text = node.text()
    if len(text) != 1 or text in '"\r\n ':
        node.refuse("it must be one character, such as ',', ';' or a tab")
    return text


def _filters(keys: dict[str, Node]) -> tuple[Filter, ...]:
    found: list[Filter] = []
    for word in ("deleted", "only", "skip"):
        keep = word == "only"
        for column, node in keys[word].pairs() if word in keys else ():
            texts = node.texts()
            if keep and not texts:
                node.refuse("an empty list would keep no row; name at least one text to keep")
            found.append(Filter(column, frozenset(texts), keep, word == "deleted"))
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
        table = context.custom_fields.extend(record_table(name))
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
        check_value(value, target_of(table, field), where)
    return RecordRule(
        record=table.name,
        fields=tuple((field, fields[field]) for field in known if field in fields),
        distinct="distinct" in keys and keys["distinct"].flag(),
        filters=_filters(keys),
        nulled=_nulled(table, fields, given, context),
        custom=table.custom_fields,
    )


def _nulled(
    table: FieldTable, fields: dict[str, Value], given: dict[str, Node], context: Context
) -> frozenset[str]:
    """Return the fields that a fault empties."""
    found: set[str] = set()
    for field, value in fields.items():
        said = {part.is_nulled for part in walk(value) if isinstance(part, Column)} - {None}
        is_nullable = field in table and table.field(field).nullable
        if True in said and not is_nullable and field in given:
            given[field].refuse(f"{table.name}.{field} is required; a fault in it refuses the row")
        if is_nullable and (True in said or (context.is_nulled and not said)):
            found.add(field)
    return frozenset(found)


def _of_stages(table: FieldTable, fields: dict[str, Value], context: Context) -> dict[str, Value]:
    """Return kind and probability as the stages of the profile say them."""
    if table.name not in _STAGED or not context.stages or "stage" not in fields:
        return {}
    stage = fields["stage"]
    kinds = Mapped(stage, tuple((one.name, one.kind) for one in context.stages))
    if "probability" not in table:
        return {"kind": kinds}
    chances = Mapped(stage, tuple((one.name, one.probability) for one in context.stages))
    return {"kind": kinds, "probability": chances}


def _of_money(
    table: FieldTable, fields: dict[str, Value], node: Node, context: Context
) -> dict[str, Value]:
    """Return the currency that amounts state themselves, or that of the profile."""
    money = [fields[name] for name in table.money_fields if name in fields]
    if not money:
        return {}
    signs = tuple(
        SignOf(part)
        for part in dict.fromkeys(part for value in money for part in walk(value))
        if isinstance(part, Column) and part.numbers is not None and part.numbers.signs is not None
    )
    given: tuple[Value, ...] = (fields.pop(CURRENCY),) if CURRENCY in fields else ()
    default = () if context.currency is None else (Constant(context.currency),)
    parts: tuple[Value, ...] = (*given, *signs, *default)
    if not parts:
        node.refuse("money needs a currency: one for the profile, or a field 'currency'")
    return {CURRENCY: parts[0] if len(parts) == 1 else First(parts)}
