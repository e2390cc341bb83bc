"""Random rows for the differential test: nulls, ties, long decimals, far dates, many scripts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from random import Random
from typing import Any

import attrs

from salescore.plain import Field, FieldTable, Kind

TABLE = "sales_lines"
"""Name of the fact table whose columns the random ones stand for, so that measures accept it."""

_TEXTS = (
    *("", " ", "a", "A", "ab", "West", "west", "West ", "East", "Überseehandel", "uber"),
    *(
        "华东",
        "华",
        "東京",
        "é",
        "e\u0301",
        "ß",
        "ss",
        "Ω",
        "Ω",
        "İ",
        "😀",
        "ﬀ",
        "\U0001d4b3",
        "\ufffd",
    ),
    *("100%", "a_b", "a%b", "back\\slash", "it's", 'say "so"', "line\nbreak", "tab\t", "a,b"),
    *("null", "NULL", "0", "-0", "1e3", "true", "\x1e", "\x7f", "مرحبا", "שלום", "हिन्दी"),
)
_TAGS = ("vip", "VIP", "partner", "华东", "a", "ab", "b", "", " ", "it's", "100%", "😀", "e\u0301")
_CHOICES = ("open", "won", "lost", "on hold")
_DAYS = (
    *(date(1900, 1, 1), date(1900, 2, 28), date(1900, 3, 1), date(1969, 12, 31), date(1970, 1, 1)),
    *(date(2000, 2, 29), date(2016, 12, 31), date(2017, 1, 1), date(2026, 12, 31)),
    *(date(2100, 2, 28), date(2100, 3, 1), date(2199, 12, 31)),
)
_INSTANTS = (
    datetime(1900, 1, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2017, 3, 26, 1, 30, tzinfo=UTC),
    datetime(2199, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
)
_SPAN = (date(2199, 12, 31) - date(1900, 1, 1)).days
_PROFILES = ((3, 0), (6, 2), (9, 2), (8, 4), (12, 6), (18, 0), (15, 3), (20, 18), (30, 8), (38, 12))
"""Digits in all and behind the point of the columns of numbers; one profile a column."""

_COMMON = 6
"""The first profiles, which come more often; the others leave an engine little room."""


@attrs.frozen(kw_only=True, eq=False)
class DifferentialRows:
    """
    Rows that rules and reductions are asked of, by columns.

    Attributes:
        schema: Their field table, named as a fact table; the first field identifies a row.
        columns: A column per field: `Decimal`, `str`, `date`, `datetime` in UTC, `bool`, a
            `frozenset` of texts, or `None` where unknown.
    """

    schema: FieldTable
    columns: tuple[tuple[Any, ...], ...]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.columns[0])

    @cached_property
    def by_name(self) -> dict[str, tuple[Any, ...]]:
        """Return the columns by name."""
        return dict(zip(self.schema.names, self.columns, strict=True))

    def row(self, number: int) -> dict[str, Any]:
        """Return a row by its number, counted from 0."""
        return {name: column[number] for name, column in self.by_name.items()}

    def only(self, number: int) -> DifferentialRows:
        """Return the same table with a single row."""
        return attrs.evolve(self, columns=tuple((column[number],) for column in self.columns))

    def emptied(self, names: Sequence[str]) -> DifferentialRows:
        """Return the same rows with nothing in some columns."""
        columns = tuple(
            (None,) * len(self) if name in names else column
            for name, column in self.by_name.items()
        )
        return attrs.evolve(self, columns=columns)


def random_rows(randomness: Random, count: int) -> DifferentialRows:
    """
    Return random rows; the same randomness gives the same.

    Args:
        randomness: Where chance comes from.
        count: Number of rows.
    """
    numbers = [randomness.choice(_PROFILES[:_COMMON]) for _ in range(3)]
    numbers.append(randomness.choice(_PROFILES))
    makers: list[tuple[Field, Callable[[Random], Any]]] = [
        (_field(f"n_{place}", Kind.DECIMAL), _number(*profile))
        for place, profile in enumerate(numbers)
    ]
    makers += [
        (_field("t_first", Kind.TEXT), _text),
        (_field("t_second", Kind.TEXT), _text),
        (_field("t_choice", Kind.CHOICE, choices=_CHOICES), _choice),
        (_field("d_first", Kind.DATE), random_day),
        (_field("d_second", Kind.DATE), random_day),
        (_field("i_first", Kind.INSTANT), random_instant),
        (_field("i_second", Kind.INSTANT), random_instant),
        (_field("b_first", Kind.BOOLEAN), _coin),
        (_field("b_second", Kind.BOOLEAN), _coin),
        (_field("tags", Kind.TEXT, is_set=True), _tags),
    ]
    key = Field(name="id", kind=Kind.ID, nullable=False, labels=("Id", "编号"))
    columns = [tuple(f"R{number:07d}" for number in range(count))]
    columns += [_column(randomness, make, count) for _, make in makers]
    schema = FieldTable(name=TABLE, fields=(key, *(field for field, _ in makers)))
    return DifferentialRows(schema=schema, columns=tuple(columns))


def random_day(randomness: Random) -> date:
    """Return a day of the years 1900 to 2199, awkward and recent ones often."""
    kind = randomness.randrange(4)
    if kind == 0:
        return randomness.choice(_DAYS)
    if kind == 1:
        return date(1900, 1, 1) + timedelta(days=randomness.randrange(_SPAN + 1))
    return date(2017, 1, 1) + timedelta(days=randomness.randrange(60))


def random_instant(randomness: Random) -> datetime:
    """Return an instant of the years 1900 to 2199, down to the microsecond."""
    if randomness.random() < 0.3:  # noqa: PLR2004 - a share
        return randomness.choice(_INSTANTS)
    day = random_day(randomness)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    exact = randomness.randrange(1_000_000) if randomness.random() < 0.5 else 0  # noqa: PLR2004 - a coin
    return midnight + timedelta(seconds=randomness.randrange(86_400), microseconds=exact)


def random_decimal(randomness: Random, digits: int, behind: int) -> Decimal:
    """Return a number of at most so many digits, with at most so many behind the point."""
    size = randomness.randint(0, digits)
    number = randomness.randrange(10**size)
    sign = randomness.choice((1, -1))
    places = randomness.randint(0, behind) if randomness.random() < 0.3 else behind  # noqa: PLR2004 - a share
    # Written out, so that no context rounds the longest ones; there is no negative zero.
    found = Decimal(f"{sign * number}E-{places}")
    return found if len(found.as_tuple().digits) - places <= digits - behind else Decimal(sign)


def random_text(randomness: Random) -> str:
    """Return a text of any script, awkward ones often."""
    return _text(randomness)


def _choice(randomness: Random) -> str:
    return randomness.choice(_CHOICES)


def _coin(randomness: Random) -> bool:
    return randomness.random() < 0.5  # noqa: PLR2004 - a coin


def _number(digits: int, behind: int) -> Callable[[Random], Decimal]:
    def made(randomness: Random) -> Decimal:
        if randomness.random() < 0.1:  # noqa: PLR2004 - a share
            return Decimal(randomness.choice((0, 1, -1)))
        return random_decimal(randomness, digits, behind)

    return made


def _text(randomness: Random) -> str:
    if randomness.random() < 0.8:  # noqa: PLR2004 - a share
        return randomness.choice(_TEXTS)
    return randomness.choice(_TEXTS) + randomness.choice(_TEXTS)


def _tags(randomness: Random) -> frozenset[str]:
    return frozenset(randomness.sample(_TAGS, randomness.randint(0, 3)))


def _column(randomness: Random, make: Callable[[Random], Any], count: int) -> tuple[Any, ...]:
    """Return a column with nulls, of few different values or many."""
    different = randomness.choice((2, 5, 20, max(1, count)))
    pool = [make(randomness) for _ in range(min(different, max(1, count)))]
    nulls = randomness.choice((0.0, 0.1, 0.1, 0.4))
    return tuple(
        None if randomness.random() < nulls else randomness.choice(pool) for _ in range(count)
    )


def _field(name: str, kind: Kind, *, choices: tuple[str, ...] = (), is_set: bool = False) -> Field:
    labels = (name, name)
    return Field(name=name, kind=kind, nullable=True, labels=labels, choices=choices, is_set=is_set)
