"""Snapshots, histories, baskets and series out of an engine's small tables: those of a book."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import attrs
import duckdb
import psycopg
import pytest
from tests.metrics.small_books import RATES, crowded_book

from salescore.book import Facts
from salescore.errors import InvalidValue, UnknownName
from salescore.forecast import (
    age_chances,
    amounts_won_before,
    calendar_effect,
    new_business,
    pipeline_snapshot,
    series_by,
    series_reductions,
    slip_history,
    stated_chances,
    timed_chain,
    won_so_far,
)
from salescore.metrics import AnyFacts, FactsSource, Reduced, Reduction
from salescore.purchases import baskets_of, purchase_histories_of
from salescore.testing import (
    DifferentialEngine,
    DifferentialQuestion,
    DifferentialRows,
    FrameEngine,
    SqlEngine,
)
from salescore.values import Calendar, CalendarUnit, Period

DAY = date(2024, 9, 30)


@attrs.frozen
class Reducing(FactsSource):
    """The facts of a book whose small tables an engine makes."""

    engine: DifferentialEngine
    heard: list[Reduction]

    def at(self, day: date, /) -> Reducing:
        """Return the facts as of a day."""
        return attrs.evolve(self, facts=self.facts.at(day))

    def reduce(
        self, reductions: Sequence[Reduction], during: Period | None, /
    ) -> tuple[Reduced, ...]:
        """Ask the engine."""
        self.heard.extend(reductions)
        return tuple(self._asked(one, during) for one in reductions)

    def _asked(self, reduction: Reduction, during: Period | None) -> Reduced:
        table = self.facts.table(reduction.table)
        columns = tuple(tuple(table.column(name)) for name in table.schema.names)
        rows = DifferentialRows(schema=table.schema, columns=columns)
        question = DifferentialQuestion(reduction=reduction, calendar=self.calendar, during=during)
        (found,) = self.engine.reduce(rows, [question])
        assert isinstance(found, Reduced), found
        return found


def of_snapshot(method: Callable[..., object], by: str | None = None) -> Callable[..., object]:
    """Return a method asked of the snapshot of the day."""
    return lambda facts: method(pipeline_snapshot(facts, as_of=DAY, by=by), facts)


def series_of(
    figure: str, by: str, unit: CalendarUnit = CalendarUnit.MONTH
) -> Callable[[AnyFacts], object]:
    """Return the series of a figure, asked of facts."""
    return lambda facts: series_by(figure, facts, by=by, as_of=DAY, unit=unit)


ASKED: dict[str, Callable[[AnyFacts], object]] = {
    "snapshot": lambda facts: pipeline_snapshot(facts, as_of=DAY),
    "snapshot by source": lambda facts: pipeline_snapshot(
        facts, as_of=DAY, since="first_contact", by=("source", "region"), with_hold=True
    ),
    "chances stated": lambda facts: stated_chances(pipeline_snapshot(facts, as_of=DAY)),
    "chances by age": of_snapshot(age_chances),
    "amounts by product": of_snapshot(amounts_won_before, "product"),
    "calendar": lambda facts: calendar_effect(facts, as_of=DAY),
    "slips": lambda facts: slip_history(facts, as_of=DAY),
    "chain": lambda facts: timed_chain(facts, as_of=DAY),
    "new business": lambda facts: new_business(
        facts, as_of=DAY, during=Calendar().parse("2024-Q4"), fewest=1
    ),
    "won so far": lambda facts: won_so_far(facts, as_of=DAY, during=Calendar().parse("2024")),
    "histories": lambda facts: purchase_histories_of(facts, DAY),
    "histories without values": lambda facts: purchase_histories_of(facts, DAY, with_values=False),
    "baskets": lambda facts: baskets_of(facts, DAY),
    "baskets of families": lambda facts: baskets_of(facts, DAY, "product_family"),
    "series of revenue": series_of("revenue", "product"),
    "series of a ratio": series_of("average_order_value", "region", CalendarUnit.QUARTER),
    "series of a median": series_of("median_won_amount", "rep", CalendarUnit.WEEK),
}


def proved(engine: DifferentialEngine) -> None:
    """See that whatever is asked of an engine's tables is what a book says."""
    facts = Facts.of(crowded_book(7, 60), rates=RATES, as_of=DAY)
    for name, ask in ASKED.items():
        source = Reducing(facts, engine, [])
        expected = ask(facts)
        assert ask(source) == expected, name
        assert source.heard, name


