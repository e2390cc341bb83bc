"""Money is exact and keeps its currency."""

import pickle
from decimal import Context, Decimal, localcontext
from typing import Any

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import (
    CurrencyMismatch,
    InexactResult,
    InvalidNumber,
    InvalidValue,
    UnknownCurrency,
)
from salescore.values import Money, Rounding, bulk_money

SEASONAL = (8, 6, 9, 8, 8, 9, 7, 7, 9, 9, 10, 10)
AMOUNTS = st.decimals(min_value=-(10**15), max_value=10**15, allow_nan=False, places=4)
DOLLARS = AMOUNTS.map(lambda amount: Money.of(amount, "USD"))


def usd(amount: str) -> Money:
    """Return dollars."""
    return Money.of(amount, "USD")


def yen(amount: int) -> Money:
    """Return yen."""
    return Money.of(amount, "JPY")


@pytest.mark.parametrize(
    "amount",
    [
        "0",
        "0.00",
        "0E-18",
        "1E+5",
        "12345678901234567890.12",
        "9" * 38,
        "0.000000000000000001",
        "1.000000000000000001",
        "1E-8",
        "0E+30",
    ],
)
def test_admits(amount: str) -> None:
    """Any finite decimal within 38 digits, 18 of them after the point, is an amount."""
    assert Money(Decimal(amount), "USD").amount == Decimal(amount)
    negative = Decimal(amount).copy_negate()
    assert Money(negative, "USD").amount == negative


@pytest.mark.parametrize(
    "amount",
    [
        1,
        1.5,
        True,
        "1",
        None,
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("9" * 39),
        Decimal("1E+38"),
        Decimal("1E+999999"),
        Decimal("1E-19"),
        Decimal("1." + "0" * 19),
        Decimal("0E-19"),
        Decimal("1.234567890123E-10"),
        Decimal("1.23456789012345E-7"),
        Decimal("0.1234567890123456789"),
    ],
)
def test_refuses_amounts(amount: Decimal) -> None:
    """Other types and unbounded decimals are no amount."""
    with pytest.raises(InvalidNumber):
        Money(amount, "USD")


@given(st.decimals() | st.from_regex(r"-?[0-9]{1,40}(\.[0-9]{1,20})?", fullmatch=True).map(Decimal))
def test_check_is_that_of_decimals(amount: Decimal) -> None:
    """The cheap check of bulk creation admits exactly what the definition admits."""
    _, digits, exponent = amount.as_tuple()
    admissible = (
        isinstance(exponent, int)
        and exponent >= -18
        and len(digits) <= 38
        and amount.adjusted() < 38
    )
    try:
        Money(amount, "USD")
    except InvalidNumber:
        assert not admissible
    else:
        assert admissible


@pytest.mark.parametrize("code", ["usd", "", "US", "XYZ"])
def test_refuses_currencies(code: str) -> None:
    """A code that is not in the registry is no currency."""
    with pytest.raises(UnknownCurrency):
        Money(Decimal(1), code)


def test_of() -> None:
    """Money comes from text, whole numbers and decimals, and has no negative zero."""
    assert Money.of("12.50", "USD").amount == Decimal("12.50")
    assert Money.of(3, "USD").amount == Decimal(3)
    assert str(Money.of(Decimal("-0.0"), "USD").amount) == "0.0"
    assert Money.zero("USD").is_zero
    assert not usd("0.01").is_zero


@pytest.mark.parametrize("amount", [1.5, True, None, 10**38, 10**4000, "1e999999", "1,5"])
def test_of_refuses(amount: Any) -> None:  # noqa: ANN401 - wrong types on purpose
    """Floats, bools and endless numbers make no money."""
    with pytest.raises(InvalidNumber):
        Money.of(amount, "USD")


def test_frozen_and_small() -> None:
    """Money cannot be changed, hashes by value and pickles."""
    money = usd("1.0")
    with pytest.raises(FrozenInstanceError):
        money.amount = Decimal(2)  # type: ignore[misc]
    assert {money, usd("1.00")} == {money}
    assert pickle.loads(pickle.dumps(money)) == money  # noqa: S301 - our own bytes
    assert not hasattr(money, "__dict__")


def test_every_money_is_true() -> None:
    """No amount is false, so a missing amount cannot be taken for a zero one."""
    assert Money.zero("USD")


@given(DOLLARS, DOLLARS, DOLLARS)
def test_addition(one: Money, two: Money, three: Money) -> None:
    """Addition is exact: it commutes, associates and is undone, in any decimal context."""
    with localcontext(Context(prec=3)):
        assert one + two == two + one
        assert (one + two) + three == one + (two + three)
        assert (one + two) - two == one
        assert one - two == -(two - one)
        assert (one - one).is_zero
        assert abs(-one) == abs(one)
        assert one * 2 == one + one == 2 * one


