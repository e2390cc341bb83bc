"""Decimals are read strictly and added exactly."""

import decimal
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InexactResult, InvalidNumber, InvalidValue
from salescore.values import (
    EXACT,
    check_decimal,
    decimals_ok,
    exact_sum,
    parse_decimal,
    quotient,
)
from salescore.values._numbers import size_fault

AMOUNTS = st.decimals(min_value=-(10**18), max_value=10**18, allow_nan=False, places=6)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("1234.50", "1234.50"),
        (" -3.5 ", "-3.5"),
        ("+7", "7"),
        ("007", "7"),
        ("-0.00", "0.00"),
        ("1e3", "1E+3"),
        ("12.5E-2", "0.125"),
        ("1e+0000030", "1E+30"),
        ("9" * 38, "9" * 38),
        ("0." + "1" * 18, "0." + "1" * 18),
    ],
)
def test_parse_reads(text: str, value: str) -> None:
    """A plain number is read digit for digit; only a negative zero changes."""
    assert str(parse_decimal(text)) == value


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("NaN", "finite"),
        ("-sNaN", "finite"),
        ("inf", "finite"),
        ("-Infinity", "finite"),
        ("1_000", "expected digits"),
        ("1 000", "expected digits"),
        ("1,000", "no mark between thousands"),
        ("12\n", "expected digits"),
        ("\u00a012", "expected digits"),
        (".5", "expected digits"),
        ("5.", "expected digits"),
        ("--5", "expected digits"),
        ("0x10", "expected digits"),
        ("\u0661\u0662\u0663", "write its digits as 0 to 9"),
        ("\uff11\uff12", "write its digits as 0 to 9"),
        ("1e31", "exponent"),
        ("1e-31", "exponent"),
        ("1e999999", "exponent"),
        ("1e-20", "after the point"),
        ("0." + "1" * 19, "after the point"),
        ("0." + "0" * 19, "after the point"),
        ("9" * 39, "more than 38 digits"),
        ("123456789e30", "more than 38 digits"),
        ("9" * 101, "longer than 100 characters"),
    ],
)
def test_parse_refuses(text: str, fault: str) -> None:
    """Whatever is not plainly a number of sensible size is refused by name."""
    with pytest.raises(InvalidNumber, match=fault):
        parse_decimal(text)


@pytest.mark.parametrize("text", ["1e999999", "9" * 100_000, "1e" + "9" * 100_000, "1" * 99 + "e9"])
def test_parse_refuses_at_once(text: str) -> None:
    """A hostile number is refused before any arithmetic, which would take minutes each."""
    for _ in range(1000):
        with pytest.raises(InvalidNumber):
            parse_decimal(text)


@pytest.mark.parametrize(
    ("text", "mark", "group", "value"),
    [
        ("1.234,50", ",", ".", "1234.50"),
        ("1234,50", ",", ".", "1234.50"),
        ("12,345,678.9", ".", ",", "12345678.9"),
        ("1 234,5", ",", " ", "1234.5"),
        ("-1'234.5", ".", "'", "-1234.5"),
    ],
)
def test_parse_with_marks(text: str, mark: str, group: str, value: str) -> None:
    """Marks of other countries are read when they are named."""
    assert parse_decimal(text, decimal=mark, group=group) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["1,23", "12,34,567", "1,2345", ",123", "1,,234", "1234,567", "1."]
)
def test_parse_refuses_misplaced_groups(text: str) -> None:
    """A mark between thousands stands at every third digit or the text is refused."""
    with pytest.raises(InvalidNumber, match="thousands parted by ','"):
        parse_decimal(text, group=",")


@pytest.mark.parametrize(
    ("mark", "group"),
    [("", ""), ("..", ""), ("5", ""), ("e", ""), (".", "."), (".", "ab"), (".", "0")],
)
def test_parse_refuses_marks(mark: str, group: str) -> None:
    """Marks must be two different single characters that no number needs otherwise."""
    with pytest.raises(InvalidValue, match="mark is"):
        parse_decimal("1", decimal=mark, group=group)


@given(AMOUNTS)
def test_parse_round_trip(value: Decimal) -> None:
    """What str writes, parse_decimal reads."""
    assert parse_decimal(str(value)) == value
    assert parse_decimal(f"{value:,f}".replace(",", "\u202f"), group="\u202f") == value


@given(st.text(max_size=20) | st.from_regex(r"[+-]?[0-9_.eE]{1,8}", fullmatch=True))
def test_parse_is_total(text: str) -> None:
    """Any text gives an admissible decimal or InvalidNumber, nothing else."""
    try:
        value = parse_decimal(text)
    except InvalidNumber:
        return
    assert check_decimal(value) is value


def test_check_accepts() -> None:
    """An admissible decimal passes as it is."""
    value = Decimal("1.50")
    assert check_decimal(value) is value


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (1, "not a int"),
        (True, "not a bool"),
        (1.5, "not a float"),
        ("1.5", "not a str"),
        (None, "not a NoneType"),
        (Decimal("NaN"), "finite"),
        (Decimal("sNaN"), "finite"),
        (Decimal("-Infinity"), "finite"),
        (Decimal("1E+999999"), "more than 38 digits"),
        (Decimal("1E-999999"), "after the point"),
        (Decimal("1." + "0" * 19), "after the point"),
    ],
)
def test_check_refuses(value: object, fault: str) -> None:
    """Other types, infinities, NaN and unbounded sizes are refused."""
    with pytest.raises(InvalidNumber, match=fault):
        check_decimal(value)


