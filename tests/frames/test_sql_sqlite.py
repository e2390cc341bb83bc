"""Exact functions inside SQLite."""

import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import EngineRefused, InexactResult, InvalidNumber
from salescore.frames import Dialect, SqliteFunctions, sql_value, sqlite_functions
from salescore.testing import decimals
from salescore.values import EXACT, Rounding, exact_sum, round_to

pytestmark = pytest.mark.engine


@pytest.fixture
def lite() -> Iterator[tuple[sqlite3.Connection, SqliteFunctions]]:
    """Open a database in memory that knows the functions."""
    connection = sqlite3.connect(":memory:")
    yield connection, sqlite_functions(connection)
    connection.close()


def _text(value: Decimal) -> object:
    return sql_value(value, Dialect.SQLITE)


@pytest.fixture(scope="module")
def lite_once() -> Iterator[sqlite3.Connection]:
    """Open a database in memory for many examples."""
    connection = sqlite3.connect(":memory:")
    sqlite_functions(connection)
    yield connection
    connection.close()


def _answer(connection: sqlite3.Connection, text: str, *values: object) -> Any:  # noqa: ANN401 - what cells hold
    return connection.execute(f"SELECT {text}", values).fetchone()[0]


@given(decimals(), decimals())
def test_arithmetic_is_exact(lite_once: sqlite3.Connection, left: Decimal, right: Decimal) -> None:
    """Sums, differences and products of 38 digits lose none."""
    both = (_text(left), _text(right))
    assert _answer(lite_once, "salescore_add(?, ?)", *both) == _text(EXACT.add(left, right))
    assert _answer(lite_once, "salescore_subtract(?, ?)", *both) == _text(
        EXACT.subtract(left, right)
    )
    assert _answer(lite_once, "salescore_multiply(?, ?)", *both) == _text(
        EXACT.multiply(left, right)
    )


@given(decimals(), st.integers(0, 18), st.sampled_from(Rounding))
def test_rounding_is_the_one_named(
    lite_once: sqlite3.Connection, value: Decimal, digits: int, mode: Rounding
) -> None:
    """Each mode gives what it gives in Python."""
    found = _answer(lite_once, "salescore_round(?, ?, ?)", _text(value), digits, mode.value)
    assert found == _text(round_to(value, digits, mode))


@given(decimals(), decimals())
def test_keys_sort_as_numbers_do(
    lite_once: sqlite3.Connection, left: Decimal, right: Decimal
) -> None:
    """A key is less, equal or greater exactly as its number is, and leads back to it."""
    keys = [_answer(lite_once, "salescore_key(?)", _text(one)) for one in (left, right)]
    assert (keys[0] < keys[1]) == (left < right)
    assert (keys[0] == keys[1]) == (left == right)
    assert _answer(lite_once, "salescore_number(?)", keys[0]) == _text(left)


def test_keys_sort_numbers_of_every_size(lite_once: sqlite3.Connection) -> None:
    """Signs, zero and exponents of both ends fall into one order."""
    ends = [Decimal(sign * 10**38 - sign) for sign in (-1, 1)]
    small = [Decimal(text) for text in ("-1E-18", "0", "1E-18", "0.1", "-0.1", "-0.11", "10", "1")]
    keys = {one: _answer(lite_once, "salescore_key(?)", _text(one)) for one in (*ends, *small)}
    assert sorted(keys) == sorted(keys, key=keys.__getitem__)


@given(st.lists(st.one_of(st.none(), decimals()), max_size=6))
def test_a_sum_is_exact_and_leaves_nulls_out(
    lite_once: sqlite3.Connection, values: list[Decimal | None]
) -> None:
    """The sum of a column is that of its known values; of none it is null."""
    known = [one for one in values if one is not None]
    lite_once.execute("CREATE TEMP TABLE IF NOT EXISTS held (v TEXT)")
    lite_once.execute("DELETE FROM held")
    lite_once.executemany(
        "INSERT INTO held VALUES (?)", [(sql_value(v, Dialect.SQLITE),) for v in values]
    )
    (found,) = lite_once.execute("SELECT salescore_sum(v) FROM held").fetchone()
    assert found == (_text(exact_sum(known)) if known else None)


