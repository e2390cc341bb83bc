"""Rules in SQL: the same answers as in Python, from each database."""

import sqlite3
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.frames.sql_cases import (
    DIGITS,
    ROWS,
    RULES,
    answerable,
    database,
    few_of_each,
    mismatches,
)
from tests.frames.sql_databases import fitted, postgres_database, sqlite_database
from tests.testing.seeded import many

from salescore.errors import EngineRefused, RuleTypeError, UnknownName
from salescore.frames import Dialect, Digits, SqlStatement, sql_rule
from salescore.rules import (
    EXAMPLE_ROW,
    EXAMPLE_TABLE,
    Arithmetic,
    Branch,
    Coalesce,
    Comparator,
    Comparison,
    Conditional,
    Conjunction,
    Expression,
    F,
    FieldRef,
    Literal,
    Membership,
    Negation,
    NullTest,
    Operator,
    Rounded,
    RuleType,
    TagMatch,
    TagTest,
    evaluate,
)
from salescore.testing import rows, rules
from salescore.values import Rounding

pytestmark = pytest.mark.engine

EVERY = [
    Dialect.SQLITE,
    Dialect.DUCKDB,
    Dialect.POSTGRES,
    pytest.param(Dialect.SPARK, marks=pytest.mark.slow),
]
FAST = [Dialect.SQLITE, Dialect.DUCKDB]

_ANY_RULE = st.one_of(
    [rules(EXAMPLE_TABLE, kind) for kind in RuleType if kind is not RuleType.TAGS]
)


def _can_be_kept(row: dict[str, Any]) -> bool:
    return not any("\x1f" in tag for tag in row["tags"] or ())


_ROWS = rows(EXAMPLE_TABLE).filter(_can_be_kept).map(lambda row: fitted(row, DIGITS))


def _has_nul(row: dict[str, Any]) -> bool:
    return any("\0" in (text or "") for text in (row["region"], *(row["tags"] or ())))


@pytest.mark.parametrize("dialect", EVERY)
def test_every_operator_answers_as_python_does(
    dialect: Dialect, request: pytest.FixtureRequest
) -> None:
    """Each kind of node gives the same value on every row, nulls and ties among them."""
    asked = few_of_each(RULES) if dialect is Dialect.SPARK else RULES
    assert len(asked) > 60
    with database(dialect, request) as db:
        taken, refused = answerable(asked, db)
        assert mismatches(taken, db, ROWS) == []
        assert refused == []


@pytest.mark.parametrize("dialect", FAST)
def test_any_rule_answers_as_python_does(dialect: Dialect, request: pytest.FixtureRequest) -> None:
    """Random rules of every type give the same value on random rows."""
    with database(dialect, request) as db:

        @settings(suppress_health_check=list(HealthCheck))
        @given(_ANY_RULE, st.lists(_ROWS, min_size=1, max_size=8))
        def agrees(rule: Expression, some: list[dict[str, Any]]) -> None:
            taken, _ = answerable([rule], db)
            assert mismatches(taken, db, some) == []

        agrees()


@pytest.mark.parametrize(
    ("dialect", "count"),
    [(Dialect.POSTGRES, 400), pytest.param(Dialect.SPARK, 60, marks=pytest.mark.slow)],
)
def test_many_rules_answer_as_python_does(
    dialect: Dialect, count: int, request: pytest.FixtureRequest
) -> None:
    """Batches of random rules give the same values on random rows where a question costs more."""
    found: list[Expression] = []
    some: list[dict[str, Any]] = []
    many(_ANY_RULE, found.append, count)
    many(_ROWS, some.append, 60)
    if dialect is Dialect.POSTGRES:
        some = [row for row in some if not _has_nul(row)]
    with database(dialect, request) as db:
        taken, _ = answerable(found, db)
        assert len(taken) > 0.9 * count
        assert mismatches(taken, db, some) == []


def _nested(act: Any, leaf: Expression, times: int = 30) -> Expression:  # noqa: ANN401 - what builds
    for _ in range(times):
        leaf = act(leaf)
    return leaf


