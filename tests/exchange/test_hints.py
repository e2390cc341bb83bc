"""Hints: our own layout says what would have been right, where that is certain."""

import pytest
from tests.exchange.conftest import Read

from salescore.exchange._hints import day_hint, number_hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("30%", "; write 0.30"),
        ("-12.5 %", "; write -0.125"),
        ("1,234,567.5", "; write 1234567.5"),
        ("1 000.00", "; write 1000.00"),
        ("$5", "; write the number alone, its currency stands in the column 'currency'"),
        ("5.00 EUR", "; write the number alone, its currency stands in the column 'currency'"),
        ("1,234", ""),
        ("30%%", ""),
        ("many", ""),
    ],
)
def test_numbers(text: str, hint: str) -> None:
    """Percent, marks between thousands and currencies are told; what has two meanings is not."""
    assert number_hint(text) == hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2025-12-15T10:30:00", "; a day is written without a time: 2025-12-15"),
        ("2025-12-15 00:00", "; a day is written without a time: 2025-12-15"),
        ("2025-12-15T23:30:00Z", "; a day is written without a time"),
        ("2025/2/3", "; write 2025-02-03"),
        ("2025年2月3日", "; write 2025-02-03"),
        ("03/02/2025", ""),
        ("soon", ""),
    ],
)
def test_days(text: str, hint: str) -> None:
    """A time behind a day and other marks between its parts are told; a zone decides of days."""
    assert day_hint(text) == hint


def test_cells_of_our_own_layout(read: Read) -> None:
    """The findings of a folder of facts end with the hint, those of a profile do not."""
    lines = {
        "order_lines.csv": "id,order_id,quantity,net_amount,discount,currency\nL,O,1,5,30%,EUR\n",
        "orders.csv": "id,ordered_on\nO,2025-12-15T10:30:00\n",
    }
    found = read(lines)
    first, second = sorted(one.message for one in found.findings)
    assert first.endswith("; a day is written without a time: 2025-12-15")
    assert second.endswith("; write 0.30")
    fields = {"id": "id", "ordered_on": "ordered_on"}
    profile: dict[str, object] = {
        "schema": "salescore/profile/1",
        "name": "shop",
        "title": "Shop",
        "files": {"orders.csv": {"records": [{"record": "orders", "fields": fields}]}},
    }
    assert [one.message.endswith("YYYY-MM-DD") for one in read(lines, profile).findings] == [True]


def test_codes_of_rates(read: Read) -> None:
    """Both currencies of a rate are codes; one in small letters is told at its cell."""
    text = "base,quote,valid_from,rate\neur,usd,2024-01-01,1.1\nEUR,X-POINTS,2024-01-01,9\n"
    found = read({"exchange_rates.csv": text})
    told = [(one.code, one.place.column, one.message) for one in found.findings if one.place]
    assert told == [
        ("unknown-currency", "base", "no currency 'eur'; did you mean 'EUR'?"),
        ("unknown-currency", "quote", "no currency 'usd'; did you mean 'USD'?"),
    ]
    assert [(one.base, one.quote) for one in found.book.exchange_rates] == [("EUR", "X-POINTS")]
