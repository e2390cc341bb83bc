"""The differential test: every engine answers as Python rows do, and one that does not is seen."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

import attrs
import duckdb
import psycopg
import pytest

from salescore.errors import EngineRefused
from salescore.metrics import Aggregate, Measure, Reduced, Reduction
from salescore.rules import (
    Conjunction,
    Expression,
    FieldRef,
    Rounded,
    RuleType,
    check_types,
    compile_expression,
    fields_of,
)
from salescore.testing import (
    DifferentialEngine,
    DifferentialQuestion,
    DifferentialReport,
    DifferentialRows,
    FrameEngine,
    Mismatch,
    SqlEngine,
    differential,
)
from salescore.testing._differential_reductions import answer, random_question
from salescore.testing._differential_rows import random_rows
from salescore.testing._differential_rules import RandomRules
from salescore.values import Calendar

CELLS = 200_000


def proved(engine: DifferentialEngine, **sizes: int) -> DifferentialReport:
    """Return the report on an engine that answers as Python rows do."""
    report = differential(engine, cells=CELLS, **sizes)
    assert report.mismatches == 0, str(report)
    assert report.cells >= CELLS
    assert report.reductions > 0
    assert sum(count for _, count in report.refused) < report.rules / 5
    return report


@pytest.mark.slow
@pytest.mark.engine
@pytest.mark.parametrize("name", ["polars", "polars-lazy", "pyarrow", "pandas", "duckdb"])
def test_dataframes_answer_as_python_rows_do(name: str) -> None:
    """On 200,000 random cells no dataframe engine differs."""
    proved(FrameEngine(name), rows=400)


@pytest.mark.slow
@pytest.mark.engine
def test_spark_answers_as_python_rows_do(spark: Any) -> None:  # noqa: ANN401 - a Spark session
    """On 200,000 random cells Spark does not differ, through dataframes."""
    proved(FrameEngine("spark", spark), rows=2_000)


@pytest.mark.slow
@pytest.mark.engine
def test_spark_sql_answers_as_python_rows_do(spark: Any) -> None:  # noqa: ANN401 - as above
    """On 200,000 random cells Spark does not differ, through SQL."""
    proved(SqlEngine.spark(spark), rows=2_000)


@pytest.mark.slow
@pytest.mark.engine
def test_sqlite_answers_as_python_rows_do() -> None:
    """On 200,000 random cells SQLite does not differ."""
    proved(SqlEngine.sqlite())


@pytest.mark.slow
@pytest.mark.engine
def test_duckdb_sql_answers_as_python_rows_do() -> None:
    """On 200,000 random cells DuckDB's SQL does not differ."""
    with duckdb.connect() as connection:
        proved(SqlEngine.duckdb(connection), rows=400)


@pytest.mark.slow
@pytest.mark.engine
def test_postgres_answers_as_python_rows_do(postgres_url: str) -> None:
    """On 200,000 random cells Postgres does not differ."""
    dsn = postgres_url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(dsn, autocommit=True) as connection:
        proved(SqlEngine.postgres(connection))


# The harness itself, on Python in the place of an engine ------------------------------------------


def chance(seed: int) -> Random:
    """Return chance that can be repeated."""
    return Random(seed)  # noqa: S311 - no secrets here


class Rows:
    """Python rows as an engine: right in all, or wrong in what a test changes."""

    name = "rows"

    def value(self, rule: Expression, found: Any) -> Any:  # noqa: ANN401, ARG002 - of any type
        """Return what is answered in the place of a right value."""
        return found

    def small_table(self, found: Reduced) -> Reduced:
        """Return what is answered in the place of a right small table."""
        return found

    def evaluate(
        self, rows: DifferentialRows, rules: Sequence[Expression], /
    ) -> Sequence[Sequence[Any] | EngineRefused]:
        """Answer rules."""
        return [self.column(rows, rule) for rule in rules]

    def column(self, rows: DifferentialRows, rule: Expression) -> Sequence[Any] | EngineRefused:
        """Answer one rule."""
        value_of = compile_expression(rule, lambda name: rows.by_name[name].__getitem__)
        return [self.value(rule, value_of(number)) for number in range(len(rows))]

    def reduce(
        self, rows: DifferentialRows, questions: Sequence[DifferentialQuestion], /
    ) -> Sequence[Reduced | EngineRefused]:
        """Answer reductions."""
        return [self.small_table(answer(rows, one)) for one in questions]