_ORDERS, _ONE = FieldRef("orders"), Literal(Decimal(1))
_LARGE = Comparison(Comparator.GT, _ORDERS, _ONE)
_DEEP = {
    "sums": _nested(lambda part: Arithmetic(Operator.ADD, _ONE, part), _ORDERS),
    "differences": _nested(lambda part: Arithmetic(Operator.SUBTRACT, part, _ORDERS), _ORDERS),
    "rounded": _nested(
        lambda part: Rounded(
            Arithmetic(Operator.ADD, part, Literal(Decimal("0.5"))), 0, Rounding.HALF_EVEN
        ),
        _ORDERS,
        15,
    ),
    "joined": _nested(lambda part: Conjunction((_LARGE, part, _LARGE)), _LARGE),
    "negated": _nested(Negation, _LARGE),
    "null": _nested(NullTest, _LARGE),
    "chosen": _nested(lambda part: Conditional((Branch(_LARGE, part),), _ONE), _ORDERS),
    "doubled": _nested(lambda part: Conditional((Branch(part, _LARGE),), part), _LARGE, 8),
    "first": _nested(lambda part: Coalesce((part, _ORDERS)), _ORDERS),
    "compared": _nested(lambda part: Comparison(Comparator.EQ, _LARGE, part), _LARGE),
    "members": _nested(lambda part: Membership(part, (Literal(True),)), _LARGE),
    "wide": Conjunction((_LARGE,) * 600),
    "many firsts": Coalesce((_ORDERS,) * 1500),
}


@pytest.mark.parametrize("dialect", [Dialect.SQLITE, Dialect.DUCKDB, Dialect.POSTGRES])
@pytest.mark.parametrize("name", _DEEP)
def test_a_rule_at_the_limits_can_be_read_by_the_database(
    dialect: Dialect, name: str, request: pytest.FixtureRequest
) -> None:
    """Thirty levels and hundreds of parts overflow no parser, not even SQLite's of 100 places."""
    with database(dialect, request) as db:
        assert mismatches([_DEEP[name]], db, ROWS[:12]) == []


