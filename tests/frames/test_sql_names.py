"""Hostile names and texts: they stay names and texts, and change nothing."""

from typing import Any

import pytest
from tests.frames.sql_cases import database

from salescore.errors import EngineRefused
from salescore.frames import (
    Dialect,
    Digits,
    SqlStatement,
    run_reduction,
    sql_columns,
    sql_rule,
    sql_table,
)
from salescore.metrics import Aggregate, Measure, Reduction
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import (
    Comparator,
    Comparison,
    Conjunction,
    Expression,
    FieldRef,
    Literal,
    Membership,
    TagMatch,
    TagTest,
    TextMatch,
    TextTest,
    evaluate,
)

pytestmark = pytest.mark.engine

EVERY = [
    Dialect.SQLITE,
    Dialect.DUCKDB,
    Dialect.POSTGRES,
    pytest.param(Dialect.SPARK, marks=pytest.mark.slow),
]

NAMES = (
    'quote"d',
    "o'clock",
    "back`tick",
    "semi; DROP TABLE kept; --",
    "per%cent %s %(a)s %%",
    "colon :name",
    "what?",
    "back\\slash",
    "brace{}s {0}",
    "dollar $1",
    "/* comment */",
    "line\nbreak",
    "select",
    "区域",
    "dot.ted",
    "salescore_value",
)
TEXTS = (
    *NAMES,
    "'; DELETE FROM kept; --",
    "\\' OR 1=1 --",
    "%",
    "_",
    "\\u0041",
    "\\n",
    "${x}",
    "a\0b",
    '","',
    "{fn now()}",
)
_TABLE = 'ke"pt`; %s {} :x ?'


def _field(name: str, kind: Kind = Kind.TEXT, *, is_set: bool = False) -> Field:
    return Field(name=name, kind=kind, nullable=True, labels=("A", "甲"), is_set=is_set)


_SCHEMA = FieldTable(
    name="hostile",
    fields=(*map(_field, NAMES), _field("%n", Kind.DECIMAL), _field("t;a'g`s", is_set=True)),
)


def _rows(texts: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {
            **{name: texts[(at + place) % len(texts)] for place, name in enumerate(NAMES)},
            "%n": None,
            "t;a'g`s": frozenset({texts[at], texts[at - 1]}),
        }
        for at in range(len(texts))
    ]


def _questions() -> list[Expression]:
    found: list[Expression] = []
    for name in NAMES:
        ref = FieldRef(name)
        for text in TEXTS[::3]:
            found += [
                Comparison(Comparator.EQ, ref, Literal(text)),
                Comparison(Comparator.LT, ref, Literal(text)),
                TextTest(TextMatch.CONTAINS, ref, text),
            ]
        found.append(Membership(ref, tuple(map(Literal, TEXTS))))
    found += [TextTest(match, FieldRef(NAMES[0]), text) for match in TextMatch for text in TEXTS]
    found += [TagTest(TagMatch.ANY, FieldRef("t;a'g`s"), (text,)) for text in TEXTS]
    return found


@pytest.mark.parametrize("dialect", EVERY)
def test_hostile_names_and_texts_change_nothing(
    dialect: Dialect, request: pytest.FixtureRequest
) -> None:
    """Quotes, semicolons, signs of parameters, backslashes and NUL are letters like any other."""
    texts = tuple(text for text in TEXTS if dialect is not Dialect.POSTGRES or "\0" not in text)
    rows, rules = _rows(texts), _questions()
    if dialect is Dialect.SPARK:
        rules = rules[::4]
    digits = {"%n": Digits(4, 0)}
    with database(dialect, request) as db:
        db.keep(_SCHEMA, rows, digits=digits)
        for first in range(0, len(rules), 40):
            some = rules[first : first + 40]
            found = db.answers(some, _SCHEMA, digits=digits)
            assert found == [[evaluate(rule, row) for row in rows] for rule in some]
        ((left,),) = db.execute("SELECT COUNT(*) FROM kept", ())
        assert left == len(rows)


