"""Tables that were there before: columns whose types and spellings are not those of `sql_table`."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.frames.sql_cases import database
from tests.frames.sql_databases import Database, duckdb_database, sqlite_database

from salescore.errors import EngineRefused, InvalidNumber, InvalidValue, UnknownName
from salescore.frames import (
    Dialect,
    Digits,
    python_value,
    run_reduction,
    sql_columns,
    sql_reduction,
    sql_rule,
    sql_table,
)
from salescore.metrics import Aggregate, Measure, Reduction
from salescore.rules import Expression, F, RuleType, Term

pytestmark = pytest.mark.engine

_TABLE = "opportunities"
_CASTING = [Dialect.DUCKDB, pytest.param(Dialect.SPARK, marks=pytest.mark.slow)]


def _reduction(*aggregates: Aggregate, where: Any = None) -> Reduction:  # noqa: ANN401 - a rule
    measures = [
        Measure(name=f"m{at}", table=_TABLE, aggregate=one, of=F.amount, where=where)
        for at, one in enumerate(aggregates)
    ]
    return Reduction(name="amounts", table=_TABLE, measures=measures)


def _sum(db: Database, digits: Digits | None) -> Any:  # noqa: ANN401 - a number
    stated = {} if digits is None else {"amount": digits}
    found = run_reduction(
        db.execute,
        _reduction(Aggregate.SUM),
        _TABLE,
        db.dialect,
        table_name="mine",
        digits=stated,
    )
    return found.values[0][0]


def _mine(db: Database, amounts: str) -> None:
    """Make a table of one column of amounts, written as SQL."""
    rows = f"SELECT {amounts} AS amount"
    if db.dialect is Dialect.SPARK:
        db.execute_alone(f"CREATE OR REPLACE TEMPORARY VIEW mine AS {rows}")
    else:
        db.execute_alone("DROP TABLE IF EXISTS mine")
        db.execute_alone(f"CREATE TABLE mine AS {rows}")


_FITTING = [
    ("CAST(1.25 AS DECIMAL(12, 2))", Digits(10, 2), "1.25"),
    ("CAST(1.25 AS DECIMAL(12, 2))", Digits(12, 6), "1.25"),
    ("CAST(1.25 AS DECIMAL(12, 2))", Digits(1, 2), "1.25"),
    ("CAST(1.25 AS DECIMAL(38, 18))", Digits(10, 2), "1.25"),
    ("CAST(-7 AS BIGINT)", Digits(1, 0), "-7"),
    ("CAST(7 AS SMALLINT)", Digits(5, 12), "7"),
    ("NULL", Digits(5, 2), "0"),
    ("CAST(NULL AS DECIMAL(18, 4))", Digits(5, 2), "0"),
]
_CHANGED = [
    ("CAST(0.0049 AS DECIMAL(18, 4))", Digits(10, 2), "0.0049"),
    ("CAST(-0.125 AS DECIMAL(38, 18))", Digits(10, 2), "-0.125"),
    ("CAST(123.25 AS DECIMAL(38, 18))", Digits(2, 2), "123.25"),
    ("CAST(123 AS INTEGER)", Digits(2, 2), "123"),
    ("CAST(1.5 AS DECIMAL(12, 11))", Digits(12, 0), "1.5"),
    ("CAST(1.25 AS DOUBLE)", Digits(10, 2), "1.25"),
    ("'1.25'", Digits(10, 2), "1.25"),
]


@pytest.mark.parametrize("dialect", _CASTING)
def test_columns_of_other_types_are_read_where_nothing_changes(
    dialect: Dialect, request: pytest.FixtureRequest
) -> None:
    """Wider and narrower decimals and whole numbers fit stated digits when their values do."""
    with database(dialect, request) as db:
        for amount, digits, total in _FITTING:
            _mine(db, amount)
            assert _sum(db, digits) == Decimal(total), (amount, digits)


@pytest.mark.parametrize("dialect", _CASTING)
def test_a_value_that_stated_digits_would_change_is_refused(
    dialect: Dialect, request: pytest.FixtureRequest
) -> None:
    """No row is rounded in silence, and floats and texts are no decimals; the value is named."""
    with database(dialect, request) as db:
        for amount, digits, shown in _CHANGED:
            _mine(db, amount)
            told = rf"column amount holds {shown}\d* .*no exact DECIMAL\(.*state the digits"
            with pytest.raises(EngineRefused, match=told):
                _sum(db, digits)
            rule = sql_rule(F.amount > 0, _TABLE, dialect, digits={"amount": digits})
            with pytest.raises(Exception, match=f"salescore: column amount holds {shown}"):
                db.execute(f"SELECT {rule.text} FROM mine", rule.parameters)  # noqa: S608 - tested


def test_digits_that_nobody_stated_are_checked_too() -> None:
    """Without digits a column has 20 and 18 places, and one with more is refused."""
    with duckdb_database() as db:
        _mine(db, "CAST(1 AS DECIMAL(38, 30)) / 8")
        _mine(db, "CAST(0.00000000000000000012 AS DECIMAL(38, 30))")
        rule = sql_rule(F.amount > 0, _TABLE, Dialect.DUCKDB)
        with pytest.raises(Exception, match="no exact DECIMAL"):
            db.execute(f"SELECT {rule.text} FROM mine", rule.parameters)  # noqa: S608 - tested


def test_a_column_of_the_stated_type_is_read_without_a_check() -> None:
    """DuckDB knows before the first row that nothing can change, and plans no check."""
    with duckdb_database() as db:
        _mine(db, "CAST(1.25 AS DECIMAL(12, 2))")
        for digits, is_checked in ((Digits(10, 2), False), (Digits(10, 1), True)):
            rule = sql_rule(F.amount, _TABLE, Dialect.DUCKDB, digits={"amount": digits})
            ((_, plan),) = db.execute(f"EXPLAIN SELECT {rule.text} FROM mine", rule.parameters)  # noqa: S608 - tested
            assert ("CASE" in plan) == is_checked


def test_an_error_of_the_database_itself_stays_what_it_is() -> None:
    """Only what the statement itself makes it say becomes an error of the library."""
    with duckdb_database() as db, pytest.raises(Exception, match="does not exist") as raised:
        _sum(db, None)
    assert not isinstance(raised.value, EngineRefused)


def _lite(kind: str, *amounts: object) -> Callable[[Term | Expression], list[Any]]:
    """Return what asks a table of SQLite for its rows of a rule, in its own spelling."""

    def asked(rule: Term | Expression) -> list[Any]:
        with sqlite_database() as db:
            db.execute_alone(f"CREATE TABLE mine (amount {kind})")
            for one in amounts:
                db.execute("INSERT INTO mine VALUES (?)", (one,))
            made = sql_rule(rule, _TABLE, Dialect.SQLITE)
            found = db.execute(f"SELECT amount FROM mine WHERE {made.text}", made.parameters)  # noqa: S608 - tested
            return [one for (one,) in found]

    return asked


def test_sqlite_compares_numbers_and_not_spellings() -> None:
    """A table that spells a number otherwise gives the rows that the rule means."""
    asked = _lite("TEXT", "12.50", "12.5", "012.5", "12.51", "-0", "0.00", None)
    same = ["12.50", "12.5", "012.5"]
    assert asked(F.amount == Decimal("12.5")) == same
    assert asked(F.amount == Decimal("12.50")) == same
    assert asked(F.amount != Decimal("12.5")) == ["12.51", "-0", "0.00"]
    assert asked(F.amount.is_in([Decimal("12.5"), Decimal(0)])) == [*same, "-0", "0.00"]
    assert asked(F.amount > 1) == [*same, "12.51"]
    assert asked(F.amount + 1 == Decimal("13.5")) == same


def test_sqlite_reads_whole_numbers_and_refuses_floats() -> None:
    """A column of the type INTEGER is exact, and what a column of NUMERIC makes is a float."""
    assert _lite("INTEGER", 12, 13)(F.amount == 12) == [12]
    for rule in (F.amount == Decimal("12.5"), F.amount != 1, F.amount > 1, F.amount.is_in([1])):
        with pytest.raises(InvalidNumber, match=r"a float 12\.5"):
            _lite("NUMERIC", "12.50")(rule)


def test_sqlite_counts_numbers_and_not_spellings() -> None:
    """Different values, all values and sums of a table that spells numbers in several ways."""
    asked = (Aggregate.DISTINCT, Aggregate.VALUES, Aggregate.SUM, Aggregate.MAX)
    with sqlite_database() as db:
        db.execute_alone("CREATE TABLE mine (amount TEXT)")
        db.execute_alone("INSERT INTO mine VALUES ('12.50'), ('12.5'), ('3')")
        found = run_reduction(
            db.execute, _reduction(*asked), _TABLE, Dialect.SQLITE, table_name="mine"
        )
        amount, three = Decimal("12.5"), Decimal(3)
        wanted = ((Decimal(2),), ((three, amount, amount),), (Decimal(28),), (amount,))
        assert found.values == wanted
        db.execute_alone("CREATE TABLE floats (amount REAL)")
        db.execute_alone("INSERT INTO floats VALUES (12.5)")
        for one in asked:
            with pytest.raises(InvalidNumber, match=r"a float 12\.5"):
                run_reduction(
                    db.execute, _reduction(one), _TABLE, Dialect.SQLITE, table_name="floats"
                )


def test_canonical_texts_are_compared_as_they_stand() -> None:
    """Who says that all decimals are canonical has equality that an index serves."""
    rule = (F.amount == Decimal("12.50")) & F.amount.is_in([Decimal("12.5")])
    made = sql_rule(rule, _TABLE, Dialect.SQLITE, is_canonical=True)
    assert "salescore" not in made.text
    assert made.parameters == ("12.5", "12.5")


def test_a_float_for_a_number_is_refused() -> None:
    """What a database holds as a float is never taken for an exact number."""
    with pytest.raises(InvalidNumber, match=r"a float 0\.1"):
        python_value(0.1, RuleType.NUMBER)
    for one, value in ((Aggregate.SUM, 0.1), (Aggregate.MAX, 0.1), (Aggregate.VALUES, [0.1])):
        rows: list[tuple[Any, ...]] = [(0, value, 1, 0)]

        def execute(*_: object, rows: list[tuple[Any, ...]] = rows) -> list[tuple[Any, ...]]:
            return rows

        with pytest.raises(InvalidNumber, match=r"a float 0\.1"):
            run_reduction(execute, _reduction(one), _TABLE, Dialect.POSTGRES, table_name="mine")


def test_a_fact_table_goes_by_its_name() -> None:
    """Statements take the name of a fact table, as functions on dataframes do."""
    assert sql_rule(F.amount > 1, _TABLE, Dialect.SQLITE).parameters
    assert sql_columns(_TABLE, Dialect.SQLITE)[0] == ("`id`", "TEXT NOT NULL")
    assert sql_table(_TABLE, Dialect.SQLITE).startswith("CREATE TABLE `opportunities` (")
    for ask in (
        lambda: sql_rule(F.amount > 1, "opportunity", Dialect.SQLITE),
        lambda: sql_table("opportunity", Dialect.SQLITE),
    ):
        with pytest.raises(UnknownName, match="opportunities"):
            ask()


def test_a_dialect_is_not_its_name() -> None:
    """The text "sqlite" is refused with what would be right."""
    wrong: Any = "sqlite"
    for ask in (
        lambda: sql_rule(F.amount > 1, _TABLE, wrong),
        lambda: sql_columns(_TABLE, wrong),
        lambda: sql_reduction(_reduction(Aggregate.SUM), _TABLE, wrong, table_name="mine"),
    ):
        with pytest.raises(InvalidValue, match=r"Dialect\.SQLITE"):
            ask()


def test_what_fetches_rows_may_be_handed_over_unfetched() -> None:
    """The method `execute` of a connection of DuckDB gives a connection, which holds the rows."""
    import duckdb  # noqa: PLC0415 - only tests of DuckDB need it

    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE mine AS SELECT CAST(1.25 AS DECIMAL(12, 2)) AS amount")
        found = run_reduction(
            connection.execute,
            _reduction(Aggregate.SUM),
            _TABLE,
            Dialect.DUCKDB,
            table_name="mine",
            digits={"amount": Digits(10, 2)},
        )
    assert found.values == ((Decimal("1.25"),),)


def test_too_many_digits_in_sql_are_mended_by_stating_them() -> None:
    """The error says `digits=`, which is what a statement takes, and with them it is answered."""
    rule = F.amount - F.probability > 100
    with pytest.raises(EngineRefused, match=r"digits=.'amount': Digits"):
        sql_rule(rule, _TABLE, Dialect.DUCKDB)
    stated = {"amount": Digits(10, 2), "probability": Digits(1, 4)}
    assert sql_rule(rule, _TABLE, Dialect.DUCKDB, digits=stated).parameters