@pytest.mark.parametrize("dialect", EVERY)
def test_a_long_list_is_asked_whole(dialect: Dialect, request: pytest.FixtureRequest) -> None:
    """Options and tags by the thousand are all looked at."""
    many_of = 60 if dialect is Dialect.SPARK else 2000
    texts = tuple(Literal(f"no {place}") for place in range(many_of))
    numbers = tuple(Literal(Decimal(place)) for place in range(4000, 4000 + many_of))
    tags = tuple(f"no {place}" for place in range(many_of // 5))
    asked: list[Expression] = [
        Membership(FieldRef("region"), (*texts, Literal("华东"), Literal("\\"))),
        Membership(FieldRef("region"), texts),
        Membership(FieldRef("orders"), (*numbers, Literal(Decimal(-9999)))),
        TagTest(TagMatch.ANY, FieldRef("tags"), (*tags, "old")),
        TagTest(TagMatch.NONE, FieldRef("tags"), tags),
    ]
    with database(dialect, request) as db:
        assert mismatches(asked, db, ROWS) == []


def test_no_value_stands_in_the_text() -> None:
    """What a rule is written with is bound; only names, signs and numbers of digits are text."""
    hostile = "'); DROP TABLE kept; --"
    rule = (F.region == hostile) & (F.revenue > Decimal("41.77")) | F.region.contains(hostile)
    for dialect in Dialect:
        statement = sql_rule(rule, EXAMPLE_TABLE, dialect, digits=DIGITS)
        assert "DROP" not in statement.text
        assert "41.77" not in statement.text
        sign = "%s" if dialect is Dialect.POSTGRES else "?"
        assert statement.text.count(sign) == len(statement.parameters) == 3


def test_a_rule_stands_beside_an_alias() -> None:
    """With the name of its table each column says where it is from."""
    statement = sql_rule(F.orders.is_null(), EXAMPLE_TABLE, Dialect.POSTGRES, alias="x.y")
    assert statement == SqlStatement('("x.y"."orders" IS NULL)')


def test_what_does_not_fit_the_fields_is_refused() -> None:
    """A name that the schema lacks and a type that does not fit never become text."""
    for dialect in Dialect:
        with pytest.raises(UnknownName):
            sql_rule(F.rowid == "1", EXAMPLE_TABLE, dialect)
        with pytest.raises(RuleTypeError):
            sql_rule(F.region > 1, EXAMPLE_TABLE, dialect)


@pytest.mark.parametrize("dialect", [Dialect.DUCKDB, Dialect.SPARK])
def test_what_38_digits_do_not_hold_is_refused_by_name(dialect: Dialect) -> None:
    """A sum, a product or a comparison that no decimal there holds names engine and rule."""
    for rule in (F.revenue + F.wallet, F.revenue * F.wallet, F.revenue < F.wallet * 10**18):
        with pytest.raises(EngineRefused) as refused:
            sql_rule(rule, EXAMPLE_TABLE, dialect)
        assert refused.value.engine == dialect.value
        assert "digits" in refused.value.fault
    both = {"revenue": Digits(30, 0), "wallet": Digits(1, 12)}
    with pytest.raises(EngineRefused, match="one decimal must hold both sides"):
        sql_rule(F.revenue < F.wallet, EXAMPLE_TABLE, dialect, digits=both)


def test_spark_refuses_what_it_would_cut() -> None:
    """Where Spark's own type of a result drops digits in silence, the rule is refused."""
    digits = {"revenue": Digits(10, 9), "wallet": Digits(10, 9)}
    with pytest.raises(EngineRefused, match="39 digits"):
        sql_rule(F.revenue * F.wallet, EXAMPLE_TABLE, Dialect.SPARK, digits=digits)
    assert sql_rule(F.revenue * F.wallet, EXAMPLE_TABLE, Dialect.DUCKDB, digits=digits)
    wide = {"revenue": Digits(30, 0), "orders": Digits(0, 8)}
    halved = Conditional((Branch(F.is_active.tree, F.revenue.tree),), Literal(Decimal(1)))
    with pytest.raises(EngineRefused, match="round a side"):
        sql_rule(
            Arithmetic(Operator.ADD, halved, F.orders.tree),
            EXAMPLE_TABLE,
            Dialect.SPARK,
            digits=wide,
        )


def test_a_text_that_a_database_cannot_hold_is_refused() -> None:
    """No lone surrogate anywhere, and no NUL as a value of its own on Postgres."""
    for dialect in Dialect:
        with pytest.raises(EngineRefused, match="Unicode"):
            sql_rule(F.region == "\ud800", EXAMPLE_TABLE, dialect)
        with pytest.raises(EngineRefused, match="Unicode"):
            sql_rule(F.region.contains("\ud800"), EXAMPLE_TABLE, dialect)
    chosen = Coalesce((FieldRef("region"), Literal("a\0b")))
    with pytest.raises(EngineRefused, match="NUL"):
        sql_rule(chosen, EXAMPLE_TABLE, Dialect.POSTGRES)
    assert sql_rule(chosen, EXAMPLE_TABLE, Dialect.SQLITE).parameters == ("a\0b",)


def test_a_missing_column_is_an_error_and_no_text() -> None:
    """SQLite takes an unknown name in double quotes for a text; ours it does not."""
    statement = sql_rule(F.region == "region", EXAMPLE_TABLE, Dialect.SQLITE)
    with sqlite_database() as db:
        db.keep(EXAMPLE_TABLE, [dict(EXAMPLE_ROW)])
        db.execute_alone("ALTER TABLE kept DROP COLUMN region")
        with pytest.raises(sqlite3.OperationalError, match="no such column"):
            db.execute(f"SELECT {statement.text} FROM kept", statement.parameters)  # noqa: S608 - tested


def test_a_rule_filters_rows() -> None:
    """In WHERE what is unknown is not taken."""
    rule = (F.orders >= 3).tree
    statement = sql_rule(rule, EXAMPLE_TABLE, Dialect.SQLITE)
    text = f"SELECT COUNT(*) FROM kept WHERE {statement.text}"  # noqa: S608 - tested
    with sqlite_database() as db:
        db.keep(EXAMPLE_TABLE, ROWS)
        ((found,),) = db.execute(text, statement.parameters)
    assert found == sum(evaluate(rule, row) is True for row in ROWS) > 0


def test_texts_sort_by_code_point_whatever_the_column_says(postgres_url: str) -> None:
    """A column of Postgres in the order of a language is compared by code point all the same."""
    letters = ["a", "B", "z", "É", "é", "_", None]
    asked = [F.region < "a", F.region >= "Z", F.region.between("A", "z"), F.region == "É"]
    with postgres_database(postgres_url) as db:
        db.keep(EXAMPLE_TABLE, [{**EXAMPLE_ROW, "region": one} for one in letters])
        db.execute_alone('ALTER TABLE kept ALTER COLUMN region TYPE TEXT COLLATE "default"')
        found = db.answers([one.tree for one in asked], EXAMPLE_TABLE)
    assert found == [[evaluate(one, {"region": text}) for text in letters] for one in asked]
