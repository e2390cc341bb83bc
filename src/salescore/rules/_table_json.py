"""Decision tables as JSON data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import TypeVar, assert_never, cast

from salescore.errors import InvalidRecord, RuleTypeError
from salescore.plain import Node
from salescore.rules._cells import Band, Cell, IsNull, OneOf
from salescore.rules._decision_table import (
    COLUMN_LIMIT,
    ROW_LIMIT,
    TABLE_OPTION_LIMIT,
    Collect,
    DecisionTable,
    HitPolicy,
    Input,
    Output,
    Row,
)
from salescore.rules._json import rule_to_data, scalar_to_data
from salescore.rules._json_read import read_rule, read_scalar
from salescore.rules._limits import OPTION_LIMIT
from salescore.rules._tree import Scalar

DECISION_TABLE_SCHEMA = "salescore/decision-table/1"
"""Name and version of the JSON form of decision tables."""

E = TypeVar("E", bound=Enum)
T = TypeVar("T")

_KEYS = (
    "schema",
    "name",
    "version",
    "labels",
    "valid_from",
    "valid_until",
    "hit_policy",
    "collect",
    "inputs",
    "outputs",
    "rows",
    "default",
)
_REQUIRED = ("schema", "name", "version", "hit_policy", "inputs", "outputs", "rows")
_LOW = (">=", ">")
_HIGH = ("<=", "<")


def table_to_data(table: DecisionTable) -> dict[str, object]:
    """
    Return a decision table as plain JSON data, in the one form that it is written in.

    Args:
        table: The table.

    Returns:
        Objects, lists, texts, truth values and whole numbers; what is unset is left out. Reading
        it back gives an equal table.

    Raises:
        RuleTypeError: An input, a value or a text that no JSON could hold.
    """
    data: dict[str, object] = {
        "schema": DECISION_TABLE_SCHEMA,
        "name": scalar_to_data(table.name),
        "version": scalar_to_data(table.version),
        **_labels_data(table.labels),
    }
    if table.valid_from is not None:
        data["valid_from"] = table.valid_from.isoformat()
    if table.valid_until is not None:
        data["valid_until"] = table.valid_until.isoformat()
    data["hit_policy"] = table.hit_policy.value
    if table.collect is not None:
        data["collect"] = table.collect.value
    data["inputs"] = [_input_data(one) for one in table.inputs]
    data["outputs"] = [_output_data(one) for one in table.outputs]
    data["rows"] = [_row_data(one) for one in table.rows]
    if table.default is not None:
        data["default"] = _scalars_data(table.default)
    return data


def _labels_data(labels: tuple[str, str] | None) -> dict[str, object]:
    return {} if labels is None else {"labels": _scalars_data(labels)}


def _input_data(given: Input) -> dict[str, object]:
    name, of = scalar_to_data(given.name), rule_to_data(given.of)
    return {"name": name, "of": of, **_labels_data(given.labels)}


def _output_data(output: Output) -> dict[str, object]:
    name = scalar_to_data(output.name)
    data: dict[str, object] = {"name": name, **_labels_data(output.labels)}
    if output.priorities:
        data["priorities"] = _scalars_data(output.priorities)
    return data


def _row_data(row: Row) -> dict[str, object]:
    note = {} if row.note is None else {"note": scalar_to_data(row.note)}
    cells = [_cell_data(cell) for cell in row.cells]
    return {"when": cells, "then": _scalars_data(row.outputs), **note}


def _scalars_data(values: Sequence[Scalar]) -> list[object]:
    return [scalar_to_data(value) for value in values]


def _cell_data(cell: Cell) -> object:
    match cell:
        case None:
            return None
        case IsNull(is_negated):
            return {"is_null": not is_negated}
        case OneOf(options, True):
            return {"not": _scalars_data(options)}
        case OneOf((option,)):
            return scalar_to_data(option)
        case OneOf(options):
            return _scalars_data(options)
        case Band(low, high, includes_low, includes_high):
            band: dict[str, object] = {}
            if low is not None:
                band[">=" if includes_low else ">"] = scalar_to_data(low)
            if high is not None:
                band["<=" if includes_high else "<"] = scalar_to_data(high)
            return band
        case _:
            assert_never(cell)


def table_from_data(data: object, path: str = "") -> DecisionTable:
    """
    Return the decision table that plain JSON data describes.

    Args:
        data: What `parse_json` returns.
        path: Where the data stands in a larger document, for error messages.

    Returns:
        The table; hold it against the fields that it reads with `check_table`.

    Raises:
        InvalidDocument: No decision table; the error names the place and what would be right.
    """
    return read_table(Node(data, path))


def read_table(node: Node) -> DecisionTable:
    """
    Return the decision table in a part of a larger JSON document.

    Args:
        node: The part.

    Raises:
        InvalidDocument: No decision table; the error names the place and what would be right.
    """
    top = node.object(_KEYS, required=_REQUIRED)
    top["schema"].choice((DECISION_TABLE_SCHEMA,), "decision table schema")
    _check_options(top["outputs"], top["rows"])

    def made() -> DecisionTable:
        return DecisionTable(
            name=top["name"].text(),
            version=top["version"].text(),
            inputs=_listed(top["inputs"], COLUMN_LIMIT, _read_input),
            outputs=_listed(top["outputs"], COLUMN_LIMIT, _read_output),
            rows=_listed(top["rows"], ROW_LIMIT, _read_row),
            hit_policy=_read_enum(top["hit_policy"], HitPolicy, "hit policy"),
            collect=_read_enum(top["collect"], Collect, "collect") if "collect" in top else None,
            default=_read_scalars(top["default"], COLUMN_LIMIT) if "default" in top else None,
            valid_from=top["valid_from"].day() if "valid_from" in top else None,
            valid_until=top["valid_until"].day() if "valid_until" in top else None,
            labels=top["labels"].labels() if "labels" in top else None,
        )

    return _made(node, made)


def _check_options(outputs: Node, rows: Node) -> None:
    """Refuse more options than a table has before they are read, shared parts counted each time."""
    rows_of_cells = [
        cast("dict[str, object]", row).get("when")
        for row in _some(rows.data, ROW_LIMIT)
        if isinstance(row, dict)
    ]
    lists = [_some(data, COLUMN_LIMIT) for data in (outputs.data, *rows_of_cells)]
    count = sum(_option_count(part) for some in lists for part in some)
    if count > TABLE_OPTION_LIMIT:
        most = f"a table has at most {TABLE_OPTION_LIMIT:,}"
        fault = f"its cells and priorities list {count:,} options; {most}"
        rows.refuse(f"{fault}, so cut it into several tables")


def _option_count(data: object) -> int:
    """Return how many options a cell, or how many priorities an output lists, be they sound."""
    listed = data
    if isinstance(data, dict):
        members = cast("dict[str, object]", data)
        listed = members.get("not", members.get("priorities"))
    return len(cast("list[object]", listed)) if isinstance(listed, list) else 0


def _some(data: object, most: int) -> list[object]:
    """Return the first members of a list; none of any other data, which the reader refuses."""
    return cast("list[object]", data)[:most] if isinstance(data, list) else []


def _made(node: Node, make: Callable[[], T]) -> T:
    """Return what is made, naming the place of a fault that only its constructor finds."""
    try:
        return make()
    except (InvalidRecord, RuleTypeError) as error:
        node.refuse(str(error))


def _listed(node: Node, most: int, read: Callable[[Node], T]) -> tuple[T, ...]:
    items = node.items()
    if len(items) > most:
        node.refuse(f"it has {len(items):,} members; at most {most:,} are read")
    return tuple(map(read, items))


def _read_input(node: Node) -> Input:
    keys = node.object(("name", "of", "labels"), required=("name", "of"))
    labels = keys["labels"].labels() if "labels" in keys else None
    name, of = keys["name"].text(), read_rule(keys["of"])
    return _made(keys["of"], lambda: Input(name, of, labels))


def _read_output(node: Node) -> Output:
    keys = node.object(("name", "labels", "priorities"), required=("name",))
    labels = keys["labels"].labels() if "labels" in keys else None
    priorities = _read_scalars(keys["priorities"], OPTION_LIMIT) if "priorities" in keys else ()
    return Output(keys["name"].text(), labels, priorities)


def _read_row(node: Node) -> Row:
    keys = node.object(("when", "then", "note"), required=("when", "then"))
    note = keys["note"].text(empty=True) if "note" in keys else None
    cells = _listed(keys["when"], COLUMN_LIMIT, _read_cell)
    return Row(cells, _read_scalars(keys["then"], COLUMN_LIMIT), note)


def _read_cell(node: Node) -> Cell:
    data = node.data
    if data is None:
        return None
    if isinstance(data, list):
        return _read_options(node)
    if not isinstance(data, dict):
        return OneOf((read_scalar(node),))
    if "not" in data:
        return _read_options(node.object(("not",))["not"], is_negated=True)
    if "is_null" in data:
        return IsNull(is_negated=not node.object(("is_null",))["is_null"].flag())
    if not data or any(key in data for key in (*_LOW, *_HIGH)):
        return _read_band(node)
    return OneOf((read_scalar(node),))


def _read_options(node: Node, *, is_negated: bool = False) -> OneOf:
    options = _listed(node, OPTION_LIMIT, read_scalar)
    return _made(node, lambda: OneOf(options, is_negated))


def _read_band(node: Node) -> Band:
    keys = node.object((*_LOW, *_HIGH))
    lows, highs = [key for key in _LOW if key in keys], [key for key in _HIGH if key in keys]
    if len(lows) > 1 or len(highs) > 1 or not keys:
        node.refuse("a band has one of >= and >, one of <= and <, or both")
    low = read_scalar(keys[lows[0]]) if lows else None
    high = read_scalar(keys[highs[0]]) if highs else None
    return _made(node, lambda: Band(low, high, ">" not in lows, "<=" in highs))


def _read_scalars(node: Node, most: int) -> tuple[Scalar, ...]:
    return _listed(node, most, read_scalar)


def _read_enum(node: Node, known: type[E], kind: str) -> E:
    return known(node.choice([str(member.value) for member in known], kind))
