from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.frames.engine_cases import (
    CASES,
    ENGINES,
    answers,
    columns_of,
    native_of,
    right_answers,
    row,
    rows_of,
)

from salescore import testing
from salescore.errors import EngineRefused, InvalidFrame, RuleTypeError, UnknownName
from salescore.frames import Digits, frame_expression, native_frame, open_frame
from salescore.rules import (
    Arithmetic,
    Branch,
    Comparator,
    Comparison,
    Conditional,
    Conjunction,
    Disjunction,
    Expression,
    F,
    FieldRef,
    Literal,
    Membership,
    Operator,
    RuleType,
    TagMatch,
    TagTest,
    Term,
    coalesce,
    days_between,
    evaluate,
    rule_text,
    when,
)
from salescore.values import Rounding

pytestmark = pytest.mark.engine

D = Decimal
NOON = datetime(2024, 1, 1, tzinfo=UTC)
LEAP = date(2024, 2, 29)
COMPARED: list[tuple[Any, Any]] = [
    (FieldRef("amount"), Literal(D("1.10"))),
    (FieldRef("amount"), Literal(D("1.095"))),
    (FieldRef("amount"), Literal(D("-0.005"))),
    (FieldRef("amount"), Literal(D("1E+20"))),
    (FieldRef("amount"), Literal(D("-1E+20"))),
    (Literal(D("0.125")), FieldRef("rate")),
    (FieldRef("amount"), FieldRef("rate")),
    (FieldRef("amount"), FieldRef("gone")),
    (FieldRef("gone"), Literal(D(1))),
    (FieldRef("count"), FieldRef("amount")),
    (FieldRef("region"), Literal("West")),
    (FieldRef("region"), FieldRef("note")),
    (FieldRef("region"), FieldRef("lost")),
    (FieldRef("day"), Literal(LEAP)),
    (Literal(LEAP), FieldRef("due")),
    (FieldRef("day"), FieldRef("due")),
    (FieldRef("at"), Literal(NOON)),
    (FieldRef("at"), FieldRef("at")),
]
COMPARISONS = [
    Comparison(comparator, left, right) for left, right in COMPARED for comparator in Comparator
] + [
    Comparison(comparator, FieldRef("hot"), right)
    for right in (Literal(value=True), FieldRef("cold"))
    for comparator in (Comparator.EQ, Comparator.NE)
]
HOT, COLD = FieldRef("hot"), FieldRef("cold")
TRUTHS: list[Term | Expression] = [
    F.hot & F.cold,
    F.hot | F.cold,
    ~F.hot,
    ~(F.hot & F.cold) | F.amount.is_null(),
    Conjunction(()),
    Disjunction(()),
    Conjunction((HOT,)),
    Disjunction((COLD,)),
    Conjunction((HOT, COLD, HOT, COLD, HOT)),
    Disjunction(
        tuple(Comparison(Comparator.EQ, FieldRef("count"), Literal(D(n))) for n in range(99))
    ),
    F.hot.is_null(),
    (F.hot & F.cold).is_null(),
    F.gone.is_null(),
    ~F.lost.is_null() | F.hot,
    F.amount.between(0, D("1.10")),
    F.amount.between(F.rate, 5),
    F.amount.between(F.gone, 0),
    F.region.between("W", "Westend"),
    F.day.between(LEAP, F.due),
    F.at.between(NOON, NOON),
]
LONG = Membership(FieldRef("count"), tuple(Literal(D(n)) for n in range(10_000)))
MEMBERS: list[Term | Expression] = [
    F.amount.is_in([D("1.1"), D("1.10"), D("99999999.99")]),
    F.amount.is_in([D("1.105"), D("1E+30")]),
    F.count.is_in([0, 3, D("0.5")]),
    F.region.is_in(["West", "华东", "\U0001d4b3", "100%_.\\"]),
    F.note.is_in(["a\x00b", "\ue000"]),
    F.kind.is_in(["old"]),
    F.day.is_in([LEAP, date(2023, 3, 1)]),
    F.at.is_in([NOON]),
    F.hot.is_in([True]),
    F.hot.is_in([False]),
    F.hot.is_in([True, False]),
    F.lost.is_in(["a"]),
    F.gone.is_in([1]),
    *(Membership(FieldRef(name), ()) for name in ("amount", "region", "day", "at", "hot", "lost")),
    LONG,
]
TEXTS: list[Term | Expression] = [
    test
    for text in ("", "West", "st", "东", "%", "100%_.\\", "\\", ".", "\x00", "\U0001d4b3", "W")
    for test in (F.region.starts_with(text), F.region.contains(text), F.region.ends_with(text))
] + [F.note.contains("\x00"), F.lost.contains("a"), F.lost.starts_with("")]
TAGS: list[Term | Expression] = [
    TagTest(match, FieldRef("tags"), tags)
    for match in TagMatch
    for tags in (
        (),
        ("a",),
        ("b", "a", "a"),
        ("a", "c"),
        ("",),
        ("\U0001d4b3",),
        ("a\x1fb",),
        ("a\x1fb", "a"),
    )
] + [F.tags.is_null()]
NUMBERS: list[Term | Expression] = [
    FieldRef("amount"),
    F.amount + F.rate,
    F.amount - F.rate,
    F.rate - F.amount,
    F.amount * F.rate,
    F.count * F.count,
    F.amount * F.amount * F.amount,
    F.amount * F.rate + F.count * 2 - D("0.5"),
    D("1.005") - F.amount,
    F.amount * 0,
    F.amount + F.gone,
    F.gone * 2,
    days_between(F.day, F.due),
    days_between(F.day, LEAP) + 1,
    days_between(LEAP, F.day) * F.rate,
    coalesce(F.amount, F.rate),
    coalesce(F.gone, F.rate, F.count, 7),
    coalesce(F.amount),
    when((F.hot, F.amount), (F.cold, F.rate)),
    when((F.hot, F.amount), otherwise=F.count),
    when((F.hot, D("0.1234567")), otherwise=F.count),
    when((F.amount > F.rate, F.gone), otherwise=F.count),
]
CHOSEN: list[Term | Expression] = [
    when((F.hot, "a"), (F.cold, F.region)),
    when((F.hot, "a"), otherwise="b"),
    when((F.hot, LEAP), otherwise=F.day),
    when((F.hot, NOON), otherwise=F.at),
    when((F.hot, NOON)),
    when((F.hot, LEAP)),
    when((F.hot, True), otherwise=F.cold),
    when((F.hot, F.cold)),
    when((F.hot & F.cold, F.lost), otherwise=F.region),
    when((F.amount.is_null(), "none"), otherwise="some"),
    coalesce(F.note, F.region, "none"),
    coalesce(F.lost, F.region),
    coalesce(F.day, F.due, LEAP),
    coalesce(F.at, NOON),
    coalesce(F.hot, F.cold, False),
    Conditional(
        tuple(
            Branch(Comparison(Comparator.LT, FieldRef("count"), Literal(D(n))), Literal(f"< {n}"))
            for n in range(-2, 100)
        ),
        Literal("more"),
    ),
]
EARLY: list[Term | Expression] = [
    F.day.is_in([LEAP, date(1, 1, 1)]),
    F.at.is_in([NOON, datetime(1, 1, 1, tzinfo=UTC)]),
    F.at > datetime(1582, 10, 14, tzinfo=UTC),
    when((F.hot, date(999, 12, 31))),
]
CONSTANT: list[Term | Expression] = [
    Literal(value=True),
    Literal("West"),
    Literal(D("1E+3")),
    Literal(LEAP),
    Literal(NOON),
    FieldRef("gone"),
    FieldRef("lost"),
    coalesce(F.gone, 5),
    coalesce(F.lost, "x"),
    when((F.gone > 1, NOON)),
    F.gone + 1,
    F.gone > 1,
]
ROUNDED: list[Term | Expression] = [
    one.rounded(digits, mode)
    for one in (F.amount, F.rate, F.amount * F.rate, F.count)
    for digits in (0, 1, 2, 18)
    for mode in Rounding
]


