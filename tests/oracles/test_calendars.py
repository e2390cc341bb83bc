"""Calendars against published ones: the retail years of the NRF, and ISO weeks."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from salescore.values import Calendar, CalendarUnit

pytestmark = pytest.mark.shared

NRF = Calendar.named("nrf")


@pytest.fixture(scope="module")
def calendar_truths(truths: dict[str, Any]) -> dict[str, Any]:
    """Return the ground truth of calendars."""
    found: dict[str, Any] = truths["calendars"]["values"]
    return found


def rows(shared: Path, file: str) -> list[dict[str, str]]:
    """Return the rows of a file of calendars."""
    with (shared / "data" / "calendars" / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_retail_years(shared: Path) -> None:
    """The retail years 2000 to 2040 begin and end on the days listed."""
    truth = rows(shared, "nrf_454_years_2000_2040.csv")
    years = [NRF.parse(row["fiscal_year"]) for row in truth]
    assert len(truth) == 41
    assert [(str(one.start), str(one.last_day), str(one.days // 7)) for one in years] == [
        (row["start"], row["end"], row["weeks"]) for row in truth
    ]


def test_retail_months(shared: Path) -> None:
    """The retail months of 2020 to 2030 begin and end on the days listed, and have their names."""
    truth = rows(shared, "nrf_454_months_2020_2030.csv")
    months = [NRF.parse(f"{row['fiscal_year']}-{int(row['period']):02d}") for row in truth]
    assert len(truth) == 132
    assert [(str(one.start), str(one.last_day), str(one.days // 7)) for one in months] == [
        (row["start"], row["end"], row["weeks"]) for row in truth
    ]
    assert [NRF.label(one)[:3] for one in months] == [row["month"] for row in truth]


def test_retail_years_of_53_weeks(calendar_truths: dict[str, Any]) -> None:
    """Exactly the years listed have 53 weeks, and all begin on the days listed."""
    starts = {int(year): start for year, start in calendar_truths["nrf_start"].items()}
    assert {year: str(NRF.parse(f"{year}").start) for year in starts} == starts
    long = [year for year in starts if NRF.parse(f"{year}").days == 53 * 7]
    assert long == calendar_truths["nrf_53_week_years"]


def test_iso_years_of_53_weeks(calendar_truths: dict[str, Any]) -> None:
    """Exactly the years listed, from the first to the last, have an ISO week 53."""
    truth = calendar_truths["isoweek53_years"]
    for calendar in (Calendar(), Calendar.named("iso")):
        found = [
            year
            for year in range(truth[0], truth[-1] + 1)
            if calendar.key(date(year, 12, 31), CalendarUnit.WEEK) == f"{year}-W53"
        ]
        assert found == truth