def test_null_makes_null(lite: tuple[sqlite3.Connection, SqliteFunctions]) -> None:
    """Each function of a null is null."""
    connection, _ = lite
    for text in (
        "salescore_add(NULL, '1')",
        "salescore_subtract('1', NULL)",
        "salescore_multiply(NULL, NULL)",
        "salescore_round(NULL, 2, 'up')",
        "salescore_key(NULL)",
        "salescore_number(NULL)",
    ):
        assert connection.execute(f"SELECT {text}").fetchone() == (None,)


_HUGE = "1" + "0" * 990


@pytest.mark.parametrize(
    ("text", "operation"),
    [
        (f"salescore_add('{_HUGE}', '0.00000000000000001')", "a sum of"),
        (f"salescore_subtract('{_HUGE}', '0.00000000000000001')", "a difference of"),
        (f"salescore_multiply('{_HUGE[:-1]}1', '{_HUGE[:-1]}1')", "a product of"),
        (f"salescore_round('{_HUGE}', 18, 'up')", "rounded to 18"),
        (
            f"salescore_sum(v) FROM (SELECT '{_HUGE}' AS v UNION ALL SELECT '0.00000000000000001')",
            "a sum of a column",
        ),
    ],
)
def test_what_cannot_be_held_surfaces_as_what_it_is(
    lite: tuple[sqlite3.Connection, SqliteFunctions], text: str, operation: str
) -> None:
    """SQLite says only that a function failed; around it the error itself comes out."""
    connection, functions = lite
    with pytest.raises(InexactResult, match=operation), functions.surfaced():
        connection.execute(f"SELECT {text}").fetchall()


@pytest.mark.parametrize("value", ["1.0", "01", "+1", "1.", 1, "001.000"])
def test_a_number_may_be_spelled_in_several_ways(
    lite: tuple[sqlite3.Connection, SqliteFunctions], value: object
) -> None:
    """Zeros at both ends, a plus and a whole number change nothing; results are canonical."""
    connection, _ = lite
    text = (
        "salescore_key(?), salescore_add(?, '0.50'), salescore_round(?, 0, 'up'), "
        "salescore_sum(?), salescore_decimal(?)"
    )
    found = connection.execute(f"SELECT {text}", [value] * 5).fetchone()
    assert found == ("2500011", "1.5", "1", "1", "1")
    assert connection.execute("SELECT salescore_key('-0.0')").fetchone() == ("1",)


@pytest.mark.parametrize("value", ["1e3", "", " 1", ".", "-", "abc", "٣", "NaN", 1.5, b"1"])
def test_what_is_no_exact_number_is_refused(
    lite: tuple[sqlite3.Connection, SqliteFunctions], value: object
) -> None:
    """Floats, exponents, spaces and other scripts are told apart from decimals."""
    connection, functions = lite
    for text in (
        "salescore_key(?)",
        "salescore_add(?, '1')",
        "salescore_round(?, 0, 'up')",
        "salescore_sum(?)",
        "salescore_decimal(?)",
    ):
        with pytest.raises(InvalidNumber, match="must keep decimals as text"), functions.surfaced():
            connection.execute(f"SELECT {text}", (value,)).fetchall()


def test_other_errors_stay_what_they_are(
    lite: tuple[sqlite3.Connection, SqliteFunctions],
) -> None:
    """An error of SQLite itself is not taken for one that a function left behind."""
    connection, functions = lite
    with pytest.raises(sqlite3.OperationalError, match="user-defined"):
        connection.execute("SELECT salescore_key('x')").fetchall()
    with pytest.raises(sqlite3.OperationalError, match="no such table"), functions.surfaced():
        connection.execute("SELECT 1 FROM nowhere")


def test_functions_are_fit_for_indexes(lite: tuple[sqlite3.Connection, SqliteFunctions]) -> None:
    """They are deterministic, so an index on the key of a number serves comparisons."""
    connection, _ = lite
    connection.execute("CREATE TABLE t (v TEXT)")
    connection.execute("CREATE INDEX i ON t (salescore_key(v))")
    plan = connection.execute("EXPLAIN QUERY PLAN SELECT 1 FROM t WHERE salescore_key(v) < '2'")
    assert "USING INDEX i" in plan.fetchone()[-1]


def test_a_database_in_another_encoding_is_refused() -> None:
    """In UTF-16 SQLite does not sort texts by code point."""
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA encoding = 'UTF-16le'")
    connection.execute("CREATE TABLE t (v TEXT)")
    with pytest.raises(EngineRefused, match="UTF-8"):
        sqlite_functions(connection)
    connection.close()
