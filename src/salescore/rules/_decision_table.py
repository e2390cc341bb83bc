"""Decision tables as data: inputs, outputs, rows of cells, and which row decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

import attrs

from salescore.errors import InvalidRecord, RuleTypeError
from salescore.plain import as_tuple
from salescore.render import Language
from salescore.rules._builder import Term, Value, as_tree
from salescore.rules._cells import (
    Cell,
    OneOf,
    as_cells,
    is_alike,
    scalars,
    scalars_or_none,
    values_of,
)
from salescore.rules._limits import check_size
from salescore.rules._literals import shown_value
from salescore.rules._text import rule_text
from salescore.rules._tree import Expression, Literal, Scalar, fields_of

ROW_LIMIT = 1_000
"""Most rows of one table."""

COLUMN_LIMIT = 64
"""Most inputs, and most outputs, of one table."""

TABLE_OPTION_LIMIT = 100_000
"""Most options of all cells, and priorities of all outputs, of one table."""


class HitPolicy(Enum):
    """
    What a table says where several of its rows match.

    Attributes:
        UNIQUE: That must not be; where it is, nothing is decided.
        FIRST: The first row in order decides.
        PRIORITY: The row whose outputs stand first in the stated priorities decides.
        ANY: All of them must say the same; where they do not, nothing is decided.
        COLLECT: All of them count, gathered as `Collect` says.
    """

    UNIQUE = "unique"
    FIRST = "first"
    PRIORITY = "priority"
    ANY = "any"
    COLLECT = "collect"


class Collect(Enum):
    """
    How the outputs of all rows that match are gathered.

    Attributes:
        LIST: As a list, in the order of the rows.
        SUM: As their exact sum.
        MIN: As the least.
        MAX: As the greatest.
        COUNT: As how many they are.
    """

    LIST = "list"
    SUM = "sum"
    MIN = "min"
    MAX = "max"
    COUNT = "count"


def _looked_at(value: Term | Expression | Value) -> Expression:
    """Return what an input looks at; refuse what is the same for every row."""
    tree = as_tree(value)
    if isinstance(tree, Literal):
        name = tree.value if isinstance(tree.value, str) and tree.value.isidentifier() else "region"
        fault = f"it reads no field, so it is the same for every row; write F.{name}"
        raise RuleTypeError(shown_value(tree.value), fault)
    check_size(tree)
    if not fields_of(tree):
        raise RuleTypeError(rule_text(tree), "it reads no field, so it is the same for every row")
    return tree


@attrs.frozen
class Input:
    """
    One column of conditions: what a row of facts is asked.

    Attributes:
        name: Its name, unlike that of every other input of the table.
        of: What is looked at: a field, or any expression that reads one and is no set of tags.
        labels: English and Chinese label; `None` to show the name.
    """

    name: str
    of: Expression = attrs.field(converter=_looked_at)
    labels: tuple[str, str] | None = None

    def label(self, language: Language) -> str:
        """Return the label in a language."""
        return self.name if self.labels is None else language.pick(self.labels)


@attrs.frozen
class Output:
    """
    One column of results.

    Attributes:
        name: Its name, unlike that of every other output of the table.
        labels: English and Chinese label; `None` to show the name.
        priorities: Its values, the most important first; only a table of hit policy `PRIORITY`
            needs them, and those of an earlier output weigh more.
    """

    name: str
    labels: tuple[str, str] | None = None
    priorities: tuple[Scalar, ...] = attrs.field(default=(), converter=scalars)

    def label(self, language: Language) -> str:
        """Return the label in a language."""
        return self.name if self.labels is None else language.pick(self.labels)


@attrs.frozen
class Row:
    """
    One row: where all its cells hold, its outputs are the result.

    Attributes:
        cells: One per input, in order; a plain value stands for `OneOf` with that option.
        outputs: One value per output, in order; whole numbers become `Decimal`.
        note: Why the row is there, for people; `None` when unsaid.
    """

    cells: tuple[Cell, ...] = attrs.field(converter=as_cells)
    outputs: tuple[Scalar, ...] = attrs.field(converter=scalars)
    note: str | None = None


@attrs.frozen(kw_only=True)
class DecisionTable:
    """
    A decision as a table: the rows that match a row of facts say what follows.

    Its shape is checked when it is made; whether it fits the fields it reads, has gaps, overlaps
    or rows that are never reached, is what `check_table` says.

    Attributes:
        name: Its name; versions of one table share it.
        version: Which version this is, such as "2024-1".
        inputs: What is looked at, 1 to 64 of them.
        outputs: What is decided, 1 to 64 of them.
        rows: The rows, 1 to 1,000 of them; a reader counts them from 1.
        hit_policy: Which row decides where several match.
        collect: How all that match are gathered; `None` for every hit policy but `COLLECT`.
        default: One value per output for where no row matches; `None` to decide nothing there.
        valid_from: First day on which it is in force; `None` for no first day.
        valid_until: Last day on which it is in force; `None` for no last day.
        labels: English and Chinese label; `None` to show the name.

    Examples:
        >>> from salescore.rules import Band, DecisionTable, F, HitPolicy, Input, Output, Row
        >>> rows = (Row([Band(None, 1000)], [0]), Row([Band(1000, None)], [5]))
        >>> table = DecisionTable(
        ...     name="discount",
        ...     version="1",
        ...     hit_policy=HitPolicy.UNIQUE,
        ...     inputs=[Input("net", F.net_amount)],
        ...     outputs=[Output("percent")],
        ...     rows=rows,
        ... )
    """

    name: str
    version: str
    inputs: tuple[Input, ...] = attrs.field(converter=as_tuple)
    outputs: tuple[Output, ...] = attrs.field(converter=as_tuple)
    rows: tuple[Row, ...] = attrs.field(converter=as_tuple)
    hit_policy: HitPolicy
    collect: Collect | None = None
    default: tuple[Scalar, ...] | None = attrs.field(default=None, converter=scalars_or_none)
    valid_from: date | None = None
    valid_until: date | None = None
    labels: tuple[str, str] | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what no check could make sense of."""
        _check_names(self)
        _check_shape(self)
        _check_policy(self)
        _check_types(self)
        _check_days(self)

    def label(self, language: Language) -> str:
        """Return the label in a language."""
        return self.name if self.labels is None else language.pick(self.labels)

    def column(self, place: int) -> tuple[Cell, ...]:
        """Return the cells of an input, one per row; the first input has place 0."""
        return tuple(row.cells[place] for row in self.rows)