def test_hostile_names_reach_no_reduction_as_sql() -> None:
    """Names of tables, keys, measures and columns are quoted wherever they stand."""
    schema = FieldTable(name="customers", fields=_SCHEMA.fields)
    measure = Measure(
        name="'; DROP TABLE x; --", table="customers", aggregate=Aggregate.COUNT, of=FieldRef("%n")
    )
    reduction = Reduction(
        name='"',
        table="customers",
        measures=[measure],
        keys=("brace{}s {0}", "per%cent %s %(a)s %%"),
    )
    asked: list[tuple[str, Any]] = []

    def execute(text: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        asked.append((text, parameters))
        return []

    for dialect in Dialect:
        run_reduction(execute, reduction, schema, dialect, table_name=_TABLE)
        text, parameters = asked.pop()
        assert "DROP" not in text
        assert parameters == ()
        if dialect is Dialect.POSTGRES:
            # The driver reads two per cent signs as one, and one as the start of a parameter.
            assert "%" not in text.replace("%%", "")
            text = text.replace("%%", "%")
        mark = "`" if dialect in (Dialect.SQLITE, Dialect.SPARK) else '"'
        assert mark + _TABLE.replace(mark, mark * 2) + mark in text
        assert f"{mark}brace{{}}s {{0}}{mark}" in text


# Spark's own catalogue takes letters, digits and underscores alone as names of tables.
@pytest.mark.parametrize("dialect", [Dialect.SQLITE, Dialect.DUCKDB, Dialect.POSTGRES])
def test_a_hostile_table_is_made_and_reduced(
    dialect: Dialect, request: pytest.FixtureRequest
) -> None:
    """What `sql_table` makes under such a name, a reduction finds there."""
    schema = FieldTable(name="customers", fields=_SCHEMA.fields)
    counted = Measure(name="n", table="customers", aggregate=Aggregate.COUNT)
    reduction = Reduction(name="n", table="customers", measures=[counted], keys=(NAMES[4],))
    with database(dialect, request) as db:
        made = sql_table(schema, dialect, table_name=_TABLE)
        # Beside no parameters the driver takes per cent signs as they are.
        db.execute_alone(made)
        found = run_reduction(db.execute, reduction, schema, dialect, table_name=_TABLE)
    assert found.keys == ()


def test_names_that_a_database_cannot_have_are_refused() -> None:
    """An empty name, NUL, half a character, and what Postgres would cut in silence."""
    for dialect in Dialect:
        for name in ("", "a\0b", "\ud800"):
            schema = FieldTable(name="t", fields=(_field(name),))
            with pytest.raises(EngineRefused, match="a name"):
                sql_rule(FieldRef(name), schema, dialect)
    long = FieldTable(name="t", fields=(_field("区" * 22),))
    with pytest.raises(EngineRefused, match="63 bytes"):
        sql_columns(long, Dialect.POSTGRES)
    assert sql_columns(long, Dialect.SQLITE) == (("`" + "区" * 22 + "`", "TEXT"),)


def test_names_that_differ_by_case_alone_are_refused_where_case_does_not_count() -> None:
    """Only Postgres tells them apart once they are quoted."""
    schema = FieldTable(name="t", fields=(_field("Name"), _field("name")))
    for dialect in (Dialect.SQLITE, Dialect.DUCKDB, Dialect.SPARK):
        with pytest.raises(EngineRefused, match="letter case"):
            sql_columns(schema, dialect)
    assert len(sql_columns(schema, Dialect.POSTGRES)) == 2


def test_a_statement_keeps_its_parameters_in_their_places() -> None:
    """Parameters come in the order in which their signs stand."""
    rule = Conjunction(
        (
            Comparison(Comparator.EQ, Literal("1"), FieldRef("select")),
            Comparison(Comparator.EQ, FieldRef("select"), Literal("2")),
        )
    )
    assert sql_rule(rule, _SCHEMA, Dialect.SQLITE) == SqlStatement(
        "((`select` COLLATE BINARY = ?) AND (`select` COLLATE BINARY = ?))", ("1", "2")
    )