FEW = {"cells": 4_000, "rows": 30, "rules": 20}


def test_a_right_engine_has_no_mismatch() -> None:
    """Python rows do not differ from themselves, and every cell is counted."""
    report = differential(Rows(), **FEW)
    assert (report.engine, report.mismatches, report.examples) == ("rows", 0, ())
    assert 4_000 <= report.cells < 6_000
    assert report.rules > 50
    assert report.reductions > 5


def test_the_same_seed_asks_the_same() -> None:
    """A report can be made again, and another seed asks something else."""
    first, again = differential(Rows(), seed=1, **FEW), differential(Rows(), seed=1, **FEW)
    assert first == again
    assert first != differential(Rows(), seed=2, **FEW)


class RoundsWrongly(Rows):
    """Rounds half even whatever was asked for."""

    def column(self, rows: DifferentialRows, rule: Expression) -> Sequence[Any] | EngineRefused:
        """Answer one rule."""
        if isinstance(rule, Rounded):
            rule = attrs.evolve(rule, mode=type(rule.mode).HALF_EVEN)
        return super().column(rows, rule)


def test_a_wrong_rounding_is_caught_and_shown_small() -> None:
    """The example is the rounding, on one row, with the few fields that it reads."""
    report = differential(RoundsWrongly(), cells=40_000, rows=50)
    assert report.mismatches > 0
    example = report.examples[0]
    assert "rounded to" in example.asked
    assert len(example.asked) < 60
    assert len(example.row) <= 2
    assert isinstance(example.expected, Decimal)
    assert isinstance(example.found, Decimal)
    assert example.expected != example.found
    assert f"expected {example.expected!r}, found {example.found!r}" in str(report)


class Changes(Rows):
    """Gives something else for one value."""

    def __init__(self, wanted: object, given: object) -> None:
        """Keep which value is changed into which."""
        self.wanted, self.given = wanted, given

    def value(self, rule: Expression, found: Any) -> Any:  # noqa: ANN401, ARG002 - of any type
        """Return what is answered in the place of a right value."""
        return self.given if type(found) is type(self.wanted) and found == self.wanted else found


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        (None, False),
        (False, None),
        (True, 1),
        (Decimal(0), 0),
        (Decimal(1), 1.0),
        (date(1970, 1, 1), datetime(1970, 1, 1, tzinfo=UTC)),
        ("", None),
    ],
)
def test_values_are_of_the_very_type(wanted: object, given: object) -> None:
    """Null is not false, a float or an int is no decimal, an instant is no day."""
    report = differential(Changes(wanted, given), cells=20_000, rows=50)
    assert report.mismatches > 0
    assert any((one.expected, one.found) == (wanted, given) for one in report.examples)
    assert len(report.examples) <= 3


class LosesARow(Rows):
    """Gives one value too few."""

    def column(self, rows: DifferentialRows, rule: Expression) -> Sequence[Any] | EngineRefused:
        """Answer one rule."""
        found = super().column(rows, rule)
        return found[:-1] if isinstance(found, list) and len(rows) > 1 else found


def test_a_row_too_few_is_caught() -> None:
    """A column of another length is wrong in every cell."""
    report = differential(LosesARow(), **FEW)
    assert report.mismatches >= report.rules * 30


