"""What is of a wrong kind is refused in words by series, methods, calendars and hierarchies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest

from salescore.errors import InvalidNumber, InvalidValue, SalesCoreError
from salescore.forecast import (
    Combination,
    Croston,
    ExponentialSmoothing,
    Hierarchy,
    MarketTrend,
    MovingHoliday,
    Reconciliation,
    Series,
    SeriesForecast,
    Theta,
    WorkingDays,
    calendar_adjustment,
    calendar_forecast,
    nowcast,
    reconcile,
    reconcile_series,
    residual_pool,
    series_forecast,
    series_method,
    values_by_then,
    with_market,
)
from salescore.values import Calendar, WorkingCalendar

CALENDAR = Calendar()
ONE = Decimal(1)
DAY = date(2025, 9, 12)
OFFICE = WorkingCalendar.of("office", years="all")
MARKET = MarketTrend.growing("market", Decimal("0.01"), 1)
TREE = Hierarchy.of({"all": ["a", "b"]})
STATED = {"all": Decimal(10), "a": Decimal(5), "b": Decimal(4)}
Refused = Callable[[Any], object]


def months() -> Series:
    """Return the values of eight months."""
    keys = [f"2025-0{month}" for month in range(1, 9)]
    return Series.over([(CALENDAR.parse(key), Decimal(at)) for at, key in enumerate(keys, 3)])


def begun() -> Series:
    """Return the same with a month that is not over."""
    return months().with_unfinished(CALENDAR.parse("2025-09"), ONE, as_of=DAY)


def forecast() -> SeriesForecast:
    """Return a forecast of the next month."""
    return series_forecast(months(), horizon=1)


KINDS: dict[str, tuple[Refused, tuple[object, ...], str]] = {
    "values of": (Series.of, (None, ONE, "12", 5), "several decimals"),
    "values": (lambda one: Series(values=one), (None, ONE, 5), "several decimals"),
    "periods": (lambda one: Series(values=[ONE], periods=one), (None, ONE), "several periods"),
    "period": (lambda one: Series(values=[ONE], periods=[one]), ("2024-01", 3), "a Period"),
    "as_of": (lambda one: attrs.evolve(months(), as_of=one), ("2025-08-31", 3), "a day"),
    "calendar": (lambda one: Series(values=[ONE], calendar=one), ("nrf", None), "a Calendar"),
    "pairs": (Series.over, (None, ONE, [ONE], [(ONE,)]), "pair"),
    "over": (Series.over, ([("2024-01", ONE)], [(None, ONE)]), "a Period"),
    "trend": (lambda one: Series.of_trend(one, as_of=DAY), (None, months()), "a Trend"),
    "during": (
        lambda one: months().with_unfinished(one, ONE, as_of=DAY),
        ("2025-09", None),
        "a Period",
    ),
    "unfinished as_of": (
        lambda one: months().with_unfinished(CALENDAR.parse("2025-09"), ONE, as_of=one),
        ("2025-09-12", None),
        "a day",
    ),
    "working": (
        lambda one: months().with_unfinished(
            CALENDAR.parse("2025-09"), ONE, as_of=DAY, working=one
        ),
        ("office", 3),
        "a WorkingCalendar",
    ),
    "series by then": (
        lambda one: values_by_then("revenue", one, one),
        (None, "revenue"),
        "a Series",
    ),
    "by_then": (lambda one: nowcast(begun(), by_then=one), (5, ONE, "12"), "several decimals"),
    "pool": (
        lambda one: residual_pool(one, method=Theta(), horizon=1),
        (months(), None, [1], [months(), None]),
        "Series",
    ),
    "methods": (lambda one: Combination(methods=one), (Theta(), None), "several methods"),
    "regressors": (
        lambda one: calendar_forecast(months(), one, horizon=1),
        (WorkingDays(calendar=OFFICE), None, "x"),
        "several regressors",
    ),
    "regressor": (
        lambda one: calendar_forecast(months(), one, horizon=1),
        (["x"], [None], [WorkingDays]),
        "such as WorkingDays",
    ),
    "adjusted": (lambda one: calendar_adjustment(one, []), (None, [ONE]), "a Series"),
    "working days": (lambda one: WorkingDays(calendar=one), (None, "office"), "WorkingCalendar"),
    "days": (
        lambda one: MovingHoliday(name="x", days=one),
        (date(2024, 2, 1), None, "2024-02-01"),
        "several days",
    ),
    "day": (lambda one: MovingHoliday(name="x", days=[one]), ("2024-02-01", None), "a day"),
    "levels": (
        lambda one: MarketTrend(name="m", base=ONE, levels=one),
        (ONE, None, "1"),
        "several decimals",
    ),
    "market": (lambda one: with_market(forecast(), one), (None, ONE), "a MarketTrend"),
    "moved": (lambda one: with_market(one, MARKET), (None, months()), "a SeriesForecast"),
    "tree": (Hierarchy.of, (None, [], ["a", "b"], "ab"), "a mapping"),
    "rows": (lambda one: Hierarchy(rows=one), (None, "ab", ["ab"]), "pair"),
    "hierarchy": (lambda one: reconcile(one, STATED), (None, {"all": ["a"]}), "a Hierarchy"),
    "forecasts": (lambda one: reconcile(TREE, one), (None, [ONE]), "a mapping"),
    "shares": (
        lambda one: reconcile(TREE, STATED, by=Reconciliation.TOP_DOWN, shares=one),
        (ONE, [ONE]),
        "a mapping",
    ),
    "hierarchy of series": (lambda one: reconcile_series(one, {}), (None, {}), "a Hierarchy"),
    "forecasts of series": (
        lambda one: reconcile_series(TREE, one),
        (None, [forecast()]),
        "a mapping",
    ),
    "forecast of series": (
        lambda one: reconcile_series(TREE, {"all": one, "a": one, "b": one}),
        (1, None, ONE),
        "a SeriesForecast",
    ),
    "nonnegative": (
        lambda one: series_forecast(months(), horizon=1, is_nonnegative=one),
        ("no", 1, None),
        "True or False",
    ),
    "nonnegative method": (
        lambda one: series_method("revenue", is_nonnegative=one),
        ("no", 1, None),
        "True or False",
    ),
    "nonnegative calendar": (
        lambda one: calendar_forecast(months(), [], horizon=1, is_nonnegative=one),
        ("no", None),
        "True or False",
    ),
    "nonnegative nowcast": (
        lambda one: nowcast(begun(), is_nonnegative=one),
        ("no", None),
        "True or False",
    ),
    "nonnegative parts": (
        lambda one: reconcile(TREE, STATED, is_nonnegative=one),
        ("no", None),
        "True or False",
    ),
    "nonnegative series": (
        lambda one: reconcile_series(TREE, {}, is_nonnegative=one),
        ("no", None),
        "True or False",
    ),
    "corrected": (lambda one: Croston(is_corrected=one), ("no", 1, None), "True or False"),
    "damped": (lambda one: ExponentialSmoothing(is_damped=one), ("no", 1), "True, False or None"),
}


@pytest.mark.parametrize(
    ("refused", "found", "told"),
    [(refused, one, told) for refused, several, told in KINDS.values() for one in several],
    ids=[f"{name} {at}" for name, (_, several, _) in KINDS.items() for at in range(len(several))],
)
def test_what_is_of_a_wrong_kind_is_refused(refused: Refused, found: object, told: str) -> None:
    """Each says what was wanted; none is a bare fault of Python."""
    with pytest.raises(InvalidValue, match=told):
        refused(found)


@pytest.mark.parametrize("value", [None, 3, 0.5, "3"])
def test_a_month_that_is_not_over_has_brought_a_decimal(value: object) -> None:
    """Nothing, whole numbers, floats and texts are none."""
    with pytest.raises(SalesCoreError):
        months().with_unfinished(CALENDAR.parse("2025-09"), value, as_of=DAY)  # type: ignore[arg-type]
    with pytest.raises(InvalidNumber):
        Series.of([ONE, "3"])  # type: ignore[list-item]


@pytest.mark.parametrize("by", [one for one in Reconciliation if one.name != "TOP_DOWN"])
def test_shares_are_of_top_down_alone(by: Reconciliation) -> None:
    """Another way would leave them out without a word."""
    with pytest.raises(InvalidValue, match=r"only Reconciliation\.TOP_DOWN"):
        reconcile(TREE, STATED, by=by, shares={"a": ONE})
    assert reconcile(TREE, STATED, by=by).by is by
