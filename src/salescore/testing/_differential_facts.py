"""Random rows of fact tables for the differential test, and what is asked of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from salescore.funnel import STANDARD_FUNNELS, Funnel
from salescore.metrics import Reduction
from salescore.plain import Field, FieldTable, Kind
from salescore.testing._differential_reductions import DifferentialQuestion
from salescore.testing._differential_rows import (
    DifferentialRows,
    random_day,
    random_decimal,
    random_text,
)
from salescore.values import Calendar, CalendarUnit

Make = Callable[[Random], Any]

_FIRST = date(2024, 1, 1)
_SPAN = 120
_FEW = 7
_SUMS = tuple(map(Decimal, ("0", "0.01", "19.99", "-5", "120.5", "123456.78")))
_DIGITS = ((4, 2), (15, 2), (18, 6), (30, 8), (33, 2))
"""Digits in all and behind the point; a sum of a thousand of the longest still has 38 or fewer."""
_NULLS = (0.0, 0.1, 0.4, 0.7)
_RUNNING = 0.3
_ENDS = frozenset({"left_on", "ended_as", "ended_on", "until_on", "next_stage", "next_kind"})
"""Columns that tell how a stay in a stage ended; a share of the rows tells nothing of it."""
_STAGES = tuple(stage.key for funnel in STANDARD_FUNNELS for stage in funnel.stages)


def fact_questions(
    asked: Iterable[Reduction], table: str, calendar: Calendar, day: date
) -> list[DifferentialQuestion]:
    """
    Return the reductions of a fact table, each for all days, and those dated for a quarter too.

    Args:
        asked: Reductions of any tables.
        table: The fact table.
        calendar: Lays out the periods.
        day: A day of the quarter.
    """
    quarter = calendar.period(day, CalendarUnit.QUARTER)
    mine = [one for one in asked if one.table == table]
    found = [DifferentialQuestion(reduction=one, calendar=calendar) for one in mine]
    dated = [one for one in mine if one.date is not None]
    return found + [
        DifferentialQuestion(reduction=one, calendar=calendar, during=quarter) for one in dated
    ]


def fact_rows(
    randomness: Random, schema: FieldTable, count: int, funnel: Funnel
) -> DifferentialRows:
    """
    Return random rows of a fact table that has to do with a funnel.

    Args:
        randomness: Where chance comes from.
        schema: The fact table.
        count: Number of rows.
        funnel: Whose stages the rows are in, and some in strange ones.
    """
    columns: list[tuple[Any, ...]] = []
    for place, field in enumerate(schema.fields):
        if place == 0:
            columns.append(tuple(f"R{number:07d}" for number in range(count)))
            continue
        make = _maker(field, funnel)
        nulls = randomness.choice((0.0, 0.1, 0.4)) if field.nullable else 0.0
        columns.append(
            tuple(None if randomness.random() < nulls else make(randomness) for _ in range(count))
        )
    return DifferentialRows(schema=schema, columns=tuple(columns))


def _maker(field: Field, funnel: Funnel) -> Make:
    """Return what makes a value of a field."""
    if field.name in ("stage", "next_stage", "last_open_stage"):
        return _one_of((*funnel.by_key, "limbo", ""))
    if field.name == "funnel":
        return _one_of((funnel.name, funnel.name, "other"))
    if field.name == "currency":
        return _one_of(("USD",))  # sums of several currencies are refused
    if field.choices:
        return _one_of(field.choices)
    match field.kind:
        case Kind.DECIMAL:
            return _one_of(tuple(map(Decimal, range(_FEW))) if field.unit == "days" else _SUMS)
        case Kind.DATE:
            return lambda randomness: date.fromordinal(
                _FIRST.toordinal() + randomness.randrange(_SPAN)
            )
        case Kind.BOOLEAN:
            return _one_of((True, False))
        case _:
            return _one_of(("a", "B", "华东", "it's", " ", *(f"x{n}" for n in range(_FEW))))


def _one_of(choices: Sequence[Any]) -> Make:
    def made(randomness: Random) -> Any:  # noqa: ANN401 - a value of any type
        return randomness.choice(choices)

    return made


def hard_fact_rows(
    randomness: Random, schema: FieldTable, count: int, day: date
) -> DifferentialRows:
    """
    Return random rows of a fact table that leave an engine little room.

    Keys differ by case, accents or spaces alone, or are empty, and ids stand there twice; amounts
    have up to 33 digits; dates lie on the day, just beside it, and centuries away; each column has
    ties, and nulls where it may; some stays in stages have no end.

    Args:
        randomness: Where chance comes from.
        schema: The fact table.
        count: Number of rows.
        day: Last day that reductions see.
    """
    digits = randomness.choice(_DIGITS)
    runs = [randomness.random() < _RUNNING for _ in range(count)]
    columns: list[tuple[Any, ...]] = []
    for field in schema.fields:
        make = _hard_maker(field, digits, day)
        different = randomness.choice((3, 10, max(1, count)))
        pool = [make(randomness) for _ in range(min(different, max(1, count)))]
        nulls = randomness.choice(_NULLS) if field.nullable else 0.0
        is_end = field.name in _ENDS
        columns.append(
            tuple(
                None
                if (is_end and still) or randomness.random() < nulls
                else randomness.choice(pool)
                for still in runs
            )
        )
    return DifferentialRows(schema=schema, columns=tuple(columns))


def _hard_maker(field: Field, digits: tuple[int, int], day: date) -> Make:
    """Return what makes an awkward value of a field."""
    if field.name == "currency":
        return _one_of(("USD",))  # sums of several currencies are refused
    if field.choices:
        return _one_of(field.choices)
    match field.kind:
        case Kind.DECIMAL if field.unit == "days":
            return _one_of((*map(Decimal, range(-1, _FEW)), Decimal(36_500), Decimal(-73_000)))
        case Kind.DECIMAL:
            return lambda randomness: random_decimal(randomness, *digits)
        case Kind.DATE:
            return lambda randomness: _near(randomness, day)
        case Kind.BOOLEAN:
            return _one_of((True, False))
        case _ if field.name in ("stage", "next_stage", "last_open_stage"):
            return _one_of((*_STAGES, "limbo", "", " "))
        case _:
            return random_text


def _near(randomness: Random, day: date) -> date:
    """Return a day: this one, one beside it, one of its quarter, or any."""
    kind = randomness.randrange(4)
    if kind == 0:
        return day + timedelta(days=randomness.choice((-1, 0, 0, 1)))
    if kind == 1:
        return random_day(randomness)
    return day + timedelta(days=randomness.randrange(-90, 30))
