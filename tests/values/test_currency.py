"""The currency registry repeats ISO 4217, and users' own codes need none."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import CurrencyMismatch, UnknownCurrency
from salescore.values import (
    CURRENCY_PATTERN,
    Currency,
    Money,
    MoneyBag,
    bulk_money,
    currencies,
    currency,
    exact_sum,
    is_currency,
)
from salescore.values._currency import user_digits

USER_CODES = st.from_regex(r"X-[A-Z0-9]{1,20}(\.[0-8])?", fullmatch=True)


@pytest.mark.parametrize(
    ("code", "digits"), [("USD", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("XAU", 0)]
)
def test_minor_units(code: str, digits: int) -> None:
    """Minor units are those of accounts, 0 where the standard gives none."""
    assert currency(code).minor_units == digits


def test_no_minor_unit_is_not_a_minor_unit_of_one() -> None:
    """The yen is the smallest step of yen; gold and units of account have none."""
    assert (currency("JPY").minor_units, currency("JPY").has_minor_unit) == (0, True)
    assert (currency("XAU").minor_units, currency("XAU").has_minor_unit) == (0, False)
    assert not currency("XEU").has_minor_unit
    assert str(Money.of("0.37", "XAU").rounded()) == "XAU 0.37"
    assert str(Money.of("0.37", "JPY").rounded()) == "JPY 0"


@pytest.mark.parametrize(
    ("code", "last_day"),
    [
        ("HRK", date(2022, 12, 31)),
        ("BGN", date(2025, 12, 31)),
        ("DEM", date(2001, 12, 31)),
        ("ITL", date(2001, 12, 31)),
        ("GRD", date(2001, 12, 31)),
        ("SIT", date(2006, 12, 31)),
        ("CYP", date(2007, 12, 31)),
        ("MTL", date(2007, 12, 31)),
        ("SKK", date(2008, 12, 31)),
        ("EEK", date(2010, 12, 31)),
        ("LVL", date(2013, 12, 31)),
        ("LTL", date(2014, 12, 31)),
        ("DDM", date(1990, 6, 30)),
        ("CSK", date(1993, 2, 7)),
        ("TRL", date(2005, 12, 31)),
        ("ROL", date(2005, 6, 30)),
        ("BYR", date(2016, 12, 31)),
        ("VEF", date(2018, 8, 19)),
        ("ZMK", date(2012, 12, 31)),
        ("ANG", date(2025, 3, 30)),
    ],
)
def test_former_currencies(code: str, last_day: date) -> None:
    """A currency that has gone is still found, and was valid until its last day."""
    found = currency(code)
    assert found.is_former
    assert found.valid_until == last_day
    assert found.is_valid_on(last_day)
    assert not found.is_valid_on(last_day + timedelta(days=1))


def test_first_days() -> None:
    """A currency is not valid before its first day."""
    assert currency("EUR") == Currency("EUR", "Euro", 2, date(1999, 1, 1))
    assert currency("EUR").is_valid_on(date(1999, 1, 1))
    assert not currency("EUR").is_valid_on(date(1998, 12, 31))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *(("ARA", "ARS"), ("BRE", "BRR"), ("BRR", "BRL"), ("CSK", "CZK"), ("CSK", "SKK")),
        *(("ANG", "XCG"), ("MXP", "MXN"), ("PEI", "PEN"), ("ROL", "RON"), ("SRG", "SRD")),
        *(("UYP", "UYU"), ("VEB", "VEF"), ("VEF", "VES"), ("ZMK", "ZMW"), ("MRO", "MRU")),
        *(("STD", "STN"), ("TMM", "TMT"), ("AZM", "AZN"), ("MZM", "MZN"), ("BRN", "BRE")),
    ],
)
def test_a_successor_begins_the_day_after(old: str, new: str) -> None:
    """Between an old currency and its successor there is neither a gap nor a common day."""
    last, first = currency(old).valid_until, currency(new).valid_from
    assert last is not None
    assert first == last + timedelta(days=1)


@pytest.mark.parametrize(("old", "new"), [("TRL", "TRY"), ("BYR", "BYN"), ("PLZ", "PLN")])
def test_a_successor_may_begin_while_the_old_one_lasts(old: str, new: str) -> None:
    """Where both were lawful side by side, both are valid."""
    last, first = currency(old).valid_until, currency(new).valid_from
    assert last is not None
    assert first is not None
    assert first < last
    assert all(currency(code).is_valid_on(first) for code in (old, new))


def test_days_that_are_not_certain_are_not_given() -> None:
    """A former currency without a certain last day is known, and on no day said to be invalid."""
    found = currency("AON")
    assert (found.is_former, found.valid_until) == (True, None)
    assert found.is_valid_on(date.max)


def test_every_record_of_the_registry_is_sound() -> None:
    """Days are in order, digits are few, and only former currencies have a last day."""
    for one in currencies():
        assert re.fullmatch(r"[A-Z]{3}", one.code)
        assert one.name == one.name.strip() != ""
        assert 0 <= one.minor_units <= 4
        assert one.is_former or one.valid_until is None
        assert (one.valid_from or date.min) <= (one.valid_until or date.max)
        assert one.has_minor_unit or not one.minor_units
    former = {one.code for one in currencies() if one.is_former}
    asked = (
        "TRL ROL ZWL VEF BYR MRO STD SLL ANG CUC LTL LVL EEK SKK MTL CYP SIT CSK DDM YUN CSD GHC "
        "AZM MZM ZMK TMM SDD AFA AON ZRN ATS BEF DEM ESP FIM FRF GRD IEP ITL LUF NLG PTE BGN HRK"
    )
    assert former >= set(asked.split())


@pytest.mark.parametrize(
    "code",
    [
        *("", "eur", "EU", "EURO", "EUR ", "XYZ", "EUR\n"),
        *(
            "X-",
            "X-.2",
            "X-points",
            "X-POINTS.",
            "X-POINTS.9",
            "X-POINTS.22",
            "X-A\n",
            "X-Ä",
            "X-٣",
        ),
        *("X_POINTS", "x-POINTS", "X-A B", "X-A.B", "-POINTS", "X-" + "A" * 21),
    ],
)
def test_unknown(code: str) -> None:
    """A code is known in exactly one spelling; the error offers the closest."""
    assert not is_currency(code)
    with pytest.raises(UnknownCurrency, match="no currency"):
        currency(code)
    with pytest.raises(UnknownCurrency):
        Money(Decimal(1), code)


def test_closest() -> None:
    """A code in small letters is told its right spelling, also one of the user's own."""
    with pytest.raises(UnknownCurrency, match="did you mean 'EUR'"):
        currency("eur")
    with pytest.raises(UnknownCurrency, match="did you mean 'X-POINTS'"):
        Money.of(1, "x-points")