GROUPS: dict[str, list[Any]] = {
    "comparisons": COMPARISONS,
    "truths": TRUTHS,
    "members": MEMBERS,
    "texts": TEXTS,
    "tags": TAGS,
    "numbers": NUMBERS,
    "chosen": CHOSEN,
    "constant": CONSTANT,
    "early": EARLY,
    "rounded": ROUNDED,
}


def check(native: Any, rules: list[Any]) -> None:  # noqa: ANN401 - any dataframe
    """Hold what an engine answers against what Python does."""
    got = answers(native, rules)
    for rule, mine, right in zip(rules, got, right_answers(rules), strict=True):
        assert mine == right, rule


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", GROUPS)
def test_every_node_answers_as_python_does(engine: str, name: str) -> None:
    """On rows with nulls, ties, other scripts and extreme dates no engine differs from Python."""
    check(native_of(engine), GROUPS[name])


@pytest.mark.slow
def test_spark_answers_as_python_does(spark: Any) -> None:  # noqa: ANN401 - a session
    """Spark answers every kind of node as Python does, and refuses constants that it would move."""
    native = native_of("spark", session=spark)
    short = [rule for rule in MEMBERS if rule is not LONG]
    check(native, [*COMPARISONS[::2], *TRUTHS, *short, *TEXTS, *TAGS])
    check(native, [*NUMBERS, *CHOSEN, *CONSTANT, *ROUNDED[::5]])
    for rule in EARLY:
        with pytest.raises(EngineRefused, match="no constant before"):
            answers(native, [rule])


