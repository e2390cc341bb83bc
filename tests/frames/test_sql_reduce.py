"""Reductions in SQL: the same small tables as from Python rows."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

import attrs
import pytest
from tests.frames.sql_cases import database
from tests.frames.sql_databases import Database, sqlite_database
from tests.metrics.small_books import RATES, crowded_book, facts_of

from salescore.book import Facts, FactTable, SalesBook
from salescore.errors import EngineRefused, InvalidValue, UnknownName
from salescore.frames import (
    CALENDAR_COLUMNS,
    Dialect,
    Digits,
    run_reduction,
    sql_reduction,
)
from salescore.metrics import CATALOGUE, Aggregate, Measure, Reduced, Reduction, reduce_rows
from salescore.plain import FieldTable, Kind
from salescore.rules import F, days_between
from salescore.values import Calendar, CalendarUnit, Period

pytestmark = pytest.mark.engine

EVERY = [
    Dialect.SQLITE,
    Dialect.DUCKDB,
    Dialect.POSTGRES,
    pytest.param(Dialect.SPARK, marks=pytest.mark.slow),
]
_UNITS = ("week", "month", "quarter", "year")
_CALENDAR = "days_known"


def _digits(table: FactTable) -> dict[str, Digits]:
    """Return the digits that the columns of decimals of a table need."""
    found: dict[str, Digits] = {}
    for field in table.schema.fields:
        if field.kind is Kind.DECIMAL:
            held = Digits(1, 0)
            for value in table.column(field.name):
                held = held if value is None else held.holding(Digits.of(value))
            found[field.name] = held
    return found


def _keep(db: Database, table: FactTable) -> dict[str, Digits]:
    digits = _digits(table)
    db.keep(table.schema, [table.row(at) for at in range(len(table))], digits=digits)
    return digits


def _keep_calendar(db: Database, facts: Facts) -> None:
    rows = [row._asdict() for row in facts.calendar_table()]
    db.keep(CALENDAR_COLUMNS, rows, name=_CALENDAR)


def _sorted(reduced: Reduced) -> Reduced:
    """Return a small table with its keys in the order of those from databases."""
    order = sorted(
        range(len(reduced.keys)),
        key=lambda at: [(one is not None, one or "") for one in reduced.keys[at]],
    )

    def turned(columns: Sequence[Sequence[Any]]) -> tuple[tuple[Any, ...], ...]:
        return tuple(tuple(column[at] for at in order) for column in columns)

    return attrs.evolve(
        reduced,
        keys=tuple(reduced.keys[at] for at in order),
        values=turned(reduced.values),
        counts=turned(reduced.counts),
        missing=turned(reduced.missing),
    )


def _catalogue_reductions(facts: Facts) -> Iterator[Reduction]:
    """Yield reductions of every measure of the catalogue, by keys that differ from one to one."""
    measures: dict[tuple[str, str | None], dict[str, Measure]] = {}
    for figure in CATALOGUE:
        for part in (*figure.numerator, *figure.denominator):
            measure = part.measure
            some = measures.setdefault((measure.table, measure.date), {})
            some[measure.name] = measure
    chance = Random(7)  # noqa: S311 - no secret
    for (table, day), some in measures.items():
        groups = [
            field.name
            for field in facts.table(table).schema.fields
            if field.kind is not Kind.DECIMAL and not field.is_set
        ]
        units = list(_UNITS) if day is not None else []
        for count in range(4):
            keys = chance.sample(groups, min(count, 2)) + chance.sample(
                units, min(len(units), count // 2)
            )
            yield Reduction(name=f"{table} {count}", table=table, measures=some.values(), keys=keys)


@pytest.mark.parametrize("dialect", EVERY)
def test_measures_of_the_catalogue_reduce_as_rows_do(
    dialect: Dialect, request: pytest.FixtureRequest
) -> None:
    """Every measure that ships, by text, day, truth value and calendar, in and out of a period."""
    facts = facts_of(crowded_book(3, 60), rates=RATES)
    reductions = list(_catalogue_reductions(facts))
    if dialect is Dialect.SPARK:
        reductions = reductions[3::20]
    months = [day for row in facts.calendar_table() for day in [row.day]]
    during = Period.custom(months[len(months) // 4], months[len(months) // 2])
    kept = ""
    digits: dict[str, Digits] = {}
    entered = 0
    with database(dialect, request) as db:
        _keep_calendar(db, facts)
        for reduction in reductions:
            table = facts.table(reduction.table)
            if kept != reduction.table:
                kept, digits = reduction.table, _keep(db, table)
            for when in (None, during) if reduction.date is not None else (None,):
                found = run_reduction(
                    db.execute,
                    reduction,
                    table.schema,
                    dialect,
                    table_name="kept",
                    during=when,
                    calendar_table_name=_CALENDAR,
                    digits=digits,
                )
                assert found == _sorted(reduce_rows(facts, reduction, when)), reduction.name
                entered += sum(map(sum, found.counts))
    assert entered > (5 if dialect is Dialect.SPARK else 500)


_OPEN = "opportunities"


def _facts(rows: Sequence[dict[str, Any]], schema: FieldTable | None = None) -> Facts:
    """Return facts whose opportunities are these rows; what a row leaves out is null."""
    facts = Facts.of(SalesBook(), currency="USD")
    columns = facts.schema(_OPEN) if schema is None else schema
    cells = [tuple(row.get(name) for row in rows) for name in columns.names]
    facts._tables[_OPEN] = FactTable(schema=columns, sources=tuple(cells))
    return facts


def _measures(*made: tuple[Aggregate, Any, Any], date: str | None = "closed_on") -> list[Measure]:
    return [
        Measure(name=f"m{at}", table=_OPEN, aggregate=how, of=of, where=where, date=date)
        for at, (how, of, where) in enumerate(made)
    ]


_ALL = _measures(
    (Aggregate.COUNT, None, None),
    (Aggregate.COUNT, None, F.amount > 1),
    (Aggregate.COUNT, F.rep_id, None),
    (Aggregate.SUM, F.amount, None),
    (Aggregate.SUM, F.amount * F.probability, F.stage != "lost"),
    (Aggregate.DISTINCT, F.customer_id, None),
    (Aggregate.DISTINCT, F.amount, F.amount >= 0),
    (Aggregate.VALUES, F.amount, None),
    (Aggregate.VALUES, days_between(F.created_on, F.closed_on), None),
    (Aggregate.MIN, F.amount, None),
    (Aggregate.MAX, F.amount, F.amount < 0),
    (Aggregate.MIN, F.created_on, None),
    (Aggregate.MAX, F.created_on, F.stage == "won"),
)


def _opportunities() -> list[dict[str, Any]]:
    chance = Random(11)  # noqa: S311 - no secret
    amounts = [None, *(Decimal(one) / 100 for one in (0, 10, 1000, -250, -(10**9), 10**9, 5, 105))]
    days = [None, date(2016, 12, 31), date(2017, 1, 1), date(2017, 2, 28), date(2017, 6, 30)]
    texts = [None, "a", "A", "华东", "é", "😀", "", "o'clock", "100%"]
    return [
        {
            "id": f"o{at}",
            "amount": chance.choice(amounts),
            "probability": chance.choice([None, Decimal("0.5"), Decimal("0.25"), Decimal(1)]),
            "stage": chance.choice(["won", "lost", None]),
            "rep_id": chance.choice(texts),
            "customer_id": chance.choice(texts),
            "created_on": chance.choice(days),
            "closed_on": chance.choice(days),
            "source": chance.choice(texts),
        }
        for at in range(300)
    ]


_WITHIN = (None, Period.custom(date(2017, 1, 1), date(2017, 6, 29)))


@pytest.mark.parametrize("dialect", EVERY)
def test_every_aggregate_reduces_as_rows_do(
    dialect: Dialect, request: pytest.FixtureRequest
) -> None:
    """Sums, counts, different values, all values and extremes, with nulls and undated rows."""
    facts = _facts(_opportunities())
    table = facts.table(_OPEN)
    with database(dialect, request) as db:
        _keep_calendar(db, facts)
        digits = _keep(db, table)
        all_keys = [(), ("rep_id",), ("month", "rep_id")]
        for keys in [("closed_on", "year")] if dialect is Dialect.SPARK else all_keys:
            for during in _WITHIN:
                reduction = Reduction(name="all", table=_OPEN, measures=_ALL, keys=keys)
                found = run_reduction(
                    db.execute,
                    reduction,
                    table.schema,
                    dialect,
                    table_name="kept",
                    during=during,
                    calendar_table_name=_CALENDAR,
                    digits=digits,
                )
                wanted = _sorted(reduce_rows(facts, reduction, during))
                assert found == wanted
                assert sum(found.undated) > 100
                assert any(map(sum, found.missing))


def _asked(
    db: Database, facts: Facts, reduction: Reduction, digits: dict[str, Digits] | None = None
) -> Reduced:
    schema = facts.table(_OPEN).schema
    return run_reduction(
        db.execute, reduction, schema, db.dialect, table_name="kept", digits=digits
    )


@pytest.mark.parametrize("dialect", EVERY)
def test_truth_values_and_instants_are_keys(
    dialect: Dialect, request: pytest.FixtureRequest
) -> None:
    """Their keys are written as rows write them, an instant to its last microsecond."""
    extra = (("seen_at", Kind.INSTANT), ("is_hot", Kind.BOOLEAN))
    own = FieldTable(
        name=_OPEN,
        fields=(
            *Facts.of(SalesBook(), currency="USD").schema(_OPEN).fields,
            *(
                attrs.evolve(CALENDAR_COLUMNS.fields[1], name=name, kind=kind, is_custom=True)
                for name, kind in extra
            ),
        ),
    )
    moments = [
        None,
        datetime(2017, 10, 29, 1, 30, tzinfo=UTC),
        datetime(1969, 5, 1, 0, 0, 0, 7, UTC),
    ]
    rows = [
        {"id": str(at), "seen_at": moments[at % 3], "is_hot": (True, None, False)[at % 4 % 3]}
        for at in range(12)
    ]
    facts = _facts(rows, own)
    counted = _measures((Aggregate.COUNT, None, None), (Aggregate.COUNT, F.is_hot, None), date=None)
    reduction = Reduction(
        name="seen", table=_OPEN, measures=counted, keys=("seen_at", "is_hot", "seen_at")
    )
    with database(dialect, request) as db:
        digits = _keep(db, facts.table(_OPEN))
        found = _asked(db, facts, reduction, digits)
    assert found == _sorted(reduce_rows(facts, reduction))
    assert (
        "1969-05-01 00:00:00.000007+00:00",
        "true",
        "1969-05-01 00:00:00.000007+00:00",
    ) in found.keys


@pytest.mark.parametrize("dialect", EVERY)
def test_a_table_without_rows_reduces_as_rows_do(
    dialect: Dialect, request: pytest.FixtureRequest
) -> None:
    """Without keys there is one group of nothing, with keys there is none."""
    facts = _facts([])
    with database(dialect, request) as db:
        digits = _keep(db, facts.table(_OPEN))
        for keys in ((), ("rep_id",)):
            reduction = Reduction(name="none", table=_OPEN, measures=_ALL, keys=keys)
            found = _asked(db, facts, reduction, digits)
            assert found == reduce_rows(facts, reduction)
            assert len(found.keys) == (0 if keys else 1)


def test_a_day_that_the_calendar_table_lacks_is_an_error() -> None:
    """No row moves to the group without a period because somebody forgot its day."""
    facts = _facts(_opportunities())
    table = facts.table(_OPEN)
    january = Calendar().table(date(2017, 1, 1), date(2017, 1, 31))
    reduction = Reduction(name="m", table=_OPEN, measures=_ALL[:1], keys=("month",))
    with sqlite_database() as db:
        _keep(db, table)
        db.keep(CALENDAR_COLUMNS, [row._asdict() for row in january], name=_CALENDAR)
        with pytest.raises(EngineRefused, match=r"lacks the days of \d+ rows"):
            run_reduction(
                db.execute,
                reduction,
                table.schema,
                Dialect.SQLITE,
                table_name="kept",
                calendar_table_name=_CALENDAR,
            )


def test_a_unit_needs_the_table_of_the_calendar() -> None:
    """A statement by month without a calendar table is refused before anything runs."""
    reduction = Reduction(name="m", table=_OPEN, measures=_ALL, keys=("month", "week"))
    with pytest.raises(InvalidValue, match="month, week"):
        sql_reduction(reduction, _facts([]).schema(_OPEN), Dialect.DUCKDB, table_name="kept")


def test_a_key_must_be_a_column_whose_values_are_written_one_way() -> None:
    """Equal numbers are not always written alike, and an unknown name is no key."""
    schema = _facts([]).schema(_OPEN)
    for key, error in (("amount", EngineRefused), ("no_such", UnknownName)):
        reduction = Reduction(name="m", table=_OPEN, measures=_ALL, keys=(key,))
        with pytest.raises(error, match=key):
            sql_reduction(reduction, schema, Dialect.POSTGRES, table_name="kept")


def test_a_sum_that_may_not_fit_is_refused() -> None:
    """Where rows times digits go beyond 38 digits the sum is refused, whatever it came to."""
    facts = _facts([{"id": str(at), "amount": Decimal(at)} for at in range(20)])
    reduction = Reduction(
        name="sum", table=_OPEN, measures=_measures((Aggregate.SUM, F.amount, None), date=None)
    )
    rows = [(0, Decimal(190), 20, 0)]
    schema = facts.table(_OPEN).schema
    for dialect, digits, is_refused in (
        (Dialect.DUCKDB, Digits(36, 0), False),
        (Dialect.DUCKDB, Digits(37, 0), True),
        (Dialect.SPARK, Digits(30, 6), False),
        (Dialect.SPARK, Digits(31, 6), True),
        (Dialect.SQLITE, Digits(37, 0), False),
    ):

        def asked(dialect: Dialect = dialect, digits: Digits = digits) -> Reduced:
            return run_reduction(
                lambda *_: rows,
                reduction,
                schema,
                dialect,
                table_name="kept",
                digits={"amount": digits},
            )

        if is_refused:
            with pytest.raises(EngineRefused, match="a sum of 20 rows"):
                asked()
        else:
            assert asked().values == ((Decimal(190),),)


def test_units_are_those_of_the_calendar() -> None:
    """The table of a calendar has a column for each unit but the day itself."""
    units = {unit.value for unit in CalendarUnit}
    assert units == set(CALENDAR_COLUMNS.names)
