"""What forecasts of the pipeline read is declared in one place, and alike on every engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import pytest
from tests.forecast.open_deals import facts as facts_of_deals
from tests.forecast.open_deals import record
from tests.frames.sql_cases import database
from tests.metrics.small_books import RATES, crowded_book
from tests.pipeline.passing import book_of, on, sale

from salescore.book import Facts
from salescore.forecast import (
    ChanceSource,
    age_chances,
    amounts_won_before,
    calendar_effect,
    new_business,
    overall_chances,
    pipeline_forecast_reductions,
    pipeline_snapshot,
    slip_history,
    timed_chain,
    won_so_far,
)
from salescore.frames import Dialect, Digits, FrameFacts, fact_frames, run_reduction
from salescore.funnel import standard_funnel
from salescore.metrics import AnyFacts, FactsSource, Reduced, Reduction
from salescore.pipeline import process_reductions
from salescore.plain import Kind
from salescore.values import Calendar, Period

DAY = date(2024, 9, 30)
QUARTER = Calendar().parse("2024-Q4")


class Listening(FactsSource):
    """The facts of a book that note what they are asked."""

    heard: list[Reduction]

    @classmethod
    def to(cls, facts: Facts, heard: list[Reduction]) -> Listening:
        """Return facts that note in a list."""
        found = cls(facts)
        object.__setattr__(found, "heard", heard)
        return found

    def at(self, day: date, /) -> Listening:
        """Return the facts as of a day, which note in the same place."""
        return Listening.to(self.facts.at(day), self.heard)

    def reduce(
        self, reductions: Sequence[Reduction], during: Period | None, /
    ) -> tuple[Reduced, ...]:
        """Note what is asked, and answer it."""
        self.heard.extend(reductions)
        return super().reduce(reductions, during)


def snapshot_and(method: Callable[..., object], by: str | None = None) -> Callable[..., object]:
    """Return a method asked of the snapshot of the day."""
    return lambda facts: method(pipeline_snapshot(facts, as_of=DAY, by=by), facts)


ASKED: Mapping[str, Callable[[AnyFacts], object]] = {
    "snapshot": lambda facts: pipeline_snapshot(facts, as_of=DAY),
    "since contact": lambda facts: pipeline_snapshot(
        facts, as_of=DAY, since="first_contact", by=("source", "region")
    ),
    "ages": snapshot_and(age_chances),
    "amounts": snapshot_and(amounts_won_before),
    "amounts by product": snapshot_and(amounts_won_before, "product"),
    "calendar": lambda facts: calendar_effect(facts, as_of=DAY),
    "slips": lambda facts: slip_history(facts, as_of=DAY),
    "chain": lambda facts: timed_chain(facts, as_of=DAY),
    "new": lambda facts: new_business(facts, as_of=DAY, during=QUARTER, fewest=1),
    "so far": lambda facts: won_so_far(facts, as_of=DAY, during=Calendar().parse("2024")),
}


def shape(one: Reduction) -> tuple[object, ...]:
    """Return what a reduction asks, whatever it groups by."""
    measures = tuple((each.name, each.aggregate, each.of, each.where) for each in one.measures)
    return one.name, one.table, measures


@pytest.mark.parametrize("name", ASKED)
def test_forecasts_read_declared_reductions_alone(name: str) -> None:
    """Whatever a method asks of the facts is declared here, or among those of the pipeline."""
    heard: list[Reduction] = []
    ASKED[name](Listening.to(Facts.of(crowded_book(5, 40), rates=RATES, as_of=DAY), heard))
    declared = (
        *pipeline_forecast_reductions(DAY),
        *process_reductions(standard_funnel("deal"), DAY),
    )
    assert heard
    assert {shape(one) for one in heard} <= {shape(one) for one in declared}


ENGINES = ["polars", "duckdb", pytest.param("spark", marks=pytest.mark.slow)]


def frames_of(facts: Facts, engine: str, request: pytest.FixtureRequest) -> FrameFacts:
    """Return the facts that forecasts of a pipeline ask, as dataframes of an engine."""
    tables = ["opportunities", "stage_visits"]
    session = request.getfixturevalue("spark") if engine == "spark" else None
    native = fact_frames(facts, engine, tables=tables, session=session)
    return FrameFacts.of(native, currency=facts.currency, as_of=facts.as_of)


@pytest.mark.engine
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_engines_say_what_rows_say(engine: str, request: pytest.FixtureRequest) -> None:
    """Over dataframes snapshots and methods are equal to those of a book."""
    facts = Facts.of(crowded_book(7, 60), rates=RATES, as_of=DAY)
    framed = frames_of(facts, engine, request)
    for name, ask in ASKED.items():
        assert ask(framed) == ask(facts), name
    assert overall_chances(pipeline_snapshot(framed, as_of=DAY), framed).rows


def judged_by_hand() -> Facts:
    """Return open sales with every pairing of a category, or none, and a chance set by hand."""
    told = [
        (category, is_pinned)
        for category in (None, "commit", "Best Case", "承诺")
        for is_pinned in (None, False, True)
    ]
    rows = [
        record(
            number,
            "hold" if number % 5 == 4 else "open",
            probability=Decimal("0.35"),
            is_probability_pinned=is_pinned,
            forecast_category=category,
            amount=100 + number,
            created_on=date(2024, 8, 1),
        )
        for number, (category, is_pinned) in enumerate(told)
    ]
    closed = record(90, "won", is_probability_pinned=True, forecast_category="commit")
    return facts_of_deals(*rows, closed, as_of=DAY)


@pytest.mark.engine
@pytest.mark.parametrize("engine", ENGINES)
def test_engines_tell_categories_and_chances_set_by_hand(
    engine: str, request: pytest.FixtureRequest
) -> None:
    """Neither is asked of a record: dataframes tell both as a book does."""
    facts = judged_by_hand()
    found = pipeline_snapshot(frames_of(facts, engine, request), as_of=DAY, with_hold=True)
    assert found == pipeline_snapshot(facts, as_of=DAY, with_hold=True)
    assert len(found.opportunities) == 12
    assert {one.category for one in found.opportunities} == {None, "commit", "Best Case", "承诺"}
    pinned = [one.id for one in found.opportunities if one.chance_source is ChanceSource.PINNED]
    assert pinned == ["d11", "d2", "d5", "d8"]


@pytest.mark.engine
@pytest.mark.parametrize(
    "dialect", [Dialect.SQLITE, Dialect.DUCKDB, Dialect.POSTGRES], ids=lambda one: one.value
)
def test_databases_tell_categories_and_chances_set_by_hand(
    dialect: Dialect, request: pytest.FixtureRequest
) -> None:
    """The declared reduction of a snapshot is the same in SQL, row by row."""
    facts = judged_by_hand()
    table = facts.table("opportunities")
    asked = pipeline_forecast_reductions(DAY)[0]
    (wanted,) = FactsSource(facts).reduce([asked], None)
    digits = {one.name: Digits(6, 4) for one in table.schema.fields if one.kind is Kind.DECIMAL}
    with database(dialect, request) as db:
        db.keep(table.schema, [table.row(at) for at in range(len(table))], digits=digits)
        found = run_reduction(
            db.execute, asked, table.schema, dialect, table_name="kept", digits=digits
        )
    rows, mine = (
        dict(zip(one.keys, zip(*one.values, strict=True), strict=True)) for one in (wanted, found)
    )
    assert mine == rows
    assert sum(one[2] for one in rows.values()) == 4


def test_a_category_of_today_is_not_one_of_then() -> None:
    """Of a sale that has moved on since nobody kept what people said of it at the time."""
    told = sale(
        "a",
        ("talk", 0),
        ("offer", 30),
        amount=100,
        probability=Decimal("0.9"),
        is_probability_pinned=True,
        forecast_category="commit",
    )
    facts = Facts.of(book_of([told]))
    (then,), (now,) = (pipeline_snapshot(facts, as_of=on(day)).opportunities for day in (20, 40))
    assert (then.category, then.chance, then.chance_source) == (None, None, None)
    assert (now.category, now.chance_source) == ("commit", ChanceSource.PINNED)
