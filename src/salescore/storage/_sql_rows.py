"""Rows of a database: records there and back, without loss."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, partial
from operator import attrgetter
from typing import Any, assert_never

import attrs

from salescore.errors import StoreFailed
from salescore.plain import CUSTOM, Field, FieldTable, Kind, bulk_records
from salescore.storage._sql_tables import Database
from salescore.values import Money

Row = Sequence[Any]
Encode = Callable[[Any], Any]
Decode = Callable[[Sequence[Any]], Sequence[Any]]


@attrs.frozen
class RecordRows:
    """
    The way between the records of a type and the rows of its table.

    Attributes:
        table: Field table with registered fields.
        database: What the rows live in.
    """

    table: FieldTable
    database: Database

    @cached_property
    def _values(self) -> Callable[[Any], tuple[Any, ...]]:
        # Money stands twice, for its amount and its currency.
        own = (field for field in self.table.fields if not field.is_custom)
        return attrgetter(*(field.name for field in own for _ in range(width(field))))

    @cached_property
    def _custom(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.table.custom_fields for _ in range(width(field)))

    @cached_property
    def _encode(self) -> tuple[tuple[int, Encode], ...]:
        found = [one for field in self.table.fields for one in _encoders(field, self.database)]
        return tuple((place, one) for place, one in enumerate(found) if one is not None)

    @cached_property
    def _decode(self) -> tuple[tuple[str, int, Decode], ...]:
        found: list[tuple[str, int, Decode]] = []
        place = 0
        for field in self.table.fields:
            if field.kind is not Kind.MONEY:
                found.append((field.name, place, _decoder(field, self.database)))
            place += width(field)
        return tuple(found)

    @cached_property
    def _money(self) -> tuple[tuple[str, int], ...]:
        found: list[tuple[str, int]] = []
        place = 0
        for field in self.table.fields:
            if field.kind is Kind.MONEY:
                found.append((field.name, place))
            place += width(field)
        return tuple(found)

    def row(self, record: Any) -> list[Any]:  # noqa: ANN401 - a record of the table
        """Return a record as values of the columns of its fields, in their order."""
        values = list(self._values(record))
        if self._custom:
            known = dict(record.custom)
            values += [known.get(name) for name in self._custom]
        for place, encode in self._encode:
            value = values[place]
            if value is not None:
                values[place] = encode(value)
        return values

    def records(self, store: str, rows: Sequence[Row]) -> list[Any]:
        """
        Return the records of rows, made column by column.

        Args:
            store: Name of the store, for error messages.
            rows: Values of the columns of the fields, in their order.

        Raises:
            StoreFailed: A row holds what its field does not allow, so others wrote to the table.
        """
        try:
            return self._records(rows)
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            fault = f"a row of {self.table.name} is damaged: {error}; take it back from a copy"
            raise StoreFailed(store, fault) from error

    def _records(self, rows: Sequence[Row]) -> list[Any]:
        if not rows:
            return []
        columns = list(zip(*rows, strict=True))
        values: dict[str, Sequence[Any]] = {
            name: decode(columns[place]) for name, place, decode in self._decode
        }
        for name, place in self._money:
            values[name] = _moneys(columns[place], columns[place + 1])
        if self._custom:
            names = sorted(set(self._custom))
            cells = zip(*(values.pop(name) for name in names), strict=True)
            values[CUSTOM] = [
                tuple((name, one) for name, one in zip(names, row, strict=True) if one is not None)
                for row in cells
            ]
        record: type[Any] = self.table.record  # type: ignore[assignment]  # a store keeps records
        return bulk_records(record, values, len(rows))


def width(field: Field) -> int:
    """Return how many columns a field has."""
    return 2 if field.kind is Kind.MONEY else 1


def decimal_text(value: Decimal) -> str:
    """Return a decimal as text with every digit that it has, trailing zeros too."""
    return format(value or value.copy_abs(), "f")


def instant_text(value: datetime) -> str:
    """Return an instant in UTC as text of one length, so that texts sort as instants do."""
    return value.isoformat(timespec="microseconds")[:-6] + "Z"


def encoded(value: Any, database: Database) -> Any:  # noqa: ANN401 - of a column of our own
    """
    Return a value of a column of our own as the database takes it.

    Postgres gets everything as text, so that a statement has the same types each time and is
    prepared once.
    """
    match value:
        case bool():
            return _truth(value, database)
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
        case int():
            return value if database is Database.SQLITE else str(value)
        case _:
            return value


def instant_of(value: Any) -> datetime:  # noqa: ANN401 - text or an instant
    """Return an instant from what a database gave."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def day_of(value: Any) -> date | None:  # noqa: ANN401 - text, a day or nothing
    """Return a day from what a database gave."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _truth(value: bool, database: Database) -> Any:  # noqa: ANN401, FBT001 - a number or a text
    return int(value) if database is Database.SQLITE else ("false", "true")[value]


def _amount_text(money: Money) -> str:
    return decimal_text(money.amount)


def _currency(money: Money) -> str:
    return money.currency


def _choice(value: Any) -> Any:  # noqa: ANN401 - a member of any enumeration
    return value.value


def _encoders(field: Field, database: Database) -> tuple[Encode | None, ...]:
    match field.kind:
        case Kind.MONEY:
            return (_amount_text, _currency)
        case Kind.CHOICE:
            return (None if field.choice_type is None else _choice,)
        case Kind.DECIMAL:
            return (decimal_text,)
        case Kind.DATE:
            return (date.isoformat,)
        case Kind.INSTANT:
            return (instant_text,)
        case Kind.BOOLEAN:
            return (partial(_truth, database=database),)
        case Kind.ID | Kind.TEXT:
            return (None,)
        case _:
            assert_never(field.kind)


def _decoder(field: Field, database: Database) -> Decode:
    """Return what makes a column of a database one of values; money is put together apart."""
    is_text = database is Database.SQLITE
    match field.kind:
        case Kind.CHOICE if field.choice_type is not None:
            members: dict[Any, Any] = {one.value: one for one in field.choice_type}
            return partial(_looked_up, {**members, None: None})
        case Kind.DECIMAL if is_text:
            return partial(_mapped, Decimal)
        case Kind.DATE if is_text:
            return partial(_mapped, date.fromisoformat)
        case Kind.INSTANT if is_text:
            return partial(_mapped, datetime.fromisoformat)
        case Kind.BOOLEAN if is_text:
            return partial(_looked_up, {None: None, 0: False, 1: True})
        case Kind.ID | Kind.TEXT | Kind.CHOICE:
            return partial(_texts, field.name)
        case _:
            return _unchanged


def _mapped(decode: Callable[[Any], Any], column: Sequence[Any]) -> list[Any]:
    return [None if one is None else decode(one) for one in column]


def _looked_up(members: dict[Any, Any], column: Sequence[Any]) -> list[Any]:
    return [members[one] for one in column]


def _texts(name: str, column: Sequence[Any]) -> Sequence[Any]:
    for kind in {*map(type, column)}:
        if kind is not str and kind is not type(None):
            raise TypeError(f"{name} is no text")
    return column


def _unchanged(column: Sequence[Any]) -> Sequence[Any]:
    return column


def _moneys(amounts: Sequence[Any], currencies: Sequence[Any]) -> list[Money | None]:
    return [
        None if amount is None else Money(Decimal(amount), currency)
        for amount, currency in zip(amounts, currencies, strict=True)
    ]