@given(DOLLARS, DOLLARS)
def test_order(one: Money, two: Money) -> None:
    """Amounts in one currency are ordered as their numbers."""
    assert (one < two) == (one.amount < two.amount)
    assert (one <= two) == (not one > two)
    assert (one >= two) == (not one < two)


def test_currencies_do_not_mix() -> None:
    """Two currencies are never added or ordered; they are merely unequal."""
    dollars, euros = usd("1"), Money.of(1, "EUR")
    for mixed in (
        lambda: dollars + euros,
        lambda: dollars - euros,
        lambda: dollars < euros,
        lambda: dollars <= euros,
        lambda: dollars > euros,
        lambda: dollars >= euros,
    ):
        with pytest.raises(CurrencyMismatch, match="USD and EUR"):
            mixed()
    assert dollars != euros


@pytest.mark.parametrize("other", [1, Decimal(1), None, "1"])
def test_money_meets_only_money(other: Any) -> None:  # noqa: ANN401 - wrong types on purpose
    """Money is not added to or compared with bare numbers."""
    money = usd("1")
    for mixed in (
        lambda: money + other,
        lambda: money - other,
        lambda: money < other,
        lambda: money <= other,
        lambda: money > other,
        lambda: money >= other,
    ):
        with pytest.raises(TypeError):
            mixed()
    assert money != other


def test_products() -> None:
    """A product is exact and keeps the limits of money."""
    assert usd("19.99") * 3 == usd("59.97")
    assert Decimal("0.15") * usd("10") == usd("1.5")
    assert str((usd("-5") * 0).amount) == "0"
    tenth = Decimal("0.1000000000")
    assert (Money(tenth, "USD") * tenth).amount == Decimal("0.01")
    with pytest.raises(InexactResult, match=r"10\.1 times 0\.333333333333333333 cannot"):
        usd("10.1") * Decimal("0.333333333333333333")
    with pytest.raises(InvalidNumber, match="38 digits"):
        usd("9" * 38) * 11
    with pytest.raises(InvalidNumber, match="38 digits"):
        usd("1") * 10**38
    with pytest.raises(InvalidNumber, match="finite"):
        usd("1") * Decimal("NaN")


@pytest.mark.parametrize("factor", [1.5, True, "2", None])
def test_products_refuse(factor: Any) -> None:  # noqa: ANN401 - wrong types on purpose
    """Floats, bools and money are no factors."""
    with pytest.raises(TypeError):
        usd("1") * factor
    with pytest.raises(TypeError):
        factor * usd("1")
    with pytest.raises(TypeError):
        usd("1") * usd("1")  # type: ignore[operator]


@pytest.mark.parametrize(
    ("amount", "mode", "rounded"),
    [
        ("0.125", Rounding.HALF_EVEN, "0.12"),
        ("0.135", Rounding.HALF_EVEN, "0.14"),
        ("0.125", Rounding.HALF_UP, "0.13"),
        ("-0.125", Rounding.HALF_UP, "-0.13"),
        ("0.121", Rounding.UP, "0.13"),
        ("-0.121", Rounding.UP, "-0.13"),
        ("0.129", Rounding.DOWN, "0.12"),
        ("-0.129", Rounding.DOWN, "-0.12"),
        ("-0.121", Rounding.FLOOR, "-0.13"),
        ("0.129", Rounding.FLOOR, "0.12"),
        ("0.121", Rounding.CEILING, "0.13"),
        ("-0.129", Rounding.CEILING, "-0.12"),
        ("-0.001", Rounding.HALF_EVEN, "0.00"),
        ("9" * 20 + "." + "9" * 18, Rounding.HALF_EVEN, "1" + "0" * 20),
    ],
)
def test_rounding(amount: str, mode: Rounding, rounded: str) -> None:
    """Each mode rounds to the minor unit as its name says, and leaves no negative zero."""
    found = usd(amount).rounded(mode)
    assert found == usd(rounded)
    assert not (found.is_zero and found.amount.is_signed())


@pytest.mark.parametrize(
    ("code", "rounded"), [("JPY", "1"), ("USD", "1.23"), ("KWD", "1.235"), ("CLF", "1.2346")]
)
def test_rounding_by_currency(code: str, rounded: str) -> None:
    """Each currency rounds to its own minor unit."""
    assert Money.of("1.23456", code).rounded().amount == Decimal(rounded)