@attrs.frozen
class Spoils(Rows):
    """Changes one part of every small table that has the part."""

    part: str

    def small_table(self, found: Reduced) -> Reduced:
        """Return what is answered in the place of a right small table."""
        old = getattr(found, self.part)
        match self.part:
            case "keys":
                new: Any = (*old[:-1], ("?",)) if old else old
            case "undated":
                new = tuple(one + 1 for one in old)
            case "counts" | "missing":
                new = tuple(tuple(one + 1 for one in cells) for cells in old)
            case _:
                new = tuple(
                    tuple(float(one) if isinstance(one, Decimal) else one for one in cells)
                    for cells in old
                )
        return attrs.evolve(found, **{self.part: new})


@pytest.mark.parametrize("part", ["keys", "values", "counts", "missing", "undated"])
def test_each_part_of_a_small_table_is_compared(part: str) -> None:
    """Keys, values with their type, rows that entered, lacked a value or a date: all must agree."""
    report = differential(Spoils(part), **FEW)
    assert report.mismatches > 0
    assert {one.expected for one in report.examples} == {"as Python rows"}
    assert len(report.examples[0].asked) < 120


class Doubles(Rows):
    """Gives every group twice."""

    def small_table(self, found: Reduced) -> Reduced:
        """Return what is answered in the place of a right small table."""
        parts = {name: getattr(found, name) for name in ("values", "counts", "missing")}
        twice = {name: tuple(cells + cells for cells in part) for name, part in parts.items()}
        return attrs.evolve(found, keys=found.keys + found.keys, **twice)


def test_a_group_that_stands_twice_is_caught() -> None:
    """Groups of a small table are different."""
    report = differential(Doubles(), **FEW)
    assert any(one.found == "a key stands twice" for one in report.examples)


def test_the_order_of_groups_is_free() -> None:
    """An engine may give the groups in any order."""

    class Reverses(Rows):
        def small_table(self, found: Reduced) -> Reduced:
            parts = {name: getattr(found, name) for name in ("values", "counts", "missing")}
            back = {name: tuple(cells[::-1] for cells in part) for name, part in parts.items()}
            return attrs.evolve(found, keys=found.keys[::-1], **back)

    assert differential(Reverses(), **FEW).mismatches == 0


class Refuses(Rows):
    """Refuses roundings, and reductions of sums."""

    def column(self, rows: DifferentialRows, rule: Expression) -> Sequence[Any] | EngineRefused:
        """Answer one rule."""
        if isinstance(rule, Rounded):
            return EngineRefused("rows", "", f"no rounding to {rule.digits} digits")
        return super().column(rows, rule)

    def reduce(
        self, _rows: DifferentialRows, questions: Sequence[DifferentialQuestion], /
    ) -> Sequence[Reduced | EngineRefused]:
        """Answer reductions."""
        return [EngineRefused("rows", "", "no reductions") for _ in questions]


def test_what_is_refused_is_counted_by_reason() -> None:
    """A refusal is no mismatch; numbers in the reasons do not part them."""
    report = differential(Refuses(), **FEW)
    assert (report.mismatches, report.reductions) == (0, 0)
    assert {reason for reason, _ in report.refused} == {"no rounding to N digits", "no reductions"}
    assert "refused" in str(report)


class Fails(Rows):
    """Fails on all rules of a batch for the sake of one, and on reductions with a period."""

    def evaluate(
        self, rows: DifferentialRows, rules: Sequence[Expression], /
    ) -> Sequence[Sequence[Any] | EngineRefused]:
        """Answer rules."""
        if any("i_first" in fields_of(rule) for rule in rules):
            raise OverflowError("too large")
        return super().evaluate(rows, rules)

    def reduce(
        self, rows: DifferentialRows, questions: Sequence[DifferentialQuestion], /
    ) -> Sequence[Reduced | EngineRefused]:
        """Answer reductions."""
        if any(one.during is not None for one in questions):
            raise OverflowError("too long")
        return super().reduce(rows, questions)


def test_a_failure_is_a_mismatch_of_the_rule_that_fails() -> None:
    """The other rules of the batch are compared all the same."""
    report = differential(Fails(), cells=20_000, rows=30)
    assert 0 < report.mismatches < report.cells / 2
    found = {str(one.found) for one in report.examples}
    assert found & {"too large", "OverflowError('too long')"}
    assert all(
        one.asked == "i_first is null" or "i_first" in one.asked or " during " in one.asked
        for one in report.examples
    )