def wide_of(engine: str, **columns: Any) -> Any:  # noqa: ANN401 - any dataframe
    """Return Arrow columns as a dataframe of an engine."""
    table = pa.table(columns)
    match engine:
        case "polars":
            return pl.from_arrow(table)
        case "polars-lazy":
            return pl.from_arrow(table).lazy()
        case "duckdb":
            return duckdb.connect().from_arrow(table)
        case "pandas":
            return table.to_pandas(types_mapper=pd.ArrowDtype)
        case _:
            return table


def decimals(*values: str | None, digits: tuple[int, int] = (38, 18)) -> pa.Array:
    """Return an Arrow column of decimals."""
    return pa.array([None if one is None else D(one) for one in values], pa.decimal128(*digits))


@pytest.mark.parametrize("engine", ENGINES)
def test_frames_without_rows_have_no_answers(engine: str) -> None:
    """A frame without rows is answered without an error, also where bounds are measured."""
    wide = wide_of(engine, amount=decimals(), count=pa.array([], pa.int64()))
    assert answers(native_of(engine, ()), [F.region == "West", F.amount + F.rate]) == [[], []]
    assert answers(wide, [F.amount * F.amount + F.count]) == [[]]


@pytest.mark.parametrize("engine", ENGINES)
def test_bounds_are_measured_where_a_type_is_too_wide(engine: str) -> None:
    """A product of columns of 38 digits is exact where their numbers are small."""
    native = wide_of(
        engine,
        amount=decimals("1.10", None, "-2.5"),
        rate=decimals("0.125", "3", "99999.999999999999999999"),
        count=decimals("9" * 17, None, "-1", digits=(38, 0)),
    )
    found = frame_expression(F.amount * F.count, open_frame(native, CASES))
    assert found.digits == Digits(18, 18)
    rows = [
        row(amount=D("1.10"), rate=D("0.125"), count=D("9" * 17)),
        row(rate=D(3)),
        row(amount=D("-2.5"), rate=D("99999.999999999999999999"), count=D(-1)),
    ]
    rules = [
        F.amount * F.count,
        F.amount + F.count * 2 + F.rate,
        F.count > F.amount,
        F.amount + F.count,
        F.amount.rounded(17, Rounding.HALF_EVEN),
    ]
    assert answers(native, rules) == right_answers(rules, rows)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_needs_too_many_digits_is_refused_by_name(engine: str) -> None:
    """A product whose digits no decimal holds names the engine, the rule and a way out."""
    native = wide_of(engine, amount=decimals("0.000000000000000001", "9"), rate=decimals("1", "2"))
    with pytest.raises(EngineRefused) as caught:
        answers(native, [F.amount * F.rate * F.rate])
    name = engine.removesuffix("-lazy")
    assert caught.value.engine == name
    assert "amount * rate" in caught.value.question
    assert "round its parts" in caught.value.fault
    assert str(caught.value).startswith(f"{name} cannot answer")


@pytest.mark.parametrize("engine", ENGINES)
def test_the_last_digit_is_used_where_an_engine_has_it(engine: str) -> None:
    """A result of 38 digits is exact, or refused by engines that would need one digit more."""
    nines, most = "9" * 19, "4" + "0" * 37
    product = wide_of(
        engine, amount=decimals(nines, digits=(19, 0)), rate=decimals(nines, digits=(19, 0))
    )
    total = wide_of(engine, amount=decimals(most, digits=(38, 0)))
    for native, rule, right in (
        (product, F.amount * F.rate, D(int(nines) ** 2)),
        (total, F.amount + F.amount, D(2 * int(most))),
    ):
        if engine in ("pyarrow", "pandas"):
            with pytest.raises(EngineRefused, match="decimal of 39 digits"):
                answers(native, [rule])
        else:
            assert answers(native, [rule]) == [[right]]