@pytest.mark.parametrize(
    ("column", "plain"),
    [
        ([], True),
        (["0", "-1.50", "9" * 20 + "." + "9" * 18], True),
        (["1", ""], False),
        ([""], False),
        (["1\n2"], False),
        (["1\n", "2"], False),
        (["1", "\n2"], False),
        (["1", "2\n"], False),
        (["\n"], False),
        (["1e3"], False),
        (["+1"], False),
        ([" 1"], False),
        (["-0"], False),
        (["-0.00"], False),
        (["-0.01", "-00.1", "0"], True),
        (["9" * 21], False),
        (["0." + "1" * 19], False),
        (["\u0661"], False),
        (["1_0"], False),
        (["NaN"], False),
        (["1."], False),
        ([".1"], False),
    ],
)
def test_column(column: list[str], plain: object) -> None:
    """A column passes only if each of its cells is plain, whatever line breaks it holds."""
    assert decimals_ok(column) is plain


@given(
    st.lists(
        st.from_regex(r"-?[0-9]{1,22}(\.[0-9\n]{1,19})?", fullmatch=True) | st.text(max_size=4)
    )
)
def test_column_promise(column: list[str]) -> None:
    """For a column that passes, Decimal gives exactly what parse_decimal gives."""
    if decimals_ok(column):
        assert [str(Decimal(text)) for text in column] == [
            str(parse_decimal(text)) for text in column
        ]


@given(
    st.lists(AMOUNTS).flatmap(lambda values: st.tuples(st.just(values), st.permutations(values)))
)
def test_sum_ignores_order(pair: tuple[list[Decimal], list[Decimal]]) -> None:
    """A sum does not depend on the order of its values, nor on the caller's context."""
    values, shuffled = pair
    with decimal.localcontext(decimal.Context(prec=2)):
        assert exact_sum(values) == exact_sum(iter(shuffled))
    assert exact_sum(values) * 10**6 == sum(int(value * 10**6) for value in values)


def test_sum_never_rounds() -> None:
    """Values too far apart for 1,000 digits are refused, not rounded."""
    with pytest.raises(InexactResult, match="a sum of decimals"):
        exact_sum([Decimal("1E+2000"), Decimal(1)])
    assert exact_sum([Decimal("1E+900"), Decimal(1)]) == 10**900 + 1
    assert exact_sum([]) == 0


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity"])
def test_sum_needs_finite_values(value: str) -> None:
    """A value that is no number makes no sum."""
    with pytest.raises(InvalidNumber, match="finite"):
        exact_sum([Decimal(1), Decimal(value)])


def test_sum_refuses_opposite_infinities() -> None:
    """Opposite infinities do not cancel."""
    with pytest.raises(InvalidNumber, match="finite"):
        exact_sum([Decimal("Infinity"), Decimal("-Infinity")])


def test_exact_context_traps_rounding() -> None:
    """The exact context raises where it would round."""
    with pytest.raises(decimal.Inexact):
        EXACT.divide(Decimal(1), Decimal(3))


@pytest.mark.parametrize(
    ("numerator", "denominator", "digits", "value"),
    [
        (1, 3, 28, "0.3333333333333333333333333333"),
        (2, 3, 4, "0.6667"),
        (1, 8, 2, "0.12"),
        (0, 5, 28, "0"),
        (-1, 4, 28, "-0.25"),
        (5, 0, 28, None),
        (0, 0, 28, None),
    ],
)
def test_quotient(numerator: int, denominator: int, digits: int, value: str | None) -> None:
    """A ratio is rounded half to even to its digits, and is undefined over 0."""
    found = quotient(Decimal(numerator), Decimal(denominator), digits)
    assert found == (None if value is None else Decimal(value))


def test_quotient_refuses() -> None:
    """A ratio needs finite values and at least one digit."""
    with pytest.raises(InvalidNumber, match="finite"):
        quotient(Decimal("NaN"), Decimal(1))
    with pytest.raises(InvalidNumber, match="finite"):
        quotient(Decimal(1), Decimal("Infinity"))
    with pytest.raises(InvalidValue, match="digits is 0"):
        quotient(Decimal(1), Decimal(3), 0)


@given(
    sign=st.integers(0, 1),
    digits=st.lists(st.integers(0, 9), min_size=1, max_size=45),
    exponent=st.integers(-45, 45),
)
def test_the_cheap_test_accepts_nothing_that_the_full_one_refuses(
    sign: int, digits: list[int], exponent: int
) -> None:
    """`check_decimal` agrees with `size_fault`, whatever its first cheap test says."""
    value = Decimal((sign, tuple(digits), exponent))
    if size_fault(value):
        with pytest.raises(InvalidNumber):
            check_decimal(value)
    else:
        assert check_decimal(value) is value