def precedence(table: DecisionTable) -> tuple[int, ...]:
    """
    Return the places of the rows, the one that decides before all others first.

    Args:
        table: A table; unless its hit policy is `PRIORITY` its rows keep their order.
    """
    places = range(len(table.rows))
    if table.hit_policy is not HitPolicy.PRIORITY:
        return tuple(places)
    ranks = [
        (column, {value: rank for rank, value in enumerate(output.priorities)})
        for column, output in enumerate(table.outputs)
        if output.priorities
    ]
    return tuple(
        sorted(
            places,
            key=lambda place: [rank[table.rows[place].outputs[column]] for column, rank in ranks],
        )
    )


def _refuse(field: str, value: object, fault: str) -> InvalidRecord:
    return InvalidRecord("DecisionTable", field, value, fault)


def _check_names(table: DecisionTable) -> None:
    for field, name in (("name", table.name), ("version", table.version)):
        if not name:
            raise _refuse(field, name, "it must not be empty")
    _check_labels("labels", table.labels)
    for field, columns in (("inputs", table.inputs), ("outputs", table.outputs)):
        if not 0 < len(columns) <= COLUMN_LIMIT:
            fault = f"a table has 1 to {COLUMN_LIMIT} {field}"
            raise _refuse(field, len(columns), fault)
        seen: set[str] = set()
        for column in columns:
            if not column.name or column.name in seen:
                raise _refuse(field, column.name, "each needs a name of its own")
            seen.add(column.name)
            _check_labels(field, column.labels)


def _check_labels(field: str, labels: tuple[str, str] | None) -> None:
    if labels is not None and not (len(labels) == len(("en", "zh")) and all(labels)):
        raise _refuse(field, labels, "labels are an English and a Chinese text, neither empty")


