"""The differential test of sales processes: their reductions and decisions on random fact rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

from salescore.book import FACT_TABLES
from salescore.errors import InvalidValue
from salescore.funnel import STANDARD_FUNNELS, Context, Funnel, decision_rule
from salescore.metrics import Reduction
from salescore.pipeline import process_reductions
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import Expression
from salescore.testing._differential import DifferentialEngine, DifferentialReport, Run
from salescore.testing._differential_reductions import DifferentialQuestion
from salescore.testing._differential_rows import DifferentialRows, random_instant
from salescore.values import Calendar

_FIRST = date(2024, 1, 1)
_SPAN = 120
_DAY = date(2024, 3, 31)
_AT = datetime(2024, 3, 31, 9, tzinfo=UTC)
_EVENTS = 3
_FEW = 7
_SUMS = tuple(map(Decimal, ("0", "0.01", "19.99", "-5", "120.5", "123456.78")))
_TABLES = 4


def process_differential(
    engine: DifferentialEngine,
    *,
    tables: int = _TABLES,
    seed: int = 0,
    rows: int = 200,
    funnels: Sequence[Funnel] = (),
) -> DifferentialReport:
    """
    Hold an engine against Python rows on what figures and decisions of sales processes ask.

    Asked are the reductions of `process_reductions` on random rows of their fact tables, and rules
    of `decision_rule` on random opportunities in and out of the stages of funnels.

    Args:
        engine: The engine.
        tables: How many funnels and sets of rows.
        seed: Which random rows.
        rows: Rows of each random table.
        funnels: Funnels, asked in turn; by default the standard ones.

    Returns:
        What was compared, refused and found to differ; nothing is raised for an engine at fault.
    """
    run = Run(engine)
    known = funnels or STANDARD_FUNNELS
    for number in range(tables):
        randomness = Random(f"{seed}/{number}")  # noqa: S311 - chance that can be repeated
        funnel = known[number % len(known)]
        asked = process_reductions(funnel, _DAY)
        names = {one.table for one in asked}
        for schema in (one for one in FACT_TABLES if one.name in names):
            name = schema.name
            table = fact_rows(randomness, schema, rows, funnel)
            run.compare_questions(table, _questions(asked, name))
            if name == "opportunities":
                run.compare_rules(table, decision_rules(randomness, funnel, table.schema))
    return run.report()


def _questions(asked: Iterable[Reduction], table: str) -> list[DifferentialQuestion]:
    """Return the reductions of a fact table, each for all days and those dated for a quarter."""
    calendar = Calendar()
    quarter = calendar.parse("2024-Q1")
    mine = [one for one in asked if one.table == table]
    found = [DifferentialQuestion(reduction=one, calendar=calendar) for one in mine]
    dated = [one for one in mine if one.date is not None]
    return found + [
        DifferentialQuestion(reduction=one, calendar=calendar, during=quarter) for one in dated
    ]


def decision_rules(randomness: Random, funnel: Funnel, schema: FieldTable) -> list[Expression]:
    """Return rules of some events of a funnel; those that take a history are passed by."""
    found: list[Expression] = []
    context = Context(
        at=_AT,
        roles=randomness.choice([(), ("manager",)]),
        reason=randomness.choice([None, "because"]),
    )
    for event in randomness.sample(funnel.events, min(_EVENTS, len(funnel.events))):
        try:
            found.append(decision_rule(funnel, event, context, schema))
        except InvalidValue:
            continue
    return found


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


def _maker(field: Field, funnel: Funnel) -> Callable[[Random], Any]:
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
        case Kind.INSTANT:
            return random_instant
        case Kind.BOOLEAN:
            return _one_of((True, False))
        case _:
            return _one_of(("a", "B", "华东", "it's", " ", *(f"x{n}" for n in range(_FEW))))


def _one_of(choices: Sequence[Any]) -> Callable[[Random], Any]:
    def made(randomness: Random) -> Any:  # noqa: ANN401 - a value of any type
        return randomness.choice(choices)

    return made
