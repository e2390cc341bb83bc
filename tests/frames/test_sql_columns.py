"""Tables of databases, made from field tables."""

import pytest
from tests.frames.sql_cases import database

from salescore.book import FACT_TABLES
from salescore.entities import RECORD_TABLES
from salescore.errors import RuleTypeError
from salescore.frames import CALENDAR_COLUMNS, Dialect, Digits, sql_columns, sql_table
from salescore.rules import EXAMPLE_ROW, EXAMPLE_TABLE, FieldRef

pytestmark = pytest.mark.engine


def test_each_kind_of_field_has_a_type_in_each_database() -> None:
    """Columns are declared as rules and values count on them."""
    declared = {
        dialect: [kind for _, kind in sql_columns(EXAMPLE_TABLE, dialect)] for dialect in Dialect
    }
    wide = "DECIMAL(38, 18)"
    text = 'TEXT COLLATE "C"'
    assert declared == {
        Dialect.SQLITE: ["TEXT"] * 6 + ["INTEGER", "TEXT"],
        Dialect.POSTGRES: [
            text,
            *["NUMERIC"] * 3,
            "DATE",
            "TIMESTAMPTZ",
            "BOOLEAN",
            text,
        ],
        Dialect.DUCKDB: ["VARCHAR", wide, wide, wide, "DATE", "TIMESTAMPTZ", "BOOLEAN", "VARCHAR"],
        Dialect.SPARK: ["STRING", wide, wide, wide, "DATE", "TIMESTAMP", "BOOLEAN", "STRING"],
    }


def test_stated_digits_are_the_type() -> None:
    """Where decimals are declared, a column gets just the digits stated for it."""
    columns = dict(sql_columns(EXAMPLE_TABLE, Dialect.DUCKDB, {"orders": Digits(4, 0)}))
    assert columns['"orders"'] == "DECIMAL(4, 0)"
    assert columns['"revenue"'] == "DECIMAL(38, 18)"


def test_what_may_not_be_null_is_declared_so() -> None:
    """A day of the calendar is always there."""
    assert sql_table(CALENDAR_COLUMNS, Dialect.POSTGRES, table_name="days") == (
        'CREATE TABLE "days" ("day" DATE NOT NULL, "week" TEXT COLLATE "C", '
        '"month" TEXT COLLATE "C", "quarter" TEXT COLLATE "C", "year" TEXT COLLATE "C")'
    )


@pytest.mark.parametrize("dialect", [Dialect.SQLITE, Dialect.DUCKDB, Dialect.POSTGRES])
def test_every_fact_table_can_be_made(dialect: Dialect, request: pytest.FixtureRequest) -> None:
    """The statement for each table of facts is one that the database takes."""
    with database(dialect, request) as db:
        for schema in FACT_TABLES:
            db.execute_alone(sql_table(schema, dialect))
            assert db.execute(f"SELECT * FROM {schema.name}", ()) == []  # noqa: S608 - a name of ours


def test_money_in_any_currency_is_no_column() -> None:
    """A record with money is priced first; its table of facts is what becomes a table."""
    with_money = next(one for one in RECORD_TABLES if one.money_fields)
    for dialect in Dialect:
        with pytest.raises(RuleTypeError, match="money"):
            sql_table(with_money, dialect)


@pytest.mark.parametrize("dialect", [Dialect.SQLITE, Dialect.DUCKDB, Dialect.POSTGRES])
def test_a_row_reads_back(dialect: Dialect, request: pytest.FixtureRequest) -> None:
    """What was written into a table is there again."""
    digits = {"revenue": Digits(10, 2)}
    refs = [FieldRef(name) for name in EXAMPLE_TABLE.names if name != "tags"]
    with database(dialect, request) as db:
        wide = db.keep(EXAMPLE_TABLE, [dict(EXAMPLE_ROW)], digits=digits)
        found = db.answers(refs, wide, digits=digits)
    assert [one for (one,) in found] == [EXAMPLE_ROW[ref.name] for ref in refs]
