"""The currency registry repeats ISO 4217."""

import csv
from datetime import date
from pathlib import Path

import pytest

from salescore.errors import UnknownCurrency
from salescore.values import Currency, currencies, currency, is_currency


@pytest.mark.shared
def test_list_one(shared: Path) -> None:
    """
    Every current code has the standard's name and minor units.

    Source:
        ISO 4217 list one, as kept in the shared data.
    """
    path = shared / "data" / "calendars" / "iso4217.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 178
    for row in rows:
        found = currency(row["code"])
        assert found.name == row["name"].replace("\u2019", "'")
        assert found.minor_units == int(row["exponent"] or 0)
        assert found.valid_until is None
    current = [found.code for found in currencies() if found.valid_until is None]
    assert current == sorted(row["code"] for row in rows)


@pytest.mark.parametrize(
    ("code", "digits"), [("USD", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("XAU", 0)]
)
def test_minor_units(code: str, digits: int) -> None:
    """Minor units are those of accounts, 0 where the standard gives none."""
    assert currency(code).minor_units == digits


def test_former_currencies() -> None:
    """A currency that gave way to the euro is still found, with its last day."""
    assert currency("HRK").valid_until == date(2022, 12, 31)
    assert currency("BGN").valid_until == date(2025, 12, 31)
    assert currency("EUR").valid_from == date(1999, 1, 1)
    assert currency("EUR") == Currency("EUR", "Euro", 2, date(1999, 1, 1))


@pytest.mark.parametrize("code", ["", "eur", "EU", "EURO", "EUR ", "XYZ"])
def test_unknown(code: str) -> None:
    """A code is known in exactly one spelling; the error offers the closest."""
    assert not is_currency(code)
    with pytest.raises(UnknownCurrency, match="no currency"):
        currency(code)


def test_closest() -> None:
    """A code in small letters is told its right spelling."""
    with pytest.raises(UnknownCurrency, match="did you mean 'EUR'"):
        currency("eur")


def test_sorted() -> None:
    """All currencies come sorted by code, each once, and are known."""
    codes = [found.code for found in currencies()]
    assert codes == sorted(set(codes))
    assert all(map(is_currency, codes))
