"""Currencies and exchange rates against the shared data: ISO 4217, and a company's own rates."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salescore.values import (
    Calendar,
    CalendarUnit,
    EventDateRates,
    LockedAtCloseRates,
    MissingRate,
    PeriodAverageRates,
    Rate,
    RateKind,
    RateTable,
    UsedRate,
    currencies,
    currency,
    exact_sum,
    quotient,
)

pytestmark = [pytest.mark.shared]

SOURCE = "AdventureWorks"


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_list_one(shared: Path) -> None:
    """
    Every current code has the standard's name and minor units, and no other code is current.

    Source:
        ISO 4217 list one, as kept in the shared data.
    """
    listed = rows(shared / "data" / "calendars" / "iso4217.csv")
    assert len(listed) == 178
    for row in listed:
        found = currency(row["code"])
        assert found.name == row["name"].replace("\u2019", "'")
        assert found.minor_units == int(row["exponent"] or 0)
        assert found.has_minor_unit == (row["exponent"] != "")
        assert not found.is_former
        assert found.is_valid_on(date(2026, 1, 1))
    current = [found.code for found in currencies() if not found.is_former]
    assert current == sorted(row["code"] for row in listed)


def test_the_truths_on_minor_units(truths: dict[str, Any]) -> None:
    """
    The groups of codes by digits are those of the oracle.

    Source:
        `calendars` in the shared `datasets.json`.
    """
    iso = truths["calendars"]["values"]["iso4217"]
    current = [found for found in currencies() if not found.is_former]
    assert len(current) == iso["count"]
    for digits in (0, 3, 4):
        found = [one.code for one in current if one.has_minor_unit and one.minor_units == digits]
        assert found == iso[f"exponent_{digits}"]
    assert [one.code for one in current if not one.has_minor_unit] == iso["no_exponent"]


@pytest.fixture(scope="module")
def listed(shared: Path) -> list[dict[str, str]]:
    """Return the rows of the company's rates."""
    return rows(shared / "data" / "adventureworks" / "CurrencyRate.csv")


@pytest.fixture(scope="module")
def table(listed: Sequence[dict[str, str]]) -> RateTable:
    """Return all rates that are between two currencies."""
    return RateTable.of(
        Rate(
            base=row["FromCurrencyCode"],
            quote=row["ToCurrencyCode"],
            rate=Decimal(row[column]),
            valid_from=date.fromisoformat(row["CurrencyRateDate"]),
            kind=kind,
            source=SOURCE,
        )
        for row in listed
        if row["FromCurrencyCode"] != row["ToCurrencyCode"]
        for column, kind in (("AverageRate", RateKind.AVERAGE), ("EndOfDayRate", RateKind.SPOT))
    )


def test_the_totals_of_the_rates(
    listed: Sequence[dict[str, str]], table: RateTable, truths: dict[str, Any]
) -> None:
    """
    Rows, pairs and days are those of the oracle; one pair of the file is no exchange.

    Source:
        `adventureworks_oltp` in the shared `datasets.json`.
    """
    truth = truths["adventureworks_oltp"]["values"]["currency_rates"]
    own = [row for row in listed if row["FromCurrencyCode"] == row["ToCurrencyCode"]]
    assert {Decimal(row["AverageRate"]) for row in own} == {1}
    assert len(listed) == truth["rows"]
    assert len(table.rates) == 2 * (truth["rows"] - len(own))
    assert len({rate.pair for rate in table.rates}) == truth["pairs"] - 1
    days = sorted({rate.valid_from for rate in table.rates})
    assert len(days) == truth["dates"]
    assert [str(days[0]), str(days[-1])] == [truth["first"], truth["last"]]
    assert table.last_day == days[-1]
    average = table.find("USD", "EUR", date(2011, 5, 31), kind=RateKind.AVERAGE)
    assert isinstance(average, UsedRate)
    assert average.rate == truth["sample"]["2011-05-31 USD->EUR avg"]


def test_every_rate_is_found_again(table: RateTable) -> None:
    """On its own day each of the 24,870 rates is the answer, exactly and alone."""
    for rate in table.rates:
        found = table.find(rate.base, rate.quote, rate.valid_from, kind=rate.kind, max_age_days=0)
        assert isinstance(found, UsedRate)
        assert found.rate is rate.rate
        assert found.legs == (rate,)


def test_rates_of_currencies_that_had_gone(table: RateTable) -> None:
    """The company kept rates of marks, francs and bolívares for years after their end."""
    counts = Counter({one.subject: one.count for one in table.findings()})
    assert counts == {
        "rates/USD-DEM": 2 * 184,
        "rates/USD-FRF": 2 * 184,
        "rates/USD-VEB": 2 * 1097,
    }


def test_all_in_dollars(table: RateTable) -> None:
    """A pound is worth what a dollar buys of it, turned round; a yen goes through the dollar."""
    day = date(2013, 5, 3)
    pounds = table.find("USD", "GBP", day)
    dollars = EventDateRates("USD", table).convert_rate("GBP", day, None)
    assert isinstance(pounds, UsedRate)
    assert isinstance(dollars, UsedRate)
    assert dollars.rate == quotient(Decimal(1), pounds.rate, 16)
    yen = table.find("USD", "JPY", day)
    assert isinstance(yen, UsedRate)
    crossed = EventDateRates("JPY", table, via=("EUR", "USD")).convert_rate("GBP", day, None)
    assert isinstance(crossed, UsedRate)
    assert crossed.rate == quotient(yen.rate, pounds.rate, 16)
    assert [leg.pair for leg in crossed.legs] == ["USD/GBP", "USD/JPY"]


def test_the_mark_ends_within_the_file(table: RateTable) -> None:
    """After the last row of a pair its rate grows stale, and only the limit says so."""
    last = max(rate.valid_from for rate in table.rates if rate.quote == "DEM")
    later = date(2014, 5, 31)
    assert last < later
    policy = LockedAtCloseRates("USD", table, max_age_days=31)
    assert isinstance(policy.convert_rate("DEM", last, last), UsedRate)
    stale = policy.convert_rate("DEM", last, None)
    age = (later - last).days
    assert isinstance(stale, MissingRate)
    assert stale.reason == (
        f"the last rate from DEM to USD, of {last}, is {age} days old on 2014-05-31; "
        "at most 31 are allowed"
    )


def test_daily_averages_are_no_monthly_ones(table: RateTable) -> None:
    """A month has many averages of days; by the day there is one, and spot rates have a mean."""
    day = date(2013, 5, 3)
    monthly = PeriodAverageRates("EUR", table).convert_rate("USD", day, None)
    assert isinstance(monthly, MissingRate)
    assert monthly.reason == (
        "31 average exchange rates from USD to EUR in 2013-05; one is expected"
    )
    daily = PeriodAverageRates("EUR", table, Calendar(), CalendarUnit.DAY)
    stated = table.find("USD", "EUR", day, kind=RateKind.AVERAGE)
    assert daily.convert_rate("USD", day, None) == stated
    month = Calendar().parse("2013-05")
    spots = [
        rate.rate
        for rate in table.rates
        if (rate.quote, rate.kind) == ("EUR", RateKind.SPOT) and rate.valid_from in month
    ]
    of_spots = table.average("USD", "EUR", month, kind=RateKind.BUDGET, by_mean=True)
    assert isinstance(of_spots, UsedRate)
    assert of_spots.rate == quotient(exact_sum(spots), Decimal(len(spots)), 16)
    assert abs(of_spots.rate - spots[0]) < 1
