"""Rows of a database: records there and back, without loss."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, cached_property, partial
from operator import attrgetter
from typing import Any, assert_never

import attrs

from salescore.errors import StoreFailed
from salescore.plain import CUSTOM, Field, FieldTable, Kind
from salescore.storage._query import Kept, KeptEvent
from salescore.storage._sql_tables import EVENTS, Database
from salescore.values import Money

Row = Sequence[Any]
Encode = Callable[[Any], Any]
Make = Callable[[Row], Any]

_KEPT: dict[type[Any], tuple[tuple[str, Kind | None], ...]] = {
    Kept: (
        ("version", None),
        ("recorded_at", Kind.INSTANT),
        ("effective_on", Kind.DATE),
        ("position", None),
    ),
    KeptEvent: (("position", None), ("recorded_at", Kind.INSTANT)),
}
"""What an answer says of a record before its fields: attributes, in the order of the columns."""


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
    def _makes(self) -> dict[int, Make]:
        return {}

    @cached_property
    def _make_kept(self) -> Make:
        return _compiled(
            self.table, self.database, KeptEvent if self.table.name == EVENTS else Kept
        )

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

    def records(self, store: str, rows: Sequence[Row], start: int = 0) -> list[Any]:
        """
        Return the records of rows, without the checks that each would make of itself.

        What a row holds was checked when it was written, and its types are held against the fields
        here.

        Args:
            store: Name of the store, for error messages.
            rows: Rows with the columns of the fields, in their order.
            start: How many columns stand before them.

        Raises:
            StoreFailed: A row holds what its field does not allow, so others wrote to the table.
        """
        make = self._makes.get(start)
        if make is None:
            make = self._makes[start] = _compiled(self.table, self.database, start)
        return self._made(store, make, rows)

    def kept(self, store: str, rows: Sequence[Row]) -> list[Any]:
        """
        Return what a store answers of rows: `Kept`, or `KeptEvent` of events; see `records`.

        Args:
            store: Name of the store, for error messages.
            rows: Rows that begin with what an answer says of a record, then have its columns.

        Raises:
            StoreFailed: As `records`.
        """
        return self._made(store, self._make_kept, rows)

    def _made(self, store: str, make: Make, rows: Sequence[Row]) -> list[Any]:
        try:
            return list(map(make, rows))
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            fault = f"a row of {self.table.name} is damaged: {error}; take it back from a copy"
            raise StoreFailed(store, fault) from error


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
    return encoder(database)(value)


def instant_of(value: Any) -> datetime:  # noqa: ANN401 - text or an instant
    """Return an instant from what a database gave."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _truth(value: bool, database: Database) -> Any:  # noqa: ANN401, FBT001 - a number or a text
    return int(value) if database is Database.SQLITE else ("false", "true")[value]


_OWN: dict[Database, dict[type[Any], Encode]] = {
    one: {
        bool: partial(_truth, database=one),
        datetime: instant_text,
        date: date.isoformat,
        int: int if one is Database.SQLITE else str,
    }
    for one in Database
}


@cache
def encoder(database: Database) -> Encode:
    """Return the function that `encoded` is for one database."""
    own = _OWN[database]

    def encode(value: Any) -> Any:  # noqa: ANN401 - as above
        known = own.get(value.__class__)
        if known is not None:
            return known(value)
        # A day of another package is a subclass; instants are plain by now.
        return value.isoformat() if isinstance(value, date) else value

    return encode


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


def _compiled(table: FieldTable, database: Database, before: int | type[Any]) -> Make:
    """
    Compile what makes a record out of a row, or what a store answers with.

    Filling slots one by one costs a third of an ordinary construction.
    The source is built from our own field tables alone, never from data.

    Args:
        table: Field table of the record.
        database: What the row came from.
        before: How many columns stand before those of the fields, or the class of the answer that
            they fill.
    """
    own = () if isinstance(before, int) else _KEPT[before]
    record: type[Any] = table.record  # type: ignore[assignment]  # a store keeps records
    names: dict[str, Any] = {
        "new": record.__new__,
        "record": record,
        "Decimal": Decimal,
        "Money": Money,
        "day": date.fromisoformat,
        "instant": datetime.fromisoformat,
        "truths": {0: False, 1: True},
        "text": _text,
    }
    lines = ["def make(row):", "    one = new(record)"]
    custom: list[tuple[str, str]] = []
    place = before if isinstance(before, int) else len(own)
    for field in table.fields:
        name = f"v{place}"
        names[f"choice_{name}"] = _members(field)
        lines.append(f"    {name} = row[{place}]")
        value = f"None if {name} is None else {_expression(field, name, place, database)}"
        place += width(field)
        if field.is_custom:
            lines.append(f"    {name} = {value}")
            custom.append((field.name, name))
            continue
        names[f"set_{name}"] = getattr(record, field.name).__set__
        lines.append(f"    set_{name}(one, {value})")
    if hasattr(record, CUSTOM):
        names["set_custom"] = getattr(record, CUSTOM).__set__
        lines += _custom_lines(sorted(custom))
    if isinstance(before, int):
        lines.append("    return one")
    else:
        lines += _kept_lines(before, names, is_text=database is Database.SQLITE)
    source = "\n".join(lines)
    exec(compile(source, f"<rows of {table.name}>", "exec"), names)  # noqa: S102 - our own text, see docstring
    made: Make = names["make"]
    return made


def _kept_lines(answer: type[Any], names: dict[str, Any], *, is_text: bool) -> list[str]:
    """Return the lines that fill an answer with the columns before the fields, and the record."""
    names |= {"new_kept": answer.__new__, "answer": answer}
    lines = ["    kept = new_kept(answer)"]
    values = {"event" if answer is KeptEvent else "record": "one"}
    for place, (name, kind) in enumerate(_KEPT[answer]):
        value = f"row[{place}]"
        if is_text and kind is Kind.INSTANT:
            value = f"instant({value})"
        elif is_text and kind is Kind.DATE:
            value = f"None if {value} is None else day({value})"
        values[name] = value
    for name, value in values.items():
        names[f"keep_{name}"] = getattr(answer, name).__set__
        lines.append(f"    keep_{name}(kept, {value})")
    return [*lines, "    return kept"]


def _custom_lines(custom: Sequence[tuple[str, str]]) -> list[str]:
    if not custom:
        return ["    set_custom(one, ())"]
    pairs = ", ".join(f"({field!r}, {name})" for field, name in custom)
    return [f"    set_custom(one, tuple([p for p in ({pairs},) if p[1] is not None]))"]


def _expression(field: Field, name: str, place: int, database: Database) -> str:
    """Return the Python of a value that is not null, from what a database gave."""
    is_text = database is Database.SQLITE
    match field.kind:
        case Kind.MONEY:
            return f"Money(Decimal({name}), row[{place + 1}])"
        case Kind.CHOICE if field.choice_type is not None:
            return f"choice_{name}[{name}]"
        case Kind.DECIMAL:
            return f"Decimal({name})" if is_text else name
        case Kind.DATE:
            return f"day({name})" if is_text else name
        case Kind.INSTANT:
            return f"instant({name})" if is_text else name
        case Kind.BOOLEAN:
            return f"truths[{name}]" if is_text else name
        case Kind.ID | Kind.TEXT | Kind.CHOICE:
            return f"{name} if type({name}) is str else text({name})"
        case _:
            assert_never(field.kind)


def _members(field: Field) -> dict[Any, Any]:
    return {} if field.choice_type is None else {one.value: one for one in field.choice_type}


def _text(value: object) -> str:
    raise TypeError(f"{value!r} is no text")