@given(DOLLARS, st.sampled_from(Rounding))
def test_rounding_is_idempotent(money: Money, mode: Rounding) -> None:
    """What is rounded stays, and lies within a minor unit of what it was."""
    rounded = money.rounded(mode)
    assert rounded.rounded(mode) is rounded
    assert abs(rounded - money) < usd("0.01")


def test_allocate_published() -> None:
    """
    Largest remainder gives the published parts in minor units.

    Source:
        SEMANTICS 1.3; the three-way split is Fowler's Money pattern.
    """
    third = usd("33.33")
    assert usd("100.00").allocate([1, 1, 1]) == (usd("33.34"), third, third)
    assert yen(10000).allocate([1, 1, 1]) == (yen(3334), yen(3333), yen(3333))
    assert yen(5).allocate([3, 7]) == (yen(2), yen(3))
    assert yen(100).allocate([30, 20, 10]) == (yen(50), yen(33), yen(17))


def test_allocate_season() -> None:
    """
    A seasonal year of a million sums to the cent.

    Source:
        The seasonal weights among the vectors of ORACLES.
    """
    months = usd("1000000.00").allocate(SEASONAL)
    assert sum(months, Money.zero("USD")) == usd("1000000")
    assert [str(month.amount) for month in months[:2]] == ["80000.00", "60000.00"]


def test_allocate_by_key() -> None:
    """Parts by key come sorted by key, ties to the lower one, whatever the order given."""
    expected = (("a", usd("0.02")), ("b", usd("0.01")), ("c", usd("0.01")))
    assert usd("0.04").allocate({"a": 1, "b": 1, "c": 1}) == expected
    assert usd("0.04").allocate({"c": 1, "b": 1, "a": 1}) == expected


def test_allocate_finer_than_the_minor_unit() -> None:
    """An amount finer than a cent is shared in steps of its own last digit, nothing lost."""
    assert usd("0.005").allocate([1, 1]) == (usd("0.003"), usd("0.002"))
    assert usd("10.000").allocate([1, 2]) == (usd("3.33"), usd("6.67"))
    assert yen(10).allocate([1]) == (yen(10),)
    assert Money.of("1E+3", "JPY").allocate([1, 3]) == (yen(250), yen(750))


@given(DOLLARS, st.lists(st.integers(0, 1000), min_size=1, max_size=9).filter(any))
def test_allocate_conserves(money: Money, weights: list[int]) -> None:
    """The parts sum to the whole to its last digit, also when it is negative."""
    parts = money.allocate(weights)
    assert sum(parts, Money.zero("USD")) == money
    assert (-money).allocate(weights) == tuple(-part for part in parts)


@given(DOLLARS, st.dictionaries(st.text(max_size=3), st.integers(1, 9), min_size=1), st.randoms())
def test_allocate_ignores_order(money: Money, weights: dict[str, int], random: Any) -> None:  # noqa: ANN401
    """Shuffling a mapping changes nothing."""
    items = list(weights.items())
    random.shuffle(items)
    assert money.allocate(dict(items)) == money.allocate(weights)


@pytest.mark.parametrize("weights", [[], {}, [0], {"a": -1}, [Decimal("NaN")]])
def test_allocate_refuses(weights: list[int]) -> None:
    """Without a usable weight nothing is shared."""
    with pytest.raises(InvalidValue):
        usd("1").allocate(weights)


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (usd("1234.5"), "USD 1,234.50"),
        (usd("-0.125"), "USD -0.125"),
        (usd("1.23000"), "USD 1.23"),
        (yen(10000), "JPY 10,000"),
        (Money.of("1E+4", "KWD"), "KWD 10,000.000"),
        (-usd("0"), "USD 0.00"),
        (Money(Decimal("-0"), "USD"), "USD 0.00"),
        (usd("9" * 38), "USD " + "99," + ",".join(["999"] * 12) + ".00"),
    ],
)
def test_text(money: Money, text: str) -> None:
    """The text shows the code, thousands, at least the minor unit and no lost digit."""
    with localcontext(Context(prec=3)):
        assert str(money) == text


@given(st.lists(st.tuples(st.none() | AMOUNTS, st.sampled_from(["USD", "JPY"]))))
def test_bulk(rows: list[tuple[Decimal | None, str]]) -> None:
    """Money made by the column equals money made by the row."""
    made = bulk_money([amount for amount, _ in rows], [code for _, code in rows])
    assert made == [None if amount is None else Money(amount, code) for amount, code in rows]


def test_bulk_columns_match() -> None:
    """Columns of different lengths are refused."""
    with pytest.raises(InvalidValue, match="must match the 1 amounts"):
        bulk_money([Decimal(1)], [])