def _check_shape(table: DecisionTable) -> None:
    if not 0 < len(table.rows) <= ROW_LIMIT:
        raise _refuse("rows", len(table.rows), f"a table has 1 to {ROW_LIMIT:,} rows")
    for number, row in enumerate(table.rows, 1):
        if len(row.cells) != len(table.inputs):
            fault = f"row {number} has {len(row.cells)} cells for {len(table.inputs)} inputs"
            raise _refuse("rows", number, fault)
        if len(row.outputs) != len(table.outputs):
            fault = f"row {number} has {len(row.outputs)} outputs; {len(table.outputs)} are named"
            raise _refuse("rows", number, fault)
    if table.default is not None and len(table.default) != len(table.outputs):
        fault = f"it has {len(table.default)} values; {len(table.outputs)} outputs are named"
        raise _refuse("default", table.default, fault)
    options = sum(len(output.priorities) for output in table.outputs) + sum(
        len(cell.options) for row in table.rows for cell in row.cells if isinstance(cell, OneOf)
    )
    if options > TABLE_OPTION_LIMIT:
        most = f"a table has at most {TABLE_OPTION_LIMIT:,}"
        fault = f"its cells and priorities list {options:,} options; {most}"
        raise _refuse("rows", len(table.rows), fault)


def _check_policy(table: DecisionTable) -> None:
    policy, collect = table.hit_policy, table.collect
    if not isinstance(policy, HitPolicy):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise _refuse("hit_policy", policy, "it is a HitPolicy, such as HitPolicy.FIRST")
    if (policy is HitPolicy.COLLECT) is not isinstance(collect, Collect):
        fault = "HitPolicy.COLLECT needs a Collect, such as Collect.SUM, and no other may have one"
        raise _refuse("collect", collect, fault)
    if policy is HitPolicy.PRIORITY:
        _check_priorities(table)
    if collect in (None, Collect.LIST):
        return
    names = [one.name for one in table.outputs]
    if len(names) > 1:
        raise _refuse("collect", collect, "only a list is collected of several outputs")
    if collect is Collect.COUNT:
        if table.default is not None:
            raise _refuse("default", table.default, "where no row matches the count is 0")
    elif not isinstance(table.rows[0].outputs[0], Decimal):
        raise _refuse("collect", collect, f"the output {names[0]!r} is no number")


def _check_priorities(table: DecisionTable) -> None:
    if not table.outputs[0].priorities:
        fault = "hit policy PRIORITY needs the priorities of the first output"
        raise _refuse("outputs", table.outputs[0].name, fault)
    for place, output in enumerate(table.outputs):
        if len(set(output.priorities)) < len(output.priorities):
            raise _refuse("outputs", output.name, "one of its priorities stands twice")
        for number, row in enumerate(table.rows, 1):
            if output.priorities and row.outputs[place] not in output.priorities:
                fault = f"its priorities lack {shown_value(row.outputs[place])} of row {number}"
                raise _refuse("outputs", output.name, fault)


def _check_types(table: DecisionTable) -> None:
    """Refuse a column that is now of one type, now of another."""
    for place, output in enumerate(table.outputs):
        values = [row.outputs[place] for row in table.rows]
        others = () if table.default is None else (table.default[place],)
        _check_alike("outputs", output.name, [*values, *others, *output.priorities])
    for place, given in enumerate(table.inputs):
        _check_alike("inputs", given.name, values_of(table.column(place)))


def _check_alike(field: str, name: str, values: Sequence[Scalar]) -> None:
    for value in values:
        if not is_alike(value, values[0]):
            fault = f"its column holds {shown_value(values[0])} and {shown_value(value)}"
            raise _refuse(field, name, f"{fault}; it must be of one type")


def _check_days(table: DecisionTable) -> None:
    for field in ("valid_from", "valid_until"):
        day: object = getattr(table, field)
        if day is not None and (not isinstance(day, date) or isinstance(day, datetime)):
            raise _refuse(field, day, "it must be a date, without a time")
    if table.valid_from and table.valid_until and table.valid_until < table.valid_from:
        fault = f"its last day lies before its first, {table.valid_from}"
        raise _refuse("valid_until", table.valid_until, fault)