@pytest.mark.engine
@pytest.mark.parametrize("name", ["polars", "duckdb"])
def test_dataframes_serve_forecasts(name: str) -> None:
    """Snapshots, methods, histories, baskets and series out of dataframes are those of a book."""
    proved(FrameEngine(name))


@pytest.mark.engine
def test_databases_serve_forecasts() -> None:
    """The same out of SQLite and DuckDB, which no source of figures reads by itself."""
    proved(SqlEngine.sqlite())
    with duckdb.connect() as connection:
        proved(SqlEngine.duckdb(connection))


@pytest.mark.slow
@pytest.mark.engine
def test_postgres_serves_forecasts(postgres_url: str) -> None:
    """The same out of Postgres."""
    dsn = postgres_url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(dsn, autocommit=True) as connection:
        proved(SqlEngine.postgres(connection))


@pytest.mark.slow
@pytest.mark.engine
def test_spark_serves_forecasts(spark: Any) -> None:  # noqa: ANN401 - a Spark session
    """The same out of Spark."""
    proved(FrameEngine("spark", spark))


class OneShort:
    """An engine that forgets the last group."""

    name = "one short"

    def __init__(self) -> None:
        self.right = SqlEngine.sqlite()

    def evaluate(self, rows: Any, rules: Any, /) -> Any:  # noqa: ANN401 - not asked
        """Answer rules."""
        return self.right.evaluate(rows, rules)

    def reduce(
        self, rows: DifferentialRows, questions: Sequence[DifferentialQuestion], /
    ) -> Sequence[Any]:
        """Answer without the last group that has rows."""
        return [_shortened(one) for one in self.right.reduce(rows, questions)]


def _shortened(found: Any) -> Any:  # noqa: ANN401 - a small table
    full = [place for place in range(len(found.keys)) if any(one[place] for one in found.counts)]
    lost = full[-1] if full else 0

    def less(cells: tuple[Any, ...]) -> tuple[Any, ...]:
        return (*cells[:lost], *cells[lost + 1 :])

    return attrs.evolve(
        found,
        keys=less(found.keys),
        values=tuple(map(less, found.values)),
        counts=tuple(map(less, found.counts)),
        missing=tuple(map(less, found.missing)),
    )


@pytest.mark.parametrize("name", ["snapshot", "histories", "baskets", "series of revenue"])
def test_a_group_that_an_engine_forgets_is_seen(name: str) -> None:
    """The results rest on the engine's tables: one group less is another result."""
    facts = Facts.of(crowded_book(7, 60), rates=RATES, as_of=DAY)
    assert ASKED[name](Reducing(facts, OneShort(), [])) != ASKED[name](facts)


@pytest.mark.parametrize("figure", ["revenue", "sales_profit", "average_order_value", "win_rate"])
@pytest.mark.parametrize("by", ["rep", "region"])
def test_series_read_declared_reductions_alone(figure: str, by: str) -> None:
    """What `series_by` asks is what `series_reductions` declares, and nothing beside it."""
    facts = Facts.of(crowded_book(7, 60), rates=RATES, as_of=DAY)
    heard: list[Reduction] = []
    unit = CalendarUnit.QUARTER
    series_by(figure, Reducing(facts, SqlEngine.sqlite(), heard), by=by, as_of=DAY, unit=unit)
    assert set(heard) == set(series_reductions(figure, by=by, unit=unit))


def test_series_that_there_are_not_have_no_reductions() -> None:
    """A figure of a moment, units of a day, no such dimension, and one that the figure lacks."""
    with pytest.raises(InvalidValue, match="moment"):
        series_reductions("open_pipeline", by="region")
    with pytest.raises(InvalidValue, match="WEEK"):
        series_reductions("revenue", by="region", unit=CalendarUnit.DAY)
    with pytest.raises(UnknownName, match="nothing"):
        series_reductions("revenue", by="nothing")
    with pytest.raises(UnknownName, match="dimension of new_customers"):
        series_reductions("new_customers", by="product")
