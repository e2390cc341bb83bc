"""The small Python tail of reductions in SQL, which makes of the rows what `reduce_rows` gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, assert_never

import attrs

from salescore.errors import EngineRefused
from salescore.frames._digits import MOST_DIGITS, Digits
from salescore.frames._frame import schema_of
from salescore.frames._sql import Dialect
from salescore.frames._sql_checked import told_by
from salescore.frames._sql_reduce import UNITS, sql_reduction
from salescore.frames._sql_rules import RuleWriter
from salescore.frames._sql_values import python_value
from salescore.metrics import Aggregate, Measure, Reduced, Reduction
from salescore.plain import FieldTable
from salescore.rules import FieldRef, RuleType, check_types, rule_text
from salescore.values import Period

Execute = Callable[[str, tuple[Any, ...]], Any]
"""What runs a statement with its parameters and gives the rows, or what they are fetched from."""


def run_reduction(
    execute: Execute,
    reduction: Reduction,
    schema: FieldTable | str,
    dialect: Dialect,
    *,
    table_name: str,
    during: Period | None = None,
    calendar_table_name: str | None = None,
    digits: Mapping[str, Digits] | None = None,
) -> Reduced:
    """
    Reduce a table of a database and return what `reduce_rows` would, keys ascending.

    Args:
        execute: Runs a statement with its parameters and gives the rows, or what has a method
            `fetchall` or `collect` for them: the method `execute` of a connection of sqlite3,
            psycopg or DuckDB.
        reduction: What to bring together by which keys.
        schema: As in `sql_reduction`, like all below.
        dialect: The language of the database.
        table_name: Name of the table.
        during: Period in which the date column must fall.
        calendar_table_name: Name of the table of the calendar.
        digits: Digits of the columns of decimals.

    Raises:
        UnknownName: As in `sql_reduction`.
        InvalidValue: Likewise.
        RuleTypeError: Likewise.
        EngineRefused: Likewise; also where the calendar table lacks a day, where so many rows
            were summed that their sum is not sure to fit 38 digits, and where a column holds more
            digits than stated, floats or texts.
        InvalidNumber: The database gave a float for a number.
    """
    statement = sql_reduction(
        reduction,
        schema,
        dialect,
        table_name=table_name,
        during=during,
        calendar_table_name=calendar_table_name,
        digits=digits,
    )
    writer = RuleWriter(
        schema=schema_of(schema), dialect=dialect, alias=None, digits=dict(digits or {})
    )
    try:
        rows = _rows(execute(statement.text, statement.parameters))
    except Exception as error:
        # Each driver has errors of its own; those that the statement itself raises are known.
        told = told_by(error)
        if told is None:
            raise
        raise EngineRefused(dialect.value, reduction.name, told) from error
    return _Tail(reduction=reduction, writer=writer).reduced(rows)


def _rows(found: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - what drivers give
    """Return rows, of what gives them only when it is told to too."""
    for fetch in ("fetchall", "collect"):
        act = getattr(found, fetch, None)
        if act is not None:
            found = act()
            break
    return [tuple(row) for row in found]


@attrs.frozen(kw_only=True)
class _Tail:
    """Makes the small table of the rows that a database gave."""

    reduction: Reduction
    writer: RuleWriter

    def reduced(self, rows: list[tuple[Any, ...]]) -> Reduced:
        width = len(self.reduction.keys)
        if any(key in UNITS for key in self.reduction.keys):
            self._check_days(rows)
        kinds = [self._key_type(key) for key in self.reduction.keys]
        told: dict[tuple[str | None, ...], tuple[Any, ...] | None] = {
            tuple(map(_key_text, row[1 : width + 1], kinds)): row[width + 1 :]
            for row in rows
            if not row[0]
        }
        undated = next((row[width + 1 :] for row in rows if row[0]), None)
        if not width and not told:
            told[()] = None
        keys = sorted(told, key=lambda key: [(one is not None, one or "") for one in key])
        cells = [
            [self._cell(place, measure, told[key]) for key in keys]
            for place, measure in enumerate(self.reduction.measures)
        ]
        left_out = (
            self._cell(place, measure, undated)
            for place, measure in enumerate(self.reduction.measures)
        )
        return Reduced(
            reduction=self.reduction,
            keys=tuple(keys),
            values=tuple(tuple(value for value, _, _ in column) for column in cells),
            counts=tuple(tuple(count for _, count, _ in column) for column in cells),
            missing=tuple(tuple(missing for _, _, missing in column) for column in cells),
            undated=tuple(count + missing for _, count, missing in left_out),
        )

    def _key_type(self, key: str) -> RuleType:
        if key in UNITS:
            return RuleType.TEXT
        return check_types(FieldRef(key), self.writer.schema)

    def _check_days(self, rows: Sequence[tuple[Any, ...]]) -> None:
        lost = sum(row[-1] for row in rows)
        if lost:
            fault = f"the calendar table lacks the days of {lost} rows; give it every day"
            raise EngineRefused(self.writer.dialect.value, self.reduction.name, fault)

    def _cell(
        self, place: int, measure: Measure, cells: Sequence[Any] | None
    ) -> tuple[Any, int, int]:
        """Return value, rows entered and rows missing of a measure in one group."""
        value, count, missing = (None, 0, 0) if cells is None else cells[3 * place : 3 * place + 3]
        return self._value(measure, value, count), count, missing

    def _value(self, measure: Measure, value: Any, count: int) -> Any:  # noqa: ANN401 - a number, a date or many
        match measure.aggregate:
            case Aggregate.COUNT | Aggregate.DISTINCT:
                return Decimal(value or 0)
            case Aggregate.SUM:
                self._check_sum(measure, count)
                return _number(value)
            case Aggregate.VALUES:
                texts = value.split(" ") if isinstance(value, str) else value or ()
                return tuple(sorted(map(_number, texts)))
            case Aggregate.MIN | Aggregate.MAX:
                return python_value(value, self._kind(measure))
            case _:
                assert_never(measure.aggregate)

    def _kind(self, measure: Measure) -> RuleType:
        return (
            RuleType.NUMBER if measure.of is None else check_types(measure.of, self.writer.schema)
        )

    def _check_sum(self, measure: Measure, count: int) -> None:
        """Refuse a sum of so many rows that the engine may have run out of digits."""
        span = None if measure.of is None else self.writer.span(measure.of)
        if span is None or measure.of is None:
            return
        largest = max(span.high, -span.low) * max(count, 1)
        places = Digits.of(largest).before + span.behind
        room = MOST_DIGITS
        if self.writer.dialect is Dialect.SPARK:
            room = min(room, span.digits.total + _SPARK_MORE)
        if places > room:
            fault = (
                f"a sum of {count} rows can need {places} digits of {room}; "
                "state fewer digits for its columns, or round it"
            )
            raise EngineRefused(self.writer.dialect.value, rule_text(measure.of), fault)


def _number(value: Any) -> Decimal:  # noqa: ANN401 - what drivers give
    """Return a number as a rule has it; none is 0."""
    found = python_value(value, RuleType.NUMBER)
    return found if isinstance(found, Decimal) else Decimal(0)


_SPARK_MORE = 10
"""Digits by which a sum in Spark is wider than what it adds."""


def _key_text(value: Any, kind: RuleType) -> str | None:  # noqa: ANN401 - what drivers give
    """Return the key of a group as rows have it: dates in ISO form, truth values as in JSON."""
    known = python_value(value, kind)
    if isinstance(known, bool):
        return "true" if known else "false"
    return None if known is None else str(known)