@pytest.mark.parametrize("engine", ENGINES)
def test_numbers_of_38_digits_are_compared_exactly(engine: str) -> None:
    """A constant may have any size and any digits, and the column all 38."""
    nines = "9" * 38
    native = wide_of(engine, amount=decimals(nines, "-" + nines, "0", None, digits=(38, 0)))
    rows = [row(amount=D(one) if one else None) for one in (nines, "-" + nines, "0", None)]
    rules: list[Any] = [
        Comparison(comparator, FieldRef("amount"), Literal(D(value)))
        for comparator in Comparator
        for value in (nines, "-" + nines, "0", "0.5", "-0.5", "0.000000000000000001")
    ]
    constant = Literal(D(10) ** 37)
    squared = Arithmetic(Operator.MULTIPLY, constant, constant)
    rules += [
        F.amount.is_in([D(nines), 0]),
        F.amount.is_in([D("0.5"), 10**37]),
        F.amount > F.amount,
        when((F.amount > 0, F.amount)),
        Comparison(Comparator.LT, FieldRef("amount"), squared),
        Comparison(Comparator.LT, squared, FieldRef("amount")),
    ]
    assert answers(native, rules) == right_answers(rules, rows)


@pytest.mark.parametrize("engine", ENGINES)
def test_constants_beside_38_places_are_exact(engine: str) -> None:
    """A short constant meets a column of which all places lie behind the point."""
    table = pa.table({"rate": pa.array([D("0.05"), D("-0.005"), None], pa.decimal128(38, 38))})
    native = {
        "polars": lambda: pl.from_arrow(table),
        "polars-lazy": lambda: pl.from_arrow(table).lazy(),
        "duckdb": lambda: duckdb.connect().from_arrow(table),
        "pyarrow": lambda: table,
        "pandas": lambda: table.to_pandas(types_mapper=pd.ArrowDtype),
    }[engine]()
    rules = [F.rate == D("0.05"), F.rate < D("0.05"), F.rate.is_in([D("0.05"), D("-0.005")])]
    assert answers(native, rules) == [
        [True, False, None],
        [False, True, None],
        [True, True, None],
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_sum_beyond_38_digits_is_refused(engine: str) -> None:
    """Where the numbers themselves need 38 digits, there is no room for their sum."""
    native = wide_of(engine, amount=decimals("9" * 38, digits=(38, 0)))
    for rule in (
        F.amount + F.amount,
        F.amount + D("0.5"),
        F.amount * 2,
        coalesce(F.amount, D("0.5")),
    ):
        with pytest.raises(EngineRefused, match="digits"):
            answers(native, [rule])
    fine = wide_of(engine, amount=decimals("9" * 20, digits=(38, 18)))
    with pytest.raises(EngineRefused, match="digits"):
        answers(fine, [F.amount.rounded(0, Rounding.UP)])


@pytest.mark.parametrize("engine", ENGINES)
def test_a_constant_without_room_is_refused(engine: str) -> None:
    """A constant that is the answer itself must fit 38 digits."""
    constant = Literal(D(10) ** 37)
    squared = Arithmetic(Operator.MULTIPLY, constant, constant)
    with pytest.raises(EngineRefused, match="75 digits before"):
        answers(native_of(engine), [squared])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("bits", [8, 16, 32, 64])
def test_whole_numbers_of_every_width_are_numbers(engine: str, bits: int) -> None:
    """Columns of whole numbers, signed or not, reach their ends exactly."""
    ends = [2**bits - 1, 0, None]
    signed = [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1, None]
    kinds = {8: (pa.int8(), pa.uint8()), 16: (pa.int16(), pa.uint16())}
    kinds |= {32: (pa.int32(), pa.uint32()), 64: (pa.int64(), pa.uint64())}
    native = wide_of(
        engine, amount=pa.array(signed, kinds[bits][0]), count=pa.array(ends, kinds[bits][1])
    )
    rows = [
        row(amount=one if one is None else D(one), count=two if two is None else D(two))
        for one, two in zip(signed, ends, strict=True)
    ]
    rules = [
        F.amount + F.count,
        F.amount * (F.count if bits < 64 else 7),
        F.amount < F.count,
        F.count >= 2**bits - 1,
        F.count > -1,
        F.amount == -(2 ** (bits - 1)),
        F.amount <= D("0.5"),
        F.count.is_in([0, 2**bits - 1]),
        F.amount.is_in([0, 2 ** (bits - 1) - 1]),
        coalesce(F.amount, F.count, 1),
        F.count * 1,
    ]
    assert answers(native, rules) == right_answers(rules, rows)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_whole_numbers_of_128_bits_are_measured(engine: str) -> None:
    """Whole numbers of 128 bits are exact where they have at most 38 digits."""
    ends = [10**38 - 1, -(10**38) + 1, None]
    if engine == "polars":
        native: Any = pl.DataFrame({"amount": pl.Series(ends, dtype=pl.Int128)})
    else:
        values = ", ".join(f"({'NULL' if one is None else one}::HUGEINT)" for one in ends)
        native = duckdb.connect().sql(f"SELECT * FROM (VALUES {values}) AS t(amount)")  # noqa: S608
    rows = [row(amount=None if one is None else D(one)) for one in ends]
    rules: list[Any] = [
        F.amount > D("0.5"),
        F.amount == 10**38 - 1,
        F.amount.is_in([10**38 - 1]),
        FieldRef("amount"),
    ]
    assert answers(native, rules) == right_answers(rules, rows)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_text_that_no_engine_takes_is_refused(engine: str) -> None:
    """Half a surrogate pair is refused before the engine sees it."""
    for rule in (F.region == "a\ud800", F.region.contains("\udfff"), F.tags.has_any(["\ud800"])):
        with pytest.raises(EngineRefused, match="half a surrogate pair"):
            answers(native_of(engine), [rule])


def test_what_is_compiled_says_what_it_yields() -> None:
    """A rule on a frame states its type, its digits and whether it reads a column."""
    frame = open_frame(native_of("polars"), CASES, absent_as_null=True)
    product = frame_expression(F.amount * F.rate, frame)
    found = (product.type, product.digits, product.is_constant)
    assert found == (RuleType.NUMBER, Digits(9, 5), False)
    test = frame_expression(F.gone.is_null(), frame)
    assert (test.type, test.digits, test.is_constant) == (RuleType.BOOLEAN, None, True)
    schema = nw.from_native(frame.native).with_columns(x=product.expr).collect_schema()
    assert schema["x"] == nw.Decimal(14, 5)


def test_rules_are_checked_before_they_are_compiled() -> None:
    """Types that do not fit, and fields that are not there, are refused as everywhere."""
    frame = open_frame(native_of("polars"), CASES, columns=["amount"])
    with pytest.raises(RuleTypeError, match="compares number with text"):
        frame_expression(F.amount == "a", frame)
    with pytest.raises(UnknownName, match="amont"):
        frame_expression(F.amont > 1, frame)
    with pytest.raises(InvalidFrame, match="'rate' was not checked"):
        frame_expression(F.rate > 1, frame)


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[Expression]]:
    """Return rows, and rules of every type about them."""
    rows = draw(st.lists(testing.rows(CASES), min_size=1, max_size=8))
    for one in rows:
        one.update(gone=None, lost=None)
    kinds = [kind for kind in RuleType if kind is not RuleType.TAGS]
    return rows, [draw(testing.rules(CASES, kind)) for kind in kinds]


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(questions())
def test_random_rules_answer_as_python_does(
    question: tuple[list[dict[str, Any]], list[Expression]],
) -> None:
    """Whatever rule and rows, an engine answers as Python does or refuses."""
    rows, rules = question
    try:
        native_frame(CASES, columns_of(rows), "pyarrow")
    except InvalidFrame:
        return
    for engine in ENGINES:
        frame = open_frame(native_of(engine, rows), CASES, absent_as_null=True)
        for rule in rules:
            try:
                made = frame_expression(rule, frame)
            except EngineRefused:
                continue
            found = rows_of(frame.nw.with_columns(answer=made.expr).select("answer").to_native())
            right = [evaluate(rule, one) for one in rows]
            assert [one["answer"] for one in found] == right, (engine, rule_text(rule))