def test_a_code_that_is_no_text() -> None:
    """A number is no currency."""
    with pytest.raises(UnknownCurrency):
        Money(Decimal(1), 840)  # type: ignore[arg-type]


def test_sorted() -> None:
    """All currencies come sorted by code, each once, and are known."""
    codes = [found.code for found in currencies()]
    assert codes == sorted(set(codes))
    assert all(map(is_currency, codes))


# Codes of the user's own --------------------------------------------------------------------


def test_a_code_of_ones_own_says_its_digits() -> None:
    """Without a point it counts whole units; the whole text is the code."""
    assert currency("X-POINTS") == Currency("X-POINTS", "POINTS", 0)
    assert currency("X-CREDIT.2") == Currency("X-CREDIT.2", "CREDIT", 2)
    assert str(Money.of("1234.5", "X-CREDIT.2")) == "X-CREDIT.2 1,234.50"
    assert str(Money.of(1234, "X-POINTS")) == "X-POINTS 1,234"
    with pytest.raises(CurrencyMismatch):
        _ = Money.of(1, "X-CREDIT") + Money.of(1, "X-CREDIT.2")


def test_a_code_of_ones_own_leaves_nothing_behind() -> None:
    """Using one registers nothing."""
    before = currencies()
    assert is_currency("X-NEVERSEEN.3")
    assert Money.of(1, "X-NEVERSEEN.3")
    assert currencies() == before


def test_points_are_shared_and_rounded_in_their_own_steps() -> None:
    """Allocation and rounding go by the digits in the code."""
    assert [str(part.amount) for part in Money.of(10, "X-POINTS").allocate([1, 1, 1])] == [
        "4",
        "3",
        "3",
    ]
    parts = Money.of(10, "X-CREDIT.2").allocate({"b": 1, "a": 2})
    assert [(key, str(part.amount)) for key, part in parts] == [("a", "6.67"), ("b", "3.33")]
    assert str(Money.of("2.5", "X-POINTS").rounded().amount) == "2"
    assert str(Money.of("2.505", "X-CREDIT.2").rounded().amount) == "2.50"


@given(
    USER_CODES,
    testing.decimals(Decimal(-(10**9)), Decimal(10**9)),
    st.lists(st.integers(1, 9), min_size=1),
)
def test_money_of_ones_own_is_money(code: str, amount: Decimal, weights: list[int]) -> None:
    """It is kept, bagged, made in bulk, rounded and shared out like any other."""
    money = Money(amount, code)
    assert is_currency(code)
    assert bulk_money([amount], [code]) == [money]
    assert MoneyBag.of(money, Money.zero(code)).amount_in(code) == money
    digits = currency(code).minor_units
    step = Decimal(1).scaleb(-digits)
    assert abs(money.rounded().amount - amount) * 2 <= step
    assert exact_sum(part.amount for part in money.allocate(weights)) == amount
    assert re.fullmatch(CURRENCY_PATTERN, code)


def test_every_code_fits_the_pattern() -> None:
    """The pattern of JSON Schema admits all codes; `is_currency` is stricter."""
    assert all(re.fullmatch(CURRENCY_PATTERN, one.code) for one in currencies())
    for code in ("eur", "EURO", "X-", "X-POINTS.9", "X-" + "A" * 21):
        assert not re.fullmatch(CURRENCY_PATTERN, code)


def test_codes_of_ones_own_are_not_remembered_for_ever() -> None:
    """A file with a new code in every row does not fill the memory."""
    for number in range(3000):
        assert is_currency(f"X-{number}")
    assert user_digits.cache_info().currsize <= 1024
