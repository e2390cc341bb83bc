"""What forecasts ask of facts: every engine answers as Python rows do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any
from unicodedata import normalize

import attrs
import duckdb
import psycopg
import pytest
from tests.testing.python_rows import Rows

from salescore.book import FACT_TABLES
from salescore.errors import EngineRefused
from salescore.metrics import Reduced, Reduction
from salescore.plain import Kind
from salescore.testing import (
    DifferentialEngine,
    DifferentialQuestion,
    DifferentialReport,
    DifferentialRows,
    FrameEngine,
    SqlEngine,
    forecast_differential,
)
from salescore.testing._differential_facts import hard_fact_rows
from salescore.testing._differential_forecast import _DAYS, forecast_reductions
from salescore.testing._differential_reductions import answer

DAY = _DAYS[0]
DAYS_AND_CALENDARS = len(_DAYS)
MANY = 250
NAMES = tuple(dict.fromkeys(one.name for one in forecast_reductions(DAY)))


def asked(engine: DifferentialEngine, rows: int = 60) -> DifferentialReport:
    """Return the report on an engine that is asked of each day and calendar."""
    return forecast_differential(engine, tables=DAYS_AND_CALENDARS, rows=rows)


def proved(engine: DifferentialEngine, tables: int = DAYS_AND_CALENDARS) -> None:
    """See that an engine differs nowhere and refuses nothing."""
    report = forecast_differential(engine, tables=tables, rows=60)
    assert (report.mismatches, report.refused) == (0, ()), str(report)
    assert report.reductions > 20 * tables
    assert report.cells > 1_000 * tables


@pytest.mark.slow
@pytest.mark.engine
@pytest.mark.parametrize("name", ["polars", "polars-lazy", "pyarrow", "pandas", "duckdb"])
def test_dataframes_answer_as_rows_do(name: str) -> None:
    """Snapshots, histories, baskets and series reduce alike on awkward rows; none is refused."""
    proved(FrameEngine(name))


@pytest.mark.engine
def test_sqlite_answers_as_rows_do() -> None:
    """The same in SQL of SQLite."""
    proved(SqlEngine.sqlite())


@pytest.mark.slow
@pytest.mark.engine
def test_duckdb_answers_as_rows_do() -> None:
    """The same in SQL of DuckDB."""
    with duckdb.connect() as connection:
        proved(SqlEngine.duckdb(connection))


@pytest.mark.slow
@pytest.mark.engine
def test_postgres_answers_as_rows_do(postgres_url: str) -> None:
    """The same in SQL of Postgres."""
    dsn = postgres_url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(dsn, autocommit=True) as connection:
        proved(SqlEngine.postgres(connection))


@pytest.mark.slow
@pytest.mark.engine
def test_spark_answers_as_rows_do(spark: Any) -> None:  # noqa: ANN401 - a Spark session
    """The same on Spark, as dataframes and in SQL."""
    proved(FrameEngine("spark", spark), 1)
    proved(SqlEngine.spark(spark), 1)


# The harness itself, on Python in the place of an engine ------------------------------------------


def test_a_right_engine_has_no_mismatch() -> None:
    """Python rows do not differ from themselves; the same seed asks the same, another does not."""
    proved(Rows())
    assert asked(Rows()) == asked(Rows())
    other = forecast_differential(Rows(), tables=1, rows=60, seed=1)
    assert other != forecast_differential(Rows(), tables=1, rows=60)


@attrs.frozen
class Miscounts(Rows):
    """Counts a row too many in one kind of reduction."""

    kind: str

    def small_table(self, found: Reduced) -> Reduced:
        """Return a table with larger counts, where it is of the kind."""
        if found.reduction.name != self.kind:
            return found
        counts = tuple(tuple(n + 1 for n in cells) for cells in found.counts)
        return attrs.evolve(found, counts=counts)


@pytest.mark.parametrize("kind", NAMES)
def test_a_miscount_is_seen_in_each_kind(kind: str) -> None:
    """Whatever reduction counts a row too many is a mismatch, with an example."""
    report = asked(Miscounts(kind))
    assert report.mismatches > 0
    assert report.examples


class Hears(Rows):
    """Notes how many rows entered which measure."""

    def __init__(self) -> None:
        self.entered: Counter[tuple[str, str]] = Counter()

    def small_table(self, found: Reduced) -> Reduced:
        """Note the rows that entered each measure."""
        for measure, counts in zip(found.reduction.measures, found.counts, strict=True):
            self.entered[found.reduction.name, measure.name] += sum(counts)
        return found


def test_every_measure_has_rows() -> None:
    """Of each declared measure many random rows enter, so that none is compared on nothing."""
    engine = Hears()
    asked(engine, MANY)
    measures = {
        (one.name, measure.name) for one in forecast_reductions(DAY) for measure in one.measures
    }
    assert set(engine.entered) == measures
    assert min(engine.entered.values()) > DAYS_AND_CALENDARS, engine.entered.most_common()[-3:]


@attrs.frozen
class Late(Rows):
    """Sees one kind of reduction as of the day before."""

    kind: str
    before: Mapping[Reduction, Reduction]

    def reduce(
        self, rows: DifferentialRows, questions: Sequence[DifferentialQuestion], /
    ) -> Sequence[Reduced | EngineRefused]:
        """Answer as of the day before, where it is of the kind."""
        found = []
        for one in questions:
            less = one
            if one.reduction.name == self.kind:
                less = attrs.evolve(one, reduction=self.before[one.reduction])
            found.append(attrs.evolve(answer(rows, less), reduction=one.reduction))
        return found


AS_OF = tuple(
    dict.fromkeys(
        one.name
        for one, other in zip(
            forecast_reductions(DAY), forecast_reductions(DAY - timedelta(days=1)), strict=True
        )
        if one != other
    )
)
"""Reductions that end on a day."""


@pytest.mark.parametrize("kind", AS_OF)
def test_a_wrong_last_day_is_seen(kind: str) -> None:
    """Rows lie on the very day, so that an engine that takes it for the day after is seen."""
    both = (
        zip(forecast_reductions(day), forecast_reductions(day - timedelta(days=1)), strict=True)
        for day in _DAYS
    )
    before = {one: other for pairs in both for one, other in pairs}
    assert asked(Late(kind, before), MANY).mismatches > 0


def test_what_ends_on_a_day_is_known() -> None:
    """Summaries of purchases, baskets and running stays end on a day."""
    assert set(AS_OF) == {
        *("purchase_history", "purchase_days", "baskets"),
        *("running_stays", "stage_days"),
    }


@attrs.frozen
class Misreads(Rows):
    """Reads values of a kind otherwise than they stand there."""

    kinds: tuple[Kind, ...]
    read: Callable[[Any], Any]

    def reduce(
        self, rows: DifferentialRows, questions: Sequence[DifferentialQuestion], /
    ) -> Sequence[Reduced | EngineRefused]:
        """Answer for rows that are read wrong."""
        columns = [
            tuple(map(self.read, column)) if field.kind in self.kinds else column
            for field, column in zip(rows.schema.fields, rows.columns, strict=True)
        ]
        wrong = attrs.evolve(rows, columns=tuple(columns))
        return [answer(wrong, one) for one in questions]


TEXTS = (Kind.ID, Kind.TEXT)


def each_known(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return what changes every value that is known."""
    return lambda value: None if value is None else change(value)