def test_rows_have_every_awkward_value() -> None:
    """Nulls, ties, the first and last day, long decimals, many scripts and empty sets come up."""
    rows = random_rows(chance(0), 400)
    many = [random_rows(chance(seed), 400) for seed in range(40)]
    assert len(rows) == 400
    assert rows.row(3)["id"] == "R0000003"
    assert len(set(rows.by_name["id"])) == 400
    seen = {
        name: {one for some in many for one in some.by_name[name]} for name in rows.schema.names
    }
    assert all(None in values for name, values in seen.items() if name != "id")
    assert {date(1900, 1, 1), date(2199, 12, 31)} <= seen["d_first"]
    assert datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC) in seen["i_first"]
    assert {"", "华东", "e\u0301", "é"} <= seen["t_first"]
    assert frozenset() in seen["tags"]
    numbers = [one for name in ("n_0", "n_3") for one in seen[name] if one is not None]
    assert max(len(one.as_tuple().digits) for one in numbers) > 30
    assert not any(one.is_signed() and not one for one in numbers)
    assert any(len(set(some.by_name["t_first"])) < 5 for some in many)


def test_rules_are_of_every_kind_and_type() -> None:
    """Each kind of node comes up, and each type but tags."""
    rows = random_rows(chance(1), 50)
    made = RandomRules(chance(2), rows)
    rules = [made.rule() for _ in range(600)]
    assert {check_types(rule, rows.schema) for rule in rules} == set(RuleType) - {RuleType.TAGS}
    text = repr(rules)
    nodes = ("Between", "Coalesce", "Conditional", "DaysBetween", "Disjunction", "Membership")
    assert all(f"{name}(" in text for name in (*nodes, "Negation", "NullTest", "Rounded"))
    assert all(f"{name}(" in text for name in ("TagTest", "TextTest", "Arithmetic", "Literal"))
    assert Conjunction(()) in rules or "Conjunction(parts=())" in text


def test_reductions_are_of_every_aggregate_and_key() -> None:
    """Each aggregate comes up, each kind of key, and periods of calendars and of free days."""
    rows = random_rows(chance(1), 50)
    asked = [random_question(chance(seed), rows) for seed in range(200)]
    measures = [measure for one in asked for measure in one.reduction.measures]
    assert {one.aggregate for one in measures} == set(Aggregate)
    keys = {key for one in asked for key in one.reduction.keys}
    assert keys >= {"t_first", "t_choice", "b_first", "d_first", "year", "month", "week"}
    periods = [one.during for one in asked if one.during is not None]
    assert {one.unit is None for one in periods} == {True, False}
    assert len({one.calendar.name for one in asked}) == 3


def test_a_question_says_in_one_line_what_is_asked() -> None:
    """A reader sees aggregates, rules, keys, date, period and calendar."""
    measure = Measure(
        name="m",
        table="sales_lines",
        aggregate=Aggregate.SUM,
        of=FieldRef("net_amount"),
        where=FieldRef("is_free"),
        date="sold_on",
    )
    count = Measure(name="n", table="sales_lines", aggregate=Aggregate.COUNT, date="sold_on")
    reduction = Reduction(
        name="r", table="sales_lines", keys=("region", "month"), measures=(measure, count)
    )
    calendar = Calendar()
    question = DifferentialQuestion(
        reduction=reduction, calendar=calendar, during=calendar.parse("2017-Q1")
    )
    assert str(question) == (
        "sum of net_amount where is_free; count of rows by region, month placed by sold_on "
        "during 2017-Q1 (gregorian)"
    )


def test_a_mismatch_reads_as_a_sentence() -> None:
    """Rule, row and both answers stand in one line."""
    one = Mismatch(asked="a < 2", row=(("a", Decimal(1)),), expected=True, found=None)
    assert str(one) == "a < 2 on {'a': Decimal('1')}: expected True, found None"
