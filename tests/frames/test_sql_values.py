"""Values on their way to a database and back."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import EngineRefused, InvalidValue
from salescore.frames import Dialect, python_value, sql_value
from salescore.rules import RuleType
from salescore.testing import days, decimals, instants, texts
from salescore.values import EXACT


@given(decimals())
def test_equal_decimals_are_equal_texts(value: Decimal) -> None:
    """In SQLite a number has one form, whatever zeros it was written with, and reads back."""
    text = sql_value(value, Dialect.SQLITE)
    assert text == sql_value(EXACT.multiply(value, Decimal("1.000")), Dialect.SQLITE)
    assert "E" not in text
    assert python_value(text, RuleType.NUMBER) == value


@given(st.lists(instants(), min_size=2, max_size=5))
def test_instants_sort_as_their_texts(some: list[datetime]) -> None:
    """In SQLite texts of instants are alike long, sort as time does, and read back."""
    held = [sql_value(one, Dialect.SQLITE) for one in some]
    assert {len(one) for one in held} == {27}
    assert sorted(held) == [sql_value(one, Dialect.SQLITE) for one in sorted(some)]
    assert [python_value(one, RuleType.INSTANT) for one in held] == some


@given(st.frozensets(texts(most=4), max_size=4), st.sampled_from(Dialect))
def test_sets_read_back(some: frozenset[str], dialect: Dialect) -> None:
    """A set of texts travels as one text, unless a text has the mark between them."""
    kept = frozenset(one for one in some if "\x1f" not in one and "\0" not in one)
    assert python_value(sql_value(kept, dialect), RuleType.TAGS) == kept


@given(days())
def test_dates_read_back(day: date) -> None:
    """A date is ISO text in SQLite and itself elsewhere."""
    for dialect in Dialect:
        assert python_value(sql_value(day, dialect), RuleType.DATE) == day


@pytest.mark.parametrize(
    ("value", "in_sqlite"),
    [
        (None, None),
        (True, 1),
        (False, 0),
        (Decimal("12.50"), "12.5"),
        (Decimal("-0.00"), "0"),
        (Decimal("1E+3"), "1000"),
        (date(17, 1, 2), "0017-01-02"),
        (
            datetime(2017, 3, 1, 9, tzinfo=timezone(timedelta(hours=1))),
            "2017-03-01T08:00:00.000000Z",
        ),
        ("text", "text"),
        (frozenset({"b", "a"}), "\x1fa\x1fb\x1f"),
        (frozenset(), "\x1f"),
    ],
)
def test_values_are_kept_in_one_form(value: Any, in_sqlite: object) -> None:  # noqa: ANN401 - any value
    """SQLite gets canonical texts and whole numbers, the others their own types."""
    found = sql_value(value, Dialect.SQLITE)
    assert (found, type(found)) == (in_sqlite, type(in_sqlite))
    for dialect in (Dialect.DUCKDB, Dialect.POSTGRES, Dialect.SPARK):
        assert sql_value(value, dialect) == (in_sqlite if isinstance(value, frozenset) else value)


def test_what_drivers_give_becomes_what_rules_have() -> None:
    """Whole numbers are truth values, decimals and microseconds as the type says."""
    assert python_value(None, RuleType.TEXT) is None
    assert python_value(1, RuleType.BOOLEAN) is True
    assert python_value(7, RuleType.NUMBER) == Decimal(7)
    assert python_value(1_000_001, RuleType.INSTANT) == datetime(1970, 1, 1, 0, 0, 1, 1, UTC)
    assert python_value("a", RuleType.TEXT) == "a"


def test_a_text_that_cannot_be_kept_is_refused() -> None:
    """The mark of sets, half a character, and NUL on Postgres."""
    with pytest.raises(InvalidValue, match=r"U\+001F"):
        sql_value(frozenset({"a\x1fb"}), Dialect.SQLITE)
    for dialect in Dialect:
        with pytest.raises(EngineRefused, match="Unicode"):
            sql_value("\udc00", dialect)
    with pytest.raises(EngineRefused, match="NUL"):
        sql_value("a\0b", Dialect.POSTGRES)
    assert sql_value("a\0b", Dialect.SQLITE) == "a\0b"


def test_38_places_reach_duckdb_as_text() -> None:
    """As a number with zeros in front DuckDB would take it for a float."""
    small = Decimal("0.00000000005").quantize(Decimal("1E-38"), context=EXACT)
    assert sql_value(small, Dialect.DUCKDB) == "0.00000000005"
    assert sql_value(Decimal("0.5"), Dialect.DUCKDB) == Decimal("0.5")
    assert sql_value(small, Dialect.POSTGRES) == small
