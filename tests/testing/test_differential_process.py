"""What sales processes ask of facts: every engine answers as Python rows do."""

from __future__ import annotations

from random import Random
from typing import Any

import attrs
import duckdb
import pytest
from tests.testing.python_rows import Rows

from salescore.book import FACT_TABLES
from salescore.funnel import STANDARD_FUNNELS
from salescore.metrics import Reduced
from salescore.rules import evaluate
from salescore.testing import (
    DifferentialEngine,
    DifferentialReport,
    FrameEngine,
    SqlEngine,
    process_differential,
)
from salescore.testing._differential_facts import fact_rows
from salescore.testing._differential_process import decision_rules

TABLES, ROWS = 2, 80


def asked(engine: DifferentialEngine) -> DifferentialReport:
    """Return the report on an engine that is asked a little."""
    return process_differential(engine, tables=TABLES, rows=ROWS)


def proved(engine: DifferentialEngine) -> None:
    """See that an engine differs nowhere and refuses nothing."""
    report = asked(engine)
    assert (report.mismatches, report.refused) == (0, ()), str(report)
    assert report.rules >= TABLES
    assert report.reductions > 20 * TABLES


@pytest.mark.engine
@pytest.mark.parametrize("name", ["polars", "polars-lazy", "pyarrow", "pandas", "duckdb"])
def test_dataframes_answer_as_rows_do(name: str) -> None:
    """Cohort tables, times in stages, counts of curves, losses, pushes, decisions."""
    proved(FrameEngine(name))


@pytest.mark.engine
def test_databases_answer_as_rows_do() -> None:
    """The same in SQL of SQLite and of DuckDB."""
    proved(SqlEngine.sqlite())
    with duckdb.connect() as connection:
        proved(SqlEngine.duckdb(connection))


@pytest.mark.slow
@pytest.mark.engine
def test_spark_answers_as_rows_do(spark: Any) -> None:  # noqa: ANN401 - a Spark session
    """The same on Spark, as dataframes and in SQL."""
    proved(FrameEngine("spark", spark))
    proved(SqlEngine.spark(spark))


def test_a_right_engine_has_no_mismatch() -> None:
    """Python rows do not differ from themselves; the same seed asks the same."""
    proved(Rows())
    assert asked(Rows()) == asked(Rows())


class Early(Rows):
    """Says of what comes too early that it is not led on."""

    def value(self, found: Any) -> Any:  # noqa: ANN401 - of any type
        """Return what is answered in the place of a right value."""
        return "not_from_here" if found == "too_early" else found


class Miscounts(Rows):
    """Counts a row too many in the counts of curves."""

    def small_table(self, found: Reduced) -> Reduced:
        """Return what is answered in the place of a right small table."""
        if found.reduction.name != "win_curves":
            return found
        counts = tuple(tuple(n + 1 for n in cells) for cells in found.counts)
        return attrs.evolve(found, counts=counts)


@pytest.mark.parametrize("engine", [Early(), Miscounts()])
def test_a_wrong_engine_is_seen(engine: DifferentialEngine) -> None:
    """A wrong decision and a wrong count are mismatches, shown as small as can be."""
    report = asked(engine)
    assert report.mismatches > 0
    assert report.examples


@pytest.mark.parametrize("funnel", STANDARD_FUNNELS, ids=lambda one: one.name)
def test_random_rows_have_many_answers(funnel: Any) -> None:  # noqa: ANN401 - a funnel
    """Rows stand in every stage and in strange ones, so that decisions differ."""
    schema = next(one for one in FACT_TABLES if one.name == "opportunities")
    chance = Random(1)  # noqa: S311 - chance that can be repeated
    rows = fact_rows(chance, schema, 300, funnel)
    assert {*funnel.by_key, "limbo"} <= set(rows.by_name["stage"])
    said = {
        evaluate(rule, rows.row(number))
        for _ in range(4)
        for rule in decision_rules(chance, funnel, schema)
        for number in range(len(rows))
    }
    assert {"unknown_stage", "kind_differs", "too_early"} < said