MISREADINGS = {
    "an empty text is null": Misreads(TEXTS, lambda one: one or None),
    "null is an empty text": Misreads(TEXTS, lambda one: one or ""),
    "case is ignored": Misreads(TEXTS, each_known(str.casefold)),
    "spaces at the end are ignored": Misreads(TEXTS, each_known(str.rstrip)),
    "accents are composed": Misreads(TEXTS, each_known(lambda one: normalize("NFC", one))),
    "numbers are floats": Misreads(
        (Kind.DECIMAL,), each_known(lambda one: Decimal(str(float(one))))
    ),
    "null is nought": Misreads((Kind.DECIMAL,), lambda one: one or Decimal(0)),
    "dates before 1970 are unknown": Misreads(
        (Kind.DATE,), lambda one: one if one is not None and one.year >= 1970 else None
    ),
}


@pytest.mark.parametrize("engine", MISREADINGS.values(), ids=MISREADINGS)
def test_a_misread_value_is_seen(engine: DifferentialEngine) -> None:
    """Random rows hold what engines are known to take for something else."""
    assert asked(engine, MANY).mismatches > 0


class Distinct(Rows):
    """Takes rows with the same id for one."""

    def reduce(
        self, rows: DifferentialRows, questions: Sequence[DifferentialQuestion], /
    ) -> Sequence[Reduced | EngineRefused]:
        """Answer for the first row of each id."""
        first = {key: place for place, key in reversed(list(enumerate(rows.columns[0])))}
        kept = sorted(first.values())
        columns = tuple(tuple(column[place] for place in kept) for column in rows.columns)
        return [answer(attrs.evolve(rows, columns=columns), one) for one in questions]


def test_an_id_that_stands_there_twice_is_two_rows() -> None:
    """An engine that keeps one row an id is seen."""
    assert asked(Distinct()).mismatches > 0


@pytest.mark.parametrize("name", ["opportunities", "stage_visits", "sales_lines"])
def test_awkward_rows_are_awkward(name: str) -> None:
    """Ids stand there twice, columns have ties and nulls, and days lie on both sides of the day."""
    schema = next(one for one in FACT_TABLES if one.name == name)
    many = [hard_fact_rows(Random(seed), schema, 100, DAY) for seed in range(15)]  # noqa: S311 - chance that can be repeated
    for place, field in enumerate(schema.fields):
        columns = [rows.columns[place] for rows in many]
        assert all(max(Counter(one).values()) > 1 for one in columns), field.name
        assert any(None in one for one in columns) is field.nullable, field.name
        if field.kind is Kind.DATE:
            days = {day for one in columns for day in one} - {None}
            assert DAY in days, field.name
            assert min(days) < DAY < max(days), field.name
