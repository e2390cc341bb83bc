"""The differential test of sales processes: their reductions and decisions on random fact rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from random import Random

from salescore.book import FACT_TABLES
from salescore.errors import InvalidValue
from salescore.funnel import STANDARD_FUNNELS, Context, Funnel, decision_rule
from salescore.pipeline import process_reductions
from salescore.plain import FieldTable
from salescore.rules import Expression
from salescore.testing._differential import DifferentialEngine, DifferentialReport, Run
from salescore.testing._differential_facts import fact_questions, fact_rows
from salescore.values import Calendar

_DAY = date(2024, 3, 31)
_AT = datetime(2024, 3, 31, 9, tzinfo=UTC)
_EVENTS = 3
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
            run.compare_questions(table, fact_questions(asked, name, Calendar(), _DAY))
            if name == "opportunities":
                run.compare_rules(table, decision_rules(randomness, funnel, table.schema))
    return run.report()


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
