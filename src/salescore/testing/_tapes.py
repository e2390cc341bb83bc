"""
Tapes: records read off bytes, two of them for each field.

A book has hundreds of fields, and a draw of Hypothesis for each would cost more than the test that
looks at them. So a record is one draw of bytes, and a field is a number up to 65,535 read off it:
the lowest numbers are null, the next ones the plainest values, and so shrinking the bytes shrinks
the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any, Final, assert_never

from salescore.plain import Field, FieldTable, Kind
from salescore.testing._hypothesis import st

Raw = dict[str, Any]
"""A record before it is one: references as places or ids, money as its amount alone."""

Draft = dict[str, list[Raw]]
"""The records of a book before they are some, by record type."""

CURRENCY: Final = "currency"
"""Key of a raw record under which the place of its currency stands, then the currency."""

FIRST_DAY: Final = date(2016, 1, 1)
LAST_DAY: Final = date(2018, 12, 31)
ODD_DAYS: Final = (date(1899, 12, 30), date(9999, 12, 31))
"""What systems write for "no date"; books without fault have none."""

PLACES: Final = 6
"""Of so many places one is drawn for a reference, counted round and round."""

_STARTS = (date(2016, 1, 1), date(2017, 1, 1), date(2018, 1, 1), date(2016, 2, 29))
"""When prices and rates begin to hold: on few days, so that they meet."""

_BYTES = 2
_NULLS: Final = 24_000
"""Of all numbers so many, a good third, are null."""

_NULL_INSTANTS: Final = 48_000
"""Instants are null more often: a recorded_at hides a record from all that looks earlier."""

_TWINS: Final = 6
"""Of so many records one is nearly the one before."""

_DAYS = (LAST_DAY - FIRST_DAY).days + 1
_SECONDS = 86_400
_STRIDE: Final = 25_469
"""A prime by which neighbouring numbers are thrown far apart."""

_SHARES = tuple(map(Decimal, ("0", "1", "0.5", "0.25", "0.99", "0.3333", "0.10")))
_NUMBERS = tuple(map(Decimal, ("1", "2", "0", "12", "-1", "0.5", "-2.50", "3.000000000000000001")))
_POSITIVE = tuple(map(Decimal, ("1", "2", "30", "0.5", "7.25", "1.1", "0.000000000000000003")))
_UNSIGNED = (*_POSITIVE, Decimal(0))
_AMOUNTS = tuple(
    map(Decimal, ("0", "1", "100", "-100", "0.01", "99.99", "1000.00", "33333333333333.333333"))
)

_TEXTS = ("West", "East", "华东")
_TEXTS_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "base": ("USD", "EUR", "West"),
        "calendar": ("gregorian-04", "lunar", "nrf"),
        "channel": ("web", "shop", "微信"),
        "figure": ("revenue", "volume", "win_rate", "gross_profit", "new_customers", "revenu"),
        "funnel": ("new business", "续签"),
        "period": ("2017", "2017-Q4", "2017-02", "2017-W50", "第四季度"),
        "product_family": ("Tools", "工具"),
        "quote": ("EUR", "JPY", "USD"),
        "source": ("fair", "web", "推荐"),
        "stage": ("New", "Talks", "End"),
    }
)
"""Texts of fields in which only some texts mean something; all others share one pool."""

_FOREIGN = ("A-1", "0042", "甲-3")
"""Ids of what other systems keep."""

_TYPES = ("customers", "orders", "opportunities", "parties")
"""Texts of fields that name the record type to which another field refers."""


def tapes(tables: Iterable[FieldTable]) -> st.SearchStrategy[bytes]:
    """
    Return what records of any of the tables are read off.

    All tapes are of one length, so that Hypothesis may put one in the place of another.
    """
    size = _BYTES * (max(len(table.fields) for table in tables) + 1)
    return st.binary(min_size=size, max_size=size)


def raw_records(table: FieldTable, tapes_of: Iterable[bytes]) -> list[Raw]:
    """
    Return the records on some tapes, of which some repeat the one before but for its numbers.

    Rows that say nearly the same are what real data have, and what validities and rates trip over.
    References are places, money is an amount, and a currency is a place, too.
    """
    found: list[Raw] = []
    for tape in tapes_of:
        raw = _raw_record(table, tape)
        if found and tape[0] % _TWINS == _TWINS - 1:
            raw.update((name, found[-1][name]) for name in _repeated(table))
        found.append(raw)
    return found


@cache
def _repeated(table: FieldTable) -> tuple[str, ...]:
    numbers = (Kind.DECIMAL, Kind.MONEY)
    return tuple(one.name for one in table.fields if one.kind not in numbers and one.name != "id")


def _raw_record(table: FieldTable, tape: bytes) -> Raw:
    raw: Raw = {CURRENCY: tape[1]}
    for place, (name, nulls, read) in enumerate(_readers(table), 1):
        number = tape[_BYTES * place] << 8 | tape[_BYTES * place + 1]
        raw[name] = read(number - nulls) if number >= nulls else None
    return raw


@cache
def _readers(table: FieldTable) -> tuple[tuple[str, int, Callable[[int], Any]], ...]:
    """Return for each field how many numbers are null and what the others stand for."""
    types = {field.refers_by for field in table.fields}
    return tuple(
        (field.name, _nulls(field), _one_of(_TYPES) if field.name in types else _reader(field))
        for field in table.fields
    )


def _nulls(field: Field) -> int:
    if not field.nullable:
        return 0
    return _NULL_INSTANTS if field.kind is Kind.INSTANT else _NULLS


def _reader(field: Field) -> Callable[[int], Any]:
    match field.kind:
        case Kind.ID | Kind.TEXT:
            return _text_reader(field)
        case Kind.DECIMAL:
            return _decimal_reader(field)
        case Kind.MONEY:
            return _amount
        case Kind.DATE:
            return _one_of(_STARTS) if field.name == "valid_from" else _day
        case Kind.INSTANT:
            return _instant
        case Kind.BOOLEAN:
            return _one_of((False, True))
        case Kind.CHOICE:
            return _one_of(tuple(field.choice_type or field.choices))
        case _:
            assert_never(field.kind)


def _text_reader(field: Field) -> Callable[[int], Any]:
    if field.refers_by is not None:
        return _place
    if field.kind is Kind.TEXT:
        return _one_of(_TEXTS_OF.get(field.name, _TEXTS))
    return _one_of(_FOREIGN) if field.is_custom and field.refers is None else _place


def _decimal_reader(field: Field) -> Callable[[int], Decimal]:
    if field.maximum is not None:
        return _share
    if field.minimum is None:
        return _number
    return _positive if field.is_above_minimum else _unsigned


def _one_of(pool: tuple[Any, ...]) -> Callable[[int], Any]:
    size = len(pool)
    return lambda number: pool[number % size]


def _place(number: int) -> int:
    return number % PLACES


def _either(pool: tuple[Decimal, ...], number: int, modulus: int) -> Decimal | int:
    """Return one of the pool for every fourth number, else any number below the modulus."""
    if number % 4 == 0:
        return pool[number // 4 % len(pool)]
    return number * _STRIDE % modulus


def _scaled(pool: tuple[Decimal, ...], number: int, modulus: int, less: int = 0) -> Decimal:
    found = _either(pool, number, modulus)
    return found if isinstance(found, Decimal) else Decimal(found - less).scaleb(-4)


def _share(number: int) -> Decimal:
    return _scaled(_SHARES, number, 10_001)


def _number(number: int) -> Decimal:
    return _scaled(_NUMBERS, number, 550_000, 50_000)


def _unsigned(number: int) -> Decimal:
    return _scaled(_UNSIGNED, number, 490_000)


def _positive(number: int) -> Decimal:
    return _scaled(_POSITIVE, number, 490_000, -1)


def _amount(number: int) -> Decimal:
    return _scaled(_AMOUNTS, number, 1_001_000_000, 1_000_000)


def _day(number: int) -> date:
    if number % 64 == 63:  # noqa: PLR2004 - the last of 64
        return ODD_DAYS[number // 64 % len(ODD_DAYS)]
    return FIRST_DAY + timedelta(days=number % _DAYS)


def _instant(number: int) -> datetime:
    day = FIRST_DAY + timedelta(days=number % _DAYS)
    return instant_of(day, number)


def instant_of(day: date, number: int) -> datetime:
    """Return an instant on a day in UTC; any number chooses the time of day."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return midnight + timedelta(seconds=number * _STRIDE % _SECONDS)
