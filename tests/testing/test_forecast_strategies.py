"""Strategies for forecasts draw what they say, ordinary and awkward."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.testing.seeded import many

from salescore.errors import InvalidValue
from salescore.forecast import (
    Distribution,
    Series,
    SeriesMethod,
    distribution_from_data,
    distribution_to_data,
    series_forecast,
)
from salescore.purchases import PurchaseHistories
from salescore.testing import (
    distributions,
    histories_of_purchases,
    instances,
    series,
    series_methods,
)

SMALL = st.integers(-9, 9).map(Decimal)


def seen(strategy: st.SearchStrategy[Any], count: int = 150) -> list[Any]:
    """Return many examples, the same ones in every run."""
    found: list[Any] = []
    many(strategy, found.append, count)
    return found


@given(distributions())
def test_distributions_come_back_from_json(one: Distribution) -> None:
    """Whatever is drawn, grids included, is a distribution that reads back as itself."""
    assert distribution_from_data(json.loads(json.dumps(distribution_to_data(one)))) == one


@given(distributions(SMALL, most=3))
def test_distributions_are_of_the_values_asked_for(one: Distribution) -> None:
    """Values come from the strategy handed in, exactly; 0 stands for what does not come."""
    assert one.is_exact
    assert len(one.values) <= 3
    assert set(one.values) <= set(map(Decimal, range(-9, 10)))


def test_distributions_are_of_many_kinds() -> None:
    """Sure ones, several values, both signs, grids, and huge values come up."""
    kinds: dict[str, Callable[[Any], bool]] = {
        "sure": lambda one: len(one.values) == 1,
        "several values": lambda one: len(one.values) > 2,
        "of both signs": lambda one: one.values[0] < 0 < one.values[-1],
        "on a grid": lambda one: not one.is_exact,
        "huge": lambda one: max(map(abs, one.values)) > 10**16,
    }
    found = seen(distributions(), 400)
    assert [name for name, is_so in kinds.items() if not any(map(is_so, found))] == []


def test_series_are_of_many_kinds() -> None:
    """What forecasts have to bear comes up: nothing, gaps, constants, unfinished periods."""
    kinds: dict[str, Callable[[Any], bool]] = {
        "empty": lambda one: not one.values,
        "long": lambda one: len(one.values) > 12,
        "gaps": lambda one: one.gaps > 0,
        "alike": lambda one: len(one.values) > 3 and len(set(one.values)) == 1,
        "all 0": lambda one: len(one.values) > 3 and set(one.values) == {Decimal(0)},
        "unknown": lambda one: len(one.values) > 3 and one.known == 0,
        "negative": lambda one: one.known and min(v for v in one.values if v is not None) < 0,
        "unfinished": lambda one: one.unfinished is not None,
        "fiscal": lambda one: one.periods and one.calendar.name != "gregorian",
        "places": lambda one: one.season > 1 and not one.periods,
    }
    found = seen(series(), 300)
    assert [name for name, is_so in kinds.items() if not any(map(is_so, found))] == []


@given(series(values=SMALL, least=2, most=5, gaps=False, dated=True))
def test_series_are_as_asked_for(one: Series) -> None:
    """Length, values, gaps and calendar units can be chosen."""
    assert 2 <= len(one.values) == len(one.periods) <= 5
    assert set(one.values) <= set(map(Decimal, range(-9, 10)))


@given(series(dated=False))
def test_series_of_plain_positions_have_no_periods(one: Series) -> None:
    """Nor have they an unfinished one."""
    assert (one.periods, one.unfinished, one.as_of) == ((), None, None)


@settings(max_examples=60)
@given(series(), series_methods())
def test_every_method_bears_every_series(one: Series, method: SeriesMethod) -> None:
    """Each step ahead is a finite number, or the method says in words what it takes."""
    try:
        found = series_forecast(one, horizon=3, method=method)
    except InvalidValue:
        return
    assert len(found.periods) == 3
    assert all(period.point.is_finite() for period in found.periods)


def test_methods_are_single_and_combined() -> None:
    """Each method comes up, and combinations of them."""
    assert {type(one).__name__ for one in seen(series_methods())} == {
        *("Combination", "Croston", "Drift", "ExponentialSmoothing", "HoltWinters", "Naive"),
        *("RunRate", "SeasonalNaive", "Theta"),
    }


@given(histories_of_purchases(least=1, most=3, as_of=date(2020, 5, 17)))
def test_histories_are_as_asked_for(found: PurchaseHistories) -> None:
    """So many customers, as of the day."""
    assert found.as_of == date(2020, 5, 17)
    assert 1 <= len(found.histories) <= 3


def test_histories_are_of_many_kinds() -> None:
    """Nobody, frequent buyers, unknown values, first purchases on the day, later ones left out."""
    kinds: dict[str, Callable[[Any], bool]] = {
        "nobody": lambda found: not found.histories,
        "often": lambda found: any(one.repeats > 2 for one in found.histories),
        "unknown value": lambda found: any(
            one.repeats and one.mean_value is None for one in found.histories
        ),
        "today": lambda found: any(one.age == 0 for one in found.histories),
        "later": lambda found: found.excluded,
    }
    found = seen(histories_of_purchases())
    assert [name for name, is_so in kinds.items() if not any(map(is_so, found))] == []


def test_strategies_serve_instances() -> None:
    """Whoever asks for instances of a type that has a strategy gets what that draws."""
    assert any(one.gaps for one in seen(instances(Series)))
    assert not all(one.is_exact for one in seen(instances(Distribution)))
